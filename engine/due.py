"""Due-time arithmetic: when an event that waits for time is due, and when its next turn is.

Times are stored in UTC and reasoned in a zone, Europe/Stockholm by default:

- years, months, weeks and days count on the calendar and keep the time of day; a month that is too short gives its last
  day (31 January + P1M is the last of February); hours, minutes and seconds are elapsed time;
- a local time that the spring change skips is the first moment after the gap; one that the autumn change repeats is
  the first of the two;
- each turn of a cycle is counted from the cycle's anchor, so that the 31st does not become the 28th for ever;
- missed turns are one turn: after a turn has fired, the next is the first of the series that lies after now.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.clock import LOCAL_ZONE
from engine.errors import InvalidInput
from engine.feel.values import DaysTimeDuration, FeelDate, FeelDateTime, YearsMonthsDuration

_DURATION: Final = re.compile(
    r"(?P<sign>[+-])?P(?=.)"
    r"(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10})(?P<part>[.,]\d{1,9})?S)?)?"
)
_MOMENT: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)"
    r"(?:T(?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?(?:\[(?P<zone>[\w/+-]+)\])?)?"
)
_REPEAT: Final = re.compile(r"R(?P<turns>\d{0,9})/(?P<first>[^/]+)(?:/(?P<second>[^/]+))?")
_NANOSECONDS: Final = 1_000_000_000
_SECONDS_PER_DAY: Final = 86_400


class InvalidTimer(InvalidInput):
    """The timer's date, duration or cycle cannot be used."""

    code = "INVALID_TIMER"


class TimerForm(StrEnum):
    """Which of BPMN's three timer fields is filled in."""

    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: calendar months, calendar days, and elapsed microseconds."""

    months: int = 0
    days: int = 0
    microseconds: int = 0

    def times(self, turns: int) -> Period:
        """The period so many times over."""
        return Period(self.months * turns, self.days * turns, self.microseconds * turns)

    @property
    def is_positive(self) -> bool:
        """Whether it leads forwards."""
        parts = (self.months, self.days, self.microseconds)
        return all(part >= 0 for part in parts) and any(parts)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is due (aware, UTC), and the series it is a turn of.

    Turn n of a series is due at `anchor` + (n - `first`) x `period`; `turns` is how many there are (None: no end),
    `until` the last moment for one (None: no end). Without a `period` there is this one turn.
    """

    due: datetime
    turn: int = 1
    anchor: datetime | None = None
    first: int = 0
    period: Period | None = None
    turns: int | None = None
    until: datetime | None = None

    def next_after(self, now: datetime, zone: tzinfo = LOCAL_ZONE) -> Schedule | None:
        """The first turn of the series after `now` and after this one; None when the series is over.

        Turns that were missed count as done.
        """
        if self.period is None or self.anchor is None:
            return None
        latest = max(now, self.due)
        low, high = self.turn, self.turn + 1
        try:
            while self._due(high, zone) <= latest:
                low, high = high, high + (high - self.turn) * 2
            while high - low > 1:
                middle = (low + high) // 2
                if self._due(middle, zone) <= latest:
                    low = middle
                else:
                    high = middle
            due = self._due(high, zone)
        except InvalidTimer:
            return None  # the calendar ends in the year 9999, and so do all series
        if (self.turns is not None and high > self.turns) or (self.until is not None and due > self.until):
            return None
        return replace(self, due=due, turn=high)

    def _due(self, turn: int, zone: tzinfo) -> datetime:
        assert self.anchor is not None
        assert self.period is not None
        return add(self.anchor, self.period.times(turn - self.first), zone)


def schedule(form: TimerForm, value: Any, now: datetime, zone: tzinfo = LOCAL_ZONE) -> Schedule:
    """When a timer that starts to wait at `now` is due.

    Args:
        form: which of BPMN's timer fields it is.
        value: a text in ISO 8601, or a FEEL date, date and time, or duration.
        now: the moment the waiting starts, aware.
        zone: where the calendar is read.

    Raises:
        InvalidTimer: the value does not fit the form.
    """
    now = now.astimezone(UTC)
    if form is TimerForm.DATE:
        return Schedule(_moment(value, zone))
    if form is TimerForm.DURATION:
        return Schedule(add(now, period_of(value), zone))
    return _cycle(value, now, zone)


