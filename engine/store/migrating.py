"""The schema's version: migrate it, or say that it is another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from engine.errors import SchemaMismatch
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


CORE = SchemaPart("engine", metadata, MIGRATIONS / "versions")


def migrate(connection: Connection, parts: Sequence[SchemaPart]) -> None:
    """Bring every part to its newest version, within the connection's transaction."""
    for part in parts:
        script = _script(part)
        if _current(connection, part) != script.get_current_head():
            command.upgrade(_config(part, connection), "head")


def require(connection: Connection, parts: Sequence[SchemaPart]) -> None:
    """Raise SchemaMismatch where a part of the schema has another version than this program."""
    for part in parts:
        wanted, found = _script(part).get_current_head(), _current(connection, part)
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
