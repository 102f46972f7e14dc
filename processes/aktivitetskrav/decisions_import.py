"""Imports monthly decisions from a file: each row becomes a registered decision and a run of manadsbeslut.

One row is one transaction: the person, the case and the decision are registered and the message BistandBeslutat is
correlated, all or nothing. The register knows every row by person, month and reference, so an import that was
interrupted is simply run again. A case's months are taken in their order, however the file is sorted.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from engine import cases, messages
from engine.context import Context
from engine.engine import Engine
from engine.errors import Conflict, InvalidInput
from engine.feel.values import FeelDate
from engine.protocols import Actor, ActorKind
from engine.store import case_rows
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.decision_file import (
    DecisionRow,
    Fault,
    Layout,
    Line,
    RowRefused,
    UnreadableFile,
    parse_row,
    read_layout,
    read_lines,
)
from processes.aktivitetskrav.records import persons, support
from processes.aktivitetskrav.records.persons import Person
from processes.aktivitetskrav.records.support import Receipt
from processes.aktivitetskrav.reject_file import RejectFile
from processes.roles import RoleBook

FAMILY = "aktivitetskrav"
MESSAGE = "BistandBeslutat"
NEW_NUMBER, DOUBLE_CASE, MOVED = "PersonnummerAndrat", "DubbeltArende", "EnhetBytt"
IMPORTER = Actor("import", "Import av månadsbeslut", ActorKind.IMPORT)
_BATCH = 200
"""Steps run between two words on progress."""
KEPT_FAULTS = 1000
"""How many faults a result holds; all are counted, and all are in the reject file."""


@dataclass(frozen=True)
class ImportProgress:
    """How far an import has come."""

    phase: str  # "checking" the file, then "importing" its rows, then "running" what they start
    done: int  # rows, or steps run
    total: int | None  # rows; None while they are not counted


@dataclass
class ImportResult:
    """What an import did; `rows` = imported + unchanged + rejected."""

    rows: int = 0
    imported: int = 0  # new decisions, corrections included
    corrections: int = 0  # of them: another reference for a person and month that had one
    unchanged: int = 0  # known before, word for word
    rejected: int = 0
    cases_opened: int = 0
    faults: list[Fault] = field(default_factory=list)
    reject_file: str | None = None


class ReferenceReused(Conflict):
    """samma referens finns redan för personen och månaden med annat innehåll; en rättelse ska ha en ny referens"""

    code = "REFERENCE_REUSED"


class Taken(Enum):
    """What became of a row that could be read."""

    NEW_CASE = 1
    NEW_MONTH = 2
    CORRECTION = 3
    UNCHANGED = 4


def import_decisions(
    engine: Engine,
    path: Path,
    roles: RoleBook,
    *,
    reject_path: Path | None = None,
    progress: Callable[[ImportProgress], None] | None = None,
    run: bool = True,
) -> ImportResult:
    """Import the file at `path`; rows that cannot be taken go to `reject_path` (beside the file, if not given).

    run: also carry out what the messages start. Where a scheduler serves the database this may be left to it.
    Raises UnreadableFile where the file as a whole cannot be read (nothing was taken then), StoreUnavailable where the
    database is gone: what was taken until then stays, and the import can be run again.
    """
    try:
        with ExitStack() as stack:
            stream = stack.enter_context(path.open("rb"))
            rejects = stack.enter_context(RejectFile(reject_path or path.with_name(f"{path.stem}.avvisade.csv")))
            return _Import(engine, stream, roles, rejects, progress or (lambda _: None)).run(execute=run)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UnreadableFile(f"Filen {error.filename} går inte att öppna: {error.strerror}.") from error


class _Import:
    def __init__(
        self,
        engine: Engine,
        stream: BinaryIO,
        roles: RoleBook,
        rejects: RejectFile,
        progress: Callable[[ImportProgress], None],
    ) -> None:
        if not roles.case_units:
            raise InvalidInput("roles.toml har ingen enhet som kan äga ärenden (owns_cases).")
        self.engine = engine
        self.stream = stream
        self.roles = roles
        self.unit_names = {roles.units[unit].name_sv.casefold(): unit for unit in roles.case_units}
        self.rejects = rejects
        self.progress = progress
        self.result = ImportResult()

    def run(self, *, execute: bool) -> ImportResult:
        lines = read_lines(self.stream)
        layout = read_layout(next(lines, None))
        self.rejects.layout = layout
        by_month = self._check(lines, layout)
        self._take(by_month, layout)
        if execute:
            self._execute()
        self.result.reject_file = self.rejects.written_to
        return self.result

    def _unit_of(self, text: str) -> str | None:
        return text if text in self.roles.case_units else self.unit_names.get(text.casefold())

    def _check(self, lines: Iterator[Line], layout: Layout) -> dict[Month, _Places]:
        """First pass: refuse what cannot be read, remember where each month's rows lie (16 bytes a row)."""
        by_month: dict[Month, _Places] = {}
        for line in lines:
            try:
                row = parse_row(line, layout, self._unit_of)
            except RowRefused as refused:
                self.result.rows += 1
                self._reject(line, refused.faults)
                continue
            if row is not None:
                self.result.rows += 1
                by_month.setdefault(row.month, _Places()).add(line)
            if self.result.rows % 1000 == 0:
                self.progress(ImportProgress("checking", self.result.rows, None))
        return by_month

    def _take(self, by_month: dict[Month, _Places], layout: Layout) -> None:
        """Second pass: month by month, within a month in the order of the file."""
        done, total = 0, sum(len(places) for places in by_month.values())
        for month in sorted(by_month):
            for number, offset in by_month[month]:
                line = self._line_at(number, offset)
                self._take_line(line, layout)
                done += 1
                if done % 50 == 0 or done == total:
                    self.progress(ImportProgress("importing", done, total))

    def _line_at(self, number: int, offset: int) -> Line:
        self.stream.seek(offset)
        line = next(read_lines(self.stream), None)
        if line is None:
            raise UnreadableFile(f"Filen blev kortare medan den lästes (rad {number}). Kör importen igen.")
        return Line(number, offset, line.raw, line.too_long)

    def _take_line(self, line: Line, layout: Layout) -> None:
        try:
            row = parse_row(line, layout, self._unit_of)
            if row is None:
                raise RowRefused((Fault(line.number, "", "raden ändrades medan filen lästes"),))
            taken = register_decision(self.engine, row, self.roles)
        except RowRefused as refused:
            self._reject(line, refused.faults)
            return
        except ReferenceReused as reused:
            self._reject(line, (Fault(line.number, "referens", reused.message),))
            return
        self.result.unchanged += taken is Taken.UNCHANGED
        self.result.imported += taken is not Taken.UNCHANGED
        self.result.corrections += taken is Taken.CORRECTION
        self.result.cases_opened += taken is Taken.NEW_CASE

    def _execute(self) -> None:
        """Run what the messages have started, telling how far it has come."""
        done, ran = 0, 1
        while ran:
            ran = self.engine.fire_due(_BATCH) + sum(map(self.engine.run_job, self.engine.due_jobs(_BATCH)))
            done += ran
            self.progress(ImportProgress("running", done, None))

    def _reject(self, line: Line, faults: tuple[Fault, ...]) -> None:
        self.result.rejected += 1
        self.result.faults.extend(faults[: max(0, KEPT_FAULTS - len(self.result.faults))])
        self.rejects.add(line, faults)


