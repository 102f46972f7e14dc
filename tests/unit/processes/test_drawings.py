"""The journey's diagrams can be read: lanes in one order, nothing on top of another, flows beside foreign shapes."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from processes.family import find_families
from tests.drawing import (
    DC,
    DI,
    LABEL_FONT,
    LANE_STRIP,
    LINE,
    TASK_FONT,
    Drawing,
    Line,
    text_width,
    wrapped,
)

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
DIAGRAMS = sorted(FOLDER.glob("*.bpmn"))
ROLES = find_families().roles.roles
LANES = (
    *("verksamhetschef_eb", "enhetschef_eb", "beslutsfattare", "handlaggare_eb", "registrator"),
    *("konsulent_am", "matchare", "utforare", "handledare", "chef_utforare", "utbildning_barn"),
    *("chef_am", "avdelningschef_am", "stabschef", "kvalitetsansvarig", "analytiker"),
    *("processagare", "dso", "logggranskare", "admin"),
)
"""From the top: who answers for the aid, who carries the activities out, who looks at the whole."""
WITHOUT_LANES = {"eskalering"}
"""Whose roles depend on who calls it: the late task's role and its chiefs."""
MOST_WIDTH, MOST_HEIGHT = 2600, 1300
"""Pixels: what can be read on one printed A3 page (a name of 12 px becomes about 2 mm)."""
CROSSINGS: dict[str, tuple[int, str]] = {}
"""How many crossings a diagram may have, and why its layout cannot avoid them."""
ROUNDING = 0.5
"""Pixels."""


def moved(folder: Path, stem: str, element: str, *, x: float) -> Drawing:
    """A copy of a diagram in which the shape of `element` has another x."""
    tree = ET.parse(FOLDER / f"{stem}.bpmn")
    shape = next(each for each in tree.iter(DI + "BPMNShape") if each.get("bpmnElement") == element)
    bounds = shape.find(DC + "Bounds")
    assert bounds is not None
    bounds.set("x", str(x))
    tree.write(folder / "moved.bpmn")
    return Drawing(folder / "moved.bpmn")


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """Each diagram in turn."""
    return Drawing(request.param)


def test_lanes_stand_in_the_same_order_everywhere_and_bear_their_roles_names(drawing: Drawing) -> None:
    # when
    lanes = sorted(drawing.lanes, key=lambda lane: drawing.shapes[lane].y)
    # then: as listed and as drawn
    roles = [lane.removeprefix("bana_") for lane in lanes]
    assert list(drawing.lanes) == lanes
    assert roles == sorted(roles, key=LANES.index)
    assert [drawing.name(lane) for lane in lanes] == [ROLES[role].name_sv for role in roles]


def test_a_diagram_without_lanes_is_one_whose_roles_depend_on_its_caller() -> None:
    assert {path.stem for path in DIAGRAMS if not Drawing(path).lanes} == WITHOUT_LANES


def test_every_node_lies_in_its_lane_or_sub_process(drawing: Drawing) -> None:
    outside = []
    pools = [] if drawing.lanes else [shape for shape in drawing.shapes if shape.startswith("pool_")]
    for node in drawing.nodes:
        inner = drawing.subprocess_of(node)
        holders = [inner] if inner else pools or [lane for lane, held in drawing.lanes.items() if node in held]
        assert len(holders) == 1, node
        around = drawing.shapes[drawing.host_of(node) or node]  # a boundary event may stick out of its host
        if not drawing.shapes[holders[0]].holds(around):
            outside.append(node)
    assert outside == []


def test_no_two_shapes_lie_on_top_of_each_other(drawing: Drawing) -> None:
    clashes = [
        (one, two)
        for one, two in itertools.combinations(drawing.nodes, 2)
        if drawing.shapes[one].overlaps(drawing.shapes[two])
        and one not in (drawing.subprocess_of(two), drawing.host_of(two))
        and two not in (drawing.subprocess_of(one), drawing.host_of(one))
    ]
    assert clashes == []


