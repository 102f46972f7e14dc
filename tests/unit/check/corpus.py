"""One broken and one mended file for every code that the linter gives."""

from __future__ import annotations

import json
from dataclasses import dataclass

from engine.bpmn.check import Known
from tests.unit.check.diagrams import (
    HEAD,
    boundary,
    catch,
    diagram,
    e,
    end,
    event_sub,
    ext,
    flow,
    flows,
    gateway,
    line,
    link,
    message,
    refers,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

KNOWN = Known(
    roles=frozenset({"handler"}),
    job_types=frozenset({"work"}),
    forms=frozenset({"form"}),
    decisions=frozenset({"decide"}),
    processes=frozenset({"other"}),
    functions=frozenset({"add working days", "parameter"}),
    parameters=frozenset({"deadline"}),
)
Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    """A file that breaks one rule, where, and the same with the rule kept."""

    code: str
    element: str | None
    bad: bytes | Files
    good: bytes | Files
    file: str = "a.bpmn"


PLAIN = line(user("a"))
TWO = f"{flow('x', 'a', '=key = 1')}{flow('x', 'b')}"
ERROR = '<bpmn:error id="err" errorCode="E1"/>'
ESCALATION = '<bpmn:escalation id="esc" escalationCode="E1"/>'
SIGNAL = '<bpmn:signal id="sig" name="sig"/>'


def choice(first: str = "=key = 1", **attributes: str) -> bytes:
    """An exclusive choice between a and b, with b as default."""
    return diagram(
        start(), gateway("exclusive", "x", **{"default": "x_b", **attributes}), user("a"), user("b"), end(),
        flows("s x"), flow("x", "a", first), flow("x", "b"), flows("a end", "b end"),
    )  # fmt: skip


def catching(inside: str, root: str = "") -> bytes:
    return line(catch("c", inside), root=root)


CYCLE = "<bpmn:timeCycle>R/P1D</bpmn:timeCycle>"
DAYS = "<bpmn:timeDate>=add working days(today(), 5)</bpmn:timeDate>"


def recounted(value: str, time: str) -> str:
    properties = f'<zeebe:properties><zeebe:property name="rakna_om" value="{value}"/></zeebe:properties>'
    return ext(properties) + timer(time)


def joined(split: str, join: str, condition: str | None = None) -> bytes:
    attributes = {} if condition is None else {"default": "x_b"}
    return diagram(
        start(), gateway(split, "x", **attributes), user("a"), user("b"), gateway(join, "j"), end(),
        flows("s x"), flow("x", "a", condition), flow("x", "b"), flows("a j end", "b j"),
    )  # fmt: skip


def with_boundary(inside: str, root: str = "", **attributes: str) -> bytes:
    return diagram(
        start(), user("a"), boundary("b", "a", inside, **attributes), end(), end("end2"), flows("s a end", "b end2"),
        root=root,
    )  # fmt: skip


def on_sub(*boundaries: str, root: str = "") -> bytes:
    out = "".join(end(f"e{i}") + flow(f"b{i}", f"e{i}") for i in range(len(boundaries)))
    inner = sub("sp", start("is"), user("ia"), end("ie"), flows("is ia ie"))
    return diagram(start(), inner, *boundaries, end(), flows("s sp end"), out, root=root)


def after_events(first: str, second: str, more: str = "", root: str = "", **attributes: str) -> bytes:
    return diagram(
        start(), gateway("eventBased", "g", **attributes), first, second, end(), flows("s g c1 end", "g c2 end"), more,
        root=root,
    )  # fmt: skip


def with_event_sub(inside: str, *more: str, root: str = "", start_attributes: dict[str, str] | None = None) -> bytes:
    handler = event_sub(
        "es", start("es_s", inside, **(start_attributes or {})), user("es_a"), end("es_e"), flows("es_s es_a es_e")
    )
    return diagram(start(), user("a"), end(), flows("s a end"), handler, *more, root=root)


def started(inside: str, root: str = "") -> bytes:
    return diagram(start("s", inside), user("a"), end(), flows("s a end"), root=root)


def ended(inside: str, root: str = "") -> bytes:
    return diagram(start(), user("a"), end("end", inside), flows("s a end"), root=root)


def lanes(*lists: str, names: str = "handler,other") -> str:
    parts = [
        f'<bpmn:lane id="l{i}" name="{names.split(",")[i]}">'
        + "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in nodes.split())
        + "</bpmn:lane>"
        for i, nodes in enumerate(lists)
    ]
    return f"<bpmn:laneSet id='ls'>{''.join(parts)}</bpmn:laneSet>"


def in_lanes(*lists: str, names: str = "handler,other", task: str | None = None) -> bytes:
    return diagram(lanes(*lists, names=names), start(), task or user("a"), end(), flows("s a end"))


def form(*components: object, **attributes: object) -> Files:
    schema = {"id": "f", "type": "default", "components": list(components), **attributes}
    return {"a.form": json.dumps(schema).encode()}


FIELD = {"id": "F1", "type": "textfield", "key": "reason", "label": "Reason"}
MI = "<bpmn:multiInstanceLoopCharacteristics{attributes}>{inside}</bpmn:multiInstanceLoopCharacteristics>"


def repeated(inside: str, attributes: str = "") -> bytes:
    return line(user("a", MI.format(attributes=attributes, inside=inside)))


def over(**attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in {"inputCollection": "=list", **attributes}.items())
    return ext(f"<zeebe:loopCharacteristics{written}/>")


def io(inside: str) -> bytes:
    return line(service("a").replace("</bpmn:ext", f"<zeebe:ioMapping>{inside}</zeebe:ioMapping></bpmn:ext"))


def prioritised(value: str) -> bytes:
    return line(user("a").replace("<zeebe:form", f'<zeebe:priorityDefinition priority="{value}"/><zeebe:form'))


def script(inside: str) -> bytes:
    return line(e("scriptTask", "a", inside))


def condition(text: str) -> bytes:
    return choice(text)


CONDITIONAL = "<bpmn:conditionalEventDefinition><bpmn:condition>{}</bpmn:condition></bpmn:conditionalEventDefinition>"
GOOD_SCRIPT = script(ext('<zeebe:script expression="=1" resultVariable="x"/>'))
GOOD_CHOICE = choice()
GOOD_EVENTS = after_events(catch("c1", timer()), catch("c2", refers("message", "m")), root=message())
COLLABORATION = (
    '<bpmn:collaboration id="co"><bpmn:participant id="p1" processRef="p"/><bpmn:participant id="p2"/>'
    '<bpmn:messageFlow id="mf" sourceRef="a" targetRef="{target}"/></bpmn:collaboration>'
)
PARALLEL_LOOP = diagram(
    start(), gateway("exclusive", "x"), gateway("exclusive", "y"), flows("s x y x")
)  # fmt: skip


def way_out(node: str) -> bytes:
    return diagram(
        start(), node, gateway("exclusive", "y", default="y_end"), end(), flows("s a y end"),
        flow("y", "a", "=key = 1"),
    )  # fmt: skip


CASES = (
    # the file as such
    Case("INVALID_DOCUMENT", None, b'{"json": true}', PLAIN),
    Case("FILE_TOO_LARGE", None, b"<a>" * 1000 + b"</a>" * 1000, PLAIN),
    Case("DIAGRAM_TOO_LARGE", None, diagram(*(end(f"e{i}") for i in range(30_001))), PLAIN),
    Case("NOT_BPMN", None, b"<html/>", PLAIN),
    # ids and references
    Case("DUPLICATE_ID", "a", line(user("a")).replace(b'id="end"', b'id="a"', 1), PLAIN),
    Case("INVALID_ID", "1a", line(user("1a")), PLAIN),
    Case("ID_TOO_LONG", "a" * 255, line(user("a" * 300)), PLAIN),
    Case("UNKNOWN_REFERENCE", "c", catching(refers("message", "nope")), catching(refers("message", "m"), message())),
    Case("STALE_REFERENCE", "a", line(user("a", "<bpmn:incoming>old</bpmn:incoming>")),
         line(user("a", "<bpmn:incoming>s_a</bpmn:incoming>"))),
    Case("PROCESS_ID_MISSING", None, diagram(start(), end(), flows("s end"), process='isExecutable="true"'), PLAIN),
    Case("NO_PROCESS", None, f"{HEAD}</bpmn:definitions>".encode(), PLAIN),
    Case("NO_EXECUTABLE_PROCESS", "p", diagram(start(), end(), flows("s end"), process='id="p" isExecutable="false"'),
         PLAIN),
    Case("EXECUTABLE_NOT_SAID", "p", diagram(start(), end(), flows("s end"), process='id="p"'), PLAIN),
    Case("PROCESS_ID_TWICE", "p", {"b.bpmn": PLAIN, "a.bpmn": PLAIN}, {"b.bpmn": PLAIN}, file="a.bpmn"),
    # structure
    Case("FLOW_OVER_BORDER", "a_ia", diagram(
        start(), user("a"), sub("sp", start("is"), user("ia"), end("ie"), flows("is ia ie")), end(),
        flows("s a sp end", "a ia")), on_sub()),
    Case("FLOW_WITHOUT_ENDS", "f", diagram(start(), end(), flows("s end"), '<bpmn:sequenceFlow id="f" sourceRef="s"/>'),
         PLAIN),
    Case("FLOW_TWICE", "a", diagram(
        start(), user("a"), user("b"), end(), flows("s a b end"), flow("a", "b", None, "f")), PLAIN),
    Case("START_WITH_INCOMING", "s", diagram(start(), user("a"), end(), flows("s a end", "a s")), PLAIN),
    Case("END_WITH_OUTGOING", "end", diagram(start(), user("a"), end(), flows("s a end a")), PLAIN),
    Case("BOUNDARY_WITH_INCOMING", "b", with_boundary(timer()).replace(b"</bpmn:process>", flow("a", "b").encode()
         + b"</bpmn:process>"), with_boundary(timer())),
    Case("BOUNDARY_NOT_ATTACHED", "b", with_boundary(timer()).replace(b' attachedToRef="a"', b""),
         with_boundary(timer())),
    Case("BOUNDARY_NOT_ON_ACTIVITY", "b", with_boundary(timer()).replace(b'attachedToRef="a"', b'attachedToRef="s"'),
         with_boundary(timer())),
    Case("BOUNDARY_WITHOUT_OUTGOING", "b", diagram(start(), user("a"), boundary("b", "a", timer()), end(),
         flows("s a end")), with_boundary(timer())),
    Case("TWO_DEFAULTS", "x", choice(default="x_a x_b"), GOOD_CHOICE),
    Case("DEFAULT_NOT_OUTGOING", "x", choice(default="a_end"), GOOD_CHOICE),
    Case("DEFAULT_WITH_CONDITION", "x", choice(default="x_a"), GOOD_CHOICE),
    Case("DEFAULT_NOT_ALLOWED", "x", joined("parallel", "parallel").replace(b'id="x"', b'id="x" default="x_a"'),
         joined("parallel", "parallel")),
    Case("EVENT_GATEWAY_TARGET", "g", after_events(catch("c1", timer()), user("c2")), GOOD_EVENTS),
    Case("EVENT_GATEWAY_TARGET_SHARED", "g", diagram(
        start(), gateway("parallel", "pg"), gateway("eventBased", "g"), catch("c1", timer()),
        catch("c2", refers("signal", "sig")), end(), flows("s pg g c1 end", "g c2 end", "pg c1"), root=SIGNAL),
        GOOD_EVENTS),
    Case("EVENT_GATEWAY_TOO_FEW", "g", diagram(start(), gateway("eventBased", "g"), catch("c1", timer()), end(),
         flows("s g c1 end")), GOOD_EVENTS),
    Case("EVENT_GATEWAY_STARTS", "g", after_events(catch("c1", timer()), catch("c2", refers("message", "m")),
         root=message(), instantiate="true"), GOOD_EVENTS),
    Case("NO_START", "p", diagram(user("a"), user("b"), flows("a b a")), PLAIN),
    Case("PROCESS_WITHOUT_START", "p", diagram(user("a"), end(), flows("a end")), PLAIN),
    Case("SUB_PROCESS_WITHOUT_START", "sp", line(sub("sp", user("ia"))), on_sub()),
    Case("SEVERAL_STARTS", "p", diagram(start(), start("s2"), user("a"), end(), flows("s a end", "s2 a")), PLAIN),
    Case("EVENT_SUB_PROCESS_STARTS", "es", with_event_sub(timer()).replace(b'<bpmn:startEvent id="es_s">',
         b'<bpmn:startEvent id="es_2">' + timer().encode() + b'</bpmn:startEvent><bpmn:startEvent id="es_s">'),
         with_event_sub(timer())),
    Case("EVENT_SUB_PROCESS_FLOW", "es", with_event_sub(timer(), flow("a", "es")), with_event_sub(timer())),
    Case("EVENT_SUB_PROCESS_BOUNDARY", "b", with_event_sub(timer(), boundary("b", "es", timer()), end("e2"),
         flow("b", "e2")), with_event_sub(timer())),
    Case("LOOP_ON_EVENT_SUB_PROCESS", "es", with_event_sub(timer()).replace(b'<bpmn:startEvent id="es_s">',
         MI.format(attributes="", inside=over()).encode() + b'<bpmn:startEvent id="es_s">'), with_event_sub(timer())),
    Case("MESSAGE_FLOW_INSIDE_POOL", "mf", diagram(start(), user("a"), user("b"), end(), flows("s a b end"),
         root=COLLABORATION.format(target="b")), diagram(start(), user("a"), user("b"), end(), flows("s a b end"),
         root=COLLABORATION.format(target="p2"))),
    # what does not run
    Case("COMPENSATION", "a", line(user("a", isForCompensation="true")), PLAIN),
    Case("CHOREOGRAPHY", "ch", diagram(start(), end(), flows("s end"), root='<bpmn:choreography id="ch"/>'), PLAIN),
    Case("COMPLEX_GATEWAY", "j", joined("parallel", "complex"), joined("parallel", "parallel")),
    Case("AD_HOC_SUB_PROCESS", "sp", line(e("adHocSubProcess", "sp", user("ia"))), on_sub()),
    Case("TRANSACTION", "sp", line(e("transaction", "sp", start("is") + end("ie") + flows("is ie"))), on_sub()),
    Case("UNKNOWN_ELEMENT", "m", diagram(start(), end(), flows("s end"), '<bpmn:magicTask id="m"/>'), PLAIN),
    Case("MISPLACED_ELEMENT", "f", line(user("a", flow("s", "end", None, "f"))), PLAIN),
    Case("IGNORED_ELEMENT", "a", line(user("a", '<bpmn:potentialOwner id="po"/>')), PLAIN),
    Case("UNKNOWN_EXTENSION", "a", line(e("manualTask", "a", ext("<zeebe:executionListeners/>"))),
         line(e("manualTask", "a"))),
    Case("QUANTITY", "a", line(user("a", startQuantity="2")), line(user("a", startQuantity="1"))),
    Case("MULTI_INSTANCE_BEHAVIOR", "a", repeated(over(), ' behavior="None"'), repeated(over(), ' behavior="All"')),
    Case("EVENT_KIND", "c", catching(refers("error", "err"), ERROR), catching(timer())),
    Case("UNKNOWN_EVENT", "c", catching('<bpmn:moodEventDefinition id="x"/>'), catching(timer())),
    Case("SEVERAL_EVENTS", "c", catching(timer() + refers("message", "m"), message()), catching(timer())),
    Case("ERROR_NOT_INTERRUPTING", "b0", on_sub(boundary("b0", "sp", refers("error", "err"), cancelActivity="false"),
         root=ERROR), on_sub(boundary("b0", "sp", refers("error", "err")), root=ERROR)),
    # conditions
    Case("CONDITION_NOT_ALLOWED", "x_a", joined("parallel", "parallel", "=key = 1").replace(b' default="x_b"', b""),
         joined("parallel", "parallel")),
    Case("CONDITION_EMPTY", "x_a", choice("="), GOOD_CHOICE),
    Case("CONDITION_ON_ONLY_FLOW", "a_end", diagram(start(), user("a"), end(), flows("s a"), flow("a", "end", "=key")),
         PLAIN),
    Case("CONDITION_MISSING", "x", choice().replace(b' default="x_b"', b""), GOOD_CHOICE),
    Case("NO_DEFAULT", "x", diagram(start(), gateway("exclusive", "x"), user("a"), user("b"), end(), flows("s x"),
         flow("x", "a", "=key = 1"), flow("x", "b", "=key = 2"), flows("a end", "b end")), GOOD_CHOICE),
    Case("GATEWAY_SPLITS_AND_JOINS", "j", diagram(
        start(), gateway("parallel", "x"), user("a"), user("b"), gateway("parallel", "j"), end(), end("e2"),
        flows("s x a j end", "x b j e2")), joined("parallel", "parallel")),
    Case("GATEWAY_WITHOUT_FLOWS", "x", diagram(start(), gateway("exclusive", "x"), flows("s x")), GOOD_CHOICE),
    # events
    Case("TIMER_MISSING", "c", catching(timer("")), catching(timer())),
    Case("TIMER_AMBIGUOUS", "c", catching(timer("<bpmn:timeDuration>P1D</bpmn:timeDuration><bpmn:timeDate>2027-01-01"
         "</bpmn:timeDate>")), catching(timer())),
    Case("TIMER_INVALID", "c", catching(timer("<bpmn:timeDuration>14 days</bpmn:timeDuration>")), catching(timer())),
    Case("TIMER_CYCLE_HERE", "c", catching(timer("<bpmn:timeCycle>R/P1D</bpmn:timeCycle>")), catching(timer())),
    Case("TIMER_CYCLE_INTERRUPTS", "b", with_boundary(timer("<bpmn:timeCycle>R/P1D</bpmn:timeCycle>")),
         with_boundary(timer("<bpmn:timeCycle>R/P1D</bpmn:timeCycle>"), cancelActivity="false")),
    Case("TIMER_START_DURATION", "s", started(timer()),
         started(timer("<bpmn:timeCycle>R/2027-01-01T06:00:00/P3M</bpmn:timeCycle>"))),
    Case("RECOUNT_VALUE", "c", catching(recounted("ja", DAYS)), catching(recounted("vid_andring", DAYS))),
    Case("RECOUNT_CYCLE", "b", with_boundary(recounted("vid_andring", CYCLE), cancelActivity="false"),
         with_boundary(recounted("vid_andring", DAYS), cancelActivity="false")),
    Case("RECOUNT_NOTHING", "c", catching(recounted("vid_andring", "<bpmn:timeDuration>P5D</bpmn:timeDuration>")),
         catching(recounted("aldrig", "<bpmn:timeDuration>P5D</bpmn:timeDuration>"))),
    Case("MESSAGE_MISSING", "c", catching(refers("message", None)), catching(refers("message", "m"), message())),
    Case("MESSAGE_WITHOUT_NAME", "c", catching(refers("message", "m"), message(name="")),
         catching(refers("message", "m"), message())),
    Case("CORRELATION_KEY_MISSING", "c", line(catch("c", refers("message", "m")), user("a"), root=message(key=None)),
         line(catch("c", refers("message", "m")), user("a"), root=message())),
    Case("KEY_MISSING_IN_PLAIN", "c", catching(refers("message", "m"), message(key=None)),
         started(refers("message", "m"), message(key=None))),
    Case("THROW_KEY_MISSING", "end", ended(refers("message", "m"), message(key=None)),
         ended(refers("message", "m"), message())),
    Case("START_MESSAGE_TWICE", "s2", diagram(start("s", refers("message", "m")), start("s2", refers("message", "m")),
         user("a"), end(), flows("s a end", "s2 a"), root=message()), started(refers("message", "m"), message())),
    Case("SIGNAL_MISSING", "c", catching(refers("signal", None)), catching(refers("signal", "sig"), SIGNAL)),
    Case("ERROR_CODE_MISSING", "end", ended(refers("error", None)), ended(refers("error", "err"), ERROR)),
    Case("ESCALATION_CODE_MISSING", "end", ended(refers("escalation", None)),
         ended(refers("escalation", "esc"), ESCALATION)),
    Case("EVENT_CONDITION_MISSING", "c", catching(CONDITIONAL.format("")), catching(CONDITIONAL.format("=key = 1"))),
    Case("LINK_WITHOUT_NAME", "t", diagram(start(), throw("t", link("")), flows("s t")), diagram(
        start(), throw("t", link("L")), catch("c", link("L")), end(), flows("s t", "c end"))),
    Case("LINK_WITHOUT_CATCH", "t", diagram(start(), throw("t", link("L")), flows("s t")), diagram(
        start(), throw("t", link("L")), catch("c", link("L")), end(), flows("s t", "c end"))),
    Case("LINK_WITHOUT_THROW", "c", diagram(start(), catch("c", link("L")), end(), end("e2"), flows("s end", "c e2")),
         diagram(start(), throw("t", link("L")), catch("c", link("L")), end(), flows("s t", "c end"))),
    Case("LINK_CATCH_TWICE", "c2", diagram(
        start(), throw("t", link("L")), catch("c", link("L")), catch("c2", link("L")), end(), flows("s t", "c end",
        "c2 end")), diagram(start(), throw("t", link("L")), catch("c", link("L")), end(), flows("s t", "c end"))),
    Case("CATCH_TWICE", "b1", on_sub(boundary("b0", "sp", refers("error", "err")), boundary("b1", "sp", refers("error",
         "err")), root=ERROR), on_sub(boundary("b0", "sp", refers("error", "err")), boundary("b1", "sp", refers("error",
         None)), root=ERROR)),
    # tasks
    Case("FORM_MISSING", "a", line(e("userTask", "a")), PLAIN),
    Case("FORM_UNKNOWN", "a", line(user("a", form="nope")), PLAIN),
    Case("FORM_BINDING_LATEST", "a", line(e("userTask", "a", ext(
         '<zeebe:formDefinition formId="form" bindingType="latest"/>'))), PLAIN),
    Case("FORM_EMBEDDED", "a", line(user("a", form="camunda-forms:bpmn:x")), PLAIN),
    Case("PRIORITY_INVALID", "a", prioritised("high"), prioritised("50")),
    Case("JOB_TYPE_MISSING", "a", line(e("serviceTask", "a", ext("<zeebe:ioMapping/>"))), line(service("a"))),
    Case("NOTHING_TO_DO_IN_PLAIN", "a", line(e("serviceTask", "a")), line(service("a"))),
    Case("JOB_TYPE_UNKNOWN", "a", line(service("a", "nope")), line(service("a"))),
    Case("RETRIES_INVALID", "a", line(service("a", retries="many")), line(service("a"))),
    Case("SCRIPT_MISSING", "a", script(ext('<zeebe:script expression="" resultVariable="x"/>')), GOOD_SCRIPT),
    Case("SCRIPT_NOT_FEEL", "a", script("<bpmn:script>print('x')</bpmn:script>"), GOOD_SCRIPT),
    Case("SCRIPT_RESULT_MISSING", "a", script(ext('<zeebe:script expression="=1"/>')), GOOD_SCRIPT),
    *(
        Case(code, "a", line(e("businessRuleTask", "a", ext(bad))), line(e("businessRuleTask", "a", ext(
            '<zeebe:calledDecision decisionId="decide" resultVariable="x"/>'))))
        for code, bad in (
            ("DECISION_MISSING", '<zeebe:calledDecision decisionId="" resultVariable="x"/>'),
            ("DECISION_UNKNOWN", '<zeebe:calledDecision decisionId="nope" resultVariable="x"/>'),
            ("DECISION_RESULT_MISSING", '<zeebe:calledDecision decisionId="decide"/>'),
            ("BINDING_BY_TAG", '<zeebe:calledDecision decisionId="decide" resultVariable="x" bindingType="versionTag" '
             'versionTag="1"/>'),
        )
    ),
    *(
        Case(code, "a", line(e("callActivity", "a", ext(bad))), line(e("callActivity", "a", ext(
            '<zeebe:calledElement processId="other" bindingType="latest"/>'))))
        for code, bad in (
            ("CALLED_PROCESS_MISSING", ""),
            ("CALLED_PROCESS_UNKNOWN", '<zeebe:calledElement processId="nope"/>'),
            ("BINDING_UNKNOWN", '<zeebe:calledElement processId="other" bindingType="newest"/>'),
            ("VERSION_TAG_MISSING", '<zeebe:calledElement processId="other" bindingType="versionTag"/>'),
        )
    ),
    Case("MAPPING_INCOMPLETE", "a", io('<zeebe:output source="=x"/>'), io('<zeebe:output source="=x" target="y"/>')),
    Case("MULTI_INSTANCE_INPUT_MISSING", "a", repeated(""), repeated("<bpmn:loopCardinality>3</bpmn:loopCardinality>")),
    Case("MULTI_INSTANCE_OUTPUT_HALF", "a", repeated(over(outputCollection="all")),
         repeated(over(outputCollection="all", outputElement="=one"))),
    Case("LOOP_WITHOUT_END", "a", line(user("a", "<bpmn:standardLoopCharacteristics/>")),
         line(user("a", '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'))),
    # people
    Case("NAME_EMPTY", "a", line(user("a", name="")), PLAIN),
    Case("LANE_NAME_EMPTY", "l0", in_lanes("s a end", names=","), in_lanes("s a end")),
    Case("IN_TWO_LANES", "a", in_lanes("s a end", "a"), in_lanes("s a", "end")),
    Case("IN_NO_LANE", "a", in_lanes("s end"), in_lanes("s a end")),
    Case("ROLE_UNKNOWN", "a", line(user("a").replace('"handler"', '"nobody"')), PLAIN),
    Case("LANE_NOT_A_ROLE", "a", in_lanes("s a end", names="Somebody,", task=e("userTask", "a")),
         in_lanes("s a end", task=e("userTask", "a"))),
    Case("NOBODY", "a", line(e("userTask", "a")), PLAIN),
    # reach
    Case("UNREACHABLE", "b", diagram(start(), user("a"), user("b"), end(), flows("s a end", "b end")), PLAIN),
    Case("NEVER_ENDS", "a", diagram(start(), user("a"), flows("s a a")), way_out(user("a"))),
    Case("LOOPS_FOREVER", "x", PARALLEL_LOOP, way_out(user("a"))),
    Case("LOOP_WITHOUT_WAIT", "a", way_out(e("manualTask", "a")), way_out(user("a"))),
    # soundness
    Case("DEADLOCK", "j", joined("exclusive", "parallel", "=key = 1"), joined("exclusive", "exclusive", "=key = 1")),
    Case("DEADLOCK_POSSIBLE", "j", diagram(
        start(), gateway("parallel", "x"), gateway("exclusive", "a", default="a_end"),
        gateway("exclusive", "b", default="b_end"), gateway("parallel", "j"), end(), flows("s x a end", "x b end"),
        flow("a", "j", "=key = 1"), flow("b", "j", "=key = 1"), event_sub("es", start("es_s", timer()), end("es_e"),
        flows("es_s es_e")), flows("j end")), joined("parallel", "parallel")),
    Case("RUNS_TWICE", "j", joined("parallel", "exclusive"), joined("parallel", "parallel")),
    # expressions
    Case("FEEL_SYNTAX", "x_a", condition("=key >="), GOOD_CHOICE),
    Case("FUNCTION_UNKNOWN", "x_a", condition("=sums([key]) = 1"), condition("=sum([key]) = 1")),
    Case("NAME_WITH_SPACES", "x_a", condition("=key is open"), GOOD_CHOICE),
    Case("PARAMETER_UNKNOWN", "x_a", condition("=key = parameter(&quot;nope&quot;)"),
         condition("=key = parameter(&quot;deadline&quot;)")),
    Case("EXPRESSIONS_TOO_MANY", "t4", diagram(
        start(), *(e("manualTask", f"t{i}", ext("<zeebe:ioMapping><zeebe:output source='="
        + "+".join([str(i)] * 20_000) + f"' target='v{i}'/></zeebe:ioMapping>")) for i in range(10)), end(),
        flows("s " + " ".join(f"t{i}" for i in range(10)) + " end")), GOOD_CHOICE),
    Case("NEVER_WRITTEN", "x_a", {"a.bpmn": condition("=raeson = 1"), **form(FIELD, id="form")},
         {"a.bpmn": condition("=reason = &quot;x&quot;"), **form(FIELD, id="form")}),
    Case("FOREIGN_EXTENSION", "a", line(user("a", **{"camunda:assignee": "demo"})), PLAIN),
    # forms
    Case("FORM_NOT_JSON", None, {"a.form": b'{"id":'}, form(FIELD), file="a.form"),
    Case("FORM_SHAPE", None, {"a.form": b'{"id": "f", "components": "none"}'}, form(FIELD), file="a.form"),
    Case("FORM_ID_MISSING", None, form(FIELD, id=None), form(FIELD), file="a.form"),
    Case("FORM_ID_TWICE", None, {"b.form": form(FIELD)["a.form"], **form(FIELD)}, form(FIELD), file="a.form"),
    Case("FORM_KEY_MISSING", "F1", form({**FIELD, "key": ""}), form(FIELD), file="a.form"),
    Case("FORM_KEY_TWICE", "F2", form(FIELD, {**FIELD, "id": "F2"}), form(FIELD), file="a.form"),
    Case("FORM_KEY_INVALID", "F1", form({**FIELD, "key": "2 reasons"}), form(FIELD), file="a.form"),
    Case("FORM_COMPONENT_UNKNOWN", "F1", form({**FIELD, "type": "hologram"}), form(FIELD), file="a.form"),
    Case("FORM_LABEL_MISSING", "F1", form({**FIELD, "label": ""}), form(FIELD), file="a.form"),
    Case("FORM_CHOICES_MISSING", "F1", form({**FIELD, "type": "select"}),
         form({**FIELD, "type": "select", "values": [{"label": "A", "value": "a"}]}), file="a.form"),
    # too many
    Case("MORE_ERRORS", None, diagram(start(), *(user(f"a{i}") for i in range(600)), end(), flows("s end")), PLAIN),
    Case("MORE_WARNINGS", None, line(*(user(f"a{i}", name="") for i in range(600))), PLAIN),
)  # fmt: skip
