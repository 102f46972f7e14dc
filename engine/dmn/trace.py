"""Why a decision came out as it did: what was asked, which rules matched, what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel.codec import to_plain


@dataclass(frozen=True, slots=True)
class DecisionWarning:
    """Something that made a value null, or that a person should look at.

    `element` is the id in the file; `position` (line, column) counts from 1 within the expression's text.
    """

    code: str
    message: str
    element: str | None = None
    position: tuple[int, int] | None = None

    def as_json(self) -> dict[str, object]:
        """The warning as JSON-ready data."""
        place = None if self.position is None else {"line": self.position[0], "column": self.position[1]}
        return {"code": self.code, "message": self.message, "element": self.element, "position": place}


@dataclass(frozen=True, slots=True)
class InputTrace:
    """What one input column asked and what the answer was."""

    expression: str
    label: str | None
    value: object


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """A rule that matched: its number from 1, and what it says."""

    index: int
    id: str | None
    outputs: Mapping[str, object]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableTrace:
    """One use of a decision table; `owner` is the decision or business knowledge model it stands in."""

    element: str | None
    owner: str
    hit_policy: str
    inputs: tuple[InputTrace, ...]
    rules: tuple[RuleTrace, ...]
    used_default: bool
    value: object

    def as_json(self) -> dict[str, object]:
        """The table's use as JSON-ready data."""
        return {
            "element": self.element,
            "owner": self.owner,
            "hit_policy": self.hit_policy,
            "inputs": [
                {"expression": each.expression, "label": each.label, "value": to_plain(each.value)}
                for each in self.inputs
            ],
            "rules": [
                {
                    "index": rule.index,
                    "id": rule.id,
                    "outputs": {name: to_plain(value) for name, value in rule.outputs.items()},
                    "annotations": dict(rule.annotations),
                }
                for rule in self.rules
            ],
            "used_default": self.used_default,
            "value": to_plain(self.value),
        }


@dataclass(frozen=True, slots=True)
class DecisionTrace:
    """One decision that was made: what it was given, which tables it used, what came out."""

    id: str
    name: str
    question: str | None
    inputs: Mapping[str, object]
    requires: tuple[str, ...]
    tables: tuple[TableTrace, ...]
    tables_left_out: int
    value: object

    def as_json(self) -> dict[str, object]:
        """The decision as JSON-ready data."""
        return {
            "id": self.id,
            "name": self.name,
            "question": self.question,
            "inputs": {name: to_plain(value) for name, value in self.inputs.items()},
            "requires": list(self.requires),
            "tables": [table.as_json() for table in self.tables],
            "tables_left_out": self.tables_left_out,
            "value": to_plain(self.value),
        }
