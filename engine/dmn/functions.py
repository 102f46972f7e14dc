"""Functions of a model as FEEL values: arguments bound to typed parameters, depth and number of calls limited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.dmn.run import Run
from engine.dmn.types import ANY_TYPE, Type
from engine.feel import Expression, compile_expression
from engine.feel.errors import EvaluationProblem
from engine.feel.values import FeelFunction
from engine.feel.values import Parameter as FeelParameter

Body = Callable[[dict[str, object]], object]
"""What a function does with its arguments, by parameter."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a model's function."""

    name: str
    type: Type = ANY_TYPE


def make_function(
    name: str, parameters: Sequence[Parameter], result: Type, body: Body, run: Run, element: str | None
) -> FeelFunction:
    """A function that FEEL can call by position and by name.

    Arguments are converted to the parameters' types, the result to the result's. `run` is the evaluation in which
    the function lives: its warnings and its limits.
    """
    names = tuple(parameter.name for parameter in parameters)

    def invoke(evaluation: object, values: Sequence[object], given: Sequence[str] | None) -> object:
        arguments = _bind(name, names, values, given)
        for parameter in parameters:
            if parameter.type is not ANY_TYPE:
                arguments[parameter.name] = run.convert(arguments[parameter.name], parameter.type, element)
        run.enter(element)
        try:
            value = body(arguments)
        finally:
            run.leave()
        return run.convert(value, result, element)

    return FeelFunction(
        name,
        tuple(FeelParameter(parameter.name, parameter.type.name) for parameter in parameters),
        invoke,
        result_type=result.feel,
        parameter_types=tuple(parameter.type.feel for parameter in parameters),
    )


def call(function: object, arguments: Mapping[str, object], run: Run, element: str | None) -> object:
    """Call a function value by named arguments; parameters without an argument are null, or left out of a built-in."""
    if not isinstance(function, FeelFunction):
        run.warn("NOT_A_FUNCTION", "what is invoked is not a function", element)
        return None
    names = tuple(arguments)

    def by_name(evaluation: object, values: Sequence[object], given: Sequence[str] | None) -> object:
        return function.invoke(evaluation, list(values), names)

    named = FeelFunction(function.name, tuple(FeelParameter(name) for name in names), by_name)
    scope = {"f": named, **{f"a{index}": value for index, value in enumerate(arguments.values())}}
    result = _caller(len(names)).evaluate(scope, run.environment)
    run.warn_all(result.warnings, element)
    return result.value


@lru_cache(maxsize=64)
def _caller(count: int) -> Expression:
    names = [f"a{index}" for index in range(count)]
    return compile_expression(f"f({', '.join(names)})", ["f", *names])


def _bind(
    function: str, names: tuple[str, ...], values: Sequence[object], given: Sequence[str] | None
) -> dict[str, object]:
    """The arguments by parameter; a parameter that is left out of a call by names is null."""
    if given is None:
        if len(values) != len(names):
            raise EvaluationProblem(f"{function} takes {len(names)} arguments, not {len(values)}", "WRONG_ARGUMENTS")
        return dict(zip(names, values, strict=True))
    named = dict(zip(given, values, strict=True))
    if not named.keys() <= set(names):
        raise EvaluationProblem(f"{function} has the parameters {', '.join(names)}", "WRONG_ARGUMENTS")
    return {name: named.get(name) for name in names}
