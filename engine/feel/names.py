"""Names with spaces, operators or keywords in them: found in the text by what is known to exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError
from engine.feel.scanner import KEYWORDS, Token, TokenKind, scan

_SIMPLE = re.compile(r"[^\W0-9]\w*", re.UNICODE)
PROPERTY_NAMES = ("time offset", "start included", "end included")
"""Properties of values whose names have a space."""

HOST_FUNCTION_NAMES = ("add working days", "working days between", "working hours between")
"""Functions every environment of the engine gives; the parser must know those with a keyword in them."""

NAME_SYMBOLS = frozenset({"+", "-", "*", "**", "/", ".", "'", "?"})
"""The operators and marks that the grammar allows in names; data with other keys must not change how a text is read."""

MAX_KNOWN_NAME_LENGTH = 200

Pattern = tuple[tuple[str, bool], ...]


def is_simple(name: str) -> bool:
    """Whether the scanner reads the name as one word by itself."""
    return _SIMPLE.fullmatch(name) is not None and name not in KEYWORDS


def complex_names(value: object, budget: int = 5_000) -> Iterator[str]:
    """The names in a scope, and the keys of contexts within it, that are not simple."""
    pending = [value]
    while pending and budget > 0:
        current = pending.pop()
        if isinstance(current, Mapping):
            for key, inner in current.items():
                budget -= 1
                if isinstance(key, str) and not is_simple(key):
                    yield key
                if isinstance(inner, Mapping | list | tuple):
                    pending.append(inner)
        elif isinstance(current, list | tuple):
            budget -= len(current)
            pending.extend(item for item in current[:1_000] if isinstance(item, Mapping | list | tuple))


class KnownNames:
    """The names to look for, by their first word, longest first. Immutable; `plus` makes a wider one."""

    def __init__(self, patterns: Mapping[str, tuple[tuple[Pattern, str], ...]]) -> None:
        self._patterns = patterns

    @classmethod
    def of(cls, names: Iterable[str]) -> KnownNames:
        """Those of the names that are not simple and that could stand in a text."""
        return cls({}).plus(names)

    def plus(self, names: Iterable[str]) -> KnownNames:
        """These and some more."""
        added = dict(self._patterns)
        for name in names:
            if is_simple(name) or len(name) > MAX_KNOWN_NAME_LENGTH:
                continue
            pattern = _pattern_of(name)
            if pattern is None:
                continue
            first = pattern[0][0]
            entries = [entry for entry in added.get(first, ()) if entry[0] != pattern]
            added[first] = tuple(sorted([*entries, (pattern, name)], key=lambda entry: -len(entry[0])))
        return KnownNames(added) if len(added) or not self._patterns else self

    def match(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name that begins at this token, and the index after it."""
        for pattern, name in self._patterns.get(tokens[index].text, ()):
            if index + len(pattern) < len(tokens) and _fits(tokens, index, pattern):
                return name, index + len(pattern)
        return None


def _may_be_in_name(token: Token) -> bool:
    if token.kind is TokenKind.SYMBOL:
        return token.text in NAME_SYMBOLS
    return token.kind in (TokenKind.NAME, TokenKind.NUMBER)


@lru_cache(maxsize=1_024)  # the same names (built-in functions) come with every expression
def _pattern_of(name: str) -> Pattern | None:
    try:
        tokens = scan(name)[:-1]
    except FeelSyntaxError:
        return None
    if not tokens or tokens[0].kind is not TokenKind.NAME or not all(map(_may_be_in_name, tokens)):
        return None
    return tuple((token.text, token.spaced) for token in tokens)


def _fits(tokens: list[Token], index: int, pattern: Pattern) -> bool:
    previous_symbol = False
    for offset, (text, spaced) in enumerate(pattern):
        token = tokens[index + offset]
        if token.text != text or token.kind in (TokenKind.STRING, TokenKind.QUOTED_NAME):
            return False
        symbol = token.kind is TokenKind.SYMBOL
        # `a-b` is a name and `a - b` a difference, so around symbols the spaces must be as in the name.
        if offset and (symbol or previous_symbol) and token.spaced != spaced:
            return False
        previous_symbol = symbol
    return True
