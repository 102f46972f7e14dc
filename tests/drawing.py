"""Reads how a diagram is drawn: shapes, flows, labels and lanes, and what of them touches what."""

from __future__ import annotations

import itertools
import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
OMGDI = "{http://www.omg.org/spec/DD/20100524/DI}"
FLOW_NODES = ("Task", "task", "Event", "Gateway", "callActivity", "subProcess")
SLACK = 1.0
"""Pixels by which two things may touch without being on top of each other."""
LABEL_FONT, TASK_FONT = 11, 12
"""Font sizes of bpmn-js, in pixels."""
LINE = 1.2
"""A line's height in font sizes."""
LANE_STRIP = 30
"""Width of the strip at a lane's left that its name stands in, in pixels."""
_NARROW, _WIDE = "ijlftr.,:;()|!' -", "mwMWQO"


@dataclass(frozen=True)
class Box:
    """Where something lies, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than their border."""
        across = self.x + SLACK < other.x + other.width and other.x + SLACK < self.x + self.width
        return across and self.y + SLACK < other.y + other.height and other.y + SLACK < self.y + self.height

    def holds(self, other: Box) -> bool:
        """Whether the other lies inside."""
        right, bottom = self.x + self.width + SLACK, self.y + self.height + SLACK
        inside = other.x + SLACK >= self.x and other.y + SLACK >= self.y
        return inside and other.x + other.width <= right and other.y + other.height <= bottom

    def reached_by(self, x: float, y: float) -> bool:
        """Whether a point lies on the box, its border included."""
        return (
            self.x - SLACK <= x <= self.x + self.width + SLACK and self.y - SLACK <= y <= self.y + self.height + SLACK
        )


@dataclass(frozen=True)
class Line:
    """A straight piece of a flow."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def box(self) -> Box:
        """What the piece covers."""
        return Box(min(self.x1, self.x2), min(self.y1, self.y2), abs(self.x2 - self.x1), abs(self.y2 - self.y1))

    @property
    def is_straight(self) -> bool:
        """Whether it runs level or upright."""
        return math.isclose(self.x1, self.x2) or math.isclose(self.y1, self.y2)

    def runs_through(self, box: Box) -> bool:
        """Whether it goes through the inside of a box (level and upright pieces)."""
        thick = Box(self.box.x - SLACK, self.box.y - SLACK, self.box.width + 2 * SLACK, self.box.height + 2 * SLACK)
        return thick.overlaps(box)

    def crosses(self, other: Line) -> bool:
        """Whether one is level, the other upright, and they meet away from the ends of both."""
        if math.isclose(self.y1, self.y2) == math.isclose(other.y1, other.y2):
            return False
        level, upright = (self, other) if math.isclose(self.y1, self.y2) else (other, self)
        left, right = sorted((level.x1, level.x2))
        top, bottom = sorted((upright.y1, upright.y2))
        return left + SLACK < upright.x1 < right - SLACK and top + SLACK < level.y1 < bottom - SLACK


@dataclass(frozen=True)
class Flow:
    """A sequence flow as drawn."""

    id: str
    source: str
    target: str
    name: str
    points: tuple[tuple[float, float], ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its straight pieces."""
        return tuple(Line(*start, *end) for start, end in itertools.pairwise(self.points))


