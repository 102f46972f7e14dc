"""Short ways to read and fill a form in tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from engine.feel import Environment, FeelDate
from forms.schema import Filled, RawAnswers, fill, read_form
from forms.schema.engine_feel import EngineFeel
from forms.schema.view import FormView

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = FeelDate(2026, 11, 23)
FEEL = EngineFeel(Environment(now=lambda: NOW))


def form_source(*components: Mapping[str, object]) -> bytes:
    """A form-js document with these components."""
    return json.dumps({"type": "default", "id": "prov", "schemaVersion": 18, "components": components}).encode()


def filled(
    components: list[Mapping[str, object]],
    variables: Mapping[str, object] | None = None,
    sent: list[tuple[str, str]] | None = None,
) -> Filled:
    """Fill a form; `sent` is what the browser sent (None: the form is shown for the first time)."""
    raw = None if sent is None else RawAnswers.of_pairs(sent)
    return fill(read_form(form_source(*components)), variables or {}, raw, feel=FEEL, today=TODAY)


def codes(result: Filled) -> dict[str, str]:
    """The problems by question."""
    return {problem.name: problem.code.value for problem in result.problems}


def view(result: Filled) -> FormView:
    """The form with its problems told."""
    return FormView.of(result, FEEL, result.problems)
