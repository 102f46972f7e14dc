"""The migration that gives recurring work its runs carries over what the first version knew."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, text

from engine.engine import Engine
from engine.recurring import RecurringWork, recurring_work, runs_of
from engine.store.migrating import CORE, _config
from engine.store.states import RunState


def test_the_last_run_of_each_work_is_its_first_remembered_run(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_engine(url)
    with old.begin() as connection:
        command.upgrade(_config(CORE, connection), "0002")
        for row in (
            "('a', '2026-10-25 02:30:00.000000', '2026-10-26 02:30:00.000000', 2, 'allt stämmer')",
            "('b', '2026-10-25 02:30:00.000000', '2026-10-26 02:30:00.000000', 0, 'misslyckades: CONFLICT')",
            "('c', NULL, '2026-10-26 02:30:00.000000', NULL, NULL)",
        ):
            connection.execute(text(f"INSERT INTO recurring (name, last_at, next_at, seconds, outcome) VALUES {row}"))
    old.dispose()
    work = [RecurringWork(name, name, "0 4 * * *", lambda _: "") for name in "abc"]
    with Engine.open(url, recurring=work, create=True) as engine:
        first, second, third = recurring_work(engine)
        assert {each.next_at for each in (first, second, third)} == {datetime(2026, 10, 26, 2, 30, tzinfo=UTC)}
        assert first.latest is not None
        assert first.latest.begun_at == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)
        assert (first.latest.milliseconds, first.latest.state, first.latest.outcome) == (
            2000,
            RunState.OK,
            "allt stämmer",
        )
        assert [run.state for run in runs_of(engine, "b")] == [RunState.FAILED]
        assert third.latest is None
