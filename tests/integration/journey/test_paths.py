"""One person's way through every diagram, on the real engine and registers: the usual way, and each way aside."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.clock import ManualClock, local_date
from engine.due import add, period_of
from engine.engine import Engine
from engine.errors import InvalidInput
from engine.feel import Environment, FeelDate
from engine.functions import host_functions
from engine.protocols import Actor
from processes.aktivitetskrav.autopilot.form_answers import answer_form
from processes.aktivitetskrav.decisions_import import import_decisions
from processes.family import PROCESSES
from tests.integration.journey.conftest import Town, row, write

HANNA, BIRGITTA = Actor("hanna", "Hanna"), Actor("birgitta", "Birgitta")
FORMS = PROCESSES / "aktivitetskrav"
COMING = ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04")


@dataclass
class Way:
    """One case under way: what staff do, and the time that passes."""

    engine: Engine
    town: Town
    clock: ManualClock
    folder: Path
    environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        functions = host_functions(self.town.calendar, self.town.families.parameters, self.clock)
        self.environment = Environment(now=self.clock.now, functions=functions)

    @property
    def case_id(self) -> str:
        """The only case."""
        with self.engine.database.reading() as reader:
            return str(reader.scalar(text("SELECT id FROM case_")))

    def months(self, *months: str, outcome: str = "bifall", reference: str | None = None) -> None:
        """Decisions on these months come in, one file each."""
        for month in months:
            path = write(self.folder / "beslut.csv", row(1, month, outcome, reference))
            import_decisions(self.engine, path, self.town.families.roles)
        self.settle()

    def settle(self) -> None:
        """Do all that is due."""
        while self.engine.fire_due(500) or self.engine.run_until_idle():
            pass

    def pass_time(self, duration: str) -> None:
        """Let time pass; what falls due on the way happens when it is due."""
        target = add(self.clock.now(), period_of(duration))
        while (alarm := self.engine.next_alarm()) is not None and alarm <= target:
            self.clock.set(max(alarm, self.clock.now()))
            self.settle()
        self.clock.set(target)
        self.settle()

    def tasks(self) -> list[str]:
        """The names of the case's open tasks; there must be no incident."""
        assert [(each.element_id, each.message) for each in self.engine.queries.incidents().items] == []
        return sorted(item.name for item in self.engine.queries.open_items(case_id=self.case_id))

    def do(self, name: str, actor: Actor = HANNA, **chosen: Any) -> None:
        """Complete the open task of that name: `chosen` answers, and plausible ones to what else is asked."""
        item = next((each for each in self.engine.queries.open_items() if each.name == name), None)
        assert item is not None, f"no task {name!r} among {self.tasks()}"
        form: Mapping[str, Any] = json.loads((FORMS / f"{item.form_id}.form").read_text("utf-8"))
        variables = self.engine.queries.variables(item.instance_id)
        today = local_date(self.clock.now())
        answers = answer_form(form, chosen, variables, today, random.Random(1), self.environment)
        self.engine.complete(item.id, {**answers, **chosen}, actor=actor)
        self.settle()

    def tell(self, message: str, **payload: Any) -> None:
        """A message about the case comes in."""
        self.engine.correlate(message, self.case_id, {"arendeId": self.case_id, **payload})
        self.settle()

    def letters(self) -> list[str]:
        """The texts of which letters were written, in order."""
        with self.engine.database.reading() as reader:
            return [str(each[0]) for each in reader.rows(text("SELECT template FROM ak_letter ORDER BY id"))]

    def count(self, table: str) -> int:
        """How many rows a register has."""
        with self.engine.database.reading() as reader:
            return int(reader.scalar(text(f"SELECT count(*) FROM {table}")))


@pytest.fixture
def journey(engine: Engine, town: Town, clock: ManualClock, tmp_path: Path) -> Way:
    """A person whose requirement has entered, surveyed."""
    path = Way(engine, town, clock, tmp_path)
    path.months("2026-07", "2026-08", "2026-09", *COMING)
    path.do("Kartlägg situationen", anstallningTimmar=10, sjukskriven="nej", inskrivenAf=True, barnomsorgBehov=True)
    return path


