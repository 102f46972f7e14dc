"""Which database an address names; files of SQLite: whether one is new, and throwing one away."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import make_url

from engine.errors import NotFound


def is_new(database: str) -> bool:
    """Whether `database` names a SQLite file that is not there yet (its folder is made), or one in memory."""
    url = make_url(database)
    if url.get_backend_name() != "sqlite":
        return False
    if url.database in (None, "", ":memory:"):
        return True
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    return not path.exists() or path.stat().st_size == 0


def require_there(database: str) -> None:
    """Raise NotFound where `database` names a SQLite file that is not there: there is nothing to look after."""
    url = make_url(database)
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    if in_file and not Path(str(url.database)).exists():
        raise NotFound(f"There is no database at {url.database}.")


def on_postgres(database: str) -> bool:
    """Whether `database` names one on PostgreSQL."""
    return make_url(database).get_backend_name() == "postgresql"


def remove_database(path: Path) -> None:
    """Delete a SQLite database with the files beside it, which would otherwise be taken for a new one's."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
