"""One evaluation on its way: what it warns of, what it has used, what it has done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.dmn.linking import Key
from engine.dmn.trace import DecisionTrace, DecisionWarning, TableTrace
from engine.dmn.types import Constraint, Type, convert
from engine.feel import Environment, FeelWarning, UnaryTests
from engine.feel.errors import FeelLimitError
from engine.feel.types import FeelType

MAX_DEPTH: Final = 40
"""Calls of business knowledge models, services and boxed functions within one another."""

MAX_CALLS: Final = 20_000
"""Calls in one evaluation."""

MAX_STEPS: Final = 200_000
"""Expressions evaluated and turns of boxed loops in one evaluation."""

MAX_WARNINGS: Final = 100
MAX_TABLE_TRACES: Final = 100
"""Uses of tables that one decision's trace tells of; the rest is counted."""


class Run:
    """The state of one evaluation; used by one thread and thrown away."""

    __slots__ = (
        "_calls",
        "_depth",
        "_steps",
        "decisions",
        "environment",
        "environments",
        "functions",
        "tables",
        "tables_left_out",
        "warnings",
    )

    def __init__(self, environment: Environment, types: Mapping[str, Mapping[str, FeelType]]) -> None:
        """`types` are the defined types of each model, by its namespace."""
        self.environment = _at_one_moment(environment)
        self.environments = {
            namespace: replace(self.environment, types=defined) if defined else self.environment
            for namespace, defined in types.items()
        }
        self.warnings: list[DecisionWarning] = []
        self.functions: dict[Key, object] = {}
        self.decisions: list[DecisionTrace] = []
        self.tables: list[TableTrace] = []
        self.tables_left_out = 0
        self._depth = 0
        self._calls = 0
        self._steps = 0

    def warn(self, code: str, message: str, element: str | None) -> None:
        """Say that something became null, and why."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(DecisionWarning(code, message, element))

    def warn_all(self, warnings: Iterable[FeelWarning], element: str | None) -> None:
        """Take over what FEEL warned of."""
        for warning in warnings:
            if len(self.warnings) < MAX_WARNINGS:
                self.warnings.append(
                    DecisionWarning(warning.code, warning.message, element, (warning.line, warning.column))
                )

    def passes(self, constraint: Constraint, value: object) -> bool:
        """Whether a value passes the tests of a type."""
        tests = constraint.tests
        assert isinstance(tests, UnaryTests)
        return tests.evaluate(value, {}, self.environment).value is True

    def convert(self, value: object, wanted: Type, element: str | None) -> object:
        """The value as the wanted type, or null with a warning."""
        converted, problem = convert(value, wanted, self.passes)
        if problem is not None:
            self.warn(problem.code, problem.message, element)
        return converted

    def step(self, element: str | None) -> None:
        """Count an expression or a turn of a loop; raises FeelLimitError when there are too many."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise FeelLimitError(f"the decision evaluates more than {MAX_STEPS} expressions", element=element)

    def enter(self, element: str | None) -> None:
        """Begin a call; raises FeelLimitError when there are too many, or too many within one another."""
        self._depth += 1
        self._calls += 1
        if self._depth > MAX_DEPTH:
            raise FeelLimitError(f"functions call one another more than {MAX_DEPTH} deep", element=element)
        if self._calls > MAX_CALLS:
            raise FeelLimitError(f"the decision calls functions more than {MAX_CALLS} times", element=element)

    def leave(self) -> None:
        """End a call."""
        self._depth -= 1

    def record_table(self, table: TableTrace) -> None:
        """Keep how a table was used, for the decision that is being made."""
        if len(self.tables) < MAX_TABLE_TRACES:
            self.tables.append(table)
        else:
            self.tables_left_out += 1


def _at_one_moment(environment: Environment) -> Environment:
    """The same environment with one `now` for all that is evaluated in it."""
    clock = environment.now
    if clock is None:
        return environment
    moments: list[datetime] = []

    def now() -> datetime:
        if not moments:
            moments.append(clock())
        return moments[0]

    return replace(environment, now=now)
