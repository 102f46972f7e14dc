"""What the case page shows, gathered from the engine's queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn import WaitKind
from engine.store.rows import CaseRow, InstanceRow, Page, Paging, PartyRow
from engine.store.states import ENDED_STATES
from forms.backend import backend, viewer
from forms.cases.lookup import ElementLookup
from forms.cases.registering import Registration, registrations
from forms.cases.standing import Standing, standings
from forms.cases.used_parameters import UsedValue, used_values
from forms.diagrams import token_mark
from forms.wording.history import HistoryLine, history_lines
from forms.wording.labels import Labels

HISTORY_PAGE = 30


@dataclass(frozen=True)
class InstancePart:
    """One process of the case."""

    row: InstanceRow
    places: list[Standing]
    variables: list[tuple[str, str]]

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self.row.state not in ENDED_STATES

    @property
    def tokens(self) -> list[dict[str, str]]:
        """What the drawing marks."""
        return [token_mark(place) for place in self.places]

    @property
    def is_older(self) -> bool:
        """Whether a later version is published."""
        return self.row.version < self.row.latest_version


@dataclass(frozen=True)
class CasePage:
    """One case as its page needs it."""

    case: CaseRow
    parties: tuple[PartyRow, ...]
    places: list[Standing]
    deadlines: list[Standing]
    instances: list[InstancePart]
    news: list[Registration]
    """What the reader may register."""
    parameters: list[UsedValue]
    """What of laws' and the municipality's values the case has gone by."""
    history: list[HistoryLine]
    history_page: Page[Any]

    @property
    def responsible(self) -> list[str]:
        """Who the case waits for now, each once."""
        return list(dict.fromkeys(place.who for place in self.places if place.who))


def case_page(case_id: str, history_number: int) -> CasePage:
    """Gather one case; raises NotFound where the reader may not see it."""
    view = backend().engine.queries.case_view(viewer(), case_id, Paging(history_number, HISTORY_PAGE))
    instances = view.instances
    lookup = ElementLookup(instances)
    places = standings(instances, view.tasks, lookup)
    return CasePage(
        case=view.case,
        parties=tuple(party for party in view.parties if _takes_part(party)),
        places=[place for place in places if not _is_listening(place)],
        deadlines=sorted((place for place in places if place.due_at), key=lambda place: str(place.due_at)),
        instances=[_part(row, places, view.variables.get(row.id, {})) for row in _by_interest(instances, places)],
        news=registrations(view.case, instances),
        parameters=used_values(case_id),
        history=history_lines(view.history.items, lookup, _labels(instances)),
        history_page=view.history,
    )


def _by_interest(instances: Sequence[InstanceRow], places: Sequence[Standing]) -> list[InstanceRow]:
    """Newest first; before them those that have stopped or wait for somebody."""
    urgent = {place.instance.id for place in places if place.kind in ("incident", "task")}
    newest_first = instances[::-1]
    return sorted(newest_first, key=lambda instance: instance.id not in urgent)


def _takes_part(party: PartyRow) -> bool:
    return party.until is None or party.until > backend().now()


def _is_listening(place: Standing) -> bool:
    """Whether it only listens beside the work: a boundary event, or the start of an event sub-process."""
    listens = place.token.attached_to is not None or (place.element is not None and place.element.type == "startEvent")
    return listens and place.token.kind != WaitKind.INCIDENT


def _part(instance: InstanceRow, places: list[Standing], variables: Mapping[str, Any]) -> InstancePart:
    labels = backend().labels.of(instance.release)
    return InstancePart(
        row=instance,
        places=[place for place in places if place.instance.id == instance.id],
        variables=labels.listed(variables),
    )


def _labels(instances: Sequence[InstanceRow]) -> Labels:
    """The words of the latest release that any of the case's processes runs on."""
    return backend().labels.of(max(instance.release for instance in instances)) if instances else Labels()
