"""Over random populations, a message reaches whom a plain reading of the rule says, and nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness import ANNA, Journey, bpmn, flows

PROCESSES, NAMES, KEYS = ("p", "q"), ("m1", "m2"), ("A", "B", "")


def catcher(process_id: str) -> str:
    root = "".join(
        f'<message id="{name}" name="{name}"><extensionElements><zeebe:subscription correlationKey="=nyckel"/>'
        "</extensionElements></message>"
        for name in NAMES
    )
    branches = "".join(
        f'<intermediateCatchEvent id="c_{name}"><messageEventDefinition messageRef="{name}"/>'
        f"</intermediateCatchEvent>" + flows("g", f"c_{name}", f"e_{name}") + f'<endEvent id="e_{name}"/>'
        for name in NAMES
    )
    body = '<startEvent id="s"/><eventBasedGateway id="g"/>' + flows("s", "g") + branches
    return bpmn(body, process_id=process_id, root=root)


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("messages")
    begun = Journey.begin(folder, files={f"{each}.bpmn": catcher(each) for each in PROCESSES}, url="sqlite://")
    yield begun
    begun.engine.close()


steps = st.one_of(
    st.tuples(st.just("start"), st.sampled_from(PROCESSES), st.sampled_from(KEYS)),
    st.tuples(st.just("send"), st.sampled_from(NAMES), st.sampled_from(KEYS)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(steps, max_size=15), population=st.integers(0, 10**9))
def test_a_message_reaches_the_oldest_of_each_process_with_its_key(
    journey: Journey, script: list[tuple[str, str, str]], population: int
) -> None:
    waiting: list[tuple[str, str, str]] = []
    for action, what, suffix in script:
        key = f"{suffix}-{population}"
        if action == "start":
            waiting.append((what, key, journey.start(what, nyckel=key)))
            continue
        expected: dict[str, str] = {}
        for process_id, waited_for, instance in waiting:
            if waited_for == key:
                expected.setdefault(process_id, instance)
        taken = journey.correlate(what, key).instances
        assert set(taken) == set(expected.values())
        waiting = [each for each in waiting if each[2] not in taken]
    for _, _, instance in waiting:
        journey.engine.cancel(instance, actor=ANNA)
