"""The schema's version: migrate it, or say that it is another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from engine.errors import SchemaMismatch
from engine.store.locks import lock_schema
from engine.store.schema import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class SchemaPart:
    """The tables of one room, with their own line of migrations.

    name: in letters; names the part's version table. versions: the folder of its alembic migration files.
    """

    name: str
    metadata: MetaData
    versions: Path

    @property
    def version_table(self) -> str:
        """Where alembic keeps this part's version."""
        return f"schema_version_{self.name}"


_NEWER = (
    "The database has version {found} in its part {part!r}, which this program does not know: it needs {wanted}. "
    "A later program has migrated it: run that one, or restore the backup that was made before (`stegvis restore`)."
)
CORE = SchemaPart("engine", metadata, MIGRATIONS / "versions")


def migrate(connection: Connection, parts: Sequence[SchemaPart]) -> None:
    """Bring every part to its newest version, within the connection's transaction; one process at a time."""
    migrate_to(connection, parts, {part.name: "head" for part in parts})


def migrate_to(connection: Connection, parts: Iterable[SchemaPart], wanted: Mapping[str, str]) -> None:
    """Bring parts forward to some versions of theirs; one that is there already, or is not named, stays as it is.

    Raises SchemaMismatch where the database has a version that this program does not know.
    """
    lock_schema(connection)
    for part in parts:
        found, script = _current(connection, part), _script(part)
        if found is not None and not is_known(part, found):
            raise SchemaMismatch(_NEWER.format(part=part.name, found=found, wanted=script.get_current_head()))
        if part.name in wanted and found not in (wanted[part.name], script.get_current_head()):
            command.upgrade(_config(part, connection), wanted[part.name])


def versions(connection: Connection, parts: Iterable[SchemaPart]) -> dict[str, str]:
    """The version of each part's schema, of those that have one."""
    found = {part.name: _current(connection, part) for part in parts}
    return {name: version for name, version in found.items() if version is not None}


def is_known(part: SchemaPart, version: str) -> bool:
    """Whether this program has that version of a part's schema, as its newest or on the way to it."""
    return version in {script.revision for script in _script(part).walk_revisions()}


def require(connection: Connection, parts: Sequence[SchemaPart]) -> None:
    """Raise SchemaMismatch where a part of the schema has another version than this program."""
    for part in parts:
        wanted, found = _script(part).get_current_head(), _current(connection, part)
        if found is not None and not is_known(part, found):
            raise SchemaMismatch(_NEWER.format(part=part.name, found=found, wanted=wanted))
        if found != wanted:
            state = f"has version {found}" if found else "is empty or not Stegvis'"
            raise SchemaMismatch(
                f"The database {state} in its part {part.name!r}; this program needs version {wanted}. "
                "Run `stegvis migrate` with a backup at hand."
            )


def _current(connection: Connection, part: SchemaPart) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": part.version_table}).get_current_revision()


def _config(part: SchemaPart, connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("version_locations", str(part.versions))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["part"] = part
    return config


def _script(part: SchemaPart) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(part))
