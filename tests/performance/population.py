"""Cases in bulk: blocks of cases that the engine itself made, written again under other ids as often as asked for.

A block is what the autopilot leaves behind with the real engine. Each copy gets ids, references, identities and
database numbers of its own, everywhere they occur (rows, snapshots, payloads, messages), and hash chains computed
anew; `tests/integration/performance` holds a copied case against the engine's own. Only benches and tests of query
plans write so; the product's data is never written in bulk.

Unlike the engine's, the ids of a block lie beside each other: a store that does not fit in memory is read a little
faster than one that has grown.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, Text, func, insert, select, text

from engine.bpmn.snapshot import MAGIC
from engine.clock import Clock, ManualClock
from engine.engine import Engine
from engine.history import line_hash, payload_digest
from engine.store.schema import metadata
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.aktivitetskrav.records.tables import activity
from processes.aktivitetskrav.records.tables import metadata as registers
from stegvis import installation, open_installation

BLOCK_CASES, BLOCK_MONTHS = 40, 3
UNTIL = datetime(2026, 9, 30, 14, 30, tzinfo=UTC)
"""The moment of every population: when its block's last day ends."""
TAG = "5e9b10c0"
"""How every id of a template begins; a copy has its block's number there."""
STRIDE = 1_000_000
"""How far apart the database numbers of two blocks are."""
SHARED = {
    "resource", "release", "release_resource", "process_definition", "start_subscription", "recurring", "lease",
    "idempotency", "migration", "migration_outcome", "ak_activity",
    "ak_provider",
}  # fmt: skip
"""Tables that hold what all cases share: a population leaves them as they are."""
_ID = re.compile(r"\b[0-9a-f]{8}(?=[0-9a-f]{24}\b)")
_ID_BYTES = re.compile(rb"\b[0-9a-f]{8}(?=[0-9a-f]{24}\b)")
_NUMBER = re.compile(rb'("\w+Id":")(\d+)(?=")')
_COMPRESSED, _COMPRESS_FROM = 2, 1_500  # of engine.bpmn.snapshot
Values = dict[str, Any]
Change = Callable[[Any, int], Any]


@dataclass(frozen=True)
class Part:
    """One table's rows in the template, and which of its columns change from block to block."""

    table: Table
    rows: list[Values]
    changes: Mapping[str, Change]


@dataclass(frozen=True)
class Template:
    """What a block of cases consists of."""

    cases: int
    parts: tuple[Part, ...]
    activities: tuple[Values, ...]
    """The catalogue as the block's months left it: agreements add to it."""


