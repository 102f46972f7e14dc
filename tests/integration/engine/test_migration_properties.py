"""Random populations moved along random changes of a diagram: every due time, draft, claim and variable is where it
was, or the instance is untouched and the reason names an element it stands at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from engine.store.schema import process_instance, subscription, timer, work_item
from engine.store.states import InstanceState, WorkItemState
from tests.bpmn_builder import (
    boundary,
    bpmn,
    catch,
    end,
    flows,
    message,
    message_def,
    multi,
    process,
    start,
    tag,
    user,
    zeebe,
)
from tests.bpmn_builder import timer as timer_def
from tests.harness import ANNA, BERTIL, Journey

KINDS = ("task", "guarded", "pair", "sub", "each", "pause", "message")
CHANGES = ("rename", "reid", "remove", "retype", "guard", "unguard", "before", "after", "swap")
ADDED = "P90D"


@dataclass(frozen=True)
class Block:
    """One step of the process, or a few that belong together; names are unique in a diagram."""

    kind: str
    id: str
    name: str
    guarded: bool = False
    added_guard: bool = False
    retyped: bool = False

    def waits(self) -> tuple[str, ...]:
        """The ids of the elements at which tokens of this block can wait."""
        return {"pair": (f"{self.id}a", f"{self.id}b"), "sub": (f"{self.id}i",)}.get(self.kind, (self.id,))


def work(id_: str, name: str, retyped: bool, *inside: str) -> str:
    """A task with a due date; retyped, one that only passes."""
    if retyped:
        return tag("manualTask", id=id_, name=name)
    more = zeebe("taskSchedule", dueDate='=now() + duration("P7D")')
    return user(id_, *inside, name=name, more=more)


def drawn(block: Block) -> tuple[str, str, str]:
    """The block in BPMN, and the ids it begins and ends with."""
    made, name = block.id, block.name
    if block.kind == "pause":
        return catch(made, timer_def("P20D"), name=name), made, made
    if block.kind == "message":
        return catch(made, message_def("m"), name=name), made, made
    if block.kind == "pair":
        parts = [
            tag("parallelGateway", id=f"{made}f", name=f"{name} f"),
            tag("parallelGateway", id=f"{made}j", name=f"{name} j"),
            work(f"{made}a", f"{name} a", block.retyped),
            work(f"{made}b", f"{name} b", block.retyped),
            flows(f"{made}f -> {made}a -> {made}j", f"{made}f -> {made}b -> {made}j"),
        ]
        return "".join(parts), f"{made}f", f"{made}j"
    if block.kind == "sub":
        inner = [
            start(f"{made}s"),
            work(f"{made}i", f"{name} i", block.retyped),
            end(f"{made}e"),
            flows(f"{made}s -> {made}i -> {made}e"),
        ]
        return tag("subProcess", *inner, id=made, name=name) + guard(block), made, made
    loop = (multi("[1, 2]", "i"),) if block.kind == "each" and not block.retyped else ()
    return work(made, name, block.retyped, *loop) + guard(block), made, made


def guard(block: Block) -> str:
    """The block's boundary timers."""
    parts = ""
    for wanted, suffix, duration in ((block.guarded, "t", "P10D"), (block.added_guard, "n", ADDED)):
        if wanted:
            made = f"{block.id}{suffix}"
            parts += boundary(made, block.id, timer_def(duration), cancel=False).replace(
                "<bpmn:boundaryEvent", f'<bpmn:boundaryEvent name="{block.name} {suffix}"', 1
            ) + flows(f"{made} -> slut")
    return parts


def diagram(blocks: list[Block]) -> bytes:
    """The whole file."""
    parts, previous = [start("s"), end("slut")], "s"
    for block in blocks:
        text, first, last = drawn(block)
        parts += [text, flows(f"{previous} -> {first}")]
        previous = last
    return bpmn(message("m", "klar", "=nyckel"), process("p", *parts, flows(f"{previous} -> slut")))


