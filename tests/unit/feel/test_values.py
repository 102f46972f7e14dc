"""Dates, times, durations, numbers: exact, and beyond what Python's own types can hold."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    from_python,
    parse_type,
    to_python,
    to_text,
    type_name,
)
from engine.feel.types import conforms
from tests.unit.feel.support import codes, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-01-31" + @"P1M"', "2026-02-28"),
        ('@"2024-01-31" + @"P1M"', "2024-02-29"),
        ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
        ('@"2026-03-31" - @"P1M"', "2026-02-28"),
        ('@"P1M" + @"2026-01-31T10:00:00Z"', "2026-02-28T10:00:00Z"),
        ('@"2026-01-01" + @"PT23H"', "2026-01-01"),
        ('@"2026-01-01" - @"PT1H"', "2025-12-31"),
        ('@"2026-01-01" - @"2025-01-01"', "P365D"),
        ('@"-0001-12-31" + @"P1D"', "0000-01-01"),
        ('@"0000-02-28" + @"P1D"', "0000-02-29"),
        ('@"99999-12-31" + @"P1D"', "100000-01-01"),
        ('@"2026-03-28T12:00:00@Europe/Stockholm" + @"P1D"', "2026-03-29T13:00:00@Europe/Stockholm"),
        ('@"12026-07-01T00:00:00@Europe/Stockholm".time offset', "PT2H"),
        ('@"2026-01-02" - @"2026-01-01T10:00:00"', "null"),
        ('@"2026-01-02" - @"2026-01-01T10:00:00Z"', "PT14H"),
        ('@"2026-01-01T12:00:00+01:00" - @"2026-01-01T12:00:00Z"', "-PT1H"),
        ('@"2026-01-01T12:00:00" - @"2026-01-01T12:00:00Z"', "null"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"00:30:00Z" - @"PT1H"', "23:30:00Z"),
        ('@"12:00:00" - @"10:30:00"', "PT1H30M"),
        ('@"12:00:00Z" - @"12:00:00+01:00"', "PT1H"),
        ('@"12:00:00" + @"P1M"', "null"),
        ('@"P1D" + @"PT1H"', "P1DT1H"),
        ('@"P1Y" - @"P1M"', "P11M"),
        ('@"P1Y" + @"P1D"', "null"),
        ('@"P1D" * 1.5', "P1DT12H"),
        ('2 * @"P1M"', "P2M"),
        ('@"P1Y" / 5', "P2M"),
        ('@"P1D" / @"PT1H"', "24"),
        ('@"P1Y" / @"P5M"', "2.4"),
        ('1 / @"P1D"', "null"),
        ('-@"P1D"', "-P1D"),
        ('"a" - "b"', "null"),
        ("true + 1", "null"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("2 / 3", "0.6666666666666666666666666666666667"),
        ("1234567890123456789012345678901234 + 0.5", "1234567890123456789012345678901234"),
        ("1234567890123456789012345678901235 + 0.5", "1234567890123456789012345678901236"),
        ("2 ** -1", "0.5"),
        ("0 ** 0", "1"),
        ("0 ** -1", "null"),
        ("0 ** -1e-6000", "null"),
        ("(-8) ** (1/3)", "null"),
        ('@"-P1Y2M".months', "-2"),
        ('@"PT0.5S".seconds', "0.5"),
        ('@"10:30:01.25".second', "1.25"),
    ],
)
def test_arithmetic_is_exact(text: str, expected: str) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"10:00:00Z" = @"11:00:00+01:00"', "true"),
        ('@"10:00:00" = @"10:00:00Z"', "true"),
        ('@"2026-07-01T00:00:00@Europe/Stockholm" = @"2026-06-30T22:00:00Z"', "true"),
        ('@"2026-07-01T00:00:00" < @"2026-07-01T00:00:01+05:00"', "true"),
        ('@"P1D" = @"PT24H"', "true"),
        ('@"P1Y" = @"P365D"', "null"),
        ('@"2026-01-01" = @"2026-01-01T00:00:00"', "null"),
        ("1 = 1.0", "true"),
        ("[1, {a: 2.0}] = [1.0, {a: 2}]", "true"),
        ('[1] = ["1"]', "false"),
        ("true = 1", "null"),
        ("[1] < [2]", "null"),
        ('"a" < "B"', "false"),
        ('"å" < "ä"', "false"),
        ("null = 1", "false"),
        ("null < 1", "null"),
    ],
)
def test_comparison_is_the_standard_s(text: str, expected: str) -> None:
    assert said(text) == expected


STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        (dt.date(2026, 1, 31), "2026-01-31", "date"),
        (dt.time(10, 30, 0, 500_000), "10:30:00.5", "time"),
        (dt.datetime(2026, 1, 31, 10, 30, tzinfo=dt.UTC), "2026-01-31T10:30:00Z", "date and time"),
        (dt.datetime(2026, 1, 31, 10, 30, tzinfo=STOCKHOLM), "2026-01-31T10:30:00@Europe/Stockholm", "date and time"),
        (dt.timedelta(days=-1, hours=2), "-PT22H", "days and time duration"),
        (0.1, "0.1", "number"),
        (Decimal("1E+3"), "1000", "number"),
        ((1, 2), "[1, 2]", "list"),
        (True, "true", "boolean"),
        (None, "null", "Null"),
    ],
)
def test_python_values_become_feel_values_and_return(value: object, text: str, kind: str) -> None:
    feel = from_python(value)

    assert to_text(feel) == text
    assert type_name(feel) == kind
    assert said("x", {"x": value}) == text
    back = to_python(feel)
    assert back == (
        list(value) if isinstance(value, tuple) else from_python(value) if isinstance(value, float) else value
    )


def test_what_is_no_finite_number_is_null() -> None:
    scope = {"a": float("nan"), "b": float("inf"), "c": Decimal("NaN"), "d": Decimal("sNaN"), "e": [float("nan")]}

    assert said("[a, b, c, d, e]", scope) == "[null, null, null, null, [null]]"


def test_huge_numbers_of_the_scope_are_taken_within_34_digits() -> None:
    assert said("x + 1", {"x": Decimal("1." + "1" * 50)}) == "2." + "1" * 33
    assert codes("x + 1", {"x": 10**10_000}) == ["OUT_OF_RANGE"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: FeelDate(2026, 2, 30),
        lambda: FeelDate(1_000_000_000, 1, 1),
        lambda: FeelTime(24, 0, 0),
        lambda: FeelTime(1, 0, 0, offset=19 * 3600),
        lambda: FeelTime(1, 0, 0, zone="No/Where"),
        lambda: DaysTimeDuration(2**200),
    ],
)
def test_impossible_values_cannot_be_made(make: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()  # type: ignore[operator]


def test_calendar_agrees_with_python_s() -> None:
    for ordinal in range(1, 3_652_059, 9_973):
        day = dt.date.fromordinal(ordinal)
        own = FeelDate(day.year, day.month, day.day)
        assert own.days == ordinal - 719_163
        assert FeelDate.of_days(own.days) == own
        assert own.weekday == day.isoweekday()
        assert said("week of year(d)", {"d": day}) == str(day.isocalendar().week)


def test_zone_offsets_agree_with_python_s() -> None:
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for hours in range(0, 9_000, 7):
        local = (moment + dt.timedelta(hours=hours)).astimezone(STOCKHOLM)
        nanoseconds = int((moment + dt.timedelta(hours=hours)).timestamp()) * 10**9
        own = FeelDateTime.of_utc(nanoseconds, zone="Europe/Stockholm")
        assert to_python(own) == local.replace(fold=0) or local.fold


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ("number", "Any", True),
        ("Null", "number", True),
        ("list<number>", "list<Any>", True),
        ("list<Any>", "list<number>", False),
        ("context<a: number, b: string>", "context<a: number>", True),
        ("function<Any> -> number", "function<number> -> Any", True),
        ("range<date>", "range<number>", False),
        ("date", "date and time", False),
    ],
)
def test_types_conform_as_in_the_lattice(narrow: str, wide: str, expected: bool) -> None:
    assert conforms(parse_type(narrow), parse_type(wide)) is expected


def test_path_takes_only_what_it_names_from_the_scope() -> None:
    scope = {"person": {"age": 17.5, "when": dt.date(2026, 1, 31), "other": object()}}

    assert said("person.age + 1", scope) == "18.5"
    assert said("person.when.year", scope) == "2026"
    assert said("(for person in [{age: 3}] return person.age)[1]", scope) == "3"
    assert codes("person.nosuch = null", {"person": {}}) == ["MISSING_VARIABLE_COMPARED_WITH_NULL"]
