"""Process families: found by their folders, joined without contradictions; a second one is a new folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from processes.configuration import InvalidConfiguration
from processes.family import PROCESSES, find_families

SECOND = b"""
[[organisation]]
id = "kultur"
name_sv = "Kulturf\xc3\xb6rvaltningen"
name_en = "Culture administration"

[[role]]
id = "bidragshandlaggare"
organisation = "kultur"
name_sv = "Bidragshandl\xc3\xa4ggare"
name_en = "Grants officer"
"""


def folder_with_two(tmp_path: Path) -> Path:
    shutil.copytree(PROCESSES / "aktivitetskrav", tmp_path / "aktivitetskrav")
    second = tmp_path / "foreningsbidrag"
    (second / "texts").mkdir(parents=True)
    (second / "roles.toml").write_bytes(SECOND)
    (second / "ansokan.bpmn").write_bytes(b"<x/>")
    (second / "texts" / "beslut.md").write_text("Hej", encoding="utf-8")
    (second / "notes.txt").write_text("not published", encoding="utf-8")
    return tmp_path


def test_the_activity_requirement_is_found_with_its_files_registers_and_roles() -> None:
    families = find_families()

    (family,) = [each for each in families.all if each.name == "aktivitetskrav"]
    assert "aktivitetskrav/manadsbeslut.bpmn" in family.files()
    assert "aktivitetskrav/parameters.toml" in family.files()
    assert not [name for name in family.files() if name.endswith((".py", ".pyc"))]
    assert [part.name for part in families.parts] == ["aktivitetskrav"]
    assert families.roles.case_units


def test_a_second_family_is_a_new_folder(tmp_path: Path) -> None:
    families = find_families(folder_with_two(tmp_path))

    assert [family.name for family in families.all] == ["aktivitetskrav", "foreningsbidrag"]
    second = families.all[1]
    assert sorted(second.files()) == [
        "foreningsbidrag/ansokan.bpmn",
        "foreningsbidrag/roles.toml",
        "foreningsbidrag/texts/beslut.md",
    ]
    assert second.files()["foreningsbidrag/texts/beslut.md"] == b"Hej"
    assert second.wiring is None
    assert families.roles.organisation_of("bidragshandlaggare") == "kultur"
    assert families.roles.organisation_of("handlaggare_eb") == "socialtjanst"


def test_families_may_repeat_each_other_but_not_contradict(tmp_path: Path) -> None:
    folder = folder_with_two(tmp_path)
    shared = b'[[organisation]]\nid = "socialtjanst"\nname_sv = "Annat namn"\nname_en = "Other name"\n'
    (folder / "foreningsbidrag" / "roles.toml").write_bytes(SECOND + shared)

    with pytest.raises(InvalidConfiguration, match="'socialtjanst' säger något annat"):
        find_families(folder)


def test_a_folder_without_families_has_none(tmp_path: Path) -> None:
    assert find_families(tmp_path).all == ()
