"""A harness that knows only docs/api.md runs the files of many tools: each runs, or is refused with findings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import StegvisError
from engine.findings import NotDeployable
from engine.protocols import Actor
from engine.store.states import InstanceState
from tests.conformance.foreign_models import MODELS, PLAIN, SEMANTIC, Foreign

ANNA = Actor("anna", "Anna")


def new_engine() -> Engine:
    return Engine.open("sqlite://", clock=ManualClock(datetime(2026, 1, 15, 8, tzinfo=UTC)))


def run(engine: Engine, instance: str) -> None:
    """Complete whatever task is open and let time pass, until nothing is left to do."""
    for _ in range(20):
        engine.advance("PT1H")
        for item in engine.queries.open_items(instance_id=instance)[:1]:
            engine.complete(item.id, {"ok": True}, actor=ANNA)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_a_foreign_model_runs_or_is_refused_with_findings(model: Foreign) -> None:
    with new_engine() as engine:
        findings = engine.check({"model.bpmn": model.source})["model.bpmn"]
        if model.refused:
            with pytest.raises(NotDeployable) as refused:
                engine.publish({"model.bpmn": model.source}, author="anna", note="first")
            assert model.refused in {finding.code for finding in refused.value.findings if finding.is_error}
            assert list(refused.value.findings) == findings
            assert engine.queries.definitions() == []
            return

        engine.publish({"model.bpmn": model.source}, author="anna", note="first")
        instance = engine.start(model.process, {"who": "anna"})
        run(engine, instance)

        assert engine.queries.incidents().items == ()
        assert engine.queries.find_instance(instance).state is InstanceState.COMPLETED
        assert " ".join(engine.queries.completed(instance)) == model.completes
        assert not model.warned or model.warned in {finding.code for finding in findings}


def test_a_message_flow_between_two_pools_of_one_file_starts_the_other() -> None:
    with new_engine() as engine:
        engine.publish({"model.bpmn": SEMANTIC.encode("latin-1")}, author="anna", note="first")
        engine.start("buyer")
        engine.run_until_idle()

        (shop,) = engine.queries.find_instances(process_id="shop").items
        run(engine, shop.id)

        assert engine.queries.completed(shop.id) == ["recv", "t", "e2"]


@pytest.mark.parametrize("name", ["order.bpmn", "order.bpmn20.xml", "folder/order.bpmn2"])
def test_a_file_is_bpmn_by_any_of_its_usual_endings(name: str) -> None:
    with new_engine() as engine:
        engine.publish({name: PLAIN.encode()}, author="anna", note="first")
        assert [each.process_id for each in engine.queries.definitions()] == ["p"]


def test_an_ending_in_capitals_is_refused_rather_than_left_unread() -> None:
    with new_engine() as engine, pytest.raises(StegvisError, match="small letters"):
        engine.publish({"ORDER.BPMN": PLAIN.encode()}, author="anna", note="first")


def test_documentation_is_not_published() -> None:
    with new_engine() as engine:
        (model,) = [each for each in MODELS if each.name == "documentation beside it"]
        engine.publish({"model.bpmn": model.source}, author="anna", note="first")
        with pytest.raises(StegvisError, match="only executable"):
            engine.start("q")