def changed(blocks: list[Block], changes: list[tuple[str, int]]) -> list[Block]:
    """The diagram after someone has worked on it."""
    found = list(blocks)
    for number, (change, where) in enumerate(changes):
        if not found:
            break
        at = where % len(found)
        block = found[at]
        if change == "remove":
            del found[at]
        elif change in ("before", "after"):
            found.insert(at + (change == "after"), Block("task", f"ny{number}", f"Ny {number}"))
        elif change == "swap":
            other = (at + 1) % len(found)
            found[at], found[other] = found[other], found[at]
        elif change == "rename":
            found[at] = replace(block, name=f"{block.name}!")
        elif change == "reid":
            found[at] = replace(block, id=f"r{number}{block.id}")
        elif change == "retype" and block.kind not in ("pause", "message"):
            found[at] = replace(block, retyped=True)
        elif change == "guard" and block.kind in ("task", "guarded", "sub", "each") and not block.retyped:
            found[at] = replace(block, added_guard=True)
        elif change == "unguard":
            found[at] = replace(block, guarded=False)
    return [
        replace(each, guarded=False, added_guard=False) if each.retyped and each.kind != "sub" else each
        for each in found
    ]


@dataclass(frozen=True)
class Facts:
    """What people and time have made of an instance."""

    row: tuple[Any, ...]
    items: dict[str, tuple[Any, ...]]
    timers: dict[str, Any]
    timer_elements: dict[str, str]
    subscriptions: dict[str, tuple[Any, ...]]
    variables: dict[str, Any]
    history: int
    waiting_at: frozenset[str]


def facts(journey: Journey, instance_id: str) -> Facts:
    """Everything a person would miss."""
    with journey.engine.database.reading() as reader:
        (row,) = reader.query(select(process_instance).where(process_instance.c.id == instance_id))
        items = reader.query(
            select(work_item).where(
                work_item.c.instance_id == instance_id, work_item.c.state == WorkItemState.OPEN.value
            )
        )
        timers = reader.query(select(timer).where(timer.c.instance_id == instance_id))
        subscriptions = reader.query(select(subscription).where(subscription.c.instance_id == instance_id))
    kept = ("due_at", "assignee", "assignee_name", "claimed_at", "draft", "draft_at", "created_at", "priority", "role")
    return Facts(
        tuple(row),
        {item.id: tuple(getattr(item, name) for name in kept) for item in items},
        {each.id: (each.due_at, each.turn, each.created_at) for each in timers},
        {each.id: each.element_id for each in timers},
        {each.id: (each.kind, each.name, each.key, each.seq) for each in subscriptions},
        journey.engine.queries.variables(instance_id),
        row.history_seq,
        frozenset(
            [item.element_id for item in items]
            + [each.element_id for each in timers if each.attached_to is None]
            + [each.element_id for each in subscriptions]
        ),
    )


def populate(journey: Journey, steps: list[list[int]]) -> list[str]:
    """Instances that have come different lengths, with claims, drafts and variables."""
    instances = []
    for number, path in enumerate(steps):
        instance = journey.start("p", nyckel=f"n{number}", tal=number)
        instances.append(instance)
        for step in path:
            items = journey.engine.queries.open_items(instance_id=instance)
            if not items:
                break
            journey.engine.complete(items[step % len(items)].id, {f"svar{step}": number}, actor=ANNA)
        journey.advance(f"PT{1 + number}H")
        for item in journey.engine.queries.open_items(instance_id=instance):
            if (number + len(path)) % 2:
                journey.engine.claim(item.id, actor=BERTIL)
                journey.engine.save_draft(item.id, {"utkast": number}, actor=BERTIL)
    return [each for each in instances if journey.state(each) is InstanceState.ACTIVE]


def standing(blocks: list[Block], waiting_at: frozenset[str]) -> list[tuple[Block, int]]:
    """The blocks in which an instance stands."""
    return [(block, at) for at, block in enumerate(blocks) if set(block.waits()) & waiting_at]


