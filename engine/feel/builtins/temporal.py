"""Functions of dates and of the present moment."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.feel import calendar
from engine.feel.convert import adopt
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.runtime import Evaluation
from engine.feel.values import FeelDate, FeelDateTime

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DATE = "date: date|date and time"


def _date(value: FeelDate | FeelDateTime) -> FeelDate:
    return value.date if isinstance(value, FeelDateTime) else value


@built_in("now")
def now(run: Evaluation) -> object:
    """The present moment in the environment's zone."""
    moment = run.moment()
    if moment is None:
        raise EvaluationProblem("there is no clock here", "NO_CLOCK")
    return adopt(moment.astimezone(ZoneInfo(run.environment.zone)))


@built_in("today")
def today(run: Evaluation) -> object:
    """The present date in the environment's zone."""
    moment = now(run)
    assert isinstance(moment, FeelDateTime)
    return moment.date


@built_in("day of week", _DATE)
def day_of_week(run: Evaluation, date: FeelDate | FeelDateTime) -> str:
    """The English name of the weekday."""
    return _DAYS[_date(date).weekday - 1]


@built_in("day of year", _DATE)
def day_of_year(run: Evaluation, date: FeelDate | FeelDateTime) -> int:
    """The number of the day in its year."""
    day = _date(date)
    return day.days - calendar.days_since_epoch(day.year, 1, 1) + 1


@built_in("week of year", _DATE)
def week_of_year(run: Evaluation, date: FeelDate | FeelDateTime) -> int:
    """The week by ISO 8601, as in Sweden."""
    run.charge(6)
    day = _date(date)
    return calendar.week_of_year(day.year, day.month, day.day)


@built_in("month of year", _DATE)
def month_of_year(run: Evaluation, date: FeelDate | FeelDateTime) -> str:
    """The English name of the month."""
    return _MONTHS[_date(date).month - 1]


@built_in("last day of month", _DATE)
def last_day_of_month(run: Evaluation, date: FeelDate | FeelDateTime) -> FeelDate:
    """The last date of the month."""
    day = _date(date)
    return FeelDate(day.year, day.month, calendar.month_length(day.year, day.month))
