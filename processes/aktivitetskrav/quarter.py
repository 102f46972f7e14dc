"""A calendar quarter: the period of the reports to IVO."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from processes.aktivitetskrav.calendar_month import Month

_WRITTEN = re.compile(r"([0-9]{4})-K([1-4])")
_MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter, written YYYY-Kn."""

    year: int
    number: int  # 1 to 4

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """The quarter written as YYYY-Kn; raises ValueError."""
        match = _WRITTEN.fullmatch(text)
        if match is None or match[1] == "0000":
            raise ValueError(f"'{text}' is not a quarter written YYYY-Kn")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that `day` lies in."""
        return cls(day.year, (day.month - 1) // _MONTHS + 1)

    @property
    def first_day(self) -> date:
        """The quarter's first day."""
        return date(self.year, (self.number - 1) * _MONTHS + 1, 1)

    @property
    def last_day(self) -> date:
        """The quarter's last day."""
        return Month.of(self.first_day).plus(_MONTHS).first_day - timedelta(days=1)

    @property
    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter.of(self.first_day - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-K{self.number}"
