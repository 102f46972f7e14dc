"""Requirement graphs: what a decision sees, knowledge models, decision services, imports, recursion."""

from __future__ import annotations

import threading

import pytest

from engine.dmn import load_decisions
from engine.dmn.errors import (
    CyclicRequirements,
    CyclicType,
    DuplicateElement,
    MalformedTable,
    MissingImport,
    UnknownDecision,
    UnknownDmnNamespace,
)
from engine.errors import InvalidDocument, StegvisError, TooLarge
from engine.feel.errors import FeelLimitError
from tests.unit.dmn.models import (
    DMN_15,
    ENVIRONMENT,
    codes,
    decision,
    document,
    evaluate,
    input_data,
    item,
    knowledge,
    literal,
    service,
    table,
)


def test_decisions_are_made_once_each_after_those_they_require() -> None:
    model = document(
        input_data("months in a row", "number"),
        decision("Left", literal("months in a row + 1"), requires=["i:#i_months_in_a_row"]),
        decision("Right", literal("Left * 10"), requires=["d:#d_Left"]),
        decision("Top", literal("Left + Right"), requires=["d:#d_Left", "d:#d_Right"]),
    )
    result = evaluate(model, "Top", {"months in a row": 2})
    assert result.value == 33
    assert [made.name for made in result.decisions] == ["Left", "Right", "Top"]
    assert [made["name"] for made in result.trace["required"]] == ["Left", "Right"]  # type: ignore[attr-defined]
    assert result.decisions[0].inputs == {"months in a row": 2}


def test_a_chain_of_a_thousand_decisions_needs_no_deep_stack() -> None:
    chain = [decision("D0", literal("1"))]
    chain += [decision(f"D{n}", literal(f"D{n - 1} + 1"), requires=[f"d:#d_D{n - 1}"]) for n in range(1, 1000)]
    assert evaluate(document(*chain), "D999").value == 1000


def test_a_decision_sees_only_what_it_requires() -> None:
    model = document(
        input_data("a"), decision("B", literal("1")), decision("C", literal("a")), decision("D", literal("B"))
    )
    assert evaluate(model, "C", {"a": 1}).value is None
    assert evaluate(model, "D").value is None


def test_names_the_model_does_not_declare_are_seen_as_process_variables_are() -> None:
    model = document(decision("D", table("UNIQUE", ["age"], ["o"], [("> 3", '"yes"')])))
    assert evaluate(model, "D", {"age": 4}).value == "yes"


def test_a_required_decision_without_a_variable_can_be_named_by_its_id_as_in_camunda() -> None:
    level = f'<decision id="niva" name="Nivå för kravet">{table("UNIQUE", ["x"], ["o"], [("> 3", "x")])}</decision>'
    model = document(level, decision("D", literal("[niva, Nivå för kravet]"), requires=["d:#niva"]))
    result = evaluate(model, "D", {"x": 4})
    assert result.value == [4, 4]
    assert result.decisions[1].inputs == {"niva": 4, "Nivå för kravet": 4}


def test_a_decision_without_logic_is_null() -> None:
    result = evaluate(document(decision("D", "")), "D")
    assert result.value is None
    assert codes(result) == []


def test_a_knowledge_model_sees_its_parameters_and_what_it_requires_only() -> None:
    model = document(
        input_data("secret"),
        knowledge("Twice", [("n", "number")], literal("n * 2"), type_ref="number"),
        knowledge("Four times", [("n", "number")], literal("Twice(Twice(n))"), requires=["k:#k_Twice"]),
        knowledge("Peek", [], literal("secret")),
        decision("D", literal("Four times(3)"), requires=["k:#k_Four_times"]),
        decision("P", literal("Peek()"), requires=["k:#k_Peek", "i:#i_secret"]),
    )
    assert evaluate(model, "D").value == 12
    assert evaluate(model, "P", {"secret": 1}).value is None


