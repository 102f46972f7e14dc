"""Running instances are moved to a new version: with all that people and time have made of them, or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine.bpmn.obstacles import NotMigratable, ObstacleCode
from engine.errors import Conflict, InvalidInput, NotFound
from engine.handlers import HandlerRegistry
from engine.history import EventKind
from engine.migration_plan import MigrationPlan
from engine.migration_reports import Progress
from engine.store import item_queries
from engine.store.states import InstanceState, MigrationState
from tests.harness import ANNA, BERTIL, Journey, bpmn, flows, service_task, user_task

TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"


def boundary(element_id: str, host: str, duration: str, interrupting: bool = False) -> str:
    return (
        f'<boundaryEvent id="{element_id}" name="{element_id}" attachedToRef="{host}" '
        f'cancelActivity="{str(interrupting).lower()}">{TIMER.format(duration)}</boundaryEvent>'
    )


DUE = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P7D&quot;)"/><zeebe:formDefinition formId="{}"/>'
OLD = bpmn(
    '<startEvent id="s"/>'
    + user_task("a", "Bedöm", DUE.format("gammal"))
    + boundary("t", "a", "P5D")
    + user_task("b", "Besluta")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a", "b", "e")
    + flows("t", "e2")
)
NEW = bpmn(
    '<startEvent id="s"/>'
    + user_task("a2", "Bedöm", DUE.format("ny"))
    + boundary("t", "a2", "P9D")
    + boundary("t2", "a2", "P1D")
    + user_task("n", "Granska")
    + user_task("b", "Besluta om stöd")
    + '<endEvent id="e"/><endEvent id="e2"/>'
    + flows("s", "a2", "n", "b", "e")
    + flows("t", "e2")
    + flows("t2", "e2")
)
WITHOUT_B = bpmn(
    '<startEvent id="s"/>' + user_task("a", "Bedöm") + '<endEvent id="e"/>' + flows("s", "a", "e"),
)


def draft_of(journey: Journey, item_id: str) -> Any:
    """What has been typed into a work item so far."""
    with journey.engine.database.reading() as reader:
        body, _ = item_queries.draft_of(reader, item_id)
    return None if body is None else json.loads(body)


def run_all(journey: Journey, plan: MigrationPlan, **options: Any) -> Any:
    """Begin and carry on a migration."""
    migrations = journey.engine.migrations
    return migrations.carry_on(migrations.begin(plan, actor=BERTIL, reason="nya blanketter"), **options)


def plan_of(journey: Journey, source: int = 1, **changes: str | None) -> MigrationPlan:
    proposed = journey.engine.migrations.propose("p", source).plan
    elements = {**proposed.elements, **changes}
    return MigrationPlan(proposed.process_id, proposed.source, proposed.target, elements, proposed.flows)


def test_a_task_under_work_moves_with_its_dates_claim_and_draft(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    instance = journey.start("p", namn="Åsa")
    journey.claim("Bedöm")
    journey.engine.save_draft(journey.item("Bedöm").id, {"svar": "hal"}, actor=ANNA)
    before = journey.item("Bedöm")
    journey.advance("P2D")
    journey.publish({"p.bpmn": NEW})
    done = run_all(journey, plan_of(journey))
    assert (done.state, done.total, done.moved, done.refused) == (MigrationState.DONE, 1, 1, 0)
    after = journey.item("Bedöm")
    for field in ("id", "due_at", "follow_up_at", "assignee", "assignee_name", "claimed_at", "created_at", "priority"):
        assert getattr(after, field) == getattr(before, field), field
    assert (after.element_id, after.form_id) == ("a2", "ny")
    assert draft_of(journey, after.id) == {"svar": "hal"}
    assert journey.engine.queries.find_instance(instance).version == 2
    assert journey.variables() == {"namn": "Åsa"}
    journey.advance("P1D")  # the timer that the new version added counts from the move
    assert ("completed", "t2") in journey.told()
    assert ("completed", "t") not in journey.told()
    journey.advance("P2D")  # the old one rings when it would have rung
    assert ("completed", "t") in journey.told()
    journey.complete("Bedöm", svar="halv")
    journey.complete("Granska")
    journey.complete("Besluta om stöd")
    assert journey.state() is InstanceState.COMPLETED


def test_the_history_says_who_moved_it_why_and_what_that_changed(begin: Any) -> None:
    journey = begin(files={"p.bpmn": NEW})
    journey.start("p")
    earlier = journey.history()
    journey.publish({"p.bpmn": OLD})
    run_all(journey, plan_of(journey))
    lines = journey.history()
    assert lines[: len(earlier)] == earlier
    told = lines[len(earlier) :]
    assert [(line.kind, line.element) for line in told] == [("migrated", None), ("cancelled", "t2")]
    assert told[0].actor_name == BERTIL.name
    assert told[0].payload == {"from": 1, "to": 2, "reason": "nya blanketter", "ended": ["t2"]}


def test_who_cannot_move_stays_whole_with_a_reason_and_the_others_go(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    first, second = journey.start("p"), journey.start("p")
    journey.engine.complete(journey.engine.queries.open_items(instance_id=second)[0].id, {}, actor=ANNA)
    journey.publish({"p.bpmn": WITHOUT_B})
    before = journey.engine.queries.find_instance(second)
    plan = plan_of(journey)
    assert plan.elements["b"] is None
    preview = journey.engine.migrations.preview(plan)
    assert (preview.total, preview.movable, preview.refused) == (2, 1, 1)
    (reason,) = preview.reasons
    assert (reason.element_id, reason.name, reason.code, reason.count) == (
        "b",
        "Besluta",
        ObstacleCode.NO_COUNTERPART,
        1,
    )
    assert reason.instances == (second,)
    assert preview.ends == {"t": 1}
    done = run_all(journey, plan)
    assert (done.moved, done.refused, done.gone) == (1, 1, 0)
    assert done.reasons == preview.reasons
    assert journey.engine.queries.find_instance(second) == before
    assert journey.engine.queries.find_instance(first).version == 2
    with pytest.raises(NotMigratable) as refusal:
        journey.engine.migrations.migrate(second, plan, actor=ANNA, reason="igen")
    assert refusal.value.element == "b"


def test_a_preview_changes_nothing(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    for _ in range(3):
        journey.start("p")
    journey.publish({"p.bpmn": NEW})
    items, history = journey.items(), journey.history()
    told: list[Progress] = []
    preview = journey.engine.migrations.preview(plan_of(journey), progress=told.append)
    assert (preview.total, preview.movable, preview.begins) == (3, 3, {"t2": 3})
    assert [each.done for each in told] == [1, 2, 3]
    assert (journey.items(), journey.history()) == (items, history)


def test_a_run_goes_on_from_where_it_was_and_does_nothing_twice(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    instances = [journey.start("p") for _ in range(7)]
    journey.publish({"p.bpmn": NEW})
    migrations = journey.engine.migrations
    migration = migrations.begin(plan_of(journey), actor=ANNA, reason="ny blankett", key="en gång")
    assert migrations.begin(plan_of(journey), actor=ANNA, reason="ny blankett", key="en gång") == migration
    assert migrations.carry_on(migration, limit=3).moved == 3
    assert migrations.status(migration).state is MigrationState.RUNNING
    told: list[Progress] = []
    done = migrations.carry_on(migration, batch=2, progress=told.append)
    assert (done.moved, done.state, told[0].done, told[-1].done) == (7, MigrationState.DONE, 4, 7)
    assert migrations.carry_on(migration) == done
    assert migrations.all() == [done]
    for instance in instances:
        assert [line.kind for line in journey.history(instance)].count("migrated") == 1


def test_instances_that_end_meanwhile_are_no_longer_its_business(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    first, _ = journey.start("p"), journey.start("p")
    journey.publish({"p.bpmn": NEW})
    migration = journey.engine.migrations.begin(plan_of(journey), actor=ANNA, reason="ny blankett")
    journey.engine.cancel(first, actor=ANNA)
    done = journey.engine.migrations.carry_on(migration)
    assert (done.total, done.moved, done.refused, done.gone) == (2, 1, 0, 1)


def test_a_suspended_instance_moves_and_stays_suspended(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    journey.start("p")
    journey.engine.suspend(journey.instance_id, actor=ANNA, reason="väntar på dom")
    journey.publish({"p.bpmn": NEW})
    assert run_all(journey, plan_of(journey)).moved == 1
    assert journey.state() is InstanceState.SUSPENDED
    journey.advance("P3D")
    assert ("completed", "t2") not in journey.told()
    journey.engine.resume(journey.instance_id, actor=ANNA)
    journey.engine.run_until_idle()
    assert ("completed", "t2") in journey.told()


def test_a_dead_job_moves_with_its_incident_and_is_retried_in_the_new_version(begin: Any) -> None:
    def source(element: str, name: str, job_type: str) -> str:
        task = service_task(element, job_type, retries=1).replace(f'name="{element}"', f'name="{name}"')
        return bpmn(f'<startEvent id="s"/>{task}<endEvent id="e"/>' + flows("s", element, "e"))

    registry = HandlerRegistry()
    done: list[int] = []

    @registry.job("fel")
    def fail(job: Any) -> None:
        raise RuntimeError("trasig")

    @registry.job("ratt")
    def succeed(job: Any) -> None:
        done.append(job.job_id)

    journey = begin(files={"p.bpmn": source("j", "Registrera", "fel")}, handlers=registry)
    journey.start("p")
    journey.engine.run_until_idle()
    (incident,) = journey.incidents()
    journey.publish({"p.bpmn": source("j2", "Registrera beslut", "ratt")})
    assert run_all(journey, plan_of(journey, j="j2")).moved == 1
    (moved,) = journey.incidents()
    assert (moved.id, moved.element_id, moved.name) == (incident.id, "j2", "Registrera beslut")
    journey.engine.retry(moved.id, actor=ANNA, reason="rätt hanterare")
    journey.engine.run_until_idle()
    assert len(done) == 1
    assert journey.state() is InstanceState.COMPLETED
    assert [line.payload for line in journey.history() if line.kind == "retried"] == [{"reason": "rätt hanterare"}]


MESSAGE = (
    '<message id="m" name="{}"><extensionElements><zeebe:subscription correlationKey="=nyckel"/>'
    "</extensionElements></message>"
)


def waiting_for(name: str, element: str = "v") -> str:
    catch = (
        f'<intermediateCatchEvent id="{element}" name="Vänta"><messageEventDefinition messageRef="m"/>'
        "</intermediateCatchEvent>"
    )
    return bpmn(f'<startEvent id="s"/>{catch}<endEvent id="e"/>' + flows("s", element, "e"), root=MESSAGE.format(name))


def test_a_message_finds_the_moved_instance_by_the_key_it_had(begin: Any) -> None:
    journey = begin(files={"p.bpmn": waiting_for("klar")})
    journey.start("p", nyckel="A")
    journey.engine.set_variables(journey.instance_id, {"nyckel": "B"}, actor=ANNA)
    journey.publish({"p.bpmn": waiting_for("klar", "v2")})
    assert run_all(journey, plan_of(journey)).moved == 1
    journey.correlate("klar", "A")
    assert journey.state() is InstanceState.COMPLETED


def test_a_message_that_is_kept_under_the_new_name_is_delivered(begin: Any) -> None:
    journey = begin(files={"p.bpmn": waiting_for("klar")})
    journey.start("p", nyckel="A")
    journey.publish({"p.bpmn": waiting_for("färdig")})
    journey.correlate("färdig", "A", ttl=timedelta(days=1))
    assert run_all(journey, plan_of(journey)).moved == 1
    journey.engine.run_until_idle()
    assert journey.state() is InstanceState.COMPLETED


def test_parent_and_child_move_each_on_their_own(begin: Any) -> None:
    def mother(element: str) -> str:
        call = (
            f'<callActivity id="{element}" name="Barn"><extensionElements><zeebe:calledElement processId="barn"/>'
            "</extensionElements></callActivity>"
        )
        return bpmn(f'<startEvent id="s"/>{call}{user_task("b")}<endEvent id="e"/>' + flows("s", element, "b", "e"))

    child = OLD.replace('process id="p"', 'process id="barn"')
    journey = begin(files={"p.bpmn": mother("c"), "b.bpmn": child})
    journey.start("p")
    journey.publish({"p.bpmn": mother("c2"), "b.bpmn": NEW.replace('process id="p"', 'process id="barn"')})
    assert run_all(journey, plan_of(journey)).moved == 1
    journey.assert_sound()
    assert run_all(journey, journey.engine.migrations.propose("barn", 1).plan).moved == 1
    journey.complete("Bedöm")
    journey.complete("Granska")
    journey.complete("Besluta om stöd")
    assert journey.open_tasks() == ["b"]


def test_a_case_keeps_one_chain_of_history(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    journey.case_id = journey.engine.open_case("test", "2026-1")
    journey.start("p")
    journey.publish({"p.bpmn": NEW})
    run_all(journey, plan_of(journey))
    assert ("migrated", None) in journey.told()


def test_a_plan_survives_being_written_and_edited(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    journey.publish({"p.bpmn": NEW})
    proposal = journey.engine.migrations.propose("p", 1)
    assert MigrationPlan.from_json(json.dumps(proposal.plan.as_dict())) == proposal.plan
    assert {(pair.source, pair.target, pair.ground) for pair in proposal.pairs if pair.source in "ab"} == {
        ("a", "a2", "name"),
        ("b", "b", "id"),
    }
    assert [element.id for element in proposal.added] == ["t2", "n"]
    assert journey.engine.migrations.running_versions("p") == {}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"process": "p", "from": 1, "to": 2}',
        '{"process": "p", "from": true, "to": 2, "elements": {}}',
        '{"process": "p", "from": 1, "to": 2, "elements": {"a": 1}}',
        '{"process": "p", "from": 1, "to": 2, "elements": {}, "flows": {"f": null}}',
        '{"process": "p", "from": 1, "to": 2, "elements": {}, "more": 1}',
        '{"plan": 1}',
    ],
)
def test_senseless_plans_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        MigrationPlan.from_json(text)


def test_plans_that_do_not_fit_are_refused(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    instance = journey.start("p")
    journey.publish({"p.bpmn": NEW})
    migrations = journey.engine.migrations
    plan = plan_of(journey)
    for command in (
        lambda: migrations.propose("p", 2),
        lambda: migrations.preview(plan_of(journey, x=None)),
        lambda: migrations.preview(plan_of(journey, a="finns inte")),
        lambda: migrations.preview(MigrationPlan("p", 1, 1, {}, {})),
        lambda: migrations.begin(plan, actor=ANNA, reason=" "),
    ):
        with pytest.raises(InvalidInput):
            command()
    for command in (
        lambda: migrations.propose("q", 1),
        lambda: migrations.propose("p", 3),
        lambda: migrations.status("ingen"),
        lambda: migrations.migrate("ingen", plan, actor=ANNA),
    ):
        with pytest.raises(NotFound):
            command()
    migrations.migrate(instance, plan, actor=ANNA, reason="först")
    with pytest.raises(Conflict, match="does not run version 1"):
        migrations.migrate(instance, plan, actor=ANNA, reason="igen")
    journey.engine.cancel(instance, actor=ANNA)
    with pytest.raises(Conflict, match="has ended"):
        migrations.migrate(instance, plan, actor=ANNA, reason="för sent")


def test_an_instance_that_fails_on_its_way_does_not_stop_the_others(begin: Any, monkeypatch: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    broken, sound = journey.start("p"), journey.start("p")
    journey.publish({"p.bpmn": NEW})
    from engine import migrate_instance

    rehouse = migrate_instance._rehouse

    def fail_for_one(context: Any, running: Any, *rest: Any) -> None:
        rehouse(context, running, *rest)
        if running.id == broken:
            raise RuntimeError("disk")

    monkeypatch.setattr(migrate_instance, "_rehouse", fail_for_one)
    done = run_all(journey, plan_of(journey))
    assert (done.moved, done.refused, done.reasons[0].code) == (1, 1, ObstacleCode.FAILED)
    versions = [journey.engine.queries.find_instance(each).version for each in (broken, sound)]
    assert versions == [1, 2]


def test_every_operation_stands_in_the_history_with_actor_and_reason(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    instance, engine = journey.start("p", x=1), journey.engine
    engine.set_variables(instance, {"x": 2}, actor=BERTIL, reason="skrivfel")
    engine.suspend(instance, actor=BERTIL, reason="paus")
    engine.resume(instance, actor=BERTIL, reason="vidare")
    engine.move_token(instance, journey.item("Bedöm").id, "b", actor=BERTIL, reason="fel steg")
    journey.publish({"p.bpmn": NEW})
    engine.migrations.migrate(instance, plan_of(journey), actor=BERTIL, reason="ny blankett")
    engine.cancel(instance, actor=BERTIL, reason="dubblett")
    reasons = [
        (line.kind, line.payload["reason"], line.actor_name)
        for line in journey.history()
        if line.payload and "reason" in line.payload
    ]
    assert reasons == [
        (EventKind.VARIABLES_SET, "skrivfel", "Bertil"),
        (EventKind.SUSPENDED, "paus", "Bertil"),
        (EventKind.RESUMED, "vidare", "Bertil"),
        (EventKind.MOVED, "fel steg", "Bertil"),
        (EventKind.MIGRATED, "ny blankett", "Bertil"),
        (EventKind.CANCELLED, "dubblett", "Bertil"),
    ]


def test_two_may_carry_on_one_migration_at_the_same_time(begin: Any) -> None:
    journey = begin(files={"p.bpmn": OLD})
    instances = [journey.start("p") for _ in range(12)]
    journey.publish({"p.bpmn": NEW})
    migrations = journey.engine.migrations
    migration = migrations.begin(plan_of(journey), actor=ANNA, reason="ny blankett")
    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(migrations.carry_on, migration, batch=3) for _ in range(2)]:
            each.result()
    done = migrations.status(migration)
    assert (done.state, done.moved, done.refused) == (MigrationState.DONE, 12, 0)
    for instance in instances:
        assert [line.kind for line in journey.history(instance)].count("migrated") == 1
