"""How commands go, for logs, metrics and traces: told to an observer, which knows nothing of what is in a case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from engine.errors import StegvisError
from engine.protocols import Actor

if TYPE_CHECKING:
    from engine.context import Context

DONE = "done"
REPEATED = "repeated"
"""The outcome of a command whose idempotency key had been used: it gave the first answer and changed nothing."""
UNEXPECTED = "UNEXPECTED"
"""The outcome of a command that an error ended which is not ours; others have the error's code."""


@dataclass(frozen=True)
class CommandReport:
    """One command that has been run: ids and figures, never names or values of a case."""

    name: str
    outcome: str
    seconds: float
    """From the call to the commit, with everything that was tried again."""
    attempts: int
    actor_id: str
    cases: tuple[str, ...]
    instances: tuple[str, ...]
    about: str | None = None
    """A job's type, or the element of a task or timer, where the command has one."""


class Observer(Protocol):
    """Is told of each command when it is over, in its thread; must return at once and raise nothing."""

    def command_ended(self, report: CommandReport) -> None:
        """Take note."""
        ...


class NoObserver:
    """Nobody watches."""

    def command_ended(self, report: CommandReport) -> None:
        """Do nothing."""


@dataclass
class Watch:
    """What is seen of a command while it runs."""

    attempts: int = 0
    context: Context | None = None
    repeated: bool = False


@contextmanager
def watching(observer: Observer, name: str, actor: Actor) -> Iterator[Watch]:
    """Watch one command, and tell the observer of it at its end, however it ends."""
    watch, begun, outcome = Watch(), perf_counter(), UNEXPECTED
    try:
        yield watch
        outcome = REPEATED if watch.repeated else DONE
    except StegvisError as error:
        outcome = error.code
        raise
    finally:
        cases, instances = ((), ()) if watch.context is None else _touched(watch.context)
        seconds = perf_counter() - begun
        about = None if watch.context is None else watch.context.about
        observer.command_ended(CommandReport(name, outcome, seconds, watch.attempts, actor.id, cases, instances, about))


def _touched(context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cases and instances that a command has had in its hands."""
    cases = {each.case_id for each in context.instances.values() if each.case_id is not None}
    return tuple(sorted(cases | context.chronicle.cases)), tuple(context.instances)
