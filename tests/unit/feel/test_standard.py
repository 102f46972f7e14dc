"""Chapter 10 of DMN 1.5 by example: `standard/*.txt` has `expression ==> text of its value`, ERR where none parses."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.feel import FeelSyntaxError, to_text
from tests.unit.feel.support import result

TABLES = sorted((Path(__file__).parent / "standard").glob("*.txt"))
SCOPE = {
    "xs": [1, 2, 3],
    "n": None,
    "ctx": {"a": 1, "b": {"c": 2}},
    "eligible?": True,
    "a b": 3,
    "if only": 4,
    "forward": 5,
    "x": 7,
    "s": "foo",
    "people": [{"name": "A", "age": 1}, {"name": "B"}, {"name": "C", "age": 3}],
}


def rows(table: Path) -> list[tuple[str, str]]:
    """The expressions of a table and what they are worth."""
    lines = [line for line in table.read_text("utf-8").splitlines() if line]
    return [(expression, expected) for expression, _, expected in (line.rpartition(" ==> ") for line in lines)]


@pytest.mark.parametrize("table", TABLES, ids=[table.stem for table in TABLES])
def test_expressions_are_worth_what_the_standard_says(table: Path) -> None:
    cases = rows(table)

    wrong = [(text, expected, found) for text, expected in cases if (found := worth(text)) != expected]

    assert cases
    assert wrong == []


def worth(expression: str) -> str:
    """The text of the value as the tables write it, texts within quotes."""
    try:
        value = result(expression, SCOPE).value
    except FeelSyntaxError:
        return "ERR"
    return f'"{value}"' if isinstance(value, str) else to_text(value)
