"""How fast an inbox page is with 100 000 open work items, in each order, for narrow and broad viewers.

The rows are written in bulk, as the engine would write them; the product's own data never is.
"""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from sqlalchemy import insert

from engine.access import Viewer
from engine.clock import ManualClock
from engine.store.case_words import word_rows
from engine.store.database import Database
from engine.store.inbox import count, inbox
from engine.store.rows import InboxFilter, Mine, Paging, Sort
from engine.store.schema import (
    case_,
    case_party,
    case_word,
    process_definition,
    process_instance,
    release,
    resource,
    work_item,
)
from engine.store.work_item_rows import FAR_AHEAD

Row = tuple[str, float, str, str]
NOW = datetime(2026, 5, 1, tzinfo=UTC)
ITEMS, CASES = 100_000, 8_000
ROLES = {"handlaggare": "social", "chef": "social", "jobbcoach": "arbete", "matchare": "arbete", "utforare": "utforare"}
GIVEN, FAMILY = (
    ("Anna", "Nadia", "Erik", "Yusuf", "Olga"),
    ("Lindberg", "Berg", "Ali", "Ek", "Sandström", "Åberg", "Hansson"),
)
TITLES = [f"{given} {family}" for given in GIVEN for family in FAMILY]
UNITS = [f"enhet-{number}" for number in range(20)]
VIEWERS = {
    "one unit": Viewer("u1", "A", "social", frozenset({"handlaggare"}), frozenset({"enhet-3"})),
    "five units, two roles": Viewer("u2", "B", "arbete", frozenset({"jobbcoach", "matchare"}), frozenset(UNITS[:5])),
    "all units, supervising": Viewer(
        "u3", "C", "social", frozenset({"chef"}), all_units=True, supervised_roles=frozenset({"handlaggare"})
    ),
    "nothing to see": Viewer("u4", "D", "social", frozenset({"utforare"}), frozenset({"enhet-3"})),
}


def fill(database: Database, items: int) -> None:
    """Write so many open work items, and as many completed ones."""
    chance = random.Random(1)
    with database.transaction(ManualClock(NOW)) as uow:
        uow.write(insert(release), {"number": 1, "at": NOW, "author": "x", "approver": None, "note": ""})
        uow.write(insert(resource), {"digest": "d", "kind": "bpmn", "content": b""})
        definition = {"id": 1, "process_id": "p", "version": 1, "name": "P", "release": 1, "file": "p", "digest": "d"}
        uow.write(insert(process_definition), definition)
        cases = [
            {"id": f"c{number}", "family": "f", "reference": f"AK-{number:06}", "title": TITLES[number % len(TITLES)],
             "state": "open", "created_at": NOW, "history_seq": 0}
            for number in range(CASES)
        ]  # fmt: skip
        uow.write_many(insert(case_), cases)
        parties = [
            {"case_id": case["id"], "organisation": organisation, "unit": None, "since": NOW}
            for case in cases
            for organisation in set(ROLES.values())
        ]
        uow.write_many(insert(case_party), parties)
        words = [row for case in cases for row in word_rows(case["id"], case["reference"], case["title"])]
        uow.write_many(insert(case_word), words)
        instances = [
            {"id": f"i{number}", "case_id": f"c{number}", "definition_id": 1, "release": 1, "state": "active",
             "version": 1, "started_at": NOW, "history_seq": 0, "snapshot": b""}
            for number in range(CASES)
        ]  # fmt: skip
        uow.write_many(insert(process_instance), instances)
        rows = []
        for number in range(2 * items):
            role = chance.choice(list(ROLES))
            due = NOW + timedelta(hours=chance.randint(-500, 2000)) if chance.random() < 0.9 else None
            case = chance.randrange(CASES)
            rows.append(
                {
                    "id": f"{chance.getrandbits(128):032x}", "instance_id": f"i{case}", "case_id": f"c{case}",
                    "definition_id": 1, "element_id": "t", "name": f"Uppgift {chance.randint(1, 40)}",
                    "role": role, "organisation": ROLES[role], "unit": chance.choice([None, *UNITS]),
                    "assignee": chance.choice([None, None, f"u{chance.randint(1, 300)}"]), "priority": 50,
                    "priority_order": -chance.randint(0, 100), "created_at": NOW - timedelta(hours=number % 900),
                    "due_at": due, "due_order": due or FAR_AHEAD, "state": "completed" if number % 2 else "open",
                }
            )  # fmt: skip
        uow.write_many(insert(work_item), rows)


def page_times(database: Database) -> dict[str, float]:
    """The median processor time of one page in milliseconds, by what is asked, from question to answer.

    Everything happens in this process and nothing waits for the disk: on an idle machine it is the time by the clock.
    """
    questions = {
        f"{name}, by {sort}": (viewer, InboxFilter(), sort, Paging(1, 50))
        for name, viewer in VIEWERS.items()
        for sort in Sort
    }
    broad = VIEWERS["all units, supervising"]
    questions["page 20 of all units"] = (broad, InboxFilter(), Sort.DUE, Paging(20, 50))
    questions["mine"] = (VIEWERS["one unit"], InboxFilter(mine=Mine.ASSIGNED), Sort.DUE, Paging(1, 50))
    questions["overdue, all units"] = (broad, InboxFilter(due_before=NOW), Sort.DUE, Paging(1, 50))
    for name, text in (
        ("a name", "lindberg"),
        ("a reference", "AK-000123"),
        ("a task", "Uppgift 17"),
        ("little", "an"),
    ):
        questions[f"searched by {name}, all units"] = (broad, InboxFilter(text=text), Sort.DUE, Paging(1, 50))
    found = {}
    for name, question in questions.items():
        times = []
        for _ in range(7):
            start = process_time()
            with database.reading() as reader:
                inbox(reader, *question, NOW)
            times.append((process_time() - start) * 1000)
        found[name] = sorted(times)[len(times) // 2]
    for name, viewer in VIEWERS.items():
        found[f"whole page of {name}: list and three counts"] = _whole_page(database, viewer)
    return found


def _whole_page(database: Database, viewer: Viewer) -> float:
    tabs = (InboxFilter(), InboxFilter(mine=Mine.ASSIGNED), InboxFilter(due_before=NOW))
    times = []
    for _ in range(7):
        start = process_time()
        with database.reading() as reader:
            inbox(reader, viewer, InboxFilter(mine=Mine.UNASSIGNED), Sort.DUE, Paging(1, 25), NOW)
            for tab in tabs:
                count(reader, viewer, tab, NOW)
        times.append((process_time() - start) * 1000)
    return sorted(times)[len(times) // 2]


def run() -> list[Row]:
    """Name, value, unit and target of each measurement."""
    rows: list[Row] = []
    slowest: dict[int, float] = {}
    for items in (ITEMS // 10, ITEMS):
        with tempfile.TemporaryDirectory() as folder:
            database = Database.open(f"sqlite:///{Path(folder) / 'bench.db'}")
            database.migrate()
            fill(database, items)
            times = page_times(database)
            database.close()
        slowest[items] = max(times.values())
        if items == ITEMS:
            rows = [
                (f"inbox of {ITEMS} open items, processor time: {name}", value, "ms", "< 50")
                for name, value in times.items()
            ]
    growth = slowest[ITEMS] / slowest[ITEMS // 10]
    rows.append(("slowest inbox page, 100 000 against 10 000 items", growth, "ratio", ""))
    return rows