def to_reception(path: Way, **assessment: Any) -> None:
    path.do("Bedöm förmåga och omfattning", undantag="inget", kravtimmar=20)
    path.do("Gör behovsbedömning", **{"beslutsvag": "ordinarie", "behovsniva": "niva2", "samtycke": "ja", **assessment})


def to_matching(path: Way) -> None:
    to_reception(path)
    path.do("Pröva sekretessen", utlamnande="ja", rattsligGrund="samtycke", utlamnadeFalt=["kontakt", "behovsniva"])
    path.do("Ta emot överlämning", mottagandeSvar="mottagen")
    path.do("Håll flerpartsmöte")


def to_plan(path: Way) -> None:
    to_matching(path)
    path.do("Välj aktivitetstyp", aktivitetstyp="sprak", aktivitetTimmar=20, upptrappning=False)
    path.do("Välj plats", platsval="placera", timmarPerVecka=20)


def to_follow_up(path: Way, answer: str = "tar_emot") -> None:
    to_plan(path)
    path.do("Upprätta planutkast", medverkan=[], planFran=FeelDate(2026, 10, 1), planTill=FeelDate(2027, 4, 30))
    path.do("Ta in deltagarens synpunkter")
    path.do("Besluta om planen", planbeslut="beslutas", planTill=FeelDate(2027, 4, 30))
    path.do("Anvisa deltagaren", deltagarensSvar=answer, anvisningStart=FeelDate(2026, 10, 1))
    path.do("Registrera hos AF")


def to_decision(path: Way) -> None:
    day = FeelDate(2026, 10, 5)
    path.tell(
        "AvvikelseUpptackt",
        avvikelsetyp="uteblivit",
        avvikelseFran=day,
        avvikelseTill=day,
        avvikelseTimmar=4,
        stodmanad="2026-10",
        avvikelseKalla="test",
    )
    path.do("Beskriv vad som hänt", avvikelseGaller="individ", skalkategori="annat")
    path.do("Utred avvikelsen", skalBedomning="ej_godtagbart")
    path.tell("YttrandeInkommet", yttrandeDatum=day, yttrandeText="Bussen kom inte.")
    path.do("Bedöm skäl och barnets bästa", forslagUtfall="nedsatt")


def test_the_usual_way_leads_from_decision_to_follow_up(journey: Way) -> None:
    # when
    to_follow_up(journey)
    # then
    assert journey.tasks() == []
    assert journey.letters() == ["krav_intrader", "planbeslut", "anvisning"]
    # and when a good two months have passed
    journey.pass_time("P65D")
    # then
    assert "Följ upp deltagandet" in journey.tasks()
    assert journey.engine.verify() == []


def test_a_hand_over_that_nobody_accepts_is_escalated_beside_the_task(journey: Way) -> None:
    # given
    to_reception(journey)
    journey.do("Pröva sekretessen", utlamnande="ja", rattsligGrund="samtycke", utlamnadeFalt=["kontakt"])
    # when: the last day of the time to accept, and when the adviser's reminder has not helped
    journey.pass_time("P7D")
    on_time = journey.tasks()
    journey.pass_time("P5D")
    # then
    assert on_time == ["Ta emot överlämning"]
    assert journey.tasks() == ["Säkra att uppgiften görs", "Ta emot överlämning"]
    # and when it is accepted, the escalation is no longer needed
    journey.do("Ta emot överlämning", mottagandeSvar="mottagen")
    assert journey.tasks() == ["Håll flerpartsmöte"]
    journey.do("Håll flerpartsmöte")
    assert journey.tasks() == ["Välj aktivitetstyp"]


def test_only_disclosed_facts_cross_to_the_labour_market_side(journey: Way) -> None:
    # when: neither hindrance nor goal was disclosed
    to_matching(journey)
    # then
    item = journey.engine.queries.open_items()[0]
    known = journey.engine.queries.variables(item.instance_id)
    assert known["behovsniva"] == "niva2"
    assert (known["hinder"], known["mal"], known["sprakniva"]) == (None, None, None)


