"""Activities done several times: multi-instance, parallel or one after the other, and the standard loop.

The body is a token of the activity with `loop` in its memory; each instance is a token of the same activity inside it,
with its own variables: `loopCounter`, the item, and whatever the input mappings add.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from engine.bpmn.definitions import LoopDefinition
from engine.bpmn.effects import TransitionKind
from engine.bpmn.expressions import Problem
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.specs.jobs import whole_number
from engine.bpmn.token import Token
from engine.bpmn.variables import visible

MAX_INSTANCES: Final = 10_000


def begin(spec: ElementSpec, body: Token) -> bool | None:
    """Begin the instances; True when there is nothing to do.

    Raises:
        Problem: the collection, cardinality or condition cannot be evaluated.
    """
    loop = _loop(spec)
    if loop.is_standard:
        body.internal_data["loop"] = {"done": 0}
        return None if _goes_round_again(spec, body, before=True) else True
    items = _items(loop, body)
    memory: dict[str, Any] = {"items": items, "done": 0, "started": 0}
    if loop.output_collection is not None:
        memory["outputs"] = [None] * len(items)
    body.internal_data["loop"] = memory
    for _ in range(min(len(items), 1) if loop.sequential else len(items)):
        _start_next(spec, body)
    if items:
        return None
    _collect(loop, body)
    return True


def instance_done(spec: ElementSpec, token: Token, changes: Mapping[str, Any]) -> None:
    """An instance has come to its end: keep its output, then go on, or stop early.

    Raises:
        Problem: the output or a condition cannot be evaluated.
    """
    body, run, loop = token.container, token.workflow, _loop(spec)
    assert body is not None
    memory = body.internal_data["loop"]
    output = over = None
    if loop.output_element is not None and "outputs" in memory:
        output = loop.output_element.value(visible(token), run.environment)
    if loop.completion_condition is not None:
        results = _results_with(loop, memory, token, output)
        counts = _counts(body, memory["done"] + 1)
        over = loop.completion_condition.truth({**visible(token), **results, **counts}, run.environment)
    memory["done"] += 1
    if "outputs" in memory:
        memory["outputs"][token.data["loopCounter"] - 1] = output
    run.record(token, TransitionKind.COMPLETED, changes)
    for child in token.children:
        run.cancel_token(child)
    run.leave(token)
    if over:
        run.cancel_inside(body)
    elif not loop.is_standard and loop.sequential and memory["started"] < len(memory["items"]):
        _start_next(spec, body)


def emptied(spec: ElementSpec, body: Token) -> None:
    """No instance is left: go round again, or leave the activity.

    Raises:
        Problem: the loop's condition cannot be evaluated.
    """
    loop = _loop(spec)
    if loop.is_standard and _goes_round_again(spec, body, before=False):
        return
    _collect(loop, body)
    body.complete()


def _goes_round_again(spec: ElementSpec, body: Token, *, before: bool) -> bool:
    loop, run = _loop(spec), body.workflow
    done = body.internal_data["loop"]["done"]
    if loop.maximum is not None:
        most = whole_number(loop.maximum.value(visible(body), run.environment), "loopMaximum")
        if done >= most:
            return False
    if loop.loop_condition is not None and (loop.test_before or not before):
        variables = {**visible(body), "loopCounter": done}
        if not loop.loop_condition.truth(variables, run.environment):
            return False
    if loop.loop_condition is None and loop.maximum is None and not before:
        return False
    instance = run.place(spec, body)
    instance.data["loopCounter"] = done + 1
    instance.internal_data["locals"] = list(instance.data)
    return True


def _start_next(spec: ElementSpec, body: Token) -> None:
    loop, memory = _loop(spec), body.internal_data["loop"]
    number = memory["started"]
    memory["started"] = number + 1
    instance = body.workflow.place(spec, body)
    instance.data["loopCounter"] = number + 1
    if loop.element_variable is not None:
        instance.data[loop.element_variable] = memory["items"][number]
    name = _local_output(loop)
    if name is not None:
        instance.data.setdefault(name, None)
    instance.internal_data["locals"] = list(instance.data)


def _local_output(loop: LoopDefinition) -> str | None:
    """The variable that the output element is read from is local to each instance, so that instances do not collide."""
    if loop.output_element is None:
        return None
    name = loop.output_element.text.split(".")[0].strip()
    return name if name.isidentifier() else None


def _items(loop: LoopDefinition, body: Token) -> list[Any]:
    run = body.workflow
    if loop.collection is not None:
        items = run.evaluate(loop.collection, body)
        if not isinstance(items, list):
            raise Problem("WRONG_TYPE", f"the collection {loop.collection.text!r} is not a list but {items!r}")
    else:
        assert loop.cardinality is not None
        count = whole_number(run.evaluate(loop.cardinality, body), "the number of instances")
        if count < 0:
            raise Problem("WRONG_TYPE", f"the number of instances cannot be {count}")
        if count > MAX_INSTANCES:
            raise Problem("TOO_MANY_INSTANCES", f"{count} instances; at most {MAX_INSTANCES} are started")
        items = list(range(1, count + 1))
    if len(items) > MAX_INSTANCES:
        raise Problem("TOO_MANY_INSTANCES", f"{len(items)} instances; at most {MAX_INSTANCES} are started")
    return items


def _counts(body: Token, done: int) -> Mapping[str, Any]:
    memory = body.internal_data["loop"]
    if "items" not in memory:
        return {"numberOfCompletedInstances": done}
    return {
        "numberOfInstances": len(memory["items"]),
        "numberOfActiveInstances": memory["started"] - done,
        "numberOfCompletedInstances": done,
        "numberOfTerminatedInstances": 0,
    }


def _results_with(loop: LoopDefinition, memory: dict[str, Any], token: Token, output: Any) -> Mapping[str, Any]:
    """The outputs there are once this instance's is among them; the condition may still fail, so nothing is kept."""
    if loop.output_collection is None:
        return {}
    results = list(memory["outputs"])
    results[token.data["loopCounter"] - 1] = output
    return {loop.output_collection: [each for each in results if each is not None]}


def _collect(loop: LoopDefinition, body: Token) -> None:
    if loop.output_collection is not None:
        body.internal_data["result"] = {loop.output_collection: body.internal_data["loop"]["outputs"]}


def _loop(spec: ElementSpec) -> LoopDefinition:
    assert spec.loop is not None
    return spec.loop
