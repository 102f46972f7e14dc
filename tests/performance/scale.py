"""How large the large benches are: BENCH_SCALE times their size; 1 by default."""

from __future__ import annotations

import os

SCALE = float(os.environ.get("BENCH_SCALE", "1"))
Row = tuple[str, float, str, str]


def scaled(number: int) -> int:
    """A size at this scale, at least one."""
    return max(1, round(number * SCALE))


def populations() -> tuple[int, ...]:
    """How many cases the compared stores have: 300, 2 500 and, at scale 1, 8 000 (at 10: 80 000)."""
    return tuple(dict.fromkeys((300, 2_500, scaled(8_000))))
