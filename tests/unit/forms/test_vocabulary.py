"""Every variable that the journey makes has a name for people, or is known to be for programs only."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from forms.wording.labels import LabelBook, Labels
from processes.family import find_families

FAMILY = Path(__file__).parents[3] / "processes" / "aktivitetskrav"


def labels() -> Labels:
    """The words of what is published today."""
    return LabelBook(lambda _release: find_families().files()).of(1)


def made_variables() -> set[str]:
    """What mappings, decisions and message payloads of the diagrams write."""
    found: set[str] = set()
    for file in FAMILY.glob("*.bpmn"):
        text = file.read_text("utf-8")
        found |= set(re.findall(r'<zeebe:output [^>]*target="([^"]+)"', text))
        found |= set(re.findall(r'resultVariable="([^"]+)"', text))
    return found


def test_every_variable_that_the_diagrams_make_is_named_or_hidden() -> None:
    words = labels()

    assert made_variables() - set(words.names) - words.hidden == set()


def test_nothing_is_both_named_and_hidden() -> None:
    said = tomllib.loads((FAMILY / "vocabulary.toml").read_text("utf-8"))

    assert set(said["names"]) & set(said["hidden"]) == set()


def test_forms_words_come_before_the_vocabularys() -> None:
    files = {
        "f/a.form": b'{"type": "default", "components": [{"type": "textfield", "key": "mal", "label": "Malet"}]}',
        "f/vocabulary.toml": b'hidden = ["id"]\n[names]\nmal = "Annat"\ntyp = "Typ"\n[values]\nx_y = "ett y"',
        "g/vocabulary.toml": b"not = [toml",
    }

    words = LabelBook(lambda _release: files).of(1)

    assert words.listed({"id": "1", "typ": "x_y", "mal": "fritt"}) == [("Malet", "fritt"), ("Typ", "ett y")]
    assert words.told("typ", {"mal": "x_y", "typ": ["x_y", "z"]}) == ("Typ", "Malet: ett y; Typ: ett y, z")


def test_months_and_days_are_written_out() -> None:
    words = Labels()

    assert words.told("x", "2026-10") == ("x", "oktober 2026")
    assert words.told("x", "2026-10-05") == ("x", "5 okt. 2026")
    assert words.told("x", "2026-10-05T12:30:00Z") == ("x", "5 okt. 2026 kl. 14:30")
    assert words.told("x", "2026-13") == ("x", "2026-13")
    assert words.told("x", "1234-5678") == ("x", "1234-5678")