@cache
def template(cases: int = BLOCK_CASES, months: int = BLOCK_MONTHS) -> Template:
    """A block as the engine makes it; made once in a program's life."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'block.db'}"
        live(url, cases, months)
        with installation(url) as room, room.engine.database.reading() as reader:
            return read_template(reader)


def live(url: str, cases: int, months: int) -> None:
    """Let the autopilot live through some months on a new database, until `UNTIL`."""
    with installation(url, clock=ManualClock(UNTIL)) as room:
        roles, calendar = room.families.roles, room.calendar

    def opened(clock: Clock) -> Engine:
        return open_installation(url, clock=clock).engine

    seed(opened, roles, calendar, cases=cases, months=months, until=UNTIL)


def read_template(reader: Reader) -> Template:
    """The rows of all cases in a store."""
    tables = [table for each in (metadata, registers) for table in each.sorted_tables if table.name not in SHARED]
    parts = []
    for table in tables:
        found = [dict(row._mapping) for row in reader.query(select(table))]
        rows = [row for row in found if table.name != "timer" or row["instance_id"] is not None]
        if rows:
            parts.append(Part(table, [_tagged(row) for row in rows], _changes(table, rows)))
    cases = next(len(part.rows) for part in parts if part.table.name == "case_")
    activities = tuple(dict(row._mapping) for row in reader.query(select(activity)))
    return Template(cases, tuple(parts), activities)


def fill(uow: UnitOfWork, cases: int, block: Template | None = None, first: int = 1) -> int:
    """Write at least so many cases (whole blocks, numbered from `first`); how many they are."""
    block = block or template()
    blocks = -(-cases // block.cases)
    known = {row[0] for row in uow.query(select(activity.c.id))}
    uow.write_many(insert(activity), [row for row in block.activities if row["id"] not in known])
    for number in range(first, first + blocks):
        for table, rows in copies(block, number):
            uow.write_many(insert(table), rows)
    if not uow.is_sqlite:
        _count_on(uow, block)
    return blocks * block.cases


def copies(block: Template, number: int) -> Iterator[tuple[Table, list[Values]]]:
    """The rows of one block, table by table, so that what is referred to comes first."""
    digests: dict[tuple[str, int], bytes] = {}
    kept: dict[str, list[Values]] = {}
    for part in block.parts:
        changes = part.changes.items()
        rows = [{**row, **{name: change(row[name], number) for name, change in changes}} for row in part.rows]
        kept[part.table.name] = rows
        if part.table.name == "payload":
            digests = {(row["chain"], row["seq"]): payload_digest(row["salt"], row["body"]) for row in rows}
    heads = _chained(kept["event"], digests)
    for owner in ("case_", "process_instance"):
        for row in kept[owner]:
            if row["history_seq"]:
                row["history_hash"] = heads[row["id"]]
    for part in block.parts:
        yield part.table, kept[part.table.name]


def _chained(events: list[Values], digests: Mapping[tuple[str, int], bytes]) -> dict[str, bytes]:
    """Compute the hashes of events anew; the end of each chain."""
    heads: dict[str, bytes] = {}
    for row in sorted(events, key=lambda each: (each["chain"], each["seq"])):
        chain, seq = row["chain"], row["seq"]
        digest, previous = digests.get((chain, seq)), heads.get(chain)
        where = (row["instance_id"], row["element"], row["name"])
        actor = (row["actor"], row["actor_name"])
        heads[chain] = line_hash(chain, seq, row["at"], actor, row["kind"], where, digest, previous)
        row.update(payload_digest=digest, previous=previous, hash=heads[chain])
    return heads


# --- what changes from block to block ---------------------------------------------------------------------------------


def _tagged(row: Values) -> Values:
    tagged: Values = {}
    for name, value in row.items():
        if isinstance(value, str):
            tagged[name] = _ID.sub(TAG, value)
        elif isinstance(value, bytes) and name in ("snapshot", "body", "variables", "draft", "payload", "answer"):
            tagged[name] = _ID_BYTES.sub(TAG.encode(), unpacked(value))
        else:
            tagged[name] = value
    return tagged


def _changes(table: Table, rows: list[Values]) -> dict[str, Change]:
    """By column: how its values become those of a block. Columns that never change are not named."""
    changes: dict[str, Change] = {}
    for column in table.columns:
        values = [row[column.name] for row in rows if row[column.name] is not None]
        change = _change(column, values) if values else None
        if change is not None:
            changes[column.name] = _or_none(change)
    return changes


def _or_none(change: Change) -> Change:
    return lambda value, number: None if value is None else change(value, number)


def _change(column: Column[Any], values: list[Any]) -> Change | None:
    special = _SPECIAL.get((column.table.name, column.name))
    if special is not None:
        return special
    if isinstance(column.type, LargeBinary):
        packed = {"snapshot": _snapshot, "body": _body, "variables": _body, "draft": _body, "payload": _body}
        return packed.get(column.name)
    if isinstance(column.type, Text) and any(isinstance(value, str) and _ID.search(value) for value in values):
        return _text
    counts = column.primary_key and column.autoincrement is not False and isinstance(values[0], int)
    refers = any(key.column.table.name not in SHARED and isinstance(values[0], int) for key in column.foreign_keys)
    if (counts and len(column.table.primary_key.columns) == 1) or refers or column.name == "job_id":
        return lambda value, number: value + number * STRIDE
    return None


def _text(value: str, number: int) -> str:
    return value.replace(TAG, f"{number:08x}")


def _body(value: bytes, number: int) -> bytes:
    changed = value.replace(TAG.encode(), b"%08x" % number)
    if b'Id":"' not in changed:
        return changed
    return _NUMBER.sub(lambda found: found[1] + b"%d" % (int(found[2]) + number * STRIDE), changed)


def _snapshot(value: bytes, number: int) -> bytes:
    raw = _body(value[4:], number)
    mode = value[3]
    if len(raw) >= _COMPRESS_FROM:
        mode |= _COMPRESSED
        raw = zlib.compress(raw, 1)
    return value[:3] + bytes((mode,)) + raw


def unpacked(value: bytes) -> bytes:
    """A snapshot without its compression; other bytes as they are."""
    if value[:2] == MAGIC and value[3] & _COMPRESSED:
        return value[:3] + bytes((value[3] & ~_COMPRESSED,)) + zlib.decompress(value[4:])
    return value


def _reference(value: str | None, number: int) -> str | None:
    """AK-000017 in block 3 of 40 cases: AK-000137."""
    found = re.fullmatch(r"(AK-|H)(\d{6})", value or "")
    return f"{found[1]}{int(found[2]) + number * BLOCK_CASES:06d}" if found else value


def _identity(value: str, number: int) -> str:
    """A temporary identity, as case systems give them: with a letter, so nobody's personnummer."""
    return f"{value[:8]}{chr(ord('A') + number // 46_656 % 26)}{_base36(number % 46_656)}"


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 1296] + digits[number // 36 % 36] + digits[number % 36]


def _sender(value: str, number: int) -> str:
    """The sender's id of a message: aktivitetskrav:<person>:<month>:<reference>."""
    family, person, rest = value.split(":", 2)
    return f"{family}:{int(person) + number * STRIDE}:{rest}" if family == "aktivitetskrav" else value


_SPECIAL: dict[tuple[str, str], Change] = {
    ("case_", "reference"): _reference,
    ("event", "name"): _reference,
    ("ak_household", "reference"): _reference,
    ("ak_person", "number"): _identity,
    ("ak_person", "kind"): lambda _value, _number: "tillfallig",
    ("message", "message_id"): _sender,
}


def _count_on(uow: UnitOfWork, block: Template) -> None:
    """PostgreSQL: let the sequences go on after the numbers that were given."""
    for part in block.parts:
        for column in part.table.columns:
            if column.name in part.changes and column.primary_key and isinstance(part.rows[0][column.name], int):
                highest = uow.query_scalar(select(func.max(column)))
                uow.connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:owner, :named), :highest)"),
                    {"owner": part.table.name, "named": column.name, "highest": highest},
                )
