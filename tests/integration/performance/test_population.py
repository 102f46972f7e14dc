"""Cases written in bulk for benches are what the engine would have written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import ManualClock
from engine.engine import Engine
from engine.protocols import SYSTEM
from engine.store.rows import Paging
from engine.store.schema import metadata, work_item
from processes.aktivitetskrav.records.tables import metadata as registers
from stegvis import installation
from tests.performance import population
from tests.performance.population import STRIDE

CASES, MONTHS = 10, 3
ITS_OWN = {
    "hash", "previous", "history_hash", "payload_digest", "salt",  # over ids that differ
    "number", "kind", "reference", "message_id",  # of a person and a case of its own
}  # fmt: skip
ID = re.compile(r"[0-9a-f]{8}(?=[0-9a-f]{24})")
NUMBER = re.compile(r'(?<=Id":")\d+')


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store that the engine has filled."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lived') / 'store.db'}"
    population.live(url, CASES, MONTHS)
    with installation(url, clock=ManualClock(population.UNTIL)) as room:
        yield room.engine


@pytest.fixture(scope="module")
def copied(lived: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with two blocks of the same cases, written in bulk."""
    with lived.database.reading() as reader:
        block = population.read_template(reader)
    url = f"sqlite:///{tmp_path_factory.mktemp('copied') / 'store.db'}"
    with installation(url, clock=ManualClock(population.UNTIL)) as room:
        with room.engine.database.transaction(room.engine.clock) as uow:
            population.fill(uow, 2 * block.cases, block)
        yield room.engine


def test_a_bulk_case_has_the_rows_that_the_engine_wrote(lived: Engine, copied: Engine) -> None:
    # given a store that the engine filled, and copies of its cases
    original, copies = _rows(lived), _rows(copied)
    # then every row is there as often as there are blocks, the same but for its ids
    assert original["event"]
    assert original["work_item"]
    assert copies.keys() == original.keys()
    for table, rows in original.items():
        assert copies[table] == sorted(rows * 2), table


def test_a_store_filled_in_bulk_is_sound(copied: Engine) -> None:
    assert copied.verify() == []


def test_the_engine_goes_on_with_a_bulk_case_as_with_its_own(lived: Engine, copied: Engine) -> None:
    # given the same open task in both stores
    item_id = _some_open_item(lived)
    in_bulk = f"{1:08x}{item_id[8:]}"
    # when it is completed in both, and what follows from that has run
    after = []
    for engine, each in ((lived, item_id), (copied, in_bulk)):
        case_id = next(item.case_id for item in engine.queries.items() if item.id == each)
        assert case_id is not None
        before = engine.queries.history(case_id, Paging(1, 500)).total
        engine.complete(each, {}, actor=SYSTEM)
        engine.run_until_idle()
        history = engine.queries.history(case_id, Paging(1, 500))
        told = [(line.kind, line.element, line.name) for line in history.items[: history.total - before]]
        after.append((told, sorted(item.name for item in engine.queries.open_items(case_id=case_id))))
    # then the same has happened, and the store is sound
    assert after[0] == after[1]
    assert after[0][0]
    assert copied.verify() == []


def _some_open_item(engine: Engine) -> str:
    with engine.database.reading() as reader:
        found = select(work_item.c.id).where(work_item.c.state == "open", work_item.c.element_id != "aterkoppla")
        return str(reader.query_scalar(found.order_by(work_item.c.created_at, work_item.c.element_id)))


def _rows(engine: Engine) -> dict[str, list[str]]:
    """The rows of every table that is not shared, as texts without what is each case's own."""
    found = {}
    with engine.database.reading() as reader:
        for table in [*metadata.sorted_tables, *registers.sorted_tables]:
            if table.name in population.SHARED:
                continue
            rows = [dict(row._mapping) for row in reader.query(select(table))]
            mine = [row for row in rows if table.name != "timer" or row["instance_id"] is not None]
            if mine:
                found[table.name] = sorted(_told(row) for row in mine)
    return found


def _told(row: dict[str, Any]) -> str:
    told = {name: _plain(name, value) for name, value in row.items() if name not in ITS_OWN}
    return NUMBER.sub(lambda found: str(int(found[0]) % STRIDE), ID.sub("", re.sub(r"AK-\d{6}", "AK", str(told))))


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return population.unpacked(value).decode(errors="replace")
    return value % STRIDE if isinstance(value, int) and not isinstance(value, bool) else value
