"""The catalogue of activities: the file that ships is sound, and every fault of another is named at once."""

from __future__ import annotations

import pytest

from processes.aktivitetskrav.catalogue import KINDS, read_catalogue
from processes.configuration import InvalidConfiguration
from processes.family import PROCESSES


def test_the_catalogue_that_ships_has_all_four_types_of_activity() -> None:
    path = PROCESSES / "aktivitetskrav" / "aktiviteter.toml"

    activities = read_catalogue(path.read_bytes(), file=path.name)

    assert {activity.kind for activity in activities} == set(KINDS)
    assert all(activity.capacity > 0 and activity.hours > 0 for activity in activities)


def test_every_fault_is_named_at_once() -> None:
    source = b"""
[[activity]]
id = "a"
name = "A"
kind = "vila"
provider = ""
capacity = -1
hours = 0
starts_on = "snart"
colour = "red"

[[activity]]
id = "a"
name = "A"
kind = "sprak"
provider = "P"
capacity = 1
hours = 2.5
"""

    with pytest.raises(InvalidConfiguration) as caught:
        read_catalogue(source, file="aktiviteter.toml")

    told = "\n".join(caught.value.problems)
    for expected in (
        "okänd typ 'vila'",
        "'provider'",
        "'capacity'",
        "'hours'",
        "'starts_on'",
        "okänd nyckel 'colour'",
        "mer än en gång",
    ):
        assert expected in told
