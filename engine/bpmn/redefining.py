"""What a waiting element takes from its new version: only what the diagram says otherwise now, evaluated today."""

from __future__ import annotations

from engine.bpmn.definitions import EventKind
from engine.bpmn.pairing import shown
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.events import ThrowSpec
from engine.bpmn.specs.subscriptions import name_of
from engine.bpmn.specs.tasks import JobSpec, UserTaskSpec
from engine.bpmn.token import Token
from engine.bpmn.variables import visible


def redefine(old: ElementSpec, moved: Token) -> None:
    """Give the waiting token the form, job type or message name of its new version, where the two versions differ.

    Raises:
        Problem: the new field cannot be evaluated.
    """
    wait = moved.internal_data.get("wait")
    if wait == "user_task":
        _form(old, moved)
    elif wait == "job":
        _job_type(old, moved)
    elif wait in ("message", "signal"):
        _event_name(old, moved, wait)


def _form(old: ElementSpec, moved: Token) -> None:
    new = moved.task_spec
    assert isinstance(old, UserTaskSpec)
    assert isinstance(new, UserTaskSpec)
    form = new.definition.form_id
    if shown(old.definition.form_id) == shown(form):
        return
    memory = {**moved.internal_data["user_task"]}
    memory.pop("form", None)
    if form is not None:
        memory["form"] = form.text(visible(moved), moved.workflow.environment, "formId")
    moved.internal_data["user_task"] = memory


def _job_type(old: ElementSpec, moved: Token) -> None:
    new = moved.task_spec
    assert isinstance(old, JobSpec | ThrowSpec)
    assert isinstance(new, JobSpec | ThrowSpec)
    if old.job is None or new.job is None or old.job.type.shown == new.job.type.shown:
        return
    made = new.job.type.text(visible(moved), moved.workflow.environment, "type")
    moved.internal_data["job"] = {**moved.internal_data["job"], "type": made}


def _event_name(old: ElementSpec, moved: Token, kind: str) -> None:
    event = moved.task_spec.event
    assert old.event is not None
    assert event is not None
    assert event.kind in (EventKind.MESSAGE, EventKind.SIGNAL)
    if shown(old.event.name) == shown(event.name):
        return
    name = name_of(event, visible(moved), moved.workflow)
    moved.internal_data[kind] = {**moved.internal_data[kind], "name": name}
