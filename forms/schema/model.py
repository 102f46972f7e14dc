"""A form as its author wrote it: one frozen dataclass per family of form-js components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

Dynamic: TypeAlias = str | bool | int | float | None
"""A property that may be written as a value or as FEEL (a text that begins with `=`)."""

Path: TypeAlias = tuple[str, ...]
"""Where a value lies in the variables: the names from the outside in."""


class TextKind(StrEnum):
    """How many lines a text field takes."""

    LINE = "textfield"
    AREA = "textarea"


class ChoiceKind(StrEnum):
    """How one or several of a list of options are chosen."""

    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    TAGLIST = "taglist"

    @property
    def is_multiple(self) -> bool:
        """Whether the value is a list."""
        return self in (ChoiceKind.CHECKLIST, ChoiceKind.TAGLIST)


class MomentKind(StrEnum):
    """What a datetime component asks for."""

    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"


class TimeFormat(StrEnum):
    """What zone an answered time carries."""

    LOCAL = "no_timezone"
    OFFSET = "utc_offset"
    UTC = "utc_normalized"


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must fulfil; each may be FEEL."""

    required: Dynamic = False
    minimum: Dynamic = None
    maximum: Dynamic = None
    min_length: Dynamic = None
    max_length: Dynamic = None
    pattern: str | None = None
    format: str | None = None
    """`email` or `phone`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Anything that takes a place in a form; `hide` is FEEL without its `=`."""

    id: str
    hide: str | None = None
    row: str | None = None
    columns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Input(Component):
    """A component that asks for a value and puts it at `path`."""

    path: Path
    label: str = ""
    description: str = ""
    default: object = None
    readonly: Dynamic = False
    disabled: Dynamic = False
    rules: Rules = field(default_factory=Rules)
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextInput(Input):
    """One line or several."""

    kind: TextKind = TextKind.LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberInput(Input):
    """A decimal number."""

    decimal_digits: int | None = None
    increment: str | None = None
    as_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkbox(Input):
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `value` is any JSON value, `token` how it is written in HTML."""

    label: str
    value: object
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Input):
    """One or several of a list: written here, found in a variable (`values_key`) or computed (`values_expression`)."""

    kind: ChoiceKind
    options: tuple[Option, ...] = ()
    values_key: Path | None = None
    values_expression: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentInput(Input):
    """A date, a time of day, or both."""

    kind: MomentKind = MomentKind.DATE
    date_label: str = ""
    time_label: str = ""
    time_format: TimeFormat = TimeFormat.LOCAL
    only_future: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Component):
    """A value by FEEL, shown nowhere, put at `path`."""

    path: Path
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Component):
    """Markdown with `{{ FEEL }}`."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Html(Component):
    """HTML with `{{ FEEL }}`, sanitised."""

    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Component):
    """Rows of a list variable, to read."""

    label: str = ""
    source: str = ""
    columns_shown: tuple[tuple[str, str], ...] = ()
    """Label and key of each column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator(Component):
    """A line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacer(Component):
    """Empty room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Component):
    """Components that belong together, with a heading; `path` goes before their keys."""

    label: str = ""
    path: Path = ()
    outlined: bool = True
    children: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicList(Component):
    """The same components repeated, one row per item of the list at `path`."""

    label: str
    path: Path
    may_change_rows: bool = True
    default_rows: int = 1
    children: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form."""

    id: str
    components: tuple[Component, ...]


def walk(components: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, parents before children."""
    for component in components:
        yield component
        if isinstance(component, (Group, DynamicList)):
            yield from walk(component.children)
