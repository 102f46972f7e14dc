"""What the pages about processes show, gathered from the engine's queries."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import Element, EventKind, Process
from engine.errors import NotFound
from engine.store.rows import DefinitionRow, Paging
from engine.store.states import InstanceState
from forms.backend import backend

_NOT_LISTED = frozenset({"sequenceFlow", "process", "lane", "dataObject", "dataObjectReference", "textAnnotation"})


@dataclass(frozen=True)
class ProcessCard:
    """One process with its versions."""

    latest: DefinitionRow
    versions: tuple[DefinitionRow, ...]
    """Newest first."""
    shown: DefinitionRow
    """The version whose diagram and steps are told: the latest unless another is asked for."""
    running: int
    """How many instances run, on any version."""
    process: Process

    @property
    def documentation(self) -> str | None:
        """What the process owner says that it is for."""
        return self.process.documentation

    @property
    def is_older(self) -> bool:
        """Whether another version than the latest is told."""
        return self.shown.version != self.latest.version

    @property
    def starts_by_hand(self) -> bool:
        """Whether a person can start it."""
        return any(start.kind is EventKind.NONE for start in self.process.starts)

    @property
    def start_element(self) -> Element | None:
        """The start event that a person starts it by."""
        found = next((start for start in self.process.starts if start.kind is EventKind.NONE), None)
        return self.process.element(found.element_id) if found else None

    @property
    def elements(self) -> list[Element]:
        """Its elements, as its table lists them: in the order of the file."""
        return [element for element in self.process.elements.values() if element.type not in _NOT_LISTED]


def process_cards() -> list[ProcessCard]:
    """Every published process, by name."""
    return [process_card(row.process_id) for row in backend().engine.queries.definitions()]


def process_card(process_id: str, version: int | None = None) -> ProcessCard:
    """One process, told by `version` or by the latest; raises NotFound where there is none such."""
    queries = backend().engine.queries
    versions = queries.versions(process_id)
    if not versions:
        raise NotFound(f"Processen {process_id} finns inte.")
    latest = versions[0]
    shown = latest if version is None else next((row for row in versions if row.version == version), None)
    if shown is None:
        raise NotFound(f"Processen {process_id} har ingen version {version}.")
    running = queries.find_instances(process_id=process_id, state=InstanceState.ACTIVE, paging=Paging(1, 1)).total
    return ProcessCard(
        latest=latest,
        versions=tuple(versions),
        shown=shown,
        running=running,
        process=backend().models.process(shown.digest, shown.file, process_id),
    )
