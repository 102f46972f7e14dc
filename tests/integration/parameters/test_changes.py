"""Parameters that people change: from a day on, for a unit or all, at once everywhere, and never overwritten."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.access import Viewer
from engine.cases import Party
from engine.context import Context
from engine.engine import Engine
from engine.errors import InvalidInput, NotFound
from engine.feel.values import FeelDate
from engine.parameter_desk import ChangeRequest, read_value
from engine.parameter_desk import _write as write
from engine.parameter_values import ParameterNotYetValid, UnknownParameter
from tests.bpmn_builder import bpmn, end, exclusive, flows, process, service, start, user, zeebe
from tests.harness import ANNA
from tests.integration.parameters.conftest import Office, parameter

TODAY = date(2026, 1, 15)


def change(engine: Engine, value: object, day: date = TODAY, unit: str | None = None, name: str = "svarstid") -> int:
    request = ChangeRequest(name, value, day, "Nämnden § 12", unit)  # type: ignore[arg-type]
    return engine.parameters.change(request, actor=ANNA)


def held(engine: Engine, on: date = TODAY, unit: str | None = None, name: str = "svarstid") -> object:
    return engine.parameters.live.value(name, on, unit)


def test_a_change_holds_from_its_day_on_and_says_who_made_it_and_why(engine: Engine) -> None:
    change(engine, 7, date(2026, 2, 1))

    assert [held(engine, day) for day in (TODAY, date(2026, 1, 31), date(2026, 2, 1))] == [5, 5, 7]
    entry = engine.parameters.live.entry("svarstid", date(2026, 3, 1))
    assert entry.change is not None
    assert (entry.change.author, entry.change.author_name, entry.change.reason) == (ANNA.id, ANNA.name, "Nämnden § 12")
    assert (entry.source, entry.certainty.value, entry.unit) == ("Kommunens beslut", "DECIDED", "dagar")


def test_a_units_own_value_goes_before_the_municipalitys(engine: Engine) -> None:
    change(engine, 7)
    change(engine, 3, unit="soder")

    assert [held(engine, unit=unit) for unit in (None, "norr", "soder", "okand")] == [7, 10, 3, 7]


def test_a_later_change_supersedes_an_earlier_one_of_the_same_day_and_both_stay(engine: Engine) -> None:
    change(engine, 7)
    change(engine, 8)

    assert held(engine) == 8
    assert [entry.value for entry in engine.parameters.history("svarstid")] == [8, 7, 20, 10, 5]


def test_what_the_files_say_from_a_later_day_supersedes_a_change(engine: Engine) -> None:
    change(engine, 9, name="start")

    assert [held(engine, day, name="start") for day in (TODAY, date(2026, 6, 1))] == [9, 4]


def test_a_change_that_is_withdrawn_gives_back_what_held_before(engine: Engine) -> None:
    change(engine, 7)
    change(engine, 3, unit="norr")
    change(engine, None, date(2026, 2, 1))
    change(engine, None, date(2026, 3, 1), unit="norr")

    assert [held(engine, day) for day in (TODAY, date(2026, 2, 1))] == [7, 5]
    days = (TODAY, date(2026, 2, 1), date(2026, 3, 1))
    assert [held(engine, day, "norr") for day in days] == [3, 3, 5]  # from March the municipality's, which is 5 again


def test_another_process_sees_a_change_at_once(office: Office) -> None:
    here, there = office.open(), office.open()
    assert held(there) == 5
    change(here, 7)
    assert held(there) == 7
    change(there, 8)
    assert held(here) == 8


def test_a_change_that_was_not_committed_is_seen_by_nobody(office: Office) -> None:
    engine, other = office.open(), office.open()

    def half_way(context: Context) -> None:
        write(context, ChangeRequest("svarstid", 99, TODAY, "skäl"))
        assert held(engine) == 5
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.run_command(half_way, "change_parameter", ANNA, None)
    assert held(engine) == 5
    change(other, 6)
    assert (held(engine), held(other)) == (6, 6)


def test_the_same_form_sent_twice_makes_one_change(engine: Engine) -> None:
    request = ChangeRequest("svarstid", 7, TODAY, "Nämnden § 12")
    first = engine.parameters.change(request, actor=ANNA, key="k")
    assert engine.parameters.change(request, actor=ANNA, key="k") == first
    assert len(engine.parameters.history("svarstid")) == 4


@pytest.mark.parametrize("statement", ["UPDATE parameter_change SET reason = 'x'", "DELETE FROM parameter_change"])
def test_the_store_refuses_to_edit_a_change(engine: Engine, statement: str) -> None:
    change(engine, 7)
    with (
        pytest.raises(DBAPIError, match="append-only"),
        engine.database._write_engine.connect() as connection,
        connection.begin(),
    ):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (ChangeRequest("svarstid", "sju", TODAY, "skäl"), "ska vara tal, inte text"),
        (ChangeRequest("svarstid", True, TODAY, "skäl"), "ska vara tal, inte sant/falskt"),
        (ChangeRequest("svarstid", Decimal("2.5"), TODAY, "skäl"), "heltal"),
        (ChangeRequest("svarstid", -1, TODAY, "skäl"), "mindre än noll"),
        (ChangeRequest("svarstid", FeelDate(2026, 1, 1), TODAY, "skäl"), "inte datum"),
        (ChangeRequest("flyttas", 1, TODAY, "skäl"), "ska vara sant/falskt"),
        (ChangeRequest("svarstid", 1, TODAY, " "), "Skälet saknas"),
        (ChangeRequest("svarstid", 1, TODAY, "x" * 2_001), "Skälet är längre"),
        (ChangeRequest("svarstid", 1, TODAY, "skäl", "vaster"), "Enheten 'vaster' finns inte"),
        (ChangeRequest("svarstid", 1, date(1066, 1, 1), "skäl"), "mellan åren"),
        (ChangeRequest("svarstid", 1, TODAY, "skäl", source=""), "Källan saknas"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(engine: Engine, request_: ChangeRequest, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        engine.parameters.change(request_, actor=ANNA)
    assert len(engine.parameters.history("svarstid")) == 3


def test_every_fault_is_told_at_once(engine: Engine) -> None:
    with pytest.raises(InvalidInput, match=r"tal.*vaster.*Skälet"):
        engine.parameters.change(ChangeRequest("svarstid", "x", TODAY, "", "vaster"), actor=ANNA)


def test_a_parameter_that_there_is_not_cannot_be_changed_or_looked_up(engine: Engine) -> None:
    with pytest.raises(UnknownParameter):
        change(engine, 1, name="okand")
    with pytest.raises(UnknownParameter):
        engine.parameters.history("okand")
    with pytest.raises(ParameterNotYetValid):
        held(engine, date(2025, 12, 31))


def test_standing_tells_what_holds_for_whom_and_what_is_to_come(engine: Engine) -> None:
    change(engine, 7, date(2026, 2, 1), unit="soder")
    standing = {each.name: each for each in engine.parameters.standing()}["svarstid"]

    assert standing.common is not None
    assert standing.common.value == 5
    assert [(entry.for_unit, entry.value) for entry in standing.own] == [("norr", 10), ("torget", 20)]
    assert [(entry.for_unit, entry.value) for entry in standing.coming] == [("soder", 7)]


@pytest.mark.parametrize(
    ("written", "like", "value"),
    [
        ("7", 5, 7),
        ("2,5", Decimal("1.5"), Decimal("2.5")),
        ("10 000", 5, 10_000),
        ("ja", True, True),
        ("Nej", True, False),
        ("2027-01-31", FeelDate(2026, 1, 1), FeelDate(2027, 1, 31)),
        ("hushåll", "förälder", "hushåll"),
        ("1; 2;", [3], [1, 2]),
    ],
)
def test_a_value_is_read_as_people_write_it(written: str, like: object, value: object) -> None:
    assert read_value(written, parameter("x", like)) == value


@pytest.mark.parametrize(
    ("written", "like"),
    [("sju", 5), ("NaN", 5), ("1e999999999", 5), ("", 5), ("kanske", True), ("i dag", FeelDate(2026, 1, 1)), ("", "x")],
)
def test_a_value_of_another_sort_is_refused_with_what_is_wanted(written: str, like: object) -> None:
    with pytest.raises(InvalidInput, match="Värdet"):
        read_value(written, parameter("x", like))


# --- what cases have used ---------------------------------------------------------------------------------------------

DUE = '=add working days(today(), parameter("svarstid", "soder"))'
BIG = 'parameter("svarstid") > 4'
SOURCE = bpmn(
    process(
        "p",
        start("s"),
        user("u", more=zeebe("taskSchedule", dueDate=DUE)),
        service("j", type_="las"),
        exclusive("g", default="g->v"),
        user("v"),
        user("w"),
        end("e"),
        flows("s->u->j->g", f"g->w : {BIG}", "g->v->e", "w->e"),
    )
).replace(b"-&gt;", b"_")
SOMEBODY = Viewer("x", "X", "am", all_units=True)


def test_a_case_says_which_values_it_used_where_and_keeps_them_when_they_change(office: Office) -> None:
    engine = office.open()
    engine.publish({"p.bpmn": SOURCE}, author="a", note="n")
    case = engine.open_case("test", "T-1", parties=[Party("am")], actor=ANNA)
    engine.start("p", case_id=case, actor=ANNA)
    number = change(engine, 8, unit="soder")
    engine.start("p", case_id=case, actor=ANNA)
    first, second = sorted((item.due_at, item.id) for item in engine.queries.open_items())

    assert second[0] - first[0] == timedelta(days=5)  # three working days more, over a weekend
    engine.complete(first[1], actor=ANNA)
    engine.run_until_idle()
    lines = engine.queries.parameters_used(SOMEBODY, case)
    assert [
        (line.element, use.name, use.unit, use.for_unit, use.value, use.origin) for line in lines for use in line.used
    ] == [
        ("g", "svarstid", None, None, 5, "fil"),
        ("j", "svarstid", "norr", "norr", 10, "fil"),
        ("u", "svarstid", "soder", "soder", 8, f"ändring {number}"),
        ("u", "svarstid", "soder", None, 5, "fil"),
    ]
    assert {use.valid_from for line in lines for use in line.used} == {date(2026, 1, 1), TODAY}
    assert engine.verify() == []


def test_whoever_may_not_see_the_case_does_not_see_what_it_used(office: Office) -> None:
    engine = office.open()
    case = engine.open_case("test", "T-1", parties=[Party("am")], actor=ANNA)
    with pytest.raises(NotFound):
        engine.queries.parameters_used(Viewer("y", "Y", "soc", all_units=True), case)


def test_what_is_looked_up_outside_of_commands_stands_in_no_history(office: Office) -> None:
    engine = office.open()
    engine.publish(
        {"q.bpmn": bpmn(process("q", start("s"), user("u"), end("e"), flows("s->u->e"))).replace(b"-&gt;", b"_")},
        author="a",
        note="n",
    )
    held(engine)
    instance = engine.start("q", actor=ANNA)
    assert not [line for line in engine.queries.history(instance).items if "parameters" in (line.payload or {})]
