"""The whole family on a database of its own: published once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import LOCAL_ZONE, Clock, ManualClock
from engine.engine import Engine
from engine.functions import host_functions
from engine.handlers import HandlerRegistry
from engine.store.unit_of_work import Reader
from processes.aktivitetskrav.identity import check_digit
from processes.family import Families, find_families
from tests.postgres import Cluster
from timers.calendar import WorkingCalendar

START = datetime(2026, 7, 1, 8, 0, tzinfo=LOCAL_ZONE)
HEADER = "person;hushall;enhet;manad;utfall;hinder;beslutsdatum;referens"


@dataclass(frozen=True)
class Town:
    """A municipality with everything published and no case yet."""

    url: str
    families: Families
    calendar: WorkingCalendar

    def open(self, clock: Clock) -> Engine:
        """Open the engine; close it after use."""
        handlers = HandlerRegistry()
        parameters = self.families.live_parameters()
        functions = host_functions(self.calendar, parameters, clock)
        self.families.register_handlers(handlers, self.calendar, functions, parameters)
        engine = Engine.open(
            self.url,
            clock=clock,
            handlers=handlers,
            roles=self.families.roles,
            functions=functions,
            parameters=parameters,
            parts=self.families.parts,
            create=True,
        )
        self.families.prepare(engine)
        return engine


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the family published."""
    path = tmp_path_factory.mktemp("journey") / "published.sqlite"
    with Town(f"sqlite:///{path}", find_families(), WorkingCalendar()).open(ManualClock(START)) as engine:
        engine.publish(find_families().files(), author="test", note="test")
    return path


@pytest.fixture(scope="session")
def published_on_postgresql(shared_cluster: Cluster) -> str:
    """The address of such a database on PostgreSQL, to be copied."""
    url = shared_cluster.new_database(find_families().parts)
    with Town(url, find_families(), WorkingCalendar()).open(ManualClock(START)) as engine:
        engine.publish(find_families().files(), author="test", note="test")
    return url


@pytest.fixture
def kind() -> str:
    """Which database the town lives on; a module that wants both has a fixture of that name with both as params."""
    return "sqlite"


@pytest.fixture
def town(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A town of one's own."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("published"), tmp_path / "town.sqlite")
        yield Town(f"sqlite:///{tmp_path / 'town.sqlite'}", find_families(), WorkingCalendar())
        return
    cluster: Cluster = request.getfixturevalue("shared_cluster")
    url = cluster.copy_database(request.getfixturevalue("published_on_postgresql"))
    yield Town(url, find_families(), WorkingCalendar())
    cluster.drop_database(url)


@pytest.fixture
def clock() -> ManualClock:
    """1 July 2026, in the morning."""
    return ManualClock(START)


@pytest.fixture
def engine(town: Town, clock: ManualClock) -> Iterator[Engine]:
    """The town's engine."""
    with town.open(clock) as opened:
        yield opened


def fictitious(serial: int) -> str:
    """A well-formed number of somebody born in 1888, who cannot be living."""
    nine = f"880209{serial:03d}"
    return f"18{nine}{check_digit(nine)}"


def row(person: int, month: str, outcome: str = "bifall", reference: str | None = None, unit: str = "sdf_norr") -> str:
    """One row of a decision file, about the `person`-th person."""
    told = reference or f"EB-{person}-{month}"
    return f"{fictitious(person)};H{person};{unit};{month};{outcome};arbetslos;{month}-03;{told}"


def write(path: Path, *rows: str) -> Path:
    """A decision file with these rows."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, to see that nothing changed."""
    with engine.database.reading() as reader:
        return {name: _rows(reader, name) for name in sorted(_tables(engine))}


def _tables(engine: Engine) -> set[str]:
    return {name for part in engine.database.parts for name in part.metadata.tables}


def _rows(reader: Reader, table: str) -> list[tuple[object, ...]]:
    result = reader.connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2')
    return [tuple(each) for each in result]
