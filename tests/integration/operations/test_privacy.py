"""Months of fictitious work, its pages and its faults: and no person's name, number or answer in the log."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

import stegvis
from commands.configuration.settings import LogSettings
from commands.observing.guard import PERSONNUMMER
from commands.observing.logs import LoggingObserver, OurHandler, set_up_logs
from commands.root import Installation
from engine.clock import ManualClock
from engine.errors import StegvisError
from forms.app import create_app
from forms.request_reports import RequestReport
from forms.settings import Settings
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.family import find_families
from tests.browser.town import MONDAY
from tests.integration.forms.town import Browser
from timers.calendar import WorkingCalendar

TYPED = "Hemligheten om mormor Gunhild"


class Observer(LoggingObserver):
    """The log as an application is given it."""

    def request_began(self, request_id: str, endpoint: str) -> None:
        """Nothing to write."""

    def exposition(self) -> bytes | None:
        """No metrics here."""
        return None


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs, down to the least grave line."""
    root, stream = logging.getLogger(), io.StringIO()
    level = root.level
    set_up_logs(LogSettings(format="json", level="debug"), stream)
    yield stream
    for handler in [each for each in root.handlers if isinstance(each, OurHandler)]:
        root.removeHandler(handler)
    root.setLevel(level)


def persons(room: Installation) -> Iterator[str]:
    """Every name and number of the registers and the cases' titles, and the staff's names."""
    with room.engine.database.reading() as reader:
        for sql in ("SELECT title FROM case_", "SELECT name FROM ak_person", "SELECT number FROM ak_person"):
            yield from (str(row[0]) for row in reader.connection.execute(text(sql)) if row[0])
    yield from (user.name for user in room.families.roles.demo_users.values())


def walk(room: Installation, observer: Observer) -> None:
    """Look at the pages as several people, search by name, and answer tasks wrongly."""
    settings = Settings(secret_key="not secret, for tests only", login_limit="1000 per minute")
    app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar, watch=observer)
    name = next(persons(room))
    for user in ("hanna", "karim", "eva", "anton"):
        browser = Browser(app.test_client())
        browser.post("/logga-in", {"user": user})
        for address in ("/uppgifter", "/uppgifter?flik=alla", "/arenden", "/processer", "/om", "/finns-inte"):
            pages = browser.get(address)
            for link in re.findall(r'href="(/(?:uppgifter|arenden)/[0-9a-f]{32})"', pages.text)[:2]:
                browser.get(link)
                browser.post(link, {"f.motivering": TYPED, "f.namn": name})
        browser.get("/arenden", query_string={"sok": name})


def test_a_seeded_municipality_leaves_no_person_in_the_log(tmp_path: Path, log: io.StringIO) -> None:
    url, observer = f"sqlite:///{tmp_path / 'prov.sqlite'}", Observer()
    seed(
        lambda clock: stegvis.open_installation(url, clock=clock, observer=observer).engine,
        find_families().roles,
        WorkingCalendar(),
        cases=3,
        months=4,
        seed=1,
        until=MONDAY,
        progress=lambda step: None,
    )
    with stegvis.installation(url, clock=ManualClock(MONDAY), observer=observer) as room:
        walk(room, observer)
        room.engine.verify()
        with pytest.raises(StegvisError):
            room.engine.correlate("x" * 10, "y", {"namn": TYPED}, ttl=None, message_id="\udcff")
        known = {each for each in persons(room) if len(each) > 3}

    told = log.getvalue()
    lines = [json.loads(line) for line in told.splitlines()]
    assert len(lines) > 200
    assert {"correlate", "complete", "run_job"} <= {line.get("command") for line in lines}
    assert {"tasks.inbox", "cases.case", "tasks.task"} <= {line.get("endpoint") for line in lines}
    assert len(known) > 10
    parts = {part for each in known for part in re.split(r"[\s,]+", each) if len(part) > 3}
    assert [part for part in sorted(parts) if re.search(rf"\b{re.escape(part)}\b", told)] == []
    assert TYPED not in told
    assert PERSONNUMMER.search(re.sub(r'"[0-9a-f]{32}"', "", told)) is None
    assert all("dropped" not in line for line in lines if line["logger"].startswith(("stegvis", "forms", "engine")))


def test_a_request_report_has_no_room_for_an_address() -> None:
    assert set(RequestReport.__dataclass_fields__) == {
        "request_id",
        "endpoint",
        "method",
        "status",
        "seconds",
        "actor_id",
    }
