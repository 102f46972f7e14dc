"""Databases that people have worked in, on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.store.copying import copy_database
from engine.store.database import Database
from processes.family import find_families
from tests.integration.care.lived_in import live_in
from tests.postgres import Cluster, locked

MakeDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def lived_in_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file to be copied; made once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with locked(folder / "lived-in.lock"):
        if not (folder / "lived-in.sqlite").exists():
            live_in(f"sqlite:///{own / 'lived-in.sqlite'}")
            shutil.move(own / "lived-in.sqlite", folder / "lived-in.sqlite")
    return folder / "lived-in.sqlite"


@pytest.fixture(scope="session")
def lived_in_template(lived_in_file: Path, shared_cluster: Cluster) -> str:
    """The address of the same database on PostgreSQL, to be copied."""
    parts, url = find_families().parts, shared_cluster.new_database(find_families().parts)
    with (
        Database.open(f"sqlite:///{lived_in_file}", parts=parts) as source,
        Database.open(url, parts=parts) as target,
    ):
        copy_database(source, target, SystemClock(), lambda *_: None)
    return url


@pytest.fixture
def lived_in(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of one's own that people have worked in."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("lived_in_file"), tmp_path / "lived-in.sqlite")
        yield f"sqlite:///{tmp_path / 'lived-in.sqlite'}"
        return
    cluster: Cluster = request.getfixturevalue("shared_cluster")
    url = cluster.copy_database(request.getfixturevalue("lived_in_template"))
    yield url
    cluster.drop_database(url)


@pytest.fixture
def blank(tmp_path: Path, shared_cluster: Cluster) -> Iterator[Callable[[str], str]]:
    """Makes addresses of databases with nothing in them, of either kind."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'blank.sqlite'}"
        made.append(shared_cluster.empty_database())
        return made[-1]

    yield make
    for url in made:
        shared_cluster.drop_database(url)
