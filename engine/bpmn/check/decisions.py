"""Decision models beside the diagrams: which decisions they define, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.known import Known
from engine.bpmn.check.rules import ERROR, FILE, Rule
from engine.bpmn.xml import parse_xml
from engine.dmn import load_decisions
from engine.errors import StegvisError
from engine.findings import Finding

DECISIONS_INVALID = Rule(
    "DECISIONS_INVALID",
    ERROR,
    "Beslutsmodellen går inte att läsa: {reason}",
    "The decision model cannot be read: {reason}",
    "Rätta modellen i en DMN-editor och spara den på nytt.",
    "Mend the model in a DMN editor and save it anew.",
    "a `.dmn` file that is not DMN, or a table whose rules do not fit its columns",
)


def decision_ids(source: bytes, file: str) -> set[str]:
    """The ids of the decisions (and decision services) that a file defines; none when it cannot be read."""
    try:
        root = parse_xml(source, file=file)
    except StegvisError:
        return set()
    return {
        identity
        for element in root.iterchildren("{*}decision", "{*}decisionService")
        if (identity := element.get("id"))
    }


def check_decision_file(source: bytes, file: str, _known: Known) -> Iterator[Finding]:
    """What is wrong with a decision model."""
    try:
        load_decisions(source, file=file)
    except StegvisError as error:
        yield DECISIONS_INVALID.at(FILE, reason=error.message)
