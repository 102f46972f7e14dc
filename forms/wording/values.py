"""Values of variables as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from babel.dates import format_date

from engine.feel import Environment
from forms.i18n import language
from forms.schema.engine_feel import EngineFeel
from forms.wording import moments

MAX_VALUE = 400
NOTHING = "–"
_PLAIN = EngineFeel(Environment())
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def value_words(value: object) -> str:
    """A value as a person reads it; a dash for nothing, long ones cut."""
    if isinstance(value, Mapping):
        text = "; ".join(f"{name}: {value_words(inner)}" for name, inner in value.items())
    elif isinstance(value, (list, tuple)):
        text = ", ".join(value_words(inner) for inner in value)
    else:
        text = _in_time(_PLAIN.shown(value))
    return shortened(text or NOTHING)


def shortened(text: str) -> str:
    """A text that is no longer than a page can show."""
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + " …"


def _in_time(text: str) -> str:
    """Dates, months and moments as people write them; other texts as they are."""
    if _MONTH.fullmatch(text):
        return format_date(date.fromisoformat(f"{text}-01"), "LLLL y", locale=language())
    if not text[:4].isdigit() or text[4:5] != "-":
        return text
    try:
        if len(text) == 10:
            return moments.day(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moments.moment(moment) if moment.tzinfo else text
