"""The linter of decision models: everything that would run wrongly, with what to do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from engine.bpmn.xml import parse_xml
from engine.dmn import check_rules as rules
from engine.dmn.check_tables import check_table
from engine.dmn.decisions import load_decisions
from engine.dmn.graph import Graph
from engine.dmn.linking import Key
from engine.dmn.literals import ANY_NAME, Role, Use
from engine.dmn.model import (
    Decision,
    DecisionTable,
    FunctionDefinition,
    FunctionKind,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Literal,
    Node,
    parts_within,
)
from engine.dmn.types import Type
from engine.errors import StegvisError
from engine.feel import known_functions
from engine.findings import Finding


class KnownNames(Protocol):
    """What exists outside the file, of which decisions use the host's FEEL functions and the parameters."""

    @property
    def functions(self) -> Collection[str] | None:
        """The names of the host's functions; None: do not check."""
        ...

    @property
    def parameters(self) -> Collection[str] | None:
        """The names for `parameter("...")`; None: do not check."""
        ...


_PARAMETER = re.compile(r'\bparameter\s*\(\s*(?:name\s*:\s*)?"([^"\\]*)"')
IMPLICIT = frozenset({"?", "item", "partial"})
"""Names that FEEL brings along."""


def check_decisions(
    source: bytes, file: str, known: KnownNames | None = None, imports: Mapping[str, bytes] | None = None
) -> list[Finding]:
    """Say what is wrong with a decision model; never raises, whatever the file holds.

    Args:
        source: the file's bytes.
        file: its name, for messages.
        known: what exists outside; without it, or without its functions, unknown functions are not reported.
        imports: further files by name that the model may import.
    """
    try:
        model = load_decisions(source, file=file, imports=imports)
        found = list(_duplicate_ids(source, file))
    except StegvisError as error:
        return [rules.UNREADABLE.at(error.element, None, reason=error.message)]
    return [*found, *_Check(model.graph, known).findings()]


def _duplicate_ids(source: bytes, file: str) -> Iterator[Finding]:
    counted = Counter(identity for element in parse_xml(source, file=file).iter() if (identity := element.get("id")))
    for identity, count in counted.items():
        if count > 1:
            yield rules.DUPLICATE_ID.at(identity, None, id=identity)


