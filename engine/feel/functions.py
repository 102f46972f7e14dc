"""How functions are declared, found, bound to their arguments and called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from engine.feel.convert import ATOMS, adopt
from engine.feel.errors import EvaluationProblem, FeelLimitError
from engine.feel.runtime import Code, Environment, Evaluation, Frame, HostFunction
from engine.feel.types import ANY, FeelType, has_type, is_known, type_name
from engine.feel.values import (
    MIDNIGHT_UTC,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    Parameter,
    YearsMonthsDuration,
)

CALL_COST = 4
F = TypeVar("F", bound=Callable[..., object])

_CLASSES: Mapping[str, tuple[type, ...]] = {
    "number": (int, Decimal),
    "string": (str,),
    "boolean": (bool,),
    "date": (FeelDate,),
    "time": (FeelTime,),
    "date and time": (FeelDateTime,),
    "duration": (DaysTimeDuration, YearsMonthsDuration),
    "days and time duration": (DaysTimeDuration,),
    "years and months duration": (YearsMonthsDuration,),
    "list": (list,),
    "context": (dict,),
    "range": (FeelRange,),
    "function": (FeelFunction,),
    "null": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter of a built-in: the classes it takes, none of them meaning any value."""

    name: str
    words: str
    classes: tuple[type, ...]
    is_optional: bool
    is_variadic: bool

    def fit(self, value: object) -> tuple[bool, object]:
        """Whether the value fits, and the value after the standard's implicit conversions."""
        if not self.classes or type(value) in self.classes:
            return True, value
        if list in self.classes and value is not None:
            return True, [value]
        if type(value) is list and len(value) == 1 and type(value[0]) in self.classes:
            return True, value[0]
        return False, value


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in."""

    slots: tuple[Slot, ...]
    call: Callable[..., object]

    @property
    def is_variadic(self) -> bool:
        """Whether the last parameter takes any number of arguments."""
        return bool(self.slots) and self.slots[-1].is_variadic

    @property
    def required(self) -> int:
        """How many arguments there must be."""
        return sum(not slot.is_optional for slot in self.slots)

    def takes(self, count: int) -> bool:
        """Whether so many arguments by position fit."""
        return self.required <= count and (self.is_variadic or count <= len(self.slots))


def _slot(text: str) -> Slot:
    name, _, words = text.partition(":")
    name, words = name.strip(), words.strip() or "any"
    optional = name.endswith("?")
    variadic = name.rstrip("?").endswith("...")
    classes: tuple[type, ...] = ()
    if words != "any":
        classes = tuple(kind for word in words.split("|") for kind in _CLASSES[word.strip()])
    return Slot(name.rstrip(".?"), words, classes, optional, variadic)


BUILT_INS: dict[str, list[Signature]] = {}
"""All built-in functions by name, filled by the modules of `engine.feel.builtins`."""


def built_in(name: str, parameters: str = "") -> Callable[[F], F]:
    """Declares a built-in function.

    `parameters` is `name: type|type, optional?: type, rest...: type`; types are FEEL's words. The function is called
    with the evaluation and then the arguments; it raises EvaluationProblem when its result is null for a reason.
    """
    slots = tuple(_slot(part) for part in parameters.split(",") if part.strip())

    def declare(call: F) -> F:
        BUILT_INS.setdefault(name, []).append(Signature(slots, call))
        return call

    return declare


def _named_arguments(signature: Signature, names: tuple[str, ...], arguments: list[object]) -> list[object] | None:
    given = dict(zip(names, arguments, strict=True))
    known = {slot.name for slot in signature.slots}
    if not given.keys() <= known:
        return None
    result: list[object] = []
    for slot in signature.slots:
        if slot.name not in given and slot.is_optional:
            if given.keys() & {later.name for later in signature.slots[len(result) :]}:
                result.append(None)
                continue
            break
        result.append(given.get(slot.name))
    return result


def _fitted(signature: Signature, arguments: list[object]) -> tuple[list[object], EvaluationProblem | None]:
    fitted: list[object] = []
    for index, value in enumerate(arguments):
        slot = signature.slots[min(index, len(signature.slots) - 1)]
        fits, converted = slot.fit(value)
        if not fits:
            code = "NULL_ARGUMENT" if value is None else "TYPE_MISMATCH"
            message = f"the argument {slot.name!r} should be a {slot.words}, not {_article(value)}"
            return fitted, EvaluationProblem(message, code)
        fitted.append(converted)
    return fitted, None


def _in_written_order(signatures: list[Signature], names: tuple[str, ...] | None) -> list[Signature]:
    """Those whose parameters stand as the names do come first: `before(range, point)` is not `before(point, range)`."""
    if names is None or len(signatures) == 1:
        return signatures
    return sorted(signatures, key=lambda each: tuple(slot.name for slot in each.slots)[: len(names)] != names)


def _article(value: object) -> str:
    return "null" if value is None else f"a {type_name(value)}"


def call_built_in(run: Evaluation, name: str, arguments: list[object], names: tuple[str, ...] | None) -> object:
    """Calls the signature of a built-in that fits.

    Raises EvaluationProblem when none does, or when the function says so.
    """
    problem: EvaluationProblem | None = None
    for signature in _in_written_order(BUILT_INS[name], names):
        if names is None:
            bound = arguments if signature.takes(len(arguments)) else None
        else:
            bound = _named_arguments(signature, names, arguments)
        if bound is None:
            continue
        fitted, unfit = _fitted(signature, bound)
        if unfit is None:
            return signature.call(run, *fitted)
        problem = problem or unfit
    if problem is not None:
        raise EvaluationProblem(f"{name}: {problem.message}", problem.code)
    if names is None:
        raise EvaluationProblem(f"{name} does not take {len(arguments)} arguments", "WRONG_ARGUMENTS")
    raise EvaluationProblem(f"{name} has no parameters {', '.join(names)}", "WRONG_ARGUMENTS")


def _by_position(
    name: str, parameters: tuple[str, ...], arguments: list[object], names: tuple[str, ...] | None
) -> list[object]:
    if names is None:
        if len(arguments) != len(parameters):
            message = f"{name} takes {len(parameters)} arguments, not {len(arguments)}"
            raise EvaluationProblem(message, "WRONG_ARGUMENTS")
        return arguments
    given = dict(zip(names, arguments, strict=True))
    if not given.keys() <= set(parameters):
        raise EvaluationProblem(f"{name} has no parameters {', '.join(names)}", "WRONG_ARGUMENTS")
    return [given.get(parameter) for parameter in parameters]


def host_value(function: HostFunction) -> FeelFunction:
    """A function of the environment as a value."""

    def invoke(run: Evaluation, arguments: list[object], names: tuple[str, ...] | None) -> object:
        if names is None and len(arguments) < len(function.parameters):
            arguments = arguments + [None] * (len(function.parameters) - len(arguments))
        bound = _by_position(function.name, function.parameters, arguments, names)
        result = function.call(*bound)
        return result if type(result) in ATOMS else adopt(result)

    parameters = tuple(Parameter(name) for name in function.parameters)
    return FeelFunction(function.name, parameters, invoke, ANY, tuple(ANY for _ in parameters))


def coerced(value: object, wanted: FeelType, environment: Environment) -> object:
    """The value as bound to something of a type, after the standard's implicit conversions where they are needed.

    Raises EvaluationProblem when the value does not conform.
    """
    if value is None or wanted == ANY:
        return value
    if not is_known(wanted, environment.types):
        raise EvaluationProblem(f"there is no type {wanted.name!r}", "UNKNOWN_TYPE")
    if has_type(value, wanted, environment.types):
        return value
    candidate: object = None
    if type(value) is list:
        candidate = value[0] if len(value) == 1 else None
    elif has_type([value], wanted, environment.types):
        candidate = [value]
    elif type(value) is FeelDate:
        candidate = FeelDateTime(value, MIDNIGHT_UTC)
    if candidate is not None and has_type(candidate, wanted, environment.types):
        return candidate
    raise EvaluationProblem(f"a {type_name(value)} is not a {wanted.name}", "TYPE_MISMATCH")


def closure(
    frame: Frame, names: tuple[str, ...], types: tuple[FeelType, ...], body: Code, start: int, end: int
) -> FeelFunction:
    """The value of a function definition evaluated in a frame."""
    source = frame.run.source

    def invoke(run: Evaluation, arguments: list[object], given: tuple[str, ...] | None) -> object:
        bound = _by_position("the function", names, arguments, given)
        local = {
            name: coerced(value, wanted, run.environment)
            for name, value, wanted in zip(names, bound, types, strict=True)
        }
        return body(Frame(local, frame, run))

    parameters = tuple(Parameter(name, wanted.name) for name, wanted in zip(names, types, strict=True))
    return FeelFunction(source[start:end][:80], parameters, invoke, ANY, types, source)


def invoke(
    run: Evaluation,
    function: FeelFunction,
    arguments: list[object],
    names: tuple[str, ...] | None = None,
) -> object:
    """Calls a function value within an evaluation.

    Raises EvaluationProblem when the arguments do not fit, FeelLimitError when calls are nested too deeply.
    """
    run.charge(CALL_COST)
    run.depth += 1
    if run.depth > run.limits.call_depth:
        raise FeelLimitError(f"functions call one another more than {run.limits.call_depth} deep")
    try:
        return function.invoke(run, arguments, names)
    finally:
        run.depth -= 1
