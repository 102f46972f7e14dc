"""Plausible answers to any form: one for each field that is shown, within what the form allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import orjson

from engine.feel import Environment, FeelDate, FeelSyntaxError, compile_expression

_TEXTS = (
    "Enligt samtal med deltagaren.",
    "Noterat efter möte. Inga särskilda omständigheter har kommit fram.",
    "Bedömningen bygger på kartläggningen och på deltagarens egna uppgifter.",
    "Planen följs upp vid nästa avstämning.",
    "Uppgifterna är kontrollerade mot underlaget i ärendet.",
)
_OPTIONAL = 0.35  # how often a field that may stay empty is answered
_TICKED = 0.25  # how often a box is ticked


def fields_of(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every component with a key, also within groups, in the order of the form."""
    for component in form.get("components", ()):
        if component.get("key"):
            yield component
        yield from fields_of(component)


def read_form(content: bytes) -> Mapping[str, Any]:
    """A form-js form."""
    form = orjson.loads(content)
    assert isinstance(form, Mapping)
    return form


def answer_form(
    form: Mapping[str, Any],
    chosen: Mapping[str, Any],
    variables: Mapping[str, Any],
    today: date,
    random: Random,
    environment: Environment,
) -> dict[str, Any]:
    """Answers to every field that is shown: what was `chosen`, else something allowed; null where nothing is said."""
    answers: dict[str, Any] = {}
    for field in fields_of(form):
        key = field["key"]
        if _is_hidden(field, {**variables, **answers}, environment):
            continue
        answers[key] = chosen[key] if key in chosen else _answer(field, variables, today, random)
    return answers


def _is_hidden(field: Mapping[str, Any], scope: Mapping[str, Any], environment: Environment) -> bool:
    hide = (field.get("conditional") or {}).get("hide")
    if not isinstance(hide, str):
        return False
    try:
        return compile_expression(hide.removeprefix("=").strip()).evaluate(scope, environment).value is True
    except FeelSyntaxError:
        return False


def _answer(field: Mapping[str, Any], variables: Mapping[str, Any], today: date, random: Random) -> Any:
    kind = field.get("type")
    required = bool((field.get("validate") or {}).get("required"))
    answered = required or random.random() < _OPTIONAL
    if kind == "checkbox":
        return required or random.random() < _TICKED
    if not answered:
        return [] if kind in ("checklist", "taglist") else None
    if kind in ("radio", "select"):
        options = _options(field, variables)
        return random.choice(options) if options else None
    if kind in ("checklist", "taglist"):
        options = _options(field, variables)
        return random.sample(options, random.randint(1, min(2, len(options)))) if options else []
    if kind == "number":
        return _number(field, random)
    if kind == "datetime":
        return feel_day(today + timedelta(days=random.randint(1, 30)))
    if kind in ("textfield", "textarea"):
        return _text(field, random)
    return None


def _options(field: Mapping[str, Any], variables: Mapping[str, Any]) -> list[Any]:
    values = field.get("values")
    source = field.get("valuesKey") or str(field.get("valuesExpression") or "").removeprefix("=").strip()
    if values is None and source:
        values = variables.get(source)
    if not isinstance(values, list):
        return []
    return [item["value"] if isinstance(item, Mapping) else item for item in values]


def _number(field: Mapping[str, Any], random: Random) -> int:
    rules = field.get("validate") or {}
    low = int(rules.get("min", 0) or 0)
    high = int(rules.get("max", low + 20) or low)
    return random.randint(low, max(low, min(high, low + 20)))


def _text(field: Mapping[str, Any], random: Random) -> str:
    rules = field.get("validate") or {}
    text = random.choice(_TEXTS)
    while len(text) < int(rules.get("minLength", 0) or 0):
        text += " " + random.choice(_TEXTS)
    return text[: int(rules.get("maxLength", 0) or len(text))]


def feel_day(day: date) -> FeelDate:
    """The day as a FEEL value."""
    return FeelDate(day.year, day.month, day.day)