def test_a_refused_hand_over_comes_back_and_is_assessed_anew(journey: Way) -> None:
    # given
    to_reception(journey)
    journey.do("Pröva sekretessen", utlamnande="nej")
    journey.do("Ta ställning till hindret", utlamnandeAtgard="prova_igen")
    journey.do("Pröva sekretessen", utlamnande="ja", rattsligGrund="menprovning", utlamnadeFalt=["kontakt"])
    # when
    journey.do("Ta emot överlämning", mottagandeSvar="avvisad", mottagandeKommentar="Behöver vård först")
    journey.do("Ta ställning till återlämningen", aterlamningAtgard="ny_bedomning")
    # then
    assert journey.tasks() == ["Gör behovsbedömning"]


def test_lack_of_places_is_the_municipalitys_deviation(journey: Way) -> None:
    # given
    to_matching(journey)
    journey.do("Välj aktivitetstyp", aktivitetstyp="sprak", aktivitetTimmar=20, upptrappning=False)
    journey.do("Välj plats", platsval="koa")
    assert journey.tasks() == []
    # when
    journey.pass_time("P25D")
    # then
    assert journey.tasks() == ["Utred vad som brast", "Välj aktivitetstyp"]


def test_a_plan_waits_for_those_who_take_part_and_no_longer_than_the_time_to_answer(journey: Way) -> None:
    # given
    to_plan(journey)
    dates = {"planFran": FeelDate(2026, 10, 1), "planTill": FeelDate(2027, 3, 31)}
    journey.do("Upprätta planutkast", medverkan=["barnomsorg", "af", "sip"], sipSamtycke=True, **dates)
    assert journey.tasks() == ["Ordna barnomsorg", "Samordna SIP"]
    # when
    journey.do("Samordna SIP")
    journey.do("Ordna barnomsorg", barnomsorgSvar="ordnad")
    waiting = journey.tasks()
    journey.pass_time("P20D")
    # then
    assert waiting == []
    assert journey.tasks() == ["Ta in deltagarens synpunkter"]


def test_a_declined_assignment_becomes_a_deviation_and_changes_no_support(journey: Way) -> None:
    # when
    to_follow_up(journey, answer="avbojer")
    # then
    assert journey.tasks() == ["Beskriv vad som hänt"]
    assert journey.count("ak_outgoing") == 0


def test_whoever_reported_the_deviation_may_not_decide_on_it(journey: Way) -> None:
    # given
    to_follow_up(journey)
    to_decision(journey)
    # when
    with pytest.raises(InvalidInput, match="rapporterade"):
        journey.do("Fatta beslut", avvikelseUtfall="nedsatt", nedsattningProcent=20)
    # then
    assert journey.count("ak_outgoing") == 0
    journey.do("Fatta beslut", actor=BIRGITTA, avvikelseUtfall="nedsatt", nedsattningProcent=20)
    assert journey.count("ak_outgoing") == 1


def _stands(path: Way) -> None:
    path.pass_time("P40D")


def _too_late(path: Way) -> None:
    path.tell("OverklagandeInkommet", overklagandeDatum=FeelDate(2026, 12, 1), overklagandeText="Orimligt")
    path.do("Pröva om det kom i tid", iRattTid="nej")
    path.do("Avvisa överklagandet")


def _changed(path: Way) -> None:
    path.tell("OverklagandeInkommet", overklagandeDatum=FeelDate(2026, 12, 1), overklagandeText="Orimligt")
    path.do("Pröva om det kom i tid", iRattTid="ja")
    path.do("Ompröva beslutet", overklagandeUtfall="andras")


