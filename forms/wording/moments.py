"""Dates and times in the reader's language, in Swedish local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from babel.dates import format_date, format_datetime, format_time
from flask_babel import gettext as _

from engine.clock import LOCAL_ZONE
from forms.i18n import language


def day(value: date | datetime) -> str:
    """`23 nov. 2026`."""
    plain = _local(value).date() if isinstance(value, datetime) else value
    return _date_in(plain, "d MMM y", language())


def short_day(value: date | datetime) -> str:
    """`23 nov.`, for where the year is plain."""
    plain = _local(value).date() if isinstance(value, datetime) else value
    return _date_in(plain, "d MMM", language())


def moment(value: datetime) -> str:
    """`23 nov. 2026 kl. 10:15`."""
    return _("%(day)s kl. %(time)s", day=day(value), time=clock_time(value))


def clock_time(value: datetime) -> str:
    """`10:15`."""
    local = _local(value)
    return _time_in(time(local.hour, local.minute), language())


def long_day(value: date | datetime) -> str:
    """`måndag 23 november 2026`."""
    plain = _local(value) if isinstance(value, datetime) else datetime(value.year, value.month, value.day, tzinfo=UTC)
    return format_datetime(plain, "EEEE d MMMM y", locale=language())


def machine(value: datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return _local(value).isoformat(timespec="minutes")


def week(value: date | datetime) -> str:
    """`v. 48`."""
    plain = _local(value).date() if isinstance(value, datetime) else value
    return _("v. %(number)s", number=plain.isocalendar().week)


def is_end_of_day(value: datetime) -> bool:
    """Whether a deadline is the end of a day (so that its hour says nothing): midnight, or the last minute before."""
    local = _local(value)
    return (local.hour, local.minute) in ((0, 0), (23, 59))


def deadline_day(value: datetime) -> date:
    """The last day on which a deadline can be kept: midnight belongs to the day that it ends."""
    return _local(value - timedelta(microseconds=1)).date()


def deadline(value: datetime) -> str:
    """`7 jan. 2027`, with the hour where the deadline is not the end of the day."""
    return day(deadline_day(value)) if is_end_of_day(value) else moment(value)


@lru_cache(maxsize=4096)
def _date_in(value: date, pattern: str, code: str) -> str:
    return format_date(value, pattern, locale=code)


@lru_cache(maxsize=4096)
def _time_in(value: time, code: str) -> str:
    return format_time(value, "HH:mm", locale=code)


def _local(value: datetime) -> datetime:
    return value.astimezone(LOCAL_ZONE)
