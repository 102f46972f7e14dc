"""Generated decision tables against a brute-force reading of the standard, written without FEEL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.dmn import check_decisions, load_decisions
from tests.unit.dmn.models import ENVIRONMENT, decision, document, table

Test = Callable[[object], bool]


@dataclass(frozen=True)
class Cell:
    """A cell as written, and what it means."""

    text: str
    passes: Test


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def _compared(operator: str, bound: int) -> Cell:
    meanings: dict[str, Test] = {
        "<": lambda x: _number(x) < bound,
        "<=": lambda x: _number(x) <= bound,
        ">": lambda x: _number(x) > bound,
        ">=": lambda x: _number(x) >= bound,
        "": lambda x: x == bound,
    }
    return Cell(f"{operator} {bound}".strip(), meanings[operator])


def _interval(low: int, width: int, *, opened: bool, closed: bool) -> Cell:
    high = low + width

    def passes(x: object) -> bool:
        value = _number(x)
        return (low < value if opened else low <= value) and (value <= high if closed else value < high)

    return Cell(f"{'(' if opened else '['}{low}..{high}{']' if closed else ')'}", passes)


def _either(one: Cell, other: Cell) -> Cell:
    return Cell(f"{one.text}, {other.text}", lambda x: one.passes(x) or other.passes(x))


def _not(cell: Cell) -> Cell:
    return Cell(f"not({cell.text})", lambda x: not cell.passes(x))


def _is(value: object, text: str) -> Cell:
    return Cell(text, lambda x: x == value)


ANYTHING = Cell("-", lambda x: True)
BOUND = st.integers(-3, 6)
COMPARED = st.builds(_compared, st.sampled_from(["<", "<=", ">", ">=", ""]), BOUND)
INTERVAL = st.builds(lambda low, width, ends: _interval(low, width, opened=ends[0], closed=ends[1]),
                     BOUND, st.integers(0, 4), st.tuples(st.booleans(), st.booleans()))  # fmt: skip
NUMERIC = st.one_of(COMPARED, INTERVAL)
TEXTS = st.sampled_from(["a", "b", "c"]).map(lambda text: _is(text, f'"{text}"'))


def _cells(simple: st.SearchStrategy[Cell]) -> st.SearchStrategy[Cell]:
    return st.one_of(simple, simple, st.builds(_either, simple, simple), simple.map(_not), st.just(ANYTHING))


RULE = st.tuples(
    _cells(NUMERIC),
    _cells(TEXTS),
    st.sampled_from([ANYTHING, _is(True, "true"), _is(False, "false")]),
    st.integers(1, 4),
)
RULES = st.lists(RULE, max_size=7)
INPUT = st.fixed_dictionaries(
    {"x": st.integers(-5, 12), "y": st.sampled_from(["a", "b", "c", "d"]), "z": st.booleans()}
)
POLICY = st.sampled_from(
    ["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
    + [f"COLLECT {aggregation}" for aggregation in ("SUM", "MIN", "MAX", "COUNT")]
)
PRIORITIES = [3, 1, 4, 2]

Rules = list[tuple[Cell, Cell, Cell, int]]


def written(policy: str, rules: Rules) -> bytes:
    name, _, aggregation = policy.partition(" ")
    if name not in ("COLLECT",):
        name, aggregation = policy, ""
    output = {"name": "o", "values": ", ".join(map(str, PRIORITIES))}
    rows = [(x.text, y.text, z.text, str(out)) for x, y, z, out in rules]
    columns = [("x", "number"), ("y", "string"), ("z", "boolean")]
    drawn = table(name, columns, [output], rows, aggregation=aggregation or None)  # type: ignore[arg-type]
    return document(decision("D", drawn))


def matching(rules: Rules, inputs: dict[str, object]) -> list[int]:
    return [rules[number][3] for number in _numbers(rules, inputs)]


def by_brute_force(policy: str, found: list[int]) -> object:
    lists = {
        "COLLECT": list(found),
        "RULE ORDER": list(found),
        "OUTPUT ORDER": sorted(found, key=PRIORITIES.index),
    }
    if policy in lists:
        return lists[policy]
    if policy == "COLLECT COUNT":
        return len(found)
    if not found:
        return None
    single = {
        "UNIQUE": found[0] if len(found) == 1 else None,
        "FIRST": found[0],
        "ANY": found[0] if len(set(found)) == 1 else None,
        "PRIORITY": min(found, key=PRIORITIES.index),
        "COLLECT SUM": sum(found),
        "COLLECT MIN": min(found),
        "COLLECT MAX": max(found),
    }
    return single[policy]


@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(POLICY, RULES, st.lists(INPUT, min_size=1, max_size=8))
def test_a_table_answers_as_the_standard_reads(policy: str, rules: Rules, inputs: list[dict[str, object]]) -> None:
    model = load_decisions(written(policy, rules), file="t.dmn")
    for given_ in inputs:
        result = model.evaluate("D", given_, ENVIRONMENT)
        assert result.value == by_brute_force(policy, matching(rules, given_)), given_


@settings(max_examples=100, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(RULES)
def test_the_linter_finds_exactly_the_overlaps_gaps_and_unreachable_rules_there_are(rules: Rules) -> None:
    every = [{"x": x, "y": y, "z": z} for x in _halves(-6, 13) for y in "abcd" for z in (True, False)]
    found = {code: [f for f in check_decisions(written("UNIQUE", rules), "t.dmn") if f.code == code]
             for code in ("TABLE_RULES_OVERLAP", "TABLE_GAP", "TABLE_WITHOUT_DEFAULT")}  # fmt: skip
    hits = [len(_numbers(rules, inputs)) for inputs in every]
    assert bool(found["TABLE_RULES_OVERLAP"]) == any(count > 1 for count in hits)
    assert bool(found["TABLE_GAP"]) == any(count == 0 for count in hits)
    assert not found["TABLE_WITHOUT_DEFAULT"]

    first = check_decisions(written("FIRST", rules), "t.dmn")
    unreachable = {finding.element for finding in first if finding.code == "TABLE_RULE_UNREACHABLE"}
    reached = {f"r{min(numbers) + 1}" for inputs in every if (numbers := _numbers(rules, inputs))}
    assert unreachable == {f"r{number + 1}" for number in range(len(rules))} - reached


def _halves(low: int, high: int) -> list[object]:
    """Whole numbers and those half between them: the cells' bounds are whole."""
    return [value / 2 for value in range(2 * low, 2 * high)]


def _numbers(rules: Rules, inputs: dict[str, object]) -> list[int]:
    return [
        number
        for number, (x, y, z, _) in enumerate(rules)
        if x.passes(inputs["x"]) and y.passes(inputs["y"]) and z.passes(inputs["z"])
    ]
