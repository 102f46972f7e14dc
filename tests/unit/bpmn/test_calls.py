"""Call activities: what goes down, what comes back, and what happens to the call meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from engine.bpmn import Process, WaitKind
from tests.bpmn_builder import (
    boundary,
    call,
    end,
    exclusive,
    flows,
    parallel,
    process,
    script,
    start,
    tag,
    timer,
    user,
)
from tests.bpmn_driver import Driver, model


def calling(**attributes: object) -> str:
    inputs, outputs = attributes.pop("inputs", None), attributes.pop("outputs", None)
    made = call("c", "barn", inputs=inputs, outputs=outputs, **attributes)  # type: ignore[arg-type]
    return process("p", start("s"), made, user("after"), flows("s->c->after"))


def test_a_call_says_what_to_run_in_which_version_and_with_what(run: Driver) -> None:
    run.start(calling(inputs={"extra": "=1"}, bindingType="versionTag", versionTag="2.0"), variables={"x": 5})
    wait = run.wait("c")
    assert wait.kind is WaitKind.CALL
    detail = wait.detail
    assert (detail.process_id, detail.binding, detail.version_tag) == ("barn", "versionTag", "2.0")
    assert detail.variables == {"x": 5, "extra": 1}


def test_only_inputs_go_down_where_the_diagram_says_so(run: Driver) -> None:
    run.start(calling(inputs={"extra": "=x + 1"}, propagateAllParentVariables=False), variables={"x": 5})
    assert run.wait("c").detail.variables == {"extra": 6}


def test_all_variables_come_back_unless_the_diagram_says_otherwise(run: Driver) -> None:
    run.start(calling()).complete("c", {"y": 1})
    assert run.variables == {"y": 1}
    run.start(calling(propagateAllChildVariables=False)).complete("c", {"y": 1})
    assert run.variables == {}


def test_output_mappings_read_the_called_process_variables(run: Driver) -> None:
    run.start(calling(outputs={"z": "=y * 2"}, propagateAllChildVariables=False)).complete("c", {"y": 2, "w": 3})
    assert run.variables == {"z": 4}


def test_what_comes_back_unchanged_does_not_undo_what_happened_meanwhile(run: Driver) -> None:
    run.start(
        process("p", start("s"), parallel("f"), call("c", "barn"), user("u"), flows("s->f->c", "f->u")),
        variables={"x": 1, "y": 1},
    )
    down = dict(run.wait("c").detail.variables)
    run.complete("u", {"x": 2})
    run.complete("c", {**down, "y": 3})
    assert run.is_done
    assert run.variables == {"x": 2, "y": 3}


def test_the_called_process_may_be_named_by_feel(run: Driver) -> None:
    run.start(process("p", start("s"), call("c", "=vilken"), flows("s->c")), variables={"vilken": "barn-2"})
    assert run.wait("c").detail.process_id == "barn-2"


def test_the_plain_attribute_names_the_called_process(run: Driver) -> None:
    run.start(process("p", start("s"), tag("callActivity", id="c", calledElement="barn"), flows("s->c")))
    assert run.wait("c").detail.process_id == "barn"


def test_a_timer_on_a_call_takes_the_call_away(run: Driver) -> None:
    run.start(
        process(
            "p", start("s"), call("c", "barn"), boundary("t", "c", timer("P1D")), user("chef"), flows("s->c", "t->chef")
        )
    )
    run.fire("t")
    assert run.waiting == ["chef"]


def test_one_spec_runs_in_many_threads_at_once() -> None:
    shared: Process = model(
        process(
            "p",
            start("s"),
            parallel("f"),
            user("a"),
            script("b", "n * 2", "m"),
            parallel("j"),
            exclusive("g", "g->e"),
            user("x"),
            end("e"),
            flows("s->f->a->j->g", "f->b->j", "g->x : m > 100", "g->e", "x->e"),
        )
    ).processes["p"]

    def one(n: int) -> tuple[int, object, bool]:
        run = Driver(stored=True).start(process=shared, variables={"n": n})
        run.complete("a", {"egen": n})
        if n > 50:
            run.complete("x")
        return n, run.variables, run.is_done

    with ThreadPoolExecutor(8) as pool:
        for n, variables, done in pool.map(one, range(100)):
            assert done
            assert variables == {"n": n, "egen": n, "m": n * 2}
