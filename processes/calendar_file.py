"""Reads calendar.toml: the working hours and closed days of the municipality, its organisations and its units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from engine.working_time import CalendarBook, Closure, Span, WeekHours
from processes.configuration import Faults, Table, read_toml, tables
from processes.roles import RoleBook

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_SCOPE = frozenset({"unit", "organisation"})
_CLOSED_KEYS = frozenset({"from", "until", "reason"}) | _SCOPE
_HOURS_KEYS = frozenset({"weekdays", *_WEEKDAYS}) | _SCOPE
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_LONGEST_CLOSURE = 366
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


def load_calendar(path: Path, roles: RoleBook) -> CalendarBook:
    """Read and check calendar.toml; raises InvalidConfiguration naming every fault. Without a file nobody closes."""
    if not path.exists():
        return CalendarBook(belongs=_places(roles))
    return parse_calendar(path.read_bytes(), roles, file=path.name)


def parse_calendar(source: bytes, roles: RoleBook, *, file: str = "calendar.toml") -> CalendarBook:
    """Read and check the content of a calendar.toml; raises InvalidConfiguration naming every fault.

    `[[closed]]` has `from`, `until` (both included; `until` may be left out for one day), `reason`. `[[hours]]` has
    `weekdays`, and `monday` to `friday` where a day differs, each a list of texts as "08:00-12:00" (no list, no work).
    Either may name a `unit` or an `organisation`; otherwise it holds for the whole municipality.
    """
    content = read_toml(source, file=file)
    faults, places = Faults(file), _places(roles)
    Table(content, file, faults).only(frozenset({"closed", "hours"}))
    closures = tuple(_closure(table, places) for table in tables(content, "closed", faults))
    hours = tuple(_hours(table, places) for table in tables(content, "hours", faults))
    for place in sorted({each.of for each in hours if _count(each.of, hours) > 1}, key=str):
        faults.add("hours", f"{_named(place)} har arbetstider mer än en gång")
    _check_overlaps(closures, faults)
    faults.refuse()
    return CalendarBook(closures, hours, places)


def joined_calendars(books: Iterable[CalendarBook], roles: RoleBook) -> CalendarBook:
    """The calendars of all families together; raises InvalidConfiguration where two give one place different hours."""
    books = tuple(books)
    faults = Faults("calendar.toml")
    hours = tuple(dict.fromkeys(each for book in books for each in book.hours))
    for place in sorted({each.of for each in hours if _count(each.of, hours) > 1}, key=str):
        faults.add("hours", f"{_named(place)} har andra arbetstider i en annan processfamilj")
    faults.refuse()
    return CalendarBook(tuple(dict.fromkeys(each for book in books for each in book.closures)), hours, _places(roles))


def _places(roles: RoleBook) -> Mapping[str, str | None]:
    places: dict[str, str | None] = dict.fromkeys(roles.organisations)
    places.update({unit.id: unit.organisation for unit in roles.units.values()})
    return MappingProxyType(places)


def _count(place: str | None, hours: Iterable[WeekHours]) -> int:
    return sum(each.of == place for each in hours)


def _named(place: str | None) -> str:
    return "hela kommunen" if place is None else f"'{place}'"


def _scope(table: Table, places: Mapping[str, str | None]) -> str | None:
    named = {key: table.optional_text(key) for key in sorted(_SCOPE) if key in table.content}
    if len(named) > 1:
        table.faults.add(table.where, "ange antingen 'unit' eller 'organisation', inte båda")
    for key, place in named.items():
        is_organisation = place in places and places[place] is None
        if place and (place not in places or is_organisation is (key == "unit")):
            word = "enhet" if key == "unit" else "organisation"
            table.faults.add(table.where, f"okänd {word} '{place}' (roles.toml säger vilka som finns)")
    return next(iter(named.values()), None)


def _closure(table: Table, places: Mapping[str, str | None]) -> Closure:
    table.only(_CLOSED_KEYS)
    first = _date(table, "from")
    last = _date(table, "until") if "until" in table.content else first
    if last < first:
        table.faults.add(table.where, f"'until' ({last}) ligger före 'from' ({first})")
    elif (last - first).days >= _LONGEST_CLOSURE and date.min not in (first, last):
        table.faults.add(table.where, f"är stängt i mer än {_LONGEST_CLOSURE} dagar; dela upp eller rätta datumen")
    return Closure(first, max(first, last), table.text("reason"), _scope(table, places))


def _date(table: Table, key: str) -> date:
    value = table.content.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        table.faults.add(table.where, f"'{key}' ska vara ett datum, till exempel 2026-12-28")
        return date.min
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        table.faults.add(table.where, f"'{key}' ska ligga mellan åren {_FIRST_YEAR} och {_LAST_YEAR}, inte {value}")
    return value


def _hours(table: Table, places: Mapping[str, str | None]) -> WeekHours:
    table.only(_HOURS_KEYS)
    usual = _spans(table, "weekdays")
    days = tuple(_spans(table, day) if day in table.content else usual for day in _WEEKDAYS)
    if not any(days):
        table.faults.add(table.where, "ingen arbetar någon dag; ange 'weekdays' eller minst en veckodag")
    return WeekHours(days, _scope(table, places))


def _spans(table: Table, key: str) -> tuple[Span, ...]:
    spans = tuple(span for text in table.texts(key) for span in _span(table, key, text))
    for before, after in pairwise(spans):
        if before.end is None or after.start < before.end:
            table.faults.add(table.where, f"'{key}': arbetstiderna ska komma i ordning och inte gå in i varandra")
    return spans


def _span(table: Table, key: str, text: str) -> Iterator[Span]:
    match = _SPAN.fullmatch(text)
    if match is None:
        table.faults.add(table.where, f"'{key}': '{text}' ska skrivas som 08:00-16:30")
        return
    start = time(int(match[1]), int(match[2]))
    end = None if match[3] is None else time(int(match[3]), int(match[4]))
    if end is not None and end <= start:
        table.faults.add(table.where, f"'{key}': '{text}' slutar innan det börjar")
        return
    yield Span(start, end)


def _check_overlaps(closures: Iterable[Closure], faults: Faults) -> None:
    latest: dict[str | None, Closure] = {}
    for closure in sorted(closures, key=lambda each: (each.first, each.last)):
        before = latest.get(closure.of)
        if before is not None and closure.first <= before.last and before.last != date.min:
            faults.add(
                "closed",
                f"{_named(closure.of)} är stängt {closure.first} både för '{before.reason}' och '{closure.reason}'",
            )
        if before is None or closure.last > before.last:
            latest[closure.of] = closure
