"""Damaged files: whatever is done to a model, there is a typed error, findings, or a value; never another exception."""

from __future__ import annotations

import copy
import random
from contextlib import suppress

import pytest
from lxml import etree

from engine.dmn import check_decisions, load_decisions
from engine.errors import StegvisError
from tests.unit.dmn.models import (
    ENVIRONMENT,
    component,
    decision,
    document,
    input_data,
    item,
    knowledge,
    literal,
    service,
    table,
)

SOUND = document(
    item("tLevel", "string", allowed='"low", "high"'),
    item("tCase", components=component("months", "number") + component("levels", "tLevels")),
    item("tLevels", "tLevel", collection=True),
    input_data("case", "tCase"),
    input_data("month", "date"),
    knowledge("Twice", [("n", "number")], literal("n * 2"), type_ref="number"),
    decision("Levels", table("COLLECT", [("case.months", "number")], ["o"], [("> 2", '"low"'), ("[5..9]", '"high"')]),
             requires=["i:#i_case"], type_ref="tLevels"),
    decision("Top", table("PRIORITY", ["Levels[1]", ("month", "date")], [{"name": "o", "values": '"a", "b"'}],
                          [('"low"', '> date("2026-01-01")', '"b"'), ("-", "-", '"a"')]),
             requires=["d:#d_Levels", "i:#i_month"]),
    decision("All", f"<context><contextEntry><variable name='x y'/>{literal('Twice(case.months)')}</contextEntry>"
                    f"<contextEntry><variable name='z'/><for iteratorVariable='i'><in>{literal('[1..3]')}</in>"
                    f"<return>{literal('i + x y')}</return></for></contextEntry></context>",
             requires=["i:#i_case", "k:#k_Twice"]),
    service("Ask", outputs=["d_Top"], encapsulated=["d_Levels"], inputs=["i_case", "i_month"]),
)  # fmt: skip
JUNK = [
    *("", "x", "#", "not(", "-", "[1..", "null", '"a"', "?", "tCase", "a b", "2**10**10", "function(a) a(a)"),
    *("#d_Top", "COLLECT", "SUM", "for i in 1..100000 return i", '@"2026"', "list<number>", "urn:gone#d_Top"),
]
INPUTS = {"case": {"months": 6, "levels": ["low"]}, "month": None}


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_never_surprises(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(10):
        root = etree.fromstring(SOUND)
        for _ in range(chance.randint(1, 4)):
            _damage(root, chance)
        _use(etree.tostring(root))


def _damage(root: etree._Element, chance: random.Random) -> None:
    elements = list(root.iter())
    element, other = chance.choice(elements), chance.choice(elements)
    attributes = sorted(element.attrib)
    match chance.randint(0, 4):
        case 0 if attributes:
            element.set(chance.choice(attributes), chance.choice(JUNK))
        case 1 if element is not root:
            element.getparent().remove(element)
        case 2:
            other.append(copy.deepcopy(element))
        case 3 if attributes and (name := chance.choice(attributes)) in other.attrib:
            element.set(name, other.get(name))
        case _:
            element.text = chance.choice(JUNK)


def _use(source: bytes) -> None:
    check_decisions(source, "damaged.dmn")
    try:
        model = load_decisions(source, file="damaged.dmn")
    except StegvisError:
        return
    for name in [*(each.id for each in model.decisions), *(each.id for each in model.services)]:
        with suppress(StegvisError):
            assert isinstance(model.evaluate(name, INPUTS, ENVIRONMENT).trace, dict)
