"""Counts consecutive support months: the rule behind the three-month trigger (S1:69, S2:46).

Pure functions; what the law leaves open is in CountingRule, filled from parameters.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How months are counted; every field is a parameter of the municipality."""

    entry_month: Month  # the month the requirement enters into force (ikrafttradande)
    count_before_entry: bool  # whether support months before it count (rakna_manader_fore_ikraft)
    break_after: int  # how many months without support in a row break the chain, at least 1 (brytmanader)
    refused_passes: bool  # whether a month refused for a deviation leaves the chain whole (neka_bryter_inte)

    def __post_init__(self) -> None:
        if self.break_after < 1:
            raise ValueError("a chain breaks after one month without support or more")


@dataclass(frozen=True, slots=True)
class Chain:
    """The support months that hang together and end with, or just before, one month."""

    months: int  # how many support months
    first: Month | None  # the first of them
    without: int  # months without support after the last of them, or since the beginning

    def is_broken(self, rule: CountingRule) -> bool:
        """Whether the months without support are so many that the chain has ended."""
        return self.without >= rule.break_after


def count_chain(outcomes: Mapping[Month, Outcome], last: Month, rule: CountingRule) -> Chain:
    """The chain at `last`, given the outcome in force for each month that is known.

    A month that is not known, rejected or not applied for is a month without support; `break_after` such months in a
    row break the chain. A month refused for a deviation is passed over, or is a month without support: see the rule.
    """
    begin = min(outcomes, default=last)
    if not rule.count_before_entry:
        begin = max(begin, rule.entry_month)
    backwards = [(month, _kind(outcomes.get(month), rule)) for month in _down(last, begin)]
    without = 0
    while backwards and backwards[0][1] is not _Kind.SUPPORT:
        without += backwards.pop(0)[1] is _Kind.WITHOUT
    if without >= rule.break_after:
        return Chain(0, None, without)
    months, first, gap = 0, None, 0
    for month, kind in backwards:
        if kind is _Kind.SUPPORT:
            months, first, gap = months + 1, month, 0
        elif kind is _Kind.WITHOUT:
            gap += 1
        if gap >= rule.break_after:
            break
    return Chain(months, first, without)


class _Kind(Enum):
    SUPPORT = 1
    WITHOUT = 2
    PASSED_OVER = 3


def _kind(outcome: Outcome | None, rule: CountingRule) -> _Kind:
    if outcome in (Outcome.GRANTED, Outcome.REDUCED):
        return _Kind.SUPPORT
    if outcome is Outcome.REFUSED and rule.refused_passes:
        return _Kind.PASSED_OVER
    return _Kind.WITHOUT


def _down(last: Month, begin: Month) -> Iterator[Month]:
    return (last.plus(-step) for step in range(last.number - begin.number + 1))
