"""What `verify` finds in a damaged store and what `repair` makes of it: rows are made again, the past is left alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

import stegvis
from engine.clock import ManualClock
from engine.engine import Engine
from engine.history import EventKind
from engine.row_faults import ProblemKind, Remedy
from engine.store.rows import Paging
from engine.store.schema import event, job, timer, work_item
from tests.harness import ANNA
from tests.integration.care.lived_in import MOMENT, opened

_WHICH = "FROM process_instance WHERE ended_at IS NULL AND case_id IS NULL AND parent_id IS NULL ORDER BY id LIMIT 1"
_RUNNING, _DEFINITION = f"(SELECT id {_WHICH})", f"(SELECT definition_id {_WHICH})"
_NOW = "'2026-12-15 09:00:00'"
_JOB = (
    "INSERT INTO job (id, type, instance_id, line, wait_id, element_id, name, state, retries, attempts, due_at, "
    "created_at)"
)
_ITEM = (
    "INSERT INTO work_item (id, instance_id, definition_id, element_id, name, priority, priority_order, created_at, "
    "due_order, state)"
)
_OWN_JOB = "stegvis:deliver-message"
DAMAGE: dict[str, tuple[ProblemKind, Remedy, tuple[str, ...]]] = {
    "timers are gone": (ProblemKind.ROW_MISSING, Remedy.MAKE, ("DELETE FROM timer WHERE instance_id IS NOT NULL",)),
    "subscriptions are gone": (ProblemKind.ROW_MISSING, Remedy.MAKE, ("DELETE FROM subscription",)),
    "jobs are gone": (ProblemKind.ROW_MISSING, Remedy.MAKE, ("DELETE FROM job",)),
    "incidents are gone": (ProblemKind.ROW_MISSING, Remedy.MAKE, ("DELETE FROM incident",)),
    "further roles are gone": (ProblemKind.ROW_WRONG, Remedy.RENEW, ("DELETE FROM work_item_candidate",)),
    "tasks are gone": (
        ProblemKind.ROW_MISSING,
        Remedy.MAKE,
        ("DELETE FROM work_item_candidate", "DELETE FROM work_item WHERE state = 'open'"),
    ),
    "tasks were closed": (
        ProblemKind.ROW_MISSING,
        Remedy.MAKE,
        ("UPDATE work_item SET state = 'cancelled' WHERE state = 'open'",),
    ),
    "tasks are somebody else's": (
        ProblemKind.ROW_WRONG,
        Remedy.RENEW,
        ("UPDATE work_item SET role = 'x', form_id = 'y' WHERE state = 'open'",),
    ),
    "timers are due at another time": (
        ProblemKind.ROW_WRONG,
        Remedy.RENEW,
        ("UPDATE timer SET due_at = '2031-01-01 00:00:00' WHERE instance_id IS NOT NULL",),
    ),
    "subscriptions have another key": (ProblemKind.ROW_WRONG, Remedy.RENEW, ("UPDATE subscription SET key = 'other'",)),
    "jobs are of another type": (ProblemKind.ROW_WRONG, Remedy.RENEW, ("UPDATE job SET type = 'other'",)),
    "timers sleep in an instance that runs": (
        ProblemKind.STATE_WRONG,
        Remedy.RESTATE,
        ("UPDATE timer SET state = 'suspended' WHERE instance_id IS NOT NULL",),
    ),
    "timers are dead in silence": (
        ProblemKind.ROW_MISSING,
        Remedy.REPORT,
        ("UPDATE timer SET state = 'dead' WHERE instance_id IS NOT NULL",),
    ),
    "jobs are leased to nobody": (
        ProblemKind.STATE_WRONG,
        Remedy.GIVE_BACK,
        ("UPDATE job SET state = 'leased', worker = NULL, lease_until = NULL",),
    ),
    "jobs are dead in silence": (ProblemKind.ROW_MISSING, Remedy.REPORT, ("UPDATE job SET state = 'dead'",)),
    "called instances are gone": (
        ProblemKind.ROW_MISSING,
        Remedy.REPORT,
        (
            "UPDATE work_item SET state = 'cancelled' WHERE element_id = 'inner'",
            "UPDATE process_instance SET state = 'cancelled', ended_at = started_at WHERE parent_wait IS NOT NULL",
        ),
    ),
    "rows wait for nothing": (
        ProblemKind.ROW_ORPHANED,
        Remedy.REMOVE,
        (
            "INSERT INTO subscription (seq, id, instance_id, process_id, kind, name, key, element_id, created_at) "
            f"VALUES (9001, 'x1', {_RUNNING}, 'p', 'message', 'm', '', 'a', {_NOW})",
            "INSERT INTO timer (id, instance_id, definition_id, element_id, name, due_at, turn, interrupting, state, "
            f"created_at) VALUES ('x2', {_RUNNING}, {_DEFINITION}, 'a', 'a', {_NOW}, 1, true, 'active', {_NOW})",
            f"{_JOB} VALUES (9001, 't', {_RUNNING}, 'l', 'x3', 'a', 'a', 'ready', 1, 0, {_NOW}, {_NOW})",
            f"{_ITEM} VALUES ('x4', {_RUNNING}, {_DEFINITION}, 'a', 'a', 1, 1, {_NOW}, {_NOW}, 'open')",
        ),
    ),
    "an incident concerns nothing": (
        ProblemKind.ROW_ORPHANED,
        Remedy.RESOLVE,
        (
            "INSERT INTO incident (id, instance_id, wait_id, name, code, message, state, created_at) "
            f"VALUES ('x5', {_RUNNING}, 'x5', 'n', 'C', 'm', 'open', {_NOW})",
        ),
    ),
    "a job belongs to nothing": (
        ProblemKind.ROW_ORPHANED,
        Remedy.REMOVE,
        (f"{_JOB} VALUES (9002, 'nobody-does-it', NULL, 'l', NULL, NULL, 'a', 'ready', 1, 0, {_NOW}, {_NOW})",),
    ),
    "the engine's own job is leased to nobody": (
        ProblemKind.STATE_WRONG,
        Remedy.GIVE_BACK,
        (
            f"{_JOB} VALUES (9003, '{_OWN_JOB}', NULL, 'l', NULL, NULL, 'a', 'leased', 1, 0, {_NOW}, {_NOW})",
            "UPDATE job SET payload = CAST('{\"message\": 0}' AS %(bytes)s) WHERE id = 9003",
        ),
    ),
    "rows are left of an instance that has ended": (
        ProblemKind.ROW_ORPHANED,
        Remedy.REMOVE,
        (
            "INSERT INTO timer (id, instance_id, definition_id, element_id, name, due_at, turn, interrupting, state, "
            "created_at) SELECT 'x6', id, definition_id, 'a', 'a', started_at, 1, true, 'active', started_at "
            "FROM process_instance WHERE ended_at IS NOT NULL AND case_id IS NOT NULL ORDER BY id LIMIT 1",
        ),
    ),
    "nothing starts the processes any more": (
        ProblemKind.ROW_WRONG,
        Remedy.RENEW,
        ("DELETE FROM start_subscription",),
    ),
    "no timer starts the processes that run by the calendar": (
        ProblemKind.ROW_MISSING,
        Remedy.RENEW,
        ("DELETE FROM timer WHERE instance_id IS NULL",),
    ),
    "a timer starts a process that is no more": (
        ProblemKind.ROW_ORPHANED,
        Remedy.REMOVE,
        (
            "INSERT INTO timer (id, definition_id, element_id, name, due_at, turn, interrupting, state, created_at) "
            f"VALUES ('start:gone:a', {_DEFINITION}, 'a', 'a', '2031-01-01 00:00:00', 1, true, 'active', {_NOW})",
        ),
    ),
}


def tamper(url: str, *statements: str) -> None:
    """Change a database past all of its rules."""
    if url.startswith("sqlite"):
        raw = sqlite3.connect(url.removeprefix("sqlite:///"))
        for trigger in ("event_no_update", "event_no_delete"):
            raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            raw.execute(statement % {"bytes": "BLOB"} if "%(" in statement else statement)
        raw.commit()
        raw.close()
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(statement % {"bytes": "bytea"} if "%(" in statement else statement)


@pytest.fixture
def engine(lived_in: str) -> Iterator[Engine]:
    with opened(lived_in) as one:
        assert one.verify() == []
        yield one


def count(engine: Engine, statement: Any) -> int:
    with engine.database.reading() as reader:
        return int(reader.query_scalar(statement))


def test_each_table_damaged_by_hand_is_found_and_mended(engine: Engine, lived_in: str) -> None:
    for what, (kind, remedy, statements) in DAMAGE.items():
        tamper(lived_in, *statements)
        found = [problem for problem in engine.verify() if problem.kind is not ProblemKind.OVERDUE]
        assert kind in {problem.kind for problem in found}, (what, found)

        done = list(engine.repair(ANNA))

        assert remedy in {each.remedy for each in done}, (what, done)
        assert {each.problem for each in done} == set(found), what
        assert all(each.remedy is not Remedy.NONE for each in done), (what, done)
        assert engine.verify() == [], what
        assert list(engine.repair(ANNA)) == [], what


def test_after_a_repair_people_go_on_where_they_were(engine: Engine, lived_in: str) -> None:
    before = {(each.id, each.role, each.due_at) for each in engine.queries.open_items()}
    due = select(func.count()).select_from(timer)
    timers = count(engine, due)
    tamper(
        lived_in,
        "DELETE FROM work_item_candidate",
        "DELETE FROM work_item WHERE state = 'open'",
        "DELETE FROM timer",
        "DELETE FROM subscription",
        "DELETE FROM job",
    )

    list(engine.repair(ANNA))

    assert {(each.id, each.role, each.due_at) for each in engine.queries.open_items()} == before
    assert count(engine, due) == timers
    alone = next(each for each in engine.queries.open_items() if each.name == "Fråga" and each.case_id is None)
    engine.complete(alone.id, {}, actor=ANNA)
    assert engine.correlate("hello", "alone").instances == (alone.instance_id,)
    assert len(engine.lock_jobs("outside-work", "w", limit=5)) == 2
    engine.advance("P1M")
    assert engine.verify() == []


def test_the_repair_stands_in_the_cases_history(engine: Engine, lived_in: str) -> None:
    tamper(lived_in, "DELETE FROM timer WHERE case_id IS NOT NULL", "DELETE FROM job WHERE case_id IS NULL")
    repaired = {each.problem.where for each in engine.repair(ANNA)}

    assert repaired
    for instance_id in repaired:
        row = engine.queries.find_instance(instance_id)
        lines = engine.queries.history(row.case_id or instance_id, Paging(1, 20)).items
        line = next(each for each in lines if each.instance_id == instance_id)
        assert (line.kind, line.actor) == (EventKind.REPAIRED, ANNA.id)
        assert line.payload is not None
        assert all(each.startswith("made ") for each in line.payload["rows"])


def test_a_task_that_was_closed_by_hand_is_opened_with_its_draft_and_whoever_has_it(
    engine: Engine, lived_in: str
) -> None:
    taken = next(each for each in engine.queries.open_items() if each.assignee == ANNA.id)
    tamper(lived_in, f"UPDATE work_item SET state = 'completed', completed_at = {_NOW} WHERE id = '{taken.id}'")

    list(engine.repair(ANNA))

    again = next(each for each in engine.queries.open_items() if each.id == taken.id)
    assert (again.assignee, again.has_draft, again.completed_at) == (ANNA.id, True, None)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE event SET actor = 'x' WHERE seq = 2", ProblemKind.CHAIN_BROKEN),
        ("DELETE FROM event WHERE seq = 1", ProblemKind.CHAIN_BROKEN),
        ("DELETE FROM event", ProblemKind.HEAD_WRONG),
        ("UPDATE case_ SET history_seq = history_seq - 1", ProblemKind.HEAD_WRONG),
        ("UPDATE payload SET salt = CAST('x' AS %(bytes)s)", ProblemKind.PAYLOAD_CHANGED),
    ],
)
def test_a_broken_chain_is_told_and_never_mended(
    engine: Engine, lived_in: str, statement: str, kind: ProblemKind
) -> None:
    tamper(lived_in, statement)
    found = engine.verify()
    assert kind in {problem.kind for problem in found}

    assert list(engine.repair(ANNA)) == []

    assert set(engine.verify()) == set(found)
    assert count(engine, select(func.count()).select_from(event).where(event.c.kind == EventKind.REPAIRED.value)) == 0


def test_rows_of_a_case_whose_chain_cannot_go_on_are_told_and_left(engine: Engine, lived_in: str) -> None:
    tamper(
        lived_in,
        "UPDATE case_ SET history_seq = history_seq - 1",
        "UPDATE process_instance SET history_seq = history_seq - 1 WHERE case_id IS NULL",
        "DELETE FROM timer WHERE instance_id IS NOT NULL",
    )

    done = list(engine.repair(ANNA))

    assert done
    assert all(each.remedy is Remedy.NONE and each.detail for each in done)
    assert count(engine, select(func.count()).select_from(timer).where(timer.c.instance_id.is_not(None))) == 0


def test_a_snapshot_that_cannot_be_read_stops_nobody_else(engine: Engine, lived_in: str) -> None:
    broken = next(each.instance_id for each in engine.queries.open_items() if each.name == "Fråga")
    tamper(
        lived_in,
        f"UPDATE process_instance SET snapshot = CAST('x' AS %(bytes)s) WHERE id = '{broken}'",
        "DELETE FROM job",
    )

    done = list(engine.repair(ANNA))

    assert {(each.problem.kind, each.remedy) for each in done} == {
        (ProblemKind.UNREADABLE, Remedy.NONE),
        (ProblemKind.ROW_MISSING, Remedy.MAKE),
    }
    assert [problem.kind for problem in engine.verify()] == [ProblemKind.UNREADABLE]


def test_timers_that_should_have_fired_long_ago_are_told(lived_in: str) -> None:
    with opened(lived_in, ManualClock(MOMENT + timedelta(days=40))) as engine:
        assert {problem.kind for problem in engine.verify()} == {ProblemKind.OVERDUE}
        assert list(engine.repair(ANNA)) == []
        engine.run_until_idle()
        assert engine.verify() == []


def test_people_work_while_it_verifies_and_repairs(engine: Engine, lived_in: str) -> None:
    tamper(lived_in, "DELETE FROM job", "DELETE FROM subscription")
    with opened(lived_in) as people:
        for number, each in enumerate(engine.repair(ANNA)):
            assert each.remedy is Remedy.MAKE
            people.start("waits", {"k": f"during-{number}"})
    assert engine.verify() == []
    assert count(engine, select(func.count()).select_from(job).where(job.c.state == "ready")) > 2


def test_the_command_mends_and_says_what(engine: Engine, lived_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper(lived_in, "UPDATE work_item SET form_id = 'x' WHERE state = 'open'")
    wrong = count(engine, select(func.count()).select_from(work_item).where(work_item.c.state == "open"))
    monkeypatch.setattr("timers.queue.schema.require_queue", lambda _: None)

    def run(*arguments: str) -> dict[str, Any]:
        done = CliRunner().invoke(stegvis.main, ["verify", *arguments, "--database", lived_in, "--json"])
        assert done.exit_code in (0, 1), done.output
        said: dict[str, Any] = json.loads(done.stdout)
        said["problems"] = [each for each in said["problems"] if each["kind"] != "overdue"]  # the machine's clock
        return said

    assert len(run()["problems"]) == wrong
    mended = run("--repair")
    assert [each["remedy"] for each in mended["repaired"]] == ["renewed"] * wrong
    assert mended["problems"] == []


def test_a_database_that_is_not_there_is_not_found_to_be_sound(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "typo.sqlite"
    done = CliRunner().invoke(stegvis.main, ["verify", "--database", f"sqlite:///{missing}"])
    assert done.exit_code != 0
    assert "no database" in done.output
    assert not missing.parent.exists()
