"""The cells of one input column, each text compiled once, with their answers remembered where that is safe.

Where all cells of a column compare with constants, two values between the same neighbouring constants get the same
answers. Such answers are kept for the whole piece and shared by all evaluations and threads: each thread that misses
one computes the same, so that no lock is needed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any, Final

from engine.dmn.literals import Texts
from engine.dmn.regions import ORDERED, points_of
from engine.feel import UnaryTests, type_name
from engine.feel.values import FeelDate, YearsMonthsDuration

ANYTHING: Final = frozenset({"", "-", "–", "—"})
"""Texts of a cell that every value passes."""

ALWAYS: Final = -1
NEVER: Final = -2

MAX_REMEMBERED: Final = 200_000
"""Answers kept for one column."""

MAX_JUDGED: Final = 2_000
"""Different cells of a column whose constants are looked for."""

Answers = list[bool | None]
"""For each of the column's tests whether the value passes; None: not asked yet."""


class Column:
    """The cells of an input column: for each rule which test, or ALWAYS or NEVER."""

    def __init__(
        self, cells: Sequence[str], elements: Sequence[str | None], names: frozenset[str], texts: Texts
    ) -> None:
        """Compile each distinct text; a cell that does not parse never matches."""
        self.tests: list[UnaryTests] = []
        self.cells: list[int] = []
        known: dict[str, int] = {}
        for text, element in zip(cells, elements, strict=True):
            if text in ANYTHING:
                self.cells.append(ALWAYS)
                continue
            if text not in known:
                compiled = texts.tests(text, names, element)
                known[text] = NEVER if compiled is None else len(self.tests)
                if compiled is not None:
                    self.tests.append(compiled)
            self.cells.append(known[text])
        self._pieces = _pieces_of(self.tests, texts.readable(names)) if len(self.tests) <= MAX_JUDGED else None
        self._remembered: dict[Hashable, Answers] = {}

    def answers(self, value: object) -> tuple[Answers, bool]:
        """The answers so far for a value, and whether they are kept for other evaluations."""
        piece = None if self._pieces is None or value is None else self._pieces.find(value)
        if piece is None:
            return [None] * len(self.tests), False
        found = self._remembered.get(piece)
        if found is None:
            found = [None] * len(self.tests)
            if (len(self._remembered) + 1) * len(self.tests) > MAX_REMEMBERED:
                return found, False
            found = self._remembered.setdefault(piece, found)
        return found, True


class _Pieces:
    """The pieces that a column's constants cut its values into."""

    def __init__(self, kind: str, points: Sequence[object]) -> None:
        self._types = _TYPES[kind]
        self._is_ordered = kind in ORDERED
        # Of one type, whose values Python orders as FEEL does.
        self._points: list[Any] = sorted(set[Any](points)) if self._is_ordered else []
        self._named = frozenset(points)

    def find(self, value: object) -> Hashable | None:
        """The piece that a value lies in; None when it is of another type than the constants."""
        if type(value) not in self._types:
            return None
        if not self._is_ordered:
            return (value,) if value in self._named else ()
        index = bisect_left(self._points, value)
        is_point = index < len(self._points) and bool(self._points[index] == value)
        return 2 * index + 1 if is_point else 2 * index


_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "number": (int, Decimal),
    "date": (FeelDate,),
    "years and months duration": (YearsMonthsDuration,),
    "string": (str,),
    "boolean": (bool,),
}


def _pieces_of(tests: Sequence[UnaryTests], names: frozenset[str]) -> _Pieces | None:
    """The pieces of a column all of whose tests compare with constants of one type; None for other columns."""
    points: list[object] = []
    for test in tests:
        found = points_of(test.text, names)
        if found is None:
            return None
        points.extend(point for point in found if point is not None)
    kinds = {type_name(point) for point in points}
    kind = next(iter(kinds), None)
    return _Pieces(kind, points) if len(kinds) == 1 and kind in _TYPES else None
