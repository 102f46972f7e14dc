"""A filled form as its template needs it: texts resolved, problems at their questions, rows in rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from forms.schema import model
from forms.schema.feel import Feel
from forms.schema.filling import Filled, Question
from forms.schema.markup import html_of_markdown, html_of_own_markdown, safe_html
from forms.schema.nodes import Node
from forms.schema.paths import get
from forms.schema.problems import Problem
from forms.schema.raw import ROWS, SHOWN

MAX_TABLE_ROWS = 500
MANY_OPTIONS = 9
_KINDS: Mapping[type[model.Component], str] = {
    model.NumberInput: "number",
    model.Checkbox: "checkbox",
    model.Text: "text",
    model.Html: "html",
    model.Table: "table",
    model.Separator: "separator",
    model.Spacer: "spacer",
    model.Group: "group",
    model.DynamicList: "list",
    model.Computed: "computed",
}


@dataclass(frozen=True)
class FormView:
    """What the templates of `fields/` are given."""

    filled: Filled
    feel: Feel
    problems: Mapping[str, Problem]

    shown_name = SHOWN
    rows_name = ROWS
    many_options = MANY_OPTIONS

    @classmethod
    def of(cls, filled: Filled, feel: Feel, problems: Iterable[Problem] = ()) -> FormView:
        """`problems`: what the reader is told; none for a form that is shown for the first time."""
        by_name: dict[str, Problem] = {}
        for problem in problems:
            by_name.setdefault(problem.name, problem)
        return cls(filled, feel, by_name)

    @property
    def summary(self) -> list[tuple[str, str, Problem]]:
        """The problems in the order of the page: where to jump, which question, what is wrong."""
        found = []
        for top in self.filled.nodes:
            for node in top.each():
                problem = self.problems.get(node.name)
                if problem is not None and not node.hidden:
                    found.append((self.focus_id(node), self.label(node), problem))
        return found

    @property
    def has_required(self) -> bool:
        """Whether any visible question must be answered."""
        return any(question.bounds.required and not question.node.hidden for question in self.filled.questions.values())

    def rows(self, nodes: list[Node]) -> list[list[Node]]:
        """Neighbours of one layout row together."""
        keyed = [(node.component.row or f"{index}", node) for index, node in enumerate(nodes)]
        return [[node for _, node in group] for _, group in groupby(keyed, key=lambda pair: pair[0])]

    def kind(self, node: Node) -> str:
        """Which macro shows it."""
        component = node.component
        if isinstance(component, (model.TextInput, model.Choice)):
            return component.kind.value
        if isinstance(component, model.MomentInput):
            return component.kind.value
        return _KINDS[type(component)]

    def question(self, node: Node) -> Question:
        """The input at that node."""
        return self.filled.questions[node.name]

    def problem(self, node: Node) -> Problem | None:
        """What is wrong there."""
        return self.problems.get(node.name)

    def html_id(self, node: Node) -> str:
        """An id that is unique on the page, made of the question's name."""
        return "q-" + "".join(c if c.isalnum() else f"-{ord(c):x}-" if c != "." else "-" for c in node.name[2:])

    def focus_id(self, node: Node) -> str:
        """The id of what a link from the summary should put the focus on."""
        kind = self.kind(node)
        first = {"radio": "-0", "checklist": "-0", "taglist": "-0", "datetime": "-date", "list": "-box"}
        return self.html_id(node) + first.get(kind, "")

    def label(self, node: Node) -> str:
        """The label, its FEEL worked out."""
        return self._plain(getattr(node.component, "label", ""), node)

    def description(self, node: Node) -> Markup | None:
        """The help text under the label."""
        text = getattr(node.component, "description", "")
        return self._markdown(text, node) if text else None

    def adornment(self, text: str, node: Node) -> str:
        """What stands before or after an input."""
        return self._plain(text, node)

    def text(self, node: Node) -> Markup:
        """A text component."""
        component = node.component
        if isinstance(component, model.Html):
            return safe_html(self.feel.html(component.content, self.filled.scope_of(node)))
        assert isinstance(component, model.Text)
        return self._markdown(component.text, node)

    def table(self, node: Node) -> list[list[str]]:
        """The cells of a table component, as text."""
        component = node.component
        assert isinstance(component, model.Table)
        rows = self.feel.value(component.source, self.filled.scope_of(node))
        if not isinstance(rows, (list, tuple)):
            return []
        keys = [key for _, key in component.columns_shown]
        return [[self.feel.shown(get(row, (key,))) for key in keys] for row in rows[:MAX_TABLE_ROWS]]

    def is_dynamic(self, node: Node) -> bool:
        """Whether what is shown depends on other answers, so that it is drawn again while someone types."""
        component = node.component
        if isinstance(component, (model.Group, model.DynamicList)):
            return False  # drawing them again would draw the answers in them again
        if isinstance(component, (model.Text, model.Html, model.Table)):
            return True
        if isinstance(component, model.Choice) and (component.values_expression or component.values_key):
            return True
        texts = (
            getattr(component, name, "")
            for name in ("label", "description", "readonly", "disabled", "prefix", "suffix")
        )
        rules = getattr(component, "rules", None)
        return any(isinstance(text, str) and (text.startswith("=") or "{{" in text) for text in texts) or (
            rules is not None and isinstance(rules.required, str)
        )

    def _plain(self, text: str, node: Node) -> str:
        if text.startswith("="):
            return self.feel.shown(self.feel.value(text[1:], self.filled.scope_of(node)))
        return self.feel.plain(text, self.filled.scope_of(node)) if "{{" in text else text

    def _markdown(self, text: str, node: Node) -> Markup:
        if text.startswith("="):
            return html_of_markdown(self.feel.shown(self.feel.value(text[1:], self.filled.scope_of(node))))
        if "{{" in text:
            return html_of_markdown(self.feel.markdown(text, self.filled.scope_of(node)))
        return html_of_own_markdown(text)
