"""`scenarios`: the journey's scenarios, run on the real engine."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from commands.options import as_json
from commands.output import FOUND_PROBLEMS
from commands.root import Root, pass_root
from processes.family import find_families
from processes.scenarios import Coverage, ScenarioResult, run_scenarios


@click.command(epilog="Example: stegvis scenarios processes/aktivitetskrav/scenarios --json")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--coverage", "with_coverage", is_flag=True, help="Also say which elements and exits no scenario touches."
)
@as_json
@pass_root
def scenarios(root: Root, paths: tuple[Path, ...], with_coverage: bool, as_json: bool) -> None:
    """Run the journey's scenarios (Gherkin in Swedish) on the real engine with a clock of their own."""
    chosen = paths or tuple(family.folder / "scenarios" for family in find_families().all)
    results: list[ScenarioResult] = []
    coverage = Coverage()
    for result in run_scenarios(chosen, root.installation, coverage):
        results.append(result)
        click.echo(json.dumps(asdict(result), ensure_ascii=False) if as_json else str(result))
    failed = sum(not result.passed for result in results)
    if with_coverage:
        _print_coverage(coverage, as_json)
    if not as_json:
        click.echo(f"{len(results) - failed} scenarier gick igenom, {failed} gjorde det inte.")
    if failed:
        sys.exit(FOUND_PROBLEMS)


def _print_coverage(coverage: Coverage, as_json: bool) -> None:
    gaps = coverage.gaps()
    touched = coverage.total - len(gaps)
    if as_json:
        told = {"total": coverage.total, "touched": touched, "untouched": [asdict(gap) for gap in gaps]}
        click.echo(json.dumps({"coverage": told}, ensure_ascii=False))
        return
    click.echo(f"Scenarierna rör vid {touched} av {coverage.total} element och utgångar.")
    for gap in gaps:
        click.echo(f"  orört: {gap}")


COMMANDS = (scenarios,)
