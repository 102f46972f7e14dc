"""The decision file: what is read, what is refused and how it is said, without ever repeating a number."""

from __future__ import annotations

import io
from datetime import date

import pytest

from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Hindrance, Outcome
from processes.aktivitetskrav.decision_file import (
    MAX_LINE_BYTES,
    DecisionRow,
    Fault,
    RowRefused,
    UnreadableFile,
    parse_row,
    read_layout,
    read_lines,
)
from processes.aktivitetskrav.identity import check_digit

HEADER = "person;hushall;enhet;manad;utfall;hinder;beslutsdatum;referens"
NUMBER = "18880209123" + str(check_digit("880209123"))
GOOD = f"{NUMBER};H1;norr;2026-07;bifall;arbetslos;2026-07-03;EB-1"


def unit_of(text: str) -> str | None:
    return {"norr": "norr", "Norra innerstaden": "norr"}.get(text)


def read(content: str | bytes) -> list[DecisionRow | tuple[Fault, ...] | None]:
    raw = content.encode() if isinstance(content, str) else content
    lines = read_lines(io.BytesIO(raw))
    layout = read_layout(next(lines, None))
    found: list[DecisionRow | tuple[Fault, ...] | None] = []
    for line in lines:
        try:
            found.append(parse_row(line, layout, unit_of))
        except RowRefused as refused:
            found.append(refused.faults)
    return found


def only_fault(row: str | bytes, header: str = HEADER) -> Fault:
    raw = row.encode() if isinstance(row, str) else row
    (faults,) = read(header.encode() + b"\n" + raw + b"\n")
    assert isinstance(faults, tuple)
    assert len(faults) == 1
    return faults[0]


def test_reads_a_row() -> None:
    (row,) = read(f"{HEADER}\n{GOOD}\n")

    assert isinstance(row, DecisionRow)
    assert row.identity.number == NUMBER
    assert (row.household, row.unit, row.month) == ("H1", "norr", Month(2026, 7))
    assert (row.outcome, row.hindrance) == (Outcome.GRANTED, Hindrance.UNEMPLOYED)
    assert (row.decided_on, row.reference) == (date(2026, 7, 3), "EB-1")
    assert (row.name, row.born, row.protected) == (None, None, False)


def test_reads_commas_byte_order_mark_other_column_order_and_missing_last_line_break() -> None:
    content = (
        "\ufeffReferens,Beslutsdatum,Hinder,Utfall,Månad,Enhet,Hushåll,Person,Annat\r\n"
        f'EB-1,2026-07-03,arbetslos,Bifall,2026-07,"Norra innerstaden",H1,{NUMBER},x'
    )

    (row,) = read(content)

    assert isinstance(row, DecisionRow)
    assert row.unit == "norr"
    assert row.outcome is Outcome.GRANTED


def test_reads_english_column_names_and_optional_columns() -> None:
    content = (
        "person;household;unit;month;outcome;hindrance;decision date;reference;name;birth_date;protected\n"
        f"{GOOD};Åsa Öberg;1988-02-09;ja\n"
    )

    (row,) = read(content)

    assert isinstance(row, DecisionRow)
    assert (row.name, row.born, row.protected) == ("Åsa Öberg", date(1988, 2, 9), True)


def test_empty_lines_are_no_rows() -> None:
    assert read(f"{HEADER}\n\n   \n{GOOD}\n")[:2] == [None, None]


