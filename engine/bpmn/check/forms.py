"""Forms as form-js writes them: the shape of the JSON, keys once, known components, expressions that parse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from engine.bpmn.check.feel import Speaker
from engine.bpmn.check.rules import ERROR, FILE, WARNING, Rule, Spot
from engine.findings import Finding

FORM_NOT_JSON = Rule(
    "FORM_NOT_JSON",
    ERROR,
    "Formuläret går inte att läsa som JSON: {reason}",
    "The form cannot be read as JSON: {reason}",
    "Spara formuläret på nytt från formulärredigeraren.",
    "Save the form anew from the form editor.",
    "a `.form` file cut off in the middle",
)
FORM_SHAPE = Rule(
    "FORM_SHAPE",
    ERROR,
    "Formuläret har inte rätt form: {reason}",
    "The form does not have the right shape: {reason_en}",
    "Spara formuläret på nytt från formulärredigeraren.",
    "Save the form anew from the form editor.",
    '`{"components": "none"}`',
)
FORM_ID_MISSING = Rule(
    "FORM_ID_MISSING",
    ERROR,
    "Formuläret har inget id och kan därför inte kopplas till någon uppgift.",
    "The form has no id and cannot be linked to any task.",
    "Ge formuläret ett id.",
    "Give the form an id.",
    '`{"type": "default", "components": []}`',
)
FORM_ID_TWICE = Rule(
    "FORM_ID_TWICE",
    ERROR,
    "Formuläret ”{value}” finns också i filen {other}.",
    "The form “{value}” also stands in the file {other}.",
    "Ge ett av formulären ett annat id.",
    "Give one of the forms another id.",
    'two files with `"id": "plan"`',
)
FORM_KEY_MISSING = Rule(
    "FORM_KEY_MISSING",
    ERROR,
    "Fältet ”{what}” har ingen nyckel, så svaret sparas inte.",
    "The field “{what}” has no key, so its answer is not kept.",
    "Ge fältet en nyckel: namnet på variabeln som ska få svaret.",
    "Give the field a key: the name of the variable that is to get the answer.",
    '`{"type": "textfield", "label": "Reason"}`',
)
FORM_KEY_TWICE = Rule(
    "FORM_KEY_TWICE",
    ERROR,
    "Nyckeln {key} används av flera fält; ”{what}” är det andra.",
    "The key {key} is used by several fields; “{what}” is the second.",
    "Ge fälten olika nycklar.",
    "Give the fields different keys.",
    'two fields with `"key": "reason"`',
)
FORM_KEY_INVALID = Rule(
    "FORM_KEY_INVALID",
    ERROR,
    "Nyckeln ”{key}” för fältet ”{what}” går inte att använda som variabelnamn.",
    "The key “{key}” of the field “{what}” cannot be used as a variable name.",
    "Börja med en bokstav och använd bara bokstäver, siffror, understreck och punkt.",
    "Begin with a letter and use only letters, digits, underscores and dots.",
    '`"key": "2 reasons"`',
)
FORM_COMPONENT_UNKNOWN = Rule(
    "FORM_COMPONENT_UNKNOWN",
    ERROR,
    "Fältet ”{what}” är av slaget {type}, som inte kan visas.",
    "The field “{what}” is of the kind {type}, which cannot be shown.",
    "Använd ett annat fält: bilder, inbäddade sidor och filer visas inte i formulär.",
    "Use another field: images, embedded pages and files are not shown in forms.",
    '`"type": "hologram"`',
)
FORM_LABEL_MISSING = Rule(
    "FORM_LABEL_MISSING",
    WARNING,
    "Fältet ”{what}” har ingen ledtext; den som inte ser formuläret får inte veta vad som frågas.",
    "The field “{what}” has no label; whoever does not see the form is not told what is asked.",
    "Skriv en ledtext.",
    "Write a label.",
    '`{"type": "textfield", "key": "reason"}`',
)
FORM_CHOICES_MISSING = Rule(
    "FORM_CHOICES_MISSING",
    ERROR,
    "Fältet ”{what}” låter en välja men har inga val.",
    "The field “{what}” lets one choose but has no choices.",
    "Lägg till val, en valnyckel eller ett uttryck som ger valen.",
    "Add values, a values key or an expression that gives them.",
    "a select without `values`",
)

INPUTS: Final = frozenset(
    {"textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "taglist"}
)
CHOICES: Final = frozenset({"checklist", "radio", "select", "taglist"})
SHOWN: Final = frozenset({"text", "html", "separator", "spacer", "button", "table", "expression"})
GROUPS: Final = frozenset({"group", "dynamiclist"})
MAX_DEPTH: Final = 50
MAX_COMPONENTS: Final = 5_000
_KEY_CHARACTERS: Final = frozenset("._")
_TEXTS_WITH_FEEL: Final = (
    "label", "description", "text", "readonly", "disabled", "source", "alt", "url", "valuesExpression", "expression",
    "min", "max", "minLength", "maxLength", "dataSource", "defaultValue", "required",
)  # fmt: skip


@dataclass
class Form:
    """What a form brings: its id and the names of the variables it writes."""

    id: str | None = None
    variables: set[str] = field(default_factory=set)


def read_form(source: bytes) -> tuple[Form, list[Finding], dict[str, Any] | None]:
    """Read a form file; the findings say why there is no schema when the third is None."""
    try:
        schema = json.loads(source.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return Form(), [FORM_NOT_JSON.at(FILE, reason=str(error) or "djup/depth")], None
    if not isinstance(schema, dict):
        return Form(), [_shape("det ska vara ett objekt", "it must be an object")], None
    identity = schema.get("id")
    form = Form(identity if isinstance(identity, str) and identity else None)
    if not isinstance(schema.get("components"), list):
        return form, [_shape("components ska vara en lista", "components must be a list")], None
    form.variables = {name for component, where in _components(schema) if not where for name in _names(component)}
    return form, [], schema


def check_form(form: Form, schema: dict[str, Any], speaker: Speaker) -> Iterator[Finding]:
    """What is wrong with a form that could be read."""
    if form.id is None:
        yield FORM_ID_MISSING.at(FILE)
    if schema.get("type", "default") != "default":
        yield _shape("type ska vara default", "type must be default")
    seen: set[tuple[str, str]] = set()
    for count, (component, where, depth) in enumerate(_walk(schema)):
        if count >= MAX_COMPONENTS or depth > MAX_DEPTH:
            yield _shape("för många eller för djupt liggande fält", "too many or too deeply nested fields")
            return
        if not isinstance(component, dict):
            yield _shape("varje fält ska vara ett objekt", "each field must be an object")
            continue
        yield from _component(component, where, seen)
        spot = _spot(component)
        for name, text in _expressions(component):
            yield from speaker.findings(spot, name, text, frozenset())


def _component(component: dict[str, Any], where: str, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    spot, kind = _spot(component), component.get("type")
    if kind not in INPUTS | SHOWN | GROUPS:
        yield FORM_COMPONENT_UNKNOWN.at(spot, type=kind)
        return
    if kind in INPUTS:
        key = component.get("key")
        if not isinstance(key, str) or not key:
            yield FORM_KEY_MISSING.at(spot)
        elif not _is_key(key):
            yield FORM_KEY_INVALID.at(spot, key=key)
        elif (where, key) in seen:
            yield FORM_KEY_TWICE.at(spot, key=key)
        else:
            seen.add((where, key))
        label = component.get("label") or component.get("dateLabel") or component.get("timeLabel")
        if not label:
            yield FORM_LABEL_MISSING.at(spot)
    if kind in CHOICES and not any(component.get(name) for name in ("values", "valuesKey", "valuesExpression")):
        yield FORM_CHOICES_MISSING.at(spot)


def _is_key(key: str) -> bool:
    return all(
        part and (part[0].isalpha() or part[0] == "_") and all(one.isalnum() or one in _KEY_CHARACTERS for one in part)
        for part in key.split(".")
    )


def _walk(schema: dict[str, Any]) -> Iterator[tuple[Any, str, int]]:
    """Every component with the path of the data it lies in, and its depth; a list, since forms may nest deep."""
    waiting = [(component, "", 1) for component in reversed(schema["components"])]
    while waiting:
        component, where, depth = waiting.pop()
        yield component, where, depth
        children = component.get("components") if isinstance(component, dict) else None
        if isinstance(children, list) and depth <= MAX_DEPTH:
            path = component.get("path")
            inner = f"{where}.{path}" if isinstance(path, str) and path else where
            waiting.extend((child, inner, depth + 1) for child in reversed(children))


def _components(schema: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for component, where, _depth in islice(_walk(schema), MAX_COMPONENTS):
        if isinstance(component, dict):
            yield component, where


def _names(component: dict[str, Any]) -> Iterator[str]:
    for attribute in ("key", "path"):
        value = component.get(attribute)
        if isinstance(value, str) and value:
            yield value.split(".")[0]


def _expressions(component: dict[str, Any]) -> Iterator[tuple[str, str]]:
    conditional = component.get("conditional")
    if isinstance(conditional, dict) and isinstance(conditional.get("hide"), str):
        yield "conditional.hide", conditional["hide"].strip().removeprefix("=").strip()
    places = [component, *(one for one in (component.get("validate"),) if isinstance(one, dict))]
    for place in places:
        for name in _TEXTS_WITH_FEEL:
            value = place.get(name)
            if isinstance(value, str) and value.lstrip().startswith("="):
                yield name, value.strip()[1:].strip()


def _spot(component: dict[str, Any]) -> Spot:
    names = [component.get(name) for name in ("id", "key")]
    identity = next((one for one in names if isinstance(one, str) and one), None)
    label = component.get("label")
    return Spot(identity, label if isinstance(label, str) and label else None)


def _shape(reason: str, reason_en: str) -> Finding:
    return FORM_SHAPE.at(FILE, reason=reason, reason_en=reason_en)
