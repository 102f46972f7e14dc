"""A municipality behind a real web server: the whole family, a real engine and a clock of the test's own."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from waitress import create_server

from engine.clock import LOCAL_ZONE, ManualClock, local_date
from engine.engine import Engine
from engine.store.rows import WorkItemRow
from forms.app import create_app
from forms.settings import Settings
from processes.aktivitetskrav.autopilot.choices import choose
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.form_answers import answer_form, read_form
from processes.aktivitetskrav.autopilot.staff import viewer_of
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.identity import check_digit
from processes.roles import RoleBook
from stegvis import Installation, open_installation

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=LOCAL_ZONE)
QUARTER = ("2026-07", "2026-08", "2026-09")
HEADER = "person;hushall;enhet;manad;utfall;hinder;beslutsdatum;referens;namn"


@dataclass
class Town:
    """What a test does besides clicking: import decisions, let time pass, look into the engine."""

    room: Installation
    clock: ManualClock
    address: str
    folder: Path
    serials: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def engine(self) -> Engine:
        """The engine behind the server."""
        return self.room.engine

    @property
    def roles(self) -> RoleBook:
        """The people, for making viewers."""
        return self.room.families.roles

    def decide(self, name: str, months: Sequence[str] = QUARTER) -> str:
        """Import a chain of support months of a new fictitious person; the id of the case that it opens."""
        serial, before = next(self.serials), self._cases()
        nine = f"880209{serial:03d}"
        person = f"18{nine}{check_digit(nine)}"
        rows = (
            f"{person};H{serial};sdf_norr;{month};bifall;arbetslos;{month}-03;EB-{serial}-{month};{name}"
            for month in months
        )
        file = self.folder / f"beslut-{serial}.csv"
        file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        result = import_decisions(self.engine, file, self.roles)
        assert not result.faults
        self.settle()
        (case_id,) = self._cases() - before
        return case_id

    def settle(self) -> None:
        """Let the dispatcher's work of this moment be done."""
        self.engine.run_until_idle()

    def pass_time(self, step: timedelta) -> None:
        """Let `step` pass, firing each timer at its own due time."""
        end = self.clock.now() + step
        while (due := self.engine.next_alarm()) is not None and due <= end:
            self.clock.set(max(due, self.clock.now()))
            self.settle()
        self.clock.set(end)
        self.settle()

    def item(self, case_id: str, element_id: str) -> WorkItemRow:
        """The case's one open task at that element."""
        (found,) = [
            item
            for item in self.engine.queries.open_items()
            if item.case_id == case_id and item.element_id == element_id
        ]
        return found

    def do(self, case_id: str, element_id: str, user_id: str, **chosen: object) -> None:
        """Complete the case's task without a browser, with the autopilot's answers where the test does not care."""
        self.complete(self.item(case_id, element_id), user_id, chosen)

    def complete(self, item: WorkItemRow, user_id: str, chosen: Mapping[str, object]) -> None:
        """Complete a task without a browser, as one of those who see it."""
        viewer = viewer_of(self.roles.demo_user(user_id), self.roles)
        variables = self.engine.queries.work_item(viewer, item.id).variables
        today, random = self.today(), dice("browser", item.element_id)
        form = read_form(self.engine.queries.form(item.form_id or ""))
        environment = self.engine.rooms.definitions.environment()
        answers = {**choose(item.form_id or "", variables, today, random), **chosen}
        self.engine.complete(
            item.id, answer_form(form, answers, variables, today, random, environment), actor=viewer.actor
        )
        self.settle()

    def today(self) -> date:
        """The local date of the town's clock."""
        return local_date(self.clock.now())

    def hand_over(self, case_id: str) -> None:
        """From the decisions to the adviser's inbox."""
        self.do(case_id, "kartlagg_situationen", "hanna", hinder="arbetslos", sjukskriven="nej")
        self.do(case_id, "bedom_omfattning", "hanna", undantag="inget", kravtimmar=30)
        self.do(case_id, "gor_behovsbedomning", "hanna", samtycke="ja", beslutsvag="ordinarie", sipBehov=False)
        self.do(case_id, "prova_sekretess", "hanna", utlamnande="ja", rattsligGrund="samtycke")

    def scalar(self, sql: str, **values: str) -> object:
        """One value of the store."""
        with self.engine.database.reading() as reader:
            return reader.connection.execute(text(sql), values).scalar()

    def _cases(self) -> set[str]:
        with self.engine.database.reading() as reader:
            return {str(row[0]) for row in reader.connection.execute(text("SELECT id FROM case_"))}


@contextmanager
def served(database: Path, folder: Path) -> Iterator[Town]:
    """A town on `database`, served until the block ends."""
    clock = ManualClock(MONDAY)
    room = open_installation(f"sqlite:///{database}", clock=clock)
    settings = Settings(secret_key="not secret, for tests only", demo=True, login_limit="1000 per minute")
    with room.engine:
        app = create_app(room.engine, room.families.roles, settings, calendar=room.calendar)
        server = create_server(app, host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=server.run, name="web", daemon=True)
        thread.start()
        try:
            yield Town(room, clock, f"http://127.0.0.1:{server.effective_port}", folder)
        finally:
            server.close()
            thread.join(timeout=10)
