"""Every kind of start event starts its process, on a store reopened between commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import InvalidInput
from tests.bpmn_builder import (
    bpmn,
    condition_def,
    end,
    flows,
    message,
    message_def,
    process,
    signal,
    signal_def,
    start,
    timer,
    user,
)
from tests.conformance.reopened import Reopened

Store = Callable[..., Reopened]
SOURCE = bpmn(
    message("m", "Ny"),
    message("f", '="Ny" + "are"'),
    signal("sig", "Alarm"),
    process(
        "p",
        start("plain"),
        start("told", message_def("m")),
        start("named", message_def("f")),
        start("heard", signal_def("sig")),
        start("holds", condition_def("x > 10")),
        start("due", timer(cycle="R/P1M")),
        *(
            part
            for each in ("plain", "told", "named", "heard", "holds", "due")
            for part in (user(f"a_{each}"), end(f"e_{each}"), flows(f"{each}->a_{each}->e_{each}"))
        ),
    ),
)


def happen(run: Reopened, kind: str) -> None:
    """Let happen what starts the process there."""
    if kind == "plain":
        run.start("p", {"x": 1})
    elif kind == "told":
        run.correlate("Ny", "", {"x": 1})
    elif kind == "named":
        run.correlate("Nyare", "", {"x": 1})
    elif kind == "heard":
        run.signal("Alarm", {"x": 1})
    elif kind == "holds":
        assert run.do(lambda engine: engine.start_by_conditions({"x": 10})) == []
        assert run.do(lambda engine: engine.start_by_conditions({"y": 10})) == []
        run.do(lambda engine: engine.start_by_conditions({"x": 11}))
    else:
        run.pass_time(timedelta(days=31))


@pytest.mark.parametrize("kind", ["plain", "told", "named", "heard", "holds", "due"])
def test_each_kind_of_start_event_starts_the_process_there(store: Store, kind: str) -> None:
    run = store(SOURCE)

    happen(run, kind)

    assert run.tasks() == [f"a_{kind}"]
    (instance,) = run.ask(lambda engine: engine.queries.find_instances()).items
    assert run.done(instance.id) == [kind]
    assert ("x" in run.variables(instance.id)) == (kind != "due")


def test_a_process_without_plain_start_is_started_by_hand_where_one_says(store: Store) -> None:
    source = bpmn(message("m", "Ny"), process("q", start("s", message_def("m")), user("a"), end("e"), flows("s->a->e")))
    run = store(source)

    with pytest.raises(InvalidInput, match="start events: s"):
        run.start("q")
    run.do(lambda engine: engine.start("q", at="s"))
    with pytest.raises(InvalidInput):
        run.do(lambda engine: engine.start("q", at="a"))

    assert run.tasks() == ["a"]
