"""The journey's files hold together: linted, documented, readable, and with the law's numbers as parameters."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.check import Known, check
from engine.clock import ManualClock
from engine.dmn import load_decisions
from engine.feel import Environment, FeelDate
from engine.feel.template import compile_template
from engine.functions import host_functions
from engine.handlers import HandlerRegistry
from processes.family import find_families
from timers.calendar import WorkingCalendar

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
FAMILIES = find_families()
DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))
TABLES = sorted(FOLDER.glob("*.dmn"))
FORMS = sorted(FOLDER.glob("*.form"))
TEXTS = sorted((FOLDER / "texts").glob("*.md"))
CLOCK = ManualClock(datetime(2026, 9, 1, 8, tzinfo=UTC))
FUNCTIONS = host_functions(WorkingCalendar(), FAMILIES.parameters, CLOCK)
ENVIRONMENT = Environment(now=CLOCK.now, functions=FUNCTIONS)
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Z = "{http://camunda.org/schema/zeebe/1.0}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
SUBSTANTIVE = 20  # characters; a shorter documentation says nothing
INPUTS = {"textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select"}


def nodes(diagram: Path) -> Iterator[ET.Element]:
    """Every flow node of a diagram."""
    for element in ET.parse(diagram).iter():
        if element.tag.startswith(B) and element.tag.endswith(
            ("Task", "Event", "Gateway", "callActivity", "subProcess")
        ):
            yield element


def attributes(diagram: Path, extension: str, name: str) -> list[str]:
    """The values of one attribute of all zeebe: elements of that name."""
    return [element.get(name, "") for element in ET.parse(diagram).iter(Z + extension)]


def properties(diagram: Path, name: str) -> list[str]:
    """The values of one zeebe: property."""
    return [each.get("value", "") for each in ET.parse(diagram).iter(Z + "property") if each.get("name") == name]


def by_name(path: Path) -> str:
    """What a parametrised test is called."""
    return path.name


def test_every_file_passes_the_linter_without_a_word() -> None:
    # given
    files = {path.name: path.read_bytes() for path in (*DIAGRAMS, *TABLES, *FORMS)}
    handlers = HandlerRegistry()
    FAMILIES.register_handlers(handlers, WorkingCalendar(), FUNCTIONS)
    known = Known(
        roles=FAMILIES.roles.known_roles,
        job_types=handlers.job_types,
        functions=set(FUNCTIONS),
        parameters=FAMILIES.parameters.names,
    )
    # when
    findings = check(files, known)
    # then
    told = [(file, each.code, each.element, each.message) for file, found in findings.items() for each in found]
    assert told == []


def test_the_journey_is_complete() -> None:
    assert {path.stem for path in DIAGRAMS} == {
        *("manadsbeslut", "kravintrade", "overlamning", "matchning", "plan", "anvisning"),
        *("uppfoljning", "avvikelse", "overklagande", "leveransavvikelse"),
        *("rattelse", "personuppgifter"),
        *("eskalering", "manadsstatistik", "rapportering", "inventering", "utvardering", "utforare"),
        *("loggkontroll", "gallring"),
        *("anpassning", "anpassningstid", "sysselsattning", "avslut", "utfallsuppfoljning"),
    }


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=by_name)
def test_every_element_says_what_it_is_for(diagram: Path) -> None:
    silent = [each.get("id") for each in nodes(diagram) if len(each.findtext(B + "documentation", "")) < SUBSTANTIVE]
    assert silent == []


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=by_name)
def test_every_user_task_has_a_form_a_role_and_a_due_date_from_a_parameter(diagram: Path) -> None:
    for task in ET.parse(diagram).iter(B + "userTask"):
        name = task.get("id")
        form, people, schedule = (
            next(task.iter(Z + tag)) for tag in ("formDefinition", "assignmentDefinition", "taskSchedule")
        )
        assert (FOLDER / f"{form.get('formId')}.form").exists(), name
        role = people.get("candidateGroups", "")
        assert role in FAMILIES.roles.known_roles or (diagram.stem, role) == ("eskalering", "=eskalering.roll"), name
        assert re.fullmatch(r'=add working days\(today\(\), parameter\("\w+"\)\)', schedule.get("dueDate", "")), name


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=by_name)
def test_events_that_a_person_registers_name_a_form_and_roles(diagram: Path) -> None:
    assert all((FOLDER / f"{form}.form").exists() for form in properties(diagram, "registreras_med"))
    roles = {role for value in properties(diagram, "registreras_av") for role in value.split(",")}
    assert roles <= FAMILIES.roles.known_roles


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=by_name)
def test_no_number_of_the_law_stands_in_a_diagram(diagram: Path) -> None:
    # given: every timer and due date; a calendar step (P1D, P1M, P2M) is no rule of law
    texts = ["".join(each.itertext()) for each in ET.parse(diagram).iter(B + "timeDate")]
    texts += attributes(diagram, "taskSchedule", "dueDate") + attributes(diagram, "script", "expression")
    for text in texts:
        # when
        rest = re.sub(r'"-01"|"P[12]?[DM]?"|"[DM]"|\+ 1\)|7 \*|\* 7|month, 1\)|, 0\)', "", text)
        # then
        assert not re.search(r"\d", rest), text


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=by_name)
def test_every_letter_has_a_text(diagram: Path) -> None:
    letters = {each.get("value") for each in ET.parse(diagram).iter(Z + "header") if each.get("key") == "mall"}
    assert letters <= {text.stem for text in TEXTS}


@pytest.mark.parametrize("table", TABLES, ids=by_name)
def test_every_rule_can_be_read_out(table: Path) -> None:
    rules = list(ET.parse(table).iter(DMN + "rule"))
    assert rules
    assert [rule.get("id") for rule in rules if len(rule.findtext(DMN + "description", "")) < SUBSTANTIVE] == []


def decide(decision: str, **inputs: Any) -> Any:
    """What the table says."""
    model = load_decisions((FOLDER / f"{decision}.dmn").read_bytes(), file=decision)
    result = model.evaluate(decision, inputs, ENVIRONMENT)
    assert list(result.warnings) == []
    return result.value


@pytest.mark.parametrize(
    ("months", "latest", "broken", "age", "status"),
    [
        (1, "2026-09", False, 30, "ej_intratt"),
        (2, "2026-09", False, 30, "forberedelse"),
        (3, "2026-09", False, 30, "galler"),
        (5, "2026-07", False, 30, "forberedelse"),  # the first month of the requirement is a parameter
        (0, "2026-11", True, 30, "ej_intratt"),
        (7, "2026-11", False, 17, "ej_intratt"),
        (3, "2026-11", False, None, "galler"),
    ],
)
def test_the_requirement_applies_after_months_that_hang_together(
    months: int, latest: str, broken: bool, age: int | None, status: str
) -> None:
    answer = decide(
        "kravintrade", rakning={"antalManader": months, "senasteManad": latest, "bruten": broken}, alder=age
    )
    assert answer["kravstatus"] == status
    assert (answer["kravFran"] is None) == (status == "ej_intratt")


def test_the_requirement_never_starts_before_its_first_month() -> None:
    answer = decide("kravintrade", rakning={"antalManader": 4, "senasteManad": "2026-09", "bruten": False}, alder=40)
    assert answer["kravFran"] == FeelDate(2026, 10, 1)


@pytest.mark.parametrize(
    ("situation", "hours", "reasons"),
    [
        ({}, 40, 0),
        ({"anstallningTimmar": 10, "barnUnderAldersgrans": True}, 20, 2),
        ({"sjukskriven": "delvis", "sjukgrad": 25}, 30, 1),
        ({"sjukskriven": "helt", "studierTimmar": 15}, 0, 2),
    ],
)
def test_hours_are_full_time_less_what_already_fills_the_week(
    situation: dict[str, Any], hours: int, reasons: int
) -> None:
    nothing = dict.fromkeys(
        (
            "anstallningTimmar",
            "afProgramTimmar",
            "studierTimmar",
            "ovrigSysselsattningTimmar",
            "sjukskriven",
            "sjukgrad",
        )
    )
    answer = decide("kravtimmar", **{**nothing, "barnUnderAldersgrans": False, **situation})
    assert answer["timmar"] == hours
    assert len(answer["avdrag"]) == reasons


@pytest.mark.parametrize("level", ["niva1", "niva2", "niva3", "niva4", None])
@pytest.mark.parametrize("decided", [None, "sprak", "arbetsplats", "jobbsokar", "motiverande"])
@pytest.mark.parametrize("swedish", ["ingen", "b2", None])
def test_each_activity_type_is_proposed_at_most_once_and_a_direct_decision_comes_first(
    level: str | None, decided: str | None, swedish: str | None
) -> None:
    proposals = decide(
        "aktivitetstyp_matchning",
        insatstyp=decided,
        behovsniva=level,
        sprakniva=swedish,
        arbetsformaga="hel",
        hinder="sociala_skal",
    )
    kinds = [each["typ"] for each in proposals]
    assert kinds
    assert len(kinds) == len(set(kinds))
    assert decided is None or kinds[0] == decided


def test_what_the_organiser_cancelled_is_an_acceptable_reason_and_no_reason_is_only_a_proposal() -> None:
    assert decide("godtagbart_skal", skalkategori="installd_aktivitet", skalAnmalt=None, skalStyrkt=None)[
        "forslag"
    ] == ("godtagbart")
    assert decide("godtagbart_skal", skalkategori="annat", skalAnmalt=None, skalStyrkt=None)["forslag"] == "utred"


@pytest.mark.parametrize(("consent", "protected"), [("ja", False), ("nej", False), ("ej_tillfragad", True)])
def test_ssbtek_is_never_disclosed_and_contact_details_of_a_protected_person_are_examined(
    consent: str, protected: bool
) -> None:
    proposals = {
        each["falt"]: each["forslag"]
        for each in decide("sekretess_overlamning", samtycke=consent, skyddadIdentitet=protected)
    }
    assert proposals["ssbtek"] == "lamna_inte"
    assert proposals["kontakt"] == ("prova" if protected else "lamna")
    assert proposals["behovsniva"] == ("lamna" if consent == "ja" else "prova")


def test_lack_of_progress_brings_an_early_reassessment() -> None:
    usual = decide(
        "omprovningsintervall", behovsniva="niva1", upptrappning=False, progression="framat", antalUtanProgression=0
    )
    stuck = decide(
        "omprovningsintervall", behovsniva="niva1", upptrappning=False, progression="bakat", antalUtanProgression=3
    )
    assert stuck["omprovningManader"] < usual["omprovningManader"]
    assert stuck["uppfoljningVeckor"] < usual["uppfoljningVeckor"]


@pytest.mark.parametrize("path", FORMS, ids=by_name)
def test_forms_are_labelled_and_their_names_are_unique(path: Path) -> None:
    form = json.loads(path.read_text("utf-8"))
    fields = [each for each in form["components"] if each["type"] in INPUTS]
    assert form["id"] == path.stem
    assert fields
    assert all(each.get("label") or each.get("dateLabel") for each in fields)
    for name in ("id", "key"):
        names = [each[name] for each in form["components"] if name in each]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("path", FORMS, ids=by_name)
def test_texts_in_forms_are_templates_that_parse(path: Path) -> None:
    for component in json.loads(path.read_text("utf-8"))["components"]:
        for name in ("text", "label", "description"):
            compile_template(component.get(name, ""))


@pytest.mark.parametrize("path", TEXTS, ids=by_name)
def test_letters_parse_and_cite_no_paragraph_that_nobody_has_read(path: Path) -> None:
    text = path.read_text("utf-8")
    compile_template(text)
    assert "§" not in text
    assert text.startswith("# ")


def test_every_parameter_that_is_used_exists() -> None:
    used = {
        name
        for path in (*DIAGRAMS, *TABLES, *FORMS, *TEXTS)
        for name in re.findall(r'parameter\((?:&quot;|\\?")(\w+)', path.read_text("utf-8"))
    }
    assert used
    assert used <= FAMILIES.parameters.names


def test_what_is_not_law_is_marked_so() -> None:
    book = FAMILIES.parameters
    for name in ("krav_efter_manader", "heltid_timmar", "barnavdrag_timmar", "forsta_kravmanad", "brytmanader"):
        assert book.entry(name, CLOCK.now().date()).certainty.value != "LAW"