def can_move(block: Block, after: list[Block]) -> bool:
    """A plain reading of the promise: the block is found again by id or by name, and is what it was."""
    return any(
        (other.id == block.id or other.name == block.name) and other.kind == block.kind and not other.retyped
        for other in after
    )


def play_on(journey: Journey) -> None:
    """Carry all that runs to its end."""
    for _ in range(60):
        items = journey.items()
        for item in items:
            if item.id in {each.id for each in journey.items()}:
                journey.engine.complete(item.id, {}, actor=BERTIL if item.assignee == BERTIL.id else ANNA)
        for number in range(8):
            journey.correlate("klar", f"n{number}")
        if not items:
            if not any(running(journey)):
                return
            journey.advance("P21D")


def running(journey: Journey) -> Iterator[str]:
    """The instances that have not ended."""
    with journey.engine.database.reading() as reader:
        yield from (
            row[0] for row in reader.query(select(process_instance.c.id).where(process_instance.c.ended_at.is_(None)))
        )


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(KINDS), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 9)), min_size=1, max_size=5),
    st.lists(st.lists(st.integers(0, 5), max_size=5), min_size=1, max_size=5),
)
def test_everything_is_where_it_was_or_the_instance_is_untouched(
    kinds: list[str], changes: list[tuple[str, int]], steps: list[list[int]]
) -> None:
    # given a population on a diagram, and the diagram changed
    before = [Block(kind, f"x{at}", f"N{at}", guarded=kind == "guarded") for at, kind in enumerate(kinds)]
    after = changed(before, changes)
    with tempfile.TemporaryDirectory() as folder:
        journey = Journey.begin(Path(folder), files={"p.bpmn": diagram(before)})
        try:
            move_and_compare(journey, before, after, steps)
        finally:
            journey.engine.close()


def move_and_compare(journey: Journey, before: list[Block], after: list[Block], steps: list[list[int]]) -> None:
    instances = populate(journey, steps)
    if journey.publish({"p.bpmn": diagram(after)}) == 1:
        return
    was = {each: facts(journey, each) for each in instances}
    migrations = journey.engine.migrations
    plan = migrations.propose("p", 1).plan

    # when it is tried, then run
    preview = migrations.preview(plan)
    assert {each: facts(journey, each) for each in instances} == was
    done = migrations.carry_on(migrations.begin(plan, actor=BERTIL, reason="ny version"))

    # then each has moved whole, or stands whole
    assert (done.total, done.moved, done.refused) == (len(instances), preview.movable, preview.refused)
    assert done.reasons == preview.reasons
    refused = {instance for reason in done.reasons for instance in reason.instances}
    for instance in instances:
        now, earlier = facts(journey, instance), was[instance]
        stands = [block for block, _ in standing(before, earlier.waiting_at)]
        assert (instance not in refused) == all(can_move(block, after) for block in stands)
        if instance in refused:
            event("refused")
            assert now == earlier
            continue
        event("moved")
        assert journey.engine.queries.find_instance(instance).version == 2
        assert now.history > earlier.history
        assert (now.items, now.variables, now.subscriptions) == (
            earlier.items,
            earlier.variables,
            earlier.subscriptions,
        )
        gone = earlier.timers.keys() - now.timers.keys()
        let_go = {
            f"{block.id}t" for block in before if not any(found(block, other) and other.guarded for other in after)
        }
        assert {earlier.timer_elements[each] for each in gone} <= let_go
        assert all(now.timers[each] == earlier.timers[each] for each in earlier.timers.keys() - gone)
        for added in now.timers.keys() - earlier.timers.keys():
            assert now.timers[added][2] == journey.clock.now()
    assert journey.engine.verify() == []
    play_on(journey)
    assert list(running(journey)) == []
    assert journey.engine.verify() == []
    assert journey.incidents() == []


def found(block: Block, other: Block) -> bool:
    """Whether the new block is the old one."""
    return block.id == other.id or block.name == other.name
