"""A process that carries on a migration and may be killed at any instant; run by test_migration_kill.py."""

from __future__ import annotations

import sys

from engine.clock import ManualClock
from engine.engine import Engine
from tests.harness import ANNA, START, bpmn, flows, user_task

INSTANCES = 40
TIMER = (
    '<boundaryEvent id="{0}" attachedToRef="a" cancelActivity="false"><timerEventDefinition><timeDuration>P{1}D'
    '</timeDuration></timerEventDefinition></boundaryEvent><sequenceFlow id="{0}_e" sourceRef="{0}" targetRef="e"/>'
)
OLD = bpmn('<startEvent id="s"/>' + user_task("a") + '<endEvent id="e"/>' + flows("s", "a", "e") + TIMER.format("t", 5))
NEW = OLD.replace('name="a"', 'name="Bedöm"').replace("</process>", TIMER.format("n", 9) + "</process>")


def open_engine(url: str) -> Engine:
    """The engine on a clock that stands still."""
    return Engine.open(url, clock=ManualClock(START))


def prepare(engine: Engine) -> str:
    """Instances of an old version, and a migration that nobody has carried on yet; its id."""
    engine.publish({"p.bpmn": OLD.encode()}, author="test", note="")
    for number in range(INSTANCES):
        engine.start("p", {"nummer": number}, actor=ANNA)
    for item in engine.queries.open_items()[::2]:
        engine.save_draft(item.id, {"svar": item.id}, actor=ANNA)
    engine.publish({"p.bpmn": NEW.encode()}, author="test", note="")
    plan = engine.migrations.propose("p", 1).plan
    return engine.migrations.begin(plan, actor=ANNA, reason="ny version")


if __name__ == "__main__":
    busy = open_engine(sys.argv[1])
    busy.migrations.carry_on(sys.argv[2], batch=7, progress=lambda step: print(step.done, flush=True))
    busy.close()
    print("done", flush=True)
