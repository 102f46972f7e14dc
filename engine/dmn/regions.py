"""Which inputs a table's cells let through, where that can be known: a column cut into pieces that cells cannot divide.

A piece is one value that some cell names, or everything between two such neighbours, with one example. Whether a cell
lets a piece through is asked of the compiled cell itself, so this can never read a cell otherwise than the evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key
from typing import Final

from engine.feel import DEFAULT, UnaryTests, compile_expression
from engine.feel import nodes as n
from engine.feel.functions import BUILT_INS
from engine.feel.parser import Parser
from engine.feel.types import type_name
from engine.feel.values import FeelDate, YearsMonthsDuration

_LESS = compile_expression("a < b", ["a", "b"])
_LITERAL_CALLS = frozenset({"date", "duration"})
ORDERED: Final = frozenset({"number", "date", "years and months duration"})
_DISCRETE = frozenset({"date", "years and months duration"})
MAX_QUESTIONS = 200_000
"""Pieces times cells; a column with more is not judged."""

OTHER_TEXT = "något annat"
"""The example for a text that no cell names."""


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: its pieces by their examples, and for each cell the pieces it lets through as bits.

    A cell that cannot be judged (it reads other inputs, or calls functions) has None.
    """

    examples: tuple[object, ...]
    cells: tuple[int | None, ...]

    @property
    def all_pieces(self) -> int:
        """Every piece, as bits."""
        return (1 << len(self.examples)) - 1


def column_of(
    cells: Sequence[UnaryTests | None], kind: str | None, allowed: UnaryTests | None, names: Iterable[str] = ()
) -> Column:
    """Cut a column into pieces.

    Args:
        cells: each rule's compiled tests, None for a cell that every value passes.
        kind: FEEL's name of the column's type, None when it is not declared.
        allowed: the compiled input values, None when there are none.
        names: the names in scope, as the cells were compiled with.
    """
    named: list[object] = []
    judged: dict[str, bool] = {}
    for cell in cells:
        if cell is not None and cell.text not in judged:
            points = points_of(cell.text, names)
            judged[cell.text] = points is not None
            named.extend(points or ())
    limits = None if allowed is None else points_of(allowed.text)
    named.extend(limits or ())
    kinds = {type_name(point) for point in named if point is not None} | ({kind} if kind else set())
    examples: list[object] = []
    if len(kinds) == 1 and (allowed is None) == (limits is None):
        examples = _examples(named, next(iter(kinds)))
    if allowed is not None:
        examples = [example for example in examples if _passes(allowed, example)]
    if len(examples) * len(judged) > MAX_QUESTIONS:
        examples = []
    bits = {
        cell.text: _bits(cell, examples) if judged[cell.text] and examples else None
        for cell in {cell.text: cell for cell in cells if cell is not None}.values()
    }
    everything = (1 << len(examples)) - 1
    return Column(tuple(examples), tuple(everything if cell is None else bits[cell.text] for cell in cells))


def points_of(text: str, names: Iterable[str] = ()) -> list[object] | None:
    """The constants that unary tests name; None when they are more than comparisons with constants."""
    tree = Parser(text, names, BUILT_INS).unary_tests()
    points: list[object] = []
    for test in tree.tests:
        parts = _parts(test)
        for node in parts:
            if not _is_constant(node):
                return None
            result = compile_expression(text[node.start : node.end]).evaluate({})
            if result.warnings or (type(result.value) is str and _orders(test)):
                return None
            points.append(result.value)
    return points


def _orders(test: n.ComparisonTest | n.ExpressionTest) -> bool:
    """Whether a test asks for more than to be equal or not."""
    if isinstance(test, n.ComparisonTest):
        return test.operator not in ("=", "!=")
    return isinstance(test.expression, n.RangeLiteral | n.OperatorRange)


def _parts(test: n.ComparisonTest | n.ExpressionTest) -> list[n.Node]:
    """What has to be constant for a test to be."""
    if isinstance(test, n.ComparisonTest):
        return [test.operand]
    match test.expression:
        case n.RangeLiteral(low=low, high=high):
            return [low, high]
        case n.OperatorRange(operand=operand):
            return [operand]
        case n.ListLiteral(items=items):
            return list(items)
        case expression:
            return [expression]


