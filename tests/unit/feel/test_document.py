"""What docs/feel.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.feel import known_functions
from tests.unit.feel.support import result

DOCUMENT = (Path(__file__).parents[3] / "docs" / "feel.md").read_text(encoding="utf-8")
FUNCTIONS = DOCUMENT[DOCUMENT.index("## Functions") :]
ROWS = [line for line in FUNCTIONS.splitlines() if line.startswith("| `")]
EXAMPLES = [re.split(r"(?<!\\)\|", row)[3].strip().strip("`").replace("\\|", "|") for row in ROWS]
BULLETS = [
    code[0] or code[1]
    for line in DOCUMENT.splitlines()
    if line.startswith(
        ("- `@", "- `0", "- `(", "- `1", "- `5", "- `[", "- `{", "- `` ", "- `some", "- `m", "- `replace")
    )
    for code in re.findall(r"`` (.+?) ``|`([^`]+)`", line)
]


@pytest.mark.parametrize("example", EXAMPLES + BULLETS)
def test_example_of_the_document_is_true(example: str) -> None:
    assert result(example).value is True


def test_every_built_in_has_an_example() -> None:
    documented = {name for row in ROWS for name in re.findall(r"`([a-z][a-z0-9 ]*)\(", row.split("|")[1])}

    assert documented == known_functions()
