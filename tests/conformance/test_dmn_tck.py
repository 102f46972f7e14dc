"""The DMN Technology Compatibility Kit: every case of it that lies beside the repository."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.dmn import DecisionModel
from engine.errors import StegvisError
from engine.feel import Environment
from tests.conformance.tck import Case, ExpectedResult, cases, is_same, model_of, tck_folder

FOLDER = tck_folder()
CASES = list(cases(FOLDER)) if FOLDER.is_dir() else []
ENVIRONMENT = Environment(now=lambda: datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), zone="UTC")

KNOWN_FAILURES: dict[str, str] = {}
"""Cases that fail, by `file#id`, with the reason; listed in docs/dmn.md."""


def _params() -> list[object]:
    return [
        pytest.param(
            case,
            id=f"{case.file}#{case.id}",
            marks=[pytest.mark.xfail(reason=reason, strict=True)]
            if (reason := KNOWN_FAILURES.get(f"{case.file}#{case.id}"))
            else [],
        )
        for case in CASES
    ]


def test_the_suite_is_there() -> None:
    if not CASES:
        reason = f"THE DMN CONFORMANCE SUITE WAS NOT RUN: nothing at {FOLDER} (set STEGVIS_TCK)"
        print(reason)
        pytest.skip(reason)
    assert len({case.file for case in CASES}) > 0


@pytest.mark.parametrize("case", _params())
def test_case(case: Case) -> None:
    model = model_of(case.folder, case.model)
    for expected in case.results:
        found = _found(model, case, expected)
        assert is_same(found, expected.value), f"{expected.node}: expected {expected.value!r}, found {found!r}"


def _found(model: DecisionModel, case: Case, expected: ExpectedResult) -> object:
    try:
        if case.kind == "bkm" and case.invocable:
            return model.invoke(case.invocable, case.inputs, ENVIRONMENT).value
        if case.kind == "decisionService" and case.invocable:
            value = model.evaluate(case.invocable, case.inputs, ENVIRONMENT).value
            if isinstance(value, dict) and expected.node in value and not is_same(value, expected.value):
                return value[expected.node]
            return value
        return model.evaluate(expected.node, case.inputs, ENVIRONMENT).value
    except StegvisError:
        if expected.is_error:
            return None
        raise
