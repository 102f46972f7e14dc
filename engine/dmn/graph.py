"""A linked requirement graph compiled: what each decision sees, and how to make it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.dmn.boxed import Compiler
from engine.dmn.functions import Parameter
from engine.dmn.linking import Key, Linked, Path
from engine.dmn.literals import Logic, Texts, null, typed
from engine.dmn.model import (
    Decision,
    DecisionService,
    Definitions,
    FunctionDefinition,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    Node,
    Reference,
)
from engine.dmn.type_table import TypeTable
from engine.dmn.types import ANY_TYPE, Function, Type

Layout = tuple[tuple[Path, Key], ...]
"""Which nodes an element sees, and under which names."""


@dataclass(frozen=True, slots=True)
class CompiledInput:
    """An input: its names, most exact first, and its type."""

    node: InputData
    paths: tuple[Path, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class CompiledDecision:
    """A decision ready to be made, once what it requires has been."""

    node: Decision
    layout: Layout
    logic: Logic
    type: Type
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledKnowledge:
    """A business knowledge model: `function` makes its value in the scope of what it requires itself."""

    node: KnowledgeModel
    layout: Layout
    function: Logic


@dataclass(frozen=True, slots=True)
class CompiledService:
    """A decision service: parameters, the decisions to make in their order, and the names of its outputs."""

    node: DecisionService
    parameters: tuple[tuple[Parameter, Key], ...]
    order: tuple[Key, ...]
    outputs: tuple[tuple[str, Key], ...]
    type: Type


Compiled = CompiledInput | CompiledDecision | CompiledKnowledge | CompiledService


@dataclass(frozen=True)
class Graph:
    """Everything that an evaluation needs; immutable, shared among threads."""

    linked: Linked
    nodes: Mapping[Key, Compiled]
    types: Mapping[str, TypeTable]
    texts: Mapping[str, Texts]
    _orders: dict[Key, tuple[Key, ...]] = field(default_factory=dict)

    def order(self, key: Key) -> tuple[Key, ...]:
        """The decisions to make for one decision, in their order; found when first asked for."""
        if key not in self._orders:
            self._orders[key] = self.linked.order([key])
        return self._orders[key]


def compile_graph(linked: Linked) -> Graph:
    """Compile every element of linked models."""
    texts: dict[str, Texts] = {}
    types: dict[str, TypeTable] = {}
    names = _names_in_types(linked.models.values())
    for model in _imported_first(linked):
        _build_types(model, names, texts, types)
    compilers = {namespace: Compiler(texts[namespace], types[namespace]) for namespace in linked.models}
    nodes = {
        key: _NodeCompiler(linked, key, compilers[key.namespace]).compile(node) for key, node in linked.nodes.items()
    }
    return Graph(
        linked,
        nodes,
        types,
        texts,
    )


def _imported_first(linked: Linked) -> list[Definitions]:
    ordered: dict[str, Definitions] = {}
    pending = [(linked.root, False)]
    entered: set[str] = set()
    while pending:
        model, ready = pending.pop()
        if ready:
            ordered[model.namespace] = model
        elif model.namespace not in entered:
            entered.add(model.namespace)
            pending.append((model, True))
            pending.extend(
                (linked.models[each.namespace], False) for each in model.imports if each.namespace in linked.models
            )
    return list(ordered.values())


def _build_types(
    model: Definitions, names: frozenset[str], texts: dict[str, Texts], types: dict[str, TypeTable]
) -> None:
    imported: dict[str, TypeTable] = {}
    for each in model.imports:
        if each.namespace in types:  # a model that imports back is known by its own names only
            imported[each.name] = types[each.namespace]
            imported[f"{{{each.namespace}}}"] = types[each.namespace]
    own = Texts(model.namespace, names)
    types[model.namespace] = TypeTable(model, imported, own.constraint)
    texts[model.namespace] = own


def _names_in_types(models: Iterable[Definitions]) -> frozenset[str]:
    """The names of all components: they may stand after a dot anywhere."""
    names: set[str] = set()
    pending: list[ItemDefinition] = [item for model in models for item in model.types]
    while pending:
        item = pending.pop()
        pending.extend(item.components)
        names.update(part.name for part in item.components)
    return frozenset(names)


class _NodeCompiler:
    def __init__(self, linked: Linked, key: Key, compiler: Compiler) -> None:
        self._linked = linked
        self._key = key
        self._compiler = compiler
        self._types = compiler.types

    def compile(self, node: Node) -> Compiled:
        self._compiler.texts.owner = node.name
        match node:
            case InputData():
                paths = tuple(self._linked.paths_from_root(self._key))
                return CompiledInput(node, paths, self._types.resolve(node.variable.type_ref))
            case Decision():
                return self._decision(node)
            case KnowledgeModel():
                return self._knowledge(node)
            case DecisionService():
                return self._service(node)

    def _layout(self, references: Iterable[Reference]) -> Layout:
        targets = (self._linked.target(self._key, reference) for reference in references)
        return tuple((path, target) for target in targets for path in self._linked.names_of(self._key, target))

    def _visible(self, layout: Layout) -> frozenset[str]:
        return frozenset(name for path, _ in layout for name in path)

    def _decision(self, node: Decision) -> CompiledDecision:
        layout = self._layout((*node.required_inputs, *node.required_decisions, *node.required_knowledge))
        layout = (*self._by_id(node, layout), *layout)
        logic = self._compiler.compile(node.expression, self._visible(layout), node.name)
        wanted = self._types.resolve(node.variable.type_ref)
        if wanted is not ANY_TYPE and not isinstance(node.expression, FunctionDefinition):
            logic = typed(logic, wanted, node.id)
        requires = tuple(
            self._linked.nodes[self._linked.target(self._key, each)].name for each in node.required_decisions
        )
        return CompiledDecision(node, layout, logic, wanted, requires)

    def _by_id(self, node: Decision, layout: Layout) -> Layout:
        """Camunda names the result of a decision drawn without a variable by the decision's id."""
        taken = {path[0] for path, _ in layout}
        targets = [self._linked.target(self._key, reference) for reference in node.required_decisions]
        return tuple(
            ((target.id,), target)
            for target in targets
            if target.namespace == self._key.namespace
            and self._linked.nodes[target].variable.id == target.id
            and target.id not in taken
        )

    def _knowledge(self, node: KnowledgeModel) -> CompiledKnowledge:
        layout = self._layout(node.required_knowledge)
        if (((node.variable.name,), self._key)) not in layout:
            layout = (*layout, ((node.variable.name,), self._key))
        if node.function is None:
            return CompiledKnowledge(node, layout, null)
        function = self._compiler.function(
            node.function, self._visible(layout), node.name, self._result(node.variable.type_ref)
        )
        return CompiledKnowledge(node, layout, function)

    def _result(self, type_ref: str | None) -> Type:
        """What a function's variable says of its result: tools write either the function's type or the result's."""
        declared = self._types.resolve(type_ref).resolved()
        return declared.result if isinstance(declared, Function) else declared

    def _service(self, node: DecisionService) -> CompiledService:
        target = self._linked.target
        parameters: list[tuple[Parameter, Key]] = []
        for reference in (*node.input_data, *node.input_decisions):
            key = target(self._key, reference)
            required = self._linked.nodes[key]
            # The type is that of the model the parameter comes from, resolved there when it is used as an input.
            kind = self._types.resolve(required.variable.type_ref) if key.namespace == self._key.namespace else ANY_TYPE
            parameters.append((Parameter(required.variable.name, kind), key))
        outputs = tuple(
            (self._linked.nodes[key].variable.name, key)
            for key in (target(self._key, reference) for reference in node.outputs)
        )
        given = frozenset(key for _, key in parameters)
        order = self._linked.order([key for _, key in outputs], given)
        return CompiledService(node, tuple(parameters), order, outputs, self._result(node.variable.type_ref))
