"""The code lists of the support month: what a decision can say and why someone needs support."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What is known of one person's month."""

    GRANTED = "bifall"  # support in full
    REJECTED = "avslag"  # no right to support: a month without support
    REDUCED = "nedsatt"  # support, lowered for a deviation from the activity requirement
    REFUSED = "nekat"  # no support, refused for a deviation from the activity requirement
    NO_SUPPORT = "utan_bistand"  # nobody applied: found by the journey itself, never by a decision


DECIDED_OUTCOMES = (Outcome.GRANTED, Outcome.REJECTED, Outcome.REDUCED, Outcome.REFUSED)
"""What a decision can say."""

OUTCOME_SPELLINGS = {"nekad": Outcome.REFUSED}
"""Other spellings that files use."""


class Hindrance(StrEnum):
    """Försörjningshinder: Socialstyrelsen's main groups as municipalities key them (domain report, section 4)."""

    UNEMPLOYED = "arbetslos"
    SICK = "sjukskriven"
    SICKNESS_COMPENSATION = "sjuk_aktivitetsersattning"
    SOCIAL_REASONS = "sociala_skal"
    PARENTAL_LEAVE = "foraldraledig"
    PART_TIME = "arbetar_deltid"
    LANGUAGE = "sprakhinder"
    NO_CHILDCARE = "saknar_barnomsorg"
    NONE = "utan_hinder"
    OTHER = "annat"


HINDRANCE_NAMES = {
    "arbetslos": "Arbetslös",
    "sjukskriven": "Sjukskriven med läkarintyg",
    "sjuk_aktivitetsersattning": "Sjuk- eller aktivitetsersättning",
    "sociala_skal": "Arbetshinder, sociala skäl",
    "foraldraledig": "Föräldraledig",
    "arbetar_deltid": "Arbetar deltid ofrivilligt",
    "sprakhinder": "Språkhinder",
    "saknar_barnomsorg": "Saknar barnomsorg",
    "utan_hinder": "Utan försörjningshinder",
    "annat": "Annat",
}
"""What the hindrances are called in reports, in the order of the list."""

ACTIVITY_NAMES = {
    "motiverande": "Motiverande och förmågehöjande aktivitet",
    "sprak": "Språkaktivitet",
    "jobbsokar": "Jobbsökaraktivitet",
    "arbetsplats": "Arbetsplatsförlagd aktivitet",
}
"""What the four types of activity are called in reports (S2:49-56)."""
