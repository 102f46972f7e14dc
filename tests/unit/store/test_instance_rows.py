"""What a command writes of an instance that goes on, and of one that ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Executable

from engine.store.unit_of_work import Params, UnitOfWork
from tests.harness import Journey, bpmn, flows, user_task

TWO_TASKS = bpmn(
    '<startEvent id="s"/>' + user_task("a") + user_task("b") + '<endEvent id="e"/>' + flows("s", "a", "b", "e")
)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that must change one row, as they are sent."""
    heard: list[str] = []
    send = UnitOfWork.send_to_one

    def listening(self: UnitOfWork, statement: Executable, params: Params, error: Exception) -> None:
        heard.append(str(statement))
        send(self, statement, params, error)

    monkeypatch.setattr(UnitOfWork, "send_to_one", listening)
    return heard


def test_the_indexed_columns_of_an_instance_are_named_only_when_its_state_changes(
    tmp_path: Path, written: list[str]
) -> None:
    """SQLite writes the entries of every index whose column is named, changed or not."""
    journey = Journey.begin(tmp_path, files={"p.bpmn": TWO_TASKS})
    journey.start("p")
    journey.complete("a")
    goes_on = written.pop()
    journey.complete("b")
    ends = written.pop()
    assert "snapshot" in goes_on
    assert "state=" not in goes_on
    assert "ended_at=" not in goes_on
    assert "state=" in ends
    assert "ended_at=" in ends
