"""A store with rows in every table that grows, for the questions of this folder."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, text

from engine.clock import ManualClock, local_date
from engine.store.database import Database
from engine.store.schema import (
    case_,
    incident,
    job,
    message,
    process_instance,
    read_log,
    work_item,
    work_item_candidate,
)
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.records.tables import activity, placement, session
from tests.performance import population

ROLES = ("beslutsfattare", "matchare", *(f"roll-{number}" for number in range(18)))


def fill(database: Database, blocks: int) -> None:
    """Write so many blocks of cases, with what their months happen not to leave behind."""
    block = population.template()
    with database.transaction(ManualClock(population.UNTIL)) as uow:
        population.fill(uow, blocks * block.cases, block)
        _add_the_rare(uow)
    if not database.is_sqlite:  # where nothing gathers statistics by itself, as it is in use
        with database.transaction(ManualClock(population.UNTIL)) as uow:
            uow.connection.execute(text("ANALYZE"))


def _add_the_rare(uow: UnitOfWork) -> None:
    """A job, an incident, a kept message and a look for each instance; a further role for one open task in twenty."""
    now = uow.now
    of_cases = process_instance.c.case_id.is_not(None)
    instances = uow.query(select(process_instance.c.id, process_instance.c.case_id).where(of_cases))
    jobs, incidents, messages, looks = [], [], [], []
    first = uow.query_scalar(select(func.coalesce(func.max(job.c.id), 0))) + 1
    for number, (instance_id, case_id) in enumerate(instances):
        since = now - timedelta(minutes=number)
        about = {"instance_id": instance_id, "case_id": case_id, "element_id": "e", "name": "E", "created_at": since}
        jobs.append(
            {**about, "id": first + number, "type": f"typ-{number % 7}", "line": case_id, "wait_id": f"j{number}",
             "state": ("ready", "suspended", "dead")[number % 3], "retries": 3, "attempts": 0, "due_at": since}
        )  # fmt: skip
        incidents.append(
            {**about, "id": f"i{number}", "cause": "c", "wait_id": f"w{number}", "code": "C", "message": "m",
             "state": "open" if number % 3 == 0 else "resolved"}
        )  # fmt: skip
        messages.append(
            {"name": f"N{number % 9}", "key": case_id, "case_id": case_id, "variables": b"{}", "actor": "x",
             "created_at": since, "expires_at": now, "state": "buffered"}
        )  # fmt: skip
        looks.append(
            {"viewer": "hanna", "organisation": "socialtjanst", "case_id": case_id, "at": since, "purpose": "case"}
        )
    for table, rows in ((job, jobs), (incident, incidents), (message, messages), (read_log, looks)):
        uow.write_many(insert(table), rows)
    _add_further_roles(uow)
    _add_attendance(uow)


def _add_further_roles(uow: UnitOfWork) -> None:
    """For every other open task, one of twenty roles."""
    items = uow.query(select(work_item.c.id, work_item.c.unit).where(work_item.c.state == "open"))
    uow.write_many(
        insert(work_item_candidate),
        [
            {"work_item_id": row.id, "role": ROLES[number % 20], "organisation": "socialtjanst", "unit": row.unit}
            for number, row in enumerate(items[::2])
        ],
    )


def _add_attendance(uow: UnitOfWork) -> None:
    """A placement for each case, with twenty days behind it and one to be judged."""
    cases = [row[0] for row in uow.query(select(case_.c.id))]
    chosen = uow.query_scalar(select(func.min(activity.c.id)))
    first = uow.query_scalar(select(func.coalesce(func.max(placement.c.id), 0))) + 1
    day = local_date(uow.now)
    for number, case_id in enumerate(cases, start=first):
        given = {"id": number, "case_id": case_id, "activity_id": chosen, "starts_on": day, "hours": 40}
        uow.write(insert(placement), {**given, "status": "anvisad" if number % 3 else "avslutad"})
        for ago in range(21):
            about = {"placement_id": number, "case_id": case_id, "day": day - timedelta(days=ago), "planned_hours": 8}
            uow.write(insert(session), {**about, "outcome": "narvarande" if ago else None})
