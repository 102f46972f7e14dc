"""Copies one database to another, of whatever kind: all tables in one transaction, each compared by its checksum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import inspect

from engine.clock import Clock
from engine.errors import InvalidInput, StegvisError
from engine.store.database import Database
from engine.store.shapes import TableShape, shapes_of
from engine.store.table_stream import (
    Checksum,
    Values,
    checksum_of,
    count_rows,
    is_empty,
    last_number,
    line_writer,
    rows_of,
    set_last_number,
    write_rows,
)
from engine.store.unit_of_work import Reader, UnitOfWork

OTHERS_TABLES = ("sqlite_", "procrastinate_", "schema_version_queue")
"""How the names of tables begin that are not ours: what they hold is made anew from our rows."""
Progress = Callable[[str, int, int], None]
"""Hears of which table how many rows are written, and how many there are."""


class TargetNotEmpty(StegvisError):
    """The database to write to has something in it already: give an empty one."""

    code = "TARGET_NOT_EMPTY"


class CopyDiffers(StegvisError):
    """What was written is not what was read; nothing was kept."""

    code = "COPY_DIFFERS"


@dataclass(frozen=True)
class CopiedTable:
    """One table that has been copied."""

    name: str
    rows: int
    checksum: str
    """SHA-256 over its rows in key order, the same on both sides."""


def copy_database(source: Database, target: Database, clock: Clock, progress: Progress) -> list[CopiedTable]:
    """Copy all rows of a database, as of one moment, to an empty one; its schema is made where there is none.

    All of it or nothing: where it is broken off, the target stays empty. Raises SchemaMismatch, TargetNotEmpty,
    InvalidInput where the source has tables that this program does not know, CopyDiffers.
    """
    shapes = shapes_of(source.parts)
    source.require_schema()
    with source.reading() as reader:
        require_known_tables(reader, source, shapes)
        prepare_target(target)
        with target.transaction(clock) as uow:
            require_empty(uow, shapes)
            return [_copy(reader, uow, shape, progress) for shape in shapes]


def prepare_target(target: Database) -> None:
    """Make the schema where there is no table at all; raise SchemaMismatch where there is another one."""
    with target.reading() as reader:
        blank = not inspect(reader.connection).get_table_names()
    if blank:
        target.migrate()
    else:
        target.require_schema()


def require_known_tables(reader: Reader, database: Database, shapes: Sequence[TableShape]) -> None:
    """Raise InvalidInput where a database has tables of a part that this program does not have: they would be lost."""
    known = {shape.name for shape in shapes} | {part.version_table for part in database.parts}
    strange = [
        name
        for name in inspect(reader.connection).get_table_names()
        if name not in known and not name.startswith(OTHERS_TABLES)
    ]
    if strange:
        raise InvalidInput(f"The database has tables that this program does not know: {', '.join(sorted(strange))}.")


def require_empty(reader: Reader, shapes: Sequence[TableShape]) -> None:
    """Raise TargetNotEmpty where one of the tables has a row."""
    for shape in shapes:
        if not is_empty(reader, shape):
            raise TargetNotEmpty(f"The database to write to has rows already, in {shape.name}: give an empty one.")


def compare(shape: TableShape, wanted: Checksum, found: Checksum) -> CopiedTable:
    """What was copied; CopyDiffers where what was written reads otherwise."""
    if (wanted.rows, wanted.hexdigest()) != (found.rows, found.hexdigest()):
        raise CopyDiffers(f"The table {shape.name} reads otherwise after writing; nothing was kept.")
    return CopiedTable(shape.name, found.rows, found.hexdigest())


def _copy(reader: Reader, uow: UnitOfWork, shape: TableShape, progress: Progress) -> CopiedTable:
    total, read, line = count_rows(reader, shape), Checksum(), line_writer(shape)
    progress(shape.name, 0, total)

    def told() -> Iterator[Values]:
        for values in rows_of(reader, shape):
            read.add(line(values))
            yield values

    write_rows(uow, shape, told(), lambda done: progress(shape.name, done, total))
    set_last_number(uow, shape, last_number(reader, shape))
    return compare(shape, read, checksum_of(uow, shape))
