"""From item definitions to types, by the names one model may use for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from engine.dmn.errors import CyclicType
from engine.dmn.model import Definitions, ItemDefinition, TypeConstraint
from engine.dmn.types import (
    ANY_TYPE,
    Collection,
    Constraint,
    Constructed,
    Function,
    Named,
    Restricted,
    Simple,
    Structure,
    Type,
)
from engine.feel.errors import FeelSyntaxError
from engine.feel.type_parser import parse_type
from engine.feel.types import CONSTRUCTED, SIMPLE_TYPES, FeelType, is_known, simple_type

CompileConstraint = Callable[[TypeConstraint], Constraint | None]
"""Compiles unary tests without names; None when they do not parse."""

_FOREIGN_NAMES = {"integer": "number", "long": "number", "double": "number", "decimal": "number", "String": "string"}
"""What some editors write for FEEL's types, where the model defines no such type itself."""


class TypeTable:
    """The types of one model, its own and those of the models it imports. Immutable once built."""

    def __init__(
        self, definitions: Definitions, imported: Mapping[str, TypeTable], compile_constraint: CompileConstraint
    ) -> None:
        """`imported` is by the import's name, and by `{namespace}` for XML prefixes.

        Raises CyclicType when an item definition is only another name for itself.
        """
        self._compile = compile_constraint
        self._file = definitions.file
        self._types: dict[str, Type] = {}
        self._feel: dict[str, FeelType] = {}
        self._definitions = {item.name: item for item in definitions.types}
        self._refuse_aliases_of_themselves()
        for prefix, table in imported.items():
            for name, known in table._types.items():
                self._types[_qualified(prefix, name)] = known
                self._feel[_qualified(prefix, name)] = known.feel
        for item in definitions.types:
            self._types[item.name] = self._defined(item)
        for item in definitions.types:
            self._feel[item.name] = self._types[item.name].feel

    @property
    def for_feel(self) -> Mapping[str, FeelType]:
        """The defined types by name, for `instance of` and the parameters of FEEL functions."""
        return MappingProxyType(self._feel)

    def names(self) -> tuple[str, ...]:
        """The names of the defined types."""
        return tuple(self._types)

    def find(self, reference: str | None) -> Type | None:
        """The type a reference means; no reference means any; None when there is no such type."""
        if reference is None:
            return ANY_TYPE
        if reference in self._types:
            return self._types[reference]
        if reference in self._definitions:
            return Named(reference, self._types)
        plain = simple_type(_FOREIGN_NAMES.get(reference, reference))
        if plain.name == "Any":
            return ANY_TYPE
        if plain.name == "list":
            return Collection("list", ANY_TYPE)
        if plain.name in SIMPLE_TYPES or plain.name in CONSTRUCTED:
            return Simple(plain.name)
        return self._constructed(reference)

    def resolve(self, reference: str | None) -> Type:
        """As `find`, with Any for what is unknown (the linter reports it)."""
        return self.find(reference) or ANY_TYPE

    def _constructed(self, reference: str) -> Type | None:
        if "<" not in reference:
            return None
        try:
            parsed = parse_type(reference)
        except FeelSyntaxError:
            return None
        return Constructed(reference, parsed, self._feel) if is_known(parsed, self._feel) else None

    def _defined(self, item: ItemDefinition) -> Type:
        base = self._base(item)
        if item.allowed_values is not None:
            base = self._restricted(item, base, item.allowed_values)
        if item.is_collection:
            base = Collection(item.name, base)
        if item.type_constraint is not None:
            base = self._restricted(item, base, item.type_constraint)
        return base

    def _base(self, item: ItemDefinition) -> Type:
        if item.components:
            return Structure(item.name, {part.name: self._defined(part) for part in item.components})
        if item.function is not None:
            parameters = tuple((each.name, self.resolve(each.type_ref)) for each in item.function.parameters)
            return Function(item.name, parameters, self.resolve(item.function.output_type_ref))
        return self.resolve(item.type_ref)

    def _restricted(self, item: ItemDefinition, base: Type, constraint: TypeConstraint) -> Type:
        compiled = self._compile(constraint)
        return base if compiled is None else Restricted(item.name, base, compiled)

    def _refuse_aliases_of_themselves(self) -> None:
        for start in self._definitions.values():
            seen = {start.name}
            item: ItemDefinition | None = start
            while item is not None and not item.components and item.function is None:
                following = self._definitions.get(item.type_ref or "")
                if following is not None and following.name in seen:
                    raise CyclicType(
                        f"{self._file}: the type {start.name!r} is defined by itself; give it a base type",
                        element=start.id,
                    )
                item = following
                if item is not None:
                    seen.add(item.name)


def _qualified(prefix: str, name: str) -> str:
    if not prefix:
        return name
    return f"{prefix}{name}" if prefix.startswith("{") else f"{prefix}.{name}"
