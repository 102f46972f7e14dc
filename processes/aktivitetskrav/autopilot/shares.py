"""A simulation in shares: which households each has, and what all of them come to together."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

from processes.aktivitetskrav.autopilot.seeding import SeedResult
from processes.aktivitetskrav.decision_file import DecisionRow
from processes.aktivitetskrav.records.population import Counts


@dataclass(frozen=True)
class Share:
    """One of `of` equal shares of the households, counted from 0; people of one household never part."""

    number: int
    of: int

    def take(self, rows: Iterable[DecisionRow]) -> list[DecisionRow]:
        """The rows of this share's households, in the same order."""
        return [row for row in rows if zlib.crc32(row.household.encode()) % self.of == self.number]


def together(results: Sequence[SeedResult]) -> SeedResult:
    """What the shares of one simulation come to; `results` has at least one."""
    return reduce(_two, results)


def _two(one: SeedResult, other: SeedResult) -> SeedResult:
    return SeedResult(
        one.first_month,
        one.until,
        one.tasks_completed + other.tasks_completed,
        one.timers_fired + other.timers_fired,
        Counts(
            **{
                each.name: _sum(getattr(one.counts, each.name), getattr(other.counts, each.name))
                for each in fields(Counts)
            }
        ),
    )


def _sum(one: Any, other: Any) -> Any:
    """The sum of two numbers, or of two mappings to such, name by name."""
    if isinstance(one, int):
        return one + other
    if all(isinstance(value, int) for value in (*one.values(), *other.values())):
        return dict(sorted((Counter(one) + Counter(other)).items()))
    return {name: _sum(one.get(name, {}), other.get(name, {})) for name in sorted({*one, *other})}
