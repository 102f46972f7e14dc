"""Column types of the registers: hours without rounding, months as written, lists and contexts as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from processes.aktivitetskrav.calendar_month import Month


class Hours(TypeDecorator[Decimal]):
    """Hours (or per cent) with two decimals, stored as whole hundredths so that sums are exact on every database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """To hundredths; what is finer is rounded half even."""
        return None if value is None else round(Decimal(value) * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """From hundredths."""
        return None if value is None else Decimal(value) / 100


class CalendarMonth(TypeDecorator[Month]):
    """A calendar month as YYYY-MM, so that text order is time order."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:
        """To YYYY-MM."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Month | None:
        """From YYYY-MM."""
        return None if value is None else Month.parse(value)
