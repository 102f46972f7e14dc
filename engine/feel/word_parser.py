"""The grammar of what begins with a word: `if`, `for`, `some`, `every`, `function`; and of new names."""

from __future__ import annotations

from abc import ABC, abstractmethod

from engine.feel import nodes as n
from engine.feel.names import NAME_SYMBOLS, KnownNames
from engine.feel.scanner import TokenKind
from engine.feel.type_parser import TypeParser


class WordParser(TypeParser, ABC):
    """Reads expressions that begin with a word; what stands within them is for the whole parser to read."""

    _variables: KnownNames

    @abstractmethod
    def _expression(self) -> n.Node:
        """Any expression, one level deeper."""

    def _argument_name(self) -> str | None:
        parts, index = "", self._index
        while True:
            token = self._tokens[index]
            word = token.kind in (TokenKind.NAME, TokenKind.QUOTED_NAME) or (token.kind is TokenKind.NUMBER and parts)
            if token.kind is TokenKind.SYMBOL and token.text == ":" and parts:
                self._index = index + 1
                return parts
            if not (word or (token.kind is TokenKind.SYMBOL and token.text in NAME_SYMBOLS and parts)):
                return None
            parts += (" " if token.spaced and parts else "") + token.text
            index += 1

    def _conditional(self) -> n.Node:
        start = self._token.start
        branches: list[tuple[n.Node, n.Node]] = []
        while self._take_keyword("if"):
            condition = self._expression()
            self._expect_keyword("then")
            branches.append((condition, self._expression()))
            self._expect_keyword("else")
        otherwise = self._expression()
        return n.Conditional(start, otherwise.end, tuple(branches), otherwise)

    def _iterators(self) -> tuple[n.Iterator, ...]:
        iterators: list[n.Iterator] = []
        while True:
            start = self._token.start
            name = self._new_name("in")
            self._expect_keyword("in")
            domain = self._expression()
            last = self._expression() if self._take("..") else None
            self._variables = self._variables.plus([name])
            iterators.append(n.Iterator(start, (last or domain).end, name, domain, last))
            if not self._take(","):
                return tuple(iterators)

    def _new_name(self, closing: str) -> str:
        if self._token.kind is TokenKind.QUOTED_NAME:
            return self._advance().text
        parts = ""
        while not (self._token.kind is TokenKind.END or self._token.is_keyword or self._is_closing(closing)):
            token = self._token
            allowed = token.kind in (TokenKind.NAME, TokenKind.NUMBER) or token.text in NAME_SYMBOLS
            if not allowed or (not parts and token.kind is not TokenKind.NAME):
                raise self._error("a name should stand here")
            parts += (" " if token.spaced and parts else "") + self._advance().text
        if not parts:
            raise self._error("a name should stand here")
        return parts

    def _is_closing(self, closing: str) -> bool:
        return self._token.text in (closing, ",", ")", "(") and self._token.kind is TokenKind.SYMBOL

    def _for(self) -> n.Node:
        start, outer = self._advance().start, self._variables
        iterators = self._iterators()
        self._expect_keyword("return")
        body = self._expression()
        self._variables = outer
        return n.For(start, body.end, iterators, body)

    def _quantified(self) -> n.Node:
        word, outer = self._advance(), self._variables
        iterators = self._iterators()
        self._expect_keyword("satisfies")
        condition = self._expression()
        self._variables = outer
        kind = n.Some if word.text == "some" else n.Every
        return kind(word.start, condition.end, iterators, condition)

    def _function(self) -> n.Node:
        start, outer = self._advance().start, self._variables
        self._expect("(")
        parameters: list[n.ParameterNode] = []
        while not self._is_symbol(")"):
            if parameters:
                self._expect(",")
            begin = self._token.start
            name = self._new_name(":")
            wanted = self._optional_type()
            if any(name == parameter.name for parameter in parameters):
                raise self._error(f"the parameter {name!r} is given twice")
            parameters.append(n.ParameterNode(begin, self._previous.end, name, wanted))
        self._advance()
        is_external = self._token.kind is TokenKind.NAME and self._token.text == "external"
        if is_external:
            self._advance()
        self._variables = self._variables.plus(parameter.name for parameter in parameters)
        body = self._expression()
        self._variables = outer
        return n.FunctionLiteral(start, body.end, tuple(parameters), body, is_external)