def register_decision(engine: Engine, row: DecisionRow, roles: RoleBook) -> Taken:
    """Register one decision and send its message in one transaction; a new case belongs to the row's unit.

    Raises ReferenceReused.
    """
    organisation = roles.units[row.unit].organisation
    return engine.run_command(lambda context: _register(context, row, organisation), "import_decision", IMPORTER, None)


def _register(context: Context, row: DecisionRow, organisation: str) -> Taken:
    person = _person_of(context, row)
    decision = support.Decision(person.id, row.month, row.reference, row.outcome, row.hindrance, row.decided_on)
    others = support.decided_months(context.uow, decision)
    receipt = support.receive(context.uow, decision)
    if receipt is Receipt.KNOWN:
        return Taken.UNCHANGED
    if receipt is Receipt.REUSED:
        raise ReferenceReused
    household = persons.household_id(context.uow, row.household)
    case_id = persons.open_case_of_person(context.uow, person.id)
    if row.protected and not person.protected:
        persons.protect_person(context.uow, person.id)
        if case_id is not None:
            cases.retitle_case(context, case_id, "")
    opened = case_id is None
    if case_id is None:
        case_id = _new_case(context, row, person, household, organisation)
    elif row.month >= max(others, default=row.month):
        _follow(context, row, case_id, household, organisation)
    _send(context, case_id, row, person.id, household)
    if opened:
        return Taken.NEW_CASE
    return Taken.CORRECTION if row.month in others else Taken.NEW_MONTH


