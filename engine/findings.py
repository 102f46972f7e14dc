"""What the linter says about a file: one finding per place, in plain Swedish and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import InvalidInput


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"  # the file would run wrongly or not at all: it cannot be published
    WARNING = "warning"  # it runs, but a person should look at it


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about one place in a file, and what to do about it.

    `element` is the id of the element it concerns, or None when it concerns the whole file;
    `message` and `remedy` are Swedish, `message_en` and `remedy_en` English.
    """

    code: str
    severity: Severity
    element: str | None
    name: str | None
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    @property
    def is_error(self) -> bool:
        """Whether the finding stops the file from being published."""
        return self.severity is Severity.ERROR

    def as_dict(self) -> dict[str, str | None]:
        """The finding as JSON-ready data, every field by its own name."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "element": self.element,
            "name": self.name,
            "message": self.message,
            "message_en": self.message_en,
            "remedy": self.remedy,
            "remedy_en": self.remedy_en,
        }


class NotDeployable(InvalidInput):
    """The files have errors and cannot be published as they are."""

    code = "NOT_DEPLOYABLE"

    def __init__(self, findings: Iterable[Finding], message: str | None = None, *, element: str | None = None) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        first = next((finding for finding in self.findings if finding.is_error), None)
        super().__init__(
            message or (first.message if first else None), element=element or (first.element if first else None)
        )


def errors_of(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop publishing, in the order given."""
    return [finding for finding in findings if finding.is_error]


def has_errors(findings_by_file: Mapping[str, Iterable[Finding]]) -> bool:
    """Whether any of the files has a finding that stops publishing."""
    return any(finding.is_error for findings in findings_by_file.values() for finding in findings)
