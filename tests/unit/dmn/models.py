"""Builds small DMN files for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from engine.dmn import DecisionModel, DecisionResult, load_decisions
from engine.feel import Environment

DMN_15 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
ENVIRONMENT = Environment(now=lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC))


def document(*parts: str, namespace: str = "urn:test", dmn: str = DMN_15, prefixes: str = "") -> bytes:
    """A file with these elements."""
    body = "\n".join(parts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<definitions xmlns="{dmn}" id="defs" name="Test" namespace="{namespace}" {prefixes}>\n{body}\n</definitions>'
    ).encode()


def input_data(name: str, type_ref: str | None = None) -> str:
    variable = f'<variable name="{escape(name)}"{_type(type_ref)}/>'
    return f'<inputData id="i_{_id(name)}" name="{escape(name)}">{variable}</inputData>'


def literal(text: str, type_ref: str | None = None) -> str:
    return f"<literalExpression{_type(type_ref)}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, expression: str, *, requires: Sequence[str] = (), type_ref: str | None = None) -> str:
    """`requires` are hrefs with a letter for the kind: `i:#id` input, `d:#id` decision, `k:#id` knowledge."""
    return (
        f'<decision id="d_{_id(name)}" name="{escape(name)}"><variable name="{escape(name)}"{_type(type_ref)}/>'
        f"{''.join(_requirement(each) for each in requires)}{expression}</decision>"
    )


def knowledge(
    name: str, parameters: Sequence[tuple[str, str | None]], expression: str, *,
    requires: Sequence[str] = (), type_ref: str | None = None,
) -> str:  # fmt: skip
    formal = "".join(f'<formalParameter name="{escape(each)}"{_type(kind)}/>' for each, kind in parameters)
    return (
        f'<businessKnowledgeModel id="k_{_id(name)}" name="{escape(name)}">'
        f'<variable name="{escape(name)}"{_type(type_ref)}/>'
        f"<encapsulatedLogic>{formal}{expression}</encapsulatedLogic>"
        f"{''.join(_requirement(each) for each in requires)}</businessKnowledgeModel>"
    )


def service(name: str, *, outputs: Sequence[str], encapsulated: Sequence[str] = (), decisions: Sequence[str] = (),
            inputs: Sequence[str] = (), type_ref: str | None = None) -> str:  # fmt: skip
    def references(tag: str, ids: Sequence[str]) -> str:
        return "".join(f'<{tag} href="#{each}"/>' for each in ids)

    return (
        f'<decisionService id="s_{_id(name)}" name="{escape(name)}"><variable name="{escape(name)}"{_type(type_ref)}/>'
        + references("outputDecision", outputs) + references("encapsulatedDecision", encapsulated)
        + references("inputDecision", decisions) + references("inputData", inputs) + "</decisionService>"
    )  # fmt: skip


def item(name: str, type_ref: str | None = None, *, collection: bool = False, allowed: str | None = None,
         components: str = "", constraint: str | None = None, tag: str = "itemDefinition") -> str:  # fmt: skip
    parts = f"<typeRef>{escape(type_ref)}</typeRef>" if type_ref else ""
    parts += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    parts += f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    return f'<{tag} name="{escape(name)}" isCollection="{str(collection).lower()}">{parts}{components}</{tag}>'


def component(name: str, type_ref: str | None = None, *, allowed: str | None = None, components: str = "") -> str:
    return item(name, type_ref, allowed=allowed, components=components, tag="itemComponent")


def table(
    policy: str,
    inputs: Sequence[str | tuple[str, str | None] | tuple[str, str | None, str | None]],
    outputs: Sequence[str | Mapping[str, str]],
    rules: Sequence[Sequence[str]],
    *,
    aggregation: str | None = None,
    annotations: Sequence[str] = (),
    type_ref: str | None = None,
) -> str:
    """A table; an input is an expression with type and input values, an output a name or its attributes."""
    columns = [each if isinstance(each, tuple) else (each,) for each in inputs]
    text = "".join(_input(number, *column) for number, column in enumerate(columns, start=1))
    text += "".join(_output(number, each) for number, each in enumerate(outputs, start=1))
    text += "".join(f'<annotation name="{escape(each)}"/>' for each in annotations)
    for number, rule in enumerate(rules, start=1):
        cells = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[: len(inputs)])
        entries = rule[len(inputs) : len(inputs) + len(outputs)]
        cells += "".join(f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in entries)
        notes = rule[len(inputs) + len(outputs) :]
        cells += "".join(f"<annotationEntry><text>{escape(note)}</text></annotationEntry>" for note in notes)
        text += f'<rule id="r{number}">{cells}</rule>'
    attribute = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="table" hitPolicy="{policy}"{attribute}{_type(type_ref)}>{text}</decisionTable>'


def evaluate(model: DecisionModel | bytes, name: str, inputs: Mapping[str, object] | None = None) -> DecisionResult:
    """One decision of a model."""
    loaded = load_decisions(model, file="test.dmn") if isinstance(model, bytes) else model
    return loaded.evaluate(name, inputs or {}, ENVIRONMENT)


def value_of(expression: str, inputs: Mapping[str, object] | None = None, *, type_ref: str | None = None,
             types: str = "") -> object:  # fmt: skip
    """The value of one boxed expression; the inputs are given as process variables are."""
    return evaluate(document(types, decision("D", expression, type_ref=type_ref)), "D", inputs).value


def codes(result: DecisionResult) -> list[str]:
    """What the result warns of."""
    return [warning.code for warning in result.warnings]


def _input(number: int, text: str, type_ref: str | None = None, values: str | None = None) -> str:
    allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
    return (
        f'<input id="in{number}"><inputExpression{_type(type_ref)}><text>{escape(text)}</text></inputExpression>'
        f"{allowed}</input>"
    )


def _output(number: int, output: str | Mapping[str, str]) -> str:
    given = {"name": output} if isinstance(output, str) else dict(output)
    values, default = given.pop("values", None), given.pop("default", None)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    body = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
    body += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    return f'<output id="out{number}"{attributes}>{body}</output>'


def _requirement(written: str) -> str:
    kind, _, href = written.partition(":")
    tag, wrapper = {
        "i": ("requiredInput", "informationRequirement"),
        "d": ("requiredDecision", "informationRequirement"),
        "k": ("requiredKnowledge", "knowledgeRequirement"),
    }[kind]
    return f'<{wrapper}><{tag} href="{escape(href)}"/></{wrapper}>'


def _type(type_ref: str | None) -> str:
    return f' typeRef="{escape(type_ref)}"' if type_ref else ""


def _id(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name)
