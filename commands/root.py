"""What the composition root gives every command: an installation opened on a database, and how errors are told."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import click
from rich.markup import escape

from commands.output import FAILED, errors
from engine.clock import Clock
from engine.engine import Engine
from engine.errors import StegvisError
from engine.observing import Observer
from engine.protocols import Calendar, Dispatcher
from processes.configuration import InvalidConfiguration
from processes.family import Families


@dataclass(frozen=True)
class Installation:
    """Everything wired together for one process of the operating system."""

    engine: Engine
    families: Families
    calendar: Calendar


class OpenInstallation(Protocol):
    """Opens an installation that the caller closes."""

    def __call__(
        self,
        database: str,
        *,
        clock: Clock | None = None,
        dispatcher: Dispatcher | None = None,
        observer: Observer | None = None,
    ) -> Installation:
        """See `stegvis.open_installation`."""
        ...


class WithInstallation(Protocol):
    """Opens an installation for the length of a `with`."""

    def __call__(
        self,
        database: str,
        *,
        clock: Clock | None = None,
        dispatcher: Dispatcher | None = None,
        observer: Observer | None = None,
    ) -> AbstractContextManager[Installation]:
        """See `stegvis.installation`."""
        ...


@dataclass(frozen=True)
class Root:
    """The composition root as commands see it."""

    version: str
    open_installation: OpenInstallation
    installation: WithInstallation


pass_root = click.make_pass_decorator(Root)
"""Gives a command the composition root as its first argument."""


class Commands(click.Group):
    """Turns errors into one red line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; StegvisError becomes exit code 3."""
        try:
            return super().invoke(ctx)
        except InvalidConfiguration as error:
            errors.print(f"[bold red]{error.code}:[/] {escape(error.file)}", style="red")
            for problem in error.problems:
                errors.print(f"  {problem}", markup=False, style="red", soft_wrap=True)
            ctx.exit(FAILED)
        except StegvisError as error:
            errors.print(f"[bold red]{error.code}:[/] ", end="")
            errors.print(error.message, markup=False, style="red")
            ctx.exit(FAILED)
