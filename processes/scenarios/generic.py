"""The sentences that every family's scenarios may use: about time, tasks and processes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.clock import LOCAL_ZONE, local_date
from engine.due import add, period_of
from engine.feel.codec import to_plain
from engine.parameter_desk import ChangeRequest, read_value
from engine.protocols import SYSTEM
from engine.store.rows import Paging
from processes.scenarios.world import Step, StepFailed, Table, World, step, value_of

_UNITS = {"dag": "D", "dagar": "D", "vecka": "W", "veckor": "W", "månad": "M", "månader": "M"}


@step(r"(?:att )?dagens datum är (\d{4}-\d\d-\d\d)")
def _today_is(world: World, day: str) -> None:
    world.travel(date.fromisoformat(day))


@step(r"(?:att )?systemet har stått stilla till (\d{4}-\d\d-\d\d)")
def _stood_still(world: World, day: str) -> None:
    world.stand_still(date.fromisoformat(day))


@step(r"(\d+) (dag|dagar|vecka|veckor|månad|månader) har gått")
def _time_passes(world: World, count: str, unit: str) -> None:
    world.pass_time(add(world.clock.now(), period_of(f"P{count}{_UNITS[unit]}")))


@step(r"(\d+) arbetsdag(?:ar)? har gått")
def _working_days_pass(world: World, count: str) -> None:
    now = world.clock.now().astimezone(LOCAL_ZONE)
    day = world.room.calendar.add_working_days(now.date(), int(count))
    world.pass_time(datetime.combine(day, now.time(), LOCAL_ZONE))


@step(r"(?:att )?parametern (\w+) ändras till (\S+?)(?: för enheten (\w+))?")
def _change_parameter(world: World, name: str, value: str, unit: str | None) -> None:
    desk, today = world.engine.parameters, local_date(world.clock.now())
    known = read_value(value, desk.history(name)[-1])
    desk.change(ChangeRequest(name, known, today, "Scenariots beslut", unit), actor=SYSTEM)


@step(r"(?:att )?fristerna räknas om")
def _count_again(world: World) -> None:
    done = world.engine.deadlines.run(actor=SYSTEM, reason="Scenariots beslut")
    if done.faults or done.refused:
        raise StepFailed(f"{len(done.faults)} frister gick inte att räkna om, {len(done.refused)} vore redan ute.")


@step(r'ska "([^"]+)" inträffa (\d{4}-\d\d-\d\d)')
def _timer_fires(world: World, name: str, day: str) -> None:
    ours = {row.id for row in world.instances()}
    timers = [row for row in world.engine.queries.timers(paging=Paging(1, 500)).items if row.instance_id in ours]
    found = [row.due_at.astimezone(LOCAL_ZONE).date().isoformat() for row in timers if row.name == name]
    if found != [day]:
        raise StepFailed(f'"{name}" inträffar {", ".join(found) or "aldrig"}, inte {day}. {world.standing()}')


@step(r'rollen (\w+) slutför "([^"]+)"')
def _complete(world: World, role: str, name: str) -> None:
    _complete_with(world, role, name, [])


@step(r'rollen (\w+) slutför "([^"]+)" med')
def _complete_with_table(world: World, role: str, name: str, table: Table) -> None:
    _complete_with(world, role, name, table)


def _complete_with(world: World, role: str, name: str, table: Table) -> None:
    item = world.task(name)
    if item.role != role:
        raise StepFailed(f'"{name}" ligger hos rollen {item.role}, inte hos {role}.')
    world.engine.complete(item.id, {key: value_of(value) for key, value in table}, actor=world.actor(role))
    world.settle()


@step(r'ska uppgiften "([^"]+)" ligga hos rollen (\w+)')
def _task_at(world: World, name: str, role: str) -> None:
    item = world.task(name)
    if item.role != role:
        raise StepFailed(f'"{name}" ligger hos rollen {item.role}, inte hos {role}.')


@step(r'ska uppgiften "([^"]+)" förfalla (\d{4}-\d\d-\d\d)')
def _task_due(world: World, name: str, day: str) -> None:
    due = world.task(name).due_at
    last = due.astimezone(LOCAL_ZONE) - timedelta(microseconds=1) if due else None  # a due date lasts its day
    found = last.date().isoformat() if last else "aldrig"
    if found != day:
        raise StepFailed(f'"{name}" förfaller {found}, inte {day}.')


@step(r'ska ingen uppgift heta "([^"]+)"')
def _no_task(world: World, name: str) -> None:
    if any(item.name == name for item in world.tasks()):
        raise StepFailed(f'"{name}" är öppen. {world.standing()}')


@step(r'ska uppgiften "([^"]+)" vara eskalerad')
def _escalated(world: World, name: str) -> None:
    if world.task(name).escalated_at is None:
        raise StepFailed(f'"{name}" är inte eskalerad. {world.standing()}')


@step(r"ska processen (\w+) (pågå|vara avslutad|inte ha startat)")
def _process_stands(world: World, process_id: str, wanted: str) -> None:
    rows = world.instances(process_id)
    found = "inte ha startat" if not rows else "pågå" if any(row.ended_at is None for row in rows) else "vara avslutad"
    if found != wanted:
        raise StepFailed(f"Processen {process_id} väntades {wanted} men ska {found}. {world.standing()}")


@step(r"ska processen (\w+) ha (\w+) = (.+)")
def _variable_is(world: World, process_id: str, variable: str, wanted: str) -> None:
    rows = world.instances(process_id)
    if not rows:
        raise StepFailed(f"Processen {process_id} har inte startat. {world.standing()}")
    found = world.engine.queries.variables(rows[0].id).get(variable)
    if found != value_of(wanted):
        raise StepFailed(f"{variable} är {to_plain(found)!r}, inte {wanted}.")


@step(r"ska inga fel finnas")
def _no_incidents(world: World) -> None:
    if world.engine.queries.incidents().items:
        raise StepFailed(world.standing())


GENERIC: tuple[Step, ...] = (
    _today_is,
    _stood_still,
    _time_passes,
    _working_days_pass,
    _change_parameter,
    _count_again,
    _timer_fires,
    _complete,
    _complete_with_table,
    _task_at,
    _task_due,
    _no_task,
    _escalated,
    _process_stands,
    _variable_is,
    _no_incidents,
)
