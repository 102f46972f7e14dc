"""A database with a bit of everything: months of the journey, and instances that wait in every way there is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.clock import LOCAL_ZONE, Clock, ManualClock
from engine.engine import Engine
from engine.parameter_desk import ChangeRequest
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.family import find_families
from tests.harness import ANNA, bpmn, flows, service_task, user_task
from tests.integration.journey.conftest import START, Town
from timers.calendar import WorkingCalendar

MOMENT = datetime(2026, 12, 15, 10, 0, tzinfo=LOCAL_ZONE)
"""When the months end."""
_GROUPS = '<zeebe:assignmentDefinition candidateGroups="handlaggare_eb, beslutsfattare"/>'
_TIMER = (
    '<boundaryEvent id="late" attachedToRef="ask" cancelActivity="false"><timerEventDefinition>'
    "<timeDuration>P3D</timeDuration></timerEventDefinition></boundaryEvent>"
)
WAITS = bpmn(
    '<startEvent id="s"/><parallelGateway id="split"/>'
    + user_task("ask", "Fråga", _GROUPS)
    + _TIMER
    + user_task("remind", "Påminn")
    + service_task("work", "outside-work")
    + '<intermediateCatchEvent id="hear"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    + '<intermediateCatchEvent id="see"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent>'
    + '<callActivity id="call"><extensionElements><zeebe:calledElement processId="called"/></extensionElements>'
    "</callActivity>"
    '<scriptTask id="fails"><extensionElements><zeebe:script expression="=1 + missing" resultVariable="x"/>'
    "</extensionElements></scriptTask>"
    '<endEvent id="e"/>'
    + flows("s", "split", "ask", "e")
    + flows("late", "remind", "e")
    + flows("split", "work", "e")
    + flows("split", "hear", "e")
    + flows("split", "see", "e")
    + flows("split", "call", "e")
    + flows("split", "fails", "e"),
    process_id="waits",
    root='<message id="m" name="hello"><extensionElements><zeebe:subscription correlationKey="=k"/></extensionElements>'
    '</message><signal id="sig" name="bell"/>',
)
CALLED = bpmn(
    f'<startEvent id="s"/>{user_task("inner")}<endEvent id="e"/>{flows("s", "inner", "e")}', process_id="called"
)


def town(url: str) -> Town:
    """The town that lives in a database."""
    return Town(url, find_families(), WorkingCalendar())


def opened(url: str, clock: Clock | None = None) -> Engine:
    """The town's engine at the end of the months."""
    return town(url).open(clock or ManualClock(MOMENT))


def live_in(url: str) -> None:
    """Fill a new database."""
    families = find_families()
    with town(url).open(ManualClock(START)) as engine:
        engine.publish(families.files(), author="test", note="test")
    seed(lambda clock: opened(url, clock), families.roles, WorkingCalendar(), cases=3, months=6, seed=1, until=MOMENT)
    with opened(url) as engine:
        engine.rooms.handlers.external("outside-work")
        files = {"waits.bpmn": WAITS.encode(), "called.bpmn": CALLED.encode()}
        engine.publish(files, author="test", note="with the key of a click")
        case = engine.open_case("test", "1", title="Ärende med å, ä och ö", key="opened")
        instances = [engine.start("waits", {"k": case}, case_id=case), engine.start("waits", {"k": "alone"})]
        engine.parameters.change(ChangeRequest("beslut_arbetsdagar", 6, date(2027, 1, 1), "Nämnden § 12"), actor=ANNA)
        engine.run_until_idle()
        item = next(each for each in engine.queries.open_items() if each.instance_id == instances[0])
        engine.save_draft(item.id, {"svar": "halvt"}, actor=ANNA)
        engine.claim(item.id, actor=ANNA)
        engine.correlate("nobody waits", "k", {"x": 1}, message_id="m-1", ttl=timedelta(days=2))
        engine.lock_jobs("outside-work", "worker", limit=1)
