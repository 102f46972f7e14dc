"""What is wrong with decision tables: overlaps, gaps, rules that no input reaches, outputs that are not allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from engine.dmn import check_rules as rules
from engine.dmn.columns import ANYTHING
from engine.dmn.hit_policies import SINGLE
from engine.dmn.literals import Texts
from engine.dmn.model import DecisionTable, HitPolicy, InputClause
from engine.dmn.regions import UNKNOWN, Column, Regions, column_of, points_of, uncovered
from engine.dmn.table import allowed_outputs
from engine.dmn.type_table import TypeTable
from engine.dmn.types import ANY_TYPE, Restricted, Type
from engine.feel import UnaryTests, compile_expression, to_text, type_name
from engine.feel.errors import FeelSyntaxError
from engine.findings import Finding

MAX_RULES: Final = 1_000
"""Rules of a table whose pairs are compared."""

MAX_SEARCH: Final = 50_000
"""Steps of the search for gaps in one table."""

MAX_SHOWN_OVERLAPS: Final = 20

Bits = int


def check_table(
    table: DecisionTable, owner: str, names: frozenset[str], types: TypeTable, variables: Mapping[str, Type]
) -> Iterator[Finding]:
    """Findings of one table; texts that do not parse are reported elsewhere and here judged as unknown.

    `variables` are the types of what the table may name, for columns that ask for just a variable.
    """
    return _TableCheck(table, owner, names, types, variables).findings()


class _TableCheck:
    def __init__(
        self,
        table: DecisionTable,
        owner: str,
        names: frozenset[str],
        types: TypeTable,
        variables: Mapping[str, Type],
    ) -> None:
        self._table = table
        self._owner = owner
        self._names = names
        self._types = types
        self._variables = variables
        self._texts = Texts("")
        self._regions = Regions(
            tuple(self._column(index, clause) for index, clause in enumerate(table.inputs)), len(table.rules)
        )
        self._steps = 0

    def findings(self) -> Iterator[Finding]:
        table = self._table
        for clause in table.inputs:
            if not clause.expression.text:
                yield rules.NO_INPUT_EXPRESSION.at(clause.id, self._owner)
        if table.aggregation is not None and len(table.outputs) > 1:
            yield rules.CANNOT_AGGREGATE.at(table.id, self._owner, aggregation=table.aggregation.value)
        yield from self._cell_types()
        yield from self._outputs()
        if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            yield from self._overlaps()
        yield from self._unreachable()
        yield from self._gaps()

    # -- columns ---------------------------------------------------------------------------------------------

    def _column(self, index: int, clause: InputClause) -> Column:
        cells = [self._cell(rule.inputs[index].text) for rule in self._table.rules]
        return column_of(cells, self._kind(clause), self._allowed(clause), self._names)

    def _cell(self, text: str) -> UnaryTests | None:
        if text in ANYTHING:
            return None
        # What does not parse never matches; "null and false" is as good a test that is never true.
        return self._texts.tests(text, self._names, None) or self._texts.tests("false and ? = ?", frozenset(), None)

    def _declared(self, clause: InputClause) -> Type:
        """The narrowest type that is declared for a column: its own, or its variable's."""
        own = self._types.resolve(clause.expression.type_ref).resolved()
        variable = self._variables.get(clause.expression.text)
        return own if variable is None or isinstance(own, Restricted) else variable.resolved()

    def _base(self, clause: InputClause) -> Type:
        kind = self._declared(clause)
        while isinstance(kind, Restricted):
            kind = kind.base.resolved()
        return kind

    def _kind(self, clause: InputClause) -> str | None:
        base = self._base(clause)
        return None if base is ANY_TYPE else base.name

    def _allowed(self, clause: InputClause) -> UnaryTests | None:
        if clause.allowed is not None:
            return self._texts.tests(clause.allowed.text, frozenset(), None)
        kind = self._declared(clause)
        tests = kind.constraint.tests if isinstance(kind, Restricted) else None
        return tests if isinstance(tests, UnaryTests) else None

    # -- cells and outputs -----------------------------------------------------------------------------------

    def _cell_types(self) -> Iterator[Finding]:
        for index, clause in enumerate(self._table.inputs):
            kind = self._kind(clause)
            if kind not in ("number", "string", "boolean", "date", "time", "date and time"):
                continue
            for number, rule in enumerate(self._table.rules, start=1):
                cell = rule.inputs[index]
                found = next((each for each in self._kinds_in(cell.text) if each not in (kind, "Null")), None)
                if found is not None:
                    yield rules.CELL_TYPE.at(
                        cell.id, self._owner, number=number, column=_label(clause), type=kind, found=found,
                        text=cell.text,
                    )  # fmt: skip

    def _kinds_in(self, text: str) -> list[str]:
        if text in ANYTHING:
            return []
        try:
            return [type_name(point) for point in points_of(text, self._names) or ()]
        except FeelSyntaxError:
            return []

    def _outputs(self) -> Iterator[Finding]:
        table = self._table
        listed = [allowed_outputs(table, index, self._types) for index in range(len(table.outputs))]
        needs_order = table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
        if needs_order and not any(listed):
            yield rules.NO_OUTPUT_VALUES.at(table.id, self._owner, policy=table.hit_policy.value)
        for index, constraint in enumerate(listed):
            tests = None if constraint is None else self._texts.tests(constraint, frozenset(), None)
            if constraint is None or tests is None:
                continue
            for number, rule in enumerate(table.rules, start=1):
                value = _constant(rule.outputs[index].text)
                if value is not None and tests.evaluate(value, {}).value is not True:
                    yield rules.OUTPUT_NOT_ALLOWED.at(
                        rule.outputs[index].id, self._owner, number=number, text=rule.outputs[index].text,
                        allowed=constraint,
                    )  # fmt: skip

    # -- rules together --------------------------------------------------------------------------------------

    def _overlaps(self) -> Iterator[Finding]:
        table, shown = self._table, 0
        if len(table.rules) > MAX_RULES:
            return
        for second in range(len(table.rules)):
            for first in range(second):
                common = self._common(first, second)
                if common is None:
                    continue
                if table.hit_policy is HitPolicy.ANY and not _differ(table, first, second):
                    continue
                rule = rules.OVERLAP if table.hit_policy is HitPolicy.UNIQUE else rules.CONTRADICTION
                yield rule.at(
                    table.rules[second].id or table.id, self._owner, first=first + 1, second=second + 1,
                    example=self._told(common),
                )  # fmt: skip
                shown += 1
                if shown >= MAX_SHOWN_OVERLAPS:
                    return

    def _common(self, first: int, second: int) -> list[object] | None:
        """An input that both rules match; None when there is none, or none that can be shown."""
        example: list[object] = []
        for column in self._regions.columns:
            one, other = column.cells[first], column.cells[second]
            if not column.examples:
                if one is None or other is None:
                    return None
                example.append(UNKNOWN)
                continue
            if one is None or other is None or not one & other:
                return None
            common = one & other
            example.append(column.examples[(common & -common).bit_length() - 1])
        return example

    def _unreachable(self) -> Iterator[Finding]:
        table = self._table
        if len(table.rules) > MAX_RULES:
            return
        for number, rule in enumerate(table.rules):
            bits = [column.cells[number] for column in self._regions.columns]
            empty = next(
                (index for index, each in enumerate(bits) if each == 0 and self._regions.columns[index].examples), None
            )
            if empty is not None:
                text = rule.inputs[empty].text
                yield rules.UNREACHABLE.at(
                    rule.id or table.id, self._owner, number=number + 1,
                    reason=f"inget tillåtet värde i kolumnen {_label(table.inputs[empty])} klarar villkoret {text}",
                    reason_en=f"no allowed value of the column {_label(table.inputs[empty])} passes {text}",
                )  # fmt: skip
            elif table.hit_policy is HitPolicy.FIRST and number and None not in bits:
                earlier = (1 << number) - 1
                if self._is_covered(bits, earlier):
                    yield rules.UNREACHABLE.at(
                        rule.id or table.id, self._owner, number=number + 1,
                        reason="reglerna före den tar alla fall (FIRST)",
                        reason_en="the rules before it take every case (FIRST)",
                    )  # fmt: skip

    def _is_covered(self, within: Sequence[Bits | None], earlier: Bits) -> bool:
        self._steps = 0
        found = uncovered(self._regions, within, earlier, self._budget, unsure=False)
        return found is None and self._steps < MAX_SEARCH

    def _gaps(self) -> Iterator[Finding]:
        table = self._table
        has_default = any(output.default is not None for output in table.outputs)
        if table.hit_policy not in SINGLE or has_default or not table.inputs:
            return
        self._steps = 0
        everything = (1 << len(table.rules)) - 1
        anywhere: list[Bits | None] = [None] * len(table.inputs)
        gap = uncovered(self._regions, anywhere, everything, self._budget, unsure=True)
        if gap is not None:
            yield rules.GAP.at(table.id, self._owner, example=self._told(gap))
            return
        certain = self._steps < MAX_SEARCH
        if certain and uncovered(self._regions, anywhere, everything, self._budget, unsure=False) is None:
            return
        yield rules.NO_DEFAULT.at(table.id, self._owner)

    def _budget(self) -> bool:
        self._steps += 1
        return self._steps < MAX_SEARCH

    def _told(self, example: Sequence[object]) -> str:
        told = [
            f"{_label(clause)} = {_shown(value)}"
            for clause, value in zip(self._table.inputs, example, strict=True)
            if value is not UNKNOWN
        ]
        return ", ".join(told) or "allt / everything"


def _label(clause: InputClause) -> str:
    return clause.expression.text or clause.label or "–"


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else to_text(value)


def _constant(text: str) -> object:
    """The value of an output that is a literal, null for anything else."""
    try:
        expression = compile_expression(text) if text else None
    except FeelSyntaxError:
        return None
    if expression is None or expression.free_names or expression.called_names:
        return None
    return expression.evaluate({}).value


def _differ(table: DecisionTable, first: int, second: int) -> bool:
    """Whether two rules say different things, where both say constants."""
    pairs = zip(table.rules[first].outputs, table.rules[second].outputs, strict=True)
    return any(
        (one := _constant(a.text)) is not None and (other := _constant(b.text)) is not None and one != other
        for a, b in pairs
    )
