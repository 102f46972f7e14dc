"""Whatever the file is, the answer is findings with codes: no bare error, no endless work."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn.check import Known, check, check_one
from engine.bpmn.check.linter import CHECK_FAILED
from engine.bpmn.check.report import MAX_FINDINGS
from engine.bpmn.parser import load_model
from engine.errors import StegvisError
from engine.findings import Finding, errors_of
from tests.unit.check.corpus import CASES, KNOWN
from tests.unit.check.diagrams import diagram, e, end, flow, flows, gateway, start, user
from tests.unit.check.test_soundness import RIGHT

HOSTILE = {
    "empty": b"",
    "blanks": b"  \n ",
    "json": b'{"definitions": []}',
    "binary": bytes(range(256)) * 100,
    "truncated": diagram(start(), user("a"))[:-40],
    "nested 100 000 deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "entity bomb": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;&b;&b;</a>',
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "says utf-8, is latin-1": '<?xml version="1.0" encoding="utf-8"?><å/>'.encode("latin-1"),
    "says utf-16, is utf-8": b'<?xml version="1.0" encoding="utf-16"?><a/>',
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "half a surrogate": "<a>\ud800</a>".encode("utf-8", "surrogatepass"),
    "NUL": b"<a>\x00</a>",
    "another namespace": b'<definitions xmlns="http://www.omg.org/spec/BPMN/20180101/MODEL"/>',
    "no namespace": b"<definitions><process/></definitions>",
    "too many elements": b"<d>" + b"<a/>" * 300_000 + b"</d>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_code(name: str) -> None:
    findings = check_one(HOSTILE[name])

    assert [finding.code for finding in findings if finding.is_error]
    assert CHECK_FAILED.code not in {finding.code for finding in findings}


@pytest.mark.parametrize("file", ["a.bpmn", "a.dmn", "a.form", "a.txt", "a", ""])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_of_any_kind_gives_only_findings(name: str, file: str) -> None:
    found = check({file: HOSTILE[name]}, KNOWN)

    assert set(found) == {file}
    assert CHECK_FAILED.code not in {finding.code for finding in found[file]}


LARGE = {
    "50 000 flows": diagram(start(), e("task", "a"), end(), *(flow("a", "end", None, f"f{i}") for i in range(50_000))),
    "12 000 flows between two tasks": diagram(
        start(), e("task", "a"), end(), flows("s a end"), *(flow("a", "end", None, f"f{i}") for i in range(12_000))),
    "an id of 1 MB": diagram(start("i" * 1_000_000), end(), flow("i" * 1_000_000, "end")),
    "one id 5 000 times": diagram(start(), *(e("task", "a") for _ in range(5_000))),
    "every gateway to every gateway": diagram(
        start(), end(), flows("s x0"),
        *(gateway(("exclusive", "parallel", "inclusive")[i % 3], f"x{i}") for i in range(60)),
        *(flow(f"x{i}", f"x{j}", "=k = 1") for i in range(60) for j in range(60))),
    "a condition of 1 MB": diagram(start(), end(), flow("s", "end", "=" + "(" * 1_000_000)),
    "4 000 joins in a row of parallel splits": diagram(
        start(), end(), flows("s x0", "x3999 end"), *(gateway("parallel", f"x{i}") for i in range(4_000)),
        *(flow(f"x{i}", f"x{i + 1}", None, f"f{i}_{n}") for i in range(3_999) for n in range(2))),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_gives_a_bounded_number_of_findings(name: str) -> None:
    findings = check_one(LARGE[name])

    assert findings
    assert len(findings) <= MAX_FINDINGS + 2
    assert all(len(finding.message) < 1_000 and len(finding.element or "") <= 255 for finding in findings)
    assert CHECK_FAILED.code not in {finding.code for finding in findings}


def test_a_defect_of_the_linter_refuses_the_file_instead_of_raising(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> list[Finding]:
        raise ZeroDivisionError

    monkeypatch.setattr("engine.bpmn.check.linter.FAMILIES", (broken,))

    findings = check_one(diagram(start(), end(), flows("s end")))

    assert [finding.code for finding in errors_of(findings)] == ["CHECK_FAILED"]


def test_findings_come_errors_first_and_then_in_the_order_of_the_file() -> None:
    unnamed, formless = user("b", name=""), user("a", form="nope")
    source = diagram(start(), unnamed, formless, end(), flows("s b a end"), e("task", "lost"), e("task", "z"))

    found = [(finding.severity.value, finding.element) for finding in check_one(source, KNOWN)]

    assert found == [("error", "a"), ("error", "lost"), ("error", "z"), ("warning", "b")]


def test_nothing_is_looked_up_that_is_not_known() -> None:
    source = diagram(start(), user("a", form="anything"), end(), flows("s a end"))

    assert errors_of(check_one(source, Known())) == []


def test_a_form_beside_the_diagram_is_known() -> None:
    source = diagram(start(), user("a", form="new"), end(), flows("s a end"))
    form = b'{"id": "new", "type": "default", "components": []}'

    assert errors_of(check({"a.bpmn": source, "new.form": form}, KNOWN)["a.bpmn"]) == []


SOUND = [case.good for case in CASES if isinstance(case.good, bytes)] + list(RIGHT.values())
VALUES = ["", "a", "s", "end", "x", "0", "true", "=", "= x +", "none", "{}", "#", "P1D", "å b"]


def mutate(source: bytes, seed: int) -> bytes:
    """The file with some elements and attributes dropped, doubled, renamed or moved."""
    chance = random.Random(seed)
    root = etree.fromstring(source)
    for _ in range(chance.randint(1, 4)):
        elements = list(root.iter(etree.Element))
        element = chance.choice(elements)
        parent = element.getparent()
        match chance.randint(0, 6):
            case 0 if parent is not None:
                parent.remove(element)
            case 1 if parent is not None:
                parent.append(etree.fromstring(etree.tostring(element)))
            case 2:
                element.tag = chance.choice(elements).tag
            case 3 if element.attrib:
                del element.attrib[chance.choice(list(element.attrib))]
            case 4 if element.attrib:
                element.set(chance.choice(list(element.attrib)), chance.choice(VALUES))
            case 5 if parent is not None:
                other = chance.choice(elements)
                if other is not element and element not in other.iterancestors():
                    other.append(element)
            case _:
                other = chance.choice(elements)
                if other.attrib:
                    name = chance.choice(list(other.attrib))
                    element.set(name, other.get(name))
    return etree.tostring(root)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), st.integers(0, 2**32))
def test_a_mutated_file_gives_only_findings_with_codes(source: bytes, seed: int) -> None:
    findings = check_one(mutate(source, seed), KNOWN)

    assert all(finding.code and finding.message and finding.message_en for finding in findings)
    assert CHECK_FAILED.code not in {finding.code for finding in findings}


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SOUND), st.integers(0, 2**32))
def test_what_the_linter_passes_the_runner_loads(source: bytes, seed: int) -> None:
    mutated = mutate(source, seed)

    if not errors_of(check_one(mutated, KNOWN)):
        try:
            load_model(mutated, file="a.bpmn")
        except StegvisError as error:
            pytest.fail(f"{error.message}\n{mutated.decode()}")


@pytest.mark.parametrize("source", SOUND, ids=range(len(SOUND)))
def test_the_runner_loads_every_right_diagram(source: bytes) -> None:
    assert load_model(source, file="a.bpmn").processes


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_findings(content: bytes) -> None:
    for file in ("a.bpmn", "a.form", "a.dmn"):
        assert CHECK_FAILED.code not in {finding.code for finding in check_one(content, KNOWN, file=file)}


def block(depth: int) -> st.SearchStrategy[tuple[object, ...]]:
    """Structured diagrams: a task, a sequence, a split of some kind with its own join, a loop with a way out."""
    task = st.just(("task",))
    if depth == 0:
        return task
    inner = block(depth - 1)
    return st.one_of(
        task,
        st.tuples(st.just("sequence"), inner, inner),
        st.tuples(st.sampled_from(["parallel", "exclusive", "inclusive"]), inner, inner),
        st.tuples(st.just("loop"), inner),
    )


def drawn(shape: tuple[object, ...], before: str, parts: list[str]) -> str:
    """Draw the shape after the node `before`; gives the node that it ends with."""
    number = len(parts)
    kind = shape[0]
    if kind == "task":
        parts.append(user(f"t{number}") + flow(before, f"t{number}"))
        return f"t{number}"
    if kind == "sequence":
        return drawn(shape[2], drawn(shape[1], before, parts), parts)  # type: ignore[arg-type]
    if kind == "loop":
        merge, split = f"m{number}", f"y{number}"
        parts.append(gateway("exclusive", merge) + flow(before, merge))
        last = drawn(shape[1], merge, parts)  # type: ignore[arg-type]
        out = f"o{number}"
        parts.append(
            gateway("exclusive", split, default=f"{split}_{out}") + flow(last, split) + user(out)
            + flow(split, merge, "=k = 1") + flow(split, out)
        )  # fmt: skip
        return out
    split, join = f"x{number}", f"j{number}"
    parts.append(gateway(str(kind), split, **({} if kind == "parallel" else {"default": f"{split}_b{number}"})))
    parts.append(gateway(str(kind), join) + flow(before, split))
    first, second = f"a{number}", f"b{number}"
    parts.append(user(first) + user(second) + flow(split, first, None if kind == "parallel" else "=k = 1"))
    parts.append(flow(split, second))
    for branch, inside in ((first, shape[1]), (second, shape[2])):
        parts.append(flow(drawn(inside, branch, parts), join))  # type: ignore[arg-type]
    return join


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block(3))
def test_a_structured_diagram_has_no_errors_and_matches(shape: tuple[object, ...]) -> None:
    parts: list[str] = []
    last = drawn(shape, "s", parts)
    source = diagram(start(), *parts, end(), flow(last, "end"))

    findings = check_one(source, KNOWN)

    assert errors_of(findings) == []
    assert not {"DEADLOCK_POSSIBLE", "RUNS_TWICE", "NEVER_ENDS"} & {finding.code for finding in findings}
