"""Small numbers are not shown widely: with few people in a cell, one of them might be recognised (SoLPuL 7 a §)."""

from __future__ import annotations

from collections.abc import Mapping


def shown(number: int, least: int) -> str:
    """A number of people as lists show it: zero and what reaches `least` as it is, anything between as "färre än"."""
    return f"färre än {least}" if 0 < number < least else str(number)


def shown_together(numbers: Mapping[str, int], least: int) -> dict[str, str]:
    """Numbers that stand beside their sum, by name: where only one is hidden, the next smallest is hidden too.

    Otherwise the hidden one could be reckoned from the sum and the others.
    """
    told = {name: shown(number, least) for name, number in numbers.items()}
    hidden = [name for name, number in numbers.items() if told[name] != str(number)]
    others = sorted((number, name) for name, number in numbers.items() if number and name not in hidden)
    if len(hidden) == 1 and others:
        told[others[0][1]] = "visas inte"
    return told
