"""Bars drawn by the server: where each stands and how high it is, for an SVG that a table says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 26
GAP = 0.25
"""How much of a place is left empty beside its bars."""


@dataclass(frozen=True)
class Rect:
    """One bar, in the drawing's units."""

    x: float
    y: float
    width: float
    height: float
    told: str
    """What the bar says, for whoever points at it."""


@dataclass(frozen=True)
class Line:
    """One line of the scale."""

    y: float
    label: str


@dataclass(frozen=True)
class Tick:
    """One word under the bars."""

    x: float
    label: str


@dataclass(frozen=True)
class BarChart:
    """A drawing of bars with its scale."""

    bars: tuple[Rect, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int = HEIGHT
    left: int = LEFT

    @property
    def right(self) -> int:
        """Where its scale ends."""
        return self.width - RIGHT


def bar_chart(
    labels: Sequence[str], values: Sequence[float], told: Sequence[str], *, every: int, width: int
) -> BarChart:
    """Bars from left to right.

    labels: under each bar, shown for every `every`-th. told: what each bar says in words. width: in the drawing's
    units, of which the browser shows about as many as there are pixels.
    """
    top = _ceiling(max(values, default=0))
    place = (width - LEFT - RIGHT) / max(len(labels), 1)
    floor = HEIGHT - BOTTOM
    bars = []
    for index, value in enumerate(values):
        height = (floor - TOP) * value / top
        x = LEFT + place * (index + GAP / 2)
        bars.append(Rect(_round(x), _round(floor - height), _round(place * (1 - GAP)), _round(height), told[index]))
    lines = tuple(Line(_round(floor - (floor - TOP) * part / 2), _plain(top * part / 2)) for part in range(3))
    ticks = tuple(
        Tick(_round(LEFT + place * (index + 0.5)), label) for index, label in enumerate(labels) if index % every == 0
    )
    return BarChart(tuple(bars), lines, ticks, width)


def _ceiling(value: float) -> float:
    """The round number that the scale ends at: 1, 2, 4, 6, 8 or 10 times a power of ten, and never below 2."""
    if value <= 2:
        return 2
    power = 10 ** (ceil(log10(value)) - 1)
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def _round(value: float) -> float:
    return round(value, 2)
