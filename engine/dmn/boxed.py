"""Boxed expressions compiled to closures: contexts, relations, lists, invocations, functions, conditionals, loops."""

from __future__ import annotations

from collections.abc import Callable

from engine.dmn.functions import Parameter, call, make_function
from engine.dmn.iteration import items_of
from engine.dmn.literals import ANY_NAME, Logic, Scope, Texts, nothing, null, typed
from engine.dmn.model import (
    Boxed,
    Conditional,
    Context,
    DecisionTable,
    Filter,
    FunctionDefinition,
    FunctionKind,
    Invocation,
    Iterator,
    IteratorKind,
    ListExpression,
    Literal,
    Relation,
    literals_within,
)
from engine.dmn.run import Run
from engine.dmn.table import compile_table
from engine.dmn.type_table import TypeTable
from engine.dmn.types import ANY_TYPE, Function, Type

Names = frozenset[str]


class Compiler:
    """Compiles the expressions of one model."""

    def __init__(self, texts: Texts, types: TypeTable) -> None:
        self.texts = texts
        self.types = types

    def compile(self, boxed: Boxed | None, names: Names, owner: str) -> Logic:
        """An expression with these names in scope; `owner` is the name of the element it stands in.

        The value is converted to the type that the expression declares.
        """
        if boxed is None:
            return null
        logic = self._compile(boxed, names, owner)
        if boxed.type_ref is None or isinstance(boxed, FunctionDefinition):
            return logic
        wanted = self.types.resolve(boxed.type_ref)
        return logic if wanted is ANY_TYPE else typed(logic, wanted, boxed.id)

    def _compile(self, boxed: Boxed, names: Names, owner: str) -> Logic:
        match boxed:
            case Literal():
                return self.texts.expression(boxed, names)
            case DecisionTable():
                return compile_table(boxed, names, owner, self.texts, self.types)
            case Context():
                return self._context(boxed, names, owner)
            case Relation():
                return self._relation(boxed, names, owner)
            case ListExpression():
                items = [self.compile(item, names, owner) for item in boxed.items]
                return lambda scope, run: [item(scope, run) for item in items]
            case Invocation():
                return self._invocation(boxed, names, owner)
            case FunctionDefinition():
                return self.function(boxed, names, owner, ANY_TYPE)
            case Conditional():
                return self._conditional(boxed, names, owner)
            case Filter():
                return self._filter(boxed, names, owner)
            case Iterator():
                return self._iterator(boxed, names, owner)
            case _:
                return nothing("UNKNOWN_EXPRESSION", "this kind of expression is not known", boxed.id)

    def function(self, boxed: FunctionDefinition, names: Names, owner: str, result: Type) -> Logic:
        """A function definition; its value closes over the scope it is evaluated in.

        `result` is what the function's variable says of the result, over and above the definition itself.
        """
        parameters = [Parameter(each.name, self.types.resolve(each.type_ref)) for each in boxed.parameters]
        if boxed.kind is not FunctionKind.FEEL:
            body = nothing("FOREIGN_FUNCTION", f"{boxed.kind.value} functions are not run here", boxed.id)
        else:
            body = self.compile(boxed.body, names | {each.name for each in parameters}, owner)
        if boxed.type_ref is not None:
            own = self.types.resolve(boxed.type_ref).resolved()
            declared = own.result if isinstance(own, Function) else own
            body = body if declared is ANY_TYPE else typed(body, declared, boxed.id)

        def logic(scope: Scope, run: Run) -> object:
            return make_function(
                owner, parameters, result, lambda arguments: body({**scope, **arguments}, run), run, boxed.id
            )

        return logic

    def _context(self, boxed: Context, names: Names, owner: str) -> Logic:
        entries: list[tuple[str | None, Logic]] = []
        for entry in boxed.entries:
            variable = entry.variable
            logic = self.compile(entry.expression, names, owner)
            if variable is None or not variable.name:
                entries.append((None, logic))
                continue
            wanted = self.types.resolve(variable.type_ref)
            if wanted is not ANY_TYPE and not isinstance(entry.expression, FunctionDefinition):
                logic = typed(logic, wanted, variable.id or boxed.id)
            entries.append((variable.name, logic))
            names = names | {variable.name}

        def evaluate(scope: Scope, run: Run) -> object:
            inner = dict(scope)
            context: dict[str, object] = {}
            for name, logic in entries:
                value = logic(inner, run)
                if name is None:
                    return value
                inner[name] = context[name] = value
            return context

        return evaluate

    def _relation(self, boxed: Relation, names: Names, owner: str) -> Logic:
        columns = [column.name for column in boxed.columns]
        wanted = [self.types.resolve(column.type_ref) for column in boxed.columns]
        rows: list[list[Logic]] = []
        for row in boxed.rows:
            cells = [self.compile(cell, names, owner) for cell in row]
            rows.append(
                [cell if kind is ANY_TYPE else typed(cell, kind, boxed.id)
                 for cell, kind in zip(cells, wanted, strict=True)]
            )  # fmt: skip

        def evaluate(scope: Scope, run: Run) -> object:
            return [{column: cell(scope, run) for column, cell in zip(columns, row, strict=True)} for row in rows]

        return evaluate

    def _invocation(self, boxed: Invocation, names: Names, owner: str) -> Logic:
        function = self.compile(boxed.function, names, owner)
        bindings: list[tuple[str, Logic]] = []
        for binding in boxed.bindings:
            logic = self.compile(binding.expression, names, owner)
            wanted = self.types.resolve(binding.parameter.type_ref)
            if wanted is not ANY_TYPE:
                logic = typed(logic, wanted, boxed.id)
            bindings.append((binding.parameter.name, logic))

        def evaluate(scope: Scope, run: Run) -> object:
            value = function(scope, run)
            return call(value, {name: logic(scope, run) for name, logic in bindings}, run, boxed.id)

        return evaluate

    def _conditional(self, boxed: Conditional, names: Names, owner: str) -> Logic:
        condition = self.compile(boxed.condition, names, owner)
        then = self.compile(boxed.then, names, owner)
        otherwise = self.compile(boxed.otherwise, names, owner)

        def evaluate(scope: Scope, run: Run) -> object:
            value = condition(scope, run)
            if value is not True and value is not False and value is not None:
                run.warn("NOT_A_BOOLEAN", "the condition is neither true nor false", boxed.id)
            return then(scope, run) if value is True else otherwise(scope, run)

        return evaluate

    def _filter(self, boxed: Filter, names: Names, owner: str) -> Logic:
        source = self.compile(boxed.source, names, owner)
        match = self.compile(boxed.match, names | {"item", ANY_NAME}, owner)

        def evaluate(scope: Scope, run: Run) -> object:
            items = items_of(source(scope, run), run, boxed.id)
            if items is None:
                return None
            kept: list[object] = []
            for item in items:
                run.step(boxed.id)
                inner = {**scope, **item, "item": item} if type(item) is dict else {**scope, "item": item}
                value = match(inner, run)
                if value is True:
                    kept.append(item)
                elif value is not False and value is not None:
                    run.warn("NOT_A_BOOLEAN", "the filter's condition is neither true nor false", boxed.id)
                    return None
            return kept

        return evaluate

    def _iterator(self, boxed: Iterator, names: Names, owner: str) -> Logic:
        variable = boxed.variable
        source = self.compile(boxed.source, names, owner)
        inner_names = names | {variable, "partial"} if boxed.kind is IteratorKind.FOR else names | {variable}
        body = self.compile(boxed.body, inner_names, owner)
        uses_partial = any("partial" in literal.text for literal in literals_within(boxed.body))

        def collect(items: list[object], scope: Scope, run: Run) -> object:
            done: list[object] = []
            inner = dict(scope)
            for item in items:
                run.step(boxed.id)
                inner[variable] = item
                if uses_partial:
                    inner["partial"] = list(done)
                done.append(body(inner, run))
            return done

        def quantify(items: list[object], scope: Scope, run: Run) -> object:
            answers = []
            for item in items:
                run.step(boxed.id)
                answers.append(body({**scope, variable: item}, run))
            return _quantified(boxed, answers, run)

        turns: Callable[[list[object], Scope, Run], object]
        turns = collect if boxed.kind is IteratorKind.FOR else quantify

        def evaluate(scope: Scope, run: Run) -> object:
            items = items_of(source(scope, run), run, boxed.id)
            return None if items is None else turns(items, scope, run)

        return evaluate


def _quantified(boxed: Iterator, answers: list[object], run: Run) -> object:
    """Conjunction or disjunction in FEEL's three-valued logic."""
    decisive = boxed.kind is IteratorKind.SOME
    if any(answer is decisive for answer in answers):
        return decisive
    if any(answer is not (not decisive) for answer in answers):
        run.warn("NOT_A_BOOLEAN", "the condition is neither true nor false for some item", boxed.id)
        return None
    return not decisive
