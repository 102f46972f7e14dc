"""The code lists of the support month: what a decision can say and why someone needs support."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a monthly decision says about one person."""

    GRANTED = "bifall"  # support in full
    REJECTED = "avslag"  # no right to support: a month without support
    REDUCED = "nedsatt"  # support, lowered for a deviation from the activity requirement
    REFUSED = "nekad"  # no support, refused for a deviation from the activity requirement


class Hindrance(StrEnum):
    """Försörjningshinder: Socialstyrelsen's main groups as municipalities key them (domain report, section 4)."""

    UNEMPLOYED = "arbetslos"
    SICK_WITH_CERTIFICATE = "sjukskriven_lakarintyg"
    SICKNESS_COMPENSATION = "sjuk_aktivitetsersattning"
    SOCIAL_REASONS = "arbetshinder_sociala_skal"
    PARENTAL_LEAVE = "foraldraledig"
    PART_TIME = "arbetar_deltid"
    LANGUAGE = "sprakhinder"
    NONE = "utan_forsorjningshinder"
    OTHER = "annat"


HINDRANCE_NAMES_SV: dict[Hindrance, str] = {
    Hindrance.UNEMPLOYED: "Arbetslös",
    Hindrance.SICK_WITH_CERTIFICATE: "Sjukskriven med läkarintyg",
    Hindrance.SICKNESS_COMPENSATION: "Sjuk- eller aktivitetsersättning",
    Hindrance.SOCIAL_REASONS: "Arbetshinder, sociala skäl",
    Hindrance.PARENTAL_LEAVE: "Föräldraledig",
    Hindrance.PART_TIME: "Arbetar deltid (ofrivilligt)",
    Hindrance.LANGUAGE: "Språkhinder",
    Hindrance.NONE: "Utan försörjningshinder",
    Hindrance.OTHER: "Annat",
}
