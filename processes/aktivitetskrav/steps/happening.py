"""Sentences about what happens: decisions come in, staff do their tasks and register what they hear, people attend."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from engine.clock import LOCAL_ZONE, local_date
from engine.errors import InvalidInput
from engine.parameter_use import of_case
from engine.protocols import SYSTEM
from processes.aktivitetskrav.calendar_month import Month, months_from
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.identity import check_digit
from processes.aktivitetskrav.records import attendance, tables
from processes.aktivitetskrav.states import SessionOutcome
from processes.aktivitetskrav.steps.office import (
    ROLES,
    WHO,
    do_task,
    filled_in,
    form_of,
    read_answers,
    registrable,
    viewer_called,
    viewers,
    who_sees,
)
from processes.aktivitetskrav.steps.usual import go_to, usual_answers
from processes.scenarios import StepFailed, Table, World, step

_PEOPLE = ("18880209T050", "18880209T051", "18880209T052")
"""Temporary identities of a case system, not personnummer: they belong to nobody."""
_NINE = "880269050"
"""A coordination number's digits (day of birth + 60) of somebody born in 1888, who cannot be living."""
_DECISION_DAY = 3  # of the month: when a month's decision comes
OUTCOMES = {
    "närvarande": SessionOutcome.PRESENT,
    "anmäld frånvaro": SessionOutcome.EXCUSED,
    "oanmäld frånvaro": SessionOutcome.UNEXCUSED,
    "inställt": SessionOutcome.CANCELLED,
}


# --- decisions ---


@step(r"biståndsbeslut kommer för (\d{4}-\d\d)")
def _decision(world: World, month: str) -> None:
    import_month(world, month)


@step(r"biståndsbeslut kommer för (\d{4}-\d\d) med utfall (\w+)")
def _decision_with_outcome(world: World, month: str, outcome: str) -> None:
    import_month(world, month, outcome)


@step(r"ett rättat biståndsbeslut kommer för (\d{4}-\d\d) med utfall (\w+)")
def _corrected(world: World, month: str, outcome: str) -> None:
    import_month(world, month, outcome)


@step(r"(?:att )?biståndsbeslut kommer månadsvis från (\d{4}-\d\d) till (\d{4}-\d\d)")
def _decisions(world: World, first: str, last: str) -> None:
    begin, end = Month.parse(first), Month.parse(last)
    count = (end.year - begin.year) * 12 + end.month - begin.month + 1
    for month in months_from(begin, count):
        world.travel(month.first_day + timedelta(days=_DECISION_DAY - 1))
        import_month(world, str(month))


@step(r"biståndsbeslut kommer för (\d{4}-\d\d) med ett nytt personnummer")
def _new_number(world: World, month: str) -> None:
    person = world.notes.get("person", 0)
    world.notes["former"] = _number(world, person)
    world.notes[f"number {person}"] = f"18{_NINE}{check_digit(_NINE)}"
    import_month(world, month)


@step(r"biståndsbeslut kommer för (\d{4}-\d\d) med det gamla numret")
def _old_number(world: World, month: str) -> None:
    world.notes.pop(f"number {world.notes.get('person', 0)}")
    import_month(world, month)


@step(r"biståndsbeslutet för (\d{4}-\d\d) säger att den andra personen är den första")
def _same_person(world: World, month: str) -> None:
    before = (world.notes.get("person", 0), world.case_id)
    world.notes["former"] = _number(world, 0)
    world.notes["person"], world.case_id = 1, world.notes["case 1"]
    import_month(world, month)
    world.notes["person"], world.case_id = before


@step(r"biståndsbesluten slutar komma")
def _decisions_stop(world: World) -> None:
    world.happenings.clear()


@step(r"(?:att )?ärendet är hos enheten (\w+)")
def _unit(world: World, unit: str) -> None:
    world.notes["unit"] = unit


@step(r"(?:att )?det gäller en annan person")
def _another_person(world: World) -> None:
    """Another person's case, beside the first: the scenario is about that one from now on."""
    world.notes.setdefault("cases", []).append(world.case_id)
    world.notes["person"] = world.notes.get("person", 0) + 1
    world.case_id = ""


@step(r"(?:att )?det gäller den (första|andra) personen igen")
def _person_again(world: World, which: str) -> None:
    number = ("första", "andra").index(which)
    world.notes["person"], world.case_id = number, world.notes[f"case {number}"]


@step(r"(?:att )?det gäller processen (\w+)")
def _process(world: World, process_id: str) -> None:
    """The scenario is about a process that belongs to no case, from now on."""
    world.process_id, world.case_id = process_id, ""


