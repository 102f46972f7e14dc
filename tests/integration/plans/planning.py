"""What a database says of how it would answer a statement, and which of it does not scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, LargeBinary, Text, event
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeEngine

from engine.store.columns import UtcDateTime
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records.columns import CalendarMonth

FEW_ROWS = frozenset(
    {
        "release", "release_resource", "resource", "process_definition", "start_subscription", "recurring", "lease",
        "migration", "ak_activity", "recurring_run", "ak_report", "ak_report_figure",
        "parameter_change", "worker",
    }
)  # fmt: skip
"""Tables that grow with what is published, set up or run by the clock, not with cases: they may be read whole."""
LEADS_TO_FEW = frozenset({"work_item_candidate"})
"""Tables with few rows by nature, which lead to as few others."""
_SAMPLES: tuple[tuple[type[TypeEngine[Any]], Any], ...] = (
    (UtcDateTime, datetime(2026, 1, 1, tzinfo=UTC)),
    (CalendarMonth, Month(2026, 1)),
    (Date, date(2026, 1, 1)),
    (LargeBinary, b"x"),
    (JSON, {}),
    (Boolean, True),
    (Text, "x"),
)
_SQLITE_READ = re.compile(r"^(SCAN|SEARCH) (\S+)(.*)$")
_ALIAS = re.compile(r'(?:FROM|JOIN|,)\s+"?(\w+)"?\s+AS\s+"?(\w+)"?', re.IGNORECASE)
_OF_ONE = re.compile(r"\((?:id|rowid|case_id|instance_id|assignee|chain|parent_id)=\?")
"""A search for what is few by nature: the rows of one case, instance or person, or those already looked up."""
_OF_ONE_COND = re.compile(r"\b(?:id|case_id|instance_id|assignee|chain|parent_id) =")
_NAMED = re.compile(r"(?:WITH(?: RECURSIVE)?|,)\s+(\w+)(?:\([^)]*\))? AS\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """One statement as the driver gets it."""

    sql: str
    parameters: Any


class Overheard(UnitOfWork):
    """A unit of work that remembers the statements it was asked; they run as any other."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        super().__init__(connection, now)
        self.asked: list[Asked] = []
        event.listen(connection, "before_cursor_execute", self._hear)

    def _ready(self, statement: Any, keys: tuple[str, ...] | None = None) -> None:
        return None  # past the prepared statements, so that every one is heard

    def _hear(self, _connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        self.asked.append(Asked(sql, parameters[0] if many else parameters))


def sample_parameters(statement: Any) -> dict[str, Any]:
    """Some value for each place of a statement that was made at import."""
    return {name: _sample(bind) for name, bind in statement.compile().binds.items() if bind.required}


def _sample(bind: BindParameter[Any]) -> Any:
    value = next((value for kind, value in _SAMPLES if isinstance(bind.type, kind)), 1)
    return [value, value] if bind.expanding else value


def complaints(connection: Connection, asked: Asked, *, page: bool) -> list[str]:
    """What does not scale in the way the database would answer.

    page: the rows are a page of a list of any length, so that they must come in order from an index; else they are
    few by nature (those of one case) and may be sorted.
    """
    if connection.dialect.name == "sqlite":
        return list(_sqlite(connection, asked, page))
    return list(_postgresql(connection, asked, page))


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _sqlite(connection: Connection, asked: Asked, page: bool) -> Iterator[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.sql}", asked.parameters).all()
    names = {alias: table for table, alias in _ALIAS.findall(asked.sql)}
    names.update(dict.fromkeys(_NAMED.findall(asked.sql), "(named)"))
    limited = "LIMIT" in asked.sql
    steps = [(row[1], row[3]) for row in rows]
    for parent, step in steps:
        read = _SQLITE_READ.match(step)
        if read is not None and read[1] == "SCAN":
            table = names.get(read[2], read[2])
            # With a limit it is a walk in the index's order, or the key's, that ends when the page is full.
            if _is_large(table) and not (limited and (page or "USING" in read[3])):
                yield step
        if page and step.startswith("USE TEMP B-TREE FOR") and "ORDER BY" in step:
            beside = [_SQLITE_READ.match(other) for above, other in steps if above == parent]
            sorted_from = [names.get(found[2], found[2]) for found in beside if found is not None]
            few = any(found is not None and _OF_ONE.search(found[3]) for found in beside)
            if not few and any(_is_large(table) for table in sorted_from):
                yield f"{step} of {', '.join(sorted_from)}"


def _is_large(table: str) -> bool:
    derived = table.startswith("(") or table.startswith("anon_") or table in ("CONSTANT", "SUBQUERY", "COMPOUND")
    return not derived and table not in FEW_ROWS


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _postgresql(connection: Connection, asked: Asked, page: bool) -> Iterator[str]:
    for way in ("seqscan", "sort"):  # on so few rows they are the cheapest; what is left of them could not be otherwise
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.sql}", asked.parameters).scalar_one()
    yield from _node(found[0]["Plan"], page)


def _node(node: dict[str, Any], page: bool) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in FEW_ROWS:
        yield f"Seq Scan on {node['Relation Name']}"
    if page and node["Node Type"] == "Sort":
        large = [name for name in _sorted_tables(node) if name not in FEW_ROWS]
        if large and not LEADS_TO_FEW & set(large):
            yield f"Sort of {', '.join(large)}"
    for child in node.get("Plans", ()):
        yield from _node(child, page)


def _sorted_tables(node: dict[str, Any]) -> Iterator[str]:
    """The tables whose rows reach a sort without a limit in between."""
    for child in node.get("Plans", ()):
        if child["Node Type"] == "Limit" or child.get("Parent Relationship") in ("SubPlan", "InitPlan"):
            continue
        if "Relation Name" in child and not _OF_ONE_COND.search(child.get("Index Cond", "")):
            yield child["Relation Name"]
        yield from _sorted_tables(child)


# --- work -------------------------------------------------------------------------------------------------------------


def instructions(connection: Connection, question: Callable[[], object]) -> int:
    """How many tens of instructions SQLite's virtual machine runs for a question: its cost, whatever the clock."""
    driver: Any = connection.connection.dbapi_connection
    counted = 0

    def tick() -> int:
        nonlocal counted
        counted += 1
        return 0

    driver.set_progress_handler(tick, 10)
    try:
        question()
    finally:
        driver.set_progress_handler(None, 0)
    return counted


def shown(found: Sequence[str], sql: str) -> str:
    """Complaints with the statement they are about."""
    return "\n".join([*found, sql])
