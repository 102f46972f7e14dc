"""Runs scenarios: Gherkin in the process owner's language, on the real engine with a clock of its own."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gherkin.errors import CompositeParserException
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler

from engine.clock import ManualClock
from engine.errors import InvalidDocument, NotFound, StegvisError
from processes.family import PROCESSES
from processes.scenarios.coverage import Coverage
from processes.scenarios.generic import GENERIC
from processes.scenarios.world import START, OpenRoom, Step, StepFailed, World


@dataclass(frozen=True)
class ScenarioResult:
    """How one scenario went."""

    file: str
    name: str
    line: int
    passed: bool
    steps: int
    failed_step: str | None = None
    message: str | None = None

    def __str__(self) -> str:
        if self.passed:
            return f"  ok  {self.name}"
        return f"FEL   {self.name} ({self.file}:{self.line})\n      vid: {self.failed_step}\n      {self.message}"


class Stage:
    """Opens a room for each scenario: everything is published once, then copied, which is much quicker."""

    def __init__(self, open_room: OpenRoom, folder: Path) -> None:
        """`folder`: where the databases lie while scenarios run."""
        self._open_room = open_room
        self._folder = folder
        self._published = folder / "published.sqlite"
        self._used = 0
        with open_room(f"sqlite:///{self._published}", clock=ManualClock(START)):
            pass  # opening a new database publishes

    @contextmanager
    def world(self) -> Iterator[World]:
        """A world of its own, with everything published and no case in it yet."""
        self._used += 1
        database = self._folder / f"{self._used}.sqlite"
        shutil.copyfile(self._published, database)
        clock = ManualClock(START)
        with self._open_room(f"sqlite:///{database}", clock=clock) as room:
            yield World(room, clock)
        for file in self._folder.glob(f"{database.name}*"):
            file.unlink()


def run_scenarios(
    paths: Iterable[Path], open_room: OpenRoom, coverage: Coverage | None = None
) -> Iterator[ScenarioResult]:
    """Run every scenario of the files and folders, each in a world of its own; `coverage` takes in what they touch.

    Raises InvalidDocument for a file that is no Gherkin, NotFound where a path has no scenarios.
    """
    with tempfile.TemporaryDirectory(prefix="stegvis-scenarier-") as folder:
        stage = Stage(open_room, Path(folder))
        for path in paths:
            files = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
            if not files:
                raise NotFound(f"{path} har inga scenarier (*.feature).")
            for file in files:
                for scenario in read_scenarios(file):
                    with stage.world() as world:
                        result = run_scenario(scenario, str(file), steps_for(file), world)
                        if coverage is not None:
                            coverage.observe(world.engine)
                    yield result


def steps_for(file: Path) -> tuple[Step, ...]:
    """The steps that the scenarios of a file may use: the generic ones and its family's."""
    return (*GENERIC, *_family_steps(_family_of(file)))


def read_scenarios(file: Path) -> list[Mapping[str, Any]]:
    """The scenarios of a file, outlines expanded and backgrounds in place."""
    try:
        document = Parser().parse(file.read_text("utf-8"))
    except (CompositeParserException, UnicodeDecodeError) as error:
        raise InvalidDocument(f"{file} är ingen läsbar scenariofil: {error}") from error
    return list(Compiler().compile({**document, "uri": str(file)}))


def run_scenario(scenario: Mapping[str, Any], file: str, steps: Sequence[Step], world: World) -> ScenarioResult:
    """Run one scenario; a failing step ends it and says where the case stood."""
    line = int(scenario["location"]["line"])
    for count, each in enumerate(scenario["steps"], 1):
        try:
            _take(world, each, steps)
        except (StepFailed, StegvisError) as error:
            return ScenarioResult(file, scenario["name"], line, False, count, each["text"], str(error))
    return ScenarioResult(file, scenario["name"], line, True, len(scenario["steps"]))


def _take(world: World, taken: Mapping[str, Any], steps: Sequence[Step]) -> None:
    for each in steps:
        match = each.pattern.fullmatch(taken["text"])
        if match:
            table = taken.get("argument", {}).get("dataTable")
            rows = [[[cell["value"] for cell in row["cells"]] for row in table["rows"]]] if table else []
            each.do(world, *match.groups(), *rows)
            return
    raise StepFailed(f"Ingen känner till steget: {taken['text']}")


def _family_of(file: Path) -> str:
    resolved = file.resolve()
    return resolved.relative_to(PROCESSES).parts[0] if resolved.is_relative_to(PROCESSES) else ""


@cache
def _family_steps(family: str) -> tuple[Step, ...]:
    if not family or not list((PROCESSES / family).glob("steps*")):
        return ()
    found: tuple[Step, ...] = importlib.import_module(f"{PROCESSES.name}.{family}.steps").STEPS
    return found
