"""Ids of instances, cases and incidents: opaque, and never guessable from another."""

from __future__ import annotations

import uuid


def new_id() -> str:
    """A new id: 32 hexadecimal digits."""
    return uuid.uuid4().hex
