"""What the address of the inbox says, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _

from engine.clock import LOCAL_ZONE
from engine.errors import InvalidInput
from engine.store.rows import InboxFilter, Mine, Paging, Sort

PAGE_SIZE = 25
_Word = TypeVar("_Word", bound=StrEnum)


class Tab(StrEnum):
    """The inbox's tabs, by their name in the address."""

    MINE = "mina"  # what I have claimed or was given
    GROUP = "grupp"  # what nobody of my groups has claimed
    OVERDUE = "forsenade"  # everything I may see whose due time has passed
    ALL = "alla"  # everything open that I may see


@dataclass(frozen=True)
class InboxAddress:
    """One view of the inbox, as its address names it."""

    tab: Tab = Tab.GROUP
    sort: Sort = Sort.DUE
    process: str | None = None
    role: str | None = None
    unit: str | None = None
    text: str | None = None
    due_by: date | None = None
    page: int = 1

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> InboxAddress:
        """Read the address; raises InvalidInput for what no link of ours says."""
        return cls(
            tab=_one_of(Tab, arguments.get("flik"), Tab.GROUP),
            sort=_one_of(Sort, arguments.get("sortera"), Sort.DUE),
            process=_text(arguments, "process"),
            role=_text(arguments, "roll"),
            unit=_text(arguments, "enhet"),
            text=_text(arguments, "sok"),
            due_by=_day(arguments.get("senast")),
            page=page_number(arguments.get("sida")),
        )

    def filter(self, now: datetime) -> InboxFilter:
        """The same as the query takes it; `now` (UTC) decides what is overdue."""
        before = _end_of(self.due_by) if self.due_by else None
        if self.tab is Tab.OVERDUE:
            before = min(before, now) if before else now
        mine = {Tab.MINE: Mine.ASSIGNED, Tab.GROUP: Mine.UNASSIGNED}.get(self.tab, Mine.ALL)
        return InboxFilter(
            mine=mine, role=self.role, unit=self.unit, process_id=self.process, text=self.text, due_before=before
        )

    @property
    def paging(self) -> Paging:
        """Which page."""
        return Paging(self.page, PAGE_SIZE)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the tab narrows the list."""
        return any((self.process, self.role, self.unit, self.text, self.due_by))

    def arguments(self) -> dict[str, str]:
        """The address again; what is as always is left out."""
        said = {
            "flik": self.tab.value,
            "sortera": self.sort.value if self.sort is not Sort.DUE else "",
            "process": self.process or "",
            "roll": self.role or "",
            "enhet": self.unit or "",
            "sok": self.text or "",
            "senast": self.due_by.isoformat() if self.due_by else "",
            "sida": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value}

    def at_page(self, page: int) -> InboxAddress:
        """Another page of the same list."""
        return replace(self, page=page)

    def at_tab(self, tab: Tab) -> InboxAddress:
        """Another tab, narrowed the same way."""
        return replace(self, tab=tab, page=1)

    def sorted_by(self, sort: Sort) -> InboxAddress:
        """The same list in another order."""
        return replace(self, sort=sort, page=1)


def page_number(text: str | None) -> int:
    """A page number from an address; 1 when it says nothing."""
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or len(text) > 6 or int(text) < 1:
        raise InvalidInput(_("Sidan i adressen är inget sidnummer."))
    return int(text)


def _one_of(kind: type[_Word], text: str | None, default: _Word) -> _Word:
    return kind(text) if text in set(kind) else default


def _text(arguments: Mapping[str, str], name: str) -> str | None:
    text = arguments.get(name, "").strip()
    return "".join(character for character in text if character.isprintable())[:100] or None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(_("Datumet i adressen är inget datum. Skriv det på formen ÅÅÅÅ-MM-DD.")) from error


def _end_of(day: date) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=LOCAL_ZONE)
    return midnight.astimezone(UTC)
