from __future__ import annotations

from pathlib import Path

from forms import catalogue
from forms.i18n import compiled_catalogues


def test_every_text_has_its_english() -> None:
    assert list(catalogue.faults("en")) == []


def test_texts_of_python_and_templates_are_found() -> None:
    found = {message.id for message in catalogue.used()}

    assert "Ta uppgiften" in found
    assert "Ärendet öppnades." in found
    assert len(found) > 300


def test_catalogues_are_compiled_where_they_cannot_be_written_beside(tmp_path: Path) -> None:
    source = tmp_path / "translations" / "en" / "LC_MESSAGES"
    source.mkdir(parents=True)
    (source / "messages.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Hej"\nmsgstr "Hello"\n')

    first = compiled_catalogues(tmp_path / "translations")
    stamp = (source / "messages.mo").stat().st_mtime_ns
    second = compiled_catalogues(tmp_path / "translations")

    assert first == second == tmp_path / "translations"
    assert (source / "messages.mo").stat().st_mtime_ns == stamp
