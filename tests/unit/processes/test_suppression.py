"""Small numbers do not show, and cannot be reckoned from what shows beside them."""

from __future__ import annotations

import pytest

from processes.aktivitetskrav.suppression import shown, shown_together


@pytest.mark.parametrize(("number", "told"), [(0, "0"), (1, "färre än 5"), (4, "färre än 5"), (5, "5"), (12, "12")])
def test_a_small_number_is_not_shown_but_none_is(number: int, told: str) -> None:
    assert shown(number, 5) == told


def test_a_single_hidden_number_takes_the_next_smallest_with_it() -> None:
    assert shown_together({"a": 2, "b": 30, "c": 9, "d": 0}, 5) == {
        "a": "färre än 5",
        "b": "30",
        "c": "visas inte",
        "d": "0",
    }


def test_two_hidden_numbers_hide_each_other() -> None:
    assert shown_together({"a": 2, "b": 30, "c": 3}, 5) == {"a": "färre än 5", "b": "30", "c": "färre än 5"}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert shown_together({"a": 5, "b": 0}, 5) == {"a": "5", "b": "0"}
