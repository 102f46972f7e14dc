"""The syntax tree of an expression. Every node knows where in the source it stands."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Part of an expression, from offset `start` to `end` of the source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written as such."""

    value: object


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-01-31"`."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a parameter or a function."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`target.name`."""

    target: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`target[condition]`."""

    target: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` says the parameters when the arguments are named."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one precedence, from the left: `first op1 rest1 op2 rest2`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right` with one of `= != < <= > >=`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: FeelType


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """`a and b and c`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """`a or b or c`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    """`if c1 then r1 else if c2 then r2 else otherwise`."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """`name in domain` or `name in domain..last`."""

    name: str
    domain: Node
    last: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for iterators return body`."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Some(Node):
    """`some iterators satisfies condition`."""

    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Every(Node):
    """`every iterators satisfies condition`."""

    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[low..high]`, open or closed at each end."""

    low: Node
    low_included: bool
    high: Node
    high_included: bool


@dataclass(frozen=True, slots=True)
class OperatorRange(Node):
    """`(<10)`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class ParameterNode(Node):
    """A parameter of a function definition."""

    name: str
    type: FeelType


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """`function(parameters) body`."""

    parameters: tuple[ParameterNode, ...]
    body: Node
    is_external: bool


@dataclass(frozen=True, slots=True)
class ComparisonTest(Node):
    """`> 3`: the tested value compared with an operand."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class ExpressionTest(Node):
    """A value to be equal to or contained in, or a condition on `?`."""

    expression: Node
    reads_input: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests: true when one of them is; `is_any` for `-`."""

    tests: tuple[ComparisonTest | ExpressionTest, ...]
    is_negated: bool
    is_any: bool
