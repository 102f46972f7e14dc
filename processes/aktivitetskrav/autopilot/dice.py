"""Chance that is the same for the same seed and subject, whatever happened before."""

from __future__ import annotations

from random import Random


def dice(*subject: object) -> Random:
    """A generator of its own for a subject (seed, case, task, occurrence); equal subjects give equal chance."""
    return Random("/".join(str(part) for part in subject))  # noqa: S311 - a play's chance, not secrets


def one(random: Random, **weights: int) -> str:
    """One of several names, each as often as its weight says."""
    return random.choices(list(weights), list(weights.values()))[0]
