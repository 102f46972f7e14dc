"""What a DMN file says, as frozen values: item definitions, requirement graph and boxed expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum, StrEnum


class HitPolicy(StrEnum):
    """How a decision table answers when several rules match."""

    UNIQUE = "UNIQUE"  # at most one rule may match
    FIRST = "FIRST"  # the first matching rule in the table's order
    PRIORITY = "PRIORITY"  # the matching rule whose output stands first in the output values
    ANY = "ANY"  # several may match, if they all say the same
    COLLECT = "COLLECT"  # all of them, as a list or aggregated
    RULE_ORDER = "RULE ORDER"  # all of them, in the table's order
    OUTPUT_ORDER = "OUTPUT ORDER"  # all of them, in the order of the output values


class Aggregation(StrEnum):
    """How COLLECT makes one value of many."""

    SUM = "SUM"
    COUNT = "COUNT"
    MIN = "MIN"
    MAX = "MAX"


class FunctionKind(StrEnum):
    """The language of a function's body."""

    FEEL = "FEEL"
    JAVA = "Java"  # never run here: such a function answers null with a warning
    PMML = "PMML"  # never run here either


@dataclass(frozen=True, slots=True)
class TypeConstraint:
    """A restriction of a type's values, as unary tests."""

    text: str
    element: str | None


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A named type, or the type of one component of a structure."""

    name: str
    id: str | None
    type_ref: str | None
    is_collection: bool
    allowed_values: TypeConstraint | None
    type_constraint: TypeConstraint | None
    components: tuple[ItemDefinition, ...]
    function: FunctionItem | None


@dataclass(frozen=True, slots=True)
class FunctionItem:
    """The signature of a function type."""

    parameters: tuple[Variable, ...]
    output_type_ref: str | None


@dataclass(frozen=True, slots=True)
class Variable:
    """A named and possibly typed place for a value: variable, parameter, column."""

    name: str
    type_ref: str | None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Boxed:
    """Common to all boxed expressions: the declared type, and the id findings point at (the nearest that has one)."""

    id: str | None
    type_ref: str | None


@dataclass(frozen=True, slots=True)
class Literal(Boxed):
    """A FEEL text; `language` is set only when the file names another language than FEEL."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    """One input column of a decision table."""

    id: str | None
    label: str | None
    expression: Literal
    allowed: TypeConstraint | None


@dataclass(frozen=True, slots=True)
class OutputClause:
    """One output column of a decision table."""

    id: str | None
    name: str | None
    label: str | None
    type_ref: str | None
    allowed: TypeConstraint | None
    default: Literal | None


@dataclass(frozen=True, slots=True)
class Cell:
    """The unary tests of one rule in one input column."""

    id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a decision table."""

    id: str | None
    inputs: tuple[Cell, ...]
    outputs: tuple[Literal, ...]
    annotations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecisionTable(Boxed):
    """A decision table."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    output_label: str | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """One entry of a boxed context; without a variable it is the context's result."""

    variable: Variable | None
    expression: Boxed | None


@dataclass(frozen=True, slots=True)
class Context(Boxed):
    """A boxed context."""

    entries: tuple[ContextEntry, ...]


@dataclass(frozen=True, slots=True)
class Relation(Boxed):
    """A boxed relation: a list of contexts written as a table."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]


@dataclass(frozen=True, slots=True)
class ListExpression(Boxed):
    """A boxed list."""

    items: tuple[Boxed | None, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """One argument of an invocation."""

    parameter: Variable
    expression: Boxed | None


@dataclass(frozen=True, slots=True)
class Invocation(Boxed):
    """A boxed invocation of a function by named arguments."""

    function: Boxed | None
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Boxed):
    """A boxed function."""

    kind: FunctionKind
    parameters: tuple[Variable, ...]
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class Conditional(Boxed):
    """A boxed if, then and else."""

    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True, slots=True)
class Filter(Boxed):
    """A boxed filter of a list."""

    source: Boxed | None
    match: Boxed | None


class IteratorKind(Enum):
    """What an iteration makes of its turns."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Iterator(Boxed):
    """A boxed for, some or every."""

    kind: IteratorKind
    variable: str
    source: Boxed | None
    body: Boxed | None


def parts_within(value: object) -> Iterable[object]:
    """An expression and everything it is made of, in the order of the file."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, tuple):
            pending.extend(reversed(current))
        elif is_dataclass(current):
            yield current
            pending.extend(getattr(current, each.name) for each in reversed(fields(current)))


def literals_within(value: object) -> Iterable[Literal]:
    """Every literal expression in an expression, the cells' outputs included."""
    return (part for part in parts_within(value) if isinstance(part, Literal))


@dataclass(frozen=True, slots=True)
class Reference:
    """An href to an element: its model's namespace (None: this model) and its id."""

    namespace: str | None
    id: str


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that comes from outside."""

    id: str
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and what it requires."""

    id: str
    name: str
    variable: Variable
    expression: Boxed | None
    required_inputs: tuple[Reference, ...]
    required_decisions: tuple[Reference, ...]
    required_knowledge: tuple[Reference, ...]
    question: str | None = None
    allowed_answers: str | None = None


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a named function."""

    id: str
    name: str
    variable: Variable
    function: FunctionDefinition | None
    required_knowledge: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A set of decisions that can be called as one function."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]


Node = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements this one names by `name` (empty: by their own names)."""

    name: str
    namespace: str
    location: str | None
    is_model: bool


@dataclass(frozen=True, slots=True)
class Definitions:
    """One DMN file."""

    file: str
    name: str
    namespace: str
    imports: tuple[Import, ...]
    types: tuple[ItemDefinition, ...]
    nodes: tuple[Node, ...]
