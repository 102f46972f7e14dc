"""Decision tables compiled: input columns, rules, outputs, and the trace of how they were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.dmn.columns import ALWAYS, NEVER, Answers, Column
from engine.dmn.hit_policies import SINGLE, Hit, answer, answer_of_none
from engine.dmn.literals import Logic, Role, Scope, Texts, null, typed
from engine.dmn.model import DecisionTable, HitPolicy, InputClause, OutputClause, Rule
from engine.dmn.run import Run
from engine.dmn.trace import InputTrace, RuleTrace, TableTrace
from engine.dmn.type_table import TypeTable
from engine.dmn.types import ANY_TYPE, Collection, Constraint, Restricted, Structure, Type, is_collection
from engine.feel import FeelWarning, compile_expression
from engine.feel.errors import FeelSyntaxError


def compile_table(boxed: DecisionTable, names: frozenset[str], owner: str, texts: Texts, types: TypeTable) -> Logic:
    """A decision table ready to be evaluated; `owner` is the name to show in the trace."""
    inputs = [_input(clause, names, texts, types) for clause in boxed.inputs]
    outputs = [_output(clause, boxed, names, texts, types) for clause in boxed.outputs]
    columns = [
        Column([rule.inputs[index].text for rule in boxed.rules], [rule.inputs[index].id for rule in boxed.rules],
               names, texts)
        for index in range(len(inputs))
    ]  # fmt: skip
    rules = [
        _Rule(
            rule,
            tuple(
                (index, column.cells[number]) for index, column in enumerate(columns) if column.cells[number] != ALWAYS
            ),
            tuple(
                _entry(texts.expression(literal, names, Role.OUTPUT), literal.type_ref, output, types, literal.id)
                for literal, output in zip(rule.outputs, outputs, strict=True)
            ),
        )
        for number, rule in enumerate(boxed.rules)
    ]
    return _Table(boxed, owner, inputs, columns, outputs, rules, texts.namespace).evaluate


@dataclass(frozen=True, slots=True)
class _Input:
    clause: InputClause
    logic: Logic
    allowed: Constraint | None


@dataclass(frozen=True, slots=True)
class _Output:
    clause: OutputClause
    name: str
    type: Type
    order: list[object] | None
    allowed: Constraint | None
    default: Logic | None


@dataclass(frozen=True, slots=True)
class _Rule:
    written: Rule
    cells: tuple[tuple[int, int], ...]  # column, and which of its tests
    outputs: tuple[Logic, ...]


def _input(clause: InputClause, names: frozenset[str], texts: Texts, types: TypeTable) -> _Input:
    logic = texts.expression(clause.expression, names, Role.INPUT)
    wanted = types.resolve(clause.expression.type_ref)
    if wanted is not ANY_TYPE:
        logic = typed(logic, wanted, clause.id)
    allowed = None if clause.allowed is None else texts.constraint(clause.allowed)
    return _Input(clause, logic, allowed)


def _output(
    clause: OutputClause, boxed: DecisionTable, names: frozenset[str], texts: Texts, types: TypeTable
) -> _Output:
    wanted = types.resolve(clause.type_ref)
    if boxed.hit_policy not in SINGLE and is_collection(wanted):
        wanted = ANY_TYPE  # the type of all the outputs together, written at the column
    number = next(index for index, each in enumerate(boxed.outputs) if each is clause)
    single = len(boxed.outputs) == 1
    name = clause.name or clause.label or (boxed.output_label if single else None) or f"output {number + 1}"
    constraint = clause.allowed
    order_text = allowed_outputs(boxed, number, types)
    default = None if clause.default is None else texts.expression(clause.default, names, Role.OUTPUT)
    return _Output(
        clause,
        name,
        wanted,
        _listed(order_text),
        None if constraint is None else texts.constraint(constraint),
        default if default is None else _entry(default, None, None, types, clause.id, wanted),
    )


def allowed_outputs(boxed: DecisionTable, index: int, types: TypeTable) -> str | None:
    """The text of an output column's values: its own, or those of its type, or of its part of the table's type."""
    clause = boxed.outputs[index]
    if clause.allowed is not None:
        return clause.allowed.text
    kind = types.resolve(clause.type_ref).resolved()
    if clause.type_ref is None and boxed.type_ref is not None:
        kind = types.resolve(boxed.type_ref).resolved()
        if isinstance(kind, Collection):
            kind = kind.item.resolved()
        if isinstance(kind, Structure) and len(boxed.outputs) > 1:
            kind = kind.components.get(clause.name or "", ANY_TYPE).resolved()
    return kind.constraint.text if isinstance(kind, Restricted) else None


def _listed(text: str | None) -> list[object] | None:
    """The output values in their order; None where they are not a plain list of values."""
    if text is None:
        return None
    try:
        value = compile_expression(f"[{text}]", ()).evaluate({}).value
    except FeelSyntaxError:
        return None
    return value if type(value) is list else None


def _entry(
    logic: Logic,
    type_ref: str | None,
    output: _Output | None,
    types: TypeTable,
    element: str | None,
    wanted: Type = ANY_TYPE,
) -> Logic:
    """An output entry, converted to its own type and then to its column's."""
    for kind in (types.resolve(type_ref), wanted if output is None else output.type):
        if kind is not ANY_TYPE:
            logic = typed(logic, kind, element)
    return logic


