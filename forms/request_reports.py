"""What is told of each request, and to whom: without Flask, for those who only listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class RequestReport:
    """One request that has been answered: never its address, which may hold what somebody searched for."""

    request_id: str
    endpoint: str
    method: str
    status: int
    seconds: float
    actor_id: str | None


class Watch(Protocol):
    """Is told of requests; must return at once and raise nothing."""

    def request_began(self, request_id: str, endpoint: str) -> None:
        """A request is about to be answered, in this thread."""
        ...

    def request_ended(self, report: RequestReport) -> None:
        """It has been answered."""
        ...

    def exposition(self) -> bytes | None:
        """The metrics as Prometheus reads them; None where there are none."""
        ...


class Unwatched:
    """Nobody watches."""

    def request_began(self, request_id: str, endpoint: str) -> None:
        """Do nothing."""

    def request_ended(self, report: RequestReport) -> None:
        """Do nothing."""

    def exposition(self) -> bytes | None:
        """There are none."""
        return None
