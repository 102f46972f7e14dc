"""The access policy in SQL against a plain reading of it in Python, over random populations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.event import listen

from engine.access import Viewer
from engine.clock import ManualClock
from engine.errors import NotFound
from engine.store import case_queries, case_words, item_queries, rows
from engine.store.access import visible_cases, visible_work_items
from engine.store.database import Database
from engine.store.inbox import inbox
from engine.store.rows import CaseFilter, InboxFilter, Mine, Paging, Sort
from engine.store.schema import (
    case_,
    case_party,
    case_word,
    process_definition,
    process_instance,
    release,
    resource,
    work_item,
    work_item_candidate,
)
from engine.store.unit_of_work import Reader
from engine.store.work_item_rows import FAR_AHEAD
from tests.harness import new_database
from tests.postgres import Cluster

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ROLES = ("handlaggare", "chef", "jobbcoach")
ORGANISATIONS = ("social", "arbete")
UNITS = ("norr", "soder")

maybe_unit = st.sampled_from((None, *UNITS))
some = {"roles": st.frozensets(st.sampled_from(ROLES)), "units": st.frozensets(st.sampled_from(UNITS))}
viewers = st.builds(
    Viewer,
    user_id=st.sampled_from(("anna", "bertil")),
    name=st.just("x"),
    organisation=st.sampled_from(ORGANISATIONS),
    roles=some["roles"],
    units=some["units"],
    all_units=st.booleans(),
    supervised_roles=some["roles"],
)
moments = st.sampled_from([NOW + timedelta(days=days) for days in (-2, -1, 0, 1, 2)])
scopes = st.fixed_dictionaries(
    {
        "role": st.sampled_from(ROLES),
        "organisation": st.sampled_from((None, *ORGANISATIONS)),
        "unit": maybe_unit,
    }
)
items = st.fixed_dictionaries(
    {
        "scope": st.one_of(st.none(), scopes),
        "others": st.lists(scopes, max_size=2, unique_by=lambda scope: scope["role"]),
        "assignee": st.sampled_from((None, "anna", "bertil")),
        "due": st.one_of(st.none(), moments),
        "priority": st.integers(0, 100),
        "name": st.sampled_from(("A", "B", "C")),
        "state": st.sampled_from(("open", "open", "open", "completed")),
        "case": st.sampled_from((None, 0, 1, 2)),
    }
)
open_to_all = items.map(
    lambda item: {**item, "scope": {"role": ROLES[0], "organisation": None, "unit": None}, "state": "open"}
)
sees_all = st.just(Viewer("anna", "x", "social", frozenset(ROLES), all_units=True))
titles = st.tuples(*[st.sampled_from(("", "Lind Berg", "Lindberg", "Bo Östberg"))] * 3)
parties = st.fixed_dictionaries(
    {
        "case": st.integers(0, 2),
        "organisation": st.sampled_from(ORGANISATIONS),
        "unit": maybe_unit,
        "since": moments,
        "until": st.one_of(st.none(), moments),
    }
)


def in_scope(viewer: Viewer, scope: dict[str, Any]) -> bool:
    """The policy as a person would say it."""
    if scope["role"] not in viewer.roles and scope["role"] not in viewer.supervised_roles:
        return False
    if scope["organisation"] is not None and scope["organisation"] != viewer.organisation:
        return False
    return scope["unit"] is None or viewer.all_units or scope["unit"] in viewer.units


def sees_item(viewer: Viewer, item: dict[str, Any]) -> bool:
    if any(in_scope(viewer, scope) for scope in item["others"]):
        return True
    if item["scope"] is None:
        return bool(item["assignee"] == viewer.user_id)
    return in_scope(viewer, item["scope"])


def sees_case(viewer: Viewer, parties_of_case: list[dict[str, Any]]) -> bool:
    return any(
        party["organisation"] == viewer.organisation
        and party["since"] <= NOW
        and (party["until"] is None or party["until"] > NOW)
        and (party["unit"] is None or viewer.all_units or party["unit"] in viewer.units)
        for party in parties_of_case
    )


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    yield from with_cases(new_database(tmp_path_factory.mktemp("access")))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "sqlite":
        yield request.getfixturevalue("on_sqlite")
        return
    cluster: Cluster = request.getfixturevalue("shared_cluster")
    url = cluster.new_database()
    yield from with_cases(url)
    cluster.drop_database(url)


def with_cases(url: str) -> Iterator[Database]:
    opened = Database.open(url)
    with opened.transaction(ManualClock(NOW)) as uow:
        uow.write(insert(release), {"number": 1, "at": NOW, "author": "x", "approver": None, "note": ""})
        uow.write(insert(resource), {"digest": "d", "kind": "bpmn", "content": b""})
        definition = {
            "id": 1,
            "process_id": "p",
            "version": 1,
            "name": "P",
            "release": 1,
            "file": "p",
            "digest": "d",
        }
        uow.write(insert(process_definition), definition)
        instance = {
            "id": "i",
            "definition_id": 1,
            "release": 1,
            "state": "active",
            "version": 1,
            "started_at": NOW,
            "history_seq": 0,
            "snapshot": b"",
        }
        uow.write(insert(process_instance), instance)
        for number in range(3):
            row = {
                "id": f"c{number}",
                "family": "f",
                "reference": f"r{number}",
                "title": "",
                "state": "open",
                "created_at": NOW,
                "history_seq": 0,
            }
            uow.write(insert(case_), row)
    yield opened
    opened.close()


def populate(database: Database, population: list[dict[str, Any]]) -> None:
    with database.transaction(ManualClock(NOW)) as uow:
        uow.write(delete(work_item_candidate))
        uow.write(delete(work_item))
        for number, item in enumerate(population):
            scope = item["scope"] or {"role": None, "organisation": None, "unit": None}
            row = {
                "id": f"w{number:03}",
                "instance_id": "i",
                "definition_id": 1,
                "element_id": "t",
                "name": item["name"],
                "assignee": item["assignee"],
                "priority": item["priority"],
                "priority_order": -item["priority"],
                "created_at": NOW + timedelta(minutes=number % 5),
                "due_at": item["due"],
                "due_order": item["due"] or FAR_AHEAD,
                "state": item["state"],
                "case_id": None if item.get("case") is None else f"c{item['case']}",
                **scope,
            }
            uow.write(insert(work_item), row)
            for other in item["others"]:
                uow.write(insert(work_item_candidate), {"work_item_id": f"w{number:03}", **other})


KEYS: dict[Sort, Any] = {
    Sort.DUE: lambda item: (item["due"] or FAR_AHEAD,),
    Sort.CREATED: lambda item: (item["number"] % 5,),
    Sort.PRIORITY: lambda item: (-item["priority"], item["due"] or FAR_AHEAD),
    Sort.NAME: lambda item: (item["name"],),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    viewer=viewers,
    population=st.lists(items, max_size=25),
    sort=st.sampled_from(list(Sort)),
    mine=st.sampled_from(list(Mine)),
    page=st.integers(1, 3),
    text=st.sampled_from((None, None, "b", "z")),
    bound=st.sampled_from((2, 1000)),
)
def test_the_inbox_is_the_policy_sorted_and_paged(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    viewer: Viewer,
    population: list[dict[str, Any]],
    sort: Sort,
    mine: Mine,
    page: int,
    text: str | None,
    bound: int,
) -> None:
    monkeypatch.setattr(rows, "COUNT_BOUND", bound)
    populate(database, population)
    numbered = [{**item, "number": number, "id": f"w{number:03}"} for number, item in enumerate(population)]
    assigned = {
        Mine.ALL: lambda item: True,
        Mine.ASSIGNED: lambda item: item["assignee"] == viewer.user_id,
        Mine.UNASSIGNED: lambda item: item["assignee"] is None,
    }[mine]
    open_items = [item for item in numbered if item["state"] == "open" and sees_item(viewer, item)]
    expected = sorted(
        (item for item in open_items if assigned(item) and (text is None or text in item["name"].lower())),
        key=lambda item: (*KEYS[sort](item), item["id"]),
    )
    with database.reading() as reader:
        found = inbox(reader, viewer, InboxFilter(mine=mine, text=text), sort, Paging(page, 4), NOW)
        condition = visible_work_items(viewer)
        visible = {row[0] for row in reader.rows(select(work_item.c.id).where(condition))}
        opened = {item["id"] for item in numbered if _is_found(item_queries.work_item_seen, reader, viewer, item["id"])}
    assert [item.id for item in found.items] == [item["id"] for item in expected[(page - 1) * 4 : page * 4]]
    assert (found.total, found.total_is_exact) == (min(len(expected), bound), len(expected) <= bound)
    assert visible == opened == {item["id"] for item in numbered if sees_item(viewer, item)}


def _is_found(ask: Callable[..., object], reader: Reader, viewer: Viewer, identity: str) -> bool:
    try:
        ask(reader, viewer, identity, NOW)
    except NotFound:
        return False
    return True


def name_cases(database: Database, named: tuple[str, ...], of_cases: list[dict[str, Any]]) -> None:
    """Give the three cases titles, of which only their words are looked up, and parties."""
    with database.transaction(ManualClock(NOW)) as uow:
        uow.write(delete(case_party))
        uow.write(delete(case_word))
        for number, title in enumerate(named):
            case_words.insert_words(uow, f"c{number}", f"r{number}", title)
        for party in of_cases:
            row = {**party, "case_id": f"c{party['case']}"}
            del row["case"]
            uow.write(insert(case_party), row)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    viewer=st.one_of(viewers, sees_all, sees_all),
    population=st.one_of(st.lists(items, max_size=25), st.lists(open_to_all, min_size=6, max_size=20)),
    named=titles,
    of_cases=st.lists(parties, max_size=6),
    sort=st.sampled_from(list(Sort)),
    page=st.integers(1, 3),
    text=st.sampled_from(("b", "r1", "r", "r", "lind", "BERG", "lind berg", "bo", "ö", "zz")),
    bound=st.sampled_from((1, 2, 3, 1000)),
)
def test_a_search_finds_what_the_policy_lets_be_found(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    viewer: Viewer,
    population: list[dict[str, Any]],
    named: tuple[str, ...],
    of_cases: list[dict[str, Any]],
    sort: Sort,
    page: int,
    text: str,
    bound: int,
) -> None:
    monkeypatch.setattr(rows, "COUNT_BOUND", bound)
    populate(database, population)
    name_cases(database, named, of_cases)
    visible = {
        number for number in range(3) if sees_case(viewer, [party for party in of_cases if party["case"] == number])
    }

    def case_matches(number: int) -> bool:
        told = f"r{number} {named[number]}" if number in visible else f"r{number}"
        return all(word in told.casefold() for word in text.casefold().split())

    def matches(item: dict[str, Any]) -> bool:
        in_name = all(word in item["name"].casefold() for word in text.casefold().split())
        return in_name or (item["case"] is not None and case_matches(item["case"]))

    numbered = [{**item, "number": number, "id": f"w{number:03}"} for number, item in enumerate(population)]
    expected = sorted(
        (item for item in numbered if item["state"] == "open" and sees_item(viewer, item) and matches(item)),
        key=lambda item: (*KEYS[sort](item), item["id"]),
    )
    cases = [f"c{number}" for number in (2, 1, 0) if number in visible and case_matches(number)]
    with database.reading() as reader:
        tasks = inbox(reader, viewer, InboxFilter(text=text), sort, Paging(page, 2), NOW)
        found = case_queries.cases(reader, viewer, CaseFilter(text=text), Paging(1, 2), NOW)
    assert [item.id for item in tasks.items] == [item["id"] for item in expected[(page - 1) * 2 : page * 2]]
    assert (tasks.total, tasks.total_is_exact) == (min(len(expected), bound), len(expected) <= bound)
    assert [row.id for row in found.items] == cases[:2]
    assert (found.total, found.total_is_exact) == (min(len(cases), bound), len(cases) <= bound)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers, population=st.lists(parties, max_size=6))
def test_a_case_is_seen_by_the_units_of_its_parties(
    database: Database, viewer: Viewer, population: list[dict[str, Any]]
) -> None:
    with database.transaction(ManualClock(NOW)) as uow:
        uow.write(delete(case_party))
        for party in population:
            row = {**party, "case_id": f"c{party['case']}"}
            del row["case"]
            uow.write(insert(case_party), row)
    with database.reading() as reader:
        found = {row[0] for row in reader.rows(select(case_.c.id).where(visible_cases(viewer, NOW)))}
        opened = {case_id for case_id in ("c0", "c1", "c2") if _is_found(case_queries.case, reader, viewer, case_id)}
    assert (
        found
        == opened
        == {
            f"c{number}"
            for number in range(3)
            if sees_case(viewer, [party for party in population if party["case"] == number])
        }
    )


@pytest.mark.parametrize("sort", list(Sort))
def test_each_order_of_a_long_inbox_is_read_from_an_index(
    on_sqlite: Database, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    monkeypatch.setattr(rows, "COUNT_BOUND", 0)
    monkeypatch.setattr(Reader, "_ready", lambda *_: None)  # past the prepared statements, so that each is heard
    open_item = {"scope": {"role": ROLES[0], "organisation": None, "unit": None}, "others": [], "assignee": None}
    populate(on_sqlite, [{**open_item, "name": "A", "priority": 50, "due": None, "state": "open"}])
    viewer = Viewer("anna", "x", "social", frozenset(ROLES), frozenset(UNITS))
    asked: list[Any] = []
    with on_sqlite.reading() as reader:
        listen(reader.connection, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
        inbox(reader, viewer, InboxFilter(), sort, Paging(1, 50), NOW)
        statement, parameters = asked[1]
        plan = [row[3] for row in reader.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    runs = [step for step in plan if f"ix_work_item_inbox_{sort}" in step]
    assert len(runs) >= len(ROLES)
    assert sum("COVERING" in step for step in runs) >= len(ROLES)
    assert not any(step.startswith("SCAN work_item") and "INDEX" not in step for step in plan)
