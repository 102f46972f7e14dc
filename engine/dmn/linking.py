"""From several files to one requirement graph: which element a reference means, and in which order to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.dmn.errors import CyclicRequirements, MissingImport
from engine.dmn.model import (
    Decision,
    DecisionService,
    Definitions,
    Import,
    InputData,
    KnowledgeModel,
    Node,
    Reference,
)
from engine.errors import InvalidDocument


@dataclass(frozen=True, slots=True)
class Key:
    """Which node of which model."""

    namespace: str
    id: str


_MAX_IMPORT_PATHS, _MAX_IMPORT_TRIES = 8, 500

Path = tuple[str, ...]
"""How a model names a node: its name, after the name of the import it comes from."""


class Linked:
    """The models that belong together, by namespace, the one asked about first. Immutable once built."""

    def __init__(self, root: Definitions, others: Iterable[Definitions] = ()) -> None:
        """Link `root` with those of `others` that it imports, directly or through others.

        Raises:
            MissingImport: an imported model is not among the others.
            InvalidDocument: a reference to an element that does not exist, or of the wrong kind.
            CyclicRequirements: a decision requires itself.
        """
        available = {other.namespace: other for other in others}
        self.root = root
        self.models: dict[str, Definitions] = {root.namespace: root}
        pending = [root]
        while pending:
            model = pending.pop()
            for imported in model.imports:
                if not imported.is_model or imported.namespace in self.models:
                    continue
                found = available.get(imported.namespace) or _by_location(imported, available.values())
                if found is None:
                    raise MissingImport(
                        f"{model.file}: imports {imported.name or imported.namespace!r} "
                        f"({imported.namespace}), which was not given along"
                    )
                self.models[imported.namespace] = found
                pending.append(found)
        self.nodes: dict[Key, Node] = {
            Key(namespace, node.id): node for namespace, model in self.models.items() for node in model.nodes
        }
        self._check_references()
        self._refuse_cycles()

    def target(self, owner: Key, reference: Reference) -> Key:
        """The node a reference means; that it exists was checked when linking."""
        return Key(reference.namespace or owner.namespace, reference.id)

    def names_of(self, owner: Key, target: Key) -> tuple[Path, ...]:
        """How the owner's model names the target: once for each import of the target's model."""
        name = self.nodes[target].variable.name
        if owner.namespace == target.namespace:
            return ((name,),)
        imports = self.models[owner.namespace].imports
        direct = [each.name for each in imports if each.namespace == target.namespace]
        if not direct:
            return ((*self._import_path(owner.namespace, target.namespace), name),)
        return tuple((prefix, name) if prefix else (name,) for prefix in direct)

    def paths_from_root(self, target: Key) -> Iterator[Path]:
        """The names an input may be given under, most exact first."""
        node = self.nodes[target]
        names = dict.fromkeys((node.name, node.variable.name))
        if target.namespace != self.root.namespace:
            for prefix in self._import_paths(target.namespace):
                yield from ((*prefix, name) for name in names)
        yield from ((name,) for name in names)

    def required_decisions(self, key: Key) -> tuple[Key, ...]:
        """The decisions a decision requires directly."""
        node = self.nodes[key]
        return self._targets(key, node.required_decisions) if isinstance(node, Decision) else ()

    def order(self, wanted: Iterable[Key], given: frozenset[Key] = frozenset()) -> tuple[Key, ...]:
        """The decisions to make for the wanted ones, each after those it requires; `given` are not made."""
        done: dict[Key, None] = {}
        pending = [(key, False) for key in reversed(tuple(wanted))]
        while pending:
            key, ready = pending.pop()
            if key in done or key in given:
                continue
            if ready:
                done[key] = None
                continue
            pending.append((key, True))
            pending.extend((required, False) for required in reversed(self.required_decisions(key)))
        return tuple(done)

    def _targets(self, owner: Key, references: Iterable[Reference]) -> tuple[Key, ...]:
        return tuple(self.target(owner, reference) for reference in references)

    def _import_path(self, start: str, goal: str) -> Path:
        """The names of the imports that lead from one model to another, by the shortest way."""
        reached: dict[str, Path] = {start: ()}
        pending = [start]
        while pending and goal not in reached:
            namespace = pending.pop(0)
            for imported in self.models[namespace].imports if namespace in self.models else ():
                if imported.namespace not in reached:
                    step = (imported.name,) if imported.name else ()
                    reached[imported.namespace] = (*reached[namespace], *step)
                    pending.append(imported.namespace)
        return reached.get(goal, ())

    def _import_paths(self, goal: str) -> Iterator[Path]:
        """The names of the imports on every way from the root to a model, the shortest first, the first few of them."""
        pending: list[tuple[Path, tuple[str, ...]]] = [((), (self.root.namespace,))]
        found, tried = 0, 0
        while pending and found < _MAX_IMPORT_PATHS and tried < _MAX_IMPORT_TRIES:
            path, way = pending.pop(0)
            tried += 1
            if way[-1] == goal:
                found += 1
                yield path
                continue
            for imported in self.models[way[-1]].imports if way[-1] in self.models else ():
                if imported.namespace not in way:
                    step = (imported.name,) if imported.name else ()
                    pending.append(((*path, *step), (*way, imported.namespace)))

    def _check_references(self) -> None:
        for key, node in self.nodes.items():
            for reference, kinds in _references(node):
                target = self.nodes.get(self.target(key, reference))
                if target is None:
                    raise InvalidDocument(
                        f"{self.models[key.namespace].file}: {node.name!r} refers to {reference.id!r}, "
                        "which does not exist",
                        element=node.id,
                    )
                if not isinstance(target, kinds):
                    raise InvalidDocument(
                        f"{self.models[key.namespace].file}: {node.name!r} refers to {target.name!r}, "
                        "which is another kind of element",
                        element=node.id,
                    )

    def _refuse_cycles(self) -> None:
        finished: set[Key] = set()
        for start in self.nodes:
            trail: dict[Key, None] = {}
            pending = [(start, False)]
            while pending:
                key, leaving = pending.pop()
                if leaving:
                    trail.pop(key)
                    finished.add(key)
                elif key in trail:
                    names = " -> ".join(repr(self.nodes[each].name) for each in [*list(trail)[-8:], key])
                    raise CyclicRequirements(
                        f"{self.models[key.namespace].file}: a decision requires itself: {names}", element=key.id
                    )
                elif key not in finished:
                    trail[key] = None
                    pending.append((key, True))
                    pending.extend((required, False) for required in self.required_decisions(key))


def _by_location(imported: Import, models: Iterable[Definitions]) -> Definitions | None:
    location = (imported.location or "").replace("\\", "/").rsplit("/", 1)[-1]
    if not location:
        return None
    return next((model for model in models if model.file.replace("\\", "/").rsplit("/", 1)[-1] == location), None)


def _references(node: Node) -> Iterator[tuple[Reference, type | tuple[type, ...]]]:
    kinds: Mapping[str, type | tuple[type, ...]] = {
        "required_inputs": InputData,
        "required_decisions": Decision,
        "required_knowledge": (KnowledgeModel, DecisionService),
        "outputs": Decision,
        "encapsulated": Decision,
        "input_decisions": Decision,
        "input_data": InputData,
    }
    for attribute, kind in kinds.items():
        for reference in getattr(node, attribute, ()):
            yield reference, kind
