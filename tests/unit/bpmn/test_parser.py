"""Reading files: what a model tells, what is mended, what is refused with a finding at its element."""

import random
from contextlib import suppress

import pytest
from lxml import etree

from engine.bpmn import EventKind, WaitKind, load_model, start_name, start_schedule
from engine.bpmn import run as stepper
from engine.errors import InvalidDocument, InvalidInput, StegvisError
from engine.findings import NotDeployable
from tests.bpmn_builder import (
    boundary,
    bpmn,
    call,
    catch,
    end,
    error,
    error_def,
    event_gateway,
    exclusive,
    extensions,
    flows,
    inclusive,
    link_def,
    message,
    message_def,
    multi,
    parallel,
    process,
    script,
    service,
    signal,
    signal_def,
    start,
    subprocess,
    tag,
    task,
    throw,
    timer,
    user,
    zeebe,
)
from tests.bpmn_driver import NOON, Driver, model


def test_a_model_tells_what_people_need_to_see() -> None:
    lanes = tag("laneSet", tag("lane", tag("flowNodeRef", "a"), tag("flowNodeRef", "u"), id="l1", name="Handläggare"))
    properties = zeebe("properties", zeebe("property", name="k", value="v"))
    version = extensions(zeebe("versionTag", value="2.1"))
    loaded = model(
        message("m", "Svar", "=id"),
        tag("error", id="e", errorCode="E1"),
        tag(
            "process",
            version,
            lanes,
            start("s"),
            tag(
                "userTask",
                tag("documentation", "Gör så här."),
                extensions(zeebe("formDefinition", formId="f"), properties),
                id="a",
                name="Bedöm",
            ),
            subprocess("u", user("inre", groups="chef")),
            service("j", type_="typ"),
            call("c", "annan"),
            flows("s->a->u->j->c"),
            id="p",
            name="Processen",
            isExecutable=True,
        ),
    )
    process_ = loaded.processes["p"]
    assert (process_.name, process_.version_tag, process_.lanes) == (
        "Processen",
        "2.1",
        ("Handläggare",),
    )
    assert len(loaded.digest) == 64
    assert (dict(loaded.messages), dict(loaded.errors)) == ({"m": "Svar"}, {"e": "E1"})
    a, inner = process_.elements["a"], process_.elements["inre"]
    assert (a.type, a.name, a.documentation, a.lane, a.role, a.form_id) == (
        "userTask",
        "Bedöm",
        "Gör så här.",
        "Handläggare",
        "Handläggare",
        "f",
    )
    assert dict(a.properties) == {"k": "v"}
    assert (a.incoming, a.outgoing) == (("s__a",), ("a__u",))
    assert (inner.parent, inner.role, inner.lane) == ("u", "chef", "Handläggare")
    assert process_.elements["j"].task_type == "typ"
    assert process_.elements["c"].called_process == "annan"
    assert process_.flows["s__a"].target == "a"


def test_several_processes_in_one_file_run_apart_with_message_flows_between() -> None:
    collaboration = tag(
        "collaboration",
        tag("participant", id="x", processRef="p"),
        tag("participant", id="y", processRef="q"),
        tag("messageFlow", id="f", sourceRef="t", targetRef="qs"),
        id="c",
    )
    loaded = model(
        collaboration,
        message("m", "M", "=id"),
        process("p", start("s"), throw("t", message_def("m")), flows("s->t")),
        process("q", start("qs", message_def("m")), user("a"), flows("qs->a")),
    )
    assert set(loaded.processes) == {"p", "q"}
    thrower = Driver(True).start(process=loaded.processes["p"], variables={"id": "1"})
    assert thrower.effects[0].name == "M"
    assert Driver(True).start(process=loaded.processes["q"], start="qs").waiting == ["a"]


def test_missing_ids_are_given_and_always_the_same() -> None:
    source = bpmn(
        tag(
            "process",
            tag("startEvent", id="s"),
            tag("userTask", id="a"),
            tag("sequenceFlow", sourceRef="s", targetRef="a"),
            id="p",
        )
    )
    first, second = (load_model(source, file="f").processes["p"] for _ in range(2))
    assert list(first.flows) == list(second.flows)


def test_event_definitions_by_reference_are_put_in_place(run: Driver) -> None:
    shared = tag("timerEventDefinition", tag("timeDuration", "P1D"), id="td")
    run.start(shared, process("p", start("s"), catch("t", tag("eventDefinitionRef", "td")), flows("s->t")))
    assert run.wait("t").detail.due.day == 1


def test_data_objects_and_annotations_do_not_disturb(run: Driver) -> None:
    clutter = (
        tag("dataObject", id="d"),
        tag("dataObjectReference", id="dr", dataObjectRef="d"),
        tag("textAnnotation", tag("text", "Not"), id="n"),
        tag("association", id="as", sourceRef="a", targetRef="n"),
    )
    association = tag("dataInputAssociation", tag("sourceRef", "dr"), tag("targetRef", "x"), id="di")
    run.start(process("p", start("s"), user("a", association), *clutter, flows("s->a")))
    assert run.complete("a").is_done


