"""From what was typed to a typed value, and from a value to what an input shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.numbers import CONTEXT
from engine.feel.values import FeelDate, FeelDateTime, FeelTime
from forms.schema import model
from forms.schema.model import MomentKind, TimeFormat
from forms.schema.problems import ProblemCode
from forms.schema.raw import RawAnswers
from forms.schema.reading import token_of

LINE_LIMIT = 1_000
"""Characters in one line when the form says nothing."""
AREA_LIMIT = 20_000
"""Characters in several lines when the form says nothing."""
DATE_PART, TIME_PART = ".date", ".time"
"""What the two inputs of a date with a time add to the question's name."""

_NUMBER = re.compile(r"[-−+]?(\d{1,34}([.,]\d{0,34})?|[.,]\d{1,34})")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?")
_ZONE = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Answer:
    """A typed value (None when nothing was answered) or what is wrong with the text."""

    value: object = None
    problem: ProblemCode | None = None
    details: Mapping[str, str] | None = None


EMPTY = Answer()


def is_empty(value: object) -> bool:
    """Whether a required question still lacks its answer."""
    return value is None or value == "" or value == [] or value is False


def read_text(component: model.TextInput, raw: RawAnswers, name: str) -> Answer:
    """A text; line ends become plain line feeds, blanks around it go."""
    texts = raw.of(name)
    if len(texts) > 1:
        return Answer(problem=ProblemCode.TOO_MANY_ANSWERS)
    text = raw.first(name).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return EMPTY
    limit = AREA_LIMIT if component.kind is model.TextKind.AREA else LINE_LIMIT
    if component.rules.max_length is None and len(text) > limit:
        return Answer(problem=ProblemCode.TOO_LONG, details={"limit": str(limit), "length": str(len(text))})
    allowed = "\n\t" if component.kind is model.TextKind.AREA else "\t"
    if any(character not in allowed and not _is_writable(character) for character in text):
        return Answer(problem=ProblemCode.CONTROL_CHARACTERS)
    return Answer(text)


def _is_writable(character: str) -> bool:
    code = ord(character)
    return code >= 0x20 and not 0x7F <= code < 0xA0 and not 0xD800 <= code < 0xE000


def read_number(component: model.NumberInput, raw: RawAnswers, name: str) -> Answer:
    """A number with comma or point, blanks between thousands."""
    texts = raw.of(name)
    if len(texts) > 1:
        return Answer(problem=ProblemCode.TOO_MANY_ANSWERS)
    text = _SPACES.sub("", raw.first(name))
    if not text:
        return EMPTY
    if not _NUMBER.fullmatch(text) or sum(character.isdigit() for character in text) > 34:
        return Answer(problem=ProblemCode.NOT_A_NUMBER)
    number = Decimal(text.replace(",", ".").replace("−", "-"))
    return Answer(plain_number(number))


def plain_number(number: Decimal) -> int | Decimal:
    """The number as FEEL keeps it: whole numbers as int."""
    return int(number) if number == number.to_integral_value(context=CONTEXT) else number.normalize(CONTEXT)


def read_checkbox(raw: RawAnswers, name: str) -> Answer:
    """True when it was ticked."""
    texts = raw.of(name)
    if any(text not in ("true", "on") for text in texts):
        return Answer(problem=ProblemCode.UNKNOWN_OPTION)
    return Answer(bool(texts))


def read_choice(component: model.Choice, options: Sequence[model.Option], raw: RawAnswers, name: str) -> Answer:
    """The chosen option's value, or the list of them; only what the form offers."""
    by_token = {option.token: option.value for option in options}
    tokens = tuple(dict.fromkeys(text for text in raw.of(name) if text != ""))
    if any(token not in by_token for token in tokens):
        return Answer(problem=ProblemCode.UNKNOWN_OPTION)
    if component.kind.is_multiple:
        return Answer([by_token[token] for token in tokens])
    if len(tokens) > 1:
        return Answer(problem=ProblemCode.TOO_MANY_ANSWERS)
    return Answer(by_token[tokens[0]]) if tokens else EMPTY


