"""Fill a form: variables and typed answers in, what to show, what is wrong and what to keep out.

The same function serves the first showing, a draft and the final answers; the caller decides whether the problems
are told. What is hidden, read-only or computed is decided here again each time, whatever the browser sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.feel.values import FeelDate
from forms.schema import answers, model, nodes
from forms.schema.answers import Answer
from forms.schema.feel import Feel
from forms.schema.nodes import Node
from forms.schema.options import options_of
from forms.schema.paths import get, put
from forms.schema.problems import Problem, ProblemCode
from forms.schema.raw import MAX_ROWS, SHOWN, RawAnswers
from forms.schema.rules import Bounds, bounds_of, check

MAX_ROUNDS = 12
"""How often conditions that depend on each other are worked through."""


@dataclass(slots=True)
class Question:
    """One input in its place, with all that is needed to show it."""

    node: Node
    component: model.Input
    answer: Answer
    given: object
    options: tuple[model.Option, ...] = ()
    readonly: bool = False
    disabled: bool = False
    bounds: Bounds = field(default_factory=Bounds)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seen: bool = True

    @property
    def value(self) -> object:
        """What counts: the answer, or what was given where nothing may be answered."""
        return self.given if self.readonly or self.disabled or not self.seen else self.answer.value


@dataclass(frozen=True, slots=True)
class Filled:
    """A form over one case's data."""

    form: model.Form
    nodes: list[Node]
    questions: Mapping[str, Question]
    scope: Mapping[str, object]
    problems: tuple[Problem, ...]
    values: Mapping[str, object]
    """What completing the task writes: whole top-level variables."""

    def scope_of(self, node: Node) -> Mapping[str, object]:
        """What FEEL at that node sees."""
        return scope_at(self.scope, node)


def fill(
    form: model.Form,
    variables: Mapping[str, object],
    raw: RawAnswers | None,
    *,
    feel: Feel,
    today: FeelDate,
) -> Filled:
    """Lay a form over `variables` and `raw` (what was typed; None when nothing was yet).

    Args:
        today: the date in Sweden, for questions that want a coming day.
    """
    return _Filling(form, variables, raw, feel, today).filled()


def scope_at(scope: Mapping[str, object], node: Node) -> Mapping[str, object]:
    """Within a repeated section its own row's values come first, with `this`, `parent` and `i` as in form-js."""
    if node.row is None:
        return scope
    own = get(scope, node.row)
    position = node.row[-1]
    place = {"this": own, "parent": scope, "i": [position + 1 if isinstance(position, int) else 1]}
    return {**scope, **(own if isinstance(own, Mapping) else {}), **place}


