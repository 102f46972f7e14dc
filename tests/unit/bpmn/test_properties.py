"""Sound models of random shape, run in random order: always to the end, every task as often as the shape says, and a
store-and-load at every step changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import ExecutionStatus, Process, TransitionKind, WaitKind
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


@dataclass
class Block:
    """A part of a model with one way in and one way out; `tasks` is how often user tasks in it are completed."""

    parts: list[str]
    first: str
    last: str
    tasks: int


class Names:
    """Gives each element its own id."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"


SHAPES = st.recursive(
    st.sampled_from(["task", "guarded", "script"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["sequence", "parallel", "sub"]), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["exclusive"]), st.lists(inner, min_size=1, max_size=3), st.integers(0, 2)),
        st.tuples(st.sampled_from(["inclusive"]), st.lists(inner, min_size=1, max_size=3), st.integers(1, 7)),
        st.tuples(st.sampled_from(["loop"]), inner, st.integers(1, 3)),
        st.tuples(st.sampled_from(["each"]), st.integers(0, 3), st.booleans()),
    ),
    max_leaves=7,
)


def build(shape: object, name: Names) -> Block:
    """The model of a shape."""
    if shape == "task":
        made = name("u")
        return Block([user(made)], made, made, 1)
    if shape == "guarded":
        made, bound = name("u"), name("b")
        return Block([user(made), boundary(bound, made, timer("P1D"), cancel=False)], made, made, 1)
    if shape == "script":
        made = name("s")
        return Block([script(made, "n + 1", "n")], made, made, 0)
    assert isinstance(shape, tuple)
    kind = shape[0]
    if kind == "each":
        made = name("e")
        loop = multi(f"for i in 1..{shape[1]} return i" if shape[1] else "[]", "i", made, "=i * 2", sequential=shape[2])
        return Block([user(made, loop)], made, made, shape[1])
    if kind == "loop":
        return _loop(build(shape[1], name), shape[2], name)
    blocks = [build(inner, name) for inner in shape[1]]
    parts = [part for block in blocks for part in block.parts]
    if kind == "sequence":
        parts += [flows(f"{a.last}->{b.first}") for a, b in pairwise(blocks)]
        return Block(parts, blocks[0].first, blocks[-1].last, sum(block.tasks for block in blocks))
    if kind == "sub":
        made, begin = name("sub"), name("start")
        parts += [start(begin), *(flows(f"{begin}->{block.first}") for block in blocks)]
        return Block([subprocess(made, *parts)], made, made, sum(block.tasks for block in blocks))
    split, join = name("split"), name("join")
    if kind == "parallel":
        parts += [parallel(split), parallel(join)]
        parts += [flows(f"{split}->{block.first}", f"{block.last}->{join}") for block in blocks]
        return Block(parts, split, join, sum(block.tasks for block in blocks))
    taken = [
        index == shape[2] % len(blocks) if kind == "exclusive" else bool(shape[2] & (1 << index))
        for index in range(len(blocks))
    ]
    gateway = exclusive if kind == "exclusive" else inclusive
    empty = name("skip")
    parts += [gateway(split, default=f"{split}->{empty}"), gateway(join), script(empty, "1", "skipped")]
    parts.append(flows(f"{split}->{empty}->{join}"))
    for block, holds in zip(blocks, taken, strict=True):
        parts.append(flows(f"{split}->{block.first} : {str(holds).lower()}", f"{block.last}->{join}"))
    return Block(parts, split, join, sum(block.tasks for block, holds in zip(blocks, taken, strict=True) if holds))


def _loop(inner: Block, turns: int, name: Names) -> Block:
    merge, count, split, begin, after = name("merge"), name("turn"), name("split"), name("zero"), name("after")
    parts = [
        *inner.parts,
        script(begin, "0", count),
        exclusive(merge),
        script(f"{count}s", f"{count} + 1", count),
        exclusive(split, default=f"{split}->{after}"),
        script(after, "1", "looped"),
        flows(
            f"{begin}->{merge}->{inner.first}",
            f"{inner.last}->{count}s->{split}->{after}",
            f"{split}->{merge} : {count} < {turns}",
        ),
    ]
    return Block(parts, begin, after, inner.tasks * turns)


def play(process_: Process, order: list[int], stored: bool) -> Driver:
    """Complete whatever waits in the given order until nothing does."""
    run = Driver(stored=stored).start(process=process_, variables={"n": 0})
    for step in range(400):
        waits = run.waits(kind=WaitKind.USER_TASK) or run.waits()
        if not waits:
            break
        wait = waits[order[step % len(order)] % len(waits)]
        assert wait.kind is WaitKind.USER_TASK, wait
        run.do(
            lambda execution, wait=wait, step=step: execution.complete(wait.id, {"svar": step, wait.element_id: step})
        )
    return run


@settings(max_examples=150, deadline=None)
@given(SHAPES, st.lists(st.integers(0, 1_000), min_size=1, max_size=12))
def test_any_sound_model_runs_to_its_end_in_any_order_stored_or_not(shape: object, order: list[int]) -> None:
    block = build(shape, Names())
    process_ = model(
        process(
            "p", start("begin"), end("finish"), *block.parts, flows(f"begin->{block.first}", f"{block.last}->finish")
        )
    ).processes["p"]
    memory, stored = (play(process_, order, kept) for kept in (False, True))
    for run in (memory, stored):
        assert run.status is ExecutionStatus.COMPLETED, run.waits()
        assert run.passed(TransitionKind.FAILED) == []
        assert run.passed().count("finish") == 1
        done = sum(
            each.kind is TransitionKind.COMPLETED and each.type == "userTask" and "svar" in each.changes
            for each in run.history
        )
        assert done == block.tasks
    assert memory.variables == stored.variables
    assert memory.history == stored.history
