"""Deadlines that are counted again when a parameter or the calendar changes: said where it can be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.bpmn.check.known import Known
from engine.bpmn.check.model import B, Document, Node, Z, text_of
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.bpmn.recounting import NEVER, ON_CHANGE, PROPERTY
from engine.findings import Finding
from engine.functions import FUNCTION_NAMES

RECOUNT_VALUE = Rule(
    "RECOUNT_VALUE",
    ERROR,
    "Egenskapen rakna_om på ”{what}” är ”{value}”; den kan vara vid_andring eller aldrig.",
    "The property rakna_om of “{what}” is “{value}”; it can be vid_andring or aldrig.",
    "Skriv vid_andring om fristen ska räknas om när en parameter eller kalendern ändras; annars ta bort egenskapen.",
    "Write vid_andring for a deadline that is counted again when a parameter or the calendar changes; else remove it.",
    '`<zeebe:property name="rakna_om" value="ja"/>`',
)
RECOUNT_CYCLE = Rule(
    "RECOUNT_CYCLE",
    ERROR,
    "”{what}” ska räknas om vid ändring, men en upprepning räknas inte om.",
    "“{what}” is to be counted again on a change, but a cycle is not counted again.",
    "Ange ett datum eller en tid att vänta, eller ta bort egenskapen rakna_om.",
    "Give a date or a duration, or remove the property rakna_om.",
    "a timer with `R/P1M` and the property `rakna_om`",
)
RECOUNT_NOTHING = Rule(
    "RECOUNT_NOTHING",
    WARNING,
    "”{what}” ska räknas om vid ändring, men dess frist beror varken på en parameter eller på kalendern.",
    "“{what}” is to be counted again on a change, but its deadline rests on no parameter and not on the calendar.",
    'Räkna fristen med parameter("...") eller add working days(...) där den anges, eller ta bort egenskapen rakna_om.',
    'Count the deadline with parameter("...") or add working days(...) where it is given, or remove rakna_om.',
    "a user task without a due date, or due at `=frist`, with the property `rakna_om`",
)

_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")


def findings(document: Document, _known: Known) -> Iterator[Finding]:
    """What is wrong with the property `rakna_om` where it is given."""
    for scope in document.checked_scopes:
        for node in scope.nodes:
            properties = node.xml.iterfind(f"{B}extensionElements/{Z}properties/{Z}property")
            given = [(each.get("value") or "").strip() for each in properties if each.get("name") == PROPERTY]
            if given:
                yield from _of_node(node, given[-1])


def _of_node(node: Node, value: str) -> Iterator[Finding]:
    if value not in (ON_CHANGE, NEVER):
        yield RECOUNT_VALUE.at(node, value=value)
    if value != ON_CHANGE:
        return
    times = list(_times(node))
    if any(field == "timeCycle" for field, _ in times):
        yield RECOUNT_CYCLE.at(node)
    elif not any(text.startswith("=") and any(name in text for name in FUNCTION_NAMES) for _, text in times):
        yield RECOUNT_NOTHING.at(node)


def _times(node: Node) -> Iterator[tuple[str, str]]:
    """Where the node gives times, and what it gives."""
    schedule = node.extension("taskSchedule")
    if schedule is not None:
        for attribute in ("dueDate", "followUpDate"):
            yield attribute, (schedule.get(attribute) or "").strip()
    for event in node.events:
        for tag in _TIMES:
            if text := text_of(event.xml.find(f"{B}{tag}")):
                yield tag, text