class _Filling:
    def __init__(
        self, form: model.Form, variables: Mapping[str, object], raw: RawAnswers | None, feel: Feel, today: FeelDate
    ) -> None:
        self._form = form
        self._variables = variables
        self._raw = raw
        self._feel = feel
        self._today = today
        self._nodes = nodes.lay_out(form, variables, raw)
        self._shown = set(raw.of(SHOWN)) if raw is not None and raw.of(SHOWN) else None
        self._questions = {node.name: self._question(node) for node in self._each(model.Input)}
        self._computed: dict[str, object] = {node.name: None for node in self._each(model.Computed)}

    def _each(self, kind: type[model.Component]) -> Iterator[Node]:
        for top in self._nodes:
            yield from (node for node in top.each() if isinstance(node.component, kind))

    def filled(self) -> Filled:
        scope = self._settle()
        for question in self._questions.values():
            local = scope_at(scope, question.node)
            question.bounds = bounds_of(question.component.rules, lambda text, at=local: self._feel.value(text, at))
        problems = tuple(self._problems())
        return Filled(self._form, self._nodes, self._questions, scope, problems, self._values())

    def _question(self, node: Node) -> Question:
        component = node.component
        assert isinstance(component, model.Input)
        stored = get(self._variables, node.source)
        given = _typed_default(component) if stored is None else stored
        seen = self._raw is not None and (self._shown is None or node.name in self._shown)
        return Question(
            node=node, component=component, answer=Answer(given), given=given, seen=seen or self._raw is None
        )

    def _settle(self) -> Mapping[str, object]:
        """Work through conditions, options and computed values until they no longer change one another."""
        before: object = None
        scope = self._scope()
        for _ in range(MAX_ROUNDS):
            for question in self._questions.values():
                self._read(question, scope_at(scope, question.node))
            for node in self._each(model.Computed):
                component = node.component
                assert isinstance(component, model.Computed)
                self._computed[node.name] = self._feel.value(component.expression, scope_at(scope, node))
                scope = self._scope()
            state = self._hide(scope)
            scope = self._scope()
            now = (state, repr(scope))
            if now == before:
                break
            before = now
        return scope

    def _read(self, question: Question, scope: Mapping[str, object]) -> None:
        component = question.component
        question.readonly = self._is_true(component.readonly, scope)
        question.disabled = self._is_true(component.disabled, scope)
        if isinstance(component, model.Choice):
            question.options = options_of(component, scope, self._feel)
        name = question.node.name
        typed = self._raw is not None and question.seen and not question.readonly and not question.disabled
        if typed and self._raw is not None:
            question.answer = _understand(component, question.options, self._raw, name)
            question.texts = {ending: self._raw.of(name + ending) for ending in answers.endings(component)}
        else:
            question.answer = Answer(question.given)
            question.texts = answers.texts_of(component, question.given)

    def _is_true(self, rule: model.Dynamic, scope: Mapping[str, object]) -> bool:
        if isinstance(rule, str) and rule.startswith("="):
            return self._feel.value(rule[1:], scope) is True
        return rule is True

    def _hide(self, scope: Mapping[str, object]) -> tuple[bool, ...]:
        state: list[bool] = []

        def visit(items: Sequence[Node], outer: bool) -> None:
            for node in items:
                hide = node.component.hide
                node.hidden = outer or (hide is not None and self._feel.value(hide, scope_at(scope, node)) is True)
                state.append(node.hidden)
                visit(node.children, node.hidden)
                for row in node.rows:
                    visit(row.children, node.hidden)

        visit(self._nodes, False)
        return tuple(state)

    def _scope(self) -> Mapping[str, object]:
        """The variables with the answers laid over them; what is hidden counts as not answered."""
        scope: object = dict(self._variables)
        for node in self._each(model.Component):
            if isinstance(node.component, model.DynamicList):
                scope = put(scope, node.place, [get(self._variables, row.source) or {} for row in node.rows])
            elif node.name in self._questions:
                value = None if node.hidden else self._questions[node.name].value
                scope = put(scope, node.place, value)
            elif node.name in self._computed:
                scope = put(scope, node.place, self._computed[node.name])
        assert isinstance(scope, dict)
        return scope

    def _problems(self) -> Iterator[Problem]:
        for node in self._each(model.Component):
            if node.hidden:
                continue
            if isinstance(node.component, model.DynamicList) and len(node.rows) > MAX_ROWS:
                yield Problem(node.name, ProblemCode.TOO_MANY_ROWS, {"limit": str(MAX_ROWS)})
            question = self._questions.get(node.name)
            if question is None or question.readonly or question.disabled:
                continue
            problem = self._problem(question)
            if problem is not None:
                yield problem

    def _problem(self, question: Question) -> Problem | None:
        name, answer = question.node.name, question.answer
        if not question.seen:
            return Problem(name, ProblemCode.NOT_SEEN)
        if answer.problem is not None:
            return Problem(name, answer.problem, answer.details or {})
        return check(question.component, question.bounds, name, answer.value, self._today)

    def _values(self) -> Mapping[str, object]:
        """What to write: whole top-level variables, in which only what the form may answer has changed."""
        values: object = {}
        for node in self._each(model.Component):
            if node.hidden:
                continue
            question = self._questions.get(node.name)
            if question is not None and question.disabled:
                continue
            if isinstance(node.component, model.DynamicList):
                value: object = [get(self._variables, row.source) or {} for row in node.rows]
            elif question is not None:
                value = question.value
                if isinstance(question.component, model.NumberInput) and question.component.as_text:
                    value = None if value is None else str(value)
            elif node.name in self._computed:
                value = self._computed[node.name]
            else:
                continue
            values = self._with_existing(values, str(node.place[0]))
            values = put(values, node.place, value)
        assert isinstance(values, dict)
        return values

    def _with_existing(self, values: object, top: str) -> object:
        if isinstance(values, Mapping) and top not in values and top in self._variables:
            return put(values, (top,), self._variables[top])
        return values


def _understand(component: model.Input, options: Sequence[model.Option], raw: RawAnswers, name: str) -> Answer:
    match component:
        case model.TextInput():
            return answers.read_text(component, raw, name)
        case model.NumberInput():
            return answers.read_number(component, raw, name)
        case model.Checkbox():
            return answers.read_checkbox(raw, name)
        case model.Choice():
            return answers.read_choice(component, options, raw, name)
        case model.MomentInput():
            return answers.read_moment(component, raw, name)
        case _:
            return answers.EMPTY


def _typed_default(component: model.Input) -> object:
    """The author's default as the typed value it stands for."""
    default = component.default
    if isinstance(component, model.Checkbox):
        return default is True
    if default is None or default == "":
        return [] if isinstance(component, model.Choice) and component.kind.is_multiple else None
    if isinstance(component, model.Choice):
        return list(default) if isinstance(default, list) else default
    texts = RawAnswers({"f": (str(default),)})
    if isinstance(component, model.NumberInput):
        return answers.read_number(component, texts, "f").value
    if isinstance(component, model.MomentInput):
        day, _, hour = str(default).partition("T")
        parts = RawAnswers(
            {"f": (str(default),), "f" + answers.DATE_PART: (day,), "f" + answers.TIME_PART: (hour[:5],)}
        )
        return answers.read_moment(component, parts, "f").value
    return str(default)
