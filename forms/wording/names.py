"""Names of roles, units, organisations and states in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from engine.store.states import CaseState, InstanceState, WorkItemState
from forms.backend import backend
from forms.i18n import DEFAULT_LANGUAGE, language


def role_name(role: str | None) -> str:
    """The role's name; its id where nobody has named it, a dash where there is none."""
    known = backend().roles.roles.get(role or "")
    return _of(known.name_sv, known.name_en) if known else role or "–"


def unit_name(unit: str | None) -> str:
    """The unit's name; its id where nobody has named it, a dash where there is none."""
    known = backend().roles.units.get(unit or "")
    return _of(known.name_sv, known.name_en) if known else unit or "–"


def organisation_name(organisation: str | None) -> str:
    """The organisation's name; its id where nobody has named it, a dash where there is none."""
    known = backend().roles.organisations.get(organisation or "")
    return _of(known.name_sv, known.name_en) if known else organisation or "–"


def person_name(person: str | None) -> str:
    """The name of a person by their id; the id where nobody knows the person any more."""
    known = backend().roles.demo_users.get(person or "")
    return known.name if known else person or "–"


def in_language(swedish: str, english: str) -> str:
    """Whichever of the two texts the reader reads."""
    return _of(swedish, english)


def _of(swedish: str, english: str) -> str:
    return swedish if language() == DEFAULT_LANGUAGE else english


def case_state(state: CaseState) -> str:
    """Where a case stands."""
    return {CaseState.OPEN: _("pågår"), CaseState.CLOSED: _("avslutat")}[state]


def instance_state(state: InstanceState) -> str:
    """Where a process instance stands."""
    return {
        InstanceState.ACTIVE: _("pågår"),
        InstanceState.SUSPENDED: _("pausad"),
        InstanceState.COMPLETED: _("slutförd"),
        InstanceState.TERMINATED: _("avslutad i förtid"),
        InstanceState.CANCELLED: _("avbruten"),
        InstanceState.FAILED: _("avbruten av fel"),
    }[state]


def work_item_state(state: WorkItemState) -> str:
    """Where a work item stands."""
    return {
        WorkItemState.OPEN: _("öppen"),
        WorkItemState.COMPLETED: _("klar"),
        WorkItemState.CANCELLED: _("inte längre aktuell"),
    }[state]