def test_camunda_7_attributes_are_ignored(run: Driver) -> None:
    source = bpmn(process("p", start("s"), user("a"), flows("s->a"))).replace(
        b'<bpmn:userTask id="a"',
        b'<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="x" id="a"',
    )
    run.start(process=load_model(source, file="f").processes["p"])
    assert run.wait("a").detail.assignee is None


@pytest.mark.parametrize(
    ("element", "parts", "code"),
    [
        ("a", (tag("adHocSubProcess", id="a"),), "UNSUPPORTED_ELEMENT"),
        ("a", (tag("transaction", id="a"),), "UNSUPPORTED_ELEMENT"),
        ("a", (tag("complexGateway", id="a"),), "UNSUPPORTED_ELEMENT"),
        ("a", (task("task", "a", isForCompensation=True),), "UNSUPPORTED_ELEMENT"),
        ("a", (task("task", "a", startQuantity=2),), "UNSUPPORTED_QUANTITY"),
        ("a", (throw("a", tag("compensateEventDefinition")),), "UNSUPPORTED_EVENT"),
        ("a", (end("a", tag("cancelEventDefinition")),), "UNSUPPORTED_EVENT"),
        ("a", (throw("a", tag("errorEventDefinition")),), "UNSUPPORTED_EVENT"),
        ("a", (catch("a"),), "UNSUPPORTED_EVENT"),
        ("a", (catch("a", tag("errorEventDefinition")),), "UNSUPPORTED_EVENT"),
        ("a", (start("a", tag("errorEventDefinition")),), "UNSUPPORTED_EVENT"),
        ("a", (user("b"), boundary("a", "b")), "UNSUPPORTED_EVENT"),
        ("a", (exclusive("b"), boundary("a", "b", timer("P1D"))), "BOUNDARY_WITHOUT_ACTIVITY"),
        ("a", (boundary("a", "okänd", timer("P1D")),), "BOUNDARY_WITHOUT_ACTIVITY"),
        ("a", (catch("a", timer("P1D"), timer("P2D")),), "SEVERAL_EVENT_DEFINITIONS"),
        ("a", (catch("a", timer("snart")),), "INVALID_TIMER"),
        ("a", (catch("a", timer(cycle="0 9 * * 1")),), "INVALID_TIMER"),
        ("a", (catch("a", tag("timerEventDefinition")),), "TIMER_MISSING"),
        ("a", (catch("a", tag("conditionalEventDefinition")),), "CONDITION_MISSING"),
        ("a", (catch("a", message_def("okänd")),), "UNKNOWN_REFERENCE"),
        ("a", (task("receiveTask", "a"),), "MESSAGE_MISSING"),
        ("a", (throw("a", link_def("ingenstans")),), "LINK_WITHOUT_TARGET"),
        ("a", (script("a", "1 +"),), "FEEL_SYNTAX"),
        ("a", (user("a", inputs={"x": "=("}),), "FEEL_SYNTAX"),
        ("a", (user("a", inputs={"": "=1"}),), "MAPPING_INCOMPLETE"),
        ("a", (tag("scriptTask", tag("script", "print(1)"), id="a", scriptFormat="python"),), "SCRIPT_LANGUAGE"),
        ("a", (tag("callActivity", id="a"),), "CALLED_PROCESS_MISSING"),
        ("a", (user("u"), boundary("a", "u", error_def("feel"))), "CODE_NOT_FIXED"),
        ("a", (user("a", tag("multiInstanceLoopCharacteristics")),), "LOOP_WITHOUT_COLLECTION"),
        ("a", (subprocess("a", start("x", timer("P1D"))),), "SUBPROCESS_START"),
        ("a", (subprocess("a", start("x"), start("y")),), "SUBPROCESS_START"),
        ("a", (subprocess("a", user("x"), event=True),), "EVENT_SUBPROCESS_START"),
        ("x", (subprocess("a", start("x"), event=True),), "UNSUPPORTED_EVENT"),
        ("b", (event_gateway("a"), user("b"), flows("a->b")), "EVENT_GATEWAY_TARGET"),
        ("a", (event_gateway("a"),), "EVENT_GATEWAY_TARGET"),
        ("a__b", (user("a"), flows("a->b")), "FLOW_WITHOUT_END"),
        ("a__b", (user("a"), subprocess("u", user("b")), flows("a->b")), "FLOW_WITHOUT_END"),
        ("a__b", (user("a"), user("b"), flows("a->b : x >")), "FEEL_SYNTAX"),
        ("a", (user("a"), user("a")), "DUPLICATE_ID"),
    ],
)
def test_what_cannot_run_is_refused_at_its_element(element: str, parts: tuple[str, ...], code: str) -> None:
    with pytest.raises(NotDeployable) as caught:
        model(error("feel", "=x"), process("p", start("s"), *parts))
    assert (element, code) in [(finding.element, finding.code) for finding in caught.value.findings]
    assert all(finding.message and finding.message_en for finding in caught.value.findings)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"<a/>",
        b"<definitions/>",
        b"<?xml version='1.0'?><!DOCTYPE a><a/>",
        b'<definitions xmlns="http://www.omg.org/spec/DMN"/>',
    ],
)
def test_what_is_no_bpmn_is_an_invalid_document(source: bytes) -> None:
    with pytest.raises(InvalidDocument):
        load_model(source, file="f.bpmn")


