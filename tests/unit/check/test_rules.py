"""Every rule: it speaks at the element that breaks it, and keeps silent when the diagram is mended."""

from __future__ import annotations

import pathlib

import pytest

from engine.bpmn.check import check
from engine.bpmn.check.catalogue import all_rules, handbook
from engine.findings import errors_of
from tests.unit.check.corpus import CASES, KNOWN, Case

IDS = [case.code for case in CASES]
# A defect of the linter itself: there is no file that gives it; see test_robustness.
# What the disk does not give: see tests/integration/cli/test_checking.
WITHOUT_FILE = {"CHECK_FAILED", "FILE_UNREADABLE"}
# Codes whose mended file still has an error of another kind would hide a refusal of something right.
HANDBOOK = pathlib.Path(__file__).parents[3] / "docs" / "check.md"


def _files(content: bytes | dict[str, bytes], file: str) -> dict[str, bytes]:
    return {file: content} if isinstance(content, bytes) else content


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_broken_file_is_told_at_its_element(case: Case) -> None:
    findings = check(_files(case.bad, case.file), KNOWN)[case.file]

    assert (case.code, case.element) in {(finding.code, finding.element) for finding in findings}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_mended_file_has_no_errors_and_is_not_told_the_same(case: Case) -> None:
    files = _files(case.good, case.file)

    findings = [finding for found in check(files, KNOWN).values() for finding in found]

    assert errors_of(findings) == []
    assert case.code not in {finding.code for finding in findings}


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_both_languages_say_what_is_wrong_and_what_to_do(case: Case) -> None:
    for finding in check(_files(case.bad, case.file), KNOWN)[case.file]:
        for text in (finding.message, finding.message_en, finding.remedy, finding.remedy_en):
            assert text
            assert "{" not in text or finding.code in {"FEEL_SYNTAX", "INVALID_DOCUMENT"}


def test_every_rule_has_a_file_that_breaks_it() -> None:
    assert {rule.code for rule in all_rules()} - WITHOUT_FILE == set(IDS)


def test_every_code_stands_for_one_rule() -> None:
    codes = [rule.code for rule in all_rules()]

    assert len(codes) == len(set(codes))


def test_the_handbook_says_every_code() -> None:
    assert HANDBOOK.read_text(encoding="utf-8") == handbook()
