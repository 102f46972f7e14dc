"""What a decision table answers, given the rules that matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.dmn.model import Aggregation, HitPolicy
from engine.dmn.run import Run
from engine.feel import compile_expression

SINGLE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.ANY})
"""The policies that answer with one rule's output."""

_SAME = compile_expression("a = b", ["a", "b"])
_RANK = compile_expression("index of(values, value)", ["values", "value"])
_AGGREGATE = {
    Aggregation.SUM: compile_expression("sum(values)", ["values"]),
    Aggregation.MIN: compile_expression("min(values)", ["values"]),
    Aggregation.MAX: compile_expression("max(values)", ["values"]),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: its index from 0, its output (one value, or a context of several)."""

    rule: int
    value: object
    outputs: Mapping[str, object]


def answer(
    policy: HitPolicy,
    aggregation: Aggregation | None,
    hits: Sequence[Hit],
    orders: Mapping[str, list[object]],
    run: Run,
    element: str | None,
) -> object:
    """The table's value when at least one rule matched.

    `orders` has the output values, most important first, of the output columns that list them.
    """
    match policy:
        case HitPolicy.UNIQUE:
            if len(hits) > 1:
                numbers = ", ".join(str(hit.rule + 1) for hit in hits[:20])
                run.warn("RULES_OVERLAP", f"several rules match in a UNIQUE table: {numbers}", element)
                return None
            return hits[0].value
        case HitPolicy.FIRST:
            return hits[0].value
        case HitPolicy.ANY:
            return _any(hits, run, element)
        case HitPolicy.PRIORITY:
            ordered = _by_priority(hits, orders, run, element)
            return None if ordered is None else ordered[0].value
        case HitPolicy.OUTPUT_ORDER:
            ordered = _by_priority(hits, orders, run, element)
            return None if ordered is None else [hit.value for hit in ordered]
        case HitPolicy.RULE_ORDER:
            return [hit.value for hit in hits]
        case HitPolicy.COLLECT:
            return _collect(aggregation, hits, run, element)


def answer_of_none(policy: HitPolicy, aggregation: Aggregation | None) -> object:
    """The table's value when no rule matched and there is no default output."""
    if policy in SINGLE:
        return None
    if aggregation is None:
        return []
    return 0 if aggregation is Aggregation.COUNT else None


def _any(hits: Sequence[Hit], run: Run, element: str | None) -> object:
    first = hits[0]
    for other in hits[1:]:
        if _SAME.evaluate({"a": first.value, "b": other.value}, run.environment).value is not True:
            run.warn(
                "OUTPUTS_DIFFER",
                f"rules {first.rule + 1} and {other.rule + 1} match in an ANY table and say different things",
                element,
            )
            return None
    return first.value


def _by_priority(
    hits: Sequence[Hit], orders: Mapping[str, list[object]], run: Run, element: str | None
) -> list[Hit] | None:
    if not orders:
        run.warn("NO_OUTPUT_VALUES", "the hit policy needs output values in order of priority", element)
        return None

    def rank(hit: Hit) -> tuple[int, ...]:
        return tuple(_position(hit.outputs.get(name), values, run) for name, values in orders.items())

    return sorted(hits, key=rank)


def _position(value: object, values: list[object], run: Run) -> int:
    found = _RANK.evaluate({"values": values, "value": value}, run.environment).value
    return int(found[0]) if type(found) is list and found else len(values) + 1


def _collect(aggregation: Aggregation | None, hits: Sequence[Hit], run: Run, element: str | None) -> object:
    values = [hit.value for hit in hits]
    if aggregation is None:
        return values
    if aggregation is Aggregation.COUNT:
        return len(values)
    if len(hits[0].outputs) > 1:
        run.warn("CANNOT_AGGREGATE", "only a table with one output can be aggregated", element)
        return None
    result = _AGGREGATE[aggregation].evaluate({"values": values}, run.environment)
    run.warn_all(result.warnings, element)
    return result.value
