"""Sound models of random shape with racing events, in random order: reopened between all commands or not, the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.clock import ManualClock
from engine.engine import Engine
from engine.store.states import InstanceState
from tests.bpmn_builder import (
    boundary,
    bpmn,
    call,
    catch,
    end,
    event_gateway,
    exclusive,
    flows,
    inclusive,
    message,
    message_def,
    parallel,
    process,
    script,
    start,
    subprocess,
    timer,
    user,
)
from tests.conformance.reopened import ANNA, MORNING
from tests.harness import new_database

LEAVES = ["task", "timed", "reminded", "told", "event", "call", "script"]
SHAPES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.tuples(
        st.sampled_from(["sequence", "parallel", "inclusive", "sub", "guarded sub"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
CALLED = process("called", start("cs"), user("cu"), script("ct", "n + 1", "n"), end("ce"), flows("cs->cu->ct->ce"))


@dataclass
class Block:
    """A part of a model with one way in and one way out."""

    parts: list[str]
    first: str
    last: str


class Model:
    """Builds a file from a shape; each element has its own id, each message its own name."""

    def __init__(self, shape: object) -> None:
        self.count = 0
        self.messages: list[str] = []
        body = self.block(shape)
        chain = flows(f"begin->{body.first}", f"{body.last}->finish")
        whole = process("p", start("begin"), *body.parts, end("finish"), chain)
        self.source = bpmn(*self.messages, whole, CALLED)

    def name(self, kind: str) -> str:
        """A new id."""
        self.count += 1
        return f"{kind}{self.count}"

    def message(self) -> str:
        """The definition of an event for a new message."""
        made = self.name("m")
        self.messages.append(message(made, made, "=k"))
        return message_def(made)

    def block(self, shape: object) -> Block:
        """The part of a model that a shape says."""
        if isinstance(shape, str):
            return self.leaf(shape)
        assert isinstance(shape, tuple)
        kind, inner = shape
        blocks = [self.block(each) for each in inner]
        parts = [part for each in blocks for part in each.parts]
        if kind == "sequence":
            parts += [flows(f"{one.last}->{other.first}") for one, other in pairwise(blocks)]
            return Block(parts, blocks[0].first, blocks[-1].last)
        if kind in ("parallel", "inclusive"):
            split, join = self.name("split"), self.name("join")
            gateway = parallel if kind == "parallel" else inclusive
            condition = "" if kind == "parallel" else " : true"
            parts += [gateway(split), gateway(join)]
            parts += [flows(f"{split}->{each.first}{condition}", f"{each.last}->{join}") for each in blocks]
            return Block(parts, split, join)
        sub, begin = self.name("sub"), self.name("start")
        parts += [start(begin), *(flows(f"{begin}->{each.first}") for each in blocks)]
        whole = subprocess(sub, *parts)
        return Block([whole], sub, sub) if kind == "sub" else self.guarded(whole, sub, self.message())

    def leaf(self, kind: str) -> Block:
        """A part without parts."""
        made = self.name("u")
        if kind == "task":
            return Block([user(made)], made, made)
        if kind == "script":
            return Block([script(made, "n + 1", "n")], made, made)
        if kind == "call":
            return Block([call(made, "called")], made, made)
        if kind == "timed":
            return self.guarded(user(made), made, timer("P2D"))
        if kind == "told":
            return self.guarded(user(made), made, self.message())
        if kind == "reminded":
            bound, reminder = self.name("b"), self.name("r")
            parts = [user(made), boundary(bound, made, timer(cycle="R2/P1D"), cancel=False), user(reminder)]
            return Block([*parts, flows(f"{bound}->{reminder}")], made, made)
        gateway, one, other, merge = (self.name(each) for each in ("g", "c", "c", "x"))
        parts = [event_gateway(gateway), catch(one, self.message()), catch(other, timer("P1D")), exclusive(merge)]
        return Block([*parts, flows(f"{gateway}->{one}->{merge}", f"{gateway}->{other}->{merge}")], gateway, merge)

    def guarded(self, activity: str, made: str, event: str) -> Block:
        """An activity that an event may interrupt; another task is then done in its place."""
        bound, instead, merge = (self.name(each) for each in ("b", "u", "x"))
        parts = [activity, boundary(bound, made, event), user(instead), exclusive(merge)]
        return Block([*parts, flows(f"{made}->{merge}", f"{bound}->{instead}->{merge}")], made, merge)


Use = Callable[[Callable[[Engine], Any]], Any]


def play(use: Use, source: bytes, choices: list[int]) -> tuple[list[str], dict[str, Any], list[tuple[str, int]]]:
    """Do whatever can be done next, by the choices, until all is done: what was completed, variables, how it ended."""
    use(lambda engine: engine.publish({"p.bpmn": source}, author="anna", note="test"))
    instance: str = use(lambda engine: engine.start("p", {"k": "1", "n": 0}))
    use(lambda engine: engine.start("p", {"k": "2", "n": 0}))
    for step in range(200):
        doable = use(lambda engine: possible(engine, instance))
        if not doable:
            break
        kind, identity = doable[choices[step % len(choices)] % len(doable)]
        use(lambda engine, kind=kind, identity=identity, step=step: act(engine, kind, identity, step))
        use(lambda engine: engine.run_until_idle())
    assert use(lambda engine: engine.queries.find_instance(instance)).state is InstanceState.COMPLETED
    assert use(lambda engine: engine.queries.incidents()).items == ()
    assert use(lambda engine: engine.verify()) == []
    instances = use(lambda engine: engine.queries.find_instances()).items
    states = sorted((each.process_id, each.state.value) for each in instances)
    return (
        use(lambda engine: engine.queries.completed(instance)),
        use(lambda engine: engine.queries.variables(instance)),
        [(f"{process_id} {state}", states.count((process_id, state))) for process_id, state in dict.fromkeys(states)],
    )


def possible(engine: Engine, instance: str) -> list[tuple[str, str]]:
    """What can be done for an instance and what it has called, in an order that its rows do not decide."""
    called = [row.id for row in engine.queries.find_instances().items if row.parent_id == instance]
    items = [item for each in (instance, *called) for item in engine.queries.open_items(instance_id=each)]
    found = sorted((item.element_id, item.created_at, item.id) for item in items)
    heard = sorted(each.name for each in engine.queries.subscriptions(instance_id=instance))
    wait = [("wait", "")] if engine.queries.timers(instance_id=instance).items else []
    return [*(("complete", each[-1]) for each in found), *(("tell", name) for name in heard), *wait]


def act(engine: Engine, kind: str, identity: str, step: int) -> None:
    """Do one thing."""
    if kind == "complete":
        engine.complete(identity, {"svar": step}, actor=ANNA)
    elif kind == "tell":
        engine.correlate(identity, "1", {"hort": step})
    else:
        engine.advance_to(max(engine.queries.timers().items[0].due_at, engine.clock.now()))


@contextmanager
def kept_open() -> Iterator[Use]:
    """One engine in memory for all commands."""
    with Engine.open("sqlite://", clock=ManualClock(MORNING)) as engine:
        yield lambda command: command(engine)


@contextmanager
def reopened() -> Iterator[Use]:
    """A new engine on a file for each command."""
    with TemporaryDirectory() as folder:
        url, clock = new_database(Path(folder)), ManualClock(MORNING)

        def use(command: Callable[[Engine], Any]) -> Any:
            with Engine.open(url, clock=clock) as engine:
                return command(engine)

        yield use


@settings(max_examples=40, deadline=None)
@given(SHAPES, st.lists(st.integers(0, 1_000), min_size=1, max_size=12))
def test_any_sound_model_comes_to_its_end_in_any_order_of_events(shape: object, choices: list[int]) -> None:
    with kept_open() as use:
        completed, _, _ = play(use, Model(shape).source, choices)

    assert completed.count("finish") == 1


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SHAPES, st.lists(st.integers(0, 1_000), min_size=1, max_size=12))
def test_reopening_the_store_between_all_commands_changes_nothing(shape: object, choices: list[int]) -> None:
    source = Model(shape).source
    with kept_open() as use:
        expected = play(use, source, choices)
    with reopened() as use:
        assert play(use, source, choices) == expected
