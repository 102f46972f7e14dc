"""What an execution needs from outside: the time, functions for FEEL, and someone who decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from engine.clock import Clock
from engine.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class DecisionCall:
    """A business rule task asks for a decision; `variables` is all the task can read."""

    decision_id: str
    binding: str | None
    version_tag: str | None
    variables: Mapping[str, Any]


class DecisionResult(Protocol):
    """What a decision gave: its value, and a JSON-ready trace of how it came about."""

    @property
    def value(self) -> Any:
        """The decision's value."""
        ...

    @property
    def trace(self) -> Any:
        """Which rules matched, JSON-ready."""
        ...


class NoDecisions(InvalidInput):
    """This execution has been given no decisions."""

    code = "NO_DECISIONS"


def refuse_to_decide(call: DecisionCall) -> DecisionResult:
    """The answer where no decisions were wired in.

    Raises:
        NoDecisions: always.
    """
    raise NoDecisions(f"there is no decision {call.decision_id!r}")


@dataclass(frozen=True)
class Services:
    """What executions share. `decide` may raise any StegvisError: the task then becomes an incident."""

    clock: Clock
    functions: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    decide: Callable[[DecisionCall], DecisionResult] = refuse_to_decide
