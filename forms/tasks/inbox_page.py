"""What the inbox shows, gathered from the engine's queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.store.rows import Count, Page, Sort, WorkItemRow
from forms.addresses import address as address_of
from forms.backend import backend, viewer
from forms.tasks.inbox import InboxAddress, Tab


@dataclass(frozen=True)
class TabLink:
    """One tab with how much is behind it."""

    label: str
    address: str
    count: str
    current: bool
    alarm: bool


def inbox_page(address: InboxAddress) -> dict[str, Any]:
    """Everything the inbox's template is given."""
    queries, now = backend().engine.queries, backend().now()
    found = queries.inbox(viewer(), address.filter(now), address.sort, address.paging)
    labels = tab_labels()
    return {
        "address": address,
        "page": found,
        "tabs": _tabs(labels, address, found),
        "current_label": labels[address.tab],
        "sorts": sort_labels(),
        "processes": process_names(),
        "roles": sorted(viewer().seen_roles),
        "units": _units(),
        "total_words": total_words(found),
        "page_link": _page_link(address),
    }


def tab_labels() -> dict[Tab, str]:
    """The tabs in their order."""
    return {
        Tab.MINE: _("Mina"),
        Tab.GROUP: _("Min grupps"),
        Tab.OVERDUE: _("Försenade"),
        Tab.ALL: _("Alla öppna"),
    }


def sort_labels() -> list[tuple[Sort, str]]:
    """The orders in which a list can be."""
    return [
        (Sort.DUE, _("Sluttid")),
        (Sort.CREATED, _("Äldst först")),
        (Sort.PRIORITY, _("Prioritet")),
        (Sort.NAME, _("Uppgiftens namn")),
    ]


def process_names() -> list[tuple[str, str]]:
    """The processes there are, each once, by name."""
    return [(row.process_id, row.name) for row in backend().engine.queries.definitions()]


def total_words(found: Page[Any]) -> str:
    """How many rows the list has."""
    if not found.total_is_exact:
        return _("Fler än %(number)s uppgifter", number=found.total)
    return ngettext("%(num)d uppgift", "%(num)d uppgifter", found.total)


def _tabs(labels: dict[Tab, str], address: InboxAddress, shown: Page[WorkItemRow]) -> list[TabLink]:
    others, now = [tab for tab in labels if tab is not address.tab], backend().now()
    filters = [address.at_tab(tab).filter(now) for tab in others]
    counts = dict(zip(others, backend().engine.queries.inbox_counts(viewer(), filters), strict=True))
    counts[address.tab] = Count(shown.total, shown.total_is_exact)
    return [_tab(tab, label, address, counts[tab]) for tab, label in labels.items()]


def _tab(tab: Tab, label: str, address: InboxAddress, found: Count) -> TabLink:
    there = address.at_tab(tab)
    return TabLink(
        label=label,
        address=address_of("tasks.inbox", **there.arguments()),
        count=str(found.total) if found.is_exact else f"{found.total}+",
        current=tab is address.tab,
        alarm=tab is Tab.OVERDUE,
    )


def _units() -> list[str]:
    person = viewer()
    if not person.all_units:
        return sorted(person.units)
    return [unit.id for unit in backend().roles.units_of(person.organisation)]


def _page_link(address: InboxAddress) -> Callable[[int], str]:
    return lambda number: address_of("tasks.inbox", **address.at_page(number).arguments())
