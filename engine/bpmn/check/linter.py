"""The linter: files in, findings out, whatever the files are."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from engine.bpmn.check import (
    events,
    foreign,
    gateways,
    identity,
    people,
    reach,
    recounting,
    soundness,
    structure,
    tasks,
    unsupported,
    variables,
)
from engine.bpmn.check.decisions import check_decision_file, decision_ids
from engine.bpmn.check.feel import Speaker
from engine.bpmn.check.forms import FORM_ID_TWICE, Form, check_form, read_form
from engine.bpmn.check.identity import PROCESS_ID_TWICE
from engine.bpmn.check.known import NOTHING_KNOWN, Known
from engine.bpmn.check.model import NODES, Document, build_document
from engine.bpmn.check.report import Report
from engine.bpmn.check.rules import ERROR, FILE, MAX_ID, Rule
from engine.bpmn.xml import BPMN, parse_xml
from engine.errors import StegvisError, TooLarge
from engine.findings import Finding

_LOG = logging.getLogger(__name__)

INVALID_DOCUMENT = Rule(
    "INVALID_DOCUMENT",
    ERROR,
    "Filen går inte att läsa som XML: {reason}",
    "The file cannot be read as XML: {reason}",
    "Spara filen på nytt från en BPMN-editor.",
    "Save the file anew from a BPMN editor.",
    "JSON in a file named `.bpmn`, a DOCTYPE, a wrong encoding",
)
FILE_UNREADABLE = Rule(
    "FILE_UNREADABLE",
    ERROR,
    "Filen går inte att läsa från disken: {reason}",
    "The file cannot be read from disk: {reason}",
    "Se över filens rättigheter, och att det är en vanlig fil.",
    "See to the file's permissions, and that it is an ordinary file.",
    "a file without read permission, a link that leads nowhere, a pipe",
)
FILE_TOO_LARGE = Rule(
    "FILE_TOO_LARGE",
    ERROR,
    "Filen är för stor: {reason}",
    "The file is too large: {reason}",
    "Dela upp den i flera filer, eller ta bort det som inte hör till diagrammet.",
    "Divide it into several files, or remove what does not belong to the diagram.",
    "a file of 20 MB, or elements nested 100 000 deep",
)
NOT_BPMN = Rule(
    "NOT_BPMN",
    ERROR,
    "Filen är XML men inte BPMN 2.0: den börjar med <{tag}>.",
    "The file is XML but not BPMN 2.0: it begins with <{tag}>.",
    "Spara den som BPMN 2.0 från en BPMN-editor.",
    "Save it as BPMN 2.0 from a BPMN editor.",
    "`<html>` in a file named `.bpmn`",
)
DIAGRAM_TOO_LARGE = Rule(
    "DIAGRAM_TOO_LARGE",
    ERROR,
    "Filen har {count} element och flöden; {limit} är det mesta som kontrolleras.",
    "The file has {count} elements and flows; {limit} is the most that is checked.",
    "Dela upp den i flera filer med anropsaktiviteter emellan.",
    "Divide it into several files with call activities between them.",
    "a generated process with 100 000 tasks",
)
CHECK_FAILED = Rule(
    "CHECK_FAILED",
    ERROR,
    "Kontrollen gick sönder på den här filen ({reason}); den kan inte publiceras.",
    "The check itself broke on this file ({reason}); it cannot be published.",
    "Skicka filen till den som driver systemet.",
    "Send the file to whoever runs the system.",
    "a defect in the linter itself",
)

MAX_ELEMENTS: Final = 30_000  # tasks, events, gateways and flows of one file
COUNTED: Final = tuple(f"{{{BPMN}}}{tag}" for tag in sorted(NODES | {"sequenceFlow"}))
BPMN_NAMES: Final = (".bpmn", ".bpmn20.xml", ".bpmn2", ".xml")
Family = Callable[[Document, Known], Iterator[Finding]]
FAMILIES: Final[tuple[Family, ...]] = (
    identity.findings,
    structure.findings,
    unsupported.findings,
    gateways.findings,
    events.findings,
    tasks.findings,
    people.findings,
    foreign.findings,
    recounting.findings,
    reach.findings,
    soundness.findings,
)


def check(files: Mapping[str, bytes], known: Known = NOTHING_KNOWN) -> dict[str, list[Finding]]:
    """Say what is wrong with a set of files that belong together.

    Args:
        files: name to content; `.bpmn`, `.dmn` and `.form` are read, others get no findings.
        known: what exists outside these files; forms, decisions and processes of the files themselves are known.

    Returns:
        For each file its findings, errors first, each group in the order of the file. Never raises, whatever is in
        the files.
    """
    run = _Run(files, known)
    return {name: run.findings(name) for name in files}


def check_one(source: bytes, known: Known = NOTHING_KNOWN, *, file: str = "diagram.bpmn") -> list[Finding]:
    """Say what is wrong with one file by itself; see `check`."""
    return check({file: source}, known)[file]


class _Run:
    """One run over a set of files: first each is read, then each is judged knowing the others."""

    def __init__(self, files: Mapping[str, bytes], known: Known) -> None:
        self._reports = {name: Report() for name in files}
        self._documents: dict[str, Document] = {}
        self._schemas: dict[str, tuple[Form, dict[str, Any]]] = {}
        self._decision_files: dict[str, bytes] = {}
        self._forms: dict[str, Form] = {}
        self._form_files: dict[str, str] = {}
        self._decisions: set[str] = set()
        for name, source in files.items():
            self._guarded(name, partial(self._read, name, source))
        self._known = self._with_own(known)
        self._speaker = Speaker(self._known)
        self._called = {one for document in self._documents.values() for one in variables.called_processes(document)}
        self._judge()

    def findings(self, name: str) -> list[Finding]:
        """The findings of one file, in order."""
        document = self._documents.get(name)
        positions: dict[str, int] = {}
        for number, element in enumerate(document.elements if document else ()):
            positions.setdefault((element.get("id") or "")[:MAX_ID], number)
        positions.pop("", None)
        return self._reports[name].findings(positions)

    def _guarded(self, name: str, step: Callable[[], Iterator[Finding]]) -> None:
        try:
            self._reports[name].add(step())
        except Exception as error:  # noqa: BLE001 - a defect here must refuse the file, not take the caller down
            _LOG.exception("a check failed", extra={"file": name})
            self._reports[name].add([CHECK_FAILED.at(FILE, reason=type(error).__name__)])

    def _read(self, name: str, source: bytes) -> Iterator[Finding]:
        lower = name.lower()
        if lower.endswith(BPMN_NAMES):
            try:
                root = parse_xml(source, file=name)
            except TooLarge as error:
                yield FILE_TOO_LARGE.at(FILE, reason=error.message)
            except StegvisError as error:
                yield INVALID_DOCUMENT.at(FILE, reason=error.message)
            else:
                if root.tag != f"{{{BPMN}}}definitions":
                    yield NOT_BPMN.at(FILE, tag=root.tag)
                    return
                count = sum(1 for _ in root.iter(*COUNTED))
                if count > MAX_ELEMENTS:
                    yield DIAGRAM_TOO_LARGE.at(FILE, count=count, limit=MAX_ELEMENTS)
                    return
                self._documents[name] = build_document(root, name)
        elif lower.endswith(".form"):
            form, problems, schema = read_form(source)
            yield from problems
            if schema is not None:
                self._schemas[name] = (form, schema)
            if form.id is not None and self._form_files.setdefault(form.id, name) != name:
                yield FORM_ID_TWICE.at(FILE, value=form.id, other=self._form_files[form.id])
            elif form.id is not None:
                self._forms[form.id] = form
        elif lower.endswith(".dmn"):
            self._decisions |= decision_ids(source, name)
            self._decision_files[name] = source

    def _with_own(self, known: Known) -> Known:
        """What is known outside, and what these files themselves define."""
        processes = {process.id or "" for document in self._documents.values() for process in document.processes}
        return dataclasses.replace(
            known,
            forms=None if known.forms is None else {*known.forms, *self._forms},
            decisions=None if known.decisions is None else {*known.decisions, *self._decisions},
            processes=None if known.processes is None else {*known.processes, *processes},
        )

    def _judge(self) -> None:
        owners: dict[str, str] = {}
        for name, document in self._documents.items():
            self._speaker.begin_file()
            self._guarded(name, partial(self._twice, owners, name, document))
            for family in FAMILIES:
                self._guarded(name, partial(self._of_what_runs, family, document))
            self._guarded(name, partial(variables.findings, document, self._speaker, self._forms, self._called))
        for name, source in self._decision_files.items():
            self._guarded(name, partial(check_decision_file, source, name, self._known, self._decision_files))
        for name, (form, schema) in self._schemas.items():
            self._speaker.begin_file()
            self._guarded(name, partial(check_form, form, schema, self._speaker))

    def _of_what_runs(self, family: Family, document: Document) -> Iterator[Finding]:
        """A family's findings, without those about processes that are documentation; ids must be unique there too."""
        aside = frozenset[str | None]() if family is identity.findings else document.documentation_ids
        return (finding for finding in family(document, self._known) if finding.element not in aside)

    def _twice(self, owners: dict[str, str], name: str, document: Document) -> Iterator[Finding]:
        for process in document.processes:
            if process.id and owners.setdefault(process.id, name) != name:
                yield PROCESS_ID_TWICE.at(process, value=process.id, other=owners[process.id])
