"""A calendar month: the unit of income support (stödmånad)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One calendar month, written YYYY-MM."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as YYYY-MM; raises ValueError."""
        match = _WRITTEN.fullmatch(text)
        if match is None or match[1] == "0000":
            raise ValueError(f"'{text}' is not a month written YYYY-MM")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that `day` lies in."""
        return cls(day.year, day.month)

    @classmethod
    def of_number(cls, number: int) -> Month:
        """The month with this `number`."""
        year, month = divmod(number, 12)
        return cls(year, month + 1)

    @property
    def number(self) -> int:
        """Months since year 0: consecutive months have consecutive numbers."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    def plus(self, months: int) -> Month:
        """The month `months` later (earlier when negative)."""
        return Month.of_number(self.number + months)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_from(first: Month, count: int) -> Iterator[Month]:
    """`count` consecutive months starting with `first`."""
    return (first.plus(step) for step in range(count))
