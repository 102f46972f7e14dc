"""From XPath's regular expressions to those of the `regex` package (version 1 behaviour)."""

from __future__ import annotations

import re

MAX_GROUP_DEPTH = 40
MAX_COUNT = 10_000
_XML_NAME_START = r"_:A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
_XML_NAME_START += r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_XML_NAME = _XML_NAME_START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_SINGLE = frozenset("nrt\\|.-^?*+{}()[]$")
_CLASSES = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_XML_NAME_START}]",
    "I": f"[^{_XML_NAME_START}]",
    "c": f"[{_XML_NAME}]",
    "C": f"[^{_XML_NAME}]",
}
_CATEGORY = re.compile(r"\{(Is[A-Za-z0-9-]+|L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}")
_COUNT = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_INLINE_FLAGS = re.compile(r"\(\?([ismx]{1,4})\)")
_GROUP_OPENINGS = ("?:", "?=", "?!", "?<=", "?<!")


class PatternError(ValueError):
    """The pattern is not a regular expression of XPath."""


def translate(pattern: str, flags: str) -> str:
    """The same expression for `regex`; flags as in XPath.

    Beyond XPath 2.0, flags at the beginning (`(?i)`), groups that do not count (`(?:`) and look around (`(?=`, `(?!`,
    `(?<=`, `(?<!`) are taken, as in Camunda. Raises PatternError.
    """
    if "q" in flags:
        return re.escape(pattern)
    if inline := _INLINE_FLAGS.match(pattern):
        body = _Translator(pattern[inline.end() :], flags + inline[1]).run()
        return f"(?i:{body})" if "i" in inline[1] else body
    return _Translator(pattern, flags).run()


