"""How often a dispatcher does what, and how long it waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Rhythm:
    """The intervals of one process that runs jobs and timers."""

    beat: timedelta = timedelta(seconds=10)
    """How often it says that it is alive, and looks for what others have left behind."""
    silent_after: timedelta = timedelta(seconds=30)
    """After that silence it counts as gone, and others take over what it had begun."""
    poll: timedelta = timedelta(seconds=15)
    """The longest it sleeps without asking what is due (PostgreSQL): what a lost notification can cost."""
    time_limit: timedelta = timedelta(minutes=5)
    """How long a job may take; then its attempt has failed."""
    grace: timedelta = timedelta(seconds=20)
    """How long what is under way may go on after the process was asked to stop; then it is given back."""
