"""The rows of releases, their files, and the process definitions in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from engine.errors import NotFound
from engine.store.release_queries import DEFINITIONS, RELEASES
from engine.store.rows import DefinitionRow, ReleaseRow
from engine.store.schema import process_definition, release, release_resource, resource
from engine.store.unit_of_work import Reader, UnitOfWork

_LATEST_RELEASE = select(func.max(release.c.number))
_INSERT_RELEASE = insert(release)
_RELEASE = RELEASES.where(release.c.number == bindparam("release"))
_NEW_IN = DEFINITIONS.where(process_definition.c.release == bindparam("release")).order_by(
    process_definition.c.process_id
)
_FILES = select(release_resource.c.name, release_resource.c.digest).where(
    release_resource.c.release == bindparam("release")
)
_INSERT_FILE = insert(release_resource)
_INSERT_RESOURCE = insert(resource)
_HAS_RESOURCE = select(resource.c.digest).where(resource.c.digest.in_(bindparam("digests", expanding=True)))
_CONTENT = select(resource.c.content).where(resource.c.digest == bindparam("digest"))
_INSERT_DEFINITION = insert(process_definition).returning(process_definition.c.id)
_BY_ID = DEFINITIONS.where(process_definition.c.id == bindparam("definition_id"))
_LATEST = (
    DEFINITIONS.where(process_definition.c.process_id == bindparam("process_id"))
    .order_by(process_definition.c.version.desc())
    .limit(1)
)
_IN_RELEASE = (
    DEFINITIONS.where(
        process_definition.c.process_id == bindparam("process_id"),
        process_definition.c.release <= bindparam("release"),
        process_definition.c.digest.in_(
            select(release_resource.c.digest).where(release_resource.c.release == bindparam("release"))
        ),
    )
    .order_by(process_definition.c.version.desc())
    .limit(1)
)
_BY_TAG = (
    DEFINITIONS.where(
        process_definition.c.process_id == bindparam("process_id"),
        process_definition.c.version_tag == bindparam("version_tag"),
    )
    .order_by(process_definition.c.version.desc())
    .limit(1)
)
_PROCESS_IDS = select(process_definition.c.process_id).distinct()


def latest_release(reader: Reader) -> int:
    """The number of the latest release; 0 where there is none."""
    return int(reader.scalar(_LATEST_RELEASE) or 0)


def insert_release(uow: UnitOfWork, values: dict[str, Any], files: Mapping[str, str]) -> None:
    """Write a release and which files (name to digest) it has."""
    uow.send(_INSERT_RELEASE, values)
    uow.write_many(
        _INSERT_FILE, [{"release": values["number"], "name": name, "digest": digest} for name, digest in files.items()]
    )


def release_row(reader: Reader, number: int) -> ReleaseRow:
    """One release with the definitions that came with it; NotFound where there is none."""
    row = reader.first(_RELEASE, {"release": number})
    if row is None:
        raise NotFound(f"There is no release {number}.")
    definitions = tuple(DefinitionRow(**each._mapping) for each in reader.rows(_NEW_IN, {"release": number}))
    return ReleaseRow(**row._mapping, definitions=definitions)


def files_of(reader: Reader, number: int) -> dict[str, str]:
    """The files of a release: name to digest."""
    return {row[0]: row[1] for row in reader.rows(_FILES, {"release": number})}


def insert_resources(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> None:
    """Write the contents that are not there yet."""
    known = {row[0] for row in uow.rows(_HAS_RESOURCE, {"digests": [row["digest"] for row in rows]})}
    fresh = {row["digest"]: row for row in rows if row["digest"] not in known}
    uow.write_many(_INSERT_RESOURCE, list(fresh.values()))


def content(reader: Reader, digest: str) -> bytes | None:
    """The content of a digest."""
    found = reader.scalar(_CONTENT, {"digest": digest})
    return None if found is None else bytes(found)


def insert_definition(uow: UnitOfWork, values: dict[str, Any]) -> int:
    """Write a new version of a process; its id."""
    return uow.insert(_INSERT_DEFINITION, values)


def definition(reader: Reader, definition_id: int) -> DefinitionRow | None:
    """One definition by its id."""
    return _row(reader.first(_BY_ID, {"definition_id": definition_id}))


def latest_definition(reader: Reader, process_id: str) -> DefinitionRow | None:
    """The latest version of a process."""
    return _row(reader.first(_LATEST, {"process_id": process_id}))


def definition_in_release(reader: Reader, process_id: str, number: int) -> DefinitionRow | None:
    """The version of a process that a release has."""
    return _row(reader.first(_IN_RELEASE, {"process_id": process_id, "release": number}))


def definition_by_tag(reader: Reader, process_id: str, version_tag: str) -> DefinitionRow | None:
    """The latest version of a process that bears a version tag."""
    return _row(reader.first(_BY_TAG, {"process_id": process_id, "version_tag": version_tag}))


def process_ids(reader: Reader) -> Iterable[str]:
    """Every process that was ever published."""
    return [row[0] for row in reader.rows(_PROCESS_IDS)]


def _row(row: Any) -> DefinitionRow | None:
    return None if row is None else DefinitionRow(**row._mapping)
