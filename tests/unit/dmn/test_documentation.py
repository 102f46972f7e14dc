"""The examples of docs/dmn.md do what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "dmn.md"


def test_the_examples_of_the_documentation_are_true() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").replace("```", "")
    found = doctest.DocTestParser().get_doctest(text, {}, "docs/dmn.md", str(DOCUMENT), 0)
    assert found.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(found).failed == 0
