"""Rows as a stream: read in key order, one line of JSON each with a checksum over all, and written again in batches."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Integer, Text, bindparam, cast, column, delete, func, insert, select, table, update
from sqlalchemy.dialects.postgresql import REGCLASS

from engine.errors import Damaged
from engine.store.shapes import Kind, TableShape
from engine.store.unit_of_work import Reader, UnitOfWork

BATCH = 500
"""Rows held in memory at a time."""

Values = Mapping[str, Any]
_Codec = Callable[[Any], Any]
_SQLITE_SEQUENCE = table("sqlite_sequence", column("name", Text()), column("seq", Integer()))


class Checksum:
    """SHA-256 over the lines of a table's rows: the same rows give the same on every database."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, line: bytes) -> None:
        """Take the next row's line."""
        self.rows += 1
        self._hash.update(line)
        self._hash.update(b"\n")

    def hexdigest(self) -> str:
        """The checksum so far."""
        return self._hash.hexdigest()


def rows_of(reader: Reader, shape: TableShape) -> Iterator[Values]:
    """All rows of a table in the order of its key, read as they are asked for."""
    statement = shape.in_order(is_sqlite=reader.is_sqlite).execution_options(yield_per=BATCH)
    names = [name for name, _ in shape.columns]
    for row in reader.connection.execute(statement):
        yield dict(zip(names, row, strict=True))


def line_writer(shape: TableShape) -> Callable[[Values], bytes]:
    """Makes a row's line: a JSON list of its values in the order of the columns."""
    columns = [(name, _ENCODERS.get(kind)) for name, kind in shape.columns]

    def line(values: Values) -> bytes:
        return orjson.dumps(
            [
                value if encode is None or value is None else encode(value)
                for value, encode in ((values[name], encode) for name, encode in columns)
            ]
        )

    return line


def line_reader(shape: TableShape) -> Callable[[bytes], dict[str, Any]]:
    """Reads a row's line again; Damaged where it is none."""
    columns = [(name, _DECODERS.get(kind)) for name, kind in shape.columns]

    def read(line: bytes) -> dict[str, Any]:
        try:
            values = orjson.loads(line)
            return {
                name: value if decode is None or value is None else decode(value)
                for (name, decode), value in zip(columns, values, strict=True)
            }
        except (ValueError, TypeError) as error:
            raise Damaged(f"A row of the table {shape.name} is damaged.") from error

    return read


def checksum_of(reader: Reader, shape: TableShape) -> Checksum:
    """The checksum of a table as it stands."""
    made, line = Checksum(), line_writer(shape)
    for values in rows_of(reader, shape):
        made.add(line(values))
    return made


def write_rows(uow: UnitOfWork, shape: TableShape, rows: Iterable[Values], written: Callable[[int], None]) -> None:
    """Write a table's rows in batches; `written` hears how many are there after each.

    Columns that refer to the table itself are filled in at the end, when all rows they may refer to are there.
    """
    statement = insert(shape.clause)
    later: list[dict[str, Any]] = []
    done = 0
    for batch in _batches(rows):
        if shape.own_references:
            later += [_reference(shape, each) for each in batch if any(each[name] for name in shape.own_references)]
            batch = [{**each, **dict.fromkeys(shape.own_references)} for each in batch]
        uow.connection.execute(statement, batch)
        done += len(batch)
        written(done)
    if later:
        fill = (
            update(shape.clause)
            .where(*(shape.clause.c[name] == bindparam(f"of_{name}") for name in shape.key))
            .values({name: bindparam(f"new_{name}") for name in shape.own_references})
        )
        uow.connection.execute(fill, later)


def count_rows(reader: Reader, shape: TableShape) -> int:
    """How many rows a table has."""
    return int(reader.query_scalar(select(func.count()).select_from(shape.clause)))


def is_empty(reader: Reader, shape: TableShape) -> bool:
    """Whether a table has no row."""
    return reader.query_first(select(shape.clause.c[shape.key[0]]).limit(1)) is None


def last_number(reader: Reader, shape: TableShape) -> int:
    """The last number that a table's counter gave away; also of rows that are gone, where the database knows."""
    if shape.counter is None:
        return 0
    highest = int(reader.query_scalar(select(func.coalesce(func.max(shape.clause.c[shape.counter]), 0))))
    if reader.is_sqlite:
        found = reader.query_scalar(select(_SQLITE_SEQUENCE.c.seq).where(_SQLITE_SEQUENCE.c.name == shape.name))
    else:
        found = reader.query_scalar(select(func.pg_sequence_last_value(_sequence(shape))))
    return max(highest, int(found or 0))


def set_last_number(uow: UnitOfWork, shape: TableShape, number: int) -> None:
    """Let a table's counter go on after a number."""
    if shape.counter is None or number < 1:
        return
    if uow.is_sqlite:
        uow.connection.execute(delete(_SQLITE_SEQUENCE).where(_SQLITE_SEQUENCE.c.name == shape.name))
        uow.connection.execute(insert(_SQLITE_SEQUENCE), {"name": shape.name, "seq": number})
    else:
        uow.query_scalar(select(func.setval(_sequence(shape), number)))


def _sequence(shape: TableShape) -> Any:
    return cast(func.pg_get_serial_sequence(shape.name, shape.counter), REGCLASS)


def _reference(shape: TableShape, row: Values) -> dict[str, Any]:
    return {
        **{f"of_{name}": row[name] for name in shape.key},
        **{f"new_{name}": row[name] for name in shape.own_references},
    }


def _batches(rows: Iterable[Values]) -> Iterator[Sequence[Values]]:
    batch: list[Values] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


_ENCODERS: Mapping[Kind, _Codec] = {
    Kind.BYTES: lambda value: base64.b64encode(value).decode(),
    Kind.MOMENT: datetime.isoformat,
    Kind.DATE: date.isoformat,
    Kind.JSON: lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
}
_DECODERS: Mapping[Kind, _Codec] = {
    Kind.BYTES: lambda text: base64.b64decode(text, validate=True),
    Kind.MOMENT: datetime.fromisoformat,
    Kind.DATE: date.fromisoformat,
    Kind.JSON: json.loads,
}
