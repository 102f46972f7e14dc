"""How fast FEEL is: a simple condition, a cell, loops, dates, compiling."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from engine.feel import compile_expression, compile_unary_tests
from engine.feel.expression import Expression
from engine.feel.functions import BUILT_INS
from engine.feel.parser import Parser
from engine.feel.template import compile_template
from tests.performance import feelin
from tests.performance.questions import CONDITION, SCOPE

Row = tuple[str, float, str, str]

PEOPLE = {"people": [{"namn": f"n{number}", "ålder": 16 + number % 50} for number in range(100)]}
MOMENT = {"start": "2026-05-05T10:00:00@Europe/Stockholm"}


def _best(work: Callable[[], object], turns: int) -> float:
    """The shortest of five runs of `turns` turns, in microseconds a turn."""
    shortest = float("inf")
    for _ in range(5):
        start = perf_counter()
        for _ in range(turns):
            work()
        shortest = min(shortest, (perf_counter() - start) / turns)
    return shortest * 1e6


def beside_feelin() -> list[Row]:
    """feelin's figure for the same condition, asked in the same run; none without node."""
    rates = feelin.measure()
    return (
        []
        if rates is None
        else [("the same in feelin (node), which parses each time", rates.conditions, "1/s", "for comparison")]
    )


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    condition = compile_expression(CONDITION)
    cell = compile_unary_tests("[18..65), > 100")
    people = compile_expression("count(people[ålder >= 18 and ålder < 65]) > 10")
    moment = compile_expression('date and time(start) + @"P3M" > @"2026-01-01T00:00:00@Europe/Stockholm"')
    letter = compile_template("Hej {{namn}}! {{#loop tider}}{{this}} {{/loop}}")
    times = {"namn": "Åsa", "tider": list(range(20))}

    def compiled_anew() -> object:
        return Expression(CONDITION, Parser(CONDITION, (), BUILT_INS).expression())

    simple = _best(lambda: condition.evaluate(SCOPE), 20_000)
    return [
        ("simple condition, compiled", simple, "µs", "<= 10"),
        ("conditions of that kind", 1e6 / simple, "1/s", ">= 100000"),
        *beside_feelin(),
        ("cell of a decision table", _best(lambda: cell.evaluate(30, SCOPE), 20_000), "µs", "<= 10"),
        ("filter over 100 contexts", _best(lambda: people.evaluate(PEOPLE), 500), "µs", "<= 1000"),
        ("moment parsed, moved, compared", _best(lambda: moment.evaluate(MOMENT), 2_000), "µs", "<= 100"),
        ("text with a loop of 20", _best(lambda: letter.render(times), 500), "µs", "<= 1000"),
        ("compiling a simple condition", _best(compiled_anew, 500), "µs", "<= 1000"),
        ("the same from the cache", _best(lambda: compile_expression(CONDITION), 20_000), "µs", "<= 10"),
    ]
