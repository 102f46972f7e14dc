"""Texts with FEEL in them: `{{ name }}`, `{{#if condition}}...{{/if}}`, `{{#loop list}}...{{/loop}}`.

The syntax is form-js's feelers. In a loop `this` is the item and `parent` the scope around it, and the entries of an
item that is a context are variables. feelers has no `else`, so neither has this: write a second `if`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.expression import Expression, compile_expression
from engine.feel.limits import MAX_NESTING
from engine.feel.names import complex_names
from engine.feel.runtime import DEFAULT, Environment, FeelWarning
from engine.feel.scanner import place
from engine.feel.text import to_text

_TAG = re.compile(r"\{\{(?P<body>(?:\"(?:[^\"\\]|\\.)*\"|[^}\"]|\}(?!\}))*)\}\}", re.DOTALL)
_BLOCK = re.compile(r"\s*#(if|loop)\b\s*(.*)\Z", re.DOTALL)
_END = re.compile(r"\s*/(if|loop)\s*\Z")
_LOCAL_NAMES = ("this", "parent")


@dataclass(frozen=True, slots=True)
class TemplateResult:
    """The text, and why parts of it are empty; positions are in the template."""

    text: str
    warnings: tuple[FeelWarning, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


@dataclass(frozen=True, slots=True)
class _Insert:
    source: str
    offset: int


@dataclass(frozen=True, slots=True)
class _If:
    condition: _Insert
    body: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Loop:
    items: _Insert
    body: tuple[_Part, ...]


_Part = _Text | _Insert | _If | _Loop


@dataclass(slots=True)
class _Open:
    kind: str
    insert: _Insert
    start: int
    parts: list[_Part]


def _refuse(source: str, message: str, start: int, length: int) -> FeelSyntaxError:
    where = place(source, start)
    return FeelSyntaxError(message, line=where.line, column=where.column, length=max(1, length))


def _shifted(source: str, error: FeelSyntaxError, insert: _Insert) -> FeelSyntaxError:
    where = place(source, insert.offset)
    column = error.column + where.column - 1 if error.line == 1 else error.column
    message = error.message.rsplit(" (line", 1)[0]
    return FeelSyntaxError(message, line=where.line + error.line - 1, column=column, length=error.length)


class Template:
    """A text to be filled in, for any scope and by any thread."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._parts = _parse(source)
        self._inserts = tuple(_inserts(self._parts))
        for insert in self._inserts:
            self._compile(insert, frozenset())

    @property
    def free_names(self) -> frozenset[str]:
        """Variables that the text may read; within loops these may be entries of the items."""
        compiled = (self._compile(insert, frozenset()) for insert in self._inserts)
        return frozenset(name for one in compiled for name in one.free_names) - set(_LOCAL_NAMES)

    @property
    def called_names(self) -> frozenset[str]:
        """Functions that the text calls."""
        compiled = (self._compile(insert, frozenset()) for insert in self._inserts)
        return frozenset(name for one in compiled for name in one.called_names)

    def _compile(self, insert: _Insert, names: frozenset[str]) -> Expression:
        try:
            return compile_expression(insert.source, names)
        except FeelSyntaxError as error:
            raise _shifted(self.source, error, insert) from error

    def render(
        self,
        scope: Mapping[str, object],
        environment: Environment = DEFAULT,
        escape: Callable[[str], str] = lambda text: text,
    ) -> TemplateResult:
        """The text for a scope, every inserted value escaped for where the text goes; null inserts nothing.

        Raises FeelLimitError when the text or the work for it exceed the environment's limits.
        """
        rendering = _Rendering(self, environment, escape, frozenset([*complex_names(scope), *environment.functions]))
        rendering.write(self._parts, scope)
        return TemplateResult("".join(rendering.pieces), tuple(rendering.warnings))


