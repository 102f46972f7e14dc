"""`make bench`: every bench's rows as one table (figure, target, whether it is reached), or as JSON with --json."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent


def benches(names: Sequence[str]) -> list[str]:
    """The bench modules to run: those named, or all there are."""
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    unknown = set(names) - set(found)
    if unknown:
        sys.exit(f"No such bench: {', '.join(sorted(unknown))}. There are: {', '.join(found)}.")
    return [name for name in found if not names or name in names]


def main() -> None:
    """Run the benches and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("bench", nargs="*", help="for example: feel engine (default: all)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a row")
    arguments = parser.parse_args()
    console = Console(stderr=True)
    table = Table(title=f"Stegvis on Python {platform.python_version()}, {platform.machine()}")
    for column in ("bench", "figure", "value", "unit", "target"):
        table.add_column(column, justify="right" if column in ("value", "target") else "left")
    for name in benches(arguments.bench):
        console.print(f"[dim]measuring {name} ...[/dim]")
        for row in importlib.import_module(f"tests.performance.bench_{name}").run():
            figure, value, unit, target = row
            if arguments.json:
                print(json.dumps({"bench": name, "figure": figure, "value": value, "unit": unit, "target": target}))
            else:
                shown = f"{value:,.2f}" if isinstance(value, float) else str(value)
                table.add_row(name, figure, shown, unit, "" if target is None else str(target))
    if not arguments.json:
        Console().print(table)


if __name__ == "__main__":
    main()
