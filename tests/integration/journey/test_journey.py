"""The journey on the real engine, where law or secrecy depend on the registers: corrections, hand-over, four eyes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.clock import ManualClock, local_date
from engine.engine import Engine
from engine.errors import NotFound
from engine.feel import Environment, FeelDate
from engine.store.rows import WorkItemRow
from processes.aktivitetskrav.autopilot.choices import choose
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.form_answers import answer_form, read_form
from processes.aktivitetskrav.autopilot.staff import viewer_of
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.aktivitetskrav.handlers.forms import ReporterDecides
from processes.aktivitetskrav.handlers.support import age_on
from processes.aktivitetskrav.records import persons
from processes.aktivitetskrav.states import RequirementStatus
from tests.integration.journey.conftest import Town, row, write

QUARTER = ("2026-07", "2026-08", "2026-09")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Office:
    """Staff doing tasks by name, with the autopilot's answers where the test does not care."""

    def __init__(self, engine: Engine, town: Town, folder: Path) -> None:
        self.engine = engine
        self.town = town
        self.folder = folder
        self.files = 0

    def decide(self, *rows: str) -> None:
        self.files += 1
        import_decisions(self.engine, write(self.folder / f"{self.files}.csv", *rows), self.town.families.roles)

    @property
    def case_id(self) -> str:
        return str(self.scalar("SELECT id FROM case_"))

    def scalar(self, sql: str) -> Any:
        with self.engine.database.reading() as reader:
            return reader.scalar(text(sql))

    def status(self) -> RequirementStatus:
        with self.engine.database.reading() as reader:
            return persons.find_client(reader, self.case_id).status

    def tasks(self) -> list[str]:
        return sorted(item.element_id for item in self.engine.queries.open_items())

    def item(self, element_id: str) -> WorkItemRow:
        (found,) = [item for item in self.engine.queries.open_items() if item.element_id == element_id]
        return found

    def do(self, element_id: str, user_id: str, **chosen: Any) -> None:
        item = self.item(element_id)
        viewer = viewer_of(self.town.families.roles.demo_user(user_id), self.town.families.roles)
        variables = self.engine.queries.work_item(viewer, item.id).variables
        today = local_date(self.engine.clock.now())
        random = dice("test", element_id)
        with self.engine.database.reading() as reader:
            form = read_form(self.engine.rooms.definitions.form(reader, 1, item.form_id or ""))
        answers = answer_form(
            form,
            {**choose(item.form_id or "", variables, today, random), **chosen},
            variables,
            today,
            random,
            Environment(now=self.engine.clock.now, functions=self.engine.rooms.definitions.functions),
        )
        self.engine.complete(item.id, answers, actor=viewer.actor)
        self.engine.run_until_idle()

    def hand_over(self) -> None:
        """From the decisions to the adviser's acceptance."""
        self.decide(*(row(1, month) for month in QUARTER))
        self.do("kartlagg_situationen", "hanna", hinder="arbetslos", sjukskriven="nej")
        self.do("bedom_omfattning", "hanna", undantag="inget", kravtimmar=30)
        self.do(
            "gor_behovsbedomning", "hanna", samtycke="ja", beslutsvag="ordinarie", mal="Hemligt mål", sipBehov=False
        )
        self.do(
            "prova_sekretess",
            "hanna",
            utlamnande="ja",
            rattsligGrund="samtycke",
            utlamnadeFalt=["kravtimmar", "behovsniva"],
        )


@pytest.fixture
def office(engine: Engine, town: Town, tmp_path: Path) -> Office:
    return Office(engine, town, tmp_path)


def test_a_correction_that_a_person_carries_out_ends_the_requirement_and_what_it_had_started(office: Office) -> None:
    office.decide(*(row(1, month) for month in QUARTER))
    office.decide(row(1, "2026-08", "avslag", "rättelse"))

    office.do("ta_stallning_rattelse", "hanna", rattelseAtgard="genomfor")

    assert office.status() is RequirementStatus.NOT_ENTERED
    assert office.tasks() == []
    assert office.engine.verify() == []


def test_a_correction_that_a_person_sets_aside_leaves_everything_running(office: Office) -> None:
    office.decide(*(row(1, month) for month in QUARTER))
    office.decide(row(1, "2026-08", "avslag", "rättelse"))

    office.do("ta_stallning_rattelse", "hanna", rattelseAtgard="behall")

    assert office.status() is RequirementStatus.APPLIES
    assert office.tasks() == ["kartlagg_situationen"]


