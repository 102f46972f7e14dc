"""A favourable decision is changed to the detriment in the law's three cases only, whatever the answers say."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.unit.processes.test_content import decide

KINDS = ("rattelse", "andring", None)
DIRECTIONS = ("till_fordel", "neutral", "till_nackdel", None)
FAVOURABLE = ("ja", "nej", None)
GROUNDS = ("forbehall", "sakerhet", "oriktiga_uppgifter", "inget", None)


def ask(kind: Any, direction: Any, favourable: Any, ground: Any) -> dict[str, Any]:
    """What the table says."""
    answer = decide(
        "andring_av_beslut",
        rattelseArt=kind,
        rattelseRiktning=direction,
        beslutGynnande=favourable,
        andringsgrund=ground,
    )
    assert isinstance(answer, dict), "the table answers once for every combination"
    return answer


@pytest.mark.parametrize("kind", KINDS)
def test_every_combination_has_one_answer_and_only_the_laws_cases_allow_detriment(kind: str | None) -> None:
    for direction, favourable, ground in itertools.product(DIRECTIONS, FAVOURABLE, GROUNDS):
        # when
        answer = ask(kind, direction, favourable, ground)
        # then
        detriment = kind != "rattelse" and direction == "till_nackdel"
        forbidden = detriment and favourable == "ja" and ground in ("inget", None)
        expected = "rattas" if kind == "rattelse" else "inget" if forbidden else "andras"
        assert (answer["tillaten"], answer["horas"]) == (expected, detriment and not forbidden)
        assert answer["skal"]
        assert "förvaltningslagen" in answer["lagrum"]
