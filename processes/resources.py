"""What a family's handlers need from outside, handed in by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel import HostFunction
from engine.protocols import Calendar, Parameters, Roles


@dataclass(frozen=True)
class Resources:
    """The municipality's parameters, roles and calendar, FEEL functions, and the family's letter texts.

    texts: name (without .md) to text with FEEL in it.
    """

    parameters: Parameters
    roles: Roles
    calendar: Calendar
    functions: Mapping[str, HostFunction]
    texts: Mapping[str, str]
