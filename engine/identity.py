"""Ids of instances, cases, waits and incidents: opaque, never guessable from another, and rising as they are made."""

from __future__ import annotations

import itertools
import os

from engine.clock import SystemClock

_RANDOM_BYTES = 8
_A_MILLISECOND = 1 << 20
"""How many ids a process may make in a millisecond before it could reach the numbers of one that starts later."""
_numbers = itertools.count(round(SystemClock().now().timestamp() * 1000) * _A_MILLISECOND)


def new_id() -> str:
    """A new id: 32 hexadecimal digits, of which the last 16 are random.

    The first 16 rise by one with each id of this process, from a number that its start gives (decision 063): rows that
    are written together lie together in their indexes, and what is due at the same moment comes in the order in which
    it began.
    """
    return f"{next(_numbers):016x}{os.urandom(_RANDOM_BYTES).hex()}"
