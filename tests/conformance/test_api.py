"""The API as docs/api.md tells it: the page's own examples, run as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from engine.clock import ManualClock, SystemClock
from engine.engine import Engine
from engine.errors import InvalidInput, SchemaMismatch
from engine.findings import NotDeployable
from engine.handlers import BpmnError, HandlerRegistry
from engine.protocols import Actor
from engine.store.states import InstanceState, MessageState
from tests.bpmn_builder import (
    boundary,
    bpmn,
    catch,
    end,
    error,
    error_def,
    flows,
    message,
    message_def,
    process,
    service,
    start,
    timer,
    user,
)

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
ANNA = Actor("anna", "Anna")
MORNING = datetime(2026, 1, 15, 8, tzinfo=UTC)
ORDER = bpmn(
    process(
        "order",
        start("start"),
        user("approve"),
        catch("wait", timer("P2D")),
        end("end"),
        flows("start->approve->wait->end"),
    )
)
WORK = bpmn(
    error("e", "TOO_MUCH"),
    process(
        "work",
        start("start"),
        service("charge", type_="charge"),
        boundary("refused", "charge", error_def("e")),
        service("ship", type_="ship"),
        end("end"),
        end("asked"),
        flows("start->charge->ship->end", "refused->asked"),
    ),
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MORNING)


@pytest.fixture
def engine(clock: ManualClock) -> Iterator[Engine]:
    with Engine.open("sqlite://", clock=clock) as opened:
        yield opened


def printed(example: str, names: dict[str, Any]) -> str:
    """What an example of the page prints."""
    out = StringIO()
    with redirect_stdout(out):
        exec(compile(example, str(PAGE), "exec"), names)
    return out.getvalue()


def test_the_ten_line_example_runs_a_model_and_prints_what_the_page_says() -> None:
    (answer,) = re.findall(r"```text\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    assert len(EXAMPLES[0].split("\n\n")[1].splitlines()) <= 10
    assert printed(EXAMPLES[0], {"source": ORDER}) == answer


def test_the_example_of_publishing_prints_findings(engine: Engine) -> None:
    lines = printed(EXAMPLES[1], {"engine": engine, "source": ORDER}).splitlines()

    assert lines
    assert all(line.startswith("warning ") for line in lines)
    assert engine.queries.versions("order")[0].version == 1


@pytest.mark.parametrize(("amount", "finished"), [(10, "end"), (5000, "asked")])
def test_the_examples_of_jobs_work(clock: ManualClock, amount: int, finished: str) -> None:
    names: dict[str, Any] = {
        "HandlerRegistry": HandlerRegistry,
        "BpmnError": BpmnError,
        "Engine": Engine,
        "clock": clock,
        "timedelta": timedelta,
    }
    printed(EXAMPLES[2], names)
    names["handlers"].external("ship")
    with names["engine"] as engine:
        engine.publish({"work.bpmn": WORK}, author="anna", note="first")
        instance = engine.start("work", {"amount": amount})
        engine.run_until_idle()
        printed(EXAMPLES[3], names)

        assert engine.queries.find_instance(instance).state is InstanceState.COMPLETED
        assert engine.queries.completed(instance)[-1] == finished


def test_a_database_in_memory_is_there_at_once_and_a_file_only_when_asked_for(tmp_path: Path) -> None:
    Engine.open("sqlite://").close()
    with pytest.raises(SchemaMismatch):
        Engine.open(f"sqlite:///{tmp_path}/a.db")
    Engine.open(f"sqlite:///{tmp_path}/b.db", create=True).close()
    Engine.open(f"sqlite:///{tmp_path}/b.db").close()


def test_time_passes_in_order_and_stops_at_each_due_time(engine: Engine, clock: ManualClock) -> None:
    cycle = bpmn(
        process(
            "p",
            start("s"),
            user("a"),
            boundary("remind", "a", timer(cycle="R/P1M"), cancel=False),
            user("b"),
            end("e"),
            end("f"),
            flows("s->a->e", "remind->b->f"),
        )
    )
    engine.publish({"p.bpmn": cycle}, author="anna", note="first")
    instance = engine.start("p")

    assert engine.advance("P3M") == 3

    assert clock.now() == datetime(2026, 4, 15, 7, tzinfo=UTC)  # the same local time, though summer has come
    made = [item.created_at for item in engine.queries.open_items(instance_id=instance) if item.element_id == "b"]
    assert made == [datetime(2026, month, 15, hour, tzinfo=UTC) for month, hour in ((2, 8), (3, 8), (4, 7))]
    assert engine.advance(timedelta(hours=1)) == 0
    assert engine.advance_to(datetime(2026, 5, 15, 7, tzinfo=UTC)) == 1


@pytest.mark.parametrize("backwards", ["-P1D", timedelta(seconds=-1), "tomorrow"])
def test_time_passes_only_forwards(engine: Engine, backwards: str | timedelta) -> None:
    with pytest.raises(InvalidInput):
        engine.advance(backwards)
    assert engine.clock.now() == MORNING


def test_a_clock_on_the_wall_cannot_be_advanced() -> None:
    with Engine.open("sqlite://", clock=SystemClock()) as engine, pytest.raises(InvalidInput):
        engine.advance("P1D")


def test_a_moment_without_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidInput):
        engine.advance_to(datetime(2027, 1, 1))  # noqa: DTZ001


def test_what_waits_to_hear_and_what_was_heard_can_be_asked(engine: Engine) -> None:
    source = bpmn(
        message("m", "Paid", "=order"),
        process("p", start("s"), catch("c", message_def("m")), end("e"), flows("s->c->e")),
    )
    engine.publish({"p.bpmn": source}, author="anna", note="first")
    instance = engine.start("p", {"order": 7})

    (waiting,) = engine.queries.subscriptions(instance_id=instance)
    assert (waiting.name, waiting.key, waiting.element_id) == ("Paid", "7", "c")
    assert engine.queries.find_instance(instance).active_elements == ("c",)

    engine.correlate("Paid", "8", ttl=timedelta(days=1))
    engine.correlate("Paid", "7")

    assert engine.queries.subscriptions() == []
    assert [each.key for each in engine.queries.messages(state=MessageState.BUFFERED)] == ["8"]
    assert engine.queries.completed(instance) == ["s", "c", "e"]
    kinds = [line.kind for line in engine.queries.history(instance).items]
    assert (kinds[0], kinds[-1]) == ("ended", "started")


def test_the_history_of_an_instance_within_a_case_is_told_by_its_id(engine: Engine) -> None:
    engine.publish({"order.bpmn": ORDER}, author="anna", note="first")
    case = engine.open_case("orders", "1")
    first, second = (engine.start("order", case_id=case) for _ in range(2))

    assert {line.instance_id for line in engine.queries.history(first).items} == {first}
    assert {line.instance_id for line in engine.queries.history(case).items} >= {first, second}


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ('<bpmn:callActivity id="x" name="x" calledElement="nowhere"/>', "CALLED_PROCESS_UNKNOWN"),
        (
            '<bpmn:businessRuleTask id="x" name="x"><bpmn:extensionElements><zeebe:calledDecision decisionId="nowhere"'
            ' resultVariable="r"/></bpmn:extensionElements></bpmn:businessRuleTask>',
            "DECISION_UNKNOWN",
        ),
    ],
)
def test_what_is_called_must_exist(engine: Engine, parts: str, code: str) -> None:
    source = bpmn(process("p", start("s"), parts, end("e"), flows("s->x->e")))

    with pytest.raises(NotDeployable) as refused:
        engine.publish({"p.bpmn": source}, author="anna", note="first")

    assert [finding.code for finding in refused.value.findings if finding.is_error] == [code]
    assert engine.queries.releases() == []


def test_a_process_published_before_may_be_called(engine: Engine) -> None:
    called = bpmn(process("called", start("s"), end("e"), flows("s->e")))
    caller = bpmn(
        process(
            "caller",
            start("s"),
            '<bpmn:callActivity id="x" name="x" calledElement="called"/>',
            end("e"),
            flows("s->x->e"),
        )
    )
    engine.publish({"called.bpmn": called}, author="anna", note="first")
    engine.publish({"caller.bpmn": caller}, author="anna", note="second")

    instance = engine.start("caller")

    assert engine.queries.find_instance(instance).state is InstanceState.COMPLETED
