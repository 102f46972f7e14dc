"""Snapshots: versioned, small, constant in history, exact for every FEEL value; damaged ones are refused."""

from decimal import Decimal

import pytest

from engine.bpmn import Execution, SnapshotMismatch
from engine.feel import DaysTimeDuration, FeelDate, FeelDateTime, FeelRange, FeelTime, YearsMonthsDuration
from tests.bpmn_builder import boundary, end, flows, multi, parallel, process, script, start, timer, user
from tests.bpmn_driver import Driver

VALUES = {
    "text": "åäö \u0000 \U0001f600",
    "tal": 2**70,
    "decimal": Decimal("0.1"),
    "datum": FeelDate(2026, 1, 31),
    "tid": FeelTime(9, 30, 0, 5, None, "Europe/Stockholm"),
    "stund": FeelDateTime(FeelDate(2026, 1, 31), FeelTime(9, 0, 0, 0, 3600)),
    "dagar": DaysTimeDuration(5),
    "månader": YearsMonthsDuration(-3),
    "spann": FeelRange(1, True, Decimal("2.5"), False),
    "lista": [None, True, [], {}, {"a": [FeelDate(2026, 1, 1)]}],
}


def test_every_value_comes_back_as_it_was() -> None:
    run = Driver(stored=True).start(process("p", start("s"), user("a"), user("b"), flows("s->a->b")), variables=VALUES)
    run.complete("a", {"igen": VALUES})
    assert run.variables == {**VALUES, "igen": VALUES}
    for name, value in run.variables.items():
        assert name == "igen" or type(value) is type(VALUES[name])


def test_a_snapshot_of_a_journey_instance_is_small() -> None:
    variables = {f"variabel_{n}": {"namn": f"värde {n}", "datum": "2026-01-31", "belopp": n} for n in range(40)}
    run = Driver(stored=False).start(
        process(
            "p",
            start("s"),
            parallel("f"),
            *(user(f"u{n}") for n in range(6)),
            *(boundary(f"t{n}", f"u{n}", timer(cycle="R/P1D"), cancel=False) for n in range(6)),
            flows(*(f"s->f->u{n}" if n == 0 else f"f->u{n}" for n in range(6))),
        ),
        variables=variables,
    )
    assert len(run.waiting) == 12
    assert len(run.execution.dump()) < 3_000


def test_concurrent_changes_leave_a_journal_only_as_long_as_someone_waits_who_may_have_read_before() -> None:
    loop = ("s->f->a", "f->b", "a->n->a")
    run = Driver(stored=True).start(
        process("p", start("s"), parallel("f"), user("a"), script("n", "n + 1", "n"), user("b"), flows(*loop)),
        variables={"n": 0, "b": 0},
    )
    sizes = []
    for _ in range(30):
        run.complete("a")
        sizes.append(len(run.execution.dump()))
    assert max(sizes[1:]) - min(sizes[1:]) <= 4
    run.complete("b", {"n": 0, "b": 1})
    assert run.variables == {"n": 30, "b": 1}


def test_a_thousand_parallel_instances_are_stored_and_loaded() -> None:
    run = Driver(stored=True).start(
        process(
            "p", start("s"), user("a", multi("for i in 1..1000 return i", "i", "ut", "=i")), end("e"), flows("s->a->e")
        )
    )
    assert len(run.waits("a")) == 1_000
    run.complete("a", nth=999).complete("a")
    assert len(run.waits("a")) == 998


def test_what_has_ended_keeps_its_variables_and_nothing_else() -> None:
    run = Driver(stored=True).start(process("p", start("s"), user("a"), flows("s->a")), variables={"x": 1})
    run.complete("a", {"y": 2})
    assert run.is_done
    assert run.variables == {"x": 1, "y": 2}
    assert len(run.execution.dump()) < 150


@pytest.mark.parametrize(
    "damage",
    [
        lambda good: b"",
        lambda good: b"SV",
        lambda good: b"XX" + good[2:],
        lambda good: good[:2] + b"\x63" + good[3:],
        lambda good: good[:-1],
        lambda good: good[:4] + b"[]",
        lambda good: good[:4] + b"{}",
        lambda good: good[:4] + b'["p","active",0,[],[[1,2]]]',
        lambda good: good[:4] + b'["p","nonsense",0,[],[["x",-1,"p",32,0,0,0]]]',
        lambda good: good[:3] + b"\x02" + good[4:],
        lambda good: good[:3] + b"\x01" + b'[{"$feel":["nonsense",1]}]',
    ],
)
def test_damaged_bytes_are_refused(damage: object) -> None:
    run = Driver(stored=False).start(process("p", start("s"), user("a"), flows("s->a")))
    with pytest.raises(SnapshotMismatch):
        Execution.load(run.process, damage(run.execution.dump()), run.services)  # type: ignore[operator]


def test_a_snapshot_of_another_process_or_a_lost_element_is_refused() -> None:
    run = Driver(stored=False).start(process("p", start("s"), user("a"), flows("s->a")))
    snapshot = run.execution.dump()
    other = Driver(stored=False).start(process("q", start("s"), user("a"), flows("s->a")))
    with pytest.raises(SnapshotMismatch, match="'p'"):
        Execution.load(other.process, snapshot, run.services)
    changed = Driver(stored=False).start(process("p", start("s"), user("b"), flows("s->b")))
    with pytest.raises(SnapshotMismatch) as caught:
        Execution.load(changed.process, snapshot, run.services)
    assert caught.value.element == "a"
