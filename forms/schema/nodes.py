"""A form laid out over one case's data: every component, repeated sections as often as they have rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.schema import model
from forms.schema.paths import Place, get
from forms.schema.raw import PREFIX, RawAnswers


@dataclass(slots=True, kw_only=True)
class Node:
    """One component in its place; `row` is the place of the row it stands in, if any."""

    component: model.Component
    name: str
    place: Place = ()
    source: Place = ()
    """Where its value lies in the variables as they were; differs from `place` when rows were removed."""
    row: Place | None = None
    hidden: bool = False
    children: list[Node] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def each(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.each()
        for row in self.rows:
            for child in row.children:
                yield from child.each()


@dataclass(slots=True, kw_only=True)
class Row:
    """One row of a repeated section; `token` names it as long as the page lives."""

    token: str
    place: Place
    source: Place
    children: list[Node]


@dataclass(frozen=True, slots=True)
class _Here:
    place: Place = ()
    source: Place = ()
    row: Place | None = None
    tokens: tuple[str, ...] = ()


def lay_out(form: model.Form, variables: Mapping[str, object], raw: RawAnswers | None) -> list[Node]:
    """The form's components over `variables`, with the rows that `raw` names where something was typed already."""
    return _nodes(form.components, _Here(), variables, raw)


def _nodes(
    components: tuple[model.Component, ...], here: _Here, variables: Mapping[str, object], raw: RawAnswers | None
) -> list[Node]:
    return [_node(component, here, variables, raw) for component in components]


def _node(component: model.Component, here: _Here, variables: Mapping[str, object], raw: RawAnswers | None) -> Node:
    if isinstance(component, model.Group):
        inner = _below(here, component.path)
        node = Node(component=component, name=component.id, row=here.row)
        node.children = _nodes(component.children, inner, variables, raw)
        return node
    if isinstance(component, model.DynamicList):
        return _list(component, here, variables, raw)
    if isinstance(component, (model.Input, model.Computed)):
        at = _below(here, component.path)
        return Node(
            component=component, name=PREFIX + ".".join(at.tokens), place=at.place, source=at.source, row=here.row
        )
    return Node(component=component, name=component.id, row=here.row)


def _below(here: _Here, path: model.Path) -> _Here:
    return _Here((*here.place, *path), (*here.source, *path), here.row, (*here.tokens, *path))


def _list(component: model.DynamicList, here: _Here, variables: Mapping[str, object], raw: RawAnswers | None) -> Node:
    at = _below(here, component.path)
    name = PREFIX + ".".join(at.tokens)
    node = Node(component=component, name=name, place=at.place, source=at.source, row=here.row)
    stored = get(variables, at.source)
    count = len(stored) if isinstance(stored, (list, tuple)) else component.default_rows
    tokens = tuple(str(index) for index in range(count))
    if raw is not None and raw.has_rows(name) and component.may_change_rows:
        tokens = raw.row_tokens(name)
    for index, token in enumerate(tokens):
        row_at = _Here((*at.place, index), (*at.source, int(token)), (*at.place, index), (*at.tokens, token))
        children = _nodes(component.children, row_at, variables, raw)
        node.rows.append(Row(token=token, place=row_at.place, source=row_at.source, children=children))
    return node