class Drawing:
    """One diagram."""

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self.root = ET.parse(path).getroot()
        self.elements = {element.get("id", ""): element for element in self.root.iter() if element.get("id")}
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    @cached_property
    def nodes(self) -> dict[str, str]:
        """Every flow node's id and kind."""
        return {
            element.get("id", ""): element.tag.removeprefix(B)
            for element in self.root.iter()
            if element.tag.startswith(B) and element.tag.endswith(FLOW_NODES)
        }

    @cached_property
    def shapes(self) -> dict[str, Box]:
        """Where each element lies."""
        return {
            shape.get("bpmnElement", ""): _box(shape.find(DC + "Bounds")) for shape in self.root.iter(DI + "BPMNShape")
        }

    @cached_property
    def flows(self) -> list[Flow]:
        """The sequence flows with what they are drawn along."""
        drawn = {
            edge.get("bpmnElement", ""): tuple(
                (float(point.get("x", 0)), float(point.get("y", 0))) for point in edge.iter(OMGDI + "waypoint")
            )
            for edge in self.root.iter(DI + "BPMNEdge")
        }
        return [
            Flow(*(flow.get(key, "") for key in ("id", "sourceRef", "targetRef", "name")), drawn[flow.get("id", "")])
            for flow in self.root.iter(B + "sequenceFlow")
        ]

    @cached_property
    def lanes(self) -> dict[str, list[str]]:
        """Each lane's id and the flow nodes in it."""
        return {
            lane.get("id", ""): [node.text or "" for node in lane.iter(B + "flowNodeRef")]
            for lane in self.root.iter(B + "lane")
        }

    @cached_property
    def label_bounds(self) -> dict[str, Box]:
        """What is kept free for the label beside each event, gateway and flow."""
        found = {}
        for drawn in (*self.root.iter(DI + "BPMNShape"), *self.root.iter(DI + "BPMNEdge")):
            bounds = drawn.find(f"{DI}BPMNLabel/{DC}Bounds")
            element = drawn.get("bpmnElement", "")
            if bounds is not None and self.name(element):
                found[element] = _box(bounds)
        return found

    @cached_property
    def labels(self) -> dict[str, Box]:
        """What the text of each label covers, wrapped into its bounds."""
        return {element: _text_in(self.name(element), bounds) for element, bounds in self.label_bounds.items()}

    def name(self, element_id: str) -> str:
        """An element's name, on one line."""
        return " ".join(self.elements[element_id].get("name", "").split())

    def subprocess_of(self, node: str) -> str | None:
        """The embedded sub-process that a node lies in, or None."""
        parent = self.parents[self.elements[node]]
        return parent.get("id") if parent.tag == B + "subProcess" else None

    def host_of(self, node: str) -> str | None:
        """What a boundary event sits on, or None."""
        return self.elements[node].get("attachedToRef")

    def crossings(self) -> list[tuple[str, str]]:
        """Pairs of flows that cross; flows with a common end may share their way to it."""
        return [
            (one.id, two.id)
            for one, two in itertools.combinations(self.flows, 2)
            if not {one.source, one.target} & {two.source, two.target}
            for _ in filter(None, (a.crosses(b) for a in one.lines for b in two.lines))
        ]

    def run_through(self) -> Iterator[tuple[str, str]]:
        """Flows with the nodes that they run through without belonging to them."""
        for flow in self.flows:
            own = {flow.source, flow.target, self.host_of(flow.source), self.subprocess_of(flow.source)}
            for node, box in self.shapes.items():
                if node in self.nodes and node not in own and any(line.runs_through(box) for line in flow.lines):
                    yield flow.id, node


def text_width(text: str, size: int) -> float:
    """About how wide a text is in pixels: letters by their class, so that a wide font fits too."""
    return sum(
        size * (0.4 if letter in _NARROW else 0.92 if letter in _WIDE else 0.74 if letter.isupper() else 0.63)
        for letter in text
    )


def wrapped(text: str, size: int, width: float) -> list[str]:
    """The lines that a text takes in a width; a word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _text_in(text: str, bounds: Box) -> Box:
    lines = wrapped(text, LABEL_FONT, bounds.width)
    width = max(text_width(line, LABEL_FONT) for line in lines)
    return Box(bounds.x + (bounds.width - width) / 2, bounds.y, width, len(lines) * LABEL_FONT * LINE)


def _box(bounds: ET.Element | None) -> Box:
    if bounds is None:
        raise AssertionError("a shape without bounds")
    return Box(*(float(bounds.get(key, 0)) for key in ("x", "y", "width", "height")))
