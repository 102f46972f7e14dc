"""roles.toml: what it says is read, and every fault in it is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import NotFound
from processes.configuration import InvalidConfiguration
from processes.family import find_families
from processes.roles import Permission, load_roles, parse_roles

GOOD = b"""
[[organisation]]
id = "sn"
name_sv = "Socialn\xc3\xa4mnden"
name_en = "Social board"
owns_cases = true

[[organisation]]
id = "amn"
name_sv = "Arbetsmarknadsn\xc3\xa4mnden"
name_en = "Labour market board"

[[unit]]
id = "norr"
organisation = "sn"
name_sv = "Norr"
name_en = "North"

[[role]]
id = "chef"
organisation = "sn"
name_sv = "Chef"
name_en = "Manager"
may = ["operate", "see_log"]

[[role]]
id = "beslutsfattare"
organisation = "sn"
name_sv = "Beslutsfattare"
name_en = "Decision-maker"
supervisor = "chef"

[[role]]
id = "handlaggare"
organisation = "sn"
name_sv = "Handl\xc3\xa4ggare"
name_en = "Caseworker"
supervisor = "beslutsfattare"
may = ["start"]

[[demo_user]]
id = "anna"
name = "Anna Ek"
organisation = "sn"
roles = ["handlaggare", "beslutsfattare"]
units = ["norr"]
"""


def test_reads_organisations_units_roles_and_demo_users() -> None:
    book = parse_roles(GOOD)

    assert book.organisation_of("handlaggare") == "sn"
    assert book.organisation_of("nobody") is None
    assert book.supervisor_of("handlaggare") == "beslutsfattare"
    assert book.known_roles == {"chef", "beslutsfattare", "handlaggare"}
    assert [unit.id for unit in book.units_of("sn")] == ["norr"]
    assert book.case_units == ("norr",)
    assert book.demo_user("anna").units == ("norr",)
    assert [user.id for user in book.demo_users_with("handlaggare")] == ["anna"]
    assert book.permissions_of(["chef", "handlaggare"]) == {
        Permission.OPERATE,
        Permission.SEE_LOG,
        Permission.START,
    }


def test_a_manager_is_over_everyone_below_at_any_distance() -> None:
    book = parse_roles(GOOD)

    assert book.supervised_by(["chef"]) == {"beslutsfattare", "handlaggare"}
    assert book.supervised_by(["handlaggare"]) == frozenset()


def test_every_fault_is_named_at_once() -> None:
    source = GOOD + (
        b'[[role]]\nid = "handlaggare"\norganisation = "nowhere"\nname_sv = "x"\nname_en = "x"\n'
        b'supervisor = "ghost"\nmay = ["fly"]\nspeed = 3\n'
        b'[[demo_user]]\nid = "bo"\nname = ""\norganisation = "amn"\nroles = ["chef", "ghost"]\n'
        b'units = ["norr", "syd"]\n'
    )

    with pytest.raises(InvalidConfiguration) as caught:
        parse_roles(source)

    text = "\n".join(caught.value.problems)
    for expected in (
        "id:t används mer än en gång",
        "okänd organisation 'nowhere'",
        "okänd chefsroll 'ghost'",
        "okänd behörighet 'fly'",
        "okänd nyckel 'speed'",
        "'name' ska vara en text",
        "rollen 'chef' hör till organisationen 'sn'",
        "okänd roll 'ghost'",
        "enheten 'norr' hör till organisationen 'sn'",
        "okänd enhet 'syd'",
    ):
        assert expected in text
    assert caught.value.code == "INVALID_CONFIGURATION"


def test_a_circle_of_managers_is_refused() -> None:
    source = GOOD.replace(b'may = ["operate", "see_log"]', b'supervisor = "handlaggare"')

    with pytest.raises(InvalidConfiguration, match="sin egen chef"):
        parse_roles(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"[[role]\n", "inte giltig TOML"),
        (b'name = "\xff"', "inte UTF-8"),
        (b"role = 3", r"\[\[role\]\]"),
        (b"[[rol]]\nid = 'x'", "okänd nyckel 'rol'"),
    ],
)
def test_a_broken_file_is_explained(source: bytes, expected: str) -> None:
    with pytest.raises(InvalidConfiguration, match=expected):
        parse_roles(source)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"roles\.toml saknas"):
        load_roles(tmp_path / "roles.toml")


def test_a_unit_may_name_the_unit_of_each_other_organisation_that_takes_over_its_cases() -> None:
    # given
    book = find_families().roles
    # then
    assert book.counterpart("sdf_norr", "arbetsmarknad") == "jobbtorg_city"
    assert book.counterpart("sdf_soder", "arbetsmarknad") == "jobbtorg_soder"
    assert book.counterpart("sdf_norr", "utbildning") is None
    assert book.counterpart("nobody_knows", "arbetsmarknad") is None


def test_a_unit_that_takes_over_must_exist_and_lie_elsewhere() -> None:
    # given
    own = GOOD.replace(b'id = "norr"', b'id = "norr"\nhands_over_to = ["norr", "ingenstans"]')
    # when
    with pytest.raises(InvalidConfiguration) as caught:
        parse_roles(own)
    # then
    assert "okänd enhet 'ingenstans'" in str(caught.value)
    assert "enheter i andra organisationer" in str(caught.value)
