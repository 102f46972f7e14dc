"""How fast decisions are: a table of 50 rules and 4 inputs, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from engine.dmn import DecisionModel, load_decisions
from engine.feel import Environment
from tests.performance import feelin
from tests.performance.questions import INPUTS, fifty_rules
from tests.unit.dmn.models import decision, document, table

Row = tuple[str, float, str, str]

ENVIRONMENT = Environment(now=lambda: datetime(2026, 3, 4, tzinfo=UTC))


def table_of_fifty_rules() -> bytes:
    """A file with those rules, of which the first that matches wins."""
    columns = ["ålder", "månader", "hinder", "barn"]
    return document(decision("Krav", table("FIRST", columns, ["utfall"], fifty_rules())))


def beside_feelin(model: DecisionModel) -> list[Row]:
    """feelin's figures for the same rules as unary tests, asked in the same run; none without node."""
    rates = feelin.measure()
    if rates is None:
        return []
    answers = tuple(model.evaluate("Krav", inputs, ENVIRONMENT).value for inputs in INPUTS)
    if answers != rates.answers:
        raise AssertionError("feelin answers otherwise: the two figures would not be of the same work")
    return [("the same in feelin (node), which parses each time", rates.decisions, "1/s", "for comparison")]


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
        ("decisions of that table, every rule judged", 1 / every, "1/s", "at least 2000"),
        ("decisions of that table, first rule wins", 1 / first, "1/s", "at least 2000"),
        *beside_feelin(model),
        ("loading that table", load * 1000, "ms", "under 50"),
    ]


if __name__ == "__main__":
    for name, value, unit, target in run():
        print(f"{name}: {value:.3f} {unit} ({target})")