@step(r"(?:att )?det gäller ett ärende")
def _case(world: World) -> None:
    """The scenario is about a case, from now on."""
    world.process_id = ""


def import_month(world: World, month: str, outcome: str = "bifall") -> None:
    """Import a file of one decision on the scenario's person."""
    number = world.notes["decisions"] = world.notes.get("decisions", 0) + 1
    person = world.notes.get("person", 0)
    values = {
        "person": _number(world, person),
        "hushall": f"H{person}",
        "enhet": world.notes.get("unit") or world.room.families.roles.case_units[0],
        "manad": month,
        "utfall": outcome,
        "hinder": "arbetslos",
        "beslutsdatum": f"{month}-{_DECISION_DAY:02d}",
        "referens": f"SCENARIO-{number}",
    }
    if "former" in world.notes:
        values["tidigare_person"] = world.notes.pop("former")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "beslut.csv"
        file.write_text("\n".join((";".join(values), ";".join(values.values()), "")), "utf-8")
        result = import_decisions(world.engine, file, world.room.families.roles)
    if result.rejected:
        raise StepFailed("; ".join(f"{fault.column}: {fault.reason}" for fault in result.faults))
    world.settle()
    if not world.case_id:
        known = world.notes.get("cases", ())
        world.case_id = next(row.case_id for row in world.instances() if row.case_id and row.case_id not in known)
    world.notes[f"case {person}"] = world.case_id


def _number(world: World, person: int) -> str:
    return str(world.notes.get(f"number {person}", _PEOPLE[person]))


def let_decisions_come(world: World, month: Month) -> None:
    """Have the month's decision come on its day, and the next month's after it."""
    at = datetime(month.year, month.month, _DECISION_DAY, 8, 0, tzinfo=LOCAL_ZONE)
    person = world.notes.get("person", 0)

    def come(world: World) -> None:
        before = (world.notes.get("person", 0), world.case_id)
        world.notes["person"], world.case_id = person, world.notes.get(f"case {person}", "")
        import_month(world, str(month))
        if before[0] != person or world.process_id:
            world.notes["person"], world.case_id = before
        let_decisions_come(world, month.plus(1))

    world.happenings.append((at, come))


@step(r'(?:att )?(?:ärendet|personens ärende|den) har kommit till "([^"]+)"')
def _come_to(world: World, name: str) -> None:
    if not world.case_id and not world.process_id:
        let_decisions_come(world, Month.of(local_date(world.clock.now())))
    go_to(world, name)


# --- tasks ---


@step(rf'{WHO} slutför "([^"]+)"')
def _does(world: World, word: str, name: str) -> None:
    complete(world, word, name, ())


@step(rf'{WHO} slutför "([^"]+)" med')
def _does_with(world: World, word: str, name: str, table: Table) -> None:
    complete(world, word, name, table)


def complete(world: World, word: str, name: str, table: Table) -> None:
    """Have somebody of that role do the task of that name, with a table's answers."""
    item = world.task(name)
    usual = usual_answers(item.form_id or "", local_date(world.clock.now()))
    do_task(world, item, who_sees(world, item, word), table, usual)


@step(r'får (\w+) inte slutföra "([^"]+)" eftersom (.+)')
def _is_refused(world: World, name: str, task: str, reason: str) -> None:
    _refused(world, name, task, reason, ())


@step(r'får (\w+) inte slutföra "([^"]+)" med svaren, eftersom (.+)')
def _is_refused_with(world: World, name: str, task: str, reason: str, table: Table) -> None:
    _refused(world, name, task, reason, table)


def _refused(world: World, name: str, task: str, reason: str, table: Table) -> None:
    item = world.task(task)
    usual = usual_answers(item.form_id or "", local_date(world.clock.now()))
    try:
        do_task(world, item, viewer_called(world, name), table, usual)
    except InvalidInput as error:
        if reason.lower() not in error.message.lower():
            raise StepFailed(f"{name} fick nej, men för att: {error.message}") from error
        return
    raise StepFailed(f'{name} fick slutföra "{task}".')


@step(r"(?:att )?(\w+) är den som har rapporterat avvikelsen")
def _reporter(world: World, name: str) -> None:
    viewer = viewer_called(world, name)
    for row in world.instances("avvikelse"):
        world.engine.set_variables(row.id, {"rapporteradAv": viewer.user_id}, actor=viewer.actor)