class _Check:
    def __init__(self, graph: Graph, known: KnownNames | None) -> None:
        self._graph = graph
        self._model = graph.linked.root
        self._texts = graph.texts[self._model.namespace]
        self._types = graph.types[self._model.namespace]
        functions = None if known is None else known.functions
        self._functions = None if functions is None else known_functions() | frozenset(functions)
        parameters = None if known is None else known.parameters
        self._parameters = None if parameters is None else frozenset(parameters)
        self._has_inputs = any(isinstance(node, InputData) for node in self._model.nodes)
        self._decision_names = frozenset(node.name for node in self._model.nodes if isinstance(node, Decision))
        self._node_names = frozenset(node.variable.name for node in self._model.nodes)

    def findings(self) -> Iterator[Finding]:
        yield from self._names_given_twice()
        for broken in self._texts.broken:
            yield rules.SYNTAX.at(broken.element, broken.owner or None, text=broken.text, reason=broken.error.message)
        yield from self._types_used()
        read_by_inputs: dict[str, set[str]] = {}
        for use in self._texts.uses:
            if use.role is Role.INPUT:
                read_by_inputs.setdefault(use.owner, set()).update(use.free_names)
        for use in self._texts.uses:
            yield from self._use(use, read_by_inputs.get(use.owner, set()))
        for node in self._model.nodes:
            yield from self._node(node)

    def _names_given_twice(self) -> Iterator[Finding]:
        counted = Counter(node.variable.name for node in self._model.nodes)
        for node in self._model.nodes:
            if counted[node.variable.name] > 1:
                yield rules.DUPLICATE_NAME.at(node.id, node.variable.name)

    def _use(self, use: Use, read_by_inputs: set[str]) -> Iterator[Finding]:
        functions = self._functions
        if functions is not None:
            for name in sorted(use.called_names - use.names - functions):
                rule = rules.NOT_REQUIRED if name in self._node_names else rules.UNKNOWN_FUNCTION
                yield rule.at(use.element, use.owner, missing=name, function=name, text=use.text)
        if self._parameters is not None and "parameter" in use.called_names:
            for name in sorted(set(_PARAMETER.findall(use.text)) - self._parameters):
                yield rules.UNKNOWN_PARAMETER.at(use.element, use.owner, parameter=name, text=use.text)
        if ANY_NAME in use.names:
            return
        for name in sorted(use.free_names - use.names - IMPLICIT - known_functions()):
            if name in self._node_names:
                yield rules.NOT_REQUIRED.at(use.element, use.owner, missing=name, text=use.text)
            elif self._is_suspicious(use, name, read_by_inputs):
                yield rules.UNKNOWN_NAME.at(use.element, use.owner, missing=name, text=use.text)

    def _is_suspicious(self, use: Use, name: str, read_by_inputs: set[str]) -> bool:
        """Whether an unknown name is likely a mistake: a model without input data reads process variables."""
        if (functions := self._functions) and name in functions:
            return False
        if self._has_inputs or use.owner not in self._decision_names:
            return True  # only decisions of a model without input data see process variables
        return use.role in (Role.CELL, Role.OUTPUT) and name not in read_by_inputs

    def _types_used(self) -> Iterator[Finding]:
        for item in self._model.types:
            yield from self._item(item, item)
        for node in self._model.nodes:
            yield from self._type(node.variable.type_ref, node.id, node.name)
            for part in parts_within(_logic_of(node)):
                reference = getattr(part, "type_ref", None)
                yield from self._type(reference, getattr(part, "id", None) or node.id, node.name)

    def _item(self, item: ItemDefinition, outermost: ItemDefinition) -> Iterator[Finding]:
        yield from self._type(item.type_ref, item.id or outermost.id, item.name)
        for part in item.components:
            yield from self._item(part, outermost)

    def _type(self, reference: str | None, element: str | None, name: str) -> Iterator[Finding]:
        if reference is not None and self._types.find(reference) is None:
            yield rules.UNKNOWN_TYPE.at(element, name, type=reference)

    def _node(self, node: Node) -> Iterator[Finding]:
        if isinstance(node, Decision) and node.expression is None:
            yield rules.NO_LOGIC.at(node.id, node.name)
        key = Key(self._model.namespace, node.id)
        names, variables = self._names_of(key), dict(self._variables_of(key))
        for part in parts_within(_logic_of(node)):
            match part:
                case FunctionDefinition(kind=kind) if kind is not FunctionKind.FEEL:
                    yield rules.FOREIGN_FUNCTION.at(part.id, node.name, language=kind.value)
                case Literal(language=language) if language is not None:
                    yield rules.FOREIGN_LANGUAGE.at(part.id, node.name, language=language)
                case DecisionTable():
                    yield from check_table(part, node.name, names, self._types, variables)
                case _:
                    continue

    def _names_of(self, key: Key) -> frozenset[str]:
        """Every name that a text of the element may use, wherever in it."""
        names = {name for use in self._texts.uses if use.owner == self._graph.linked.nodes[key].name
                 for name in use.names}  # fmt: skip
        return frozenset(names)

    def _variables_of(self, key: Key) -> Iterator[tuple[str, Type]]:
        """The types of what an element sees by a name of its own model."""
        node = self._graph.nodes[key]
        for path, target in getattr(node, "layout", ()):
            required = self._graph.linked.nodes[target]
            if len(path) == 1 and target.namespace == key.namespace and isinstance(required, InputData | Decision):
                yield path[0], self._types.resolve(required.variable.type_ref)
        written = self._graph.linked.nodes[key]
        if isinstance(written, KnowledgeModel) and written.function is not None:
            for parameter in written.function.parameters:
                yield parameter.name, self._types.resolve(parameter.type_ref)


def _logic_of(node: Node) -> object:
    if isinstance(node, Decision):
        return node.expression
    return node.function if isinstance(node, KnowledgeModel) else None
