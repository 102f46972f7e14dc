"""Service tasks of personuppgifter: two cases of one person become one, as a person decided."""

from __future__ import annotations

from typing import Any

from engine import cases, operate
from engine.bpmn.definitions import EventKind
from engine.handlers import FormContext, HandlerRegistry, JobContext
from engine.store import case_rows
from engine.store.states import CaseState
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.handover import end_part
from processes.aktivitetskrav.handlers.inputs import Inputs, WrongInput, feel_date
from processes.aktivitetskrav.handlers.matching import offer_places
from processes.aktivitetskrav.records import mergers, outbox, persons, placements, support
from processes.aktivitetskrav.records.mergers import Merger, RunningProcess
from processes.aktivitetskrav.records.persons import Client
from processes.resources import Resources

FAMILY = "aktivitetskrav"
NEVER_AGAIN = ("manadsbeslut", "personuppgifter")
"""What does not begin again in the other case: the months are counted anew there, and this process is at work."""


def register_mergers(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of merged cases."""

    @registry.job("jamfor-arenden")
    def compare(job: JobContext) -> dict[str, Any]:
        return _compare(job, resources)

    @registry.job("sla-samman")
    def merge(job: JobContext) -> dict[str, Any]:
        return _merge(job, resources)

    @registry.job("stang-arende")
    def close(job: JobContext) -> None:
        other = Inputs(job.variables).needed("annatArendeId")
        if case_rows.state_of(job.uow, other) is CaseState.OPEN:
            cases.close_case(job.command, other, f"Sammanslaget med {_reference(job, case_of(job))}")

    @registry.form("sammanslagning")
    def decided(form: FormContext) -> dict[str, Any]:
        return {"beslutadAv": form.actor.id}


def _compare(job: JobContext, resources: Resources) -> dict[str, Any]:
    asked = Inputs(job.variables).needed("annatArende").strip().upper()
    other = case_rows.case_of_reference(job.uow, FAMILY, asked)
    open_ = other is not None and case_rows.state_of(job.uow, other) is CaseState.OPEN
    if other is None or other == case_of(job) or not open_:
        return {"annatFinns": False, "annatArendeId": None, "jamforelse": None, "pagaendeProcesser": []}
    mine, theirs = persons.find_client(job.uow, case_of(job)), persons.find_client(job.uow, other)
    return {
        "annatFinns": True,
        "annatArendeId": other,
        "jamforelse": {
            "detta": _told(job, resources, mine),
            "annat": _told(job, resources, theirs),
            "sammaManader": mergers.count_shared_months(job.uow, mine.person_id, theirs.person_id),
        },
        "pagaendeProcesser": [{"value": each.id, "label": each.name} for each in _movable(job, other)],
    }


def _told(job: JobContext, resources: Resources, client: Client) -> dict[str, Any]:
    months = support.outcomes_of(job.uow, client.person_id)
    unit = resources.roles.units.get(client.unit)
    return {
        "nummer": _reference(job, client.case_id),
        "manader": len(months),
        "kravstatus": client.status.value,
        "enhet": unit.name_sv if unit else client.unit,
    }


def _movable(job: JobContext, case_id: str) -> list[RunningProcess]:
    return [each for each in mergers.running_processes(job.uow, case_id) if each.process_id not in NEVER_AGAIN]


def _merge(job: JobContext, resources: Resources) -> dict[str, Any]:
    inputs = Inputs(job.variables)
    other = inputs.needed("annatArendeId")
    mine, theirs = persons.find_client(job.uow, case_of(job)), persons.find_client(job.uow, other)
    chosen = inputs.texts("borjaOm")
    running = mergers.running_processes(job.uow, other)
    again = [each for each in _movable(job, other) if each.id in chosen]
    made = Merger(
        merged_case_id=other,
        merged_person_id=theirs.person_id,
        ongoing=", ".join(each.process_id for each in again) or "avsluta",
        motivation=inputs.text("beslutMotivering"),
        decided_by=inputs.needed("beslutadAv"),
        decided_on=today(job),
    )
    merger = mergers.add_merger(job.uow, case_of(job), made)
    taken = mergers.take_over_months(job.uow, theirs.person_id, mine.person_id, mine.status)
    mergers.lead_numbers_on(job.uow, theirs.person_id, mine.person_id)
    if inputs.text("placeringarFoljer") == "ja":
        mergers.move_placements(job.uow, other, case_of(job))
    else:
        _end_placements(job, other)
    end_part(job, resources, other, "sammanslaget")
    for each in again:
        _begin_again(job, each, mine)
    for each in running:
        operate.cancel(job.command, each.id, f"Sammanslaget med {_reference(job, case_of(job))}")
    _note(job, other, taken)
    return {"antalManaderOvertagna": taken, **_to_count_again(job, mine, merger)}


def _end_placements(job: JobContext, other: str) -> None:
    freed = placements.current_placements(job.uow, other)
    placements.end_placements(job.uow, other, "sammanslaget", today(job))
    offer_places(job, freed)


def _begin_again(job: JobContext, stopped: RunningProcess, mine: Client) -> None:
    """Start a process anew in the case that lives on, with what the stopped one knew."""
    process = job.command.rooms.definitions.latest(job.uow, stopped.process_id).process
    start = next((each.element_id for each in process.starts if each.kind is EventKind.MESSAGE), None)
    if start is None:
        raise WrongInput(f"Processen {stopped.name} startar inte med ett meddelande och kan inte börja om.")
    known = job.command.take(stopped.id).execution.variables
    own = {"arendeId": mine.case_id, "enhet": mine.unit}
    about = {"personId": str(mine.person_id), "hushallId": str(mine.household_id)}
    told = {**known, **own, **{name: value for name, value in about.items() if name in known}}
    operate.start(job.command, stopped.process_id, told, mine.case_id, start)


def _to_count_again(job: JobContext, mine: Client, merger: int) -> dict[str, Any]:
    """The latest month's decision, as if it came in again: the monthly decision counts with every month then."""
    latest = mergers.latest_decision(job.uow, mine.person_id)
    if latest is None:
        raise WrongInput("Ingen av personerna har någon registrerad månad.")
    return {
        "personId": str(mine.person_id),
        "hushallId": str(mine.household_id),
        "enhet": mine.unit,
        "manad": str(latest.month),
        "utfall": latest.outcome.value,
        "hinder": latest.hindrance,
        "beslutsdatum": feel_date(latest.decided_on),
        "referens": f"SAMMANSLAGNING-{merger}",
    }


def _note(job: JobContext, other: str, months: int) -> None:
    mine, theirs = _reference(job, case_of(job)), _reference(job, other)
    outbox.add_note(job.uow, case_of(job), "sammanslaget", {"annat": theirs, "manader": months})
    outbox.add_note(job.uow, other, "sammanslaget", {"lever_kvar": mine})


def _reference(job: JobContext, case_id: str) -> str:
    return case_rows.reference_of(job.uow, case_id)
