"""The person's week: when activities take place, what clashes, and what holidays take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.protocols import Calendar

WEEKDAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
_WRITTEN = re.compile(rf"({'|'.join(WEEKDAYS)}) ([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, order=True)
class Slot:
    """A time that comes back every week: weekday 0 (Monday) to 6, minutes since midnight."""

    weekday: int
    begins: int
    ends: int

    @classmethod
    def parse(cls, text: str) -> Slot:
        """The slot written as "mån 09:00-12:00"; raises ValueError."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text}' is no time written as 'mån 09:00-12:00'")
        begins, ends = 60 * int(match[2]) + int(match[3]), 60 * int(match[4]) + int(match[5])
        if begins >= ends:
            raise ValueError(f"'{text}' ends before it begins")
        return cls(WEEKDAYS.index(match[1]), begins, ends)

    def clashes_with(self, other: Slot) -> bool:
        """Whether the two share any time."""
        return self.weekday == other.weekday and self.begins < other.ends and other.begins < self.ends

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {_clock(self.begins)}-{_clock(self.ends)}"


@dataclass(frozen=True)
class Occupied:
    """What fills a part of somebody's week: its name and its times."""

    name: str
    slots: Sequence[Slot]


def clashes(wanted: Iterable[Slot], week: Iterable[Occupied]) -> Iterator[str]:
    """Each time of `wanted` that something in the week has already, in words."""
    taken = list(week)
    for slot in sorted(wanted):
        for each in taken:
            for other in each.slots:
                if slot.clashes_with(other):
                    yield f"{slot} krockar med {each.name} ({other})"


def days_lost(slots: Iterable[Slot], first: date, weeks: int, calendar: Calendar) -> list[date]:
    """The days in the first `weeks` weeks from `first` with a slot on which nobody works: holidays, closed days."""
    weekdays = {slot.weekday for slot in slots}
    days = (first + timedelta(days=step) for step in range(7 * weeks))
    return [day for day in days if day.weekday() in weekdays and not calendar.is_working_day(day)]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
