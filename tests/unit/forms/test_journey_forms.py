from __future__ import annotations

from pathlib import Path

import pytest

from forms.schema import fill, read_form
from forms.schema.view import FormView
from tests.unit.forms.filling_support import FEEL, TODAY

FORMS = sorted((Path(__file__).parents[3] / "processes").glob("*/*.form"))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_published_form_can_be_read_and_filled(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    form = read_form(path.read_bytes(), file=path.name)

    filled = fill(form, {}, None, feel=FEEL, today=TODAY)
    view = FormView.of(filled, FEEL)

    texts = [view.text(node) for top in filled.nodes for node in top.each() if view.kind(node) in ("text", "html")]
    assert form.components
    assert all("{{" not in text for text in texts)
    assert "FEEL_SYNTAX" not in caplog.text
