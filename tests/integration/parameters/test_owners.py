"""A case goes by the parameters of the unit that owns it, in whatever is worked out for it, without naming the unit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace

import pytest

from engine.access import Viewer
from engine.cases import Party
from engine.engine import Engine
from engine.errors import NotFound
from engine.parameter_desk import ChangeRequest
from engine.parameter_use import CURRENT, of_case
from engine.parameters import LiveParameters
from engine.store import case_rows
from forms.schema.engine_feel import EngineFeel
from tests.bpmn_builder import bpmn, end, flows, process, script, service, start, task, user, zeebe
from tests.harness import ANNA
from tests.integration.parameters.conftest import Office, parameter

TODAY = date(2026, 1, 15)
DUE = '=add working days(today(), parameter("svarstid"))'
RULE = "<zeebe:properties><zeebe:property name='rakna_om' value='vid_andring'/></zeebe:properties>"
DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
  id="tabell" name="tabell" namespace="x">
<decision id="svar" name="svar"><variable name="svar" typeRef="number"/>
<literalExpression><text>parameter("svarstid")</text></literalExpression></decision></definitions>"""
SOURCE = bpmn(
    process(
        "p",
        start("s"),
        script("written", 'parameter("svarstid")', "drawn"),
        task("businessRuleTask", "table", more=zeebe("calledDecision", decisionId="svar", resultVariable="decided")),
        service("job", type_="las-utan-enhet"),
        user("stands", more=zeebe("taskSchedule", dueDate=DUE)),
        user("follows", more=zeebe("taskSchedule", dueDate=DUE) + RULE),
        end("e"),
        end("f"),
        flows("s->written->table->job->stands->e", "job->follows->f"),
    )
).replace(b"-&gt;", b"_")
EVERYBODY = Viewer("x", "X", "socialtjanst", all_units=True)


@pytest.fixture
def published(office: Office) -> Engine:
    engine = office.open()
    engine.publish({"p.bpmn": SOURCE, "tabell.dmn": DECISION}, author="a", note="n")
    return engine


def case_of(engine: Engine, reference: str, unit: str | None) -> str:
    """A case of a district, in which a job centre with a value of its own takes part too."""
    parties = [Party("arbetsmarknad", "torget"), Party("socialtjanst", unit)]
    return engine.open_case("test", reference, parties=parties, actor=ANNA)


def run(engine: Engine, case_id: str | None) -> dict[str, object]:
    """What an instance of the case has worked out when it waits for somebody."""
    instance = engine.start("p", case_id=case_id, actor=ANNA)
    engine.run_until_idle()
    return dict(engine.queries.variables(instance))


def days(engine: Engine, case_id: str, element: str) -> set[object]:
    items = engine.queries.open_items(case_id=case_id)
    return {item.due_at.date() for item in items if item.element_id == element and item.due_at}


def change(engine: Engine, value: int, unit: str | None = None) -> None:
    engine.parameters.change(ChangeRequest("svarstid", value, TODAY, "Nämnden § 12", unit), actor=ANNA)


@pytest.mark.parametrize(("unit", "value"), [("norr", 10), ("soder", 5), (None, 5)])
def test_diagram_table_handler_and_form_go_by_the_unit_that_owns_the_case(
    published: Engine, unit: str | None, value: int
) -> None:
    case = case_of(published, "T-1", unit)

    assert run(published, case) == {"drawn": value, "decided": value, "told": value}
    feel = EngineFeel(published.rooms.definitions.environment(), case)
    assert feel.value('parameter("svarstid")', {}) == value
    assert feel.plain('{{ parameter("svarstid") }} dagar', {}) == f"{value} dagar"
    assert feel.value('parameter("svarstid", "torget")', {}) == 20


def test_outside_of_cases_the_municipalitys_value_holds(published: Engine) -> None:
    assert run(published, None) == {"drawn": 5, "decided": 5, "told": 5}
    assert EngineFeel(published.rooms.definitions.environment()).value('parameter("svarstid")', {}) == 5


def test_a_case_says_that_it_used_its_owners_value(published: Engine) -> None:
    north, south = case_of(published, "T-1", "norr"), case_of(published, "T-2", "soder")
    run(published, north)
    run(published, south)

    used = {
        case: {
            (line.element, use.unit, use.for_unit, use.value)
            for line in published.queries.parameters_used(EVERYBODY, case)
            for use in line.used
        }
        for case in (north, south)
    }
    elements = ("written", "table", "job", "stands", "follows")
    assert used[north] == {(element, "norr", "norr", 10) for element in elements}
    assert used[south] == {(element, "soder", None, 5) for element in elements}


