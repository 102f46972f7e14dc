"""What a family's handlers need from outside, handed in by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel import HostFunction
from engine.protocols import Calendar, Parameters
from processes.roles import RoleBook


@dataclass(frozen=True)
class Resources:
    """The municipality's parameters, roles and calendar, and FEEL functions."""

    parameters: Parameters
    roles: RoleBook
    calendar: Calendar
    functions: Mapping[str, HostFunction]
