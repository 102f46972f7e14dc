"""The first page: how it stands, and what needs somebody."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from engine.bulk_retry import latest_bulks
from engine.operations import SILENT, Pulse, pulse
from engine.store.pulse_rows import JobStanding
from engine.workers import living
from forms.backend import backend
from forms.operations.health import Warned, warnings
from forms.operations.naming import duration_words
from forms.operations.room import blueprint
from forms.pages import page


@dataclass(frozen=True)
class Concern:
    """Something that needs somebody, and where to see to it."""

    sentence: str
    address: str
    link: str
    grave: bool


@blueprint.get("")
def overview() -> Response:
    """How it stands."""
    found = pulse(backend().engine)
    processes = living(backend().engine)
    silent = {each.id for each in processes if found.at - each.seen_at > SILENT}
    return page("operations/overview.html", pulse=found, concerns=concerns(found), processes=processes, silent=silent)


def concerns(found: Pulse) -> list[Concern]:
    """What needs somebody, the gravest first."""
    told = [_of_warning(found, each) for each in warnings(found)]
    open_incidents = sum(found.incidents.values())
    if open_incidents:
        sentence = ngettext("%(num)d incident är öppen.", "%(num)d incidenter är öppna.", open_incidents)
        told.append(Concern(sentence, url_for("operations.incidents"), _("Se incidenterna"), grave=True))
    dead = sum(each.count for each in found.jobs if each.standing is JobStanding.DEAD)
    if dead:
        sentence = ngettext("%(num)d jobb har gett upp.", "%(num)d jobb har gett upp.", dead)
        address = url_for("operations.jobs", lage=JobStanding.DEAD.value)
        told.append(Concern(sentence, address, _("Se jobben"), grave=True))
    for bulk in latest_bulks(backend().engine, only_unfinished=True):
        sentence = _("En omkörning är inte klar: %(done)s av %(total)s.", done=bulk.done, total=bulk.total)
        told.append(Concern(sentence, url_for("operations.bulk", bulk_id=bulk.id), _("Fortsätt"), grave=False))
    return sorted(told, key=lambda concern: not concern.grave)


def _of_warning(found: Pulse, warned: Warned) -> Concern:
    if warned.code == "NOBODY_WORKS":
        sentence = _("Ingen process kör tidur och jobb.")
        return Concern(sentence, url_for("operations.overview", _anchor="processer"), _("Se processerna"), grave=True)
    if warned.code == "TIMERS_LATE":
        late = duration_words(found.timer_lag)
        sentence = ngettext(
            "%(num)d tidur är försenat, det äldsta %(late)s.",
            "%(num)d tidur är försenade, det äldsta %(late)s.",
            warned.count or 0,
            late=late,
        )
        return Concern(sentence, url_for("operations.timers"), _("Se tiduren"), grave=True)
    if warned.code == "JOBS_LATE":
        sentence = _("Det äldsta jobbet kunde ha körts för %(late)s sedan.", late=duration_words(found.job_lag))
        return Concern(sentence, url_for("operations.jobs", lage="ready"), _("Se jobben"), grave=True)
    title = next((each.work.title for each in found.recurring if each.work.name == warned.work), warned.work or "")
    sentence = _("”%(title)s” misslyckades senast.", title=title)
    return Concern(sentence, url_for("operations.recurring_work", name=warned.work), _("Se körningarna"), grave=True)