class _Rendering:
    def __init__(
        self, template: Template, environment: Environment, escape: Callable[[str], str], names: frozenset[str]
    ) -> None:
        self._template = template
        self._environment = environment
        self._escape = escape
        self._names = names
        self._left = environment.limits.text_length
        self._turns = environment.limits.steps // 40
        self.pieces: list[str] = []
        self.warnings: dict[FeelWarning, None] = {}

    def write(self, parts: tuple[_Part, ...], scope: Mapping[str, object]) -> None:
        for part in parts:
            match part:
                case _Text():
                    self._put(part.text)
                case _Insert():
                    value = self._value(part, scope)
                    self._put("" if value is None else self._escape(to_text(value, self._left)))
                case _If():
                    if self._value(part.condition, scope) is True:
                        self.write(part.body, scope)
                case _Loop():
                    self._loop(part, scope)

    def _loop(self, part: _Loop, scope: Mapping[str, object]) -> None:
        items = self._value(part.items, scope)
        if items is None:
            return
        for item in items if isinstance(items, list) else [items]:
            entries = item if isinstance(item, dict) else {}
            self.write(part.body, {**scope, **entries, "this": item, "parent": scope})

    def _value(self, insert: _Insert, scope: Mapping[str, object]) -> object:
        self._turns -= 1
        if self._turns < 0:
            raise FeelLimitError("the text takes too many insertions")
        result = self._template._compile(insert, self._names).evaluate(scope, self._environment)
        where = place(self._template.source, insert.offset)
        for warning in result.warnings:
            column = warning.column + where.column - 1 if warning.line == 1 else warning.column
            self.warnings[replace(warning, line=warning.line + where.line - 1, column=column)] = None
        return result.value

    def _put(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise FeelLimitError(f"a text may have {self._environment.limits.text_length} characters")
        self.pieces.append(text)


def _inserts(parts: tuple[_Part, ...]) -> list[_Insert]:
    found: list[_Insert] = []
    for part in parts:
        match part:
            case _Insert():
                found.append(part)
            case _If():
                found += [part.condition, *_inserts(part.body)]
            case _Loop():
                found += [part.items, *_inserts(part.body)]
    return found


def _trimmed(text: str, offset: int) -> _Insert:
    return _Insert(text.strip(), offset + len(text) - len(text.lstrip()))


def _parse(source: str) -> tuple[_Part, ...]:
    stack = [_Open("", _Insert("", 0), 0, [])]
    position = 0
    while (start := source.find("{{", position)) >= 0:
        match = _TAG.match(source, start)
        if match is None:
            raise _refuse(source, "`{{` has no `}}`", start, 2)
        if start > position:
            stack[-1].parts.append(_Text(source[position:start]))
        _take(source, match, stack)
        position = match.end()
    stack[-1].parts.append(_Text(source[position:]))
    if len(stack) > 1:
        raise _refuse(source, f"`{{{{#{stack[-1].kind}}}}}` is not closed", stack[-1].start, 3)
    return tuple(stack[0].parts)


def _take(source: str, match: re.Match[str], stack: list[_Open]) -> None:
    body, start, width = match["body"], match.start(), match.end() - match.start()
    if block := _BLOCK.match(body):
        if len(stack) > MAX_NESTING:
            raise _refuse(source, f"blocks are nested more than {MAX_NESTING} deep", start, width)
        stack.append(_Open(block[1], _trimmed(block[2], match.start("body") + block.start(2)), start, []))
    elif end := _END.match(body):
        if len(stack) == 1 or stack[-1].kind != end[1]:
            raise _refuse(source, f"`{{{{/{end[1]}}}}}` closes nothing", start, width)
        closed = stack.pop()
        kind = _If if closed.kind == "if" else _Loop
        stack[-1].parts.append(kind(closed.insert, tuple(closed.parts)))
    elif body.lstrip()[:1] in ("#", "/"):
        raise _refuse(source, "blocks are `if` and `loop`; there is no `else`, write a second `if`", start, width)
    else:
        stack[-1].parts.append(_trimmed(body, match.start("body")))


def compile_template(text: str) -> Template:
    """Reads a template and all expressions in it.

    Raises FeelSyntaxError with the place in the template.
    """
    return Template(text)
