"""Read form-js JSON; what cannot be shown safely or is not understood is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache

from engine.errors import InvalidDocument
from forms.schema import model
from forms.schema.model import Component, Dynamic, Form, Path

MAX_SOURCE_BYTES = 500_000
MAX_COMPONENTS = 500
MAX_DEPTH = 8
_KEY_CHARACTERS_REFUSED = frozenset("\x00\n\r\t\"'<>&,")


class InvalidForm(InvalidDocument):
    """A form cannot be read or holds something that may not be shown."""

    code = "INVALID_FORM"


class RefusedComponent(InvalidForm):
    """The form holds a kind of component that is not shown here, because it would load foreign content."""

    code = "FORM_COMPONENT_REFUSED"


@lru_cache(maxsize=256)
def read_form(source: bytes, *, file: str = "form") -> Form:
    """Read one form.

    Args:
        source: the form-js JSON, UTF-8, at most 500 kB.
        file: what to call it in error messages.

    Raises:
        InvalidForm: it is not JSON, not a form, or a component lacks what it needs.
        RefusedComponent: an iframe, an image or another component that is not shown.
    """
    if len(source) > MAX_SOURCE_BYTES:
        raise InvalidForm(f"{file}: the form is larger than {MAX_SOURCE_BYTES} bytes")
    try:
        document = json.loads(source.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InvalidForm(f"{file}: not JSON in UTF-8: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        raise InvalidForm(f"{file}: not a form: it has no list of components")
    reader = _Reader(file)
    components = reader.components(document["components"], prefix=(), depth=1)
    return Form(id=_text(document, "id"), components=components)


class _Reader:
    """Reads one document; counts components and remembers the keys that are taken."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0
        self._taken: set[Path] = set()

    def components(self, items: list[object], *, prefix: Path, depth: int) -> tuple[Component, ...]:
        if depth > MAX_DEPTH:
            raise InvalidForm(f"{self._file}: groups within groups more than {MAX_DEPTH} deep")
        read = (self._component(item, prefix, depth) for item in items)
        return tuple(component for component in read if component is not None)

    def _component(self, item: object, prefix: Path, depth: int) -> Component | None:
        if not isinstance(item, dict):
            raise InvalidForm(f"{self._file}: a component is not an object")
        self._count += 1
        if self._count > MAX_COMPONENTS:
            raise InvalidForm(f"{self._file}: more than {MAX_COMPONENTS} components")
        kind = _text(item, "type")
        if kind == "button":
            return None  # the page has its own buttons
        if kind in ("group", "dynamiclist"):
            return self._container(kind, item, prefix, depth)
        build = _BUILDERS.get(kind)
        if build is None:
            name = _text(item, "id") or _text(item, "label") or "?"
            raise RefusedComponent(f"{self._file}: component {name!r} is of the kind {kind!r}, which is not shown here")
        return build(self, item, prefix)

    def _container(self, kind: str, item: dict[str, object], prefix: Path, depth: int) -> Component:
        children = item.get("components", [])
        if not isinstance(children, list):
            raise InvalidForm(f"{self._file}: {item.get('id')!r} has no list of components")
        path = _split(_text(item, "path"))
        common = self._common(item)
        if kind == "group":
            return model.Group(
                **common,
                label=_text(item, "label"),
                path=path,
                outlined=item.get("showOutline") is not False,
                children=self.components(children, prefix=(*prefix, *path), depth=depth + 1),
            )
        if not path:
            raise InvalidForm(f"{self._file}: the repeated section {item.get('label') or item.get('id')!r} has no path")
        whole = self._take((*prefix, *path))
        rows = item.get("defaultRepetitions", 1)
        return model.DynamicList(
            **common,
            label=_text(item, "label"),
            path=path,
            may_change_rows=item.get("allowAddRemove") is not False,
            default_rows=rows if isinstance(rows, int) and 0 <= rows <= 50 else 1,
            children=self.components(children, prefix=(*whole, "*"), depth=depth + 1),
        )

    def _common(self, item: dict[str, object]) -> dict[str, object]:
        layout = item.get("layout")
        layout = layout if isinstance(layout, dict) else {}
        columns = layout.get("columns")
        conditional = item.get("conditional")
        hide = conditional.get("hide") if isinstance(conditional, dict) else None
        return {
            "id": _text(item, "id"),
            "hide": _expression(hide) if isinstance(hide, str) and hide.strip() else None,
            "row": layout["row"] if isinstance(layout.get("row"), str) else None,
            "columns": columns if isinstance(columns, int) and 1 <= columns <= 16 else None,
        }

    def _input(self, item: dict[str, object], prefix: Path) -> dict[str, object]:
        path = self._path(item, prefix)
        appearance = item.get("appearance")
        appearance = appearance if isinstance(appearance, dict) else {}
        return {
            **self._common(item),
            "path": path,
            "label": _text(item, "label") or path[-1],
            "description": _text(item, "description"),
            "default": item.get("defaultValue"),
            "readonly": _dynamic(item.get("readonly")),
            "disabled": _dynamic(item.get("disabled")),
            "rules": self._rules(item),
            "prefix": _text(appearance, "prefixAdorner"),
            "suffix": _text(appearance, "suffixAdorner"),
        }

    def _path(self, item: dict[str, object], prefix: Path) -> Path:
        path = _split(_text(item, "key"))
        if not path:
            raise InvalidForm(f"{self._file}: {item.get('label') or item.get('id')!r} has no key")
        self._take((*prefix, *path))
        return path

    def _take(self, whole: Path) -> Path:
        for part in whole:
            if not part or len(part) > 200 or _KEY_CHARACTERS_REFUSED & set(part):
                raise InvalidForm(f"{self._file}: the key {'.'.join(whole)!r} has characters that a key cannot have")
        if whole in self._taken:
            raise InvalidForm(f"{self._file}: two components have the key {'.'.join(whole)!r}")
        self._taken.add(whole)
        return whole

    def _rules(self, item: dict[str, object]) -> model.Rules:
        validate = item.get("validate")
        validate = validate if isinstance(validate, dict) else {}
        pattern = validate.get("pattern")
        form = validate.get("validationType")
        return model.Rules(
            required=_dynamic(validate.get("required", False)),
            minimum=_dynamic(validate.get("min")),
            maximum=_dynamic(validate.get("max")),
            min_length=_dynamic(validate.get("minLength")),
            max_length=_dynamic(validate.get("maxLength")),
            pattern=pattern if isinstance(pattern, str) and pattern else None,
            format=form if form in ("email", "phone") else None,
        )

    def text_input(self, item: dict[str, object], prefix: Path) -> Component:
        return model.TextInput(**self._input(item, prefix), kind=model.TextKind(_text(item, "type")))

    def number(self, item: dict[str, object], prefix: Path) -> Component:
        digits = item.get("decimalDigits")
        increment = item.get("increment")
        return model.NumberInput(
            **self._input(item, prefix),
            decimal_digits=digits if isinstance(digits, int) and 0 <= digits <= 30 else None,
            increment=str(increment) if isinstance(increment, (str, int, float)) and str(increment) else None,
            as_text=item.get("serializeToString") is True,
        )

    def checkbox(self, item: dict[str, object], prefix: Path) -> Component:
        return model.Checkbox(**self._input(item, prefix))

    def choice(self, item: dict[str, object], prefix: Path) -> Component:
        key, expression = _text(item, "valuesKey"), _text(item, "valuesExpression")
        values = item.get("values", [])
        if not isinstance(values, list):
            raise InvalidForm(f"{self._file}: the values of {item.get('key')!r} are not a list")
        return model.Choice(
            **self._input(item, prefix),
            kind=model.ChoiceKind(_text(item, "type")),
            options=tuple(option for value in values if (option := option_of(value)) is not None),
            values_key=_split(key) or None,
            values_expression=_expression(expression) if expression else None,
        )

    def moment(self, item: dict[str, object], prefix: Path) -> Component:
        subtype, form = _text(item, "subtype") or "date", _text(item, "timeSerializingFormat")
        if subtype not in set(model.MomentKind):
            raise InvalidForm(f"{self._file}: {item.get('key')!r} asks for {subtype!r}, not date, time or datetime")
        labels = {"date_label": _text(item, "dateLabel"), "time_label": _text(item, "timeLabel")}
        own = labels["time_label"] if subtype == "time" else labels["date_label"]
        named = {**item, "label": _text(item, "label") or own}
        return model.MomentInput(
            **self._input(named, prefix),
            **labels,
            kind=model.MomentKind(subtype),
            time_format=model.TimeFormat(form) if form in set(model.TimeFormat) else model.TimeFormat.LOCAL,
            only_future=item.get("disallowPassedDates") is True,
        )

    def computed(self, item: dict[str, object], prefix: Path) -> Component:
        expression = _text(item, "expression")
        if not expression:
            raise InvalidForm(f"{self._file}: {item.get('key')!r} has no expression")
        path = self._path(item, prefix)
        return model.Computed(**self._common(item), path=path, expression=_expression(expression))

    def text(self, item: dict[str, object], prefix: Path) -> Component:
        return model.Text(**self._common(item), text=_text(item, "text"))

    def html(self, item: dict[str, object], prefix: Path) -> Component:
        return model.Html(**self._common(item), content=_text(item, "content"))

    def table(self, item: dict[str, object], prefix: Path) -> Component:
        columns = item.get("columns", [])
        shown = [column for column in columns if isinstance(column, dict)] if isinstance(columns, list) else []
        return model.Table(
            **self._common(item),
            label=_text(item, "label"),
            source=_expression(_text(item, "dataSource")),
            columns_shown=tuple(
                (_text(column, "label") or _text(column, "key"), _text(column, "key")) for column in shown
            ),
        )

    def separator(self, item: dict[str, object], prefix: Path) -> Component:
        return model.Separator(**self._common(item))

    def spacer(self, item: dict[str, object], prefix: Path) -> Component:
        return model.Spacer(**self._common(item))


