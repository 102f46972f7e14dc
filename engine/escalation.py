"""Which task escalates which: what a diagram draws behind a boundary timer that does not interrupt its user task.

Either a user task for somebody else, or a call activity whose process sees to it that the late task gets done. Such a
process asks `engine.late_task` which task that is, and waits for the message TASK_ENDED with the task's id as its key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn import EventKind, Process

TASK_ENDED = "stegvis:task-ended"
"""The message that tells a called escalation that its late task is done or no longer needed; its key: the task's id."""


def escalation_sources(process: Process) -> Mapping[str, str]:
    """User tasks reached from a non-interrupting boundary timer of a user task, to that task.

    What the task's own outgoing flows reach as well is no escalation: it would be done anyway.
    """
    sources: dict[str, str] = {}
    for task_id, element_id in _behind_timers(process, "userTask"):
        sources.setdefault(element_id, task_id)
    return sources


def escalating_calls(process: Process) -> Mapping[str, tuple[str, ...]]:
    """Call activities reached from a non-interrupting boundary timer of a user task, to the tasks they escalate."""
    calls: dict[str, tuple[str, ...]] = {}
    for task_id, element_id in _behind_timers(process, "callActivity"):
        calls[element_id] = (*calls.get(element_id, ()), task_id)
    return calls


def _behind_timers(process: Process, wanted: str) -> Iterator[tuple[str, str]]:
    """Each user task with a non-interrupting boundary timer, and an element of the type `wanted` behind the timer."""
    for event in process.elements.values():
        if event.event is not EventKind.TIMER or event.attached_to is None or event.interrupting:
            continue
        task = process.elements.get(event.attached_to)
        if task is None or task.type != "userTask":
            continue
        behind = _reached(process, [event.id]) - _reached(process, [task.id])
        yield from ((task.id, found) for found in sorted(behind) if process.elements[found].type == wanted)


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