def period_of(value: Any) -> Period:
    """A duration as text (`P1M`, `PT36H`) or FEEL value.

    Of a FEEL days-and-time duration the whole days count on the calendar and the rest as elapsed time.

    Raises:
        InvalidTimer: it is not a duration.
    """
    if isinstance(value, YearsMonthsDuration):
        return Period(months=value.months)
    if isinstance(value, DaysTimeDuration):
        days, rest = divmod(abs(value.nanoseconds), _SECONDS_PER_DAY * _NANOSECONDS)
        sign = -1 if value.nanoseconds < 0 else 1
        return Period(days=sign * days, microseconds=sign * (rest // 1000))
    if not isinstance(value, str):
        raise InvalidTimer(f"a duration is needed, as P14D or PT2H, not {_shown(value)}")
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        raise InvalidTimer(f"{_shown(value)} is not a duration in ISO 8601, as P14D, P1M or PT2H")
    part = {name: int(match[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes", "seconds")}
    fraction = int((match["part"] or ".0")[1:].ljust(6, "0")[:6])
    seconds = part["hours"] * 3600 + part["minutes"] * 60 + part["seconds"]
    sign = -1 if match["sign"] == "-" else 1
    return Period(
        sign * (part["years"] * 12 + part["months"]),
        sign * (part["weeks"] * 7 + part["days"]),
        sign * (seconds * 1_000_000 + fraction),
    )


def moment_of(value: Any, zone: tzinfo = LOCAL_ZONE) -> datetime:
    """A point in time (aware, UTC) from a text in ISO 8601 or a FEEL date or date and time; a date is its first moment.

    Raises:
        InvalidTimer: it is neither.
    """
    return _moment(value, zone)


def deadline_of(value: Any, zone: tzinfo = LOCAL_ZONE) -> datetime:
    """Until when something due at `value` is in time (aware, UTC): as moment_of, but a date is kept to its last moment.

    Raises:
        InvalidTimer: it is neither a date nor a point in time.
    """
    moment = moment_of(value, zone)
    only_a_date = isinstance(value, FeelDate) or (isinstance(value, str) and "T" not in value)
    return add(moment, Period(0, 1, 0), zone) if only_a_date else moment


def add(start: datetime, period: Period, zone: tzinfo = LOCAL_ZONE) -> datetime:
    """`start` (aware) plus `period`, in UTC: months and days on the calendar of `zone`, then the elapsed time.

    Raises:
        InvalidTimer: the result lies outside the years 1 to 9999.
    """
    try:
        moment = start.astimezone(UTC)
        if period.months or period.days:
            local = moment.astimezone(zone).replace(tzinfo=None)
            months = local.year * 12 + local.month - 1 + period.months
            year, month = months // 12, months % 12 + 1
            day = min(local.day, _month_length(year, month))
            shifted = local.replace(year=year, month=month, day=day, fold=0) + timedelta(days=period.days)
            moment = in_utc(shifted, zone)
        return moment + timedelta(microseconds=period.microseconds)
    except (OverflowError, ValueError) as error:
        raise InvalidTimer("the due time lies outside the years 1 to 9999") from error


def in_utc(local: datetime, zone: tzinfo = LOCAL_ZONE) -> datetime:
    """The moment at which the clocks of `zone` show `local` (naive): the first of two, or the first after a gap."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0):
        return moment
    # In a gap: the clocks changed between these two readings of the same local time.
    early, late = local.replace(tzinfo=zone, fold=1).astimezone(UTC), moment
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def _cycle(value: Any, now: datetime, zone: tzinfo) -> Schedule:
    if isinstance(value, YearsMonthsDuration | DaysTimeDuration):
        return _series(now, 0, period_of(value), None, None, zone)
    if not isinstance(value, str):
        raise InvalidTimer(f"a cycle is needed, as R3/PT1H or R/P1M, not {_shown(value)}")
    match = _REPEAT.fullmatch(value.strip())
    if match is None:
        if len(value.split()) in (5, 6, 7) or value.strip().startswith("@"):
            raise InvalidTimer(f"{_shown(value)}: cron expressions are not accepted; write a cycle as R/P1D or R3/PT1H")
        raise InvalidTimer(f"{_shown(value)} is not a cycle in ISO 8601, as R3/PT1H, R/P1M or R/2026-01-31T09:00/P1M")
    turns = int(match["turns"]) if match["turns"] else None
    if turns == 0:
        raise InvalidTimer(f"{_shown(value)} repeats no times")
    first, second = match["first"].strip(), match["second"]
    if second is None:
        return _series(now, 0, period_of(first), turns, None, zone)
    second = second.strip()
    if first.lstrip("+-").startswith("P"):
        return _series(now, 0, period_of(first), turns, _moment(second, zone), zone)
    start = _moment(first, zone)
    if second.lstrip("+-").startswith("P"):
        return _series(start, 1, period_of(second), turns, None, zone)
    length = _moment(second, zone) - start
    return _series(start, 1, Period(microseconds=length // timedelta(microseconds=1)), turns, None, zone)


def _series(
    anchor: datetime, first: int, period: Period, turns: int | None, until: datetime | None, zone: tzinfo
) -> Schedule:
    if not period.is_positive:
        raise InvalidTimer("a cycle needs a period longer than nothing")
    due = add(anchor, period.times(1 - first), zone)
    if until is not None and due > until:
        raise InvalidTimer("the cycle ends before its first turn")
    return Schedule(due, 1, anchor, first, period, turns, until)


def _moment(value: Any, zone: tzinfo) -> datetime:
    if isinstance(value, FeelDateTime):
        if value.is_local:
            return in_utc(_naive(value.local_nanoseconds), zone)
        return _naive(value.nanoseconds).replace(tzinfo=UTC)
    if isinstance(value, FeelDate):
        return in_utc(_naive(value.days * _SECONDS_PER_DAY * _NANOSECONDS), zone)
    if not isinstance(value, str):
        raise InvalidTimer(f"a date is needed, as 2026-01-31 or 2026-01-31T09:00, not {_shown(value)}")
    match = _MOMENT.fullmatch(value.strip())
    if match is None:
        raise InvalidTimer(f"{_shown(value)} is not a date in ISO 8601, as 2026-01-31 or 2026-01-31T09:00")
    try:
        clock = time.fromisoformat(_shortened(match["time"])) if match["time"] else time()
        local = datetime.combine(date.fromisoformat(match["date"]), clock)
        if match["offset"]:
            offset = "+00:00" if match["offset"] == "Z" else match["offset"]
            return datetime.fromisoformat(local.isoformat() + offset).astimezone(UTC)
        return in_utc(local, ZoneInfo(match["zone"]) if match["zone"] else zone)
    except (ValueError, OverflowError, KeyError, OSError) as error:
        raise InvalidTimer(f"{_shown(value)} is not a date that exists") from error


def _shortened(text: str) -> str:
    """Python reads three or six decimals of a second; ISO 8601 allows any number."""
    whole, _, part = text.replace(",", ".").partition(".")
    return f"{whole}.{part.ljust(6, '0')[:6]}" if part else whole


def _naive(nanoseconds: int) -> datetime:
    try:
        return datetime(1970, 1, 1) + timedelta(microseconds=nanoseconds // 1000)  # noqa: DTZ001 the caller gives it its zone
    except OverflowError as error:
        raise InvalidTimer("the date lies outside the years 1 to 9999") from error


def _month_length(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return 31 if following is None else (following - timedelta(days=1)).day


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
