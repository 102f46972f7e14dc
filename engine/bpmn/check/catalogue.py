"""Every rule of the linter by family, and the handbook page made of them."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from engine.bpmn.check import (
    events,
    feel,
    foreign,
    forms,
    gateways,
    identity,
    links,
    linter,
    people,
    reach,
    recounting,
    report,
    soundness,
    structure,
    tasks,
    timers,
    unsupported,
    variables,
)
from engine.bpmn.check.rules import Rule

FAMILIES: Final[tuple[tuple[str, ModuleType], ...]] = (
    ("The file as such", linter),
    ("Ids and references", identity),
    ("Structure", structure),
    ("What the engine does not run", unsupported),
    ("Conditions and choices", gateways),
    ("Events", events),
    ("Timers", timers),
    ("Deadlines that are counted again", recounting),
    ("Links", links),
    ("Tasks", tasks),
    ("Names, lanes and roles", people),
    ("What can be reached", reach),
    ("Splits and joins", soundness),
    ("Expressions", feel),
    ("Variables", variables),
    ("Other engines' settings", foreign),
    ("Forms", forms),
    ("Too many findings", report),
)

_INTRODUCTION: Final = """\
# What `check` finds

`stegvis check PATH...`, the editor, continuous integration and publishing all call the same linter,
`engine.bpmn.check.check`. Each finding has a code, a severity, the element's id and name, what is wrong and what to
draw instead, in Swedish and English. A file with an **error** cannot be published; a **warning** is for a person to
look at. The list of what the engine runs is `engine/bpmn/check/supported.py`.

Splits and joins are judged by playing tokens through each process and sub-process. `DEADLOCK` is only given where one
decision, or decisions that read nothing in common, lead to a join that waits for ever; where two decisions might depend
on each other it is `DEADLOCK_POSSIBLE`. What is too large or too entangled to be played through is not judged.

Decision tables (`.dmn`) are judged by `engine.dmn.check_decisions`, called from here; `docs/dmn.md` tells its codes.

This page is written by `python -m engine.bpmn.check.catalogue`; a test keeps it so.
"""


def rules_of(module: ModuleType) -> list[Rule]:
    """The rules that a module declares, in its own order; the linter also names rules of other families."""
    others = {id(value) for _, other in FAMILIES if module is linter is not other for value in vars(other).values()}
    return [value for value in vars(module).values() if isinstance(value, Rule) and id(value) not in others]


def all_rules() -> list[Rule]:
    """Every rule, family by family."""
    return [rule for _, module in FAMILIES for rule in rules_of(module)]


def handbook() -> str:
    """The page `docs/check.md`: every code with its meaning, an example and what to draw instead."""
    lines = [_INTRODUCTION]
    for title, module in FAMILIES:
        lines.append(f"## {title}\n")
        for rule in rules_of(module):
            meaning = rule.message_en.replace("{", "‹").replace("}", "›").replace("<‹tag›>", "‹tag›")
            remedy = rule.remedy_en.replace("{", "‹").replace("}", "›")
            lines.append(f"### {rule.code}\n")
            lines.append(f"*{rule.severity.value}* – {meaning}\n")
            lines.append(f"- Example: {rule.example}")
            lines.append(f"- Instead: {_INSTEAD.get(rule.code, remedy)}\n")
    return "\n".join(lines).rstrip() + "\n"


_INSTEAD: Final = {
    "COMPENSATION": "Draw the undoing as ordinary steps: an error path or a gateway to the task that undoes.",
    "CHOREOGRAPHY": "Draw one process for each participant, with messages between them.",
    "COMPLEX_GATEWAY": "Use an inclusive gateway, or several exclusive ones after each other.",
    "AD_HOC_SUB_PROCESS": "Draw an ordinary sub-process where an inclusive gateway chooses which steps are done.",
    "TRANSACTION": "Draw an ordinary sub-process with an error event on its border.",
    "IGNORED_ELEMENT": "What the message says: candidate groups, mappings, a form or a correlation key.",
}

if __name__ == "__main__":
    import sys

    sys.stdout.write(handbook())
