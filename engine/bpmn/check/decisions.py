"""Decision models beside the diagrams: which decisions they define, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.check.known import Known
from engine.bpmn.xml import parse_xml
from engine.dmn import check_decisions
from engine.errors import StegvisError
from engine.findings import Finding


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


def check_decision_file(source: bytes, file: str, known: Known, beside: Mapping[str, bytes]) -> Iterator[Finding]:
    """What is wrong with a decision model; `beside` are the other models, which it may import."""
    others = {name: content for name, content in beside.items() if name != file}
    yield from check_decisions(source, file, known, others)
