"""Runs of random models moved along random changes: a moved run keeps all it waits for, comes to its end without an
incident and does nothing twice; a refused one stands as it stood."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import event, given, settings
from hypothesis import strategies as st

from engine.bpmn import Process, TimerDetail, TransitionKind, WaitKind
from engine.bpmn.migrate import Crossing
from engine.bpmn.obstacles import NotMigratable
from engine.bpmn.pairing import propose
from tests.bpmn_builder import (
    boundary,
    end,
    exclusive,
    flows,
    inclusive,
    multi,
    parallel,
    process,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.bpmn_driver import Driver, model

LEAVES = ("task", "guarded", "task", "each", "script")
BRANCHES = ("sequence", "parallel", "exclusive", "inclusive", "sub", "parallel")
EDITS = (
    "remove",
    "before",
    "after",
    "beside",
    "within",
    "swap",
    "guard",
    "unwrap",
    "parallel",
    "exclusive",
    "sequence",
)


@dataclass
class Node:
    """A part of a model: a leaf, or a branch with parts inside; the label makes its ids."""

    kind: str
    label: str
    inside: list[Node] = field(default_factory=list)
    guarded: bool = False

    def copy(self) -> Node:
        return Node(self.kind, self.label, [each.copy() for each in self.inside], self.guarded)

    def all(self) -> list[Node]:
        return [self, *(inner for each in self.inside for inner in each.all())]


def shapes() -> st.SearchStrategy[object]:
    return st.recursive(
        st.sampled_from(LEAVES),
        lambda inner: st.tuples(st.sampled_from(BRANCHES), st.lists(inner, min_size=2, max_size=3)),
        max_leaves=7,
    )


def labelled(shape: object, numbers: itertools.count[int]) -> Node:
    label = f"x{next(numbers)}"
    if isinstance(shape, str):
        return Node(shape, label, guarded=shape == "guarded")
    assert isinstance(shape, tuple)
    return Node(shape[0], label, [labelled(each, numbers) for each in shape[1]])


def edited(root: Node, edits: list[tuple[str, int]]) -> Node:
    """The model after someone has worked on it."""
    root = Node("sequence", "root", [root.copy()])
    for number, (edit, where) in enumerate(edits):
        places = [(parent, at) for parent in root.all() for at in range(len(parent.inside))]
        if not places:
            break
        parent, at = places[where % len(places)]
        node, new = parent.inside[at], Node("task", f"n{number}")
        if edit == "remove":
            del parent.inside[at]
        elif edit in ("before", "after"):
            parent.inside[at] = Node("sequence", f"w{number}", [new, node] if edit == "before" else [node, new])
        elif edit == "beside":
            parent.inside[at] = Node("parallel", f"w{number}", [node, new])
        elif edit == "within":
            parent.inside[at] = Node("sub", f"w{number}", [node])
        elif edit == "swap":
            other = (at + 1) % len(parent.inside)
            parent.inside[at], parent.inside[other] = parent.inside[other], parent.inside[at]
        elif edit == "guard":
            node.guarded = not node.guarded
        elif edit == "unwrap":
            parent.inside[at : at + 1] = node.inside or [node]
        elif node.inside and node.kind != "sub":
            node.kind = edit
    return root


def built(node: Node) -> tuple[list[str], str, str]:
    """The node in BPMN, and the ids it begins and ends with."""
    made = node.label
    if node.kind in ("task", "guarded", "each"):
        loop = (multi("[1, 2]", "i"),) if node.kind == "each" else ()
        parts = [user(made, *loop)]
        if node.guarded:
            parts += [boundary(f"{made}t", made, timer("P1D"), cancel=False)]
        return parts, made, made
    if node.kind == "script" or (not node.inside and node.kind != "sub"):
        return [script(made, "1", f"v{made}")], made, made
    blocks = [built(each) for each in node.inside]
    parts = [part for block in blocks for part in block[0]]
    if node.kind == "sequence":
        parts += [flows(f"{a[2]} -> {b[1]}") for a, b in pairwise(blocks)]
        return parts, blocks[0][1], blocks[-1][2]
    if node.kind == "sub":
        path = [f"{made}s", *(each for block in blocks for each in (block[1], block[2]))]
        links = [flows(f"{path[0]} -> {path[1]}")] if blocks else []
        links += [flows(f"{a[2]} -> {b[1]}") for a, b in pairwise(blocks)]
        return [subprocess(made, start(f"{made}s"), *parts, *links)], made, made
    split, join = f"{made}f", f"{made}j"
    if node.kind == "parallel":
        parts += [parallel(split), parallel(join)]
        parts += [flows(f"{split} -> {block[1]}", f"{block[2]} -> {join}") for block in blocks]
        return parts, split, join
    gateway, empty = (exclusive if node.kind == "exclusive" else inclusive), f"{made}o"
    parts += [gateway(split, default=f"{split}->{empty}"), gateway(join), script(empty, "1", "skipped")]
    parts.append(flows(f"{split} -> {empty} -> {join}"))
    for number, block in enumerate(blocks):
        taken = node.kind == "inclusive" or number == 0
        parts.append(flows(f"{split} -> {block[1]} : {str(taken).lower()}", f"{block[2]} -> {join}"))
    return parts, split, join


def drawn(root: Node) -> Process:
    parts, first, last = built(root)
    return model(process("p", start("s"), end("e"), *parts, flows(f"s -> {first}", f"{last} -> e"))).processes["p"]


def play(run: Driver, order: list[int], steps: int) -> None:
    """Complete what waits, in the given order; a reminder comes now and then."""
    for step in range(steps):
        waits = run.waits()
        if not waits:
            return
        wait = waits[order[step % len(order)] % len(waits)]
        assert wait.kind in (WaitKind.USER_TASK, WaitKind.TIMER), wait
        if isinstance(wait.detail, TimerDetail):
            run.fire(wait.element_id) if len(run.waits(wait.element_id)) == 1 else run.do(
                lambda execution, wait=wait: execution.fire(wait.id)
            )
        else:
            run.do(lambda execution, wait=wait, step=step: execution.complete(wait.id, {f"svar{step}": step}))


def most(root: Node) -> Counter[str]:
    """How often each task may be done at most."""
    return Counter({node.label: 2 if node.kind == "each" else 1 for node in root.all() if node.kind != "script"})


@settings(max_examples=300, deadline=None)
@given(
    shapes(),
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 50)), min_size=1, max_size=4),
    st.lists(st.integers(0, 50), min_size=1, max_size=10),
    st.integers(0, 5),
)
def test_a_moved_run_keeps_what_it_waits_for_and_comes_to_its_end(
    shape: object, edits: list[tuple[str, int]], order: list[int], steps: int
) -> None:
    # given a run somewhere in the old model
    root = Node("sequence", "root", [labelled(shape, itertools.count(1))])
    changed = edited(root.inside[0], edits)
    old, new = drawn(root), drawn(changed)
    run = Driver(stored=False).start(process=old)
    play(run, order, steps)
    if not run.execution.waits:
        return
    snapshot, waits = run.execution.dump(), {wait.id: wait for wait in run.execution.waits}

    # when it is moved
    crossing = Crossing(old, new, {pair.source: pair.target for pair in propose(old, new)})
    try:
        moved = crossing.migrate(snapshot, run.services)
    except NotMigratable as refusal:
        for each in refusal.obstacles:
            event(each.code.value)
        assert run.execution.dump() == snapshot
        return
    event("moved")
    run.process, run.execution = new, moved.execution
    run.history += moved.execution.take_transitions()

    # then it waits for the same and for what was added, and comes to its end
    now = {wait.id: wait for wait in run.execution.waits}
    for wait_id in waits.keys() - now.keys():
        assert waits[wait_id].element_id in moved.ended
    for wait_id in waits.keys() & now.keys():
        assert now[wait_id] == waits[wait_id]
    assert {now[each].element_id for each in now.keys() - waits.keys()} <= {*moved.began, *_tasks(changed)}
    play(run, order, 200)
    assert run.is_done, run.waiting
    if "swap" not in {edit for edit, _ in edits}:  # what has been done and now lies ahead is done again
        limit = most(changed) | most(root)
        done = Counter(element for element in run.passed() if element in limit)
        assert all(count <= limit[element] + (limit[element] > 1) for element, count in done.items()), done
    assert not run.passed(TransitionKind.FAILED)


def _tasks(root: Node) -> list[str]:
    return [node.label for node in root.all()]
