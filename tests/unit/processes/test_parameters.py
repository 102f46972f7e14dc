"""parameters.toml: values by day and unit, and every fault named at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import NotFound
from engine.feel.values import FeelDate
from engine.parameter_values import Certainty, ParameterNotYetValid, UnknownParameter
from processes.configuration import InvalidConfiguration
from processes.parameters import load_parameters, parse_parameters

GOOD = b"""
[ikraftdatum]
value = 2026-07-01
unit = "datum"
source = "S1:19"
certainty = "LAW"
valid_from = 2026-01-01
description_sv = "Kravet i kraft"

[[svarstid]]
value = 14
unit = "dagar"
source = "FL 25"
certainty = "ASSUMPTION"
valid_from = 2026-07-01
description_sv = "Tid att svara"

[[svarstid]]
value = 10.5
unit = "dagar"
source = "FL 25"
certainty = "ASSUMPTION"
valid_from = 2027-01-01
description_sv = "Tid att svara"

[[svarstid]]
value = 21
unit = "dagar"
source = "FL 25"
certainty = "ASSUMPTION"
valid_from = 2026-09-01
description_sv = "Tid att svara i norr"
for_unit = "norr"
"""


def test_a_value_holds_from_its_day_until_the_next() -> None:
    book = parse_parameters(GOOD)

    assert book.value("svarstid", date(2026, 7, 1)) == 14
    assert book.value("svarstid", date(2026, 12, 31)) == 14
    assert book.value("svarstid", date(2027, 1, 1)) == Decimal("10.5")


def test_a_units_own_value_goes_before_the_municipalitys() -> None:
    book = parse_parameters(GOOD)

    assert book.value("svarstid", date(2026, 8, 31), "norr") == 14
    assert book.value("svarstid", date(2027, 2, 1), "norr") == 21
    assert book.value("svarstid", date(2027, 2, 1), "syd") == Decimal("10.5")


def test_dates_are_feel_dates_and_sources_are_kept() -> None:
    book = parse_parameters(GOOD)

    entry = book.entry("ikraftdatum", date(2026, 10, 1))

    assert entry.value == FeelDate(2026, 7, 1)
    assert entry.certainty is Certainty.LAW
    assert entry.source == "S1:19"
    assert book.names == {"ikraftdatum", "svarstid"}


def test_unknown_names_and_days_before_the_first_value_are_typed_errors() -> None:
    book = parse_parameters(GOOD)

    with pytest.raises(UnknownParameter, match="'svartid'"):
        book.value("svartid", date(2026, 7, 1))
    with pytest.raises(ParameterNotYetValid, match="2026-06-30"):
        book.value("svarstid", date(2026, 6, 30))


def test_every_fault_is_named_at_once() -> None:
    source = b"""
[a]
value = 2026-07-01T10:00:00
unit = ""
certainty = "SURE"
valid_from = "2026"
description_sv = "x"
colour = "red"

[[b]]
value = 1
unit = "x"
source = "x"
certainty = "GK"
valid_from = 2026-01-01
description_sv = "x"

[[b]]
value = "one"
unit = "x"
source = "x"
certainty = "GK"
valid_from = 2026-01-01
description_sv = "x"
"""

    with pytest.raises(InvalidConfiguration) as caught:
        parse_parameters(source)

    text = "\n".join(caught.value.problems)
    for expected in (
        "'value' är en tidpunkt",
        "'unit' ska vara en text",
        "'source' ska vara en text",
        "okänd 'certainty' 'SURE'",
        "'valid_from' ska vara ett datum",
        "okänd nyckel 'colour'",
        "mer än ett värde från 2026-01-01",
        "byter typ mellan dagar",
    ):
        assert expected in text


@pytest.mark.parametrize("source", [b"a = 3", b"a = [1, 2]", b"a = []"])
def test_a_parameter_is_a_table(source: bytes) -> None:
    with pytest.raises(InvalidConfiguration, match="ska vara en tabell"):
        parse_parameters(source)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"parameters\.toml saknas"):
        load_parameters(tmp_path / "parameters.toml")
