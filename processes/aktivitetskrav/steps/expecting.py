"""Sentences about what should be so: the requirement's status, tasks, letters, decisions, who sees what."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from engine.access import Viewer
from engine.errors import NotFound
from engine.history import EventKind
from engine.store import case_rows
from engine.store.rows import Paging
from engine.store.states import CaseState
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.records import change_tables, decisions, persons, population, support, tables
from processes.aktivitetskrav.steps.office import WHO, viewer_called, viewers
from processes.scenarios import StepFailed, World, step

_QUOTED = re.compile(r'"([^"]+)"')


def expect(found: object, wanted: object, what: str, world: World) -> None:
    if found != wanted:
        raise StepFailed(f"{what} är {found!r}, inte {wanted!r}. {world.standing()}")


def column(world: World, column: Any, *conditions: Any) -> list[Any]:
    """A register's column for the scenario's case, oldest row first."""
    table = column.table
    query = select(column).where(table.c.case_id == world.case_id, *conditions).order_by(table.c.id)
    with world.engine.database.reading() as reader:
        return [row[0] for row in reader.rows(query)]


@step(r"ska ärendet ha kravstatus (\w+)")
def _status(world: World, wanted: str) -> None:
    with world.engine.database.reading() as reader:
        expect(persons.find_client(reader, world.case_id).status.value, wanted, "Kravstatus", world)


@step(r"ska kravet vara (\d+) timmar i veckan")
def _hours(world: World, wanted: str) -> None:
    with world.engine.database.reading() as reader:
        expect(persons.find_client(reader, world.case_id).hours, int(wanted), "Kravet i timmar", world)


@step(r"ska de öppna uppgifterna vara (.+)")
def _open_tasks(world: World, wanted: str) -> None:
    expect(sorted(item.name for item in world.tasks()), sorted(_QUOTED.findall(wanted)), "Öppna uppgifter", world)


@step(r"ska inga uppgifter vara öppna")
def _no_tasks(world: World) -> None:
    expect(sorted(item.name for item in world.tasks()), [], "Öppna uppgifter", world)


@step(rf'ska {WHO} se uppgiften "([^"]+)"')
def _in_inbox(world: World, word: str, name: str) -> None:
    if not any(_sees_task(world, viewer, name) for viewer in viewers(world, word)):
        raise StepFailed(f'Ingen {word} ser "{name}". {world.standing()}')


@step(r'ska (\w+) se uppgiften "([^"]+)" men inte (\w+)')
def _in_one_inbox(world: World, name: str, task: str, other: str) -> None:
    for person, wanted in ((name, True), (other, False)):
        expect(_sees_task(world, viewer_called(world, person), task), wanted, f'Att {person} ser "{task}"', world)


def _sees_task(world: World, viewer: Any, name: str) -> bool:
    items = world.engine.queries.inbox(viewer, paging=Paging(1, 200)).items
    return any(item.name == name and (item.case_id or "") == world.case_id for item in items)


@step(r"ska (\w+) se ärendet men inte (\w+)")
def _one_sees(world: World, name: str, other: str) -> None:
    for person, wanted in ((name, True), (other, False)):
        expect(_sees_case(world, viewer_called(world, person)), wanted, f"Att {person} ser ärendet", world)


def _sees_case(world: World, viewer: Viewer) -> bool:
    try:
        world.engine.queries.case(viewer, world.case_id)
    except NotFound:
        return False
    return True


@step(r"ska ärendet ha (\d+) månader? med försörjningsstöd")
def _months(world: World, count: str) -> None:
    with world.engine.database.reading() as reader:
        outcomes = support.outcomes_of(reader, persons.find_client(reader, world.case_id).person_id)
    expect(sum(each is not Outcome.NO_SUPPORT for each in outcomes.values()), int(count), "Månaderna", world)


@step(r"ska den (första|andra) personens ärende vara (öppet|stängt)")
def _case_state(world: World, which: str, wanted: str) -> None:
    case_id = world.notes[f"case {('första', 'andra').index(which)}"]
    with world.engine.database.reading() as reader:
        state = case_rows.state_of(reader, case_id)
    expect(state, {"öppet": CaseState.OPEN, "stängt": CaseState.CLOSED}[wanted], "Ärendet", world)


@step(r"ska det finnas (\d+) ärenden?")
def _cases(world: World, count: str) -> None:
    with world.engine.database.reading() as reader:
        expect(len(population.case_references(reader, "aktivitetskrav")), int(count), "Antalet ärenden", world)


@step(rf"ska {WHO} inte se ärendet")
def _no_sight(world: World, word: str) -> None:
    for viewer in viewers(world, word):
        try:
            world.engine.queries.case(viewer, world.case_id)
        except NotFound:
            continue
        raise StepFailed(f"{viewer.name} ser ärendet.")


@step(rf'ska {WHO} i "([^"]+)" se (.+?) men inte (.+)')
def _fields(world: World, word: str, task: str, shown: str, hidden: str) -> None:
    item = world.task(task)
    seen: dict[str, Any] = {}
    for viewer in viewers(world, word):
        try:
            seen = dict(world.engine.queries.work_item(viewer, item.id).variables)
        except NotFound:
            continue
        break
    known = {name for name, value in seen.items() if value is not None}
    missing = [name for name in names(shown) if name not in known]
    leaked = [name for name in names(hidden) if name in known]
    if missing or leaked:
        raise StepFailed(f"{word} ser inte {missing}, men ser {leaked}.")


def names(text: str) -> list[str]:
    return [each.strip() for each in re.split(r",| och ", text) if each.strip()]


@step(r"ska breven vara (.+)")
def _letters(world: World, wanted: str) -> None:
    expect(column(world, tables.letter.c.template), names(wanted), "Breven", world)


@step(r"ska inget brev ha skickats")
def _no_letters(world: World) -> None:
    expect(column(world, tables.letter.c.template), [], "Breven", world)


@step(r'ska senaste brevet säga "([^"]+)"')
def _letter_says(world: World, wanted: str) -> None:
    texts = column(world, tables.letter.c.text)
    if not texts or wanted not in texts[-1]:
        raise StepFailed(f'Brevet säger inte "{wanted}", utan: {texts[-1] if texts else "inget"}')


@step(r"ska besluten vara (.+)")
def _decisions(world: World, wanted: str) -> None:
    kinds, outcomes = (column(world, each) for each in (tables.decision.c.kind, tables.decision.c.outcome))
    expect(
        [f"{kind} {outcome}" for kind, outcome in zip(kinds, outcomes, strict=True)], names(wanted), "Besluten", world
    )


@step(r"ska ändringen ha stöd i (\w+)")
def _ground(world: World, wanted: str) -> None:
    expect(column(world, change_tables.decision_change.c.ground), [wanted], "Grunden för ändringen", world)


@step(r"ska inget beslut ha fattats")
def _no_decisions(world: World) -> None:
    expect(column(world, tables.decision.c.kind), [], "Besluten", world)


@step(r"ska verksamhetssystemet ha fått (.+)")
def _outgoing(world: World, wanted: str) -> None:
    expect([body["utfall"] for body in column(world, tables.outgoing.c.body)], names(wanted), "Överfört", world)


@step(r"ska inget ha överförts till verksamhetssystemet")
def _nothing_outgoing(world: World) -> None:
    expect([body["utfall"] for body in column(world, tables.outgoing.c.body)], [], "Överfört", world)


@step(r"ska ärendet ha avvikelsen (\w+) med utfallet (\w+)")
def _deviation(world: World, kind: str, outcome: str) -> None:
    kinds, outcomes = (column(world, each) for each in (tables.deviation.c.kind, tables.deviation.c.outcome))
    expect((kinds, outcomes), ([kind], [outcome]), "Avvikelserna", world)


@step(r"ska ärendet inte ha någon avvikelse")
def _no_deviation(world: World) -> None:
    expect(column(world, tables.deviation.c.kind), [], "Avvikelserna", world)


@step(r"ska leveransavvikelserna vara (.+)")
def _delivery_deviations(world: World, wanted: str) -> None:
    expect(column(world, tables.delivery_deviation.c.kind), names(wanted), "Leveransavvikelserna", world)


@step(r"ska överklagandet gälla beslutet (\w+) och ha utfallet (\w+)")
def _appeal(world: World, kind: str, outcome: str) -> None:
    decided = dict(zip(column(world, tables.decision.c.id), column(world, tables.decision.c.kind), strict=True))
    about = [decided[each] for each in column(world, tables.appeal.c.decision_id)]
    expect((about, column(world, tables.appeal.c.outcome)), ([kind], [outcome]), "Överklagandena", world)


@step(r"ska placeringarna vara (.+)")
def _placements(world: World, wanted: str) -> None:
    expect(column(world, tables.placement.c.status), names(wanted), "Placeringarna", world)


@step(r"ska personen stå i kö")
def _queued(world: World) -> None:
    left = column(world, tables.place_queue.c.left_at)
    if not left or left[-1] is not None:
        raise StepFailed(f"Personen står inte i kö. {world.standing()}")


@step(r"ska underlaget för (\d{4}-\d\d) vara lämnat")
def _month_handed_in(world: World, month: str) -> None:
    found = column(world, tables.month_basis.c.month)
    if Month.parse(month) not in found:
        raise StepFailed(f"Underlag finns för {[str(each) for each in found]}, inte för {month}.")


@step(r"ska underlaget för (\d{4}-\d\d) ha (\d+) timmar (närvaro|oanmäld frånvaro)")
def _month_says(world: World, month: str, hours: str, what: str) -> None:
    key = {"närvaro": "narvaroTimmar", "oanmäld frånvaro": "oanmaldFranvaroTimmar"}[what]
    figures = {body["manad"]: body for body in column(world, tables.month_basis.c.figures)}
    if month not in figures:
        raise StepFailed(f"Underlag finns för {sorted(figures)}, inte för {month}.")
    expect(round(float(str(figures[month][key]))), int(hours), f"{what} {month}", world)


@step(r"ska passen i veckan (\d{4}-\d\d-\d\d) vara (\d+) timmar")
def _week_asks(world: World, monday: str, hours: str) -> None:
    first = date.fromisoformat(monday)
    in_week = tables.session.c.day.between(first, first + timedelta(days=6))
    expect(sum(column(world, tables.session.c.planned_hours, in_week)), int(hours), f"Veckan {monday}", world)


@step(r"ska historien vara hel")
def _sound(world: World) -> None:
    expect(world.engine.verify(), [], "Det som är fel i databasen", world)


@step(r'ska historien säga att "([^"]+)" inträffade, med (\w+)')
def _happened_because(world: World, name: str, variable: str) -> None:
    lines = world.engine.queries.history(world.case_id, Paging(1, 200)).items
    told = [line.payload or {} for line in lines if line.name == name and line.kind == EventKind.COMPLETED]
    if not any((each.get("changes") or {}).get(variable) for each in told):
        raise StepFailed(f'Historien säger inte "{name}" med {variable}, utan: {told}.')


@step(r"ska kartläggningen säga (\w+) (\w+)")
def _survey_says(world: World, name: str, wanted: str) -> None:
    with world.engine.database.reading() as reader:
        expect(decisions.latest_survey(reader, world.case_id).get(name), wanted, name, world)


EXPECTING = (
    _status,
    _hours,
    _open_tasks,
    _no_tasks,
    _in_inbox,
    _in_one_inbox,
    _one_sees,
    _months,
    _case_state,
    _cases,
    _no_sight,
    _fields,
    _letters,
    _no_letters,
    _letter_says,
    _decisions,
    _ground,
    _no_decisions,
    _outgoing,
    _nothing_outgoing,
    _deviation,
    _no_deviation,
    _delivery_deviations,
    _appeal,
    _placements,
    _queued,
    _month_handed_in,
    _month_says,
    _week_asks,
    _sound,
    _happened_because,
    _survey_says,
)