def _in_court(path: Way) -> None:
    path.tell("OverklagandeInkommet", overklagandeDatum=FeelDate(2026, 12, 1), overklagandeText="Orimligt")
    path.do("Pröva om det kom i tid", iRattTid="ja")
    path.do("Ompröva beslutet", overklagandeUtfall="andras_inte")
    path.do("Överlämna till förvaltningsrätten")
    path.tell("DomInkommen", domDatum=FeelDate(2027, 2, 1), domUtfall="bifall", domText="Bifall")
    path.do("Verkställ domen")


@pytest.mark.parametrize(
    ("way", "sent"),
    [(_stands, 1), (_too_late, 1), (_changed, 2), (_in_court, 2)],
    ids=["nobody appeals", "too late", "changed", "in court"],
)
def test_a_decision_is_notified_and_may_be_appealed(journey: Way, way: Callable[[Way], None], sent: int) -> None:
    # given
    to_follow_up(journey)
    to_decision(journey)
    journey.do("Fatta beslut", actor=BIRGITTA, avvikelseUtfall="neka")
    assert "underrattelse_beslut" in journey.letters()
    # when
    way(journey)
    # then
    assert journey.count("ak_outgoing") == sent
    with journey.engine.database.reading() as reader:
        query = (
            "SELECT DISTINCT i.state FROM process_instance i JOIN process_definition d ON d.id = i.definition_id"
            " WHERE d.process_id IN ('avvikelse', 'overklagande')"
        )
        assert [each[0] for each in reader.rows(text(query))] == ["completed"]


@pytest.mark.parametrize(
    ("outcome", "task"),
    [
        ("trappa_upp", ["Välj aktivitetstyp"]),
        ("aterlamna", ["Ta ställning till återlämningen"]),
        ("avsluta", ["Bedöm avslutet"]),
        ("forlang", []),
    ],
)
def test_a_reassessment_that_is_asked_for_leads_where_it_says(journey: Way, outcome: str, task: list[str]) -> None:
    # given
    to_follow_up(journey)
    # when
    journey.tell("OmprovningKravs", omprovningOrsak="Har fått arbete")
    journey.do("Ompröva planen", omprovningUtfall=outcome, nyPlanTill=FeelDate(2027, 4, 30))
    # then
    assert journey.tasks() == task


def test_an_exemption_is_tried_again_when_it_runs_out(journey: Way) -> None:
    # given
    until = {"undantagTill": FeelDate(2026, 9, 1)}
    journey.do("Bedöm förmåga och omfattning", undantag="helt", kravtimmar=0, **until)
    journey.do("Besluta om undantag", undantagBeslut="beviljas", **until)
    assert journey.tasks() == []
    # when
    journey.pass_time("P70D")
    # then
    assert journey.tasks() == ["Kartlägg situationen"]


def test_a_correction_of_what_has_started_is_a_persons_decision(
    engine: Engine, town: Town, clock: ManualClock, tmp_path: Path
) -> None:
    # given
    path = Way(engine, town, clock, tmp_path)
    path.months("2026-07", "2026-08", "2026-09")
    assert path.tasks() == ["Kartlägg situationen"]
    # when
    path.months("2026-09", outcome="avslag", reference="RÄTTAD-1")
    # then
    assert path.tasks() == ["Kartlägg situationen", "Ta ställning till rättelsen"]
    # and when the person lets it take effect
    path.do("Ta ställning till rättelsen", rattelseAtgard="genomfor")
    # then
    assert path.tasks() == ["Bedöm avslutet"]
    assert path.letters() == ["krav_upphor"]


def test_a_month_without_a_decision_ends_the_requirement_and_all_that_goes_on(
    engine: Engine, town: Town, clock: ManualClock, tmp_path: Path
) -> None:
    # given
    path = Way(engine, town, clock, tmp_path)
    path.months("2026-07", "2026-08", "2026-09")
    path.do("Kartlägg situationen", sjukskriven="nej")
    to_matching(path)
    assert path.tasks() == ["Välj aktivitetstyp"]
    # when: nothing comes for October
    path.pass_time("P150D")
    # then
    assert path.tasks() == ["Bedöm avslutet"]
    assert "krav_upphor" in path.letters()
