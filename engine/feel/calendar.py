"""The proleptic Gregorian calendar without the year limits of `datetime`; years are astronomical (0 is 1 BCE)."""

from __future__ import annotations

MIN_YEAR = -999_999_999
MAX_YEAR = 999_999_999
SECONDS_PER_DAY = 86_400
NANOSECONDS = 1_000_000_000

_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether February has 29 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Days in the month (1-12)."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month - 1]


def is_date(year: int, month: int, day: int) -> bool:
    """Whether these three make a date."""
    return MIN_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)


def days_since_epoch(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01, negative before it."""
    # Years begin in March here, so that the leap day is the last day of the year.
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def date_of_days(days: int) -> tuple[int, int, int]:
    """The year, month and day so many days from 1970-01-01."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def weekday(days: int) -> int:
    """Monday is 1, Sunday 7, for a day counted from 1970-01-01 (a Thursday)."""
    return (days + 3) % 7 + 1


def week_of_year(year: int, month: int, day: int) -> int:
    """The ISO 8601 week number."""
    days = days_since_epoch(year, month, day)
    thursday = days - weekday(days) + 4
    first = days_since_epoch(date_of_days(thursday)[0], 1, 1)
    return (thursday - first) // 7 + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """The same day so many months later, or the last day of that month when it is shorter."""
    years, index = divmod(year * 12 + month - 1 + months, 12)
    return years, index + 1, min(day, month_length(years, index + 1))
