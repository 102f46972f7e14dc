"""Which parameter values a command has used: collected while it runs, so that its history can say so.

What is collected belongs to the thread that runs the command. Outside of commands nothing is collected.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.feel.values import FeelDate

if TYPE_CHECKING:
    from engine.parameter_values import Parameter
    from engine.store.unit_of_work import Reader


@dataclass(frozen=True)
class ParameterUse:
    """A parameter's value as it was used: for which unit it was asked and has its value, and where it is from.

    `unit` is the unit that was named, or the one that owns the case (where any unit has a value of its own).
    """

    name: str
    value: Any
    unit: str | None
    for_unit: str | None
    valid_from: date
    origin: str

    def as_payload(self) -> dict[str, Any]:
        """As it stands in the history; `from` is "fil" or the number of the change."""
        day = self.valid_from
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "forUnit": self.for_unit,
            "validFrom": FeelDate(day.year, day.month, day.day),
            "from": self.origin,
        }


class _Current(threading.local):
    """What this thread is at."""

    reader: Reader | None = None
    """The transaction of the command that runs, or None."""
    version: int | None = None
    """How many changes the command's transaction has seen, once it has looked."""
    uses: dict[tuple[str, str | None], ParameterUse] | None = None
    """What has been used since it was last taken; None outside of commands."""
    supposed: tuple[Parameter, ...] = ()
    """Changes to go by that nobody has made, to see what they would do."""
    on: date | None = None
    """The day to take values of, instead of today."""
    case: str | None = None
    """The case that something is worked out for; None outside of cases."""
    owners: dict[str, str | None] | None = None
    """Which unit owns a case, of the cases that the command has asked about; None outside of commands."""


CURRENT = _Current()


@contextmanager
def supposing(changes: tuple[Parameter, ...], on: date | None) -> Iterator[None]:
    """Go by changes that nobody has made, as on a day, in this thread."""
    CURRENT.supposed, CURRENT.on = changes, on
    try:
        yield
    finally:
        CURRENT.supposed, CURRENT.on = (), None


@contextmanager
def of_case(case_id: str | None) -> Iterator[None]:
    """Work something out for a case in this thread: its owner's unit has its own values. None: for no case."""
    before = CURRENT.case
    CURRENT.case = case_id
    try:
        yield
    finally:
        CURRENT.case = before


def forget_owners() -> None:
    """Who owns which case may be another from now on in this command: ask again."""
    if CURRENT.owners:
        CURRENT.owners = {}


def begin_collecting(reader: Reader) -> None:
    """A command begins; what it uses is collected until `end_collecting`."""
    CURRENT.reader, CURRENT.version, CURRENT.uses, CURRENT.owners = reader, None, {}, {}


def end_collecting() -> None:
    """The command has ended."""
    CURRENT.reader, CURRENT.version, CURRENT.uses, CURRENT.owners = None, None, None, None


def take_uses() -> tuple[ParameterUse, ...]:
    """What has been used since the last call, each value once."""
    uses = CURRENT.uses
    if not uses:
        return ()
    CURRENT.uses = {}
    return tuple(uses.values())
