"""What the benches ask of FEEL, of decision tables, and of feelin beside them."""

from __future__ import annotations

CONDITION = 'antal > 3 and status = "klar"'
SCOPE: dict[str, object] = {"antal": 5, "status": "klar"}
INPUTS: tuple[dict[str, object], ...] = tuple(
    {"ålder": 16 + turn % 55, "månader": turn % 9, "hinder": ("inget", "sjuk", "studier", "arbete")[turn % 4],
     "barn": turn % 2 == 0}
    for turn in range(100)
)  # fmt: skip


def fifty_rules() -> list[tuple[str, ...]]:
    """Four cells and an output each: a number in ranges, a number compared, a text in a list, a boolean."""
    reasons = ('"inget"', '"sjuk", "studier"', '"arbete"', "-", 'not("sjuk")')
    rules: list[tuple[str, ...]] = []
    for number in range(49):
        low = 16 + number
        cell = f"[{low}..{low + 3}]"
        barn = ("true", "false", "-")[number % 3]
        rules.append((cell, f">= {number % 6}", reasons[number % 5], barn, f'"utfall {number}"'))
    return [*rules, ("-", "-", "-", "-", '"annat"')]
