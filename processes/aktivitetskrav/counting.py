"""Counts consecutive support months: the rule behind the three-month trigger (S1:69, S2:46).

Pure functions; what the law leaves open is in CountingRule, filled from parameters.toml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How months are counted; every field is a parameter of the municipality."""

    entry_month: Month  # the month the requirement enters into force (parameter ikraftdatum)
    count_before_entry: bool  # whether support months before it count (rakna_manader_fore_ikraft)
    refused_breaks: bool  # whether a month refused for a deviation breaks the chain (nekad_manad_bryter)
    refused_counts: bool  # whether such a month is itself a support month (nekad_manad_raknas)


@dataclass(frozen=True, slots=True)
class Chain:
    """The consecutive support months that end with one month."""

    months: int  # how many support months
    first: Month | None  # the first of them

    @property
    def is_broken(self) -> bool:
        """Whether there is no support month in the chain."""
        return self.months == 0


_NO_CHAIN = Chain(0, None)


def count_chain(outcomes: Mapping[Month, Outcome], last: Month, rule: CountingRule) -> Chain:
    """The chain that ends with `last`, given the outcome in force for each month that has a decision.

    A month without a decision or with a rejection is a month without support and breaks the chain; a month refused for
    a deviation breaks it or counts as the rule says.
    """
    chain = _NO_CHAIN
    month = last
    while rule.count_before_entry or month >= rule.entry_month:
        outcome = outcomes.get(month)
        if outcome is None or outcome is Outcome.REJECTED:
            break
        if outcome is Outcome.REFUSED:
            if rule.refused_breaks:
                break
            counts = rule.refused_counts
        else:
            counts = True
        if counts:
            chain = Chain(chain.months + 1, month)
        month = month.plus(-1)
    return chain


def chains_from(outcomes: Mapping[Month, Outcome], first: Month, rule: CountingRule) -> dict[Month, Chain]:
    """The chain of every decided month from `first` on: what a correction of `first` may have changed."""
    return {month: count_chain(outcomes, month, rule) for month in sorted(outcomes) if month >= first}
