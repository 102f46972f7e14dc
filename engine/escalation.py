"""Which task escalates which: what a diagram draws behind a boundary timer that does not interrupt its user task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn import EventKind, Process


def escalation_sources(process: Process) -> Mapping[str, str]:
    """User tasks reached from a non-interrupting boundary timer of a user task, to that task.

    What the task's own outgoing flows reach as well is no escalation: it would be done anyway.
    """
    sources: dict[str, str] = {}
    for event in process.elements.values():
        if event.event is not EventKind.TIMER or event.attached_to is None or event.interrupting:
            continue
        task = process.elements.get(event.attached_to)
        if task is None or task.type != "userTask":
            continue
        usual = _reached(process, [task.id])
        for element_id in _reached(process, [event.id]) - usual:
            if process.elements[element_id].type == "userTask":
                sources.setdefault(element_id, task.id)
    return sources


def _reached(process: Process, starts: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        element_id = waiting.pop()
        if element_id in found or element_id not in process.elements:
            continue
        found.add(element_id)
        element = process.elements[element_id]
        waiting.extend(process.flows[flow].target for flow in element.outgoing if flow in process.flows)
    return found
