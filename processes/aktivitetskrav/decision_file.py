"""Reads a file of monthly decisions line by line: any size, any damage, never more than one line in memory.

The format is documented in docs/import.md. One line is one row: a field cannot hold a line break, so that one missing
quotation mark spoils one row and not the rest of the file. No message repeats an identity number.
"""

from __future__ import annotations

import codecs
import csv
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from engine.errors import InvalidInput
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import DECIDED_OUTCOMES, OUTCOME_SPELLINGS, Hindrance, Outcome
from processes.aktivitetskrav.identity import Identity, InvalidIdentity, parse_identity

MAX_LINE_BYTES = 64 * 1024
MAX_FIELD = 64  # characters in household, unit and reference
MAX_NAME = 200  # characters in a name
_YEARS = range(1990, 2101)  # months and decision dates outside are slips of the keyboard

REQUIRED = ("person", "hushall", "enhet", "manad", "utfall", "hinder", "beslutsdatum", "referens")
OPTIONAL = ("namn", "fodelsedatum", "skyddad", "tidigare_person")
FAULT_COLUMNS = ("rad", "kolumn", "orsak")  # what a reject file has in front; ignored when it is imported
_ENGLISH = {
    "household": "hushall",
    "unit": "enhet",
    "month": "manad",
    "outcome": "utfall",
    "hindrance": "hinder",
    "decision_date": "beslutsdatum",
    "reference": "referens",
    "name": "namn",
    "birth_date": "fodelsedatum",
    "protected": "skyddad",
    "former_person": "tidigare_person",
}


class UnreadableFile(InvalidInput):
    """The file as a whole cannot be read as decisions; nothing was taken from it."""

    code = "UNREADABLE_DECISIONS"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one row; `column` is the column's name, or "" for the row as a whole."""

    line: int
    column: str
    reason: str


