"""From text to tokens: names' parts, numbers, strings, symbols; comments and white space are dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from engine.feel.errors import FeelSyntaxError

_SPACE = "\u0009-\u000d \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""(?P<space>[{_SPACE}]+|//[^\n\r]*|/\*(?s:.*?)\*/)
      |(?P<name>[{_START}][{_PART}]*)
      |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
      |(?P<string>"(?:[^"\\]|\\(?s:.))*")
      |(?P<quoted>`[^`]+`)
      |(?P<symbol>\*\*|<=|>=|!=|\.\.|->|[-+*/()\[\]{{}},:.<>=@?'%|&;!#$~^\\])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "and",
        "or",
        "instance",
        "function",
        "null",
        "true",
        "false",
    ]
)


class TokenKind(Enum):
    """What a token is."""

    NAME = "name"
    QUOTED_NAME = "quoted name"
    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from `start` to `end`; `text` is what it means (a string without its quotes)."""

    kind: TokenKind
    text: str
    start: int
    end: int
    spaced: bool

    @property
    def is_keyword(self) -> bool:
        """Whether it is a reserved word."""
        return self.kind is TokenKind.NAME and self.text in KEYWORDS


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the source as people count: line and column from 1."""

    line: int
    column: int


def place(source: str, offset: int) -> Place:
    """The line and column of an offset."""
    before = source[:offset]
    line = before.count("\n") + 1
    return Place(line, offset - (before.rfind("\n") + 1) + 1)


def syntax_error(source: str, message: str, start: int, end: int) -> FeelSyntaxError:
    """An error at a stretch of the source."""
    where = place(source, start)
    return FeelSyntaxError(message, line=where.line, column=where.column, length=max(1, end - start))


def join_surrogates(text: str) -> str:
    """Pairs of surrogates as the character they stand for, single ones as the replacement character."""

    def join(match: re.Match[str]) -> str:
        if match[1] is None:
            return "\ufffd"
        return chr(0x10000 + ((ord(match[1]) - 0xD800) << 10) + ord(match[2]) - 0xDC00)

    return _SURROGATES.sub(join, text)


def unescape(body: str) -> str:
    """A string literal's meaning; an escape that FEEL does not know stays, for regular expressions."""
    if "\\" not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        if match[1] is not None:
            return chr(int(match[1], 16))
        if match[2] is not None:
            code = int(match[2], 16)
            return chr(code) if code <= 0x10FFFF else "\ufffd"
        return _SIMPLE_ESCAPES.get(match[3], "\\" + match[3])

    return join_surrogates(_ESCAPE.sub(replace, body))


_KINDS = {
    "name": TokenKind.NAME,
    "number": TokenKind.NUMBER,
    "symbol": TokenKind.SYMBOL,
    "string": TokenKind.STRING,
    "quoted": TokenKind.QUOTED_NAME,
}


def scan(source: str) -> list[Token]:
    """All tokens of the text and one END.

    Raises FeelSyntaxError for a character or an unclosed string that FEEL does not have.
    """
    tokens: list[Token] = []
    position, spaced = 0, False
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            character = source[position]
            message = "this string has no closing quote" if character == '"' else f"FEEL has no character {character!r}"
            raise syntax_error(source, message, position, position + 1)
        kind, text = match.lastgroup, match.group()
        if kind == "space":
            spaced = True
        else:
            if kind == "string":
                text = unescape(text[1:-1])
            elif kind == "quoted":
                text = text[1:-1]
            tokens.append(Token(_KINDS[kind or ""], text, position, match.end(), spaced))
            spaced = False
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(source), len(source), spaced))
    return tokens