def test_the_other_board_sees_nothing_before_the_hand_over_and_only_what_was_disclosed_after(office: Office) -> None:
    roles = office.town.families.roles
    adviser = viewer_of(roles.demo_user("karim"), roles)
    office.decide(*(row(1, month) for month in QUARTER))
    with pytest.raises(NotFound):
        office.engine.queries.case(adviser, office.case_id)
    office.do("kartlagg_situationen", "hanna", hinder="arbetslos", sjukskriven="nej")
    office.do("bedom_omfattning", "hanna", undantag="inget", kravtimmar=30)
    office.do("gor_behovsbedomning", "hanna", samtycke="ja", beslutsvag="ordinarie", mal="Hemligt mål", sipBehov=False)
    office.do("prova_sekretess", "hanna", utlamnande="ja", rattsligGrund="samtycke", utlamnadeFalt=["kravtimmar"])

    seen = office.engine.queries.work_item(adviser, office.item("ta_emot_overlamning").id).variables

    assert seen["kravtimmar"] == 30
    assert "Hemligt mål" not in str(seen)
    assert "sjukskriven" not in seen
    office.engine.queries.case(adviser, office.case_id)
    assert office.scalar("SELECT basis FROM case_party WHERE organisation = 'arbetsmarknad'") == "samtycke"


def test_the_adviser_who_accepts_is_responsible(office: Office) -> None:
    office.hand_over()

    office.do("ta_emot_overlamning", "karim", mottagandeSvar="mottagen")

    assert office.scalar("SELECT adviser FROM ak_client") == "karim"
    assert str(office.scalar("SELECT accepted_on FROM ak_handover")) == "2026-07-01"


def test_when_support_ends_the_other_boards_part_ends_too(office: Office, clock: ManualClock) -> None:
    office.hand_over()
    office.do("ta_emot_overlamning", "karim", mottagandeSvar="mottagen")

    office.decide(row(1, "2026-10", "avslag"))

    assert office.status() is RequirementStatus.NOT_ENTERED
    assert office.tasks() == ["bedom_avslutet"]
    assert office.scalar("SELECT count(*) FROM case_party WHERE organisation = 'arbetsmarknad' AND until IS NULL") == 0


def test_a_letter_is_written_from_its_text_and_put_out_once(office: Office) -> None:
    office.hand_over()
    office.decide(row(1, "2026-10", "avslag"))

    letters = office.scalar("SELECT count(*) FROM ak_letter WHERE template = 'krav_upphor'")
    written = office.scalar("SELECT text FROM ak_letter WHERE template = 'krav_upphor'")

    assert letters == 1
    assert "{{" not in written
    assert len(written) > 100


def test_whoever_reported_a_deviation_does_not_decide_on_it(office: Office) -> None:
    office.decide(*(row(1, month) for month in QUARTER))
    roles = office.town.families.roles
    day = FeelDate(2026, 7, 1)
    payload = {
        "arendeId": office.case_id,
        "avvikelsetyp": "uteblivit",
        "avvikelseFran": day,
        "avvikelseTill": day,
        "avvikelseTimmar": 4,
        "stodmanad": "2026-07",
        "avvikelseKalla": "narvaro",
    }
    office.engine.correlate("AvvikelseUpptackt", office.case_id, payload)
    office.engine.run_until_idle()
    _to_the_decision(office)
    item = office.item("fatta_beslut")
    instance = item.instance_id
    office.engine.set_variables(
        instance, {"rapporteradAv": "eva"}, actor=viewer_of(roles.demo_user("anton"), roles).actor
    )

    with pytest.raises(ReporterDecides) as caught:
        office.do("fatta_beslut", "eva", avvikelseUtfall="avsta")

    assert "avvikelseUtfall" in caught.value.fields
    assert office.item("fatta_beslut").id == item.id
    office.do("fatta_beslut", "birgitta", avvikelseUtfall="avsta")
    assert office.scalar("SELECT outcome FROM ak_deviation") == "avsta"
    assert office.scalar("SELECT decided_by FROM ak_deviation") == "birgitta"


def _to_the_decision(office: Office) -> None:
    """The authority's way from a reported absence to its decision, letting the time to reply run out."""
    clock = office.engine.clock
    assert isinstance(clock, ManualClock)
    for _ in range(20):
        open_tasks = set(office.tasks())
        if "fatta_beslut" in open_tasks:
            return
        if "beskriv_handelsen" in open_tasks:
            office.do("beskriv_handelsen", "karim", avvikelseGaller="individ")
        elif "utred_avvikelsen" in open_tasks:
            office.do("utred_avvikelsen", "hanna", skalBedomning="ej_godtagbart")
        elif "bedom_sarskilda_skal" in open_tasks:
            office.do("bedom_sarskilda_skal", "hanna", forslagUtfall="nedsatt")
        else:
            alarm = office.engine.next_alarm()
            assert alarm is not None
            clock.set(max(alarm, clock.now()))
            office.engine.run_until_idle()
    raise AssertionError(f"no decision to make; open: {office.tasks()}")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2000-10-01", "2026-10-01", 26),
        ("2000-10-02", "2026-10-01", 25),
        ("2004-02-29", "2025-02-28", 20),
        ("2004-02-29", "2025-03-01", 21),
    ],
)
def test_age_is_counted_in_whole_years(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age
