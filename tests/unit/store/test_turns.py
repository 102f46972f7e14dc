"""Turns of writing: one at a time, in order, again by the holder, and taken from who hangs."""

from __future__ import annotations

import threading

from engine.store.turns import Turns

PATIENCE = 30


def waiters(turns: Turns) -> int:
    return len(turns._waiting)


def begin(turns: Turns, name: str, told: list[str], go: threading.Event | None = None) -> threading.Thread:
    """A thread that takes a turn; comes back once it has it or waits for it."""
    waiting, inside = waiters(turns), threading.Event()

    def take() -> None:
        with turns:
            told.append(name)
            inside.set()
            if go is not None:
                go.wait(PATIENCE)

    thread = threading.Thread(target=take)
    thread.start()
    patience = threading.Event()
    while not inside.is_set() and waiters(turns) == waiting:
        patience.wait(0.001)
    return thread


def test_who_asked_first_comes_first() -> None:
    turns, told, go = Turns(), [], threading.Event()
    threads = [begin(turns, "a", told, go), *(begin(turns, name, told) for name in "bcde")]
    go.set()
    for thread in threads:
        thread.join()
    assert told == list("abcde")


def test_who_has_asked_meanwhile_is_let_in_before_the_next_turn_of_the_same() -> None:
    turns, told = Turns(), []
    with turns:
        person = begin(turns, "person", told)
    with turns:
        told.append("next batch")
    person.join()
    assert told == ["person", "next batch"]


def test_the_holder_may_take_it_again() -> None:
    turns, told = Turns(), []
    with turns:
        with turns:
            other = begin(turns, "other", told)
        assert told == []
    other.join()
    assert told == ["other"]


def test_a_thread_that_hangs_is_put_out_and_ends_nobody_elses_turn() -> None:
    turns, told, wake, go = Turns(), [], threading.Event(), threading.Event()
    hung = begin(turns, "hung", told, wake)
    other = begin(turns, "other", told, go)
    assert hung.ident is not None
    assert other.ident is not None

    with turns.taken_from(hung.ident) as taken:
        assert taken
        assert told == ["hung"], "it is the taker's turn now"

    wake.set()
    hung.join()
    third = begin(turns, "third", told)
    assert "third" not in told, "the end of the one that hung has come too late to matter"
    go.set()
    for thread in (other, third):
        thread.join()
    assert told == ["hung", "other", "third"]


def test_nothing_is_taken_from_a_thread_that_has_no_turn() -> None:
    turns, told = Turns(), []
    with turns.taken_from(12345) as taken:
        assert not taken
        begin(turns, "other", told).join()
    assert told == ["other"]
