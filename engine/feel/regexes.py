"""Regular expressions of XPath 2.0 (as the standard wants), within a budget of time.

They are translated to the `regex` package, which alone among Python's engines knows both what XPath needs (class
subtraction, Unicode categories and blocks, back-references) and a time limit; linear-time engines lack the former.
All patterns of one evaluation share `Limits.regex_seconds`; when it is used up, FeelLimitError is raised.
"""

from __future__ import annotations

from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import regex  # type: ignore[import-untyped]

from engine.feel.errors import EvaluationProblem, FeelLimitError
from engine.feel.regex_translation import PatternError, translate
from engine.feel.runtime import Evaluation

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_KNOWN_FLAGS = frozenset("smixq")


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    # XPath folds case character by character: without full folding, under which one letter may match two.
    options = regex.V1 | regex.UNICODE | (regex.IGNORECASE if "i" in flags else 0)
    return regex.compile("(?-f)" + translate(pattern, flags), options)


def _pattern(run: Evaluation, pattern: str, flags: str) -> regex.Pattern[str]:
    if len(pattern) > run.limits.pattern_length:
        raise FeelLimitError(f"a pattern may have {run.limits.pattern_length} characters")
    unknown = set(flags) - _KNOWN_FLAGS
    if unknown or len(flags) > 16:
        raise EvaluationProblem(f"the flags are s, m, i, x and q, not {flags[:16]!r}")
    run.charge(20 + len(pattern))
    try:
        return _compiled(pattern, "".join(sorted(set(flags))))
    except (PatternError, regex.error, RecursionError) as problem:
        raise EvaluationProblem(f"the pattern is wrong: {problem}", "INVALID_PATTERN") from problem


def _timed(run: Evaluation, work: Callable[[float], T]) -> T:
    left = run.regex_seconds
    started = perf_counter()
    try:
        return work(max(left, 0.000_1))
    except TimeoutError as problem:
        message = f"regular expressions take more than {run.limits.regex_seconds} s here"
        raise FeelLimitError(message) from problem
    finally:
        run.regex_seconds = left - (perf_counter() - started)


def search(run: Evaluation, text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern is found anywhere in the text."""
    run.check_text(len(text))
    compiled = _pattern(run, pattern, flags)
    return _timed(run, lambda seconds: compiled.search(text, timeout=seconds) is not None)


def _matches(run: Evaluation, compiled: regex.Pattern[str], text: str) -> list[regex.Match[str]]:
    if _timed(run, lambda seconds: compiled.fullmatch("", timeout=seconds)) is not None:
        raise EvaluationProblem("the pattern finds the empty text", "INVALID_PATTERN")
    limit = run.limits.list_length

    def collect(seconds: float) -> list[regex.Match[str]]:
        found = []
        for match in compiled.finditer(text, timeout=seconds):
            found.append(match)
            if len(found) > limit:
                raise FeelLimitError(f"the pattern is found more than {limit} times")
        return found

    found = _timed(run, collect)
    run.charge(2 * len(found))
    return found


def _template(replacement: str, groups: int) -> list[str | int]:
    parts: list[str | int] = []
    index = 0
    while index < len(replacement):
        character = replacement[index]
        following = replacement[index + 1 : index + 2]
        if character == "\\":
            if following not in ("\\", "$") or not following:
                raise EvaluationProblem(r"in a replacement `\` stands before `\` or `$`")
            parts.append(following)
            index += 2
        elif character == "$":
            if not (following.isascii() and following.isdigit()):
                raise EvaluationProblem("in a replacement `$` stands before a group's number")
            end = index + 2
            while replacement[end : end + 1].isdigit() and int(replacement[index + 1 : end + 1]) <= groups:
                end += 1
            parts.append(int(replacement[index + 1 : end]))
            index = end
        else:
            parts.append(character)
            index += 1
    return parts


def replace(run: Evaluation, text: str, pattern: str, replacement: str, flags: str) -> str:
    """The text with each find replaced; `$0` is all of it, `$1` its first group."""
    run.check_text(len(text) + len(replacement))
    compiled = _pattern(run, pattern, flags)
    parts: list[str | int] = [replacement] if "q" in flags else _template(replacement, compiled.groups)
    pieces: list[str] = []
    position, length = 0, 0
    for match in _matches(run, compiled, text):
        pieces.append(text[position : match.start()])
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
            elif part <= compiled.groups:
                pieces.append(match.group(part) or "")
            length += len(pieces[-1]) if pieces else 0
            if length > run.limits.text_length:
                run.check_text(length)
        position = match.end()
    pieces.append(text[position:])
    run.check_text(sum(map(len, pieces)))
    return "".join(pieces)


def split(run: Evaluation, text: str, pattern: str) -> list[str]:
    """The texts between the finds."""
    run.check_text(len(text))
    pieces: list[str] = []
    position = 0
    for match in _matches(run, _pattern(run, pattern, ""), text):
        pieces.append(text[position : match.start()])
        position = match.end()
    pieces.append(text[position:])
    run.check_length(len(pieces))
    return pieces


def extract(run: Evaluation, text: str, pattern: str) -> list[str]:
    """The finds."""
    run.check_text(len(text))
    found = [match.group() for match in _matches(run, _pattern(run, pattern, ""), text)]
    run.check_length(len(found))
    return found