def test_every_fault_of_a_row_is_told_with_its_column() -> None:
    (faults,) = read(f"{HEADER}\n123;;syd;2026-13;ja;x;3 juli;{'r' * 65}\n")

    assert isinstance(faults, tuple)
    assert [(fault.line, fault.column) for fault in faults] == [
        (2, "person"),
        (2, "hushall"),
        (2, "enhet"),
        (2, "manad"),
        (2, "utfall"),
        (2, "hinder"),
        (2, "beslutsdatum"),
        (2, "referens"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (GOOD + ";extra", "", "9 fält, rubrikraden har 8"),
        ("bara ett fält", "", "1 fält"),
        (GOOD.replace("H1", '"H1'), "", "citattecken"),
        (GOOD.replace("H1", '"H"1'), "", "citattecken"),
        (GOOD.replace("H1", "H\x00"), "", "NUL-tecken"),
        (GOOD.replace("H1", "H\r1"), "", "CR-tecken"),
        (GOOD.replace("H1", "H\x07"), "hushall", "skriva ut"),
        (GOOD.replace("2026-07;", "1926-07;"), "manad", "mellan 1990"),
        (GOOD.replace("2026-07-03", "20260703"), "beslutsdatum", "ÅÅÅÅ-MM-DD"),
        (GOOD.replace("2026-07-03", "2026-02-30"), "beslutsdatum", "ÅÅÅÅ-MM-DD"),
        (GOOD.replace("EB-1", f"EB-{NUMBER[:8]}-{NUMBER[8:]}"), "referens", "personens nummer"),
        (GOOD.replace("H1", f"H{NUMBER[2:]}"), "hushall", "personens nummer"),
        (b"\xe5" + GOOD.encode(), "", "inte UTF-8 \\(byte 1\\)"),
        ("x" * (MAX_LINE_BYTES + 1), "", "längre än 65536 byte"),
    ],
)
def test_a_bad_row_is_refused_with_a_reason(row: str | bytes, column: str, reason: str) -> None:
    fault = only_fault(row)

    assert fault.line == 2
    assert fault.column == column
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(fault.reason)
    assert NUMBER not in fault.reason


def test_an_unclosed_quote_spoils_one_row_only() -> None:
    bad, good = read(f'{HEADER}\n"{GOOD}\n{GOOD}\n')

    assert isinstance(bad, tuple)
    assert isinstance(good, DecisionRow)


def test_a_huge_line_is_refused_without_being_held_and_the_next_one_is_read() -> None:
    class Huge(io.RawIOBase):
        """A header, a line of 200 MB that exists nowhere, and a good row."""

        def __init__(self) -> None:
            self.left = [HEADER.encode() + b"\n", *([b"x" * (1 << 20)] * 200), b"\n" + GOOD.encode() + b"\n"]

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            if not self.left:
                return 0
            piece, rest = self.left[0][: len(buffer)], self.left[0][len(buffer) :]
            self.left[0:1] = [rest] if rest else []
            buffer[: len(piece)] = piece
            return len(piece)

        def tell(self) -> int:
            return 0

    lines = list(read_lines(io.BufferedReader(Huge())))

    assert [line.too_long for line in lines] == [False, True, False]
    assert max(len(line.raw) for line in lines) <= MAX_LINE_BYTES
    assert lines[2].offset == len(HEADER) + 1 + (200 << 20) + 1


def test_each_line_knows_its_place_in_the_file() -> None:
    content = f"{HEADER}\r\n{GOOD}\r\n{'y' * 70000}\n{GOOD}".encode()

    lines = list(read_lines(io.BytesIO(content)))

    for line in lines:
        assert content[line.offset :].startswith(line.raw[:100])
    assert [line.number for line in lines] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "tom"),
        (HEADER.encode("utf-16"), "UTF-16"),
        (HEADER.encode("utf-16-le"), "UTF-16"),
        (HEADER.replace("manad", "månad").encode("latin-1"), "inte UTF-8"),
        (b"person;hushall\n", "Kolumner saknas: enhet, manad, utfall"),
        ((HEADER + ";Person").encode(), "mer än en gång: person"),
        (('"' + HEADER).encode(), "citattecken"),
        ((HEADER + "\r" + GOOD + "\r").encode(), "ensamma CR"),
        (b"x" * 70000, "längre än 65536"),
        (b"PK\x03\x04\x00\x00", "inte UTF-8"),
    ],
)
def test_a_file_that_is_no_decision_file_is_explained(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(content)
