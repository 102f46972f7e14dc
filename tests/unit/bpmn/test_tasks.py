"""Tasks: user, service, script, business rule, send, receive, manual, undefined."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.bpmn import DecisionCall, DecisionMade, MessageThrown, WaitKind
from engine.errors import InvalidInput
from engine.feel import FeelDate
from tests.bpmn_builder import (
    end,
    extensions,
    flows,
    message,
    process,
    script,
    service,
    start,
    tag,
    task,
    user,
    zeebe,
)
from tests.bpmn_driver import Driver


def test_a_user_task_says_who_is_to_do_it_with_what_and_by_when(run: Driver) -> None:
    schedule = zeebe("taskSchedule", dueDate="=date", followUpDate="2026-02-01T10:00:00+01:00")
    priority = zeebe("priorityDefinition", priority="=10 + 70")
    assignment = zeebe("assignmentDefinition", assignee="=vem", candidateGroups='=["a", "b"]', candidateUsers="x, y")
    more = zeebe("formDefinition", formId="blankett") + assignment + schedule + priority
    run.start(
        process("p", start("s"), user("a", more=more, inputs={"namn": "=person.namn"}), flows("s->a")),
        variables={"vem": "eva", "date": FeelDate(2026, 2, 5), "person": {"namn": "Bo"}},
    )
    detail = run.wait("a").detail
    assert detail.form_id == "blankett"
    assert detail.assignee == "eva"
    assert detail.candidate_groups == ("a", "b")
    assert detail.candidate_users == ("x", "y")
    assert detail.due == datetime(2026, 2, 5, 23, 0, tzinfo=UTC)  # a date is in time until its end
    assert detail.follow_up == datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
    assert detail.priority == 80
    assert detail.variables == {"namn": "Bo"}


def test_results_go_to_the_process_and_inputs_stay_local(run: Driver) -> None:
    run.start(process("p", start("s"), user("a", inputs={"lokal": "=1"}), end("e"), flows("s->a->e")))
    run.complete("a", {"svar": "ja"})
    assert run.is_done
    assert run.variables == {"svar": "ja"}


def test_output_mappings_decide_what_comes_out(run: Driver) -> None:
    outputs = {"beslut.datum": "=datum", "beslut.vem": "=vem", "antal": "=n + lokal"}
    run.start(
        process("p", start("s"), user("a", inputs={"lokal": "=1"}, outputs=outputs), end("e"), flows("s->a->e")),
        variables={"beslut": {"utfall": "ja"}},
    )
    run.complete("a", {"datum": "i dag", "vem": "eva", "n": 2, "skräp": 1})
    assert run.variables == {"beslut": {"utfall": "ja", "datum": "i dag", "vem": "eva"}, "antal": 3}


def test_a_job_has_type_retries_headers_and_its_own_variables(run: Driver) -> None:
    headers = zeebe("taskHeaders", zeebe("header", key="k", value="v"))
    run.start(
        process(
            "p",
            start("s"),
            service("a", type_='="typ-" + x', retries="5", inputs={"b": "=x"}, more=headers),
            flows("s->a"),
        ),
        variables={"x": "y"},
    )
    wait = run.wait("a")
    assert wait.kind is WaitKind.JOB
    assert (wait.detail.type, wait.detail.retries) == ("typ-y", 5)
    assert dict(wait.detail.headers) == {"k": "v"}
    assert wait.detail.variables == {"b": "y"}


def test_a_script_is_feel_and_its_result_a_variable(run: Driver) -> None:
    run.start(process("p", start("s"), script("a", "x * 2", "y"), end("e"), flows("s->a->e")), variables={"x": 21})
    assert run.is_done
    assert run.variables == {"x": 21, "y": 42}


def test_a_script_that_fails_is_an_incident_and_runs_on_retry(run: Driver) -> None:
    run.start(process("p", start("s"), script("a", "x * 2", "y"), end("e"), flows("s->a->e")))
    assert run.incident("a") == "EXPRESSION_FAILED"
    run.set(x=2).retry("a")
    assert run.is_done
    assert run.variables["y"] == 4


@dataclass
class Answer:
    value: Any
    trace: Any


def test_a_business_rule_task_decides_and_leaves_its_trace() -> None:
    def decide(call: DecisionCall) -> Answer:
        return Answer({"utfall": call.variables["x"]}, {"decision": call.decision_id})

    run = Driver(True, decide=decide)
    more = zeebe("calledDecision", decisionId="rätt", resultVariable="svar")
    run.start(
        process("p", start("s"), task("businessRuleTask", "a", more=more), end("e"), flows("s->a->e")),
        variables={"x": 1},
    )
    assert run.is_done
    assert run.variables["svar"] == {"utfall": 1}
    assert run.effects == [DecisionMade("a", {"decision": "rätt"})]


def test_a_decision_that_cannot_be_made_is_an_incident(run: Driver) -> None:
    more = zeebe("calledDecision", decisionId="okänd", resultVariable="svar")
    run.start(process("p", start("s"), task("businessRuleTask", "a", more=more), flows("s->a")))
    assert run.incident("a") == "NO_DECISIONS"


def test_a_send_task_publishes_its_message_with_key_and_inputs(run: Driver) -> None:
    more = zeebe("taskDefinition", type="stegvis:publish-message")
    run.start(
        message("m", "Anvisning", "=arendeId"),
        process(
            "p",
            start("s"),
            task("sendTask", "a", more=more, inputs={"plats": "=p"}, messageRef="m"),
            end("e"),
            flows("s->a->e"),
        ),
        variables={"arendeId": "C1", "p": "Vägen 1"},
    )
    assert run.is_done
    assert run.effects == [MessageThrown("Anvisning", "C1", {"plats": "Vägen 1"}, None, "a")]


def test_a_receive_task_waits_for_its_message_and_key(run: Driver) -> None:
    run.start(
        message("m", "Svar", "=arendeId"),
        process("p", start("s"), task("receiveTask", "a", messageRef="m"), end("e"), flows("s->a->e")),
        variables={"arendeId": "C1"},
    )
    detail = run.wait("a").detail
    assert (detail.name, detail.key) == ("Svar", "C1")
    run.deliver("a", {"svar": True})
    assert run.is_done
    assert run.variables["svar"] is True


@pytest.mark.parametrize("kind", ["task", "manualTask", "serviceTask", "scriptTask", "businessRuleTask"])
def test_a_task_without_work_passes(run: Driver, kind: str) -> None:
    run.start(process("p", start("s"), task(kind, "a"), end("e"), flows("s->a->e")))
    assert run.is_done
    assert run.passed() == ["s", "a", "e", "p"]


def test_any_task_with_a_task_definition_is_a_job(run: Driver) -> None:
    job = zeebe("taskDefinition", type="x")
    for kind in ("sendTask", "scriptTask", "businessRuleTask"):
        run.start(process("p", start("s"), task(kind, "a", more=job), end("e"), flows("s->a->e")))
        assert run.wait("a").kind is WaitKind.JOB
        run.complete("a", {kind: 1})
        assert run.is_done
        assert run.variables == {kind: 1}


def test_feel_in_a_plain_script_element_runs(run: Driver) -> None:
    body = tag("script", "= 1 + 1")
    result = extensions(zeebe("script", resultVariable="x"))
    run.start(
        process("p", start("s"), tag("scriptTask", result, body, id="a", scriptFormat="FEEL"), flows("s->a")),
    )
    assert run.is_done
    assert run.variables == {"x": 2}


@pytest.mark.parametrize(
    "value", [object(), {1: 2}, float("nan"), {"a": [object()]}, "\ud800", {"\udfff": 1}, 1 << 9000]
)
def test_values_that_cannot_be_kept_are_refused_and_change_nothing(run: Driver, value: Any) -> None:
    run.start(process("p", start("s"), user("a"), flows("s->a")))
    before = run.execution.dump()
    with pytest.raises(InvalidInput):
        run.complete("a", {"x": value})
    assert run.execution.dump() == before


def test_what_a_caller_does_to_its_dict_afterwards_is_not_seen(run: Driver) -> None:
    given = {"lista": [1]}
    run.start(process("p", start("s"), user("a"), flows("s->a")), variables=given)
    given["lista"].append(2)
    run.variables["lista"].append(3)
    assert run.variables == {"lista": [1]}
