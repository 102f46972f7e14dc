"""Consecutive support months: examples from the rule, and a brute-force reading beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.aktivitetskrav.calendar_month import Month, months_from
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.counting import Chain, CountingRule, count_chain

JULY = Month(2026, 7)
RULE = CountingRule(entry_month=JULY, count_before_entry=False, break_after=1, refused_passes=True)


def outcomes(first: Month, *texts: str) -> dict[Month, Outcome]:
    return {
        month: Outcome(text) for month, text in zip(months_from(first, len(texts)), texts, strict=True) if text != "-"
    }


def test_three_granted_months_make_three() -> None:
    assert count_chain(outcomes(JULY, "bifall", "bifall", "bifall"), Month(2026, 9), RULE) == Chain(3, JULY, 0)


def test_a_reduced_month_is_a_month_with_support() -> None:
    assert count_chain(outcomes(JULY, "bifall", "nedsatt", "bifall"), Month(2026, 9), RULE).months == 3


def test_a_month_without_decision_breaks_the_chain() -> None:
    decided = outcomes(JULY, "bifall", "-", "bifall")

    assert count_chain(decided, Month(2026, 9), RULE) == Chain(1, Month(2026, 9), 0)
    assert count_chain(decided, Month(2026, 8), RULE).is_broken(RULE)


def test_a_rejected_month_and_a_month_nobody_applied_for_break_the_chain() -> None:
    assert count_chain(outcomes(JULY, "bifall", "avslag", "bifall"), Month(2026, 9), RULE).months == 1
    assert count_chain(outcomes(JULY, "bifall", "utan_bistand"), Month(2026, 8), RULE) == Chain(0, None, 1)


def test_months_without_support_at_the_end_are_counted() -> None:
    decided = outcomes(JULY, "bifall", "avslag", "-", "utan_bistand")

    assert count_chain(decided, Month(2026, 10), RULE) == Chain(0, None, 3)


def test_a_municipality_may_let_a_chain_survive_a_month() -> None:
    rule = CountingRule(JULY, count_before_entry=False, break_after=2, refused_passes=True)
    decided = outcomes(JULY, "bifall", "-", "bifall", "avslag")

    assert count_chain(decided, Month(2026, 10), rule) == Chain(2, JULY, 1)
    assert not count_chain(decided, Month(2026, 10), rule).is_broken(rule)
    assert count_chain(decided, Month(2026, 11), rule) == Chain(0, None, 2)


def test_a_month_refused_for_a_deviation_is_passed_over() -> None:
    assert count_chain(outcomes(JULY, "bifall", "nekat", "bifall"), Month(2026, 9), RULE) == Chain(2, JULY, 0)
    assert count_chain(outcomes(JULY, "bifall", "nekat"), Month(2026, 8), RULE) == Chain(1, JULY, 0)


def test_a_refused_month_breaks_where_the_municipality_says_so() -> None:
    breaking = CountingRule(JULY, count_before_entry=False, break_after=1, refused_passes=False)

    assert count_chain(outcomes(JULY, "bifall", "nekat", "bifall"), Month(2026, 9), breaking).months == 1


def test_months_before_entry_into_force_count_only_by_parameter() -> None:
    decided = outcomes(Month(2026, 4), "bifall", "bifall", "bifall", "bifall")
    counting = CountingRule(JULY, count_before_entry=True, break_after=1, refused_passes=True)

    assert count_chain(decided, JULY, RULE) == Chain(1, JULY, 0)
    assert count_chain(decided, JULY, counting) == Chain(4, Month(2026, 4), 0)


def test_a_chain_crosses_new_year() -> None:
    decided = outcomes(Month(2026, 11), "bifall", "bifall", "bifall")

    assert count_chain(decided, Month(2027, 1), RULE) == Chain(3, Month(2026, 11), 0)


def test_a_rule_that_breaks_after_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="one month"):
        CountingRule(JULY, count_before_entry=True, break_after=0, refused_passes=True)


_MONTHS = [Month(2026, 1).plus(step) for step in range(18)]
_RULES = st.builds(
    CountingRule,
    entry_month=st.sampled_from(_MONTHS),
    count_before_entry=st.booleans(),
    break_after=st.integers(1, 3),
    refused_passes=st.booleans(),
)


@given(st.dictionaries(st.sampled_from(_MONTHS), st.sampled_from(Outcome)), st.sampled_from(_MONTHS), _RULES)
def test_agrees_with_a_forward_reading_of_the_rule(
    decided: dict[Month, Outcome], last: Month, rule: CountingRule
) -> None:
    # given: a plain reading that walks forward through every month and resets where the rule says so
    begin = min(decided, default=last)
    if not rule.count_before_entry:
        begin = max(begin, rule.entry_month)
    run: list[Month] = []
    gap = 0
    for month in _MONTHS:
        if not begin <= month <= last:
            continue
        outcome = decided.get(month)
        if outcome in (Outcome.GRANTED, Outcome.REDUCED):
            gap = 0
            run.append(month)
        elif outcome is not Outcome.REFUSED or not rule.refused_passes:
            gap += 1
            if gap >= rule.break_after:
                run = []

    # when
    chain = count_chain(decided, last, rule)

    # then
    assert chain == Chain(len(run), run[0] if run else None, gap)
    assert chain.is_broken(rule) == (gap >= rule.break_after)
