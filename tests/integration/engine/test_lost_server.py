"""The PostgreSQL server goes away: what was to happen is said not to have happened, and afterwards all goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from engine.engine import Engine
from engine.errors import OutcomeUnknown, StoreUnavailable
from engine.store.schema import lease
from tests.harness import bpmn, flows, user_task
from tests.postgres import Cluster, StopMode

PLAIN = bpmn(f'<startEvent id="s"/>{user_task("a")}<endEvent id="e"/>{flows("s", "a", "e")}')


@pytest.fixture
def engine(own_cluster: Cluster, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a server of its own, with a process published."""
    with Engine.open(own_cluster.new_database()) as opened:
        opened.publish({"p.bpmn": PLAIN.encode()}, author="a", note="n")
        yield opened


def row(name: str, engine: Engine) -> dict[str, object]:
    return {"name": name, "owner": "test", "until": engine.clock.now()}


def test_a_server_that_is_stopped_is_said_to_be_away_and_used_again_when_it_is_back(
    engine: Engine, own_cluster: Cluster
) -> None:
    kept = engine.start("p")
    own_cluster.stop(StopMode.IMMEDIATE)
    with pytest.raises(StoreUnavailable):
        engine.start("p")
    with pytest.raises(StoreUnavailable):
        engine.queries.open_items()
    own_cluster.start()
    later = engine.start("p")
    assert sorted(item.instance_id for item in engine.queries.open_items()) == sorted((kept, later))
    assert engine.verify() == []


def test_connections_that_were_cut_while_nobody_used_them_are_not_noticed(engine: Engine, own_cluster: Cluster) -> None:
    assert own_cluster.cut_connections() > 0
    engine.start("p")
    assert len(engine.queries.open_items()) == 1


def test_a_connection_cut_within_a_command_leaves_nothing_of_it(engine: Engine, own_cluster: Cluster) -> None:
    def broken_off() -> None:
        with engine.database.transaction(engine.clock) as uow:
            uow.write(insert(lease), row("half", engine))
            own_cluster.cut_connections()
            uow.write(insert(lease), row("other half", engine))

    with pytest.raises(StoreUnavailable) as raised:
        broken_off()
    assert not isinstance(raised.value, OutcomeUnknown)
    with engine.database.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(lease)) == 0


def test_a_connection_cut_before_the_commit_is_confirmed_leaves_the_outcome_open(
    engine: Engine, own_cluster: Cluster
) -> None:
    def unsure() -> None:
        with engine.database.transaction(engine.clock) as uow:
            uow.write(insert(lease), row("unsure", engine))
            own_cluster.cut_connections()

    with pytest.raises(OutcomeUnknown):
        unsure()