def test_a_table_in_a_knowledge_model_is_told_in_the_decisions_trace() -> None:
    model = document(
        knowledge("Level", [("n", "number")], table("UNIQUE", ["n"], ["o"], [("> 3", '"high"')])),
        decision("D", literal("Level(5)"), requires=["k:#k_Level"]),
    )
    traced = evaluate(model, "D").decisions[0].tables
    assert [(each.owner, each.rules[0].index) for each in traced] == [("Level", 1)]


def test_recursion_works_and_ends_in_a_typed_error_when_it_does_not_end() -> None:
    model = document(
        knowledge("Factorial", [("n", "number")], literal("if n <= 1 then 1 else n * Factorial(n - 1)")),
        knowledge("Forever", [("n", "number")], literal("Forever(n + 1)")),
        decision("D", literal("Factorial(10)"), requires=["k:#k_Factorial"]),
        decision("F", literal("Forever(1)"), requires=["k:#k_Forever"]),
    )
    assert evaluate(model, "D").value == 3628800
    with pytest.raises(FeelLimitError):
        evaluate(model, "F")


def test_knowledge_models_may_require_one_another_and_lack_logic() -> None:
    chain = [
        knowledge(f"K{n}", [("x", None)], literal(f"K{n + 1}(x)"), requires=[f"k:#k_K{n + 1}"]) for n in range(500)
    ]
    empty = '<businessKnowledgeModel id="k_K500" name="K500"><knowledgeRequirement><requiredKnowledge href="#k_K0"/>'
    model = document(*chain, empty + "</knowledgeRequirement></businessKnowledgeModel>",
                     decision("D", literal("K499(1)"), requires=["k:#k_K499"]))  # fmt: skip
    result = evaluate(model, "D")
    assert result.value is None
    assert codes(result) != []


def test_recursion_of_thirty_levels_is_fine() -> None:
    model = document(
        knowledge("Sum", [("n", "number")], literal("if n <= 0 then 0 else n + Sum(n - 1)"), type_ref="number"),
        decision("D", literal("Sum(30)"), requires=["k:#k_Sum"]),
    )
    assert evaluate(model, "D").value == 465


def test_many_calls_in_loops_end_in_a_typed_error() -> None:
    model = document(
        knowledge("One", [("n", "number")], literal("n")),
        knowledge("Many", [("n", "number")], literal("for i in 1..1000 return One(i)"), requires=["k:#k_One"]),
        decision("D", literal("for i in 1..1000 return Many(i)"), requires=["k:#k_Many"]),
    )
    with pytest.raises(FeelLimitError):
        evaluate(model, "D")


SERVICE = (
    input_data("a", "number"),
    decision("Given", literal("a + 1"), requires=["i:#i_a"]),
    decision("Inner", literal("Given * 2"), requires=["d:#d_Given"], type_ref="number"),
    decision("Outer", literal("Inner + a"), requires=["d:#d_Inner", "i:#i_a"]),
    service("One", outputs=["d_Outer"], encapsulated=["d_Inner"], decisions=["d_Given"], inputs=["i_a"]),
    service("Two", outputs=["d_Outer", "d_Inner"], inputs=["i_a"]),
    decision("Caller", literal("One(1, 100)"), requires=["k:#s_One"]),
    decision("Named", literal("One(Given: 100, a: 1)"), requires=["k:#s_One"]),
    decision("Pair", literal("Two(1).Inner"), requires=["k:#s_Two"]),
)


@pytest.mark.parametrize(
    ("name", "inputs", "expected"),
    [
        ("One", {"a": 1, "Given": 100}, 201),
        ("Two", {"a": 1}, {"Outer": 5, "Inner": 4}),
        ("Caller", {}, 201),
        ("Named", {}, 201),
        ("Pair", {}, 4),
    ],
)
def test_decision_services(name: str, inputs: dict[str, object], expected: object) -> None:
    assert evaluate(document(*SERVICE), name, inputs).value == expected


