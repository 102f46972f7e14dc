"""An office for fault tests: cases of a small process, the real programs that serve them, and people at browsers.

The process has two forms to answer, a message to another process that has one more, and a timer between; whatever is
killed, cut or stopped meanwhile, in the end each case has had each of them once.
"""

from __future__ import annotations

import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import text

from engine.cases import Party
from engine.engine import Engine
from stegvis import installation, main

ROOT = Path(__file__).parents[2]
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="d" targetNamespace="http://example.org"'
)
MESSAGE = (
    '<message id="m" name="ProvHandlagt"><extensionElements><zeebe:subscription correlationKey="=arendeId"/>'
    "</extensionElements></message>"
)
FORM = b"""{"type": "default", "id": "prov_svar", "schemaVersion": 18, "components": [
    {"type": "textfield", "key": "svar", "label": "Svar", "validate": {"required": true}}]}"""


def _task(element: str, name: str) -> str:
    return (
        f'<userTask id="{element}" name="{name}"><extensionElements><zeebe:userTask/>'
        '<zeebe:formDefinition formId="prov_svar"/><zeebe:assignmentDefinition candidateGroups="handlaggare_eb"/>'
        "</extensionElements></userTask>"
    )


def _flows(*elements: str) -> str:
    pairs = itertools.pairwise(elements)
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


MAIN = (
    f'<definitions {NAMESPACES}>{MESSAGE}<process id="prov_huvud" name="Prov" isExecutable="true">'
    f'<startEvent id="s"/>{_task("fore", "Före")}'
    '<intermediateThrowEvent id="kast"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
    '<intermediateCatchEvent id="vanta"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>'
    f'</intermediateCatchEvent>{_task("efter", "Efter")}<endEvent id="e"/>'
    f"{_flows('s', 'fore', 'kast', 'vanta', 'efter', 'e')}</process></definitions>"
)
FOLLOWING = (
    f'<definitions {NAMESPACES}>{MESSAGE}<process id="prov_foljd" name="Följd" isExecutable="true">'
    '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
    f'{_task("foljd", "Följd")}<endEvent id="e"/>{_flows("s", "foljd", "e")}</process></definitions>'
)
TASKS_EACH = 3
OUTCOME = (
    "SELECT state, count(*) FROM process_instance GROUP BY state ORDER BY state",
    "SELECT element_id, state, count(*) FROM work_item GROUP BY element_id, state ORDER BY element_id",
    "SELECT kind, element, count(*) FROM event WHERE kind <> 'job failed' GROUP BY kind, element ORDER BY 1, 2",
    "SELECT count(*) FROM timer WHERE instance_id IS NOT NULL",
    "SELECT count(*) FROM job",
    "SELECT count(*) FROM subscription",
    "SELECT state, count(*) FROM message GROUP BY state ORDER BY state",
    "SELECT count(*) FROM message_delivery",
    "SELECT count(*) FROM incident",
)
"""What has to be the same, whatever happened on the way."""


def found(url: str, cases: int) -> list[str]:
    """Publish the process on a new database and open its cases; their ids."""
    files = {"prov/huvud.bpmn": MAIN.encode(), "prov/foljd.bpmn": FOLLOWING.encode(), "prov/svar.form": FORM}
    migrated = CliRunner().invoke(main, ["migrate", "--database", url])
    assert migrated.exit_code == 0, migrated.output
    with installation(url) as room:
        room.engine.publish(files, author="Prov", note="Prov")
        made = []
        for number in range(cases):
            party = Party("socialtjanst", ("sdf_norr", "sdf_soder")[number % 2])
            case_id = room.engine.open_case("prov", f"PROV-{number:03}", parties=[party])
            room.engine.start("prov_huvud", {"arendeId": case_id}, case_id=case_id)
            made.append(case_id)
        return made


def outcome(engine: Engine) -> list[list[tuple[object, ...]]]:
    """How many of what there are."""
    with engine.database.reading() as reader:
        return [[tuple(row) for row in reader.rows(text(statement))] for statement in OUTCOME]


def is_idle(engine: Engine) -> bool:
    """Whether every process instance has ended and no job is left that would start another."""
    with engine.database.reading() as reader:
        active = reader.scalar(text("SELECT count(*) FROM process_instance WHERE state = 'active'"))
        return active == 0 and reader.scalar(text("SELECT count(*) FROM job")) == 0


@dataclass
class Program:
    """One of the real programs, running; it can be killed and started again."""

    command: list[str]
    folder: Path
    environment: Mapping[str, str]
    ready: str
    process: subprocess.Popen[str] | None = None
    address: str = ""
    up: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set while it runs."""
    _pump: threading.Thread | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stegvis", *self.command],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._pump = threading.Thread(target=self._keep_log, args=(self.process,), daemon=True)
        self._pump.start()
        started = self.up.wait(60) and self.process.poll() is None
        assert started, f"{self.command} did not start: {(self.folder / 'log').read_text()[-3000:]}"

    def _keep_log(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with (self.folder / "log").open("a") as log:
            for line in process.stdout:
                log.write(line)
                if line.startswith(self.ready):
                    self.address = line.split()[-1]
                    self.up.set()
        self.up.set()  # whoever waits for one that ended without a word is told by its exit code

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.up.clear()
        self.process.kill()
        self._gone()

    def stop(self) -> None:
        """Ask it to end and wait for it."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        self.process.wait(timeout=60)
        if self._pump is not None:
            self._pump.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.up.clear()


@contextmanager
def programs(
    url: str, folder: Path, webs: int, workers: int, options: Sequence[str] = ()
) -> Iterator[tuple[list[Program], list[Program]]]:
    """So many web processes (served with `options`) and workers on one database, started; stopped at the end."""
    environment = {
        "STEGVIS_DATABASE": url,
        "STEGVIS_SECRET_KEY": "en-nyckel-bara-for-prov",
    }
    serving = [
        _program(["serve", "--port", str(_free_port()), *options], folder / f"web{n}", environment, "Stegvis: http")
        for n in range(webs)
    ]
    working = [_program(["worker"], folder / f"worker{n}", environment, "Stegvis arbetar") for n in range(workers)]
    try:
        for program in (*serving, *working):
            program.start()
        yield serving, working
    finally:
        for program in (*serving, *working):
            program.stop()


def _program(command: list[str], folder: Path, environment: Mapping[str, str], ready: str) -> Program:
    folder.mkdir()
    return Program(command, folder, environment, ready=ready)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
