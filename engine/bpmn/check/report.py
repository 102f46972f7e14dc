"""Collects findings: each once, the gravest first, in the order of the file, and never more than a person can use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from engine.bpmn.check.rules import ERROR, FILE, MAX_ID, WARNING, Rule
from engine.findings import Finding

MAX_FINDINGS: Final = 500  # in one file
MAX_FROM_FAMILY: Final = 3_000  # after so many, the rest of a family's rules is not asked

MORE_ERRORS = Rule(
    "MORE_ERRORS",
    ERROR,
    "Filen har fler fel än som visas här (minst {count} till).",
    "The file has more errors than are shown here (at least {count} more).",
    "Rätta de fel som visas och kontrollera igen.",
    "Mend those that are shown and check again.",
    "a file with 600 errors",
)
MORE_WARNINGS = Rule(
    "MORE_WARNINGS",
    WARNING,
    "Filen har fler varningar än som visas här (minst {count} till).",
    "The file has more warnings than are shown here (at least {count} more).",
    "Se över dem som visas och kontrollera igen.",
    "Look at those that are shown and check again.",
    "a file with 600 tasks without names",
)


class Report:
    """The findings of one file while they come in."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str | None, str]] = set()
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []
        self._left_out = {ERROR: 0, WARNING: 0}

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings in, as far as there is room; what does not fit is counted."""
        for taken, finding in enumerate(findings):
            if taken >= MAX_FROM_FAMILY:
                self._left_out[ERROR] += 1  # what was not asked may hold errors, so the file is not passed
                return
            key = (finding.code, finding.element, finding.message)
            if key in self._seen:
                continue
            kept = self._errors if finding.is_error else self._warnings
            if len(kept) >= MAX_FINDINGS:
                self._left_out[finding.severity] += 1
            else:
                self._seen.add(key)
                kept.append(finding)

    def findings(self, positions: Mapping[str, int]) -> list[Finding]:
        """Everything, errors first, each group in the order of `positions` (element id to place in the file)."""

        def place(finding: Finding) -> int:
            return positions.get((finding.element or "")[:MAX_ID], -1)

        errors = sorted(self._errors, key=place)
        room = MAX_FINDINGS - len(errors)
        warnings = sorted(self._warnings, key=place)
        hidden = self._left_out[WARNING] + len(warnings[room:])
        result = [*errors, *warnings[:room]]
        if self._left_out[ERROR]:
            result.append(MORE_ERRORS.at(FILE, count=self._left_out[ERROR]))
        if hidden:
            result.append(MORE_WARNINGS.at(FILE, count=hidden))
        return result
