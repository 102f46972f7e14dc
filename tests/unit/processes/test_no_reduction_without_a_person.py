"""No way leads from attendance to less income support but through a decision-maker: in all diagrams taken together.

The diagrams are one graph here: messages lead to whom they start or wake, calls to what they call.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "processes" / "aktivitetskrav"
B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Z = "{http://camunda.org/schema/zeebe/1.0}"
DECIDER = "beslutsfattare"
TELLS = ("overfor-beslut", "registrera-avvikelseutfall", "registrera-rattelse")
"""Job types by which an outcome reaches the registers or the case system."""
ATTENDANCE = ("avvikelse#start_avvikelse", "leveransavvikelse#start_leveransavvikelse", "uppfoljning#start_uppfoljning")


class Journey:
    """Every element of every diagram, as process#element, and what follows what."""

    def __init__(self) -> None:
        self.after: dict[str, set[str]] = {}
        self.starts: set[str] = set()
        self.deciders: set[str] = set()
        self.telling: set[str] = set()
        self._sent: dict[str, set[str]] = {}
        self._heard: dict[str, set[str]] = {}
        self._calls: list[tuple[str, str]] = []
        for path in sorted(FOLDER.glob("*.bpmn")):
            self._read(ET.parse(path).getroot(), path.stem)
        for message, senders in self._sent.items():
            for sender in senders:
                self.after.setdefault(sender, set()).update(self._heard.get(message, ()))
        called = {process for _, process in self._calls}
        for caller, process in self._calls:
            entries = {start for start in self.starts if start.startswith(f"{process}#")}
            self.after.setdefault(caller, set()).update(entries)
        self.starts = {start for start in self.starts if start.split("#")[0] not in called}

    def _read(self, root: ET.Element, name: str) -> None:
        messages = {each.get("id"): each.get("name", "") for each in root.iter(B + "message")}
        process = next(root.iter(B + "process"))
        for element in process.iter():
            key = f"{name}#{element.get('id')}"
            kind = element.tag.removeprefix(B)
            if kind == "sequenceFlow":
                self._link(f"{name}#{element.get('sourceRef')}", f"{name}#{element.get('targetRef')}")
            elif kind == "boundaryEvent":
                self._link(f"{name}#{element.get('attachedToRef')}", key)
            elif kind == "startEvent":  # an event sub-process may begin whenever its process runs
                self.starts.add(key)
            elif kind == "userTask" and any(
                each.get("candidateGroups") == DECIDER for each in element.iter(Z + "assignmentDefinition")
            ):
                self.deciders.add(key)
            elif kind == "serviceTask" and self._tells(element):
                self.telling.add(key)
            elif kind == "callActivity":
                self._calls += [(key, each.get("processId", "")) for each in element.iter(Z + "calledElement")]
            if kind.endswith(("Event", "receiveTask")):
                self._message(element, kind, key, messages)

    def _message(self, element: ET.Element, kind: str, key: str, messages: dict[str | None, str]) -> None:
        for definition in element.iter(B + "messageEventDefinition"):
            named = messages[definition.get("messageRef")]
            board = self._sent if kind in ("endEvent", "intermediateThrowEvent") else self._heard
            board.setdefault(named, set()).add(key)

    def _tells(self, element: ET.Element) -> bool:
        """Whether a service task tells an outcome that can mean less aid (one that is always `godtagbart` cannot)."""
        kind = next((each.get("type") for each in element.iter(Z + "taskDefinition")), "")
        fixed = [each.get("source") for each in element.iter(Z + "input") if each.get("target") == "avvikelseUtfall"]
        return kind in TELLS and fixed != ['="godtagbart"']

    def _link(self, source: str, target: str) -> None:
        self.after.setdefault(source, set()).add(target)

    def reached(self, starts: set[str], without: set[str]) -> set[str]:
        """What can be reached from the starts without passing some elements."""
        found: set[str] = set()
        waiting = list(starts)
        while waiting:
            element = waiting.pop()
            if element not in found and element not in without:
                found.add(element)
                waiting.extend(self.after.get(element, ()))
        return found


@cache
def journey() -> Journey:
    """The diagrams, read once."""
    return Journey()


def test_the_graph_knows_who_decides_and_what_tells_of_it() -> None:
    assert {
        "avvikelse#fatta_beslut",
        "overklagande#omprova_beslutet",
        "rattelse#besluta_rattelse",
    } <= journey().deciders
    told = {"avvikelse#registrera_utfall", "avvikelse#overfor_beslut", "overklagande#overfor_andring"}
    assert told | {"rattelse#registrera_rattelsen", "rattelse#overfor_rattelsen"} <= journey().telling
    assert "avvikelse#avsluta_utan_atgard" not in journey().telling


def test_from_attendance_one_does_come_to_less_aid() -> None:
    for start in ATTENDANCE:
        assert start in journey().starts
    assert journey().telling <= journey().reached(journey().starts, set())
    assert "avvikelse#overfor_beslut" in journey().reached({ATTENDANCE[0]}, set())


def test_but_never_without_a_decision_makers_task() -> None:
    # when: no decision-maker does anything, wherever the case began
    reached = journey().reached(journey().starts, journey().deciders)
    # then
    assert reached & journey().telling == set()