class _Table:
    """A compiled table: immutable, shared among threads."""

    def __init__(
        self,
        boxed: DecisionTable,
        owner: str,
        inputs: list[_Input],
        columns: list[Column],
        outputs: list[_Output],
        rules: list[_Rule],
        namespace: str,
    ) -> None:
        self._namespace = namespace
        self._boxed = boxed
        self._owner = owner
        self._inputs = inputs
        self._columns = columns
        self._outputs = outputs
        self._rules = rules
        self._orders = {output.name: output.order for output in outputs if output.order is not None}

    def evaluate(self, scope: Scope, run: Run) -> object:
        """The table's value in a scope."""
        boxed = self._boxed
        values = [each.logic(scope, run) for each in self._inputs]
        if not self._inputs_allowed(values, run):
            self._record(values, (), None, run, used_default=False)
            return None
        hits = [self._hit(number, scope, run) for number in self._matching(values, scope, run)]
        if hits:
            value = answer(boxed.hit_policy, boxed.aggregation, hits, self._orders, run, boxed.id)
            used_default = False
        else:
            used_default, value = self._default(scope, run)
        self._record(values, hits, value, run, used_default=used_default)
        return value

    def _inputs_allowed(self, values: list[object], run: Run) -> bool:
        for each, value in zip(self._inputs, values, strict=True):
            if each.allowed is not None and not run.passes(each.allowed, value):
                run.warn(
                    "INPUT_NOT_ALLOWED",
                    f"the input {each.clause.label or each.clause.expression.text!r} "
                    f"is not among its input values: {each.allowed.text}",
                    each.clause.id,
                )
                return False
        return True

    def _matching(self, values: list[object], scope: Scope, run: Run) -> list[int]:
        """The indexes of the rules that match; of FIRST only the first one."""
        first_only = self._boxed.hit_policy is HitPolicy.FIRST
        answers = [column.answers(value) for column, value in zip(self._columns, values, strict=True)]
        matching: list[int] = []
        warned: list[tuple[int, FeelWarning]] = []
        for number, rule in enumerate(self._rules):
            for column, test in rule.cells:
                if test == NEVER:
                    break
                passed = answers[column][0][test]
                if passed is None:
                    passed = self._passes(column, test, values[column], scope, run, answers, warned)
                if not passed:
                    break
            else:
                matching.append(number)
                if first_only:
                    break
        for column, warning in warned:
            # A table that has a cell for null means what it says: the other cells need not warn of it.
            if values[column] is not None or True not in answers[column][0]:
                run.warn_all((warning,), self._boxed.inputs[column].id)
        return matching

    def _passes(
        self,
        column: int,
        test: int,
        value: object,
        scope: Scope,
        run: Run,
        answers: list[tuple[Answers, bool]],
        warned: list[tuple[int, FeelWarning]],
    ) -> bool:
        result = self._columns[column].tests[test].evaluate(value, scope, run.environments[self._namespace])
        if result.warnings:
            warned.extend((column, warning) for warning in result.warnings)
            if answers[column][1]:  # an answer that warns is given anew each time
                answers[column] = list(answers[column][0]), False
        answers[column][0][test] = result.value is True
        return result.value is True

    def _hit(self, number: int, scope: Scope, run: Run) -> Hit:
        rule = self._rules[number]
        outputs: dict[str, object] = {}
        for output, logic in zip(self._outputs, rule.outputs, strict=True):
            value = logic(scope, run)
            if value is not None and output.allowed is not None and not run.passes(output.allowed, value):
                run.warn(
                    "OUTPUT_NOT_ALLOWED",
                    f"the output of rule {number + 1} is not among the output values: {output.allowed.text}",
                    rule.written.id or self._boxed.id,
                )
                value = None
            outputs[output.name] = value
        return Hit(number, self._one_or_context(outputs), outputs)

    def _default(self, scope: Scope, run: Run) -> tuple[bool, object]:
        if all(output.default is None for output in self._outputs):
            return False, answer_of_none(self._boxed.hit_policy, self._boxed.aggregation)
        outputs = {output.name: (output.default or null)(scope, run) for output in self._outputs}
        return True, self._one_or_context(outputs)

    def _one_or_context(self, outputs: dict[str, object]) -> object:
        return outputs if len(self._outputs) > 1 else next(iter(outputs.values()))

    def _record(
        self, values: list[object], hits: Sequence[Hit], value: object, run: Run, *, used_default: bool
    ) -> None:
        boxed = self._boxed
        policy = boxed.hit_policy.value
        run.record_table(
            TableTrace(
                boxed.id,
                self._owner,
                f"{policy} {boxed.aggregation.value}" if boxed.aggregation else policy,
                tuple(
                    InputTrace(each.clause.expression.text, each.clause.label, given)
                    for each, given in zip(self._inputs, values, strict=True)
                ),
                tuple(
                    RuleTrace(
                        hit.rule + 1,
                        self._rules[hit.rule].written.id,
                        hit.outputs,
                        self._rules[hit.rule].written.annotations,
                    )
                    for hit in hits
                ),
                used_default,
                value,
            )
        )
