"""A small disk that can be filled: a file system in memory, in a mount namespace of its own, with PostgreSQL on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
import pytest

from tests.postgres import NO_SERVER, ROOT, programs

SIZE = "80m"
HOLDER = 'while read -r line; do sh -c "$line" </dev/null >>"$0" 2>&1; echo "$?"; done'
"""Runs in the namespace and keeps it: takes a shell line, answers with its exit code."""


class SmallDisk:
    """A disk of 80 MB that only programs started by `do` see, and a PostgreSQL server on it."""

    def __init__(self, folder: Path, holder: subprocess.Popen[str]) -> None:
        """See `small_disk`."""
        self.folder = folder
        self._holder = holder

    def do(self, line: str) -> int:
        """Run a shell line within the namespace; its exit code."""
        stdin, stdout = self._pipes()
        stdin.write(line.replace("\n", " ") + "\n")
        stdin.flush()
        return int(stdout.readline())

    def must(self, line: str) -> None:
        """Run a shell line that has to succeed."""
        assert self.do(line) == 0, (self.folder / "log").read_text()[-2000:]

    def fill(self) -> None:
        """Leave not a byte free."""
        self.do(f"dd if=/dev/zero of={self.folder}/disk/filler bs=4k")  # it ends with "no space left": as it should

    def make_room(self) -> None:
        """Free what was filled; a server that gave up is started again, as systemd would."""
        self.must(f"rm {self.folder}/disk/filler")
        if self.do(self.server("pg_isready", f"-q -h {self.folder}")) != 0:
            self.do(self.server("pg_ctl", f"-D {self.folder}/disk/data -m immediate stop"))
            self.must(self.server("pg_ctl", f"-D {self.folder}/disk/data -w -l {self.folder}/server.log start"))

    def url(self) -> str:
        """The address of a new, empty database on it."""
        name = f"stegvis_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(f"postgresql://stegvis@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
        return f"postgresql+psycopg://stegvis@/{name}?host={self.folder}"

    def server(self, program: str, arguments: str) -> str:
        """The shell line that runs one of the server's programs as a user who is not root."""
        found = programs()
        assert found is not None
        if os.geteuid() == 0:
            return f"setpriv --reuid=postgres --regid=postgres --clear-groups {found}/{program} {arguments}"
        return f"unshare --user --map-user=1000 {found}/{program} {arguments}"

    def make_server(self) -> None:
        """Make and start the server; small segments of the log, so that a full disk is felt at once."""
        data = f"{self.folder}/disk/data"
        self.must(
            self.server("initdb", f"-D {data} -U stegvis --auth=trust --no-sync --wal-segsize=1 --locale=C.UTF-8")
        )
        settings = (
            "listen_addresses=''",
            f"unix_socket_directories='{self.folder}'",
            "shared_buffers='8MB'",
            "min_wal_size='2MB'",
            "max_wal_size='4MB'",
            "fsync=off",
            "timezone='UTC'",
        )
        self.must(f'printf "%s\\n" {" ".join(chr(34) + each + chr(34) for each in settings)} >> {data}/postgresql.conf')
        self.must(self.server("pg_ctl", f"-D {data} -w -l {self.folder}/server.log start"))

    def stop_server(self) -> None:
        """Stop the server, however it stands."""
        self.do(self.server("pg_ctl", f"-D {self.folder}/disk/data -m immediate stop"))

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        return self._holder.stdin, self._holder.stdout


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """A small disk mounted on folder/disk; skips where no file system may be mounted."""
    (folder / "disk").mkdir()
    as_root = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    mounted = f"mount -t tmpfs -o size={SIZE},mode=1777 stegvis {folder}/disk || exit 1; echo mounted; {HOLDER}"
    holder = subprocess.Popen(
        [*as_root, "sh", "-c", mounted, f"{folder}/log"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        if holder.stdout.readline() != "mounted\n":
            pytest.skip("no file system may be mounted here, not even in a namespace of one's own (unshare --mount)")
        yield SmallDisk(folder, holder)
    finally:
        holder.stdin.close()
        holder.wait(30)
        holder.stdout.close()


@pytest.fixture
def full_disk_server() -> Iterator[SmallDisk]:
    """A PostgreSQL server on a small disk of its own."""
    if programs() is None:
        pytest.skip(NO_SERVER)
    folder = Path(os.environ[ROOT]) / uuid.uuid4().hex[:8]
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with small_disk(folder) as disk:
        disk.make_server()
        yield disk
        disk.stop_server()
    shutil.rmtree(folder)
