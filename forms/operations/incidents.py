"""Incidents by cause, one incident, and trying again: one of them or all of a cause."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine.bulk_retry import begin_bulk_retry, bulk_report, carry_on, latest_bulks
from engine.errors import Conflict, InvalidInput, NotFound
from engine.operations import (
    incident as find_incident,
)
from engine.operations import (
    incident_cause,
    incident_causes,
    incidents_of_cause,
    incidents_of_instance,
)
from engine.store.incident_groups import GroupSort
from engine.store.rows import InstanceRow, Paging
from engine.store.states import ENDED_STATES, IncidentState
from forms.backend import actor, backend, viewer
from forms.operations.naming import count_words
from forms.operations.room import blueprint, page_asked
from forms.pages import page
from forms.tasks.sent import new_key, sent_key

MAX_REASON = 500
BATCH, PATIENCE = 20, 2.0
"""How many incidents are tried between two looks at the clock, and for how many seconds one request goes on."""


@dataclass(frozen=True)
class Seen:
    """What the reader may see of the case that an instance belongs to."""

    allowed: bool
    variables: list[tuple[str, str]]


@blueprint.get("/incidenter")
def incidents() -> Response:
    """The causes of open incidents."""
    sort = _sort(request.args.get("sortera"))
    found = incident_causes(backend().engine, sort, page_asked())
    return page(
        "operations/incidents.html",
        page=found,
        sort=sort,
        sorts=sort_labels(),
        total_words=count_words(found.total, found.total_is_exact),
        bulks=latest_bulks(backend().engine)[:5],
        page_link=lambda other: url_for("operations.incidents", sortera=sort.value, sida=other),
    )


def sort_labels() -> list[tuple[GroupSort, str]]:
    """The orders in which causes can be."""
    return [
        (GroupSort.COUNT, _("Flest först")),
        (GroupSort.OLDEST, _("Äldst först")),
        (GroupSort.LATEST, _("Senast först")),
        (GroupSort.ELEMENT, _("Process och steg")),
    ]


@blueprint.get("/incidenter/<cause>")
def cause(cause: str) -> Response:
    """The open incidents of one cause."""
    newest = request.args.get("sortera") == "nyast"
    found = incidents_of_cause(backend().engine, cause, page_asked(), newest_first=newest)
    return page(
        "operations/cause.html",
        group=incident_cause(backend().engine, cause),
        page=found,
        newest=newest,
        total_words=count_words(found.total, found.total_is_exact),
        page_link=lambda other: url_for(
            "operations.cause", cause=cause, sortera="nyast" if newest else None, sida=other
        ),
    )


@blueprint.get("/incidenter/<cause>/kor-om")
def ask_retry_all(cause: str) -> Response:
    """Is it meant that all of a cause be tried again?"""
    return _ask(cause)


@blueprint.post("/incidenter/<cause>/kor-om")
def retry_all(cause: str) -> AnyResponse:
    """Begin to try all of a cause again, and show how it goes."""
    reason = (request.form.get("skal") or "").strip()
    if len(reason) > MAX_REASON:
        return _ask(cause, reason=reason, problem=_("Skriv högst %(limit)s tecken.", limit=MAX_REASON), status=422)
    key = sent_key()
    bulk_id = begin_bulk_retry(backend().engine, cause, actor(), reason, key=key and f"bulk:{cause}:{actor().id}:{key}")
    _carry_on_for_a_while(bulk_id)
    return redirect(url_for("operations.bulk", bulk_id=bulk_id, pagar="ja"))


@blueprint.get("/omkorningar/<bulk_id>")
def bulk(bulk_id: str) -> Response:
    """What trying a cause again has led to."""
    goes_on = request.args.get("pagar") == "ja"  # whoever has begun it sees it go on; whoever only looks does not
    return page("operations/bulk.html", report=bulk_report(backend().engine, bulk_id), goes_on=goes_on)


@blueprint.post("/omkorningar/<bulk_id>/fortsatt")
def continue_bulk(bulk_id: str) -> AnyResponse:
    """Try the next ones of a cause."""
    _carry_on_for_a_while(bulk_id)
    return redirect(url_for("operations.bulk", bulk_id=bulk_id, pagar="ja"))


@blueprint.get("/incident/<incident_id>")
def incident(incident_id: str) -> Response:
    """One incident; what it says of the case only to those who may see that."""
    found = find_incident(backend().engine, incident_id)
    row = None if found.instance_id is None else backend().engine.queries.find_instance(found.instance_id)
    return page(
        "operations/incident.html",
        incident=found,
        row=row,
        seen=_seen(row),
        can_retry=found.state is IncidentState.OPEN,
        key=new_key(),
    )


@blueprint.post("/incident/<incident_id>/kor-om")
def retry(incident_id: str) -> AnyResponse:
    """Try again what one incident stopped."""
    reason = (request.form.get("skal") or "").strip()
    if len(reason) > MAX_REASON:
        raise InvalidInput(_("Skriv högst %(limit)s tecken.", limit=MAX_REASON))
    key = sent_key()
    try:
        backend().engine.retry(
            incident_id, actor=actor(), reason=reason, key=key and f"retry:{incident_id}:{actor().id}:{key}"
        )
    except Conflict:
        flash(
            _("Incidenten kan inte köras om nu: den är redan löst, eller så är processen pausad eller slut."), "warning"
        )
    else:
        flash(_("Körs om. Går det fel igen blir det en ny incident."), "ok")
    return redirect(url_for("operations.incident", incident_id=incident_id))


@blueprint.get("/instans/<instance_id>")
def instance(instance_id: str) -> Response:
    """One process instance: where it stands, its jobs, timers and incidents, by ids."""
    queries = backend().engine.queries
    row = queries.find_instance(instance_id)
    return page(
        "operations/instance.html",
        row=row,
        seen=_seen(row),
        troubles=incidents_of_instance(backend().engine, instance_id, Paging(1, 50)).items,
        jobs=queries.jobs(instance_id=instance_id, paging=Paging(1, 50)).items,
        timers=queries.timers(instance_id=instance_id, paging=Paging(1, 50)).items,
    )


def _carry_on_for_a_while(bulk_id: str) -> None:
    """Try one batch after the other, no longer than a person waits gladly; the page goes on with the rest."""
    begun = perf_counter()
    while carry_on(backend().engine, bulk_id, actor(), BATCH).left and perf_counter() - begun < PATIENCE:
        pass


def _ask(cause: str, *, reason: str = "", problem: str | None = None, status: int = 200) -> Response:
    group = incident_cause(backend().engine, cause)
    return page(
        "operations/retry_all.html",
        status=status,
        group=group,
        reason=reason,
        problem=problem,
        key=sent_key() or new_key(),
        max_reason=MAX_REASON,
    )


def _sort(text: str | None) -> GroupSort:
    return GroupSort(text) if text in set(GroupSort) else GroupSort.COUNT


def _seen(row: InstanceRow | None) -> Seen:
    """The variables of an instance that goes on, where the policy lets the reader see its case; the look is logged."""
    if row is None:
        return Seen(False, [])
    queries = backend().engine.queries
    try:
        queries.instance(viewer(), row.id)
        if row.case_id is None or row.state in ENDED_STATES:
            return Seen(True, [])
        values = queries.case_variables(viewer(), row.case_id).get(row.id, {})
    except NotFound:
        return Seen(False, [])
    return Seen(True, backend().labels.of(row.release).listed(values))
