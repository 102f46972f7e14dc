"""What an answer must fulfil besides being of its type."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import regex

from engine.feel.numbers import CONTEXT
from engine.feel.values import FeelDate, FeelDateTime
from forms.schema import model
from forms.schema.answers import is_empty, text_of_number
from forms.schema.problems import Problem, ProblemCode

PATTERN_SECONDS = 0.05
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63}){1,8}")
_PHONE = re.compile(r"\+?[0-9][0-9 \-/()]{4,24}")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The rules of one question with their FEEL evaluated."""

    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None


def bounds_of(rules: model.Rules, evaluate: Callable[[str], object]) -> Bounds:
    """Evaluate the rules; a rule whose FEEL gives nothing usable does not apply."""

    def settled(rule: model.Dynamic) -> object:
        return evaluate(rule[1:]) if isinstance(rule, str) and rule.startswith("=") else rule

    return Bounds(
        required=settled(rules.required) is True,
        minimum=_number(settled(rules.minimum)),
        maximum=_number(settled(rules.maximum)),
        min_length=_whole(settled(rules.min_length)),
        max_length=_whole(settled(rules.max_length)),
    )


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool) or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 0 else None


def check(component: model.Input, bounds: Bounds, name: str, value: object, today: FeelDate) -> Problem | None:
    """The first thing wrong with a typed value, None when nothing is."""
    if is_empty(value):
        return Problem(name, ProblemCode.REQUIRED) if bounds.required else None
    if isinstance(component, model.TextInput) and isinstance(value, str):
        return _check_text(component.rules, bounds, name, value)
    if isinstance(component, model.NumberInput) and isinstance(value, (int, Decimal)):
        return _check_number(component, bounds, name, Decimal(value))
    if isinstance(component, model.MomentInput) and component.only_future:
        day = value.date if isinstance(value, FeelDateTime) else value
        if isinstance(day, FeelDate) and day < today:
            return Problem(name, ProblemCode.PASSED)
    return None


def _check_text(rules: model.Rules, bounds: Bounds, name: str, text: str) -> Problem | None:
    if bounds.max_length is not None and len(text) > bounds.max_length:
        return Problem(name, ProblemCode.TOO_LONG, {"limit": str(bounds.max_length), "length": str(len(text))})
    if bounds.min_length is not None and len(text) < bounds.min_length:
        return Problem(name, ProblemCode.TOO_SHORT, {"limit": str(bounds.min_length), "length": str(len(text))})
    if rules.format == "email" and not _EMAIL.fullmatch(text):
        return Problem(name, ProblemCode.EMAIL)
    if rules.format == "phone" and not _PHONE.fullmatch(text):
        return Problem(name, ProblemCode.PHONE)
    if rules.pattern and not _matches(rules.pattern, text):
        return Problem(name, ProblemCode.PATTERN)
    return None


def _matches(pattern: str, text: str) -> bool:
    # The pattern is the author's: it may be slow on a hostile text, or no regular expression at all.
    try:
        return regex.search(pattern, text, timeout=PATTERN_SECONDS) is not None
    except (regex.error, TimeoutError):
        return False


def _check_number(component: model.NumberInput, bounds: Bounds, name: str, number: Decimal) -> Problem | None:
    if bounds.minimum is not None and number < bounds.minimum:
        return Problem(name, ProblemCode.TOO_SMALL, {"limit": text_of_number(bounds.minimum)})
    if bounds.maximum is not None and number > bounds.maximum:
        return Problem(name, ProblemCode.TOO_LARGE, {"limit": text_of_number(bounds.maximum)})
    digits = component.decimal_digits
    exponent = number.normalize(CONTEXT).as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > digits:
        return Problem(name, ProblemCode.TOO_MANY_DECIMALS, {"limit": str(digits)})
    step = _number(component.increment)
    if step and (Fraction(number) - Fraction(bounds.minimum or 0)) % Fraction(step) != 0:
        return Problem(name, ProblemCode.WRONG_STEP, {"step": text_of_number(step)})
    return None
