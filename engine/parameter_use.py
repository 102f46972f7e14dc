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
    """A parameter's value as it was used: for which unit it was asked and has its value, and the change it is from."""

    name: str
    value: Any
    unit: str | None
    for_unit: str | None
    valid_from: date
    change: int | None

    def as_payload(self) -> dict[str, Any]:
        """As it stands in the history; `from` is "fil" or the number of the change."""
        day = self.valid_from
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "forUnit": self.for_unit,
            "validFrom": FeelDate(day.year, day.month, day.day),
            "from": "fil" if self.change is None else f"ändring {self.change}",
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


CURRENT = _Current()


@contextmanager
def supposing(changes: tuple[Parameter, ...], on: date | None) -> Iterator[None]:
    """Go by changes that nobody has made, as on a day, in this thread."""
    CURRENT.supposed, CURRENT.on = changes, on
    try:
        yield
    finally:
        CURRENT.supposed, CURRENT.on = (), None


def begin_collecting(reader: Reader) -> None:
    """A command begins; what it uses is collected until `end_collecting`."""
    CURRENT.reader, CURRENT.version, CURRENT.uses = reader, None, {}


def end_collecting() -> None:
    """The command has ended."""
    CURRENT.reader, CURRENT.version, CURRENT.uses = None, None, None


def take_uses() -> tuple[ParameterUse, ...]:
    """What has been used since the last call, each value once."""
    uses = CURRENT.uses
    if not uses:
        return ()
    CURRENT.uses = {}
    return tuple(uses.values())
