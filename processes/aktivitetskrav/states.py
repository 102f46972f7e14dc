"""The states that register rows can be in; each value is what the diagrams call it."""

from __future__ import annotations

from enum import StrEnum


class RequirementStatus(StrEnum):
    """Whether the activity requirement holds for a person."""

    NOT_ENTERED = "ej_intratt"
    PREPARATION = "forberedelse"  # the third month is near: time to prepare
    APPLIES = "galler"


class Transition(StrEnum):
    """What a judgement of the requirement changes."""

    NONE = "ingen"
    PREPARATION_STARTS = "forberedelse_startar"
    ENTERS = "krav_intrader"
    COUNTER_BROKEN = "raknare_bruten"
    CEASES = "krav_upphor"


class PlacementStatus(StrEnum):
    """How far a placement has come."""

    PROPOSED = "foreslagen"
    ASSIGNED = "anvisad"
    PAUSED = "pausad"
    ENDED = "avslutad"


class AdaptationKind(StrEnum):
    """What an exemption or adaptation changes."""

    EXEMPT = "helt"
    FEWER_HOURS = "timmar"
    OTHER_ACTIVITY = "aktivitet"


class ActivityMeasure(StrEnum):
    """What happens to a person's activities while an adaptation holds."""

    UNCHANGED = "oforandrade"
    VOLUNTARY = "frivilliga"  # the person goes on without having to
    PLAN_REASSESSED = "omprovas"
    PAUSED = "pausas"  # the place is kept
    HANDED_BACK = "lamnas_tillbaka"  # the place is freed


class SessionOutcome(StrEnum):
    """How one planned session went."""

    PRESENT = "narvarande"
    PARTLY = "delvis"
    EXCUSED = "anmald_franvaro"
    UNEXCUSED = "oanmald_franvaro"
    CANCELLED = "installd"  # by the organiser: never counted against the individual


def transition(now: RequirementStatus, judged: RequirementStatus) -> Transition:
    """What it means that a requirement that is `now` is judged to be `judged`."""
    if now is judged:
        return Transition.NONE
    if judged is RequirementStatus.APPLIES:
        return Transition.ENTERS
    if now is RequirementStatus.APPLIES:
        return Transition.CEASES
    if judged is RequirementStatus.PREPARATION:
        return Transition.PREPARATION_STARTS
    return Transition.COUNTER_BROKEN
