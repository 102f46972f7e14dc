"""What is published, as programs use it: process models, decisions and forms of a release, cached by digest."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.bpmn import DecisionCall, DecisionResult, Model, Process, Services, load_model
from engine.clock import Clock
from engine.dmn import DecisionModel, load_decisions
from engine.errors import InvalidDocument, NotFound
from engine.escalation import escalating_calls, escalation_sources
from engine.feel import Environment, HostFunction
from engine.store import release_rows
from engine.store.database import Database
from engine.store.rows import DefinitionRow
from engine.store.unit_of_work import Reader

BPMN = (".bpmn", ".bpmn20.xml", ".bpmn2")
DMN, FORM = ".dmn", ".form"
SAME_RELEASE = ("deployment", None)
"""Bindings that mean the caller's own release."""


@dataclass(frozen=True)
class Deployed:
    """One version of a process, ready to run with a release's forms and decisions."""

    definition: DefinitionRow
    release: int
    process: Process
    services: Services

    @cached_property
    def escalation_sources(self) -> Mapping[str, str]:
        """Element ids of escalation tasks to the user task each escalates."""
        return escalation_sources(self.process)

    @cached_property
    def escalating_calls(self) -> Mapping[str, tuple[str, ...]]:
        """Element ids of call activities to the user tasks that the called process escalates."""
        return escalating_calls(self.process)

    @cached_property
    def tasks_with_calls(self) -> frozenset[str]:
        """Element ids of user tasks that a called process escalates when they are late."""
        return frozenset(task for tasks in self.escalating_calls.values() for task in tasks)


