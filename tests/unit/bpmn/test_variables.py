"""What a result changes, and how the changes of two branches are put together."""

from typing import Any

import pytest

from engine.bpmn import TransitionKind
from tests.bpmn_builder import end, flows, parallel, process, start, user
from tests.bpmn_driver import Driver


@pytest.mark.parametrize(
    ("base", "first", "second", "merged"),
    [
        (1, 2, 1, 2),
        (1, 1, 2, 2),
        (1, 2, 3, 3),
        ({"a": 1}, {"a": 2}, {"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 2, "b": 1}, {"a": 1, "c": 1}, {"a": 2, "b": 1, "c": 1}),
        ({"a": 1, "b": 1}, {"a": 1}, {"a": 2, "b": 1}, {"a": 2}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}, {"a": {"b": 1, "c": 2}}, {"a": {"b": 2, "c": 2}}),
        ({"a": True}, {"a": 1}, {"a": True}, {"a": 1}),
        ([1], [1, 2], [1], [1, 2]),
        ([1], [1, 2], [1, 3], [1, 3]),
        ({"a": 1}, "text", {"a": 1}, "text"),
        (None, {"a": 1}, None, {"a": 1}),
        (None, {"a": 1}, {"b": 1}, {"b": 1}),
    ],
)
def test_two_branches_are_merged_against_what_both_began_with(
    run: Driver, base: Any, first: Any, second: Any, merged: Any
) -> None:
    run.start(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            user("b"),
            parallel("j"),
            end("e"),
            flows("s->f->a->j->e", "f->b->j"),
        ),
        variables={"x": base},
    )
    run.complete("a", {"x": first}).complete("b", {"x": second})
    assert run.variables == {"x": merged}
    assert repr(run.variables) == repr({"x": merged})


def test_the_history_tells_what_has_changed_and_only_that(run: Driver) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a")), variables={"x": 1, "y": 1}).set(x=2, y=1)
    run.complete("a", {"x": 2, "y": 3, "z": None})
    changes = {(each.element_id, each.kind): dict(each.changes) for each in run.history if each.changes}
    assert changes == {
        ("p", TransitionKind.ENTERED): {"x": 1, "y": 1},
        ("p", TransitionKind.CHANGED): {"x": 2},
        ("a", TransitionKind.COMPLETED): {"y": 3, "z": None},
    }


def test_who_is_given_variables_cannot_change_what_the_process_has(run: Driver) -> None:
    run.start(process("p", start("s"), user("a"), end("e"), flows("s->a->e")), variables={"x": {"y": [1, {"z": 2}]}})

    given = run.variables
    given["x"]["y"][1]["z"] = 3
    given["x"]["y"].append(4)

    assert run.variables == {"x": {"y": [1, {"z": 2}]}}