def _person_of(context: Context, row: DecisionRow) -> Person:
    """Whom a row is about: a new number for a known person changes theirs; two known persons are told to people."""
    person = persons.find_person(context.uow, row.identity)
    former = persons.find_person(context.uow, row.former) if row.former else None
    if person is None and former is not None:
        born = row.born or row.identity.born
        old_kind = persons.renumber_person(context.uow, former.id, row.identity, born=born)
        told = {"identitetFran": old_kind, "identitetTill": row.identity.kind.value}
        _tell(context, NEW_NUMBER, former.id, told, f"nummer:{former.id}:{row.month}:{row.reference}")
        return former
    if person is not None and former is not None and person.id != former.id:
        _tell_double(context, former, person)
    return person or _new_person(context, row)


def _tell_double(context: Context, older: Person, newer: Person) -> None:
    """Two persons' cases are one person's: people decide what becomes of them, in the older one."""
    double = persons.open_case_of_person(context.uow, newer.id)
    if double is None:
        return
    reason = "Verksamhetssystemet säger att den ena personens nummer har ersatts av den andras."
    told = {"annatArende": case_rows.reference_of(context.uow, double), "dubblettOrsak": reason}
    _tell(context, DOUBLE_CASE, older.id, told, f"dubbelt:{older.id}:{newer.id}")


def _tell(context: Context, message: str, person_id: int, told: dict[str, Any], message_id: str) -> None:
    case_id = persons.open_case_of_person(context.uow, person_id)
    if case_id is not None:
        messages.correlate(context, message, case_id, {"arendeId": case_id, **told}, f"{FAMILY}:{message_id}", None)


def _new_person(context: Context, row: DecisionRow) -> Person:
    born = row.born or row.identity.born
    return persons.add_person(context.uow, row.identity, name=row.name, born=born, protected=row.protected)


def _new_case(context: Context, row: DecisionRow, person: Person, household: int, organisation: str) -> str:
    title = "" if row.protected else person.name or ""
    owner = cases.Party(organisation=organisation, unit=row.unit)
    earlier = persons.count_cases(context.uow, person.id)
    reference = f"AK-{person.id:06d}" + (f"-{earlier + 1}" if earlier else "")
    case_id = cases.open_case(context, FAMILY, reference, title, [owner])
    persons.add_client(context.uow, case_id, person.id, household, unit=row.unit, hindrance=row.hindrance)
    return case_id


def _follow(context: Context, row: DecisionRow, case_id: str, household: int, organisation: str) -> None:
    """Let the case follow its person: to another household, another unit, another hindrance."""
    client = persons.find_client(context.uow, case_id)
    if client.unit != row.unit:
        cases.add_party(context, case_id, cases.Party(organisation=organisation, unit=row.unit))
        decided = FeelDate(row.decided_on.year, row.decided_on.month, row.decided_on.day)
        told = {"enhetFran": client.unit, "enhetTill": row.unit, "flyttDatum": decided, "flyttKommentar": None}
        _tell(context, MOVED, client.person_id, told, f"flytt:{client.person_id}:{row.month}:{row.reference}")
    persons.note_circumstances(context.uow, case_id, household=household, unit=row.unit, hindrance=row.hindrance)


def _send(context: Context, case_id: str, row: DecisionRow, person_id: int, household: int) -> None:
    decided = row.decided_on
    variables = {
        "arendeId": case_id,
        "personId": str(person_id),
        "hushallId": str(household),
        "enhet": row.unit,
        "manad": str(row.month),
        "utfall": row.outcome.value,
        "hinder": row.hindrance.value,
        "beslutsdatum": FeelDate(decided.year, decided.month, decided.day),
        "referens": row.reference,
    }
    message_id = f"{FAMILY}:{person_id}:{row.month}:{row.reference}"
    messages.correlate(context, MESSAGE, case_id, variables, message_id, None)


class _Places:
    """Where rows lie in the file, in the order they were added."""

    def __init__(self) -> None:
        self._numbers = array("Q")
        self._offsets = array("Q")

    def add(self, line: Line) -> None:
        self._numbers.append(line.number)
        self._offsets.append(line.offset)

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self._numbers, self._offsets, strict=True)