class _Translator:
    def __init__(self, pattern: str, flags: str) -> None:
        self._source = pattern
        self._index = 0
        self._dot_all = "s" in flags
        self._lines = "m" in flags
        self._spaced = "x" in flags
        self._out: list[str] = []
        self._groups = 0
        self._open: list[int | None] = []
        self._closed: set[int] = set()
        self._can_repeat = False

    def run(self) -> str:
        while self._index < len(self._source):
            self._step(self._source[self._index])
        if self._open:
            raise PatternError("a parenthesis is not closed")
        return "".join(self._out)

    def _put(self, text: str, width: int, *, can_repeat: bool) -> None:
        self._out.append(text)
        self._index += width
        self._can_repeat = can_repeat

    def _step(self, character: str) -> None:
        if self._spaced and character in " \t\n\r":
            self._index += 1
        elif character == "\\":
            self._escape()
        elif character == "[":
            self._index += 1
            self._put(self._class(), 0, can_repeat=True)
        elif character == "(":
            self._open_group()
        elif character == ")":
            self._close_group()
        elif character in "*+?{":
            self._quantifier(character)
        elif character in "]}":
            raise PatternError(f"`{character}` stands without its opening")
        else:
            self._plain(character)

    def _plain(self, character: str) -> None:
        if character == ".":
            self._put(r"[\s\S]" if self._dot_all else r"[^\n\r]", 1, can_repeat=True)
        elif character == "^":
            self._put("(?m:^)" if self._lines else r"\A", 1, can_repeat=False)
        elif character == "$":
            self._put("(?m:$)" if self._lines else r"\Z", 1, can_repeat=False)
        elif character == "|":
            self._put("|", 1, can_repeat=False)
        else:
            self._put(re.escape(character), 1, can_repeat=True)

    def _open_group(self) -> None:
        if len(self._open) >= MAX_GROUP_DEPTH:
            raise PatternError(f"groups are nested more than {MAX_GROUP_DEPTH} deep")
        for opening in _GROUP_OPENINGS:
            if self._source.startswith(opening, self._index + 1):
                self._open.append(None)
                self._put("(" + opening, 1 + len(opening), can_repeat=False)
                return
        self._groups += 1
        self._open.append(self._groups)
        self._put("(", 1, can_repeat=False)

    def _close_group(self) -> None:
        if not self._open:
            raise PatternError("`)` stands without its opening")
        group = self._open.pop()
        if group is not None:
            self._closed.add(group)
        self._put(")", 1, can_repeat=True)

    def _quantifier(self, character: str) -> None:
        if not self._can_repeat:
            raise PatternError(f"`{character}` has nothing to repeat")
        text = character
        if character == "{":
            match = _COUNT.match(self._source, self._index)
            if match is None:
                raise PatternError("`{` begins no count")
            low, high = int(match[1][:9]), int(match[3][:9]) if match[3] else None
            if low > MAX_COUNT or (high is not None and (high > MAX_COUNT or high < low)):
                raise PatternError(f"the count {match[0]} is wrong or above {MAX_COUNT}")
            text = match[0]
        width = len(text)
        if self._source[self._index + width : self._index + width + 1] == "?":
            text, width = text + "?", width + 1
        self._put(text, width, can_repeat=False)

    def _escape(self) -> None:
        following = self._source[self._index + 1 : self._index + 2]
        if following.isascii() and following.isdigit():
            self._back_reference()
        elif following in ("p", "P"):
            self._index += 2
            self._put(self._category(following), 0, can_repeat=True)
        elif following in _CLASSES:
            self._put(_CLASSES[following], 2, can_repeat=True)
        elif following == "b" or following == "B":
            self._put("\\" + following, 2, can_repeat=False)
        elif following in _SINGLE and following:
            self._put(re.escape(_CONTROLS.get(following, following)), 2, can_repeat=True)
        else:
            raise PatternError(f"there is no escape `\\{following}`")

    def _back_reference(self) -> None:
        end = self._index + 2
        while self._source[end : end + 1].isdigit() and int(self._source[self._index + 1 : end + 1]) <= self._groups:
            end += 1
        group = int(self._source[self._index + 1 : end])
        if group not in self._closed:
            raise PatternError(f"there is no closed group {group} to refer to")
        self._put(f"(?:\\{group})", end - self._index, can_repeat=True)

    def _category(self, kind: str) -> str:
        match = _CATEGORY.match(self._source, self._index)
        if match is None:
            raise PatternError(f"`\\{kind}` stands before a category in braces")
        self._index = match.end()
        name = match[1]
        return f"\\{kind}{{Block={name[2:]}}}" if name.startswith("Is") else f"\\{kind}{{{name}}}"

    def _class(self, depth: int = 0) -> str:
        if depth > MAX_GROUP_DEPTH:
            raise PatternError("character classes are nested too deep")
        negated = self._source.startswith("^", self._index)
        self._index += negated
        parts: list[str] = []
        subtracted = ""
        while True:
            if self._index >= len(self._source):
                raise PatternError("a character class is not closed")
            if self._source[self._index] == "]" and parts:
                self._index += 1
                break
            if self._source.startswith("-[", self._index) and parts:
                self._index += 2
                subtracted = self._class(depth + 1)
                if not self._source.startswith("]", self._index):
                    raise PatternError("what is subtracted stands last in its class")
                self._index += 1
                break
            parts.append(self._class_part(not parts))
        body = f"[{'^' if negated else ''}{''.join(parts)}]"
        return f"[{body}--{subtracted}]" if subtracted else body

    def _class_part(self, is_first: bool) -> str:
        start = self._index
        first, is_set = self._class_atom()
        if not self._source.startswith("-", self._index) or self._source.startswith(("-[", "-]"), self._index):
            literal = self._source[start] == "-"
            if literal and not is_first and not self._source.startswith(("]", "-["), self._index):
                raise PatternError("`-` stands first or last in a class")
            return first if is_set else re.escape(first)
        self._index += 1
        last, last_is_set = self._class_atom()
        if is_set or last_is_set or last < first:
            raise PatternError(f"`{self._source[start : self._index]}` is no range of characters")
        return f"{re.escape(first)}-{re.escape(last)}"

    def _class_atom(self) -> tuple[str, bool]:
        character = self._source[self._index : self._index + 1]
        if character == "\\":
            following = self._source[self._index + 1 : self._index + 2]
            self._index += 2
            if following in ("p", "P"):
                return self._category(following), True
            if following in _CLASSES:
                return _CLASSES[following], True
            if following in _SINGLE and following:
                return _CONTROLS.get(following, following), False
            raise PatternError(f"there is no escape `\\{following}` in a class")
        if character in ("[", "]", ""):
            raise PatternError(f"`{character}` cannot stand in a class")
        self._index += 1
        return character, False
