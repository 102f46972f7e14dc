"""Which inputs a table's cells let through, where that can be known: a column cut into pieces that cells cannot divide.

A piece is one value that some cell names, or everything between two such neighbours, with one example. Whether a cell
lets a piece through is asked of the compiled cell itself, so this can never read a cell otherwise than the evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cmp_to_key

from engine.feel import DEFAULT, UnaryTests, compile_expression
from engine.feel import nodes as n
from engine.feel.numbers import is_number
from engine.feel.types import type_name
from engine.feel.values import FeelDate, YearsMonthsDuration

_LESS = compile_expression("a < b", ["a", "b"])
_LITERAL_CALLS = frozenset({"date", "duration"})
_ORDERED = frozenset({"number", "date", "years and months duration"})
_DISCRETE = frozenset({"date", "years and months duration"})
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


def column_of(cells: Sequence[UnaryTests | None], kind: str | None, allowed: UnaryTests | None) -> Column:
    """Cut a column into pieces.

    Args:
        cells: each rule's compiled tests, None for a cell that every value passes.
        kind: FEEL's name of the column's type, None when it is not declared.
        allowed: the compiled input values, None when there are none.
    """
    named: list[object] = []
    judged: list[bool] = []
    for cell in cells:
        points = [] if cell is None else points_of(cell)
        judged.append(points is not None)
        named.extend(points or ())
    limits = None if allowed is None else points_of(allowed)
    named.extend(limits or ())
    kinds = {type_name(point) for point in named if point is not None} | ({kind} if kind else set())
    if len(kinds) > 1:
        return Column((), tuple(None if cell is not None else 0 for cell in cells))
    examples = _examples(named, next(iter(kinds), None))
    if allowed is not None:
        examples = [example for example in examples if _passes(allowed, example)] if limits is not None else []
    everything = (1 << len(examples)) - 1
    return Column(
        tuple(examples),
        tuple(
            everything if cell is None else _bits(cell, examples) if sure and examples else None
            for cell, sure in zip(cells, judged, strict=True)
        ),
    )


def points_of(tests: UnaryTests) -> list[object] | None:
    """The values that unary tests name; None when they are more than comparisons with such values."""
    tree = tests.tree
    points: list[object] = []
    for test in tree.tests:
        found = _constants(test.operand) if isinstance(test, n.ComparisonTest) else _points_of_expression(test)
        if found is None:
            return None
        points.extend(found)
    return points


def _points_of_expression(test: n.ExpressionTest) -> list[object] | None:
    if test.reads_input:
        return None
    expression = test.expression
    if isinstance(expression, n.RangeLiteral):
        low, high = _constants(expression.low), _constants(expression.high)
        return None if low is None or high is None else low + high
    if isinstance(expression, n.OperatorRange):
        return _constants(expression.operand)
    return _constants(expression)


def _constants(node: n.Node) -> list[object] | None:
    """The value of a node that is a literal, as a list of one; None for anything else."""
    if not _is_constant(node):
        return None
    if isinstance(node, n.Literal):
        return [node.value]
    return None


def _is_constant(node: n.Node) -> bool:
    return isinstance(node, n.Literal)


def _examples(points: Sequence[object], kind: str | None) -> list[object]:
    distinct: list[object] = []
    seen: set[object] = set()
    for point in points:
        if point is not None and point not in seen:
            seen.add(point)
            distinct.append(point)
    if kind == "boolean":
        return [True, False]
    if kind == "string":
        return [*distinct, _other_text(distinct)]
    if kind in _ORDERED and distinct:
        return list(_cut(sorted(distinct, key=cmp_to_key(_order)), kind))
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
        if index + 1 == len(points):
            yield between
        elif _order(between, points[index + 1]) < 0:
            yield between
        elif kind not in _DISCRETE:
            yield _middle(point, points[index + 1])


def _step(value: object, by: int) -> object:
    if isinstance(value, FeelDate):
        return FeelDate.of_days(value.days + by)
    if isinstance(value, YearsMonthsDuration):
        return YearsMonthsDuration(value.months + by)
    assert is_number(value) and isinstance(value, int | Decimal)
    return value + by


def _middle(low: object, high: object) -> object:
    assert isinstance(low, int | Decimal) and isinstance(high, int | Decimal)
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
            return search(index + 1, kept, (*chosen, None))
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
