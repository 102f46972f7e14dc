"""Functions of texts; positions count code points."""

from __future__ import annotations

import base64

from engine.feel import numbers, regexes
from engine.feel.arithmetic import Number
from engine.feel.errors import EvaluationProblem
from engine.feel.functions import built_in
from engine.feel.runtime import Evaluation
from engine.feel.types import type_name


@built_in("substring", "string: string, start position: number, length?: number")
def substring(run: Evaluation, text: str, start: Number, length: Number | None = None) -> str:
    """The text from a position on, all or at most so many characters."""
    first = numbers.to_int(start)
    if first is None or first == 0 or abs(first) > len(text):
        raise EvaluationProblem(f"the text has no position {numbers.to_text(start)}", "OUT_OF_RANGE")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        result = text[begin:]
    else:
        wanted = numbers.to_int(length)
        if wanted is None or wanted < 1:
            raise EvaluationProblem("the length must be at least 1", "OUT_OF_RANGE")
        result = text[begin : begin + wanted]
    run.check_text(len(result))
    return result


@built_in("string length", "string: string")
def string_length(run: Evaluation, text: str) -> int:
    """How many code points."""
    return len(text)


@built_in("upper case", "string: string")
def upper_case(run: Evaluation, text: str) -> str:
    """In capitals."""
    run.check_text(len(text))
    return text.upper()


@built_in("lower case", "string: string")
def lower_case(run: Evaluation, text: str) -> str:
    """In small letters."""
    run.check_text(len(text))
    return text.lower()


@built_in("substring before", "string: string, match: string")
def substring_before(run: Evaluation, text: str, match: str) -> str:
    """What stands before the match, nothing without one."""
    run.check_text(len(text))
    before, found, _ = text.partition(match) if match else ("", "", text)
    return before if found else ""


@built_in("substring after", "string: string, match: string")
def substring_after(run: Evaluation, text: str, match: str) -> str:
    """What stands after the match, nothing without one, everything after an empty one."""
    run.check_text(len(text))
    return text.partition(match)[2] if match else text


@built_in("contains", "string: string, match: string")
def contains(run: Evaluation, text: str, match: str) -> bool:
    """Whether the match stands in the text."""
    run.check_text(len(text))
    return match in text


@built_in("starts with", "string: string, match: string")
def starts_with(run: Evaluation, text: str, match: str) -> bool:
    """Whether the text begins with the match."""
    return text.startswith(match)


@built_in("ends with", "string: string, match: string")
def ends_with(run: Evaluation, text: str, match: str) -> bool:
    """Whether the text ends with the match."""
    return text.endswith(match)


@built_in("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Evaluation, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether the pattern is found in the text."""
    return regexes.search(run, text, pattern, flags or "")


@built_in("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Evaluation, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """The text with everything that the pattern finds replaced; `$1` is the first group."""
    return regexes.replace(run, text, pattern, replacement, flags or "")


@built_in("split", "string: string, delimiter: string")
def split(run: Evaluation, text: str, delimiter: str) -> list[str]:
    """The texts between what the pattern finds."""
    return regexes.split(run, text, delimiter)


@built_in("extract", "string: string, pattern: string")
def extract(run: Evaluation, text: str, pattern: str) -> list[str]:
    """Everything that the pattern finds."""
    return regexes.extract(run, text, pattern)


def _joined(run: Evaluation, items: list[object], delimiter: str) -> str:
    texts: list[str] = []
    for item in items:
        if item is None:
            continue
        if not isinstance(item, str):
            raise EvaluationProblem(f"only texts can be joined, not a {type_name(item)}", "TYPE_MISMATCH")
        texts.append(item)
    run.charge(len(items))
    run.check_text(sum(map(len, texts)) + len(delimiter) * max(0, len(texts) - 1))
    return delimiter.join(texts)


@built_in("string join", "list: list, delimiter?: string|null")
def string_join(run: Evaluation, items: list[object], delimiter: str | None = None) -> str:
    """The texts of the list in one, nulls left out."""
    return _joined(run, items, delimiter or "")


@built_in("string join", "list: list, delimiter: string|null, prefix: string|null, suffix: string|null")
def string_join_within(
    run: Evaluation, items: list[object], delimiter: str | None, prefix: str | None, suffix: str | None
) -> str:
    """The texts of the list in one, between a prefix and a suffix."""
    joined = _joined(run, items, delimiter or "")
    run.check_text(len(joined) + len(prefix or "") + len(suffix or ""))
    return f"{prefix or ''}{joined}{suffix or ''}"


@built_in("trim", "string: string")
def trim(run: Evaluation, text: str) -> str:
    """Without white space at either end."""
    run.check_text(len(text))
    return text.strip()


@built_in("is blank", "string: string")
def is_blank(run: Evaluation, text: str) -> bool:
    """Whether there is nothing but white space."""
    run.check_text(len(text))
    return not text.strip()


@built_in("to base64", "value: string")
def to_base64(run: Evaluation, text: str) -> str:
    """The text's UTF-8 bytes in Base64."""
    run.check_text(len(text) * 2)
    return base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")


@built_in("uuid")
def uuid(run: Evaluation) -> str:
    """An identifier from the environment, which makes it the same when the work is repeated."""
    if run.environment.identifiers is None:
        raise EvaluationProblem("this environment gives no identifiers", "NO_IDENTIFIERS")
    return run.environment.identifiers()
