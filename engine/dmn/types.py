"""Types of a decision model: which values they hold, and the conversions DMN makes by itself.

DMN 1.5, 10.3.2.9.4: a value that conforms stays; a single value becomes a list of one where a list is wanted, a list of
one becomes its item where none is, a date becomes a date and time at midnight UTC; everything else becomes null.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.feel import UnaryTests
from engine.feel.types import ANY as FEEL_ANY
from engine.feel.types import ContextType, FeelType, FunctionType, ListType, RestrictedType, has_type, type_name
from engine.feel.values import MIDNIGHT_UTC, FeelDate, FeelDateTime, FeelFunction

TestRunner = Callable[["Constraint", object], bool]
"""Evaluates a constraint's tests: the types know what to test, the evaluation knows how."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a value is not of a type."""

    code: str  # TYPE_MISMATCH or VALUE_NOT_ALLOWED
    message: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """Compiled unary tests with the text to show; `tests` is what `engine.feel` compiled."""

    text: str
    tests: object

    def allows(self, value: object) -> bool:
        """Whether a value passes, where nothing but the value is known."""
        assert isinstance(self.tests, UnaryTests)
        return self.tests.evaluate(value, {}).value is True


class Type(ABC):
    """What a type can say about values."""

    name: str

    @property
    @abstractmethod
    def feel(self) -> FeelType:
        """The same type for FEEL's `instance of`."""

    @abstractmethod
    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        """Why `value` (not null) is not of the type, None when it is."""

    def prepare(self, value: object) -> object:
        """An input value with what it leaves out said to be null."""
        return value

    def resolved(self) -> Type:
        """The type itself, where this is only its name."""
        return self


@dataclass(frozen=True, slots=True)
class AnyType(Type):
    """Every value."""

    name: str = "Any"

    @property
    def feel(self) -> FeelType:
        return FEEL_ANY

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        return None


ANY_TYPE = AnyType()


@dataclass(frozen=True, slots=True)
class Simple(Type):
    """One of FEEL's own types."""

    name: str

    @property
    def feel(self) -> FeelType:
        return FeelType(self.name)

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        found = type_name(value)
        return None if found == self.name else _wrong_kind(self.name, found)


@dataclass(frozen=True, slots=True)
class Constructed(Type):
    """A type written in FEEL's own notation, as `list<number>`."""

    name: str
    feel_type: FeelType
    defined: Mapping[str, FeelType]

    @property
    def feel(self) -> FeelType:
        return self.feel_type

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        return None if has_type(value, self.feel_type, self.defined) else _wrong_kind(self.name, type_name(value))


@dataclass(frozen=True, slots=True)
class Collection(Type):
    """A list of values of one type."""

    name: str
    item: Type

    @property
    def feel(self) -> FeelType:
        return ListType("list", self.item.feel)

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        if type(value) is not list:
            return _wrong_kind(self.name, type_name(value))
        for number, item in enumerate(value, start=1):
            problem = None if item is None else self.item.mismatch(item, run)
            if problem is not None:
                return Mismatch(problem.code, f"item {number}: {problem.message}")
        return None

    def prepare(self, value: object) -> object:
        return [self.item.prepare(item) for item in value] if type(value) is list else value


@dataclass(frozen=True, slots=True)
class Structure(Type):
    """A context with named components."""

    name: str
    components: Mapping[str, Type]

    @property
    def feel(self) -> FeelType:
        return ContextType("context", tuple((key, part.feel) for key, part in self.components.items()))

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        if type(value) is not dict:
            return _wrong_kind(self.name, type_name(value))
        for key, part in self.components.items():
            if key not in value:
                return Mismatch("TYPE_MISMATCH", f"the entry {key!r} of {self.name} is missing")
            inner = value[key]
            problem = None if inner is None else part.mismatch(inner, run)
            if problem is not None:
                return Mismatch(problem.code, f"{key}: {problem.message}")
        return None

    def prepare(self, value: object) -> object:
        if type(value) is not dict:
            return value
        filled = dict(value)
        for key, part in self.components.items():
            filled[key] = part.prepare(value.get(key))
        return filled


@dataclass(frozen=True, slots=True)
class Restricted(Type):
    """Another type with fewer values."""

    name: str
    base: Type
    constraint: Constraint

    @property
    def feel(self) -> FeelType:
        base = self.base.feel
        return RestrictedType(base.name, base, self.constraint.allows)

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        problem = self.base.mismatch(value, run)
        if problem is not None or run(self.constraint, value):
            return problem
        allowed = self.constraint.text
        return Mismatch("VALUE_NOT_ALLOWED", f"the value is not among the allowed ones of {self.name}: {allowed}")

    def prepare(self, value: object) -> object:
        return self.base.prepare(value)


@dataclass(frozen=True, slots=True)
class Function(Type):
    """A function type: the types of its parameters and of its result."""

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type

    @property
    def feel(self) -> FeelType:
        return FunctionType("function", tuple(part.feel for _, part in self.parameters), self.result.feel)

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        if not isinstance(value, FeelFunction):
            return _wrong_kind(self.name, type_name(value))
        if len(value.parameters) != len(self.parameters):
            return Mismatch("TYPE_MISMATCH", f"{self.name} has {len(self.parameters)} parameters")
        return None


@dataclass(frozen=True, slots=True)
class Named(Type):
    """A type by its name, looked up when used, so that a type can hold values of itself."""

    name: str
    types: Mapping[str, Type]

    @property
    def feel(self) -> FeelType:
        return FeelType(self.name)

    def mismatch(self, value: object, run: TestRunner) -> Mismatch | None:
        return self.types[self.name].mismatch(value, run)

    def prepare(self, value: object) -> object:
        return value if value is None else self.types[self.name].prepare(value)

    def resolved(self) -> Type:
        return self.types[self.name].resolved()


def convert(value: object, wanted: Type, run: TestRunner) -> tuple[object, Mismatch | None]:
    """The value as the wanted type, or null and why."""
    if value is None or wanted is ANY_TYPE:
        return value, None
    problem = wanted.mismatch(value, run)
    if problem is None:
        return value, None
    other = _converted(value, wanted, run)
    return (None, problem) if other is None else (other, None)


def is_collection(wanted: Type) -> bool:
    """Whether the type's values are lists."""
    kind = wanted.resolved()
    while isinstance(kind, Restricted):
        kind = kind.base.resolved()
    return isinstance(kind, Collection) or (isinstance(kind, Constructed) and isinstance(kind.feel_type, ListType))


def _converted(value: object, wanted: Type, run: TestRunner) -> object:
    collection = is_collection(wanted)
    candidates: list[object] = []
    if type(value) is list:
        if len(value) == 1 and not collection:
            candidates.append(value[0])
    elif collection:
        candidates.append([value])
    elif type(value) is FeelDate:
        candidates.append(FeelDateTime(value, MIDNIGHT_UTC))
    for candidate in candidates:
        if candidate is not None and wanted.mismatch(candidate, run) is None:
            return candidate
    return None


def _wrong_kind(wanted: str, found: str) -> Mismatch:
    return Mismatch("TYPE_MISMATCH", f"expected {wanted}, found {found}")
