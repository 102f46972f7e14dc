"""The public face of decision models: load once, evaluate as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.dmn.errors import DoubtfulDecision, UnknownDecision
from engine.dmn.evaluation import Frame
from engine.dmn.functions import call
from engine.dmn.graph import CompiledDecision, CompiledInput, CompiledService, Graph, compile_graph
from engine.dmn.inputs import adopted, of_json
from engine.dmn.linking import Key, Linked
from engine.dmn.model import Decision, DecisionService, Definitions, InputData, KnowledgeModel
from engine.dmn.reader import read_definitions
from engine.dmn.run import Run
from engine.dmn.trace import DecisionTrace, DecisionWarning
from engine.dmn.types import ANY_TYPE, Type
from engine.errors import TooLarge
from engine.feel import Environment, FeelLimitError
from engine.feel.codec import to_plain
from engine.feel.runtime import MISSING_COMPARED


@dataclass(frozen=True)
class DecisionResult:
    """What was decided, why, and what a person should look at.

    `value` is a FEEL value. `decisions` are all decisions that were made for it, in their order, the one asked for
    last (for a decision service: its output decisions among them).
    """

    name: str
    value: object
    decisions: tuple[DecisionTrace, ...]
    warnings: tuple[DecisionWarning, ...]

    @property
    def doubts(self) -> tuple[DecisionWarning, ...]:
        """The warnings that a process may not pass over: all but a missing variable compared with null."""
        return tuple(warning for warning in self.warnings if warning.code != MISSING_COMPARED)

    def sure(self) -> DecisionResult:
        """The result itself, for a caller that acts on it, as a business rule task does.

        Raises DoubtfulDecision, which names the element, when there are doubts.
        """
        if self.doubts:
            first = self.doubts[0]
            raise DoubtfulDecision(f"{self.name}: {first.message} ({first.code})", element=first.element)
        return self

    @cached_property
    def trace(self) -> dict[str, object]:
        """The explanation as JSON-ready data: the decision itself, and under `required` those it stands on."""
        made = [each.as_json() for each in self.decisions]
        if made and made[-1]["name"] == self.name:
            return {**made[-1], "required": made[:-1], "warnings": [each.as_json() for each in self.warnings]}
        return {
            "name": self.name,
            "value": to_plain(self.value),
            "tables": [],
            "required": made,
            "warnings": [each.as_json() for each in self.warnings],
        }


class DecisionModel:
    """A DMN model with those it imports, compiled; immutable, shared among threads."""

    def __init__(self, graph: Graph) -> None:
        """Use `load_decisions`."""
        self._graph = graph

    @property
    def definitions(self) -> Definitions:
        """The model as it was read."""
        return self._graph.linked.root

    @property
    def graph(self) -> Graph:
        """The compiled graph, for the linter."""
        return self._graph

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of the file, in its order."""
        return tuple(node for node in self.definitions.nodes if isinstance(node, Decision))

    @property
    def services(self) -> tuple[DecisionService, ...]:
        """The decision services of the file, in its order."""
        return tuple(node for node in self.definitions.nodes if isinstance(node, DecisionService))

    @property
    def inputs(self) -> tuple[InputData, ...]:
        """The inputs of the file, in its order."""
        return tuple(node for node in self.definitions.nodes if isinstance(node, InputData))

    def evaluate(self, decision: str, inputs: Mapping[str, object], environment: Environment) -> DecisionResult:
        """Make one decision, or ask one decision service.

        Args:
            decision: its id or name.
            inputs: values by the names of input data (and of a service's input decisions). Those of an imported
                model by `{namespace}name`, `import.name`, as a context named as the import, or by their plain name.
                Names that the model does not declare are visible to every decision, as process variables are in a
                table drawn without input data.
            environment: the clock, the zone, the functions and the limits for FEEL.

        Raises:
            UnknownDecision: the model has no such decision or service.
            InvalidInput: an input is something that FEEL has no value for.
            FeelLimitError: the evaluation asks for more than it may use.
        """
        key = self._find(decision)
        inputs = adopted(inputs)
        run = Run(environment, {namespace: table.for_feel for namespace, table in self._graph.types.items()})
        node = self._graph.nodes[key]
        frame = Frame(self._graph, run, inputs, self._undeclared(inputs))
        try:
            if isinstance(node, CompiledDecision):
                frame.decide(self._graph.order(key))
                value = frame.values[key]
            else:
                assert isinstance(node, CompiledService)
                frame.take_parameters(node)
                value = run.convert(frame.serve(node), node.type, node.node.id)
        except RecursionError as error:
            raise FeelLimitError("the decision is nested too deeply", element=key.id) from error
        return DecisionResult(node.node.name, value, tuple(run.decisions), tuple(run.warnings))

    def invoke(self, name: str, arguments: Mapping[str, object], environment: Environment) -> DecisionResult:
        """Call a business knowledge model or decision service as a function, by named arguments.

        Raises UnknownDecision, and FeelLimitError as `evaluate` does.
        """
        key = self._find(name, (KnowledgeModel, DecisionService))
        run = Run(environment, {namespace: table.for_feel for namespace, table in self._graph.types.items()})
        function = Frame(self._graph, run).function(key)
        value = call(function, adopted(arguments), run, key.id)
        return DecisionResult(self._graph.linked.nodes[key].name, value, tuple(run.decisions), tuple(run.warnings))

    def inputs_of_json(self, data: Mapping[str, object]) -> dict[str, object]:
        """Inputs from JSON: numbers exact, texts as dates, times and durations where the input's type is one."""
        types: dict[str, Type] = {}
        for key, node in self._graph.nodes.items():
            if isinstance(node, CompiledInput):
                names = (".".join(path) for path in node.paths)
                types.update(dict.fromkeys((*names, f"{{{key.namespace}}}{node.node.name}"), node.type))
        return {name: of_json(value, types.get(name, ANY_TYPE)) for name, value in data.items()}

    def _find(self, wanted: str, kinds: tuple[type, ...] = (Decision, DecisionService)) -> Key:
        root = self.definitions.namespace
        key = Key(root, wanted)
        if isinstance(self._graph.linked.nodes.get(key), kinds):
            return key
        name = " ".join(wanted.split())
        candidates = [key for key, node in self._graph.linked.nodes.items() if isinstance(node, kinds)]
        for key in candidates:
            if f"{{{key.namespace}}}{self._graph.linked.nodes[key].name}" == name:
                return key
        found = [key for key in candidates if self._graph.linked.nodes[key].name == name]
        own = [key for key in found if key.namespace == root] or found
        if not own:
            known = ", ".join(sorted({self._graph.linked.nodes[each].name for each in candidates})[:20])
            raise UnknownDecision(f"{self.definitions.file}: no decision {wanted!r}; there are: {known or 'none'}")
        return own[0]

    @cached_property
    def _declared(self) -> frozenset[str]:
        names: set[str] = {each.name for each in self.definitions.imports}
        for key, node in self._graph.nodes.items():
            names.add(self._graph.linked.nodes[key].name)
            if isinstance(node, CompiledInput):
                names.update(".".join(path) for path in node.paths)
        return frozenset(names)

    def _undeclared(self, inputs: Mapping[str, object]) -> dict[str, object]:
        return {
            name: value for name, value in inputs.items() if name not in self._declared and not name.startswith("{")
        }


def load_decisions(source: bytes, *, file: str, imports: Mapping[str, bytes] | None = None) -> DecisionModel:
    """Read, link and compile a DMN 1.1 to 1.5 model.

    Args:
        source: the file's bytes.
        file: its name, for messages.
        imports: further files by name, of which those are used that the model imports, directly or not.

    Raises:
        InvalidDocument: not XML, not DMN, references that lead nowhere, a missing import, a cycle.
        TooLarge: more than the limits of `engine.bpmn.xml`.

    A FEEL text that does not parse does not stop the loading (`check_decisions` reports it): what it stands in
    evaluates to null with the warning DOES_NOT_PARSE.
    """
    try:
        root = read_definitions(source, file=file)
        given = (imports or {}) if root.imports else {}
        others = [read_definitions(content, file=name) for name, content in given.items()]
        return DecisionModel(compile_graph(Linked(root, others)))
    except RecursionError as error:
        raise TooLarge(f"{file}: expressions are nested too deeply") from error
