"""Consecutive support months: examples from the rule, and a brute-force reading beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from processes.aktivitetskrav.calendar_month import Month, months_from
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.counting import Chain, CountingRule, chains_from, count_chain

JULY = Month(2026, 7)
RULE = CountingRule(entry_month=JULY, count_before_entry=False, refused_breaks=False, refused_counts=False)


def outcomes(first: Month, *texts: str) -> dict[Month, Outcome]:
    return {
        month: Outcome(text) for month, text in zip(months_from(first, len(texts)), texts, strict=True) if text != "-"
    }


def test_three_granted_months_make_three() -> None:
    assert count_chain(outcomes(JULY, "bifall", "bifall", "bifall"), Month(2026, 9), RULE) == Chain(3, JULY)


def test_a_reduced_month_is_a_month_with_support() -> None:
    assert count_chain(outcomes(JULY, "bifall", "nedsatt", "bifall"), Month(2026, 9), RULE).months == 3


def test_a_month_without_decision_breaks_the_chain() -> None:
    decided = outcomes(JULY, "bifall", "-", "bifall")

    assert count_chain(decided, Month(2026, 9), RULE) == Chain(1, Month(2026, 9))
    assert count_chain(decided, Month(2026, 8), RULE).is_broken


def test_a_rejected_month_breaks_the_chain() -> None:
    assert count_chain(outcomes(JULY, "bifall", "avslag", "bifall"), Month(2026, 9), RULE).months == 1


def test_a_month_refused_for_a_deviation_is_passed_over() -> None:
    assert count_chain(outcomes(JULY, "bifall", "nekad", "bifall"), Month(2026, 9), RULE) == Chain(2, JULY)


def test_a_refused_month_counts_or_breaks_where_the_municipality_says_so() -> None:
    decided = outcomes(JULY, "bifall", "nekad", "bifall")
    counting = CountingRule(JULY, False, refused_breaks=False, refused_counts=True)
    breaking = CountingRule(JULY, False, refused_breaks=True, refused_counts=True)

    assert count_chain(decided, Month(2026, 9), counting).months == 3
    assert count_chain(decided, Month(2026, 9), breaking).months == 1


def test_months_before_entry_into_force_count_only_by_parameter() -> None:
    decided = outcomes(Month(2026, 4), "bifall", "bifall", "bifall", "bifall")
    counting = CountingRule(JULY, True, refused_breaks=False, refused_counts=False)

    assert count_chain(decided, JULY, RULE) == Chain(1, JULY)
    assert count_chain(decided, JULY, counting) == Chain(4, Month(2026, 4))


def test_a_chain_crosses_new_year() -> None:
    decided = outcomes(Month(2026, 11), "bifall", "bifall", "bifall")

    assert count_chain(decided, Month(2027, 1), RULE) == Chain(3, Month(2026, 11))


def test_a_correction_changes_every_later_month_of_the_chain() -> None:
    decided = outcomes(JULY, "bifall", "bifall", "bifall", "bifall")
    decided[Month(2026, 8)] = Outcome.REJECTED

    chains = chains_from(decided, Month(2026, 8), RULE)

    assert {str(month): chain.months for month, chain in chains.items()} == {"2026-08": 0, "2026-09": 1, "2026-10": 2}


_MONTHS = [Month(2026, 1).plus(step) for step in range(18)]
_RULES = st.builds(
    CountingRule,
    entry_month=st.sampled_from(_MONTHS),
    count_before_entry=st.booleans(),
    refused_breaks=st.booleans(),
    refused_counts=st.booleans(),
)


@given(st.dictionaries(st.sampled_from(_MONTHS), st.sampled_from(Outcome)), st.sampled_from(_MONTHS), _RULES)
def test_agrees_with_a_forward_reading_of_the_rule(
    decided: dict[Month, Outcome], last: Month, rule: CountingRule
) -> None:
    # given: a plain reading that walks forward through every month and resets where the rule says so
    run: list[Month] = []
    for month in _MONTHS:
        if month > last:
            break
        outcome = decided.get(month)
        too_early = month < rule.entry_month and not rule.count_before_entry
        if too_early or outcome in (None, Outcome.REJECTED) or (outcome is Outcome.REFUSED and rule.refused_breaks):
            run = []
        elif outcome is not Outcome.REFUSED or rule.refused_counts:
            run.append(month)

    # when
    chain = count_chain(decided, last, rule)

    # then
    assert chain == Chain(len(run), run[0] if run else None)