def _is_constant(node: n.Node) -> bool:
    match node:
        case n.Literal() | n.AtLiteral():
            return True
        case n.Negation(operand=operand):
            return _is_constant(operand)
        case n.Call(function=n.Name(name=name), arguments=arguments):
            return name in _LITERAL_CALLS and all(_is_constant(argument) for argument in arguments)
        case _:
            return False


def _examples(points: Sequence[object], kind: str | None) -> list[object]:
    distinct = list(dict.fromkeys(point for point in points if point is not None))
    null = [None] if None in points else []
    if kind == "boolean":
        return [True, False, *null]
    if kind == "string":
        return [*distinct, _other_text(distinct), *null]
    if kind in ORDERED and distinct:
        return [*_cut(sorted(distinct, key=cmp_to_key(_order)), kind), *null]
    return []


def _other_text(taken: Sequence[object]) -> str:
    text = OTHER_TEXT
    while text in taken:
        text += "!"
    return text


def _cut(points: Sequence[object], kind: str) -> Iterator[object]:
    yield _step(points[0], -1)
    for index, point in enumerate(points):
        yield point
        between = _step(point, 1)
        if index + 1 == len(points) or _order(between, points[index + 1]) < 0:
            yield between
        elif kind not in _DISCRETE:
            yield _middle(point, points[index + 1])


def _step(value: object, by: int) -> object:
    if isinstance(value, FeelDate):
        return FeelDate.of_days(value.days + by)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(value.months + by)
    assert isinstance(value, int | Decimal)
    return value + by


def _middle(low: object, high: object) -> object:
    assert isinstance(low, int | Decimal)
    assert isinstance(high, int | Decimal)
    return (Decimal(low) + Decimal(high)) / 2


def _order(left: object, right: object) -> int:
    if left == right:
        return 0
    return -1 if _LESS.evaluate({"a": left, "b": right}).value is True else 1


def _bits(cell: UnaryTests, examples: Sequence[object]) -> int:
    bits = 0
    for index, example in enumerate(examples):
        if _passes(cell, example):
            bits |= 1 << index
    return bits


def _passes(tests: UnaryTests, value: object) -> bool:
    return tests.evaluate(value, {}, DEFAULT).value is True


UNKNOWN: Final = object()
"""In an example: any value, of a column that nothing is known of."""

Example = tuple[object, ...]
"""One value for each column."""


@dataclass(frozen=True, slots=True)
class Regions:
    """All columns of a table together."""

    columns: tuple[Column, ...]
    rules: int

    def masks(self, column: Column, *, unsure: bool) -> list[int]:
        """For each piece the rules that let it through; cells that cannot be judged count as `unsure` says."""
        masks = [0] * len(column.examples)
        for rule, bits in enumerate(column.cells):
            for piece in range(len(masks)):
                if unsure if bits is None else bits >> piece & 1:
                    masks[piece] |= 1 << rule
        return masks


def uncovered(
    regions: Regions, within: Sequence[int | None], rules: int, budget: Callable[[], bool], *, unsure: bool
) -> Example | None:
    """An input that none of `rules` (bits) matches, among the pieces of `within` (bits a column, None: all).

    `unsure` says whether a cell that cannot be judged counts as matching. `budget` is asked at each step and ends
    the search when it says no. None when there is no such input, or none was found in time.
    """
    tables = [regions.masks(column, unsure=unsure) for column in regions.columns]
    opaque = [_opaque_rules(column) if unsure else 0 for column in regions.columns]
    seen: set[tuple[int, int]] = set()

    def search(index: int, alive: int, chosen: Example) -> Example | None:
        if index == len(regions.columns):
            return chosen if alive == 0 else None
        if (index, alive) in seen or not budget():
            return None
        seen.add((index, alive))
        column, wanted = regions.columns[index], within[index]
        if not column.examples:
            # Nothing is known of this column: its rules count as `unsure` says, and there is no example to show.
            kept = alive & (opaque[index] | _open_rules(column))
            return search(index + 1, kept, (*chosen, UNKNOWN))
        for piece, mask in enumerate(tables[index]):
            if wanted is not None and not wanted >> piece & 1:
                continue
            found = search(index + 1, alive & mask, (*chosen, column.examples[piece]))
            if found is not None:
                return found
        return None

    return search(0, rules, ())


def _opaque_rules(column: Column) -> int:
    return sum(1 << rule for rule, bits in enumerate(column.cells) if bits is None)


def _open_rules(column: Column) -> int:
    return sum(1 << rule for rule, bits in enumerate(column.cells) if bits is not None)
