"""Ids: 32 hexadecimal digits that rise as they are made, also when many make them at once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

from engine.identity import new_id

MADE = 2_000


def test_ids_rise_in_the_order_in_which_they_are_made() -> None:
    made = [new_id() for _ in range(MADE)]

    assert made == sorted(made)
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)


def test_threads_never_get_the_same_number() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = [each for batch in threads.map(lambda _: [new_id() for _ in range(MADE)], range(8)) for each in batch]

    assert len({each[:16] for each in made}) == len(made)


def test_half_of_an_id_cannot_be_told_from_another() -> None:
    assert len({new_id()[16:] for _ in range(MADE)}) == MADE
