"""The token cursor, and the grammar of types: `list<number>`, `function<string> -> boolean` ..."""

from __future__ import annotations

from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_NESTING
from engine.feel.scanner import Token, TokenKind, scan, syntax_error
from engine.feel.types import (
    ANY,
    SIMPLE_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    simple_type,
)

_LONG_TYPES = sorted((name.split() for name in SIMPLE_TYPES if " " in name), key=len, reverse=True)


class Cursor:
    """A place in the tokens, and what can be asked and taken there."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._index = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    @property
    def _previous(self) -> Token:
        return self._tokens[max(0, self._index - 1)]

    def _peek(self, ahead: int) -> Token:
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)]

    def _advance(self) -> Token:
        token = self._tokens[self._index]
        if token.kind is not TokenKind.END:
            self._index += 1
        return token

    def _is_symbol(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind is TokenKind.SYMBOL and token.text == text

    def _take(self, symbol: str) -> bool:
        if self._is_symbol(symbol):
            self._index += 1
            return True
        return False

    def _take_keyword(self, word: str) -> bool:
        if self._token.is_keyword and self._token.text == word:
            self._index += 1
            return True
        return False

    def _found(self) -> str:
        return "the end" if self._token.kind is TokenKind.END else f"`{self._token.text[:40]}`"

    def _expect(self, symbol: str) -> Token:
        if not self._is_symbol(symbol):
            raise self._error(f"`{symbol}` should stand here, not {self._found()}")
        return self._advance()

    def _expect_keyword(self, word: str) -> None:
        if not self._take_keyword(word):
            raise self._error(f"`{word}` should stand here, not {self._found()}")

    def _expect_end(self) -> None:
        if self._token.kind is not TokenKind.END:
            raise self._error(f"the expression should end before {self._found()}")

    def _error(self, message: str) -> FeelSyntaxError:
        return syntax_error(self._source, message, self._token.start, self._token.end)


class TypeParser(Cursor):
    """Reads types where an expression has them."""

    def _optional_type(self) -> FeelType:
        return self._type() if self._take(":") else ANY

    def _type(self, depth: int = 0) -> FeelType:
        if depth > MAX_NESTING:
            raise self._error(f"the type is nested more than {MAX_NESTING} deep")
        token = self._token
        if token.kind is TokenKind.QUOTED_NAME:
            return simple_type(self._advance().text)
        if token.kind is not TokenKind.NAME:
            raise self._error("a type should stand here")
        for words in _LONG_TYPES:
            if [self._peek(ahead).text for ahead in range(len(words))] == words:
                self._index += len(words)
                return FeelType(" ".join(words))
        word = self._advance().text
        if self._is_symbol("<") and word in ("list", "range", "context", "function"):
            self._advance()
            return self._parameters_of(word, depth + 1)
        while True:
            if self._is_symbol(".") and self._peek(1).kind is TokenKind.NAME:
                self._advance()
                word += "." + self._advance().text
            elif self._token.kind is TokenKind.NAME and not self._token.is_keyword and self._token.text != "external":
                word += " " + self._advance().text
            else:
                return simple_type(word)

    def _parameters_of(self, word: str, depth: int) -> FeelType:
        if word == "context":
            entries: list[tuple[str, FeelType]] = []
            while not self._is_symbol(">"):
                if entries:
                    self._expect(",")
                key = self._entry_name()
                self._expect(":")
                entries.append((key, self._type(depth)))
            self._advance()
            return ContextType("context", tuple(entries))
        if word == "function":
            parameters: list[FeelType] = []
            while not self._is_symbol(">"):
                if parameters:
                    self._expect(",")
                parameters.append(self._type(depth))
            self._advance()
            self._expect("->")
            return FunctionType("function", tuple(parameters), self._type(depth))
        item = self._type(depth)
        self._expect(">")
        return ListType("list", item) if word == "list" else RangeType("range", item)

    def _entry_name(self) -> str:
        if self._token.kind in (TokenKind.STRING, TokenKind.QUOTED_NAME):
            return self._advance().text
        words: list[str] = []
        while self._token.kind is TokenKind.NAME:
            words.append(self._advance().text)
        if not words:
            raise self._error("the name of an entry should stand here")
        return " ".join(words)


def parse_type(text: str) -> FeelType:
    """The type that a text names.

    Raises FeelSyntaxError.
    """
    parser = TypeParser(text, scan(text))
    wanted = parser._type()
    parser._expect_end()
    return wanted
