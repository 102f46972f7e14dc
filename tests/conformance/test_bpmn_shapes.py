"""Shapes of legal files that other tools write, as models of our own: none is refused, and each runs as BPMN says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.check import check_one
from engine.bpmn.check.rules import ERROR
from engine.store.states import InstanceState
from tests.bpmn_builder import (
    TERMINATE,
    boundary,
    bpmn,
    call,
    end,
    exclusive,
    flows,
    message,
    message_def,
    multi,
    parallel,
    process,
    start,
    subprocess,
    timer,
    user,
)
from tests.harness import ANNA, Journey

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BODY = '<startEvent id="s" name="S"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e" name="E"/>'


def errors(process: str, root: str = "") -> list[tuple[str, str | None]]:
    source = (
        f'<definitions xmlns="{BPMN}" xmlns:t="urn:tool" targetNamespace="x">{root}'
        f'<process id="p" isExecutable="true">{process}</process></definitions>'
    )
    return [(each.code, each.element) for each in check_one(source.encode()) if each.severity is ERROR]


@pytest.mark.parametrize(
    "root",
    [
        '<interface id="i" name="I"><operation id="o" name="O"><inMessageRef>m</inMessageRef></operation></interface>'
        '<message id="m" name="M"/><collaboration id="c"><participant id="a" name="A" processRef="p">'
        "<interfaceRef>i</interfaceRef><endPointRef>x</endPointRef></participant></collaboration>"
        '<endPoint id="x"/>',
        '<category id="k"><categoryValue id="v" value="V"/></category>',
        '<globalConversation id="g"/>',
    ],
    ids=["interface of a participant", "categories", "global conversation"],
)
def test_what_stands_beside_the_process_without_effect_is_let_be(root: str) -> None:
    assert errors(BODY, root) == []


def test_a_tools_own_settings_may_forget_to_name_their_namespace() -> None:
    settings = (
        '<extensionElements><t:settings><grid size="15"/><t:ruler><mark/></t:ruler></t:settings></extensionElements>'
    )

    assert errors(settings + BODY) == []


def test_a_step_that_is_written_among_a_tools_settings_is_still_told() -> None:
    settings = '<extensionElements><t:settings><task id="hidden" name="H"/></t:settings></extensionElements>'

    assert ("MISPLACED_ELEMENT", "hidden") in errors(settings + BODY)


# --- shapes that many engines get wrong -------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Journey]:
    def begin(*parts: str, **variables: Any) -> Journey:
        journey = Journey.begin(tmp_path, files={"f.bpmn": bpmn(*parts)})
        journey.start("p", variables)
        return journey

    return begin


def first(journey: Journey, element: str, **answers: Any) -> None:
    """Complete the oldest open task of an element."""
    item = next(item for item in journey.items() if item.element_id == element)
    journey.engine.complete(item.id, answers, actor=ANNA)
    journey.engine.run_until_idle()


def open_elements(journey: Journey) -> list[str]:
    return sorted(item.element_id for item in journey.items())


def test_terminate_ends_one_instance_of_a_repeated_sub_process(run: Callable[..., Journey]) -> None:
    inner = (
        start("s2"),
        user("u"),
        exclusive("g", default="g->e2"),
        end("e2"),
        end("stop", TERMINATE),
        flows("s2->u->g", "g->stop : stop = true", "g->e2"),
    )
    journey = run(
        process("p", start("s"), subprocess("sp", multi("items"), *inner), user("z"), end("e"), flows("s->sp->z->e")),
        items=[1, 2, 3],
    )
    first(journey, "u", stop=True)
    assert open_elements(journey) == ["u", "u"]
    first(journey, "u", stop=False)
    first(journey, "u", stop=False)
    assert open_elements(journey) == ["z"]
    journey.assert_sound()


def test_a_message_interrupts_only_the_instance_whose_item_is_its_key(run: Callable[..., Journey]) -> None:
    handler = subprocess("es", start("ms", message_def("M")), user("h"), end("eh"), flows("ms->h->eh"), event=True)
    repeated = subprocess("sp", multi("items", "it"), start("s2"), user("u"), end("e2"), flows("s2->u->e2"), handler)
    journey = run(
        message("M", "m", "=it"), process("p", start("s"), repeated, end("e"), flows("s->sp->e")), items=["a", "b"]
    )
    journey.correlate("m", "b")
    assert open_elements(journey) == ["h", "u"]
    first(journey, "h")
    first(journey, "u")
    assert journey.state() is InstanceState.COMPLETED


def test_a_token_that_came_beside_a_parallel_join_is_not_counted_in_it(run: Callable[..., Journey]) -> None:
    journey = run(
        message("M", "m", '="k"'),
        process(
            "p",
            start("s"),
            parallel("i"),
            user("a"),
            user("b"),
            boundary("bb", "a", message_def("M"), cancel=False),
            user("c"),
            parallel("j"),
            user("z"),
            end("e"),
            flows("s->i", "i->a->j", "i->b->j", "bb->c->e", "j->z->e"),
        ),
    )
    journey.correlate("m", "k")
    for element in ("a", "b"):
        first(journey, element)
    assert open_elements(journey) == ["c", "z"]
    first(journey, "z")
    assert journey.state() is InstanceState.ACTIVE
    first(journey, "c")
    assert journey.state() is InstanceState.COMPLETED


def test_a_boundary_on_a_call_takes_away_everything_called_below_it(run: Callable[..., Journey]) -> None:
    journey = run(
        message("M", "m", '="k"'),
        process("low", start("ls"), user("lu"), end("le"), flows("ls->lu->le")),
        process("mid", start("cs"), call("cc", "low"), end("ce"), flows("cs->cc->ce")),
        process(
            "p",
            start("s"),
            call("ca", "mid"),
            boundary("b", "ca", message_def("M")),
            user("h"),
            end("e"),
            flows("s->ca->e", "b->h->e"),
        ),
    )
    assert open_elements(journey) == ["lu"]
    journey.correlate("m", "k")
    assert open_elements(journey) == ["h"]
    journey.assert_sound()


def test_a_timer_on_a_task_that_is_done_again_counts_from_then(run: Callable[..., Journey]) -> None:
    journey = run(
        process(
            "p",
            start("s"),
            user("u"),
            boundary("b", "u", timer("PT1H"), cancel=False),
            user("reminder"),
            exclusive("g", default="g->e"),
            end("e"),
            end("er"),
            flows("s->u->g", "g->u : again = true", "g->e", "b->reminder->er"),
        )
    )
    journey.advance("PT30M")
    first(journey, "u", again=True)
    journey.advance("PT45M")
    assert open_elements(journey) == ["u"]
    journey.advance("PT15M")
    assert open_elements(journey) == ["reminder", "u"]
