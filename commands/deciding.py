"""`decide`: one decision of a DMN file, asked from the command line."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from commands.options import as_json, object_of
from commands.output import FOUND_PROBLEMS
from engine.clock import SystemClock
from engine.dmn import load_decisions
from engine.feel import Environment
from engine.feel.codec import to_plain
from engine.functions import host_functions
from processes.family import find_families
from timers.calendar import WorkingCalendar


@click.command("decide", epilog="Example: stegvis decide krav.dmn krav --input '{\"manader\": 4}' --json")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.option("--input", "given", default="{}", metavar="JSON", help="The inputs, as a JSON object.")
@as_json
def decide_command(file: Path, decision: str, given: str, as_json: bool) -> None:
    """Make a decision of a DMN file; exit code 1 where it rests on missing or wrong values."""
    others = {each.name: each.read_bytes() for each in sorted(file.parent.glob("*.dmn")) if each != file}
    model = load_decisions(file.read_bytes(), file=file.name, imports=others)
    clock = SystemClock()
    families = find_families()
    functions = host_functions(WorkingCalendar(families.calendar), families.parameters, clock)
    environment = Environment(now=clock.now, functions=dict(functions))
    result = model.evaluate(decision, model.inputs_of_json(object_of(given)), environment)
    if as_json:
        doubts = [asdict(each) for each in result.doubts]
        told = {"value": to_plain(result.value), "doubts": doubts, "trace": result.trace}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(json.dumps(to_plain(result.value), ensure_ascii=False))
        for doubt in result.doubts:
            click.echo(f"{doubt.code}: {doubt.message}", err=True)
    if result.doubts:
        sys.exit(FOUND_PROBLEMS)


COMMANDS = (decide_command,)
