"""How points and ranges lie to one another (DMN 1.5, table 78), and `range`."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.feel.comparison import equal, less
from engine.feel.compiler import compile_node
from engine.feel.errors import EvaluationProblem, FeelSyntaxError
from engine.feel.functions import built_in
from engine.feel.nodes import AtLiteral, Call, Literal, Name, Negation, Node
from engine.feel.parser import Parser
from engine.feel.runtime import NOTHING, Evaluation, Frame
from engine.feel.values import FeelRange, RangeForm

_PARSE_COST, _RELATION_COST = 180, 36
_POINT = "number|string|date|time|date and time|duration"


def _as_range(value: object) -> FeelRange:
    if isinstance(value, FeelRange):
        if value.form in (RangeForm.NOT_EQUAL,):
            raise EvaluationProblem("a range of everything but one value has no ends", "INVALID_ARGUMENT")
        return value
    return FeelRange(value, True, value, True)


class _Ends:
    """Two ranges (points being ranges of one value) with open ends beyond everything."""

    def __init__(self, run: Evaluation, one: object, other: object) -> None:
        self.run = run
        self.a, self.b = _as_range(one), _as_range(other)

    def equal(self, left: object, right: object) -> bool:
        """Whether two ends are the same; so are two open ones."""
        return equal(self.run, left, right)

    def ends_before_start(self, first: FeelRange, second: FeelRange) -> bool:
        """Whether the first lies wholly before the second."""
        if first.end is None or second.start is None:
            return False
        if less(first.end, second.start):
            return True
        touching = first.end_included and second.start_included
        return not touching and equal(self.run, first.end, second.start)

    def start_not_after(self, first: FeelRange, second: FeelRange) -> bool:
        """Whether the first begins where the second does, or earlier."""
        if first.start is None:
            return True
        if second.start is None:
            return False
        if less(first.start, second.start):
            return True
        return equal(self.run, first.start, second.start) and (first.start_included or not second.start_included)

    def end_not_before(self, first: FeelRange, second: FeelRange) -> bool:
        """Whether the first ends where the second does, or later."""
        if first.end is None:
            return True
        if second.end is None:
            return False
        if less(second.end, first.end):
            return True
        return equal(self.run, first.end, second.end) and (first.end_included or not second.end_included)


Relation = Callable[[_Ends], bool]


def _relation(name: str, *shapes: str) -> Callable[[Relation], Relation]:
    """Declares a relation for shapes such as "point range"; the parameters are named as in the standard."""
    names = {
        "point point": ("point1", "point2"),
        "point range": ("point", "range"),
        "range point": ("range", "point"),
        "range range": ("range1", "range2"),
    }

    def declare(relation: Relation) -> Relation:
        def call(run: Evaluation, one: object, other: object) -> bool:
            run.charge(_RELATION_COST)
            return relation(_Ends(run, one, other))

        for shape in shapes:
            kinds = [_POINT if kind == "point" else "range" for kind in shape.split()]
            first, second = names[shape]
            built_in(name, f"{first}: {kinds[0]}, {second}: {kinds[1]}")(call)
        return relation

    return declare


_ALL = ("point point", "point range", "range point", "range range")


@_relation("before", *_ALL)
def before(ends: _Ends) -> bool:
    """The first ends before the second begins."""
    return ends.ends_before_start(ends.a, ends.b)


@_relation("after", *_ALL)
def after(ends: _Ends) -> bool:
    """The first begins after the second ends."""
    return ends.ends_before_start(ends.b, ends.a)


@_relation("meets", "range range")
def meets(ends: _Ends) -> bool:
    """The first ends exactly where the second begins, both including it."""
    return ends.a.end_included and ends.b.start_included and ends.equal(ends.a.end, ends.b.start)


@_relation("met by", "range range")
def met_by(ends: _Ends) -> bool:
    """The first begins exactly where the second ends, both including it."""
    return ends.a.start_included and ends.b.end_included and ends.equal(ends.a.start, ends.b.end)


@_relation("overlaps", "range range")
def overlaps(ends: _Ends) -> bool:
    """The two have values in common."""
    return not ends.ends_before_start(ends.a, ends.b) and not ends.ends_before_start(ends.b, ends.a)


@_relation("overlaps before", "range range")
def overlaps_before(ends: _Ends) -> bool:
    """The first begins earlier and ends within the second."""
    earlier = not ends.start_not_after(ends.b, ends.a)
    return earlier and overlaps(ends) and ends.end_not_before(ends.b, ends.a)


@_relation("overlaps after", "range range")
def overlaps_after(ends: _Ends) -> bool:
    """The first begins within the second and ends later."""
    later = not ends.start_not_after(ends.a, ends.b)
    return later and overlaps(ends) and ends.end_not_before(ends.a, ends.b)


@_relation("finishes", "point range", "range range")
def finishes(ends: _Ends) -> bool:
    """The first ends with the second and begins no earlier."""
    together = ends.a.end_included == ends.b.end_included and ends.equal(ends.a.end, ends.b.end)
    return together and ends.start_not_after(ends.b, ends.a)


@_relation("finished by", "range point", "range range")
def finished_by(ends: _Ends) -> bool:
    """The second ends with the first and begins no earlier."""
    together = ends.a.end_included == ends.b.end_included and ends.equal(ends.a.end, ends.b.end)
    return together and ends.start_not_after(ends.a, ends.b)


@_relation("includes", "range point", "range range")
def includes(ends: _Ends) -> bool:
    """All of the second lies in the first."""
    return ends.start_not_after(ends.a, ends.b) and ends.end_not_before(ends.a, ends.b)


@_relation("during", "point range", "range range")
def during(ends: _Ends) -> bool:
    """All of the first lies in the second."""
    return ends.start_not_after(ends.b, ends.a) and ends.end_not_before(ends.b, ends.a)


@_relation("starts", "point range", "range range")
def starts(ends: _Ends) -> bool:
    """The first begins with the second and ends no later."""
    together = ends.a.start_included == ends.b.start_included and ends.equal(ends.a.start, ends.b.start)
    return together and ends.end_not_before(ends.b, ends.a)


@_relation("started by", "range point", "range range")
def started_by(ends: _Ends) -> bool:
    """The second begins with the first and ends no later."""
    together = ends.a.start_included == ends.b.start_included and ends.equal(ends.a.start, ends.b.start)
    return together and ends.end_not_before(ends.a, ends.b)


@_relation("coincides", "point point", "range range")
def coincides(ends: _Ends) -> bool:
    """The two are the same."""
    a, b = ends.a, ends.b
    flags = a.start_included == b.start_included and a.end_included == b.end_included
    return flags and ends.equal(a.start, b.start) and ends.equal(a.end, b.end)


_CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration"})


def _is_endpoint(node: Node) -> bool:
    if isinstance(node, Negation):
        return isinstance(node.operand, Literal)
    if isinstance(node, Call):
        named = isinstance(node.function, Name) and node.function.name in _CONSTRUCTORS
        return named and all(isinstance(argument, Literal) for argument in node.arguments)
    return isinstance(node, AtLiteral) or (isinstance(node, Literal) and node.value is not True)


_RANGE_TEXT = re.compile(r"\s*([\[(\]])(.*)([\])\[])\s*", re.DOTALL)
_SEPARATOR = re.compile(r'((?:[^".]|"(?:[^"\\]|\\.)*"|\.(?!\.))*)\.\.(.*)', re.DOTALL)


def _endpoint(run: Evaluation, text: str, is_open: bool) -> object:
    """The value of an end, None when it is left out at an open side. Raises EvaluationProblem for anything else."""
    if not text.strip() and is_open:
        return None
    try:
        node = Parser(text, (), _CONSTRUCTORS).expression()
    except FeelSyntaxError as problem:
        raise EvaluationProblem(f"{text[:60]!r} is not the end of a range") from problem
    value = compile_node(node)(Frame(NOTHING, None, run)) if _is_endpoint(node) else None
    if value is None:
        raise EvaluationProblem(f"{text[:60]!r} is not the end of a range")
    return value


@built_in("range", "from: string")
def range_from(run: Evaluation, text: str) -> FeelRange:
    """The range that a text such as `[1..10)` or `[1..)` says; its ends are literals."""
    run.charge(_PARSE_COST)
    run.check_text(len(text) * 32)
    outer = _RANGE_TEXT.fullmatch(text) if len(text) < 1_000 else None
    inner = _SEPARATOR.fullmatch(outer[2]) if outer else None
    if outer is None or inner is None:
        raise EvaluationProblem(f"{text[:60]!r} is not a range")
    start_included, end_included = outer[1] == "[", outer[3] == "]"
    start = _endpoint(run, inner[1], not start_included)
    end = _endpoint(run, inner[2], not end_included)
    if start is None and end is None:
        raise EvaluationProblem("a range has at least one end")
    if start is not None and end is not None and less(end, start):
        raise EvaluationProblem(f"the range {text[:60]!r} ends before it starts")
    return FeelRange(start, start_included, end, end_included)