@step(r"(?:att )?processen (\w+) saknar (\w+)")
def _unknown(world: World, process_id: str, name: str) -> None:
    for row in world.instances(process_id):
        world.engine.set_variables(row.id, {name: None}, actor=SYSTEM)


@step(r"(?:att )?(\w+) är den som har rapporterat avvikelsen i registret")
def _registered_reporter(world: World, name: str) -> None:
    reporter = viewer_called(world, name)
    change = update(tables.deviation).where(tables.deviation.c.case_id == world.case_id)
    world.engine.run_command(
        lambda context: context.uow.write(change.values(reported_by=reporter.user_id), {}),
        "report",
        reporter.actor,
        None,
    )


@step(r"(?:att )?någon annan tar den sista platsen i (\w+)")
def _fills(world: World, activity_id: str) -> None:
    change = update(tables.activity).where(tables.activity.c.id == activity_id)
    world.engine.run_command(lambda context: context.uow.write(change.values(capacity=0), {}), "fill", SYSTEM, None)


# --- what is heard ---


@step(rf'{WHO} registrerar "([^"]+)"')
def _hears(world: World, word: str, name: str) -> None:
    register(world, word, name, ())


@step(rf'{WHO} registrerar "([^"]+)" med')
def _hears_with(world: World, word: str, name: str, table: Table) -> None:
    register(world, word, name, table)


@step(rf'kan {WHO} inte registrera "([^"]+)"')
def _hears_not(world: World, word: str, name: str) -> None:
    try:
        found = registrable(world, name)
    except StepFailed:
        return
    if ROLES[word] in found.roles:
        raise StepFailed(f'"{name}" går att registrera. {world.standing()}')


def register(world: World, word: str, name: str, table: Table) -> None:
    """Have somebody of that role register the event of that name, with a table's answers."""
    found = registrable(world, name)
    if ROLES[word] not in found.roles:
        raise StepFailed(f'"{name}" registreras av {", ".join(sorted(found.roles))}, inte av {word}.')
    form = form_of(world, found.form_id)
    today = local_date(world.clock.now())
    answers = {**usual_answers(found.form_id, today), **read_answers(form, table, today)}
    with of_case(world.case_id or None):
        payload: dict[str, Any] = filled_in(world, form, answers, {})
    actor = viewers(world, word)[0].actor
    about = {"arendeId": world.case_id} if world.case_id else {}
    world.engine.correlate(found.message, found.key, {**about, **payload}, actor=actor)
    world.settle()


# --- attendance ---


@step(r"utföraren har registrerat all närvaro")
def _all_attended(world: World) -> None:
    _judge(world, date(2000, 1, 1), local_date(world.clock.now()), "närvarande")


@step(r"alla pass till och med (\d{4}-\d\d-\d\d) registreras som (.+)")
def _attended(world: World, last: str, outcome: str) -> None:
    _judge(world, date(2000, 1, 1), date.fromisoformat(last), outcome)


@step(r"passet (\d{4}-\d\d-\d\d) registreras som (.+)")
def _session(world: World, day: str, outcome: str) -> None:
    _judge(world, date.fromisoformat(day), date.fromisoformat(day), outcome)


def _judge(world: World, first: date, last: date, told: str) -> None:
    if told not in OUTCOMES:
        raise StepFailed(f"Ett pass är {', '.join(OUTCOMES)}, inte {told}.")
    with world.engine.database.reading() as reader:
        sessions = attendance.unjudged_sessions(reader, last)
    taken = OUTCOMES[told] is SessionOutcome.PRESENT
    found = {
        session_id: (OUTCOMES[told], planned.hours if taken else planned.hours * 0)
        for session_id, planned in sessions
        if planned.case_id == world.case_id and planned.day >= first
    }
    if not found:
        raise StepFailed(f"Inget pass finns att registrera till och med {last}. {world.standing()}")
    actor = viewers(world, "utföraren")[0].actor
    world.engine.run_command(
        lambda context: attendance.record_outcomes(context.uow, found, actor), "record_sessions", actor, None
    )


HAPPENING = (
    _decision,
    _decision_with_outcome,
    _corrected,
    _decisions,
    _decisions_stop,
    _new_number,
    _old_number,
    _same_person,
    _unit,
    _another_person,
    _person_again,
    _process,
    _case,
    _come_to,
    _does,
    _does_with,
    _is_refused,
    _is_refused_with,
    _reporter,
    _unknown,
    _registered_reporter,
    _fills,
    _hears,
    _hears_with,
    _hears_not,
    _all_attended,
    _attended,
    _session,
)
