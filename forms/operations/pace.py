"""Who waits long, what is done day by day, and how long it takes."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _

from engine.operations import DURATIONS, activity
from engine.slowness import StuckSort
from forms.backend import backend
from forms.operations.charts import bar_chart
from forms.operations.naming import count_words, process_name
from forms.operations.room import blueprint, page_asked, usual
from forms.pages import page
from forms.wording import moments

FACTORS = (1, 2, 3, 5, 10)
"""How many times the usual somebody must have waited to be listed."""
SPANS = (14, 30, 90)
SHOWN_TASKS = 50
CHART = 360
"""How wide a chart is drawn, in about pixels."""


@blueprint.get("/vantar-lange")
def stuck() -> Response:
    """Instances that wait much longer than is usual where they are."""
    said = request.args.get("ganger") or ""
    factor = int(said) if said in {str(each) for each in FACTORS} else 3
    times = usual().times()
    processes = sorted({each.process_id for each in times}, key=process_name)
    asked = request.args.get("process") or ""
    process = asked if asked in processes else None
    ordered = request.args.get("sortera") or ""
    sort = StuckSort(ordered) if ordered in set(StuckSort) else StuckSort.TIMES
    found = usual().stuck(factor, page_asked(), process, sort)
    return page(
        "operations/stuck.html",
        page=found,
        factor=factor,
        factors=FACTORS,
        sort=sort,
        sorts=[(StuckSort.TIMES, _("Flest gånger det vanliga")), (StuckSort.WAITED, _("Längst väntan"))],
        process=process,
        processes=[(each, process_name(each)) for each in processes],
        times=[each for each in times if process in (None, each.process_id)],
        total_words=count_words(found.total, found.total_is_exact),
        page_link=lambda other: url_for(
            "operations.stuck", ganger=factor, process=process, sortera=sort.value, sida=other
        ),
    )


@blueprint.get("/flode")
def flow() -> Response:
    """What was done on each day, and how long tasks took."""
    said = request.args.get("dagar") or ""
    days = int(said) if said in {str(each) for each in SPANS} else 30
    told = activity(backend().engine, days)
    orders = {
        "antal": lambda task: task.count,
        "median": lambda task: task.median,
        "nio": lambda task: task.p90,
    }
    ordered = request.args.get("sortera") or ""
    sort = ordered if ordered in orders else "antal"
    tasks = sorted(told.tasks, key=orders[sort], reverse=True)
    labels = [moments.short_day(each.day) for each in told.days]
    series = [
        (_("Slutförda uppgifter"), [each.tasks_completed for each in told.days]),
        (_("Öppnade ärenden"), [each.cases_opened for each in told.days]),
        (_("Avslutade ärenden"), [each.cases_closed for each in told.days]),
    ]
    words = [moments.day(each.day) for each in told.days]
    every = 4 if days == 14 else 8 if days == 30 else 24
    charts = []
    for name, values in series:
        told_days = [f"{day}: {value}" for day, value in zip(words, values, strict=True)]
        charts.append((name, sum(values), bar_chart(labels, values, told_days, every=every, width=CHART)))
    return page(
        "operations/flow.html",
        told=told,
        charts=charts,
        days=days,
        spans=SPANS,
        most=DURATIONS,
        sort=sort,
        tasks=tasks[:SHOWN_TASKS],
        left_out=max(len(told.tasks) - SHOWN_TASKS, 0),
    )
