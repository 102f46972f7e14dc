"""A run is moved to another version of its process: what waits goes on waiting, or nothing happens and it says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from engine.bpmn import Execution, ExecutionStatus, TransitionKind, WaitKind
from engine.bpmn.migrate import Crossing
from engine.bpmn.obstacles import NotMigratable, ObstacleCode
from engine.bpmn.pairing import Ground, propose
from engine.errors import Conflict, InvalidInput
from tests.bpmn_builder import (
    boundary,
    call,
    catch,
    condition_def,
    end,
    error,
    error_def,
    event_gateway,
    exclusive,
    flows,
    inclusive,
    message,
    message_def,
    multi,
    parallel,
    process,
    service,
    start,
    subprocess,
    timer,
    user,
)
from tests.bpmn_driver import Driver, model

LINE = (start("s"), user("a"), user("b"), end("e"), flows("s -> a -> b -> e"))
FORK = (
    start("s"),
    parallel("f"),
    user("a"),
    user("b"),
    parallel("j"),
    user("c"),
    end("e"),
    flows("s -> f -> a -> j -> c -> e", "f -> b -> j"),
)
KLAR = message("m", "klar", "=nyckel")


def of(*parts: str, before: str = ""):
    """The process of a file with these parts."""
    return model(*([before] if before else []), process("p", *parts)).processes["p"]


def begin(run: Driver, *parts: str, variables: Mapping[str, object] | None = None) -> Driver:
    """Start a process of these parts."""
    return run.start(process=of(*parts), variables=variables)


def move(run: Driver, target, elements: Mapping[str, str | None] | None = None, flow_pairs=None) -> Driver:
    """Move a run to another version by the proposed pairs and these."""
    pairs: dict[str, str | None] = {pair.source: pair.target for pair in propose(run.process, target)}
    pairs.update(elements or {})
    chosen = {old: new for old, new in pairs.items() if new is not None}
    crossing = Crossing(run.process, target, chosen, flow_pairs)
    moved = crossing.migrate(run.execution.dump(), run.services)
    run.process, run.execution = target, moved.execution
    run.history += moved.execution.take_transitions()
    return run


def refused(run: Driver, target, elements: Mapping[str, str | None] | None = None) -> dict[str, ObstacleCode]:
    """Why a run cannot be moved, by element; it stands as it stood."""
    before = run.execution.dump()
    with pytest.raises(NotMigratable) as refusal:
        move(run, target, elements)
    assert run.execution.dump() == before
    return {each.element_id: each.code for each in refusal.value.obstacles}


# ---------------------------------------------------------------------- pairs


def test_elements_are_paired_by_id_then_name_then_what_they_do() -> None:
    old = of(start("s"), user("a"), user("b", name="Besluta"), user("c", form="svar"), end("e"))
    new = of(start("s"), user("a"), user("b2", name="Besluta"), user("c2", form="svar"), user("d"), end("e"))
    found = {(pair.source, pair.target, pair.ground) for pair in propose(old, new)}
    assert found == {
        ("s", "s", Ground.ID),
        ("a", "a", Ground.ID),
        ("b", "b2", Ground.NAME),
        ("c", "c2", Ground.ROLE),
        ("e", "e", Ground.ID),
    }


def test_names_that_two_elements_bear_pair_nothing() -> None:
    old = of(start("s"), user("a", name="Besluta"), end("e"))
    new = of(start("s"), user("x", name="Besluta"), user("y", name="Besluta"), end("e"))
    assert {pair.source for pair in propose(old, new)} == {"s", "e"}


def test_elements_in_a_renamed_sub_process_are_found_by_name() -> None:
    old = of(
        subprocess("u", start("s"), user("a", name="Bedöm")).replace("<bpmn:subProcess", '<bpmn:subProcess name="U"')
    )
    new = of(
        subprocess("u2", start("s2"), user("a2", name="Bedöm")).replace("<bpmn:subProcess", '<bpmn:subProcess name="U"')
    )
    assert {(pair.source, pair.target) for pair in propose(old, new)} == {("u", "u2"), ("a", "a2")}


def test_the_same_id_with_another_type_is_no_pair() -> None:
    assert "a" not in {pair.source for pair in propose(of(*LINE), of(start("s"), service("a"), end("e")))}


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        ({"x": "a"}, "old version has no element 'x'"),
        ({"a": "x"}, "new version has no element 'x'"),
        ({"a": "g"}, "what waits at the one cannot wait at the other"),
        ({"g": "g", "g2": "g"}, "Both 'g' and 'g2'"),
        ({"p": "a"}, "old version has no element 'p'"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(elements: dict[str, str], told: str) -> None:
    parts = (start("s"), user("a"), exclusive("g"), exclusive("g2"), end("e"), flows("s -> a -> g -> g2 -> e"))
    with pytest.raises(InvalidInput, match=told):
        Crossing(of(*parts), of(*parts), elements)


@pytest.mark.parametrize("pair", [{"x": "s__f"}, {"s__f": "x"}])
def test_a_plan_with_unknown_flows_is_refused(pair: dict[str, str]) -> None:
    with pytest.raises(InvalidInput, match="no sequence flow 'x'"):
        Crossing(of(*FORK), of(*FORK), {}, pair)


# ---------------------------------------------------------------------- what stays


def test_a_waiting_task_keeps_its_id_dates_assignee_and_variables(run: Driver) -> None:
    from tests.bpmn_builder import zeebe

    more = zeebe("taskSchedule", dueDate='=now() + duration("P5D")') + zeebe("assignmentDefinition", assignee="anna")
    begin(
        run,
        start("s"),
        user("a", more=more, inputs={"lokal": "=x + 1"}),
        end("e"),
        flows("s -> a -> e"),
        variables={"x": 1},
    )
    before = run.wait("a")
    run.pass_time(days=2)
    move(run, of(start("s"), user("ny"), user("a2", name="a"), end("e"), flows("s -> ny -> a2 -> e")), {"a": "a2"})
    after = run.wait("a2")
    assert (after.id, after.detail) == (before.id, before.detail)
    assert after.detail.assignee == "anna"
    assert run.variables == {"x": 1}
    run.complete("a2")
    assert run.is_done


def test_what_the_diagram_says_otherwise_of_a_form_is_taken_over(run: Driver) -> None:
    begin(run, start("s"), user("a", form="gammal"), end("e"), flows("s -> a -> e"))
    move(run, of(start("s"), user("a", form="ny"), end("e"), flows("s -> a -> e")))
    assert run.wait("a").detail.form_id == "ny"
    move(run, of(*LINE))
    assert run.wait("a").detail.form_id is None


def test_a_form_that_cannot_be_evaluated_stops_the_move(run: Driver) -> None:
    begin(run, start("s"), user("a", form="gammal"), end("e"), flows("s -> a -> e"))
    new = of(start("s"), user("a", form="=saknas + 1"), end("e"), flows("s -> a -> e"))
    assert refused(run, new) == {"a": ObstacleCode.CANNOT_EVALUATE}


def test_a_job_keeps_its_retries_and_takes_a_new_type(run: Driver) -> None:
    begin(run, start("s"), service("a", type_="ett", retries="7"), end("e"), flows("s -> a -> e"))
    move(run, of(start("s"), service("a", type_="tva"), end("e"), flows("s -> a -> e")))
    assert (run.wait("a").detail.type, run.wait("a").detail.retries) == ("tva", 7)


def test_running_timers_keep_their_due_time_and_cycles_their_anchor(run: Driver) -> None:
    old = (
        start("s"),
        user("a"),
        boundary("t", "a", timer(cycle="R/P1M"), cancel=False),
        end("e"),
        flows("s -> a -> e", "t -> e"),
    )
    begin(run, *old)
    due = run.wait("t").detail.due
    run.pass_time(days=3)
    new = of(
        start("s"),
        user("a"),
        boundary("t", "a", timer(cycle="R/P1D"), cancel=False),
        end("e"),
        flows("s -> a -> e", "t -> e"),
    )
    move(run, new)
    assert run.wait("t").detail.due == due
    run.fire("t")
    assert run.wait("t").detail.turn == 2
    assert run.wait("t").detail.due.date() == date(2026, 3, 31)  # counted from 31 January, in months as before


def test_a_message_keeps_its_key_and_takes_its_new_name(run: Driver) -> None:
    old = model(KLAR, process("p", start("s"), catch("v", message_def("m")), end("e"), flows("s -> v -> e")))
    run.start(process=old.processes["p"], variables={"nyckel": "A"})
    run.set(nyckel="B")
    new = of(
        start("s"),
        catch("v", message_def("m")),
        end("e"),
        flows("s -> v -> e"),
        before=message("m", "färdig", "=nyckel"),
    )
    move(run, new)
    assert (run.wait("v").detail.name, run.wait("v").detail.key) == ("färdig", "A")


def test_instances_of_many_keep_how_far_they_have_come(run: Driver) -> None:
    def many(sequential: bool = True, *more: str) -> tuple[str, ...]:
        loop = multi("[1, 2, 3]", "i", "alla", "=svar", sequential=sequential)
        return (start("s"), user("a", loop), *more, end("e"), flows("s -> a -> e"))

    begin(run, *many())
    run.complete("a", {"svar": "x"})
    assert refused(run, of(*many(False))) == {"a": ObstacleCode.TYPE_CHANGED}
    move(run, of(*many(True, boundary("t", "a", timer("P1D")))))
    assert run.waiting == ["a", "t"]
    run.complete("a", {"svar": "y"}).complete("a", {"svar": "z"})
    assert run.is_done
    assert run.variables["alla"] == ["x", "y", "z"]


def test_outputs_nobody_kept_cannot_be_collected(run: Driver) -> None:
    def many(output: str | None) -> tuple[str, ...]:
        loop = multi("[1, 2]", "i", output, "=svar" if output else None)
        return (start("s"), user("a", loop), end("e"), flows("s -> a -> e"))

    begin(run, *many(None))
    move(run, of(*many("alla")))
    run.complete("a", {"svar": 1}).complete("a", {"svar": 2})
    assert run.variables["alla"] == [1, 2]
    other = begin(Driver(stored=run.stored), *many(None)).complete("a", {"svar": 1})
    assert refused(other, of(*many("alla"))) == {"a": ObstacleCode.OUTPUT_LOST}
    third = begin(Driver(stored=run.stored), *many("alla")).complete("a", {"svar": 1})
    move(third, of(*many(None))).complete("a")
    assert third.is_done
    assert "alla" not in third.variables


def test_called_processes_and_sub_processes_go_on(run: Driver) -> None:
    def parts(inner: str, *more: str) -> tuple[str, ...]:
        within = subprocess("u", start("us"), call(inner, "barn"), flows(f"us -> {inner}"), *more)
        return (start("s"), within, end("e"), flows("s -> u -> e"))

    begin(run, *parts("c"), variables={"x": 1})
    before = run.wait("c")
    move(run, of(*parts("c2", user("n"))), {"c": "c2"})
    assert run.wait("c2").id == before.id
    run.complete("c2", {"x": 5})
    assert run.is_done
    assert run.variables["x"] == 5


def test_an_incident_stays_and_can_be_retried_on_the_new_version(run: Driver) -> None:
    def parts(condition: str) -> tuple[str, ...]:
        return (
            start("s"),
            exclusive("g", "g->e"),
            user("a"),
            end("e"),
            flows("s -> g", f"g -> a : {condition}", "g -> e"),
        )

    begin(run, *parts("=x + 1"), variables={"x": 1})
    before = run.wait("g")
    move(run, of(*parts("=x = 1")))
    assert run.wait("g") == before
    run.retry("g")
    assert run.waiting == ["a"]


def test_a_start_that_failed_can_be_retried_on_the_new_version(run: Driver) -> None:
    def parts(begin: str, duration: str) -> tuple[str, ...]:
        late = subprocess("es", start("t", timer(duration), interrupting=False), user("x"), flows("t -> x"), event=True)
        return (start(begin), user("a"), late, end("e"), flows(f"{begin} -> a -> e"))

    begin(run, *parts("s", "=saknas"))
    assert run.incident("p") == "EXPRESSION_FAILED"
    move(run, of(*parts("s2", "P1D")), {"s": "s2"})
    assert run.incident("p") == "EXPRESSION_FAILED"
    run.retry("p")
    assert run.waiting == ["a", "t"]


# ---------------------------------------------------------------------- what is added and removed


def test_an_added_timer_waits_from_the_move(run: Driver) -> None:
    begin(run, *LINE)
    run.pass_time(days=4)
    move(run, of(*LINE, boundary("t", "a", timer("P1D")), user("x"), end("e2"), flows("t -> x -> e2")))
    assert run.wait("t").detail.due == run.clock.now() + timedelta(days=1)
    run.fire("t")
    assert run.waiting == ["x"]
    run.complete("x")
    assert run.is_done


def test_a_removed_timer_is_cancelled_with_a_line_and_the_task_stays(run: Driver) -> None:
    begin(run, *LINE, boundary("t", "a", timer("P1D")), end("e2"), flows("t -> e2"))
    move(run, of(*LINE))
    assert run.waiting == ["a"]
    assert "t" in run.passed(TransitionKind.CANCELLED)
    run.complete("a").complete("b")
    assert run.is_done


def test_a_reminder_that_has_come_does_not_come_again(run: Driver) -> None:
    parts = (*LINE, boundary("t", "a", timer("P1D"), cancel=False), end("e2"), flows("t -> e2"))
    begin(run, *parts)
    run.fire("t")
    assert run.waiting == ["a"]
    move(run, of(*parts))
    assert run.waiting == ["a"]


def test_an_added_event_sub_process_waits_where_its_scope_is_open(run: Driver) -> None:
    late = subprocess("es", start("t", timer("P1D"), interrupting=True), user("x"), flows("t -> x"), event=True)
    begin(run, *LINE)
    move(run, of(*LINE, late))
    assert run.waiting == ["a", "t"]
    run.fire("t")
    assert run.waiting == ["x"]
    more = subprocess("es2", start("t2", timer("P1D"), interrupting=True), user("y"), flows("t2 -> y"), event=True)
    move(run, of(*LINE, late, more))
    assert run.waiting == ["x"]  # an interrupting one has taken over: nothing else waits in this scope


def test_a_removed_event_sub_process_no_longer_waits(run: Driver) -> None:
    late = subprocess("es", start("t", timer("P1D"), interrupting=True), user("x"), flows("t -> x"), event=True)
    begin(run, *LINE, late)
    move(run, of(*LINE))
    assert run.waiting == ["a"]


def test_an_event_gateway_gains_and_loses_events(run: Driver) -> None:
    def parts(*names: str) -> tuple[str, ...]:
        catches = [catch(name, timer(f"P{number}D")) for number, name in enumerate(names, 1)]
        return (
            start("s"),
            event_gateway("g"),
            *catches,
            end("e"),
            flows("s -> g", *(f"g -> {name} -> e" for name in names)),
        )

    begin(run, *parts("k", "l"))
    due = run.wait("l").detail.due
    run.pass_time(hours=3)
    move(run, of(*parts("n", "l")), {"k": None})
    assert run.waiting == ["l", "n"]
    assert run.wait("l").detail.due == due
    assert run.wait("n").detail.due == run.clock.now() + timedelta(days=1)
    run.fire("n")
    assert run.is_done


def test_an_added_condition_that_holds_already_happens_at_once(run: Driver) -> None:
    begin(run, *LINE, variables={"x": 1})
    move(run, of(*LINE, boundary("k", "a", condition_def("=x = 1")), user("y"), flows("k -> y")))
    assert run.waiting == ["y"]


def test_an_added_timer_without_a_value_stops_the_move(run: Driver) -> None:
    begin(run, *LINE)
    new = of(*LINE, boundary("t", "a", timer("=saknas")), end("e2"), flows("t -> e2"))
    assert refused(run, new) == {"t": ObstacleCode.CANNOT_EVALUATE}


def test_an_added_error_boundary_catches_from_now_on(run: Driver) -> None:
    old = (start("s"), service("a"), end("e"), flows("s -> a -> e"))
    begin(run, *old)
    move(run, of(*old, boundary("x", "a", error_def("fel")), user("b"), flows("x -> b"), before=error("fel", "FEL")))
    wait = run.wait("a")
    run.do(lambda execution: execution.throw_error(wait.id, "FEL", "", {}))
    assert run.waiting == ["b"]


# ---------------------------------------------------------------------- what stands in the way


def test_a_removed_or_changed_element_stops_only_those_who_stand_there(run: Driver) -> None:
    without = of(start("s"), user("b"), end("e"), flows("s -> b -> e"))
    other = of(start("s"), service("a"), user("b"), end("e"), flows("s -> a -> b -> e"))
    begin(run, *LINE)
    assert refused(run, without) == {"a": ObstacleCode.NO_COUNTERPART}
    assert refused(run, other) == {"a": ObstacleCode.TYPE_CHANGED}
    run.complete("a")
    move(run, without).complete("b")
    assert run.is_done


def test_an_element_in_another_sub_process_stops_the_move(run: Driver) -> None:
    begin(run, *LINE)
    new = of(start("s"), subprocess("u", start("us"), user("a"), flows("us -> a")), end("e"), flows("s -> u -> e"))
    assert refused(run, new) == {"a": ObstacleCode.OTHER_SCOPE}


def test_a_timer_on_another_activity_stops_the_move_unless_the_plan_lets_it_go(run: Driver) -> None:
    def parts(host: str) -> tuple[str, ...]:
        return (*LINE, boundary("t", host, timer("P1D")), end("e2"), flows("t -> e2"))

    begin(run, *parts("a"))
    assert refused(run, of(*parts("b"))) == {"t": ObstacleCode.EVENT_MOVED}
    move(run, of(*parts("b")), {"t": None})
    assert run.waiting == ["a"]
    assert run.complete("a").waiting == ["b", "t"]


def test_an_ended_run_is_not_moved(run: Driver) -> None:
    begin(run, *LINE).complete("a").complete("b")
    assert run.status is ExecutionStatus.COMPLETED
    with pytest.raises(Conflict, match="has ended"):
        move(run, of(*LINE))


# ---------------------------------------------------------------------- joins


def test_a_token_that_has_arrived_at_a_join_has_arrived_in_the_new_version_too(run: Driver) -> None:
    begin(run, *FORK).complete("a")
    longer = of(
        start("s"), parallel("f"), user("a"), user("a2"), user("b"), parallel("j2"), user("c"), end("e"),
        flows("s -> f -> a -> a2 -> j2 -> c -> e", "f -> b -> j2"),
    )  # fmt: skip
    move(run, longer, {"j": "j2"})
    assert run.waiting == ["b"]
    run.complete("b")
    assert run.waiting == ["c"]
    run.complete("c")
    assert run.is_done


def test_a_token_that_arrived_by_a_branch_that_is_gone_cannot_move(run: Driver) -> None:
    begin(run, *FORK).complete("a")
    new = of(start("s"), parallel("j"), user("b"), user("c"), end("e"), flows("s -> b -> j -> c -> e"))
    assert refused(run, new) == {"j": ObstacleCode.FLOW_GONE}


def test_a_join_whose_missing_branch_is_gone_goes_on_at_once(run: Driver) -> None:
    def parts(*more: str) -> tuple[str, ...]:
        return (
            start("s"), parallel("f"), user("a"), user("b"), user("x"), parallel("j"), user("c"), end("e"),
            flows("s -> f -> a -> j -> c -> e", "f -> x", *more), boundary("t", "x", timer("P1D"), cancel=False),
        )  # fmt: skip

    begin(run, *parts("t -> b -> j", "x -> e"))
    run.complete("a")
    assert run.waiting == ["t", "x"]
    assert move(run, of(*parts("t -> b -> e", "x -> e"))).waiting == ["c", "t", "x"]


def test_a_branch_added_beside_those_under_way_would_starve_the_join(run: Driver) -> None:
    new = of(*FORK[:-1], user("d"), FORK[-1], flows("f -> d -> j"))
    begin(run, *FORK)
    assert refused(run, new) == {"j": ObstacleCode.JOIN_WOULD_STARVE}
    run.complete("a").complete("b")
    assert move(run, new).waiting == ["c"]


def test_those_before_the_fork_may_get_a_third_branch(run: Driver) -> None:
    def parts(*more: str) -> tuple[str, ...]:
        return (
            start("s"), user("w"), parallel("f"), user("a"), user("b"), parallel("j"), end("e"), *more,
            flows("s -> w -> f -> a -> j -> e", "f -> b -> j"),
        )  # fmt: skip

    begin(run, *parts())
    move(run, of(*parts(user("d"), flows("f -> d -> j"))))
    assert run.complete("w").waiting == ["a", "b", "d"]


def test_what_ran_side_by_side_does_not_run_twice_one_after_the_other(run: Driver) -> None:
    new = of(start("s"), user("a"), user("b"), user("c"), end("e"), flows("s -> a -> b -> c -> e"))
    begin(run, *FORK)
    assert refused(run, new) == {"b": ObstacleCode.WOULD_RUN_TWICE}
    merged = of(*FORK[:2], user("b"), user("c"), end("e"), flows("s -> f -> b -> c -> e"))
    assert refused(run, merged, {"a": "b"})["b"] is ObstacleCode.WOULD_RUN_TWICE


def test_an_inclusive_join_that_waits_for_nothing_any_more_passes(run: Driver) -> None:
    def parts(*more: str) -> tuple[str, ...]:
        return (
            start("s"), inclusive("f", "f->b"), user("a"), user("b"), inclusive("j"), user("c"), end("e"),
            flows("s -> f", "f -> a : true", "f -> b", "a -> j -> c -> e"), *more,
        )  # fmt: skip

    begin(run, start("s"), inclusive("f"), user("a"), user("b"), inclusive("j"), user("c"), end("e"),
        flows("s -> f", "f -> a : true", "f -> b : true", "a -> j -> c -> e", "b -> j"))  # fmt: skip
    run.complete("a")
    assert run.waiting == ["b"]
    move(run, of(*parts(flows("b -> e"))))
    assert run.waiting == ["b", "c"]


def test_every_wait_kind_is_the_same_before_and_after(run: Driver) -> None:
    parts = (
        start("s"), parallel("f"), user("a"), service("w"), catch("v", message_def("m")), catch("t", timer("P1D")),
        catch("k", condition_def("=x = 2")), call("c", "barn"), end("e"),
        flows("s -> f", *(f"f -> {name} -> e" for name in ("a", "w", "v", "t", "k", "c"))),
    )  # fmt: skip
    run.start(process=of(*parts, before=KLAR), variables={"nyckel": "N", "x": 1})
    before = run.execution.waits
    assert {wait.kind for wait in before} >= {WaitKind.USER_TASK, WaitKind.JOB, WaitKind.MESSAGE, WaitKind.CONDITION}
    move(run, of(*reversed(parts), before=KLAR))
    assert run.execution.waits == before
    assert Execution.load(run.process, run.execution.dump(), run.services).waits == before


def test_what_stood_side_by_side_and_excludes_each_other_now_cannot_move(run: Driver) -> None:
    new = of(
        start("s"), exclusive("f", "f->b"), user("a"), user("b"), exclusive("m"), user("c"), end("e"),
        flows("s -> f", "f -> a : x = 1", "f -> b", "a -> m -> c -> e", "b -> m"),
    )  # fmt: skip
    begin(run, *FORK)
    assert refused(run, new) == {"b": ObstacleCode.WOULD_RUN_TWICE}
    run.complete("a").complete("b")
    assert move(run, new).waiting == ["c"]


def test_a_reminder_s_task_beside_its_host_may_move(run: Driver) -> None:
    def parts(duration: str) -> tuple[str, ...]:
        remind = (boundary("t", "a", timer(cycle=f"R/{duration}"), cancel=False), user("x"), flows("t -> x -> e"))
        return (*LINE, *remind)

    begin(run, *parts("P1D"))
    run.fire("t").fire("t")
    assert run.waiting == ["a", "t", "x", "x"]
    assert move(run, of(*parts("P2D"))).waiting == ["a", "t", "x", "x"]


def test_tokens_beside_a_running_event_sub_process_may_move(run: Driver) -> None:
    late = subprocess("es", start("t", timer("P1D"), interrupting=False), user("x"), flows("t -> x"), event=True)
    begin(run, *LINE, late)
    run.fire("t")
    assert move(run, of(*LINE, late)).waiting == ["a", "x"]
    run.complete("x").complete("a").complete("b")
    assert run.is_done