def rich_source() -> bytes:
    """A file with one of everything."""
    handler = subprocess(
        "h", start("hs", message_def("m"), interrupting=False), user("hu"), flows("hs->hu"), event=True
    )
    inner = subprocess(
        "u",
        start("us"),
        user("a", multi("x", "y", "z", "=y")),
        boundary("b", "a", timer("P1D")),
        handler,
        flows("us->a"),
    )
    return bpmn(
        message("m", "M", "=id"),
        signal("g"),
        process(
            "p",
            start("s"),
            exclusive("x", "x->e"),
            inner,
            inclusive("i"),
            parallel("f"),
            catch("c", message_def("m")),
            throw("t", signal_def("g")),
            script("sc", "1 + 1"),
            call("k", "q"),
            service("sv"),
            event_gateway("eg"),
            catch("e1", timer("P1D")),
            catch("e2", signal_def("g")),
            end("e"),
            flows("s->x", "x->u : a > 1", "x->e", "u->i->f->c->t->sc->k->sv->eg->e1", "f->i", "eg->e2"),
        ),
    )


def scramble(root: etree._Element, shuffled: random.Random) -> None:
    """One random change of the tree."""
    elements = [element for element in root.iter() if element is not root]
    element = shuffled.choice(elements)
    parent = element.getparent()
    kind = shuffled.randrange(5)
    if kind == 0 and parent is not None:
        parent.remove(element)
    elif kind == 1 and element.attrib:
        element.attrib[shuffled.choice(list(element.attrib))] = shuffled.choice(
            ["", "s", "x", "u", "=", "=1", "true", "m"]
        )
    elif kind == 2:
        element.tag = shuffled.choice(elements).tag
    elif kind == 3:
        other = shuffled.choice(elements)
        if other is not element and other not in element.iterancestors() and element not in other.iterancestors():
            other.append(element)
    else:
        element.text = shuffled.choice(["", "=", "x", "P1D", "=1", "("])


@pytest.mark.parametrize("seed", range(8))
def test_mutated_files_run_or_give_a_typed_error(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stepper, "MAX_STEPS", 500)
    monkeypatch.setattr(stepper, "MAX_TOKENS", 100)
    shuffled = random.Random(seed)
    for _ in range(40):
        root = etree.fromstring(rich_source())
        for _ in range(shuffled.randint(1, 4)):
            scramble(root, shuffled)
        with suppress(StegvisError):
            for process_ in load_model(etree.tostring(root), file="f").processes.values():
                run = Driver(stored=False).start(process=process_, variables={"id": "1", "a": 5, "x": [1, 2]})
                for _ in range(12):
                    if run.waits():
                        answer(run, shuffled)


def answer(run: Driver, shuffled: random.Random) -> None:
    """Do what one random wait waits for."""
    wait = shuffled.choice(run.waits())
    if wait.kind in (WaitKind.USER_TASK, WaitKind.JOB, WaitKind.CALL):
        run.do(lambda execution: execution.complete(wait.id, {"r": 1}))
    elif wait.kind is WaitKind.TIMER:
        run.do(lambda execution: execution.fire(wait.id))
    elif wait.kind is WaitKind.INCIDENT:
        run.do(lambda execution: execution.retry(wait.id))
    else:
        run.do(lambda execution: execution.deliver(wait.id, {"q": 1}))


def test_damaged_bytes_give_a_model_or_a_typed_error() -> None:
    shuffled = random.Random(1)
    source = rich_source()
    for _ in range(300):
        damaged = bytearray(source)
        at, length = shuffled.randrange(len(damaged)), shuffled.randint(1, 12)
        if shuffled.random() < 0.5:
            del damaged[at : at + length]
        else:
            damaged[at] = shuffled.randrange(256)
        with suppress(StegvisError):
            load_model(bytes(damaged), file="f")


def test_what_starts_a_process_by_itself_is_evaluated_without_an_instance() -> None:
    run = Driver(True)
    process_ = model(
        message("m", '="Sv" + "ar"'),
        process(
            "p",
            start("t", timer(cycle="R/P1M")),
            start("m1", message_def("m")),
            start("b", timer("=x")),
            user("a"),
            flows("t->a", "m1->a", "b->a"),
        ),
    ).processes["p"]
    by_time, by_message, broken = process_.starts
    assert by_time.kind is EventKind.TIMER
    first = start_schedule(by_time, run.services)
    assert (first.due - NOON).days == 28
    assert first.next_after(first.due).turn == 2
    assert start_name(by_message, run.services) == "Svar"
    for call_, start_ in ((start_schedule, broken), (start_schedule, by_message), (start_name, by_time)):
        with pytest.raises(InvalidInput):
            call_(start_, run.services)
