"""What happens in people's lives: they fall ill, begin to work or study, move, die; and what staff answer then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from processes.aktivitetskrav.autopilot.dice import one
from processes.aktivitetskrav.autopilot.form_answers import feel_day

_MOST_DAYS = 20
"""Into a month, so that there is a working day left for it."""


@dataclass(frozen=True)
class LifeEvent:
    """Something that staff hear of and register in a case."""

    message: str
    day: date  # the first on which it can be registered


def event_of(first_day: date, random: Random) -> LifeEvent | None:
    """What happens to somebody in the month that begins on `first_day`; mostly nothing."""
    message = one(random, nothing=90, AnpassningBegard=5, SysselsattningAndrad=3, AvslutBegart=2)
    if message == "nothing":
        return None
    return LifeEvent(message, first_day + timedelta(days=random.randint(1, _MOST_DAYS)))


def life_payload(message: str, today: date, random: Random) -> dict[str, Any]:
    """What is registered of such an event, or of what an adaptation waits for."""
    payload = _PAYLOADS.get(message)
    return payload(today, random) if payload else {}


def _asks_for_adaptation(today: date, random: Random) -> dict[str, Any]:
    reason = one(random, sjukdom=6, sociala_skal=2, barnomsorg_saknas=1, vard_narstaende=1)
    until = feel_day(today + timedelta(days=random.randint(20, 120)))
    ill = reason == "sjukdom"
    wholly = random.random() < 0.6
    return {
        "anpassningKalla": one(random, begaran=5, intyg=3, iakttagelse=2),
        "anpassningSkal": reason,
        "anpassningOmfattning": "helt" if wholly else "delvis",
        "anpassningFran": feel_day(today),
        "anpassningTill": until,
        "anpassningStyrkt": "intyg" if ill else "troligt",
        "sjukgrad": (100 if wholly else 50) if ill else None,
        "intygTill": until if ill else None,
        "saknarSgi": random.random() < 0.3 if ill else None,
        "utestaendeIntyg": ["fk_beslut"] if random.random() < 0.2 else [],
        "anpassningBeskrivning": "Klarar inte aktiviteten som den är just nu.",
    }


def _does_something_else(today: date, random: Random) -> dict[str, Any]:
    works = random.random() < 0.6
    return {
        "sysselsattningFran": feel_day(today),
        "anstallningTimmar": random.choice((8, 12, 20)) if works else None,
        "afProgramTimmar": None,
        "studierTimmar": None if works else random.choice((10, 15, 20)),
        "ovrigSysselsattningTimmar": None,
        "sysselsattningBeskrivning": "Har börjat arbeta." if works else "Har börjat studera.",
    }


def _closes(today: date, random: Random) -> dict[str, Any]:
    ground = one(random, arbete=50, studier=15, flytt=12, sjukpenning=10, arbete_deltid=8, avliden=3, pension=2)
    return {
        "avslutsgrund": ground,
        "avslutsdatum": feel_day(today),
        "deltidTimmar": 16 if ground == "arbete_deltid" else None,
        "avslutAnteckning": "Uppgift från personen.",
    }


_PAYLOADS: dict[str, Callable[[date, Random], dict[str, Any]]] = {
    "AnpassningBegard": _asks_for_adaptation,
    "SysselsattningAndrad": _does_something_else,
    "AvslutBegart": _closes,
    "AnpassningUpphor": lambda today, random: {"anpassningSlutOrsak": one(random, frisk=7, egen_onskan=3)},
    "IntygInkommet": lambda today, random: {
        "intygSlag": "fk_beslut",
        "intygDatum": feel_day(today),
        "intygGallerTill": None,
    },
}


def _investigate(variables: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    proposal = variables.get("anpassningsforslag")
    kind = proposal.get("forslag") if isinstance(proposal, Mapping) else None
    if kind not in ("helt", "timmar", "aktivitet"):
        kind = one(random, ingen=3, aktivitet=1)
    required = int(variables.get("kravtimmar") or 0)
    hours = proposal.get("timmar") if isinstance(proposal, Mapping) else None
    measures = {
        "helt": ("pausas", "pausas", "lamnas_tillbaka", "frivilliga"),
        "timmar": ("omprovas", "oforandrade"),
        "aktivitet": ("omprovas", "oforandrade"),
        "ingen": ("oforandrade",),
    }
    return {
        "anpassningTyp": kind,
        "anpassadeTimmar": required // 2 if hours is None else hours,
        "anpassningTill": variables.get("anpassningTill"),
        "sipSpar": random.random() < 0.1,
        "aktiviteterna": random.choice(measures[kind]),
        "utestaendeIntyg": variables.get("utestaendeIntyg") or [],
    }


def _decide(variables: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    nothing = variables.get("anpassningTyp") == "ingen"
    outcome = "avslas" if nothing else one(random, beviljas=92, avslas=5, ater_utredning=3)
    return {"anpassningBeslut": outcome, "anpassningTill": variables.get("anpassningTill")}


def _reassess(variables: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    until = feel_day(today + timedelta(days=random.randint(40, 100)))
    return {
        "anpassningFortsatter": one(random, ja=4, nej=6),
        "nyAnpassningTill": until,
        "nyStyrkt": "intyg" if variables.get("anpassningSkal") == "sjukdom" else "troligt",
        "nySjukgrad": 100 if variables.get("anpassningTyp") == "helt" else 50,
        "nyttIntygTill": until,
    }


def _hours(variables: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    proposed = variables.get("kravtimmarForslag")
    changed = proposed is not None and proposed != variables.get("kravtimmar")
    return {
        "kravtimmarFoljd": "andras" if changed else "oforandrat",
        "nyaKravtimmar": 20 if proposed is None else proposed,
    }


def _ground(variables: Mapping[str, Any], today: date, random: Random) -> dict[str, Any]:
    return {
        "avslutAtgard": one(random, avsluta=8, fortsatt=2),
        "avslutsgrund": one(random, upphort_ansoka=5, arbete=4, annan_forsorjning=2, studier=1, flytt=1),
        "avslutsdatum": feel_day(today),
    }


LIFE_CHOICES: dict[str, Callable[[Mapping[str, Any], date, Random], dict[str, Any]]] = {
    "anpassning_utredning": _investigate,
    "anpassning_beslut": _decide,
    "anpassning_omprovning": _reassess,
    "rehab_samordning": lambda variables, today, random: {
        "huvudansvarigAktor": one(random, region=5, forsakringskassan=3, socialtjanst=1),
        "huvudansvarigNamn": "Testperson hos aktören",
        "inlasningsrisk": one(random, ja=1, nej=3),
    },
    "intyg_efterfraga": lambda variables, today, random: {"intygAtgard": one(random, vanta=2, behovs_inte=1)},
    "nya_kravtimmar": _hours,
    "avslut_bedomning": _ground,
    "avslutssamtal": lambda variables, today, random: {
        "samtalHallet": one(random, hallet=6, avbojt=1, ej_nadd=3),
        "samtalDatum": feel_day(today),
    },
    "utfallsuppfoljning": lambda variables, today, random: {
        "utfallForsorjning": one(random, arbete=5, studier=2, socialforsakring=1, okand=2),
        "utfallSjalvforsorjande": one(random, ja=5, delvis=2, nej=1, okant=2),
    },
}
"""What staff usually choose in the forms of these events."""
