"""From tokens to the syntax tree: FEEL's grammar, with names resolved against what is known to exist.

Operators are read by precedence in one loop each and kept as flat chains, so that long sums, conjunctions and
`else if` ladders cost no depth; what really nests is bounded by MAX_NESTING.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from engine.feel import nodes as n
from engine.feel.lexical import parse_number
from engine.feel.limits import MAX_NESTING, MAX_NODES, MAX_SOURCE_LENGTH
from engine.feel.names import HOST_FUNCTION_NAMES, PROPERTY_NAMES, KnownNames
from engine.feel.scanner import KEYWORDS, Token, TokenKind, scan, syntax_error
from engine.feel.word_parser import WordParser

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_ENDS_RANGE_BEFORE = frozenset(
    {")", "]", "}", ",", ".", "..", "+", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", ":"}
)
_LITERALS = {"null": None, "true": True, "false": False}
_PROPERTIES = KnownNames.of(PROPERTY_NAMES)


@lru_cache(maxsize=16)
def _function_names(built_ins: frozenset[str]) -> KnownNames:
    return KnownNames.of([*built_ins, *HOST_FUNCTION_NAMES])


class Parser(WordParser):
    """Reads one text once."""

    def __init__(self, source: str, names: Iterable[str], built_ins: Iterable[str]) -> None:
        if len(source) > MAX_SOURCE_LENGTH:
            raise syntax_error(source, f"the expression is longer than {MAX_SOURCE_LENGTH} characters", 0, 1)
        super().__init__(source, scan(source))
        self._variables = KnownNames.of(names)
        self._functions = _function_names(frozenset(built_ins))
        self._depth = 0
        self._nodes = 0
        self._reads_input = False
        self._in_range_end = False

    def expression(self) -> n.Node:
        """The whole text as one expression."""
        node = self._expression()
        self._expect_end()
        return node

    def unary_tests(self) -> n.Tests:
        """The whole text as unary tests."""
        if self._is_symbol("-") and self._peek(1).kind is TokenKind.END:
            return n.Tests(0, len(self._source), (), is_negated=False, is_any=True)
        if self._token.text == "not" and self._is_symbol("(", 1):
            tests = self._negated_tests()
            if tests is not None:
                return tests
        plain = self._test_list()
        self._expect_end()
        return n.Tests(0, len(self._source), tuple(plain), is_negated=False, is_any=False)

    def _negated_tests(self) -> n.Tests | None:
        """The tests of `not(...)`, or None when what begins so is an expression that goes on after the parenthesis."""
        self._index += 2
        tests = self._test_list()
        self._expect(")")
        if self._token.kind is TokenKind.END:
            return n.Tests(0, len(self._source), tuple(tests), is_negated=True, is_any=False)
        self._index, self._nodes = 0, 0
        return None

    # -- tests ---------------------------------------------------------------------------------------------

    def _test_list(self) -> list[n.ComparisonTest | n.ExpressionTest]:
        tests = [self._test()]
        while self._take(","):
            tests.append(self._test())
        return tests

    def _test(self) -> n.ComparisonTest | n.ExpressionTest:
        start = self._token.start
        if self._token.kind is TokenKind.SYMBOL and self._token.text in _COMPARISONS:
            operator = self._advance().text
            operand = self._nested(self._sum)
            return n.ComparisonTest(start, operand.end, operator, operand)
        return self._expression_test(self._expression)

    def _expression_test(self, parse: Callable[[], n.Node]) -> n.ExpressionTest:
        outer, self._reads_input = self._reads_input, False
        node = parse()
        reads, self._reads_input = self._reads_input, outer or self._reads_input
        return n.ExpressionTest(node.start, node.end, node, reads)

    # -- operators, loosest first ---------------------------------------------------------------------------

    def _nested(self, parse: Callable[[], n.Node]) -> n.Node:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._error(f"the expression is nested more than {MAX_NESTING} deep")
        outer, self._in_range_end = self._in_range_end, False
        node = parse()
        self._in_range_end = outer
        self._depth -= 1
        return node

    def _expression(self) -> n.Node:
        return self._nested(self._disjunction)

    def _disjunction(self) -> n.Node:
        items = [self._conjunction()]
        while self._take_keyword("or"):
            items.append(self._conjunction())
        return items[0] if len(items) == 1 else n.Disjunction(items[0].start, items[-1].end, tuple(items))

    def _conjunction(self) -> n.Node:
        items = [self._comparison()]
        while self._take_keyword("and"):
            items.append(self._comparison())
        return items[0] if len(items) == 1 else n.Conjunction(items[0].start, items[-1].end, tuple(items))

    def _comparison(self) -> n.Node:
        left = self._sum()
        for _ in range(MAX_NESTING):
            token = self._token
            if token.kind is TokenKind.SYMBOL and token.text in _COMPARISONS:
                self._advance()
                right = self._sum()
                left = n.Comparison(left.start, right.end, token.text, left, right)
            elif token.is_keyword and token.text == "between":
                self._advance()
                low = self._sum()
                self._expect_keyword("and")
                high = self._sum()
                left = n.Between(left.start, high.end, left, low, high)
            elif token.is_keyword and token.text == "in":
                self._advance()
                tests = self._in_tests()
                left = n.In(left.start, tests.end, left, tests)
            else:
                return left
        raise self._error("there are too many comparisons in a row")

    def _in_tests(self) -> n.Tests:
        start = self._token.start
        if not self._is_symbol("("):
            test = self._in_test()
            return n.Tests(start, test.end, (test,), is_negated=False, is_any=False)
        self._advance()
        first = self._test()
        if isinstance(first, n.ExpressionTest) and self._take(".."):
            # The parenthesis began an open range, and the range may be the first operand of something.
            node = self._postfix(self._range_end(start, first.expression, low_included=False))
        elif self._is_symbol(","):
            tests = [first]
            while self._take(","):
                tests.append(self._test())
            end = self._expect(")").end
            return n.Tests(start, end, tuple(tests), is_negated=False, is_any=False)
        elif isinstance(first, n.ExpressionTest):
            self._expect(")")
            node = self._postfix(first.expression)
        else:
            end = self._expect(")").end
            return n.Tests(start, end, (first,), is_negated=False, is_any=False)
        test = n.ExpressionTest(start, node.end, node, first.reads_input)
        return n.Tests(start, node.end, (test,), is_negated=False, is_any=False)

    def _in_test(self) -> n.ComparisonTest | n.ExpressionTest:
        if self._token.kind is TokenKind.SYMBOL and self._token.text in _COMPARISONS:
            return self._test()
        return self._expression_test(self._sum)

    def _chain(self, operators: tuple[str, ...], operand: Callable[[], n.Node]) -> n.Node:
        first = operand()
        rest: list[tuple[str, n.Node]] = []
        while self._token.kind is TokenKind.SYMBOL and self._token.text in operators:
            operator = self._advance().text
            rest.append((operator, operand()))
        return n.Chain(first.start, rest[-1][1].end, first, tuple(rest)) if rest else first

    def _sum(self) -> n.Node:
        return self._chain(("+", "-"), self._product)

    def _product(self) -> n.Node:
        return self._chain(("*", "/"), self._power)

    def _power(self) -> n.Node:
        return self._chain(("**",), self._unary)

    def _unary(self) -> n.Node:
        start, minuses = self._token.start, 0
        while self._take("-"):
            minuses += 1
        node = self._postfix(self._primary())
        for _ in range(min(minuses, 2 if minuses % 2 == 0 else 1)):
            node = n.Negation(start, node.end, node)
        while self._token.text == "instance" and self._token.is_keyword:
            self._advance()
            if self._token.text != "of":
                raise self._error("after `instance` comes `of` and a type")
            self._advance()
            wanted = self._type()
            node = n.InstanceOf(node.start, self._previous.end, node, wanted)
        return node

    def _postfix(self, node: n.Node) -> n.Node:
        for _ in range(MAX_NESTING * 2):
            self._count()
            if self._is_symbol("."):
                self._advance()
                name = self._path_name()
                node = n.Path(node.start, self._previous.end, node, name)
            elif self._is_symbol("[") and not (self._in_range_end and self._bracket_ends_range()):
                self._advance()
                condition = self._expression()
                end = self._expect("]").end
                node = n.Filter(node.start, end, node, condition)
            elif self._is_symbol("("):
                node = self._call(node)
            else:
                return node
        raise self._error("there are too many steps in this path")

    def _bracket_ends_range(self) -> bool:
        after = self._peek(1)
        if after.kind is TokenKind.END:
            return True
        if after.kind is TokenKind.SYMBOL:
            return after.text in _ENDS_RANGE_BEFORE
        return after.is_keyword and after.text not in {"if", "for", "some", "every", "function", *_LITERALS}

    def _call(self, function: n.Node) -> n.Node:
        self._advance()
        arguments: list[n.Node] = []
        names: list[str] = []
        while not self._is_symbol(")"):
            if arguments:
                self._expect(",")
            begin = self._token
            name = self._argument_name()
            if (name is None) != (not names) and arguments:
                raise self._error("arguments are all named or none of them")
            if name is not None:
                if name in names:
                    raise syntax_error(self._source, f"the argument {name!r} is given twice", begin.start, begin.end)
                names.append(name)
            arguments.append(self._expression())
        end = self._advance().end
        return n.Call(function.start, end, function, tuple(arguments), tuple(names) if names else None)

    # -- primaries ----------------------------------------------------------------------------------------

    def _primary(self) -> n.Node:
        self._count()
        token = self._token
        if token.kind is TokenKind.NUMBER:
            self._advance()
            return n.Literal(token.start, token.end, parse_number(token.text))
        if token.kind is TokenKind.STRING:
            self._advance()
            return n.Literal(token.start, token.end, token.text)
        if token.kind is TokenKind.QUOTED_NAME:
            self._advance()
            return n.Name(token.start, token.end, token.text)
        if token.kind is TokenKind.SYMBOL:
            return self._symbol_primary(token)
        if token.kind is TokenKind.NAME:
            return self._word_primary(token)
        raise self._error("the expression ends where a value should be" if self._index else "the expression is empty")

    def _word_primary(self, token: Token) -> n.Node:
        known = self._variables.match(self._tokens, self._index)
        if known is not None:
            self._index = known[1]
            return n.Name(token.start, self._previous.end, known[0])
        function = self._functions.match(self._tokens, self._index)
        # `date and time` may also be a conjunction of two variables; a call is what tells.
        if function is not None and (self._tokens[function[1]].text == "(" or not KEYWORDS & set(function[0].split())):
            self._index = function[1]
            return n.Name(token.start, self._previous.end, function[0])
        if not token.is_keyword:
            return self._unknown_name(token)
        if token.text in _LITERALS:
            self._advance()
            return n.Literal(token.start, token.end, _LITERALS[token.text])
        special = {
            "if": self._conditional,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "function": self._function,
        }.get(token.text)
        if special is None:
            raise self._error(f"`{token.text}` cannot stand here")
        return self._nested(special)

    def _unknown_name(self, token: Token) -> n.Name:
        words = [self._advance().text]
        # Two words side by side are never right in FEEL but as a name that nobody announced.
        while self._token.kind is TokenKind.NAME and not self._token.is_keyword:
            words.append(self._advance().text)
        return n.Name(token.start, self._previous.end, " ".join(words))

    def _path_name(self) -> str:
        for known in (self._variables, _PROPERTIES):
            match = known.match(self._tokens, self._index)
            if match is not None:
                self._index = match[1]
                return match[0]
        token = self._token
        if token.kind is TokenKind.QUOTED_NAME or token.is_keyword:
            return self._advance().text
        if token.kind is not TokenKind.NAME:
            raise self._error("after `.` comes a name")
        return self._unknown_name(token).name

    def _symbol_primary(self, token: Token) -> n.Node:
        if token.text == "(":
            return self._nested(self._parenthesis)
        if token.text in "[]":
            return self._nested(self._bracket)
        if token.text == "{":
            return self._nested(self._context)
        if token.text == "@":
            self._advance()
            if self._token.kind is not TokenKind.STRING:
                raise self._error("after `@` comes a string with a date, time or duration")
            text = self._advance()
            return n.AtLiteral(token.start, text.end, text.text)
        if token.text == "?":
            self._advance()
            self._reads_input = True
            return n.Name(token.start, token.end, "?")
        raise self._error(f"`{token.text}` cannot stand here")

    def _parenthesis(self) -> n.Node:
        start = self._advance().start
        if self._token.kind is TokenKind.SYMBOL and self._token.text in _COMPARISONS:
            operator = self._advance().text
            operand = self._sum()
            return n.OperatorRange(start, self._expect(")").end, operator, operand)
        node = self._expression()
        if self._take(".."):
            return self._range_end(start, node, low_included=False)
        self._expect(")")
        return node

    def _item(self) -> n.Node:
        """An item of a list, which may be a test as in `x in [< 5, > 10]`."""
        token = self._token
        if token.kind is not TokenKind.SYMBOL or token.text not in _COMPARISONS:
            return self._expression()
        self._advance()
        operand = self._nested(self._sum)
        return n.OperatorRange(token.start, operand.end, token.text, operand)

    def _bracket(self) -> n.Node:
        opening = self._advance()
        if opening.text == "]":
            low = self._sum()
            self._expect("..")
            return self._range_end(opening.start, low, low_included=False)
        items: list[n.Node] = []
        while not self._is_symbol("]"):
            if items:
                self._expect(",")
            items.append(self._item())
            if len(items) == 1 and self._take(".."):
                return self._range_end(opening.start, items[0], low_included=True)
        return n.ListLiteral(opening.start, self._advance().end, tuple(items))

    def _range_end(self, start: int, low: n.Node, *, low_included: bool) -> n.Node:
        outer, self._in_range_end = self._in_range_end, True
        high = self._sum()
        self._in_range_end = outer
        closing = self._token
        if closing.kind is not TokenKind.SYMBOL or closing.text not in (")", "]", "["):
            raise self._error("the range is not closed by `]`, `)` or `[`")
        self._advance()
        return n.RangeLiteral(start, closing.end, low, low_included, high, closing.text == "]")

    def _context(self) -> n.Node:
        start = self._advance().start
        entries: list[tuple[str, n.Node]] = []
        while not self._is_symbol("}"):
            if entries:
                self._expect(",")
            begin = self._token
            if self._token.kind is TokenKind.STRING and self._is_symbol(":", 1):
                key = self._advance().text
                self._advance()
            else:
                found = self._argument_name()
                if found is None:
                    raise self._error("an entry of a context is `name: value`")
                key = found
            if any(key == known for known, _ in entries):
                message = f"the context has the entry {key!r} twice"
                raise syntax_error(self._source, message, begin.start, begin.end)
            self._variables = self._variables.plus([key])
            entries.append((key, self._expression()))
        # The keys stay known for the paths that follow, as in `{first name: "x"}.first name`.
        return n.ContextLiteral(start, self._advance().end, tuple(entries))

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._error(f"the expression has more than {MAX_NODES} parts")
