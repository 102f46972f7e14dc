"""The scenarios' sentences about the journey: monthly decisions, registered events, the status of the requirement."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from processes.aktivitetskrav.calendar_month import Month, months_from
from processes.aktivitetskrav.decision_file import REQUIRED
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.records import persons
from processes.scenarios import StepFailed, Table, World, step, value_of

FICTITIOUS = "18880209T050"
"""A temporary identity of a case system, not a personnummer: it belongs to nobody."""


@step(r"biståndsbeslut kommer för (\d{4}-\d\d)")
def _decision(world: World, month: str) -> None:
    _import(world, [(month, "bifall")])


@step(r"biståndsbeslut kommer för (\d{4}-\d\d) med utfall (\w+)")
def _decision_with_outcome(world: World, month: str, outcome: str) -> None:
    _import(world, [(month, outcome)])


@step(r"biståndsbeslut kommer månadsvis från (\d{4}-\d\d) till (\d{4}-\d\d)")
def _decisions(world: World, first: str, last: str) -> None:
    begin, end = Month.parse(first), Month.parse(last)
    count = (end.year - begin.year) * 12 + end.month - begin.month + 1
    for month in months_from(begin, count):
        world.travel(month.first_day + timedelta(days=2))
        _import(world, [(str(month), "bifall")])


@step(r"händelsen (\w+) registreras med")
def _event(world: World, name: str, table: Table) -> None:
    payload = {key: value_of(value) for key, value in table}
    world.engine.correlate(name, world.case_id, {"arendeId": world.case_id, **payload})
    world.settle()


@step(r"ska ärendet ha kravstatus (\w+)")
def _status(world: World, wanted: str) -> None:
    with world.engine.database.reading() as reader:
        found = persons.find_client(reader, world.case_id).status.value
    if found != wanted:
        raise StepFailed(f"Kravstatus är {found}, inte {wanted}. {world.standing()}")


def _import(world: World, decisions: list[tuple[str, str]]) -> None:
    number = world.notes["decisions"] = world.notes.get("decisions", 0) + len(decisions)
    unit = world.room.families.roles.case_units[0]
    lines = [";".join(REQUIRED)]
    for month, outcome in decisions:
        values = {
            "person": FICTITIOUS,
            "hushall": "H1",
            "enhet": unit,
            "manad": month,
            "utfall": outcome,
            "hinder": str(world.notes.get("hinder", "arbetslos")),
            "beslutsdatum": f"{month}-03",
            "referens": f"SCENARIO-{number}",
        }
        lines.append(";".join(values[column] for column in REQUIRED))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "beslut.csv"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        result = import_decisions(world.engine, file, world.room.families.roles)
    if result.rejected:
        raise StepFailed("; ".join(f"{fault.column}: {fault.reason}" for fault in result.faults))
    world.settle()
    world.case_id = world.instances()[0].case_id or ""


STEPS = (_decision, _decision_with_outcome, _decisions, _event, _status)
