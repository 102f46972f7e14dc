"""Regular expressions as XPath has them."""

from __future__ import annotations

import pytest

from tests.unit.feel.support import codes, said


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("a\nb", "a.b", "", "false"),
        ("a\nb", "a.b", "s", "true"),
        ("a\nb", "^b$", "", "false"),
        ("a\nb", "^b$", "m", "true"),
        ("b\n", "b$", "", "false"),
        ("hello world", "hello world", "x", "false"),
        ("helloworld", "hello world", "x", "true"),
        ("a.c", "a.c", "q", "true"),
        ("abc", "a.c", "q", "false"),
        ("ÅÄÖ", r"^\p{Lu}+$", "", "true"),
        ("abc", r"\P{L}", "", "false"),
        ("a", r"\p{IsBasicLatin}", "", "true"),
        ("٣", r"^\d$", "", "true"),
        ("_x", r"^\i\c$", "", "true"),
        ("b", "[a-z-[aeiou]]", "", "true"),
        ("e", "[a-z-[aeiou]]", "", "false"),
        ("O", "[A-Z-[OI]]", "i", "false"),
        ("a", "[A-Z-[OI]]", "i", "true"),
        ("a-b", r"^[a\-z]-[b-]$", "", "true"),
        ("abab", r"^(ab)\1$", "", "true"),
        ("ß", "SS", "i", "false"),
        ("HELLO", "(?i)hello", "", "true"),
        ("ab", "(?:a)(?=b)", "", "true"),
        ("", "^$", "", "true"),
        ("tab\there", r"\t", "", "true"),
    ],
)
def test_pattern_finds(text: str, pattern: str, flags: str, expected: str) -> None:
    scope = {"t": text, "p": pattern, "f": flags}

    assert said("matches(t, p, f)", scope) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "a{2,1}",
        "a{99999}",
        "*",
        "a**",
        "a++",
        "[b-a]",
        r"\q",
        r"(a)\2",
        r"(a\1)",
        r"[\1]",
        "[a-]b-c]",
        r"\p{Xx}",
        r"\p",
        "[]",
        "[^]",
        "[a-z-[b]c]",
        "\\",
        "(" * 50 + ")" * 50,
        "?",
        "|*",
    ],
)
def test_wrong_pattern_is_null_with_a_reason(pattern: str) -> None:
    assert said("matches(t, p)", {"t": "a", "p": pattern}) == "null"
    assert codes("matches(t, p)", {"t": "a", "p": pattern}) == ["INVALID_PATTERN"]


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [("[$0]", "[ab]c"), ("$2$1", "bac"), ("$3", "c"), ("$12", "a2c"), (r"\$1", "$1c"), (r"\\", r"\c"), ("", "c")],
)
def test_replacement_takes_groups(replacement: str, expected: str) -> None:
    assert said("replace(t, p, r)", {"t": "abc", "p": "(a)(b)", "r": replacement}) == expected
