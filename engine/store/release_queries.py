"""What is published: definitions and releases."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.store.rows import DefinitionRow, ReleaseRow
from engine.store.schema import process_definition, release
from engine.store.unit_of_work import Reader

DEFINITIONS = select(
    process_definition.c.id,
    process_definition.c.process_id,
    process_definition.c.version,
    process_definition.c.name,
    process_definition.c.version_tag,
    process_definition.c.release,
    process_definition.c.file,
    process_definition.c.digest,
)
RELEASES = select(release.c.number, release.c.at, release.c.author, release.c.approver, release.c.note)
_NEWEST = select(func.max(process_definition.c.id)).group_by(process_definition.c.process_id)
_LATEST = DEFINITIONS.where(process_definition.c.id.in_(_NEWEST)).order_by(process_definition.c.name)


def latest_definitions(reader: Reader) -> list[DefinitionRow]:
    """The latest version of each process, by name."""
    return [DefinitionRow(**row._mapping) for row in reader.rows(_LATEST)]


def definition_versions(reader: Reader, process_id: str) -> list[DefinitionRow]:
    """The versions of a process, latest first."""
    found = DEFINITIONS.where(process_definition.c.process_id == process_id)
    return [DefinitionRow(**row._mapping) for row in reader.query(found.order_by(process_definition.c.version.desc()))]


def releases(reader: Reader) -> list[ReleaseRow]:
    """Every release, latest first, with the definitions that came with it."""
    new: dict[int, list[DefinitionRow]] = {}
    for row in reader.query(DEFINITIONS.order_by(process_definition.c.process_id)):
        new.setdefault(row.release, []).append(DefinitionRow(**row._mapping))
    return [
        ReleaseRow(**row._mapping, definitions=tuple(new.get(row.number, ())))
        for row in reader.query(RELEASES.order_by(release.c.number.desc()))
    ]