def read_moment(component: model.MomentInput, raw: RawAnswers, name: str) -> Answer:
    """A date, a time or both, in Swedish local time."""
    if component.kind is MomentKind.DATE:
        return _read_date(raw.first(name).strip())
    if component.kind is MomentKind.TIME:
        return _read_time(raw.first(name).strip(), component.time_format)
    date, time = raw.first(name + DATE_PART).strip(), raw.first(name + TIME_PART).strip()
    if not date and not time:
        return EMPTY
    if not date or not time:
        return Answer(problem=ProblemCode.HALF_A_MOMENT)
    day, hour = _read_date(date), _read_time(time, TimeFormat.LOCAL)
    if not isinstance(day.value, FeelDate):
        return day
    if not isinstance(hour.value, FeelTime):
        return hour
    return Answer(_zoned(day.value, hour.value, component.time_format))


def _zoned(date: FeelDate, time: FeelTime, form: TimeFormat) -> FeelDateTime:
    if form is TimeFormat.LOCAL:
        return FeelDateTime(date, time)
    here = FeelDateTime.of_local(FeelDateTime(date, time).local_nanoseconds, zone=_ZONE)
    offset = 0 if form is TimeFormat.UTC else here.offset
    return FeelDateTime.of_utc(here.nanoseconds, offset=offset)


def _read_date(text: str) -> Answer:
    if not text:
        return EMPTY
    date = date_of(text)
    return Answer(date) if date else Answer(problem=ProblemCode.NOT_A_DATE)


def date_of(text: str) -> FeelDate | None:
    """The date a text names (`2026-10-01` or `20261001`), None when it names none."""
    match = _DATE.fullmatch(text)
    try:
        return FeelDate(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def _read_time(text: str, form: TimeFormat) -> Answer:
    if not text:
        return EMPTY
    match = _TIME.fullmatch(text)
    if not match:
        return Answer(problem=ProblemCode.NOT_A_TIME)
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return Answer(FeelTime(hour, minute, second, zone=None if form is TimeFormat.LOCAL else _ZONE))
    except ValueError:
        return Answer(problem=ProblemCode.NOT_A_TIME)


def text_of_date(value: object) -> str:
    """A date as an HTML date input wants it, empty for what is no date."""
    if isinstance(value, FeelDateTime):
        value = value.date
    if isinstance(value, str):
        value = date_of(value[:10])
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d}" if isinstance(value, FeelDate) else ""


def text_of_time(value: object) -> str:
    """A time of day as an HTML time input wants it, empty for what is no time."""
    if isinstance(value, FeelDateTime):
        value = value.time
    if isinstance(value, str):
        return value[-5:] if _TIME.fullmatch(value[-5:]) else ""
    return f"{value.hour:02d}:{value.minute:02d}" if isinstance(value, FeelTime) else ""


def text_of_number(value: object) -> str:
    """A number with a decimal comma; other values as they are."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value).replace(".", ",") if isinstance(value, (int, float)) else str(value)


def texts_of(component: model.Input, value: object) -> dict[str, tuple[str, ...]]:
    """What the inputs of a question show for a value: texts by the ending of the input's name."""
    if isinstance(component, model.MomentInput):
        return _MOMENT_TEXTS[component.kind](value)
    if isinstance(component, model.NumberInput):
        return {"": (text_of_number(value),)}
    if isinstance(component, model.Checkbox):
        return {"": ("true",) if value is True else ()}
    if isinstance(component, model.Choice) and component.kind.is_multiple:
        return {"": tuple(token_of(item) for item in value) if isinstance(value, (list, tuple)) else ()}
    if isinstance(component, model.Choice):
        return {"": () if value is None else (token_of(value),)}
    return {"": ("" if value is None else value if isinstance(value, str) else text_of_number(value),)}


_MOMENT_TEXTS: Mapping[MomentKind, Callable[[object], dict[str, tuple[str, ...]]]] = {
    MomentKind.DATE: lambda value: {"": (text_of_date(value),)},
    MomentKind.TIME: lambda value: {"": (text_of_time(value),)},
    MomentKind.DATETIME: lambda value: {DATE_PART: (text_of_date(value),), TIME_PART: (text_of_time(value),)},
}


def endings(component: model.Input) -> tuple[str, ...]:
    """What the inputs of a question add to its name."""
    split = isinstance(component, model.MomentInput) and component.kind is MomentKind.DATETIME
    return (DATE_PART, TIME_PART) if split else ("",)