_BUILDERS: Mapping[str, Callable[[_Reader, dict[str, object], Path], Component]] = {
    "textfield": _Reader.text_input,
    "textarea": _Reader.text_input,
    "number": _Reader.number,
    "checkbox": _Reader.checkbox,
    "radio": _Reader.choice,
    "select": _Reader.choice,
    "checklist": _Reader.choice,
    "taglist": _Reader.choice,
    "datetime": _Reader.moment,
    "expression": _Reader.computed,
    "text": _Reader.text,
    "html": _Reader.html,
    "table": _Reader.table,
    "separator": _Reader.separator,
    "spacer": _Reader.spacer,
}


def option_of(value: object) -> model.Option | None:
    """An option from form-js's `{label, value}` or from a plain value; None from what cannot be one."""
    if isinstance(value, Mapping):
        plain, label = value.get("value"), value.get("label")
        if plain is None or isinstance(plain, (Mapping, list)):
            return None
        return model.Option(label=str(label if label not in (None, "") else plain), value=plain, token=token_of(plain))
    if value is None or isinstance(value, list):
        return None
    return model.Option(label=str(value), value=value, token=token_of(value))


def token_of(value: object) -> str:
    """How an option's value is written in HTML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _split(dotted: str) -> Path:
    return tuple(part.strip() for part in dotted.split(".")) if dotted.strip() else ()


def _expression(text: str) -> str:
    """The FEEL of a property that may begin with `=`."""
    stripped = text.strip()
    return stripped[1:].strip() if stripped.startswith("=") else stripped


def _dynamic(value: object) -> Dynamic:
    return value if isinstance(value, (str, bool, int, float)) else None
