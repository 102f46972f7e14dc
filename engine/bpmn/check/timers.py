"""Timers: one time for each, that the engine can compute and that makes sense where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from engine.bpmn.check.model import B, EventDefinition, Node, text_of
from engine.bpmn.check.rules import ERROR, WARNING, Rule
from engine.due import InvalidTimer, TimerForm, schedule
from engine.findings import Finding

TIMER_MISSING = Rule(
    "TIMER_MISSING",
    ERROR,
    "Tidshändelsen ”{what}” säger inte när den ska inträffa.",
    "The timer event “{what}” does not say when it is to happen.",
    "Ange ett datum, en tid att vänta (P14D) eller en upprepning (R/P1M).",
    "Give a date, a time to wait (P14D) or a cycle (R/P1M).",
    "a timer without date, duration or cycle",
)
TIMER_AMBIGUOUS = Rule(
    "TIMER_AMBIGUOUS",
    ERROR,
    "Tidshändelsen ”{what}” har flera tidsangivelser.",
    "The timer event “{what}” has several times.",
    "Behåll en av datum, tid att vänta och upprepning.",
    "Keep one of date, duration and cycle.",
    "a timer with both `timeDate` and `timeDuration`",
)
TIMER_INVALID = Rule(
    "TIMER_INVALID",
    ERROR,
    "Tidshändelsen ”{what}”: ”{value}” är varken {form} enligt ISO 8601 eller ett FEEL-uttryck.",
    "The timer event “{what}”: “{value}” is neither a {form_en} by ISO 8601 nor a FEEL expression.",
    "Skriv till exempel {example}, eller ett FEEL-uttryck som börjar med =.",
    "Write for example {example}, or a FEEL expression that begins with =.",
    "`<timeDuration>14 days</timeDuration>`",
)
TIMER_CYCLE_HERE = Rule(
    "TIMER_CYCLE_HERE",
    ERROR,
    "”{what}” väntar på en upprepning, men en mellanhändelse inträffar bara en gång.",
    "“{what}” waits for a cycle, but an intermediate event happens only once.",
    "Ange en tid att vänta eller ett datum; rita en slinga om det ska upprepas.",
    "Give a duration or a date; draw a loop if it is to repeat.",
    "a catch event with `timeCycle`",
)
TIMER_CYCLE_INTERRUPTS = Rule(
    "TIMER_CYCLE_INTERRUPTS",
    WARNING,
    "”{what}” avbryter och har en upprepning; den inträffar ändå bara en gång.",
    "“{what}” interrupts and has a cycle; it still happens only once.",
    "Ange en tid att vänta, eller gör händelsen icke avbrytande.",
    "Give a duration, or make the event non-interrupting.",
    "an interrupting timer on a border with `R/P1D`",
)
TIMER_START_DURATION = Rule(
    "TIMER_START_DURATION",
    ERROR,
    "”{what}” startar processen efter en tid, men det finns inget att räkna tiden från.",
    "“{what}” starts the process after a duration, but there is nothing to count it from.",
    "Ange ett datum eller en upprepning med början, till exempel R/2027-01-01T06:00:00/P3M.",
    "Give a date or a cycle with a beginning, for example R/2027-01-01T06:00:00/P3M.",
    "a timer start event with `P14D`",
)

TIMES: Final = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
_FORMS: Final = {
    "timeDate": ("ett datum", "date", "2027-01-31T08:00:00"),
    "timeDuration": ("en tid att vänta", "duration", "P14D"),
    "timeCycle": ("en upprepning", "cycle", "R/P1M"),
}
_ANY_MOMENT: Final = datetime(2026, 7, 1, tzinfo=UTC)


def timer(node: Node, event: EventDefinition, position: str) -> Iterator[Finding]:
    """What is wrong with the timer of an event that stands at `position`."""
    given = [child for child in event.xml.iterchildren(f"{B}*") if child.tag[len(B) :] in TIMES]
    if not given:
        yield TIMER_MISSING.at(node)
        return
    if len(given) > 1:
        yield TIMER_AMBIGUOUS.at(node)
        return
    tag, text = given[0].tag[len(B) :], text_of(given[0])
    if text is None or text == "=":
        yield TIMER_MISSING.at(node)
        return
    form, form_en, example = _FORMS[tag]
    if not text.startswith("=") and not _is_time(tag, text):
        yield TIMER_INVALID.at(node, value=text, form=form, form_en=form_en, example=example)
    if tag == "timeCycle":
        if position == "intermediateCatchEvent":
            yield TIMER_CYCLE_HERE.at(node)
        elif position != "process start" and node.is_interrupting:
            yield TIMER_CYCLE_INTERRUPTS.at(node)
    elif tag == "timeDuration" and position == "process start":
        yield TIMER_START_DURATION.at(node)


def _is_time(tag: str, text: str) -> bool:
    try:
        schedule(TimerForm(tag), text, _ANY_MOMENT)
    except InvalidTimer:
        return False
    return True
