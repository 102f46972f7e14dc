"""How fast decisions are: a table of 50 rules and 4 inputs, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from engine.dmn import load_decisions
from engine.feel import Environment
from tests.unit.dmn.models import decision, document, table

Row = tuple[str, float, str, str]

ENVIRONMENT = Environment(now=lambda: datetime(2026, 3, 4, tzinfo=UTC))
INPUTS: tuple[dict[str, object], ...] = tuple(
    {"ålder": 16 + turn % 55, "månader": turn % 9, "hinder": ("inget", "sjuk", "studier", "arbete")[turn % 4],
     "barn": turn % 2 == 0}
    for turn in range(100)
)  # fmt: skip


def table_of_fifty_rules() -> bytes:
    """Four inputs: a number in ranges, a number compared, a text in a list, a boolean."""
    reasons = ('"inget"', '"sjuk", "studier"', '"arbete"', "-", 'not("sjuk")')
    rules = []
    for number in range(49):
        low = 16 + number
        cell = f"[{low}..{low + 3}]"
        barn = ("true", "false", "-")[number % 3]
        rules.append((cell, f">= {number % 6}", reasons[number % 5], barn, f'"utfall {number}"'))
    rules.append(("-", "-", "-", "-", '"annat"'))
    return document(decision("Krav", table("FIRST", ["ålder", "månader", "hinder", "barn"], ["utfall"], rules)))


def _best(work: Callable[[], object], turns: int) -> float:
    """The shortest of five runs of `turns` turns, in seconds a turn."""
    shortest = float("inf")
    for _ in range(5):
        start = perf_counter()
        for _ in range(turns):
            work()
        shortest = min(shortest, (perf_counter() - start) / turns)
    return shortest


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    source = table_of_fifty_rules()
    model = load_decisions(source, file="bench.dmn")
    collecting = load_decisions(source.replace(b'"FIRST"', b'"COLLECT"'), file="bench.dmn")
    given = iter(())

    def ask(asked: object = model) -> object:
        nonlocal given
        inputs = next(given, None)
        if inputs is None:
            given = iter(INPUTS)
            inputs = next(given)
        return asked.evaluate("Krav", inputs, ENVIRONMENT)  # type: ignore[attr-defined]

    first = _best(ask, 500)
    every = _best(lambda: ask(collecting), 500)
    load = _best(lambda: load_decisions(source, file="bench.dmn"), 3)
    return [
        ("decision table, 50 rules, 4 inputs, first rule wins", first * 1000, "ms", "under 0.5"),
        ("decision table, 50 rules, 4 inputs, every rule judged", every * 1000, "ms", "under 0.5"),
        ("decisions of that table", 1 / every, "1/s", "at least 2000"),
        ("loading that table", load * 1000, "ms", "under 50"),
    ]


if __name__ == "__main__":
    for name, value, unit, target in run():
        print(f"{name}: {value:.3f} {unit} ({target})")
