"""Jobs and timers: what runs when, what is late, and who has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response, request, url_for
from flask_babel import gettext as _

from engine.operations import late_timers, list_jobs, pulse, timers_by_hour
from engine.store.job_lists import JobSort
from engine.store.pulse_rows import JobStanding
from forms.backend import backend
from forms.operations.charts import bar_chart
from forms.operations.naming import count_words, standing_name
from forms.operations.room import blueprint, page_asked
from forms.pages import page
from forms.wording import moments

HOURS_A_BAR = {1: 1, 2: 2, 4: 4, 7: 6}
"""For how many days ahead timers can be drawn, and how many hours each bar then stands for."""


CHART = 720
"""How wide the chart is drawn, in about pixels."""


@blueprint.get("/jobb")
def jobs() -> Response:
    """Jobs that are not done."""
    said = request.args.get("lage") or ""
    standing = JobStanding(said) if said in set(JobStanding) else None
    ordered = request.args.get("sortera") or ""
    sort = JobSort(ordered) if ordered in set(JobSort) else JobSort.DUE
    counts = pulse(backend().engine).jobs
    types = sorted({each.type for each in counts})
    chosen = request.args.get("typ") or ""
    job_type = chosen if chosen in types else None
    found = list_jobs(backend().engine, job_type, standing, sort, page_asked())
    return page(
        "operations/jobs.html",
        page=found,
        table={name: {each.standing: each for each in counts if each.type == name} for name in types},
        types=types,
        job_type=job_type,
        standing=standing,
        standings=[(each, standing_name(each)) for each in JobStanding],
        sort=sort,
        sorts=[(JobSort.DUE, _("Ska köras")), (JobSort.NEWEST, _("Nyast först"))],
        total_words=count_words(found.total, found.total_is_exact),
        page_link=lambda other: url_for(
            "operations.jobs",
            typ=job_type,
            lage=standing.value if standing else None,
            sortera=sort.value,
            sida=other,
        ),
    )


@blueprint.get("/tidur")
def timers() -> Response:
    """Timers by hour, and those that are late."""
    said = request.args.get("dagar") or ""
    days = int(said) if said in {str(each) for each in HOURS_A_BAR} else 2
    bars = timers_by_hour(backend().engine, days * 24)
    step = HOURS_A_BAR[days]
    starts = range(0, len(bars), step)
    spans = [(bars[start].begin, sum(bar.count for bar in bars[start : start + step])) for start in starts]
    words = [_span_words(begin, step) for begin, _count in spans]
    chart = bar_chart(
        [moments.clock_time(begin) if days <= 2 else moments.short_day(begin) for begin, _count in spans],
        [count for _begin, count in spans],
        [f"{text}: {count}" for text, (_begin, count) in zip(words, spans, strict=True)],
        every=4,
        width=CHART,
    )
    late = late_timers(backend().engine, page_asked())
    return page(
        "operations/timers.html",
        chart=chart,
        rows=[(text, count) for text, (_begin, count) in zip(words, spans, strict=True)],
        days=days,
        choices=tuple(HOURS_A_BAR),
        total=sum(count for _begin, count in spans),
        late=late,
        total_words=count_words(late.total, late.total_is_exact),
        page_link=lambda other: url_for("operations.timers", dagar=days, sida=other),
    )


def _span_words(begin: datetime, hours: int) -> str:
    end = begin + timedelta(hours=hours)
    times = f"{moments.clock_time(begin)}–{moments.clock_time(end)}"
    return _("%(day)s kl. %(time)s", day=moments.day(begin), time=times)
