from __future__ import annotations

import json

import pytest

from forms.schema import InvalidForm, read_form
from forms.schema.model import ChoiceKind, DynamicList, Group, MomentInput, MomentKind, walk
from forms.schema.reading import MAX_COMPONENTS, RefusedComponent
from tests.unit.forms.filling_support import form_source


def test_every_supported_component_is_read() -> None:
    source = form_source(
        {"type": "text", "text": "# Rubrik", "id": "t"},
        {"type": "textfield", "key": "namn", "label": "Namn"},
        {"type": "textarea", "key": "anteckning"},
        {"type": "number", "key": "timmar", "decimalDigits": 1, "increment": "0.5"},
        {"type": "checkbox", "key": "ja"},
        {"type": "radio", "key": "svar", "values": [{"label": "Ja", "value": "ja"}]},
        {"type": "select", "key": "val", "valuesKey": "platser"},
        {"type": "checklist", "key": "flera", "valuesExpression": "=platser"},
        {"type": "taglist", "key": "taggar", "values": [{"value": 1}]},
        {"type": "datetime", "subtype": "datetime", "key": "nar", "dateLabel": "Dag", "timeLabel": "Tid"},
        {"type": "expression", "key": "summa", "expression": "=timmar * 2"},
        {"type": "html", "content": "<p>Hej</p>"},
        {"type": "table", "label": "Rader", "dataSource": "=platser", "columns": [{"label": "Namn", "key": "label"}]},
        {"type": "separator"},
        {"type": "spacer", "height": 60},
        {"type": "button", "label": "Skicka", "action": "submit"},
        {"type": "group", "label": "Grupp", "path": "adress", "components": [{"type": "textfield", "key": "ort"}]},
        {"type": "dynamiclist", "path": "barn", "components": [{"type": "textfield", "key": "namn"}]},
    )

    form = read_form(source)

    kinds = [type(component).__name__ for component in walk(form.components)]
    assert "Button" not in kinds
    assert len(kinds) == 19
    moment = next(component for component in form.components if isinstance(component, MomentInput))
    assert (moment.kind, moment.label, moment.time_label) == (MomentKind.DATETIME, "Dag", "Tid")
    assert {ChoiceKind.RADIO, ChoiceKind.TAGLIST} <= {getattr(c, "kind", None) for c in form.components}
    assert any(isinstance(component, Group) and component.path == ("adress",) for component in form.components)
    assert any(isinstance(component, DynamicList) for component in form.components)


@pytest.mark.parametrize("kind", ["iframe", "image", "filepicker", "documentPreview", "hittepa", ""])
def test_components_that_load_foreign_content_or_are_unknown_are_refused(kind: str) -> None:
    with pytest.raises(RefusedComponent) as refused:
        read_form(form_source({"type": kind, "id": "Field_7", "url": "x"}))

    assert refused.value.code == "FORM_COMPONENT_REFUSED"
    assert "Field_7" in refused.value.message


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"components": 3}',
        b'{"components": [3]}',
        b"[" * 100_000,
        form_source({"type": "textfield"}),
        form_source({"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}),
        form_source({"type": "textfield", "key": 'a"><script>'}),
        form_source({"type": "textfield", "key": "a\x00b"}),
        form_source({"type": "textfield", "key": "a..b"}),
        form_source({"type": "dynamiclist", "components": []}),
        form_source({"type": "group", "components": "nej"}),
        form_source({"type": "select", "key": "a", "values": "nej"}),
        form_source({"type": "datetime", "key": "a", "subtype": "vecka"}),
        form_source({"type": "expression", "key": "a"}),
        form_source(*({"type": "separator"} for _ in range(MAX_COMPONENTS + 1))),
        b'{"components": [], "x": "' + b"x" * 600_000 + b'"}',
    ],
)
def test_what_is_no_form_is_refused_with_a_code(source: bytes) -> None:
    with pytest.raises(InvalidForm) as refused:
        read_form(source, file="prov.form")

    assert refused.value.code == "INVALID_FORM"
    assert refused.value.message.startswith("prov.form: ")


def test_groups_nested_without_end_are_refused() -> None:
    inner: dict[str, object] = {"type": "separator"}
    for _ in range(50):
        inner = {"type": "group", "components": [inner]}

    with pytest.raises(InvalidForm):
        read_form(json.dumps({"components": [inner]}).encode())
