"""What can be wrong with an answer; `forms.fields` says it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable names of the mistakes an answer can have."""

    REQUIRED = "required"  # nothing was answered where an answer is needed
    NOT_A_NUMBER = "not_a_number"  # the text does not read as a number
    TOO_MANY_DECIMALS = "too_many_decimals"  # more decimals than the form allows
    WRONG_STEP = "wrong_step"  # not a multiple of the form's increment
    TOO_SMALL = "too_small"  # below the form's minimum
    TOO_LARGE = "too_large"  # above the form's maximum
    TOO_SHORT = "too_short"  # fewer characters than the form asks for
    TOO_LONG = "too_long"  # more characters than the form or the limit allows
    CONTROL_CHARACTERS = "control_characters"  # characters that cannot be seen and are not line breaks
    PATTERN = "pattern"  # not of the form the author described
    EMAIL = "email"  # not an e-mail address
    PHONE = "phone"  # not a telephone number
    NOT_A_DATE = "not_a_date"  # no such date
    NOT_A_TIME = "not_a_time"  # no such time of day
    HALF_A_MOMENT = "half_a_moment"  # a date without its time or the reverse
    PASSED = "passed"  # a day before today where the form wants a coming one
    UNKNOWN_OPTION = "unknown_option"  # a choice that the form does not offer
    TOO_MANY_ANSWERS = "too_many_answers"  # several values where one was asked for
    TOO_MANY_ROWS = "too_many_rows"  # a list longer than the limit
    NOT_SEEN = "not_seen"  # the answers made this question appear after the form was shown
    REJECTED = "rejected"  # what receives the form does not take this answer; `text` says why


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake at one field instance (`name` is the input's name in HTML)."""

    name: str
    code: ProblemCode
    details: Mapping[str, str] = field(default_factory=dict)
