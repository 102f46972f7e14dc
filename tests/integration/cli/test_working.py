"""`stegvis worker`: works until it is asked to stop, and says which processes are alive."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import stegvis
from engine.engine import Engine
from engine.store.states import InstanceState
from processes.family import find_families
from tests.bpmn_builder import bpmn, catch, end, flows, process, start, timer
from tests.databases import NewDatabase
from tests.harness import ANNA

ROOT = Path(__file__).parents[3]
PATIENCE = 120
WAITS = bpmn(process("waits", start("s"), catch("t", timer(duration="PT1S")), end("e"), flows("s -> t -> e"))).replace(
    b"-&gt;", b"_"
)


@pytest.fixture
def installed(new_database_url: NewDatabase) -> str:
    """A database that `stegvis migrate` has brought up to date."""
    url = new_database_url(find_families().parts)
    result = run("migrate", "--database", url)
    assert result.exit_code == 0, result.output
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(stegvis.main, [*arguments], catch_exceptions=False)


@contextmanager
def working(url: str, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A worker that says that it works, and is asked to stop at the end."""
    command = [sys.executable, "stegvis.py", "worker", "--database", url, *more]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "Stegvis arbetar" not in (line := process.stderr.readline()):
            assert line, "it ended before it had begun to work"
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.stderr.read()
        assert process.wait(PATIENCE) == 0


def test_nobody_works_until_somebody_does(installed: str) -> None:
    result = run("worker", "--status", "--json", "--database", installed)
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"processes": [], "works": False}


def test_a_worker_fires_timers_tells_that_it_lives_and_leaves_in_order(installed: str, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    with working(installed, "--alive-file", str(alive)), stegvis.installation(installed) as room:
        engine = room.engine
        assert alive.exists()
        engine.publish({"w.bpmn": WAITS}, author="a", note="n")
        instance = engine.start("waits", actor=ANNA)

        result = run("worker", "--status", "--json", "--database", installed)

        assert result.exit_code == 0
        told = json.loads(result.stdout)
        assert told["works"]
        (each,) = told["processes"]
        assert (each["kind"], each["version"], each["jobs_under_way"]) == ("worker", stegvis.VERSION, 0)
        assert "1 processer lever." in run("worker", "--status", "--database", installed).stdout
        until_ended(engine, instance)
    assert not alive.exists()
    assert run("worker", "--status", "--database", installed).exit_code == 1


def until_ended(engine: Engine, instance: str) -> None:
    """Wait until another process has carried an instance to its end."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE
    while engine.queries.find_instance(instance).state is not InstanceState.COMPLETED:
        assert time.monotonic() < deadline
        pause.wait(0.1)


def test_commands_refuse_a_database_whose_queue_is_not_migrated(postgres_url: str) -> None:
    with Engine.open(postgres_url, parts=find_families().parts, create=True):
        result = run("instances", "--database", postgres_url)
    assert result.exit_code == 3
    assert "stegvis migrate" in result.stderr
