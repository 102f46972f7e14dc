"""Reads process variables (FEEL values) as the Python values that registers hold, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from engine.errors import InvalidInput
from engine.feel.values import FeelDate, FeelDateTime
from processes.aktivitetskrav.calendar_month import Month

_MOST = 1_000_000
"""No number in a register is larger: hours, per cent, ids of one municipality's rows."""
_Code = TypeVar("_Code", bound=StrEnum)


class MissingInput(InvalidInput):
    """A task was given no value for something it needs."""

    code = "MISSING_INPUT"


class WrongInput(InvalidInput):
    """A task was given a value of another type than it needs."""

    code = "WRONG_INPUT"


class Inputs:
    """The variables of one task, read by name and type.

    Each getter gives None for null, a missing variable or an empty text, and raises WrongInput for another type.
    """

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables

    def text(self, name: str) -> str | None:
        """A text; numbers are written out, since ids travel as both."""
        value = self._variables.get(name)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        if value is None or isinstance(value, str):
            return value or None
        raise self._wrong(name, "en text")

    def needed(self, name: str) -> str:
        """A text that must be there; raises MissingInput."""
        value = self.text(name)
        if value is None:
            raise MissingInput(f"Uppgiften '{name}' saknas.")
        return value

    def number(self, name: str) -> Decimal | None:
        """A number of at most a million; texts that read as one are accepted, since forms may send them."""
        value = self._variables.get(name)
        if isinstance(value, str) and value.strip():
            try:
                value = Decimal(value.strip().replace(",", "."))
            except ArithmeticError as error:
                raise self._wrong(name, "ett tal") from error
        if value is None or value == "":
            return None
        if isinstance(value, float):
            value = Decimal(str(value))  # from a register's JSON
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and _is_sane(value):
            return Decimal(value)
        raise self._wrong(name, "ett tal")

    def identifier(self, name: str) -> int | None:
        """A register id, which travels as text."""
        value = self.number(name)
        if value is not None and value != value.to_integral_value():
            raise self._wrong(name, "ett registernummer")
        return None if value is None else int(value)

    def day(self, name: str) -> date | None:
        """A date; a text YYYY-MM-DD and the date of a moment are accepted."""
        value = self._variables.get(name)
        if isinstance(value, FeelDateTime):
            value = value.date
        if value is None or value == "":
            return None
        try:
            if isinstance(value, FeelDate):
                return date(value.year, value.month, value.day)
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError as error:
            raise self._wrong(name, "ett datum") from error
        raise self._wrong(name, "ett datum")

    def month(self, name: str) -> Month | None:
        """A calendar month written YYYY-MM."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return Month.parse(text)
        except ValueError as error:
            raise self._wrong(name, "en månad (ÅÅÅÅ-MM)") from error

    def needed_month(self, name: str) -> Month:
        """A calendar month that must be there; raises MissingInput."""
        month = self.month(name)
        if month is None:
            raise MissingInput(f"Uppgiften '{name}' saknas.")
        return month

    def code(self, name: str, codes: type[_Code]) -> _Code | None:
        """One of a list of codes."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return codes(text)
        except ValueError as error:
            raise self._wrong(name, "något av: " + ", ".join(codes)) from error

    def needed_code(self, name: str, codes: type[_Code]) -> _Code:
        """One of a list of codes, which must be there; raises MissingInput."""
        code = self.code(name, codes)
        if code is None:
            raise MissingInput(f"Uppgiften '{name}' saknas.")
        return code

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self._variables.get(name)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(name, "sant eller falskt")

    def texts(self, name: str) -> list[str]:
        """A list of texts; empty for null."""
        value = self._variables.get(name)
        if value is None or value == "":
            return []
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return list(value)
        raise self._wrong(name, "en lista av texter")

    def numbers(self, name: str) -> list[Decimal]:
        """A list of numbers; empty for null."""
        value = self._variables.get(name)
        if not isinstance(value, list | None):
            raise self._wrong(name, "en lista av tal")
        numbers = [Inputs({name: item}).number(name) for item in value or ()]
        return [number for number in numbers if number is not None]

    def inner(self, name: str) -> Inputs:
        """The members of a context; an empty one for null."""
        value = self._variables.get(name)
        if value is None:
            return Inputs({})
        if isinstance(value, Mapping):
            return Inputs(value)
        raise self._wrong(name, "en sammansatt uppgift")

    def _wrong(self, name: str, expected: str) -> WrongInput:
        return WrongInput(f"Uppgiften '{name}' ska vara {expected}.")


def _is_sane(value: int | Decimal) -> bool:
    number = Decimal(value)
    return number.is_finite() and abs(number) <= _MOST


def feel_date(day: date | None) -> FeelDate | None:
    """The same day as a FEEL value."""
    return None if day is None else FeelDate(day.year, day.month, day.day)


def feel_number(value: Decimal | int | None) -> Decimal | int | None:
    """The same number as a FEEL value: whole numbers without decimals."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
