"""A process that works through cases on a store and may be killed at any instant; run by test_kill.py.

Run again, it goes on where the store is: every command bears a key that says what it is for.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from sqlalchemy import text

from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import Conflict
from engine.handlers import HandlerRegistry, JobContext
from engine.protocols import SYSTEM
from tests.harness import ANNA, START, bpmn, flows, service_task, user_task

CASES = 10
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ROOT = (
    '<message id="m" name="klar"><extensionElements><zeebe:subscription correlationKey="=nyckel"/>'
    "</extensionElements></message>"
)
MAIN = bpmn(
    '<startEvent id="s"/>'
    + user_task("a", "Bedöm")
    + service_task("j", "registrera")
    + '<callActivity id="c"><extensionElements><zeebe:calledElement processId="barn"/></extensionElements>'
    '</callActivity><intermediateCatchEvent id="v"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    f'<intermediateCatchEvent id="w">{TIMER}</intermediateCatchEvent><endEvent id="e"/>'
    + flows("s", "a", "j", "c", "v", "w", "e"),
    process_id="mor",
    root=ROOT,
)
CHILD = bpmn(
    '<startEvent id="s"/>' + user_task("b", "Inne") + '<intermediateThrowEvent id="t">'
    '<messageEventDefinition messageRef="m"/></intermediateThrowEvent><endEvent id="e"/>' + flows("s", "b", "t", "e"),
    process_id="barn",
    root=ROOT,
)


def open_engine(url: str) -> Engine:
    """The engine with a handler that writes one row into a register for each job."""
    registry = HandlerRegistry()

    @registry.job("registrera")
    def write(job: JobContext) -> None:
        statement = text("INSERT INTO register (job, nyckel) VALUES (:job, :nyckel)")
        job.uow.connection.execute(statement, {"job": job.job_id, "nyckel": job.variables["nyckel"]})

    return Engine.open(url, clock=ManualClock(START), handlers=registry)


def prepare(engine: Engine) -> None:
    """What has to be there before anything is killed."""
    engine.publish({"m.bpmn": MAIN.encode(), "b.bpmn": CHILD.encode()}, author="test", note="")
    with engine.database.transaction(engine.clock) as uow:
        uow.connection.execute(text("CREATE TABLE register (job INTEGER, nyckel TEXT)"))


def work(engine: Engine, say: object = print) -> None:
    """Carry every case to its end, from wherever it stands."""
    tell = say if callable(say) else print
    for number in range(CASES):
        engine.start("mor", {"nyckel": f"n{number}"}, actor=SYSTEM, key=f"start-{number}")
        tell("started")
    while items := engine.queries.open_items():
        for item in items:
            tell("completing")
            try:
                engine.complete(item.id, {"svar": 1}, actor=ANNA, key=f"complete-{item.id}")
            except Conflict:
                tell("conflict")
        tell("running")
        engine.run_until_idle()
    engine.run_until_idle()
    assert isinstance(engine.clock, ManualClock)
    engine.clock.advance(timedelta(hours=2))
    for timer_id in engine.due_timers(1000):
        tell("firing")
        engine.fire_timer(timer_id)
    engine.run_until_idle()
    tell("done")


if __name__ == "__main__":
    busy = open_engine(sys.argv[1])
    work(busy, lambda line: print(line, flush=True))
    busy.close()