def test_services_and_knowledge_models_can_be_called_as_functions() -> None:
    model = load_decisions(document(*SERVICE), file="t.dmn")
    assert model.invoke("One", {"a": 1, "Given": 100}, ENVIRONMENT).value == 201


LIBRARY = document(
    item("tAge", "number", allowed="[0..120]"),
    input_data("Age", "tAge"),
    knowledge("Is adult", [("age", "tAge")], literal("age >= 18")),
    decision("Adult", literal("Is adult(Age)"), requires=["i:#i_Age", "k:#k_Is_adult"]),
    namespace="urn:library",
)


LIBRARY_NAMES = [("d", "Adult"), ("i", "Age"), ("k", "Is_adult")]


def importing(name: str, expression: str) -> bytes:
    requires = [f"{kind}:urn:library#{kind}_{identity}" for kind, identity in LIBRARY_NAMES]
    return document(
        f'<import name="{name}" namespace="urn:library" importType="{DMN_15}"/>',
        decision("D", expression, requires=requires),
        namespace="urn:main",
    )  # fmt: skip


@pytest.mark.parametrize("inputs", [{"Age": 20}, {"lib": {"Age": 20}}, {"lib.Age": 20}, {"{urn:library}Age": 20}])
def test_imported_elements_are_named_after_the_import(inputs: dict[str, object]) -> None:
    main = importing("lib", literal("[lib.Adult, lib.Age, lib.Is adult(17), 20 instance of lib.tAge]"))
    model = load_decisions(main, file="main.dmn", imports={"lib.dmn": LIBRARY})
    assert model.evaluate("D", inputs, ENVIRONMENT).value == [True, 20, False, True]


def test_an_import_without_a_name_brings_the_names_as_they_are() -> None:
    main = importing("", literal("[Adult, Age, Is adult(17)]"))
    model = load_decisions(main, file="main.dmn", imports={"lib.dmn": LIBRARY})
    assert model.evaluate("D", {"Age": 20}, ENVIRONMENT).value == [True, 20, False]


def test_a_model_imported_twice_has_both_names() -> None:
    main = importing("lib", literal("[lib.Age, again.Age]")).replace(
        b"<decision", f'<import name="again" namespace="urn:library" importType="{DMN_15}"/><decision'.encode(), 1
    )
    model = load_decisions(main, file="main.dmn", imports={"lib.dmn": LIBRARY})
    assert model.evaluate("D", {"Age": 20}, ENVIRONMENT).value == [20, 20]


def test_imports_of_imports() -> None:
    middle = document(
        f'<import name="deep" namespace="urn:library" importType="{DMN_15}"/>',
        decision("Middle", literal("deep.Age + 1"), requires=["i:urn:library#i_Age"]),
        namespace="urn:middle",
    )
    top = document(
        f'<import name="mid" namespace="urn:middle" importType="{DMN_15}"/>',
        decision("Top", literal("mid.Middle * 2"), requires=["d:urn:middle#d_Middle"]),
        namespace="urn:top",
    )
    model = load_decisions(top, file="top.dmn", imports={"m.dmn": middle, "l.dmn": LIBRARY})
    assert model.evaluate("Top", {"mid": {"deep": {"Age": 20}}}, ENVIRONMENT).value == 42

    both_ways = top.replace(
        b"<import", f'<import name="lib" namespace="urn:library" importType="{DMN_15}"/><import'.encode()
    )
    model = load_decisions(both_ways, file="top.dmn", imports={"m.dmn": middle, "l.dmn": LIBRARY})
    for inputs in ({"mid": {"deep": {"Age": 20}}}, {"lib": {"Age": 20}}, {"mid.deep.Age": 20}):
        assert model.evaluate("Top", inputs, ENVIRONMENT).value == 42


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        DMN_15,
    ],
)
def test_every_version_from_1_1_to_1_5_is_read(namespace: str) -> None:
    assert evaluate(document(decision("D", literal("1")), dmn=namespace), "D").value == 1


