"""feelin, the FEEL interpreter of form-js and Camunda's modeler, measured in node for the benches to stand beside.

feelin parses its text anew at each call: it has no compiled form in its interface.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.performance.questions import CONDITION, INPUTS, SCOPE, fifty_rules

FOLDER = Path(__file__).parent / "node"
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
INSTALL_SECONDS, RUN_SECONDS = 180, 120


@dataclass(frozen=True)
class Rates:
    """What feelin does in a second, and its answers for the inputs."""

    conditions: float
    decisions: float
    answers: tuple[object, ...]


@lru_cache(maxsize=1)
def measure() -> Rates | None:
    """feelin's rates for the benches' condition and table, measured once a run; None without node."""
    rules = [{"cells": rule[:-1], "output": rule[-1]} for rule in fifty_rules()]
    question = json.dumps({"condition": CONDITION, "scope": SCOPE, "rules": rules, "inputs": INPUTS})
    try:
        _install()
        answer = subprocess.run(
            [_program("node"), "rates.mjs"],
            cwd=FOLDER,
            input=question,
            capture_output=True,
            text=True,
            check=True,
            timeout=RUN_SECONDS,
        )
    except (FileNotFoundError, subprocess.SubprocessError) as problem:
        told = (getattr(problem, "stderr", None) or str(problem)).strip().splitlines()
        print(f"SKIPPED: no figures of feelin beside ours: {told[-1] if told else problem}", file=sys.stderr)
        return None
    said = json.loads(answer.stdout)
    return Rates(said["conditions"], said["decisions"], tuple(said["answers"]))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed")
    return found


def _install() -> None:
    """`npm ci`, unless what is installed is as new as the lock file."""
    lock = FOLDER / "package-lock.json"
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run(
        [_program("npm"), "ci", "--ignore-scripts"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=True,
        timeout=INSTALL_SECONDS,
    )