def test_flows_run_level_or_upright_from_border_to_border(drawing: Drawing) -> None:
    loose = [
        flow.id
        for flow in drawing.flows
        if not all(line.is_straight for line in flow.lines)
        or not drawing.shapes[flow.source].reached_by(*flow.points[0])
        or not drawing.shapes[flow.target].reached_by(*flow.points[-1])
    ]
    assert loose == []


def test_no_flow_runs_through_a_shape_that_is_not_its_own(drawing: Drawing) -> None:
    assert list(drawing.run_through()) == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_flows_cross_only_where_layout_cannot_avoid_it(path: Path) -> None:
    allowed, why = CROSSINGS.get(path.stem, (0, ""))
    crossings = Drawing(path).crossings()
    assert len(crossings) == allowed, f"{crossings} {why}"


def test_every_event_and_gateway_and_named_flow_has_its_label_placed(drawing: Drawing) -> None:
    named = {node for node, kind in drawing.nodes.items() if kind.endswith(("Event", "Gateway"))}
    named |= {flow.id for flow in drawing.flows}
    assert {each for each in named if drawing.name(each)} - set(drawing.labels) == set()


def test_labels_lie_beside_their_element_and_on_nothing(drawing: Drawing) -> None:
    clashes = []
    for element, label in drawing.labels.items():
        clashes += [
            (element, "on", node)
            for node, kind in drawing.nodes.items()
            if kind != "subProcess" and label.overlaps(drawing.shapes[node])
        ]
        clashes += [
            (element, "on", flow.id) for flow in drawing.flows if any(line.runs_through(label) for line in flow.lines)
        ]
        clashes += [
            (element, "on", other) for other, it in drawing.labels.items() if other > element and it.overlaps(label)
        ]
    assert clashes == []


def test_no_word_is_broken_and_every_name_has_room(drawing: Drawing) -> None:
    cramped = []
    for node, kind in drawing.nodes.items():
        name, box = drawing.name(node), drawing.shapes[node]
        if kind.endswith(("Task", "callActivity")):
            lines = wrapped(name, TASK_FONT, box.width - 10)
            if max(text_width(line, TASK_FONT) for line in lines) > box.width - 10 or len(lines) > 3:
                cramped.append((node, lines))
    for lane in drawing.lanes:
        room = drawing.shapes[lane].height
        lines = wrapped(drawing.name(lane), TASK_FONT, room)
        if max(text_width(line, TASK_FONT) for line in lines) > room or len(lines) * TASK_FONT * LINE > LANE_STRIP:
            cramped.append((lane, lines))
    for element, bounds in drawing.label_bounds.items():
        lines = wrapped(drawing.name(element), LABEL_FONT, bounds.width)
        if max(text_width(line, LABEL_FONT) for line in lines) > bounds.width + ROUNDING:
            cramped.append((element, lines))
    assert cramped == []


def test_a_diagram_is_one_page_at_a_readable_size(drawing: Drawing) -> None:
    boxes = drawing.shapes.values()
    assert max(box.x + box.width for box in boxes) - min(box.x for box in boxes) <= MOST_WIDTH
    assert max(box.y + box.height for box in boxes) - min(box.y for box in boxes) <= MOST_HEIGHT


def test_a_shape_that_was_moved_onto_another_and_into_a_flow_is_noticed(tmp_path: Path) -> None:
    # when: the matcher's task lies on the gateway after it
    drawing = moved(tmp_path, "matchning", "valj_plats", x=1060)
    # then
    assert drawing.shapes["valj_plats"].overlaps(drawing.shapes["fraga_plats"])
    assert ("flode_06_fraga_plats_kontrollera_schema", "valj_plats") in set(drawing.run_through())


@pytest.mark.parametrize(
    ("upright", "cross"),
    [(Line(50, -20, 50, 20), True), (Line(50, 0, 50, 20), False), (Line(120, -20, 120, 20), False)],
    ids=["through", "joins", "beside"],
)
def test_lines_cross_where_both_go_on(upright: Line, cross: bool) -> None:
    assert Line(0, 0, 100, 0).crosses(upright) is cross
    assert upright.crosses(Line(0, 0, 100, 0)) is cross