class Definitions:
    """Finds and loads what is published; shared by all threads. What is published never changes: caches never age."""

    def __init__(self, database: Database, clock: Clock, functions: Mapping[str, HostFunction]) -> None:
        self._database = database
        self._clock = clock
        self._functions = functions
        self._lock = threading.RLock()
        self._models: dict[str, Model] = {}
        self._decisions: dict[tuple[int, str], DecisionModel] = {}
        self._rows: dict[int, DefinitionRow] = {}
        self._files: dict[int, dict[str, str]] = {}
        self._services: dict[int, Services] = {}
        self._forms: dict[int, dict[str, str]] = {}
        self._decision_files: dict[int, dict[str, str]] = {}
        self._deployed: dict[tuple[int, int], Deployed] = {}

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        """The FEEL functions there are besides the built-ins."""
        return self._functions

    def deployed(self, reader: Reader, definition_id: int, release: int) -> Deployed:
        """A definition by its id, with the forms and decisions of a release."""
        found = self._deployed.get((definition_id, release))
        if found is not None:
            return found
        return self._deploy(reader, self.row(reader, definition_id), release)

    def row(self, reader: Reader, definition_id: int) -> DefinitionRow:
        """A definition's row; NotFound where there is none."""
        found = self._rows.get(definition_id) or release_rows.definition(reader, definition_id)
        if found is None:
            raise NotFound(f"There is no process definition {definition_id}.")
        return found

    def latest(self, reader: Reader, process_id: str) -> Deployed:
        """The latest version of a process, with the latest release; NotFound where it was never published."""
        row = release_rows.latest_definition(reader, process_id)
        if row is None:
            raise NotFound(f"There is no published process {process_id!r} (only executable ones are published).")
        return self._deploy(reader, row, release_rows.latest_release(reader))

    def called(
        self, reader: Reader, process_id: str, release: int, binding: str | None, version_tag: str | None
    ) -> Deployed:
        """The process that a call activity of a release calls, by its binding; NotFound where there is none."""
        if binding == "versionTag":
            row = release_rows.definition_by_tag(reader, process_id, version_tag or "")
            if row is None:
                raise NotFound(f"No published version of process {process_id!r} bears the tag {version_tag!r}.")
            return self._deploy(reader, row, row.release)
        if binding in SAME_RELEASE:
            row = release_rows.definition_in_release(reader, process_id, release)
            if row is None:
                raise NotFound(f"Release {release} has no process {process_id!r}.")
            return self._deploy(reader, row, release)
        return self.latest(reader, process_id)

    def files(self, reader: Reader, release: int) -> Mapping[str, str]:
        """The files of a release: name to digest."""
        found = self._files.get(release)
        if found is None:
            found = release_rows.files_of(reader, release)
            self._files[release] = found
        return found

    def content(self, reader: Reader, digest: str) -> bytes:
        """The content of a published file."""
        found = release_rows.content(reader, digest)
        if found is None:
            raise NotFound(f"There is no published file with digest {digest}.")
        return found

    def form(self, reader: Reader, release: int, form_id: str) -> bytes:
        """The form of an id as a release has it; NotFound where it has none."""
        known = self._forms.get(release)
        if known is None:
            known = {}
            for name, digest in self.files(reader, release).items():
                if name.endswith(FORM):
                    identity = form_id_of(self.content(reader, digest), name)
                    known[identity] = digest
            self._forms[release] = known
        if form_id not in known:
            raise NotFound(f"Release {release} has no form {form_id!r}.")
        return self.content(reader, known[form_id])

    def decision_model(self, reader: Reader, release: int, decision_id: str) -> DecisionModel:
        """The decision model that holds a decision, as a release has it; NotFound where it has none."""
        known = self._decision_files.get(release)
        if known is None:
            known = {}
            for name in sorted(self.files(reader, release)):
                if name.endswith(DMN):
                    model = self._decision_model(reader, release, name)
                    for identity in _answered_by(model):
                        known.setdefault(identity, name)
            self._decision_files[release] = known
        if decision_id not in known:
            raise NotFound(f"Release {release} has no decision {decision_id!r}.")
        return self._decision_model(reader, release, known[decision_id])

    def decide(self, release: int, call: DecisionCall) -> DecisionResult:
        """Make a decision with the tables of a release.

        Raises a StegvisError for one that rests on missing or wrong values (docs/dmn.md): that is an incident.
        """
        name = self._decision_files.get(release, {}).get(call.decision_id)
        model = self._decisions.get((release, name)) if name and call.binding != "latest" else None
        if model is None:
            with self._database.reading() as reader:
                wanted = release_rows.latest_release(reader) if call.binding == "latest" else release
                model = self.decision_model(reader, wanted, call.decision_id)
        return model.evaluate(call.decision_id, call.variables, self.environment()).sure()

    def environment(self) -> Environment:
        """What FEEL expressions see besides their variables."""
        return Environment(now=self._clock.now, functions=dict(self._functions))

    def model(self, reader: Reader, digest: str, file: str) -> Model:
        """A process model by its digest."""
        found = self._models.get(digest)
        if found is None:
            with self._lock:
                found = self._models.get(digest)
                if found is None:
                    found = load_model(self.content(reader, digest), file=file)
                    self._models[digest] = found
        return found

    def _deploy(self, reader: Reader, row: DefinitionRow, release: int) -> Deployed:
        found = self._deployed.get((row.id, release))
        if found is None:
            self._rows[row.id] = row
            process = self.model(reader, row.digest, row.file).processes[row.process_id]
            found = Deployed(row, release, process, self._services_of(release))
            self._deployed[row.id, release] = found
        return found

    def _services_of(self, release: int) -> Services:
        found = self._services.get(release)
        if found is None:

            def decide(call: DecisionCall) -> DecisionResult:
                return self.decide(release, call)

            found = Services(clock=self._clock, functions=self._functions, decide=decide)
            self._services[release] = found
        return found

    def _decision_model(self, reader: Reader, release: int, name: str) -> DecisionModel:
        found = self._decisions.get((release, name))
        if found is None:
            files = self.files(reader, release)
            source = self.content(reader, files[name])
            others = (
                {
                    other: self.content(reader, digest)
                    for other, digest in files.items()
                    if other.endswith(DMN) and other != name
                }
                if b"import" in source
                else {}
            )
            found = load_decisions(source, file=name, imports=others)
            self._decisions[release, name] = found
        return found


def _answered_by(model: DecisionModel) -> Iterator[str]:
    for decision in model.decisions:
        yield from (decision.id, decision.name)
    for service in model.services:
        yield from (service.id, service.name)


def form_id_of(content: bytes, name: str) -> str:
    """The id that a form's JSON gives; InvalidDocument where it is none."""
    try:
        document: Any = json.loads(content)
    except ValueError as error:
        raise InvalidDocument(f"{name} is not JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise InvalidDocument(f"{name} is no form: it has no id.")
    return str(document["id"])