ENTITIES = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + document(decision("D", literal("1")))[39:]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"", InvalidDocument),
        (b"<definitions", InvalidDocument),
        (ENTITIES, InvalidDocument),
        (b"<definitions/>", UnknownDmnNamespace),
        (document(dmn="urn:other"), UnknownDmnNamespace),
        (document(decision("D", literal("1"), requires=["d:#gone"])), InvalidDocument),
        (document(decision("D", literal("1"), requires=["i:#d_D"])), InvalidDocument),
        (document(decision("D", literal("1"), requires=["d:#d_D"])), CyclicRequirements),
        (
            document(
                decision("A", literal("1"), requires=["d:#d_B"]), decision("B", literal("1"), requires=["d:#d_A"])
            ),
            CyclicRequirements,
        ),
        (document(item("tA", "tB"), item("tB", "tA")), CyclicType),
        (document(decision("D", literal("1")), decision("D", literal("2"))), DuplicateElement),
        (document(decision("D", table("SOMETIMES", ["x"], ["o"], []))), MalformedTable),
        (document(decision("D", table("UNIQUE", ["x", "y"], ["o"], [("1",)]))), MalformedTable),
        (document(decision("D", table("UNIQUE", ["x"], [], []))), MalformedTable),
        (document("<decision><literalExpression/></decision>"), InvalidDocument),
        (document(f'<import name="x" namespace="urn:gone" importType="{DMN_15}"/>'), MissingImport),
        (document("<decision id='d'>" + "<list>" * 300 + "</list>" * 300 + "</decision>"), TooLarge),
    ],
)
def test_bad_files_are_refused_with_a_typed_error(source: bytes, error: type[StegvisError]) -> None:
    with pytest.raises(error) as raised:
        load_decisions(source, file="bad.dmn")
    assert "bad.dmn" in raised.value.message


def test_an_unknown_decision_is_named_along_with_those_there_are() -> None:
    with pytest.raises(UnknownDecision, match="no decision 'X'; there are: D"):
        evaluate(document(decision("D", literal("1"))), "X")


@pytest.mark.parametrize(
    ("given", "expected", "warned"),
    [
        ("text", None, ["TYPE_MISMATCH"]),
        (130, None, ["VALUE_NOT_ALLOWED"]),
        ([20], 20, []),
        (None, None, []),
    ],
)
def test_inputs_are_converted_to_their_types(given: object, expected: object, warned: list[str]) -> None:
    model = document(item("tAge", "number", allowed="[0..120]"), input_data("Age", "tAge"),
                     decision("D", literal("Age"), requires=["i:#i_Age"]))  # fmt: skip
    result = evaluate(model, "D", {"Age": given})
    assert result.value == expected
    assert codes(result) == warned


def test_inputs_that_a_decision_does_not_need_are_not_judged() -> None:
    model = document(
        input_data("a", "number"), input_data("b", "number"), decision("D", literal("a"), requires=["i:#i_a"])
    )
    assert codes(evaluate(model, "D", {"a": 1, "b": "no number"})) == []


def test_ten_thousand_rules_are_loaded_and_evaluated() -> None:
    rules = [(str(number), f'"{number}"') for number in range(10_000)]
    result = evaluate(document(decision("D", table("UNIQUE", ["x"], ["o"], rules))), "D", {"x": 9_999})
    assert result.value == "9999"
    assert result.decisions[0].tables[0].rules[0].index == 10_000


def test_one_model_is_shared_among_threads() -> None:
    model = load_decisions(document(decision("D", table("FIRST", ["x"], ["o"], [("< 50", "x"), ("-", "-x")]))),
                           file="t.dmn")  # fmt: skip
    found: dict[int, object] = {}

    def work(start: int) -> None:
        for x in range(start, start + 25):
            found[x] = model.evaluate("D", {"x": x}, ENVIRONMENT).value

    threads = [threading.Thread(target=work, args=(start,)) for start in range(0, 100, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {x: x if x < 50 else -x for x in range(100)}
