"""A database as lines of text, with a manifest: its schema's version, and of each table the shape, rows and checksum.

The first line is the manifest's head with the row counts; each table is a line with its shape, a line for each row, and
a line with its checksum; the last line says that all is there. A dump can be loaded into either kind of database, and
by later versions of this program: they make the schema that the dump was made of, fill it and migrate it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

import orjson
from sqlalchemy import inspect

from engine.clock import Clock
from engine.errors import Damaged, SchemaMismatch
from engine.store.copying import CopiedTable, Progress, TargetNotEmpty, compare, require_known_tables
from engine.store.database import Database, LostRace
from engine.store.migrating import SchemaPart, is_known, migrate, migrate_to, versions
from engine.store.shapes import TableShape, shapes_of
from engine.store.table_stream import (
    Checksum,
    Values,
    checksum_of,
    count_rows,
    last_number,
    line_reader,
    line_writer,
    rows_of,
    set_last_number,
    write_rows,
)
from engine.store.unit_of_work import Reader, UnitOfWork

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a dump says of itself."""

    made_at: datetime
    program: str
    """The version of Stegvis that made it."""
    schema: Mapping[str, str]
    """Part to the version of its schema."""
    rows: Mapping[str, int]
    """Table to how many rows it has."""


def dump(
    database: Database, program: str, made_at: datetime, progress: Progress, manifest: Callable[[Manifest], None]
) -> Iterator[bytes]:
    """The lines of a whole database as of one moment, while others go on working; SchemaMismatch, InvalidInput.

    `manifest` hears what will be in it, before the first line.
    """
    database.require_schema()
    shapes = shapes_of(database.parts)
    with database.reading() as reader:
        require_known_tables(reader, database, shapes)
        rows = {shape.name: count_rows(reader, shape) for shape in shapes}
        told = Manifest(made_at, program, versions(reader.connection, database.parts), rows)
        manifest(told)
        yield orjson.dumps(
            {
                "stegvis_backup": FORMAT,
                "made_at": told.made_at.isoformat(),
                "program": told.program,
                "schema": told.schema,
                "rows": told.rows,
            }
        )
        for shape in shapes:
            yield from _dump_table(reader, shape, rows[shape.name], progress)
    yield orjson.dumps({"complete": True, "tables": len(shapes)})


def load(
    target: Database, lines: Iterator[bytes], clock: Clock, progress: Progress
) -> tuple[Manifest, list[CopiedTable]]:
    """Fill a database without tables from a dump, and migrate it to this program's schema: all of it or nothing.

    Raises Damaged where the lines are no dump, or not a whole one, SchemaMismatch for one of a newer program,
    TargetNotEmpty.
    """
    manifest = read_manifest(next(lines, b""))
    try:
        with target.transaction(clock) as uow:
            loaded = load_as_dumped(uow, lines, manifest, target.parts, progress)
            migrate(uow.connection, target.parts)
    except LostRace as error:
        raise Damaged("The backup holds rows that contradict each other.") from error
    return manifest, loaded


def load_as_dumped(
    uow: UnitOfWork, lines: Iterator[bytes], manifest: Manifest, parts: Sequence[SchemaPart], progress: Progress
) -> list[CopiedTable]:
    """Make the schema that a dump was made of, and fill it with what follows the manifest; raises as `load` does."""
    known = {part.name: part for part in parts}
    _require_known(manifest, known)
    if [name for name in inspect(uow.connection).get_table_names() if not name.startswith("sqlite_")]:
        raise TargetNotEmpty("The database to restore to has tables already: give one without any.")
    migrate_to(uow.connection, [known[name] for name in manifest.schema], manifest.schema)
    return _load_tables(uow, lines, manifest, parts, progress)


def read_manifest(line: bytes) -> Manifest:
    """The manifest's head; Damaged for anything else."""
    said = _said(line)
    if said.get("stegvis_backup") != FORMAT:
        raise Damaged("This is not a backup of Stegvis, or one of a format that this program does not know.")
    try:
        return Manifest(datetime.fromisoformat(said["made_at"]), said["program"], said["schema"], said["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged("The backup's manifest is damaged.") from error


def _dump_table(reader: Reader, shape: TableShape, total: int, progress: Progress) -> Iterator[bytes]:
    made, write = Checksum(), line_writer(shape)
    yield orjson.dumps({**shape.as_json(), "last_number": last_number(reader, shape)})
    for values in rows_of(reader, shape):
        line = write(values)
        made.add(line)
        yield line
        if made.rows % 1_000 == 0:
            progress(shape.name, made.rows, total)
    progress(shape.name, made.rows, total)
    yield orjson.dumps({"end": shape.name, "rows": made.rows, "checksum": made.hexdigest()})


def _require_known(manifest: Manifest, parts: Mapping[str, SchemaPart]) -> None:
    for name, version in manifest.schema.items():
        if name not in parts or not is_known(parts[name], version):
            raise SchemaMismatch(
                f"The backup was made by Stegvis {manifest.program}; this program does not know version {version} of "
                f"the schema's part {name!r}. Restore it with that version or a later one."
            )


def _load_tables(
    uow: UnitOfWork, lines: Iterator[bytes], manifest: Manifest, parts: Sequence[SchemaPart], progress: Progress
) -> list[CopiedTable]:
    found = inspect(uow.connection)
    known = set(found.get_table_names()) - {part.version_table for part in parts}
    loaded: list[CopiedTable] = []
    for line in lines:
        said = _said(line)
        if said.get("complete"):
            if next(lines, None) is not None:
                raise Damaged("The backup goes on after its end.")
            break
        shape = TableShape.from_json(said)
        if shape.name not in known or {name for name, _ in shape.columns} - {
            each["name"] for each in found.get_columns(shape.name)
        }:
            raise Damaged(f"The backup has a table {shape.name!r} or columns of it that its schema does not have.")
        loaded.append(_load_table(uow, shape, said, lines, manifest.rows.get(shape.name, 0), progress))
    else:
        raise Damaged("The backup is not whole: its end is missing.")
    if {each.name: each.rows for each in loaded} != dict(manifest.rows):
        raise Damaged("The backup does not hold the rows that its manifest names.")
    return loaded


def _load_table(
    uow: UnitOfWork,
    shape: TableShape,
    said: Mapping[str, Any],
    lines: Iterator[bytes],
    total: int,
    progress: Progress,
) -> CopiedTable:
    read, parse = Checksum(), line_reader(shape)
    last = b""

    def is_row(line: bytes) -> bool:
        nonlocal last
        last = line
        return line.startswith(b"[")

    def rows() -> Iterator[Values]:
        for line in takewhile(is_row, lines):
            read.add(line)
            yield parse(line)

    write_rows(uow, shape, rows(), lambda done: progress(shape.name, done, total))
    told = _said(last)
    if told != {"end": shape.name, "rows": read.rows, "checksum": read.hexdigest()}:
        raise Damaged(f"The table {shape.name} in the backup is damaged: its checksum is another.")
    set_last_number(uow, shape, int(said.get("last_number") or 0))
    return compare(shape, read, checksum_of(uow, shape))


def _said(line: bytes) -> Mapping[str, Any]:
    try:
        said = orjson.loads(line)
    except ValueError as error:
        raise Damaged("The backup is damaged: a line cannot be read.") from error
    if not isinstance(said, dict):
        raise Damaged("The backup is damaged: a row stands where there should be none.")
    return said
