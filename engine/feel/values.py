"""The values of FEEL that Python has no exact type for.

Numbers are `int` or `decimal.Decimal` (34 digits), texts `str`, booleans `bool`, null `None`, lists `list`, contexts
`dict`. Everything here is immutable and hashable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from engine.feel import calendar, zones
from engine.feel.calendar import NANOSECONDS, SECONDS_PER_DAY

NANOS_PER_DAY = SECONDS_PER_DAY * NANOSECONDS


@dataclass(frozen=True, slots=True, order=True)
class FeelDate:
    """A calendar date; years -999999999 to 999999999."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not calendar.is_date(self.year, self.month, self.day):
            raise ValueError(f"{self.year}-{self.month}-{self.day} is not a date")

    @property
    def days(self) -> int:
        """Days from 1970-01-01."""
        return calendar.days_since_epoch(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """Monday is 1, Sunday 7."""
        return calendar.weekday(self.days)

    @classmethod
    def of_days(cls, days: int) -> FeelDate:
        """The date so many days from 1970-01-01."""
        return cls(*calendar.date_of_days(days))

    def plus_months(self, months: int) -> FeelDate:
        """The same day of another month, or that month's last day."""
        return FeelDate(*calendar.add_months(self.year, self.month, self.day, months))


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day, local, with an offset (seconds east of UTC) or with a named zone."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        whole = 0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.second < 60
        if not (whole and 0 <= self.nanosecond < NANOSECONDS):
            raise ValueError(f"{self.hour}:{self.minute}:{self.second} is not a time")
        if self.offset is not None and (abs(self.offset) > 18 * 3600 or self.zone is not None):
            raise ValueError("a time has an offset of at most 18 hours, or a zone")
        if self.zone is not None and zones.find_zone(self.zone) is None:
            raise ValueError(f"{self.zone} is not a time zone")

    @property
    def second_of_day(self) -> int:
        """Whole seconds since midnight, local."""
        return (self.hour * 60 + self.minute) * 60 + self.second

    @property
    def nanosecond_of_day(self) -> int:
        """Nanoseconds since midnight, local."""
        return self.second_of_day * NANOSECONDS + self.nanosecond

    @property
    def is_local(self) -> bool:
        """Whether it has neither offset nor zone."""
        return self.offset is None and self.zone is None

    @property
    def effective_offset(self) -> int | None:
        """Seconds east of UTC; for a named zone its standard time, as there is no date."""
        return zones.standard_offset(self.zone) if self.zone is not None else self.offset

    @classmethod
    def of_nanoseconds(cls, total: int, offset: int | None = None, zone: str | None = None) -> FeelTime:
        """The time so many nanoseconds after midnight, modulo a day."""
        seconds, nanosecond = divmod(total % NANOS_PER_DAY, NANOSECONDS)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return cls(hour, minute, second, nanosecond, offset, zone)


MIDNIGHT = FeelTime(0, 0, 0)
MIDNIGHT_UTC = FeelTime(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A date and a time of day together."""

    date: FeelDate
    time: FeelTime

    @property
    def is_local(self) -> bool:
        """Whether it has neither offset nor zone."""
        return self.time.is_local

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this moment, None when local."""
        time, date = self.time, self.date
        if time.zone is None:
            return time.offset
        return zones.offset_at_local(time.zone, date.year, date.month, date.day, time.second_of_day)

    @property
    def local_nanoseconds(self) -> int:
        """Nanoseconds from 1970-01-01T00:00:00 on its own clock."""
        return self.date.days * NANOS_PER_DAY + self.time.nanosecond_of_day

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds from 1970-01-01T00:00:00 UTC; a local one counts as if in UTC."""
        return self.local_nanoseconds - (self.offset or 0) * NANOSECONDS

    @classmethod
    def of_local(cls, nanoseconds: int, offset: int | None = None, zone: str | None = None) -> FeelDateTime:
        """The moment so many nanoseconds from 1970-01-01T00:00:00 on a clock with that offset or zone."""
        days, rest = divmod(nanoseconds, NANOS_PER_DAY)
        return cls(FeelDate.of_days(days), FeelTime.of_nanoseconds(rest, offset, zone))

    @classmethod
    def of_utc(cls, nanoseconds: int, offset: int | None = None, zone: str | None = None) -> FeelDateTime:
        """The moment so many nanoseconds from 1970-01-01T00:00:00 UTC, shown with that offset or zone."""
        if zone is not None:
            days, rest = divmod(nanoseconds, NANOS_PER_DAY)
            east = zones.offset_at_utc(zone, *calendar.date_of_days(days), rest // NANOSECONDS)
        else:
            east = offset or 0
        return cls.of_local(nanoseconds + east * NANOSECONDS, offset, zone)


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """A length of time in days, hours, minutes and seconds, kept as nanoseconds."""

    nanoseconds: int

    def __post_init__(self) -> None:
        if abs(self.nanoseconds) > 2**63 * NANOSECONDS:
            raise ValueError("the duration is too long")

    @classmethod
    def of_seconds(cls, seconds: int) -> DaysTimeDuration:
        """A duration of whole seconds."""
        return cls(seconds * NANOSECONDS)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A length of time in calendar months."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > 2**63:
            raise ValueError("the duration is too long")


class RangeForm(Enum):
    """How a range was written; `(<10)` and `(null..10)` hold the same values but are not equal."""

    INTERVAL = ".."
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    EQUAL = "="
    NOT_EQUAL = "!="


@dataclass(frozen=True, slots=True)
class FeelRange:
    """Values between two ends; an end of None is open."""

    start: object
    start_included: bool
    end: object
    end_included: bool
    form: RangeForm = RangeForm.INTERVAL


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; `type_name` is FEEL's word, "Any" when nothing is said."""

    name: str
    type_name: str = "Any"


@dataclass(frozen=True, eq=False)
class FeelFunction:
    """A function as a value: built-in, given by the host, or defined in an expression.

    `invoke` takes the evaluation (opaque to whoever holds the value), the arguments, and the parameters' names in the
    order of the arguments (None when the call is by position). `source` is the text it was defined in, if any.
    `forms` gives the function types that a built-in has for a number of parameters; other functions have the one of
    `parameter_types` and `result_type`.
    """

    name: str
    parameters: tuple[Parameter, ...]
    invoke: Callable[..., object]
    result_type: object = None
    parameter_types: tuple[object, ...] = ()
    source: str | None = None
    forms: Callable[[int], Iterable[object]] | None = None

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameters' names in order."""
        return tuple(parameter.name for parameter in self.parameters)
