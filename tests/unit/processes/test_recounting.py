"""Which deadlines of the journey follow a changed parameter: staff's own targets, and nothing that people were told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn import load_model
from engine.bpmn.recounting import recounted_elements
from engine.bpmn.specs.events import BoundarySpec
from engine.bpmn.specs.tasks import UserTaskSpec

DIAGRAMS = sorted((Path(__file__).parents[3] / "processes" / "aktivitetskrav").glob("*.bpmn"))
OF_OTHERS = {"ta_in_synpunkter", "genomfor_atgard"}
"""Tasks whose time is the person's or the provider's."""
TARGET = re.compile(r'=add working days\(today\(\), (?:(?: \+ )?parameter\("\w+_arbetsdagar"\))+(?: \+ 1)?\)')


def written(spec: UserTaskSpec | BoundarySpec) -> str:
    """How the deadline is counted, as drawn."""
    field = spec.definition.due if isinstance(spec, UserTaskSpec) else spec.event.timer.value
    return f"={field.expression.text}"


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=[path.stem for path in DIAGRAMS])
def test_staffs_tasks_and_the_timers_that_watch_them_are_counted_again_and_nothing_else(diagram: Path) -> None:
    for process in load_model(diagram.read_bytes(), file=diagram.name).processes.values():
        specs = process.graph.task_specs
        again = recounted_elements(process)
        tasks = {
            name for name, spec in specs.items() if isinstance(spec, UserTaskSpec) and spec.definition.due is not None
        }
        assert again & tasks == tasks - OF_OTHERS
        for name in again:
            assert TARGET.fullmatch(written(specs[name])), name
        for name in again - tasks:
            assert isinstance(specs[name], BoundarySpec)
            assert specs[name].attached_to in again
