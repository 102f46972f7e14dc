"""FEEL, the expression language of DMN 1.5, with Camunda's additions: parsed, compiled to closures, bounded."""

from engine.feel.convert import from_python, to_python
from engine.feel.errors import EvaluationProblem, FeelLimitError, FeelSyntaxError
from engine.feel.expression import (
    Expression,
    Result,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
    evaluate,
    known_functions,
)
from engine.feel.limits import Limits
from engine.feel.runtime import DEFAULT, Environment, FeelWarning, HostFunction
from engine.feel.text import to_text
from engine.feel.type_parser import parse_type
from engine.feel.types import FeelType, type_name
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelFunction,
    FeelRange,
    FeelTime,
    YearsMonthsDuration,
)

__all__ = [
    "DEFAULT",
    "DaysTimeDuration",
    "Environment",
    "EvaluationProblem",
    "Expression",
    "FeelDate",
    "FeelDateTime",
    "FeelFunction",
    "FeelLimitError",
    "FeelRange",
    "FeelSyntaxError",
    "FeelTime",
    "FeelType",
    "FeelWarning",
    "HostFunction",
    "Limits",
    "Result",
    "UnaryTests",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
    "from_python",
    "known_functions",
    "parse_type",
    "to_python",
    "to_text",
    "type_name",
]
