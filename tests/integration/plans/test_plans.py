"""No list, look-up or change reads a table that grows from end to end, and pages come in order from an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, SelectBase

from engine.store.database import Database
from processes.family import find_families
from tests.integration.plans import stores
from tests.integration.plans.planning import Overheard, complaints, instructions, sample_parameters, shown
from tests.integration.plans.questions import NOT_ASKED, QUESTIONS, Question, sample_of
from tests.integration.plans.statements import made_at_import, modules, put_together
from tests.performance import population
from tests.postgres import Cluster
from timers.queue.schema import migrate_queue

BLOCKS = 8
BOUND = 5
"""How far lists are counted where costs are compared, so that the small store has as many rows as are counted."""
STATEMENTS = made_at_import()
BASES = {
    "inbox.ITEMS": "narrowed by whoever asks",
    "item_queries.ITEMS": "the same statement",
    "case_queries._CASES": "narrowed by whoever asks",
    "instance_queries._EVENTS": "narrowed by whoever asks",
    "outcomes._SUBSCRIPTIONS": "limited by whoever asks",
    "outcomes._MESSAGES": "limited by whoever asks",
    "instance_queries._INSTANCES": "narrowed by whoever asks",
    "waiting_queries._TIMERS": "limited by whoever asks",
    "waiting_queries.JOBS": "limited by whoever asks",
    "job_lists.JOBS": "the same statement",
    "incident_groups._TROUBLE": "narrowed by whoever asks",
    "waiting_queries._INCIDENTS": "limited by whoever asks",
    "job_rows._LEASABLE": "walks the jobs that wait, oldest first; those that are done have no row",
    "waiting_rows._TIMERS": "narrowed by whoever asks",
    "deadline_rows._RUNNING": "due times are computed anew for all that runs, when a calendar or parameter changes",
    "locks._LOCK": "asks for a lock of PostgreSQL's, of no table",
    "persons._PERSON": "narrowed by whoever asks",
    "closings._ONE": "given its values by whoever asks",
    "population._OPEN_ITEMS": "the seed works through all tasks of a demonstration",
}
"""Statements that are parts of others, or are meant to read whole tables, and why."""
WHOLE = ("verify_rows.",)
"""Modules that read all of a store by their nature."""
GROWING = {
    "incident_groups._GROUPS": "groups all that is open",
    "job_rows._NEXT": "passes over jobs that others run, and the sample's types are no job's here",
    "job_rows._NEXT_LATER": "as job_rows._NEXT",
}
"""Statements that may cost more in the larger of two stores, and why."""
READING = [
    name
    for name, statement in STATEMENTS.items()
    if isinstance(statement, SelectBase) and name not in BASES | GROWING and not name.startswith(WHOLE)
]


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store of some hundred cases, on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("large")
        return
    cluster: Cluster = request.getfixturevalue("shared_cluster")
    url = cluster.new_database(find_families().parts)
    with _filled(url, BLOCKS) as database:
        yield database
    cluster.drop_database(url)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store of some hundred cases on SQLite."""
    with _filled(f"sqlite:///{tmp_path_factory.mktemp('large') / 'store.db'}", BLOCKS) as database:
        yield database


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A store with an eighth of them."""
    with _filled(f"sqlite:///{tmp_path_factory.mktemp('small') / 'store.db'}", 1) as database:
        yield database


@contextmanager
def _filled(url: str, blocks: int) -> Iterator[Database]:
    database = Database.open(url, parts=find_families().parts)
    if not database.is_sqlite:
        migrate_queue(database.driver_address)
    with population.installation(url):
        pass  # everything is published
    stores.fill(database, blocks)
    yield database
    database.close()


@pytest.fixture
def connection(store: Database) -> Iterator[Connection]:
    """A connection to the store, whose changes are taken back."""
    with store._write_engine.connect() as found, found.begin() as transaction:
        yield found
        transaction.rollback()


@pytest.mark.parametrize(
    "name", sorted(name for name in STATEMENTS.keys() - BASES.keys() if not name.startswith(WHOLE))
)
def test_statement_made_at_import_uses_an_index(connection: Connection, name: str) -> None:
    # given a statement that the program made ready
    uow, statement = Overheard(connection, population.UNTIL), STATEMENTS[name]
    # when the database is asked how it would answer
    connection.execute(statement, sample_parameters(statement))
    # then it reads no table that grows from end to end
    for asked in list(uow.asked):
        found = complaints(connection, asked, page=False)
        assert not found, shown(found, asked.sql)


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_uses_an_index(connection: Connection, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    # given a question that the program asks, of a store with more rows than are counted
    _count_few(monkeypatch)
    uow, question = Overheard(connection, population.UNTIL), QUESTIONS[name]
    sample = sample_of(uow)
    uow.asked.clear()
    # when it is asked
    question.ask(uow, sample)
    # then every statement behind it finds its rows by an index, and a page's rows in their order
    heard = list(uow.asked)
    assert heard
    for asked in heard:
        found = complaints(connection, asked, page=question.page)
        assert not found, shown(found, asked.sql)


@pytest.mark.parametrize("name", READING)
def test_statement_made_at_import_costs_the_same_in_a_store_eight_times_as_large(
    small: Database, large: Database, name: str
) -> None:
    # given a statement that reads, in a small and a large store
    statement = STATEMENTS[name]
    costs = []
    for database in (small, large):
        with database._write_engine.connect() as connection, connection.begin():
            parameters = sample_parameters(statement)
            costs.append(instructions(connection, lambda: connection.execute(statement, parameters).all()))  # noqa: B023
    # then the database does not work more in the large one
    assert costs[1] <= 2 * costs[0] + 100, costs


def test_every_question_is_asked_here() -> None:
    # given the functions that put a statement together
    found = set(put_together())
    # then each of them is among the questions, or named (itself, or its module) as one that is not
    asked = {question.function for question in QUESTIONS.values()}
    exempted = {name for name in found if name in NOT_ASKED or name.split(".")[0] + ".*" in NOT_ASKED}
    assert found - exempted <= asked
    there = {f"{name}.{label}" for name, module in modules() for label in vars(module)}
    assert asked <= there


def test_every_exemption_names_something() -> None:
    assert BASES.keys() | GROWING.keys() <= STATEMENTS.keys()
    assert {name.removesuffix(".*") for name in NOT_ASKED} <= {
        each for name in put_together() for each in (name, name.split(".")[0])
    }


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if not question.grows])
def test_a_question_costs_the_same_in_a_store_eight_times_as_large(
    small: Database, large: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # given the same question of a small and a large store, either with more rows than are counted
    _count_few(monkeypatch)
    costs = [_cost(database, QUESTIONS[name]) for database in (small, large)]
    # then the database does not work more for the large one's answer
    assert costs[1] <= 2 * costs[0] + 100, costs


def _count_few(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, module in modules():
        if hasattr(module, "COUNT_BOUND"):
            monkeypatch.setattr(module, "COUNT_BOUND", BOUND)


def _cost(database: Database, question: Question) -> int:
    with database._write_engine.connect() as connection, connection.begin():
        uow = Overheard(connection, population.UNTIL)
        sample = sample_of(uow)
        return instructions(connection, lambda: question.ask(uow, sample))
