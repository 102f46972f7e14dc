"""PostgreSQL for tests: clusters of our own, made from the installed server, without ports, gone when the run is over.

Most tests want a database and nothing else:

    def test_something(database_url): ...      # tests/databases.py: runs on SQLite and on PostgreSQL
    def test_other(postgres_url): ...          # a new, migrated database on PostgreSQL only

They share one cluster per test run (all pytest-xdist workers together): it is started by whoever needs it first, and
each database is a copy of a migrated one. It does not sync to disk.

Fault tests take a cluster of their own, and do with it what they like:

    def test_the_server_goes_away(own_cluster):
        url = own_cluster.new_database(PARTS)      # the URL of a migrated database: SQLAlchemy's
        own_cluster.connection_string("stegvis_1") # libpq's, for psycopg and pg_dump
        own_cluster.cut_connections()              # ends every session of every database: "terminating connection"
        own_cluster.stop(StopMode.IMMEDIATE)       # as a power cut: recovers from its log at the next start
        own_cluster.kill()                         # kill -9 of the whole server
        own_cluster.start()

What was committed survives all of these. `Cluster.make(folder, {"fsync": "on"})` makes one with other settings;
`cluster.run("pg_dump", ...)` runs one of the server's programs as the user the server runs as. initdb refuses root:
where the tests run as root, the server runs as `postgres` (or `nobody`), and the cluster's folder belongs to that user.

A cluster lives in a folder under the run's root. A guardian process holds the read end of a pipe there: when pytest
ends, however it ends, the guardian kills every server left in it and removes the folder.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Self

import psycopg
import pytest
from psycopg import sql

from engine.engine import Engine
from engine.store.database import SchemaPart

ROOT = "STEGVIS_TEST_CLUSTERS"
"""The environment variable by which pytest-xdist's workers learn where the run's clusters are."""
NO_SERVER = "no PostgreSQL server is installed (apt install postgresql)"
DEBIAN = Path("/usr/lib/postgresql")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For what is thrown away anyway: a kill may lose the latest commits."""
KEEPING = {"fsync": "off"}
"""Survives the kill of a server (the operating system has everything), though no power cut."""
COMMON = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
GUARDIAN = """
(
  read -r _ < "$1/alive"
  for file in "$1"/*/data/postmaster.pid; do
    [ -f "$file" ] && kill -QUIT "$(head -n 1 "$file")"
  done
  until rm -rf "$1"; do sleep 0.2; done
) > "$1/guardian" 2>&1 &
"""
_numbers = itertools.count(1)


class StopMode(Enum):
    """How a server stops."""

    FAST = "fast"  # sessions are ended, everything is written
    IMMEDIATE = "immediate"  # as after a power cut


