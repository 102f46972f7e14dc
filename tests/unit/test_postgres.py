"""The tests' own PostgreSQL: what fault tests do to a cluster happens, and nothing is left of a run."""

from __future__ import annotations

import psycopg
import pytest

from tests.postgres import Cluster, StopMode, database_of


def test_a_killed_server_comes_back_with_what_was_committed(own_cluster: Cluster) -> None:
    name = database_of(own_cluster.empty_database())
    with own_cluster.connect(name) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
        own_cluster.kill()
        assert not own_cluster.is_running
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    own_cluster.start()
    with own_cluster.connect(name) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_connections_can_be_cut_and_the_server_stopped_and_started(own_cluster: Cluster) -> None:
    with own_cluster.connect() as connection:
        assert own_cluster.cut_connections() == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    own_cluster.stop(StopMode.IMMEDIATE)
    assert not own_cluster.is_running
    own_cluster.start()
    assert own_cluster.is_running


def test_a_new_database_has_the_schema_and_nothing_else(shared_cluster: Cluster, postgres_url: str) -> None:
    with shared_cluster.connect(database_of(postgres_url)) as connection:
        assert connection.execute("SELECT count(*) FROM case_").fetchone() == (0,)
