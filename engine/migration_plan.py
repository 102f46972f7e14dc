"""What is to become of what when instances move to another version: proposed, shown, edited as JSON, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.model import Element, Process
from engine.bpmn.pairing import Ground, propose
from engine.errors import InvalidInput

_KEYS = frozenset({"process", "from", "to", "elements", "flows"})


@dataclass(frozen=True)
class MigrationPlan:
    """From one version of a process to another, element by element; None: nothing of the new version.

    `flows` need naming only for tokens that wait at a join, where ids and ends do not tell which flow is which.
    """

    process_id: str
    source: int
    target: int
    elements: Mapping[str, str | None]
    flows: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The plan as JSON-ready data."""
        return {
            "process": self.process_id,
            "from": self.source,
            "to": self.target,
            "elements": dict(self.elements),
            "flows": dict(self.flows),
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> MigrationPlan:
        """The plan that a file holds; InvalidInput says what is wrong with it."""
        try:
            given = json.loads(text)
        except ValueError as error:
            raise InvalidInput(f"The plan is not JSON: {error}") from error
        if not isinstance(given, dict):
            raise InvalidInput("The plan must be a JSON object.")
        return cls.from_dict(given.get("plan", given))

    @classmethod
    def from_dict(cls, given: Any) -> MigrationPlan:
        """The plan that JSON data says; InvalidInput says what is wrong with it."""
        if not isinstance(given, dict):
            raise InvalidInput("The plan must be a JSON object.")
        unknown = set(given) - _KEYS
        if unknown:
            raise InvalidInput(f"The plan says things that nobody reads: {', '.join(sorted(unknown))}.")
        process_id, source, target = given.get("process"), given.get("from"), given.get("to")
        if not isinstance(process_id, str) or type(source) is not int or type(target) is not int:
            raise InvalidInput('The plan needs "process" (an id), "from" and "to" (numbers of versions).')
        elements, flows = given.get("elements"), given.get("flows", {})
        if not _is_mapping(elements, or_null=True):
            raise InvalidInput('The plan\'s "elements" must lead from ids to ids, or to null.')
        if not _is_mapping(flows, or_null=False):
            raise InvalidInput('The plan\'s "flows" must lead from ids to ids.')
        return cls(process_id, source, target, elements or {}, flows)


@dataclass(frozen=True)
class ProposedPair:
    """One line of a proposal: an old element, what it is taken for and why."""

    source: str
    name: str | None
    type: str
    target: str | None
    target_name: str | None
    ground: Ground | None


@dataclass(frozen=True)
class Proposal:
    """A plan to look through: every element of the old version, and what only the new one has."""

    plan: MigrationPlan
    pairs: tuple[ProposedPair, ...]
    added: tuple[Element, ...]


def proposal(process_id: str, versions: tuple[int, int], source: Process, target: Process) -> Proposal:
    """The plan that ids, names and types speak for."""
    found = {pair.source: pair for pair in propose(source, target)}
    pairs = []
    for old in source.elements.values():
        if old.id == source.id:
            continue
        pair = found.get(old.id)
        new = target.elements[pair.target] if pair is not None else None
        pairs.append(
            ProposedPair(
                old.id,
                old.name,
                old.type,
                new.id if new is not None else None,
                new.name if new is not None else None,
                pair.ground if pair is not None else None,
            )
        )
    plan = MigrationPlan(process_id, *versions, {pair.source: pair.target for pair in pairs}, {})
    taken = {pair.target for pair in pairs}
    added = tuple(new for new in target.elements.values() if new.id not in taken and new.id != target.id)
    return Proposal(plan, tuple(pairs), added)


def _is_mapping(given: object, *, or_null: bool) -> bool:
    return isinstance(given, dict) and all(
        isinstance(value, str) or (or_null and value is None) for value in given.values()
    )