def test_two_districts_at_the_same_time_in_one_process_each_keep_their_own(published: Engine) -> None:
    change(published, 3, "soder")
    cases = {case_of(published, "T-1", "norr"): 10, case_of(published, "T-2", "soder"): 3}
    both_are_inside = threading.Barrier(len(cases), timeout=30)

    def work(case: str) -> tuple[set[object], set[object]]:
        read = set()
        for _ in range(5):
            with of_case(case):
                both_are_inside.wait()
                read.add(published.parameters.live.value("svarstid", TODAY))
        started = [dict(published.queries.variables(published.start("p", case_id=case))) for _ in range(5)]
        return read, {each["drawn"] for each in started}

    with ThreadPoolExecutor(len(cases)) as pool:
        found = dict(zip(cases, pool.map(work, cases), strict=True))
    assert found == {case: ({value}, {value}) for case, value in cases.items()}


def test_after_a_move_the_new_district_holds_and_what_runs_stands_until_it_is_counted_again(published: Engine) -> None:
    case = case_of(published, "T-1", "norr")
    run(published, case)
    before = date(2026, 1, 29)  # midnight after ten working days
    assert days(published, case, "stands") == days(published, case, "follows") == {before}
    published.add_party(case, Party("socialtjanst", "soder"), actor=ANNA)

    assert days(published, case, "stands") == days(published, case, "follows") == {before}
    assert run(published, case)["drawn"] == 5
    after = date(2026, 1, 22)
    assert days(published, case, "stands") == {before, after}
    published.deadlines.run(actor=ANNA, reason="Flytt", allow_overdue=True)
    assert days(published, case, "stands") == {before, after}
    assert days(published, case, "follows") == {after}


def test_a_move_holds_at_once_for_what_the_same_command_does_next(office: Office) -> None:
    source = bpmn(
        process(
            "p",
            start("s"),
            script("before", 'parameter("svarstid")', "before"),
            service("move", type_="flytta"),
            script("after", 'parameter("svarstid")', "after"),
            user("u"),
            end("e"),
            flows("s->before->move->after->u->e"),
        )
    )
    engine = office.open()
    engine.publish({"p.bpmn": source}, author="a", note="n")

    assert run(engine, case_of(engine, "T-1", "norr")) == {"before": 10, "seen": [10, 5], "after": 5}


def test_a_units_change_is_previewed_and_moves_deadlines_in_its_own_cases_only(published: Engine) -> None:
    north, south = case_of(published, "T-1", "norr"), case_of(published, "T-2", "soder")
    run(published, north)
    run(published, south)
    supposed = published.parameters.require(ChangeRequest("svarstid", 7, TODAY, "Nämnden § 12", "soder"))

    assert {move.case_id for move in published.deadlines.preview((supposed,), TODAY).moves} == {south}
    change(published, 7, "soder")
    done = published.deadlines.run(actor=ANNA, reason="Längre tid")
    assert [(move.case_id, move.element_id) for move in done.moves] == [(south, "follows")]
    assert days(published, north, "follows") == {date(2026, 1, 29)}
    assert days(published, south, "follows") == {date(2026, 1, 26)}
    assert days(published, south, "stands") == {date(2026, 1, 22)}


def test_the_owner_is_asked_for_once_in_a_command_and_only_where_units_differ(
    published: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer: Callable[..., dict[str, str | None]] = case_rows.units_of

    def counted(reader: object, case_id: str, now: object) -> dict[str, str | None]:
        asked.append(case_id)
        return answer(reader, case_id, now)

    monkeypatch.setattr("engine.parameters.case_rows", SimpleNamespace(units_of=counted))
    case = case_of(published, "T-1", "norr")
    published.start("p", case_id=case, actor=ANNA)  # the script, the table
    assert asked == [case]
    asked.clear()
    published.run_until_idle()  # the job and both due dates
    assert asked == [case]
    with of_case(case):
        assert published.parameters.live.value("start", TODAY) == 3
    assert asked == [case]


def test_no_case_is_left_behind_when_something_fails(published: Engine) -> None:
    def inside() -> None:
        with of_case("a"):
            with of_case("b"):
                assert CURRENT.case == "b"
            assert CURRENT.case == "a"
            raise NotFound("x")

    with pytest.raises(NotFound):
        inside()
    assert CURRENT.case is None
    run(published, case_of(published, "T-1", "norr"))
    assert (CURRENT.case, CURRENT.owners) == (None, None)


def test_without_a_store_to_ask_the_municipalitys_value_holds() -> None:
    entries = {"svarstid": (parameter("svarstid", 5), parameter("svarstid", 10, for_unit="norr"))}
    with of_case("a"):
        assert LiveParameters(entries, ["norr"], ["norr"]).value("svarstid", TODAY) == 5
