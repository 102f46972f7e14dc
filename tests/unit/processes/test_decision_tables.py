"""Decision tables by brute force: every combination has an answer with a reason, and every rule is needed."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.dmn import load_decisions
from processes.aktivitetskrav.handlers.handover import FIELD_VARIABLES
from tests.unit.processes.test_content import ENVIRONMENT

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
HOURS = (None, 10, 45)
REASONS = (
    *("sjukdom", "vard_av_barn", "barnomsorg_saknas", "myndighetsbesok", "arbete_intervju", "olamplig_anvisning"),
    *("resehinder", "installd_aktivitet", "annat", "inget_angivet", None),
)
HINDRANCES = (
    *("arbetslos", "sjukskriven", "sjuk_aktivitetsersattning", "sociala_skal", "foraldraledig", "arbetar_deltid"),
    *("sprakhinder", "saknar_barnomsorg", "utan_hinder", "annat", None),
)
NEEDS = (
    *("sjukdom", "funktionsnedsattning", "sociala_skal", "barnomsorg_saknas", "vard_narstaende", "foraldraledig"),
    "annat",
)
GROUNDS = (
    *("arbete", "arbete_deltid", "studier", "sjukpenning", "akassa", "pension", "annan_forsorjning", "flytt"),
    *("avliden", "upphort_ansoka", "annan_insats", "permanent_undantag", "annat"),
)
CHAINS = [
    {"antalManader": months, "senasteManad": latest, "bruten": broken}
    for months in range(5)
    for latest in ("2026-07", "2026-08", "2026-09", "2026-12")
    for broken in (True, False)
]
DOMAINS: dict[str, dict[str, tuple[Any, ...]]] = {
    "kravintrade": {"rakning": tuple(CHAINS), "alder": (None, 0, 17, 18, 64)},
    "kravtimmar": {
        "anstallningTimmar": HOURS,
        "afProgramTimmar": HOURS,
        "studierTimmar": HOURS,
        "ovrigSysselsattningTimmar": (None, 10),
        "barnUnderAldersgrans": (True, False, None),
        "sjukskriven": ("nej", "delvis", "helt", None),
        "sjukgrad": (None, 50, 100),
    },
    "aktivitetstyp_matchning": {
        "insatstyp": ("motiverande", "sprak", "jobbsokar", "arbetsplats", None),
        "behovsniva": ("niva1", "niva2", "niva3", "niva4", None),
        "sprakniva": ("ingen", "a1", "a2", "b1", "b2", "modersmal", None),
        "arbetsformaga": ("hel", "delvis", "oklar", "nedsatt", None),
        "hinder": HINDRANCES,
    },
    "godtagbart_skal": {
        "skalkategori": REASONS,
        "skalAnmalt": ("ja", "nej", None),
        "skalStyrkt": ("ja", "nej", "kravs_ej", None),
    },
    "sekretess_overlamning": {
        "samtycke": ("ja", "nej", "ej_tillfragad", None),
        "skyddadIdentitet": (True, False, None),
    },
    "omprovningsintervall": {
        "behovsniva": ("niva1", "niva2", "niva3", "niva4", None),
        "upptrappning": (True, False, None),
        "progression": ("framat", "oforandrad", "bakat", None),
        "antalUtanProgression": (None, 0, 1, 2, 3, 9),
    },
    "andring_av_beslut": {
        "rattelseArt": ("rattelse", "andring", None),
        "rattelseRiktning": ("till_fordel", "neutral", "till_nackdel", None),
        "beslutGynnande": ("ja", "nej", None),
        "andringsgrund": ("forbehall", "sakerhet", "oriktiga_uppgifter", "inget", None),
    },
    "undantag_anpassning": {
        "anpassningSkal": (*NEEDS, None),
        "anpassningOmfattning": ("helt", "delvis", None),
        "sjukgrad": (None, 0, 50, 100),
        "sjukdagar": (None, 0, 89, 90, 400),
        "anpassningDagar": (None, 1, 30, 31, 400),
        "kravtimmar": (0, 15, 40),
    },
    "avslutsutfall": {"avslutsgrund": (*GROUNDS, None)},
}
"""What each input can be, by what forms, registers and hand-overs give; null where it was not asked or disclosed."""
POLICIES = {
    "kravintrade": ("FIRST", "adulthood and a broken chain come before the count of months"),
    "kravtimmar": ("COLLECT", "every deduction counts, and each is read out"),
    "aktivitetstyp_matchning": ("RULE ORDER", "all types that fit, best first, for a person to choose from"),
    "godtagbart_skal": ("FIRST", "what is clear comes before what must be examined"),
    "sekretess_overlamning": ("COLLECT", "one answer for each field of a hand-over"),
    "omprovningsintervall": ("FIRST", "the strongest reason for a closer follow-up decides"),
    "undantag_anpassning": ("FIRST", "a reason that asks for more help comes before the same reason in general"),
    "avslutsutfall": ("FIRST", "every ground has its own row, and what is none of them the last"),
    "andring_av_beslut": ("UNIQUE", "what the law allows must not depend on the order of rules"),
}
"""The hit policy of each table, and why it is that one."""


def combinations(decision: str) -> Iterator[dict[str, Any]]:
    """Every combination of what the inputs can be."""
    names = list(DOMAINS[decision])
    for values in itertools.product(*DOMAINS[decision].values()):
        yield dict(zip(names, values, strict=True))


def reasons(answer: Any) -> list[str]:
    """Every text that an answer gives as a reason."""
    if isinstance(answer, Mapping):
        return [text for key in ("skal", "orsak", "avdrag") if key in answer for text in reasons(answer[key])]
    if isinstance(answer, list):
        return [text for each in answer for text in reasons(each)]
    return [answer] if isinstance(answer, str) else []


@pytest.mark.parametrize("decision", DOMAINS)
def test_every_combination_is_answered_with_a_reason_and_no_rule_is_idle(decision: str) -> None:
    # given
    content = (FOLDER / f"{decision}.dmn").read_bytes()
    model = load_decisions(content, file=decision)
    rules = [rule.get("id") for rule in ET.fromstring(content).iter(DMN + "rule")]
    used: set[str] = set()
    # when
    for inputs in combinations(decision):
        result = model.evaluate(decision, inputs, ENVIRONMENT)
        # then: an answer, of the table's own rules, without a gap (null) or an overlap (a warning of UNIQUE)
        assert list(result.warnings) == [], inputs
        assert result.value not in (None, []), inputs
        told = reasons(result.value)
        assert all(told), inputs
        assert told or decision == "kravtimmar", inputs  # nothing deducted needs no reason
        used |= set(_matched(result.trace))
    assert [rule for rule in rules if rule not in used] == []


def _matched(trace: Any) -> Iterator[str]:
    """The ids of the rules that took part in an answer."""
    if isinstance(trace, Mapping):
        yield from (rule["id"] for rule in trace.get("rules", ()))
        for each in trace.values():
            yield from _matched(each)
    elif isinstance(trace, list | tuple):
        for each in trace:
            yield from _matched(each)


@pytest.mark.parametrize("decision", POLICIES)
def test_the_hit_policy_is_the_one_that_was_chosen(decision: str) -> None:
    tables = list(ET.parse(FOLDER / f"{decision}.dmn").iter(DMN + "decisionTable"))
    assert [table.get("hitPolicy") for table in tables] == [POLICIES[decision][0]]


@pytest.mark.parametrize("decision", DOMAINS)
def test_a_table_has_a_title_a_description_with_a_source_and_named_columns(decision: str) -> None:
    for each in ET.parse(FOLDER / f"{decision}.dmn").iter(DMN + "decision"):
        assert len(each.get("name", "")) > 3
        assert "Käll" in each.findtext(DMN + "description", "") or each.get("id") == "avdrag"
        assert all(column.get("label") for column in (*each.iter(DMN + "input"), *each.iter(DMN + "output")))


def test_hours_are_never_negative_never_above_full_time_and_sink_with_every_deduction() -> None:
    model = load_decisions((FOLDER / "kravtimmar.dmn").read_bytes(), file="kravtimmar")
    for inputs in combinations("kravtimmar"):
        answer = model.evaluate("kravtimmar", inputs, ENVIRONMENT).value
        taken = sum(each["timmar"] for each in answer["avdrag"])
        assert 0 <= answer["timmar"] <= 40
        assert answer["timmar"] == max(0, 40 - taken)


def test_types_are_ranked_without_repetition_and_nobody_is_left_without_a_proposal() -> None:
    model = load_decisions((FOLDER / "aktivitetstyp_matchning.dmn").read_bytes(), file="aktivitetstyp_matchning")
    for inputs in combinations("aktivitetstyp_matchning"):
        kinds = [each["typ"] for each in model.evaluate("aktivitetstyp_matchning", inputs, ENVIRONMENT).value]
        assert len(kinds) == len(set(kinds)), inputs
        assert inputs["insatstyp"] in (None, kinds[0]), inputs


def test_every_field_of_a_hand_over_gets_one_proposal() -> None:
    model = load_decisions((FOLDER / "sekretess_overlamning.dmn").read_bytes(), file="sekretess_overlamning")
    for inputs in combinations("sekretess_overlamning"):
        fields = [each["falt"] for each in model.evaluate("sekretess_overlamning", inputs, ENVIRONMENT).value]
        assert sorted(fields) == sorted({*FIELD_VARIABLES, "ssbtek"}), inputs


def test_fewer_hours_are_never_more_than_the_requirement_and_an_exemption_names_no_hours() -> None:
    model = load_decisions((FOLDER / "undantag_anpassning.dmn").read_bytes(), file="undantag_anpassning")
    for inputs in combinations("undantag_anpassning"):
        answer = model.evaluate("undantag_anpassning", inputs, ENVIRONMENT).value
        assert answer["langstDagar"] > 0, inputs
        assert answer["timmar"] is None or 0 <= answer["timmar"] <= inputs["kravtimmar"], inputs
        assert answer["forslag"] != "helt" or answer["timmar"] is None, inputs


def test_long_sickness_asks_for_an_actor_who_answers_for_it() -> None:
    model = load_decisions((FOLDER / "undantag_anpassning.dmn").read_bytes(), file="undantag_anpassning")
    for inputs in combinations("undantag_anpassning"):
        if inputs["anpassningSkal"] == "sjukdom" and inputs["sjukgrad"] == 100 and (inputs["sjukdagar"] or 0) >= 90:
            answer = model.evaluate("undantag_anpassning", inputs, ENVIRONMENT).value
            assert answer["sip"] is (inputs["anpassningOmfattning"] is not None), inputs


def test_the_dead_get_no_letter_no_talk_and_no_follow_up() -> None:
    model = load_decisions((FOLDER / "avslutsutfall.dmn").read_bytes(), file="avslutsutfall")
    answers = {
        ground: model.evaluate("avslutsutfall", {"avslutsgrund": ground}, ENVIRONMENT).value for ground in GROUNDS
    }
    assert (answers["avliden"]["brev"], answers["avliden"]["foljsUpp"]) == (False, False)
    assert [ground for ground, answer in answers.items() if answer["vag"] == "avliden"] == ["avliden"]
    assert [ground for ground, answer in answers.items() if not answer["brev"]] == ["avliden"]
