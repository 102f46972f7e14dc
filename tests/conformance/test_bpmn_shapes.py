"""Shapes of legal files that other tools write, as models of our own: none of them is refused for its shape."""

from __future__ import annotations

import pytest

from engine.bpmn.check import check_one
from engine.bpmn.check.rules import ERROR

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
