"""Making decisions: values for the inputs, every required decision once, functions for the knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.dmn.functions import make_function
from engine.dmn.graph import CompiledDecision, CompiledInput, CompiledKnowledge, CompiledService, Graph, Layout
from engine.dmn.linking import Key, Path
from engine.dmn.run import Run
from engine.dmn.trace import DecisionTrace
from engine.feel.values import FeelFunction

_ABSENT = object()
NOTHING: Mapping[str, object] = MappingProxyType({})


class Frame:
    """One level of an evaluation: the question put to the model, or one call of a decision service."""

    def __init__(
        self, graph: Graph, run: Run, given: Mapping[str, object] = NOTHING, free: Mapping[str, object] = NOTHING
    ) -> None:
        """`given` are the caller's values for inputs, taken when first required.

        `free` are given values that no element declares; decisions see them by their names.
        """
        self._graph = graph
        self._run = run
        self._given_values = given
        self._free = free
        self.values: dict[Key, object] = {}

    def decide(self, order: tuple[Key, ...]) -> None:
        """Make the decisions in this order; those they require come before them or are given in `values`."""
        for key in order:
            decision = self._graph.nodes[key]
            assert isinstance(decision, CompiledDecision)
            if key not in self.values:
                self.values[key] = self._decide(decision)

    def _decide(self, decision: CompiledDecision) -> object:
        run = self._run
        outer = run.tables, run.tables_left_out
        run.tables, run.tables_left_out = [], 0
        scope = dict(self._free)
        self.fill(scope, decision.layout)
        value = decision.logic(scope, run)
        run.decisions.append(
            DecisionTrace(
                decision.node.id,
                decision.node.name,
                decision.node.question,
                self._given(decision.layout),
                decision.requires,
                tuple(run.tables),
                run.tables_left_out,
                value,
            )
        )
        run.tables, run.tables_left_out = outer
        return value

    def fill(self, scope: dict[str, object], layout: Layout) -> None:
        """Put what an element sees into its scope; imported elements under the import's name."""
        for path, key in layout:
            value = self._value(key)
            place = scope
            for step in path[:-1]:
                inner = place.get(step)
                inner = dict(inner) if type(inner) is dict else {}
                place[step] = inner
                place = inner
            place[path[-1]] = value

    def _given(self, layout: Layout) -> dict[str, object]:
        return {
            ".".join(path): self.values.get(key)
            for path, key in layout
            if isinstance(self._graph.nodes[key], CompiledInput | CompiledDecision)
        }

    def _value(self, key: Key) -> object:
        node = self._graph.nodes[key]
        if isinstance(node, CompiledKnowledge | CompiledService):
            return self.function(key)
        if isinstance(node, CompiledInput) and key not in self.values:
            value = find_input(self._given_values, key, node.paths)
            self.values[key] = self._input(node, None if value is _ABSENT else value)
        return self.values.get(key)

    def function(self, key: Key) -> object:
        """A business knowledge model or decision service as a function."""
        functions = self._run.functions
        pending, made = [key], []
        while pending:
            wanted = pending.pop()
            if wanted in functions:
                continue
            node = self._graph.nodes[wanted]
            if isinstance(node, CompiledService):
                functions[wanted] = self._service_function(node)
                continue
            assert isinstance(node, CompiledKnowledge)
            scope: dict[str, object] = {}
            functions[wanted] = node.function(scope, self._run)
            made.append((scope, node.layout))
            pending.extend(target for _, target in node.layout)
        for scope, layout in made:  # only now: knowledge models may require one another
            self.fill(scope, layout)
        return functions[key]

    def _service_function(self, service: CompiledService) -> FeelFunction:
        def body(arguments: dict[str, object]) -> object:
            frame = Frame(self._graph, self._run)
            for parameter, key in service.parameters:
                frame.values[key] = arguments[parameter.name]
            return frame.serve(service)

        node = service.node
        return make_function(
            node.name, [parameter for parameter, _ in service.parameters], service.type, body, self._run, node.id
        )

    def serve(self, service: CompiledService) -> object:
        """The value of a decision service whose inputs are in `values`."""
        self.decide(service.order)
        results = {name: self.values[key] for name, key in service.outputs}
        return next(iter(results.values()), None) if len(results) == 1 else results

    def take_parameters(self, service: CompiledService) -> None:
        """Take a decision service's inputs and input decisions from what the caller gives."""
        for parameter, key in service.parameters:
            value = find_input(self._given_values, key, tuple(self._graph.linked.paths_from_root(key)))
            value = None if value is _ABSENT else value
            node = self._graph.nodes[key]
            if isinstance(node, CompiledInput):
                self.values[key] = self._input(node, value)
            else:
                self.values[key] = self._run.convert(value, parameter.type, service.node.id)

    def _input(self, node: CompiledInput, value: object) -> object:
        return self._run.convert(node.type.prepare(value), node.type, node.node.id)


def find_input(given: Mapping[str, object], key: Key, paths: tuple[Path, ...]) -> object:
    """The value given for an element: by `{namespace}name`, by import names (dotted or as contexts), or by its name."""
    for path in paths:
        exact = f"{{{key.namespace}}}{path[-1]}"
        if exact in given:
            return given[exact]
        if ".".join(path) in given:
            return given[".".join(path)]
        value: object = given
        for step in path:
            value = value[step] if isinstance(value, Mapping) and step in value else _ABSENT
        if value is not _ABSENT:
            return value
    return _ABSENT