def programs() -> Path | None:
    """The folder of the newest installed server's programs, or None where there is no server."""
    debian = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """One PostgreSQL server with its data in `folder`, reached by a socket there."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        """One that has been made; see `make`."""
        self.folder = folder
        self.bin = bin_folder
        self.data = folder / "data"
        self._templates: set[str] = set()

    @classmethod
    def make(cls, folder: Path, settings: Mapping[str, str] = KEEPING) -> Self:
        """Make a cluster in a new folder, not started; `settings` go to postgresql.conf."""
        bin_folder = programs()
        if bin_folder is None:
            raise FileNotFoundError(NO_SERVER)
        folder.mkdir(mode=0o700)
        identity = _server_identity()
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        made = cls(folder, bin_folder)
        made.run(
            "initdb",
            "-D",
            str(made.data),
            "-U",
            "stegvis",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        lines = {**COMMON, "unix_socket_directories": str(folder), **settings}
        with (made.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in lines.items())
        return made

    def run(self, program: str, *arguments: str) -> str:
        """Run one of the server's programs as the server's user; what it printed. AssertionError where it failed."""
        with tempfile.TemporaryFile("w+") as output:  # no pipe: a server that starts would keep it open
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                cwd=self.folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **_server_identity(),
            )
            output.seek(0)
            printed = output.read()
        assert done.returncode == 0, f"{program} failed: {printed}"
        return printed

    def start(self) -> None:
        """Start the server and wait until it answers (after `kill`: until it has recovered)."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-l", str(self.folder / "log"), "start")

    def stop(self, mode: StopMode = StopMode.FAST) -> None:
        """Stop the server and wait until it is gone."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", mode.value, "stop")

    def kill(self) -> None:
        """Kill every process of the server at once, as if the machine had died."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(main, signal.SIGSTOP)  # so that it has no further child meanwhile
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in [_open_process(int(pid)) for pid in (main, *children)]:
            if process is not None:
                signal.pidfd_send_signal(process, signal.SIGKILL)
                select.select([process], [], [])  # readable once it is dead
                os.close(process)
        for lock in (self.data / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            lock.unlink()  # they would hinder the next start where nobody reaps the dead

    @property
    def is_running(self) -> bool:
        """Whether the server answers."""
        done = subprocess.run(
            [str(self.bin / "pg_isready"), "-q", "-h", str(self.folder)], check=False, **_server_identity()
        )
        return done.returncode == 0

    def connection_string(self, database: str = "postgres") -> str:
        """The address of a database as libpq's programs and psycopg take it."""
        return f"postgresql://stegvis@/{database}?host={self.folder}"

    def url(self, database: str) -> str:
        """The address of a database as Stegvis takes it."""
        return f"postgresql+psycopg://stegvis@/{database}?host={self.folder}"

    @contextmanager
    def connect(self, database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
        """A connection that commits each statement, past Stegvis."""
        with psycopg.connect(self.connection_string(database), autocommit=True) as connection:
            yield connection

    def cut_connections(self) -> int:
        """End every other session on every database, as a broken network does; how many there were."""
        with self.connect() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchall()
        return len(ended)

    def empty_database(self) -> str:
        """The address of a new database with nothing in it."""
        name = _new_name()
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def new_database(self, parts: Sequence[SchemaPart] = ()) -> str:
        """The address of a new database with the schema of the engine and of `parts`: a copy of a migrated one."""
        return self._copied(self._template(parts))

    def copy_database(self, url: str) -> str:
        """The address of a new database that is a copy of another, to which nobody may be connected."""
        return self._copied(database_of(url))

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_of(url)))
            )

    def _copied(self, template: str) -> str:
        name = _new_name()
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with self.connect() as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def _template(self, parts: Sequence[SchemaPart]) -> str:
        """The name of the migrated database that new ones are copies of; made by whoever needs it first."""
        name = "_".join(("template", "engine", *sorted(part.name for part in parts)))
        if name in self._templates:
            return name
        with locked(self.folder / "templates.lock"), self.connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if found is None:
                draft = f"draft_{name}"
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
                Engine.open(self.url(draft), parts=parts, create=True).close()
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
                )
        self._templates.add(name)
        return name


def database_of(url: str) -> str:
    """The name of the database that an address ends in."""
    return url.rpartition("?")[0].rpartition("/")[2]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Held by one process at a time."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _new_name() -> str:
    return f"stegvis_{next(_numbers)}_{uuid.uuid4().hex[:12]}"


def _open_process(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def _server_identity() -> dict[str, Any]:
    """As whom a server runs, for subprocess.run: an unprivileged user where the tests run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


# --- what pytest calls ------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """In the process that runs the whole: a root for this run's clusters, and the guardian that removes it."""
    if hasattr(config, "workerinput") or programs() is None:
        return
    root = Path(tempfile.mkdtemp(prefix="stegvis-pg-"))
    root.chmod(0o711)
    os.mkfifo(root / "alive")
    config.stash[_ALIVE] = os.open(root / "alive", os.O_RDWR)
    subprocess.run(["/bin/sh", "-c", GUARDIAN, "guardian", str(root)], check=True, start_new_session=True)
    os.environ[ROOT] = str(root)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go: the guardian sees the end of the pipe."""
    alive = config.stash.get(_ALIVE, None)
    if alive is not None:
        os.close(alive)


_ALIVE = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def shared_cluster() -> Cluster:
    """The run's cluster, running: for databases, never to be stopped. Skips where there is no server."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip(NO_SERVER)
    root = Path(os.environ[ROOT])
    with locked(root / "shared.lock"):
        if (root / "shared").exists():
            return Cluster(root / "shared", bin_folder)
        cluster = Cluster.make(root / "shared", FAST)
        cluster.start()
        return cluster


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A running cluster that the test may stop, kill and start."""
    if programs() is None:
        pytest.skip(NO_SERVER)
    cluster = Cluster.make(Path(os.environ[ROOT]) / uuid.uuid4().hex[:8])
    cluster.start()
    yield cluster
    if cluster.is_running:
        cluster.stop(StopMode.IMMEDIATE)
    shutil.rmtree(cluster.folder)


@pytest.fixture
def postgres_url(shared_cluster: Cluster) -> Iterator[str]:
    """The address of a new database with the engine's schema, on PostgreSQL."""
    url = shared_cluster.new_database()
    yield url
    shared_cluster.drop_database(url)