class RowRefused(Exception):
    """A row that cannot be taken, with everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.column}: {fault.reason}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What one decision says about one person and one month."""

    identity: Identity
    household: str
    unit: str
    month: Month
    outcome: Outcome
    hindrance: Hindrance
    decided_on: date
    reference: str
    name: str | None = None
    born: date | None = None  # where the number does not tell, or tells wrong
    protected: bool = False  # protected identity: masked wherever it is shown
    former: Identity | None = None  # the number the person had before


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, without its line break; `raw` is cut off after MAX_LINE_BYTES where `too_long`."""

    number: int
    offset: int  # of its first byte in the file
    raw: bytes
    too_long: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What the header says: delimiter, and the place of every known column."""

    delimiter: str
    places: Mapping[str, int]
    width: int
    header: bytes  # as it stood in the file


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of `stream` from where it stands, each at most MAX_LINE_BYTES in memory."""
    number, offset = 0, stream.tell()
    while chunk := stream.readline(MAX_LINE_BYTES + 2):
        number += 1
        start = offset
        offset += len(chunk)
        body = chunk.rstrip(b"\r\n")
        if not chunk.endswith(b"\n") and len(chunk) == MAX_LINE_BYTES + 2:
            offset += _skip_line(stream)
            yield Line(number, start, body[:MAX_LINE_BYTES], too_long=True)
        else:
            yield Line(number, start, body, too_long=len(body) > MAX_LINE_BYTES)


def read_layout(first: Line | None) -> Layout:
    """What the header line says; raises UnreadableFile with what to do about it."""
    if first is None:
        raise UnreadableFile("Filen är tom.")
    raw = first.raw
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in raw:
        raise UnreadableFile("Filen är inte UTF-8 (troligen UTF-16). Spara den som CSV UTF-8 och försök igen.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"Rubrikraden är inte UTF-8 (byte {error.start + 1}). Spara filen som CSV UTF-8 och försök igen."
        ) from error
    if first.too_long:
        raise UnreadableFile(f"Rubrikraden är längre än {MAX_LINE_BYTES} byte.")
    if "\r" in text:
        raise UnreadableFile("Raderna skiljs åt av ensamma CR-tecken. Spara filen med LF eller CRLF som radslut.")
    return _layout(text, raw)


def parse_row(line: Line, layout: Layout, unit_of: Callable[[str], str | None]) -> DecisionRow | None:
    """The row on `line`, or None for an empty line; `unit_of` gives the id of a unit by its id or name.

    Raises RowRefused with every fault of the row.
    """
    fields = _fields(line, layout)
    if fields is None:
        return None
    reader = _RowReader(line.number, {name: fields[place].strip() for name, place in layout.places.items()})
    row = reader.read(unit_of)
    if reader.faults:
        raise RowRefused(tuple(reader.faults))
    return row


def _skip_line(stream: BinaryIO) -> int:
    skipped = 0
    while chunk := stream.readline(MAX_LINE_BYTES):
        skipped += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return skipped


def _layout(text: str, raw: bytes) -> Layout:
    delimiter = ";" if text.count(";") >= text.count(",") else ","
    try:
        names = [_column(name) for name in next(csv.reader([text], delimiter=delimiter, strict=True), [])]
    except csv.Error as error:
        raise UnreadableFile("Rubrikraden har ett citattecken som inte avslutas.") from error
    twice = sorted({name for name in names if names.count(name) > 1 and name in REQUIRED + OPTIONAL})
    if twice:
        raise UnreadableFile(f"Rubrikraden nämner kolumner mer än en gång: {', '.join(twice)}.")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UnreadableFile(
            f"Kolumner saknas: {', '.join(missing)}. Rubrikraden ska nämna {', '.join(REQUIRED)},"
            " åtskilda av semikolon eller komma."
        )
    places = {name: names.index(name) for name in REQUIRED + OPTIONAL if name in names}
    return Layout(delimiter, places, len(names), raw.removeprefix(codecs.BOM_UTF8))


def _column(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.strip().casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(" ", "_")
    return _ENGLISH.get(plain, plain)


def _fields(line: Line, layout: Layout) -> list[str] | None:
    if line.too_long:
        raise _whole_row(line, f"raden är längre än {MAX_LINE_BYTES} byte")
    if b"\x00" in line.raw:
        raise _whole_row(line, f"raden har ett NUL-tecken (byte {line.raw.index(0) + 1})")
    try:
        text = line.raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _whole_row(line, f"raden är inte UTF-8 (byte {error.start + 1})") from error
    if not text.strip():
        return None
    if "\r" in text:
        raise _whole_row(line, "raden har ett ensamt CR-tecken")
    try:
        fields = next(csv.reader([text], delimiter=layout.delimiter, strict=True))
    except csv.Error as error:
        raise _whole_row(line, "raden har ett citattecken som inte avslutas eller står fel") from error
    if len(fields) != layout.width:
        raise _whole_row(line, f"raden har {len(fields)} fält, rubrikraden har {layout.width}")
    return fields


def _whole_row(line: Line, reason: str) -> RowRefused:
    return RowRefused((Fault(line.number, "", reason),))


class _RowReader:
    """Turns the texts of one row into values and notes what cannot be."""

    def __init__(self, line: int, texts: Mapping[str, str]) -> None:
        self.line = line
        self.texts = texts
        self.faults: list[Fault] = []

    def read(self, unit_of: Callable[[str], str | None]) -> DecisionRow | None:
        identity = self._identity("person")
        former = self._identity("tidigare_person") if self.texts.get("tidigare_person") else None
        household = self._short_text("hushall")
        unit = self._unit(unit_of)
        month = self._month()
        outcome = self._outcome()
        hindrance = self._hindrance()
        decided_on = self._day("beslutsdatum")
        reference = self._short_text("referens")
        name = self._name()
        born = self._born()
        protected = self._yes_or_no("skyddad")
        if identity is None or month is None or outcome is None or hindrance is None or decided_on is None:
            return None
        for each in filter(None, (identity, former)):
            self._keep_number_out(each)
        return DecisionRow(
            identity, household, unit, month, outcome, hindrance, decided_on, reference, name, born, protected, former
        )

    def _note(self, column: str, reason: str) -> None:
        self.faults.append(Fault(self.line, column, reason))

    def _identity(self, column: str) -> Identity | None:
        try:
            return parse_identity(self.texts[column])
        except InvalidIdentity as error:
            self._note(column, str(error))
            return None

    def _short_text(self, column: str, limit: int = MAX_FIELD) -> str:
        text = self.texts[column]
        if not text:
            self._note(column, "saknas")
        elif len(text) > limit:
            self._note(column, f"är längre än {limit} tecken")
        elif not text.isprintable():
            self._note(column, "har tecken som inte går att skriva ut")
        return text

    def _unit(self, unit_of: Callable[[str], str | None]) -> str:
        text = self._short_text("enhet")
        unit = unit_of(text) if text else None
        if text and unit is None:
            self._note("enhet", "är ingen av de enheter i roles.toml som äger ärenden")
        return unit or ""

    def _month(self) -> Month | None:
        try:
            month = Month.parse(self.texts["manad"])
        except ValueError:
            self._note("manad", "ska skrivas ÅÅÅÅ-MM")
            return None
        if month.year not in _YEARS:
            self._note("manad", f"året ska ligga mellan {_YEARS[0]} och {_YEARS[-1]}")
        return month

    def _outcome(self) -> Outcome | None:
        text = self.texts["utfall"].casefold()
        outcome = OUTCOME_SPELLINGS.get(text) or next((code for code in DECIDED_OUTCOMES if code == text), None)
        if outcome is None:
            self._note("utfall", f"ska vara något av: {', '.join(DECIDED_OUTCOMES)}")
        return outcome

    def _hindrance(self) -> Hindrance | None:
        try:
            return Hindrance(self.texts["hinder"].casefold())
        except ValueError:
            self._note("hinder", f"ska vara något av: {', '.join(Hindrance)}")
            return None

    def _day(self, column: str) -> date | None:
        text = self.texts[column]
        try:
            day = date.fromisoformat(text) if len(text) == 10 else None
        except ValueError:
            day = None
        if day is None:
            self._note(column, "ska vara ett datum skrivet ÅÅÅÅ-MM-DD")
        elif day.year not in _YEARS and column == "beslutsdatum":
            self._note(column, f"året ska ligga mellan {_YEARS[0]} och {_YEARS[-1]}")
        return day

    def _name(self) -> str | None:
        return self._short_text("namn", MAX_NAME) if self.texts.get("namn") else None

    def _born(self) -> date | None:
        return self._day("fodelsedatum") if self.texts.get("fodelsedatum") else None

    def _yes_or_no(self, column: str) -> bool:
        text = self.texts.get(column, "").casefold()
        if text not in ("", "nej", "ja"):
            self._note(column, "ska vara ja, nej eller tomt")
        return text == "ja"

    def _keep_number_out(self, identity: Identity) -> None:
        number = identity.number
        for column in ("hushall", "referens"):
            plain = self.texts[column].replace("-", "").replace("+", "").replace(" ", "").upper()
            if number in plain or number[2:] in plain:
                self._note(column, "får inte innehålla personens nummer; referenser syns i listor och historik")
