"""Identity numbers: what is accepted, and that no refusal repeats the number."""

from __future__ import annotations

from datetime import date

import pytest

from processes.aktivitetskrav.identity import IdentityKind, InvalidIdentity, check_digit, parse_identity


def fictitious(birth: str, serial: str) -> str:
    """A well-formed number of someone born in the 1800s, who cannot be living."""
    return birth + serial + str(check_digit(birth[2:] + serial))


def test_reads_a_personnummer_with_and_without_hyphen() -> None:
    number = fictitious("18680229", "123")

    plain = parse_identity(number)
    hyphened = parse_identity(f"{number[:8]}-{number[8:]}")

    assert plain == hyphened
    assert plain.kind is IdentityKind.PERSONAL
    assert plain.born == date(1868, 2, 29)


def test_reads_a_samordningsnummer() -> None:
    identity = parse_identity(fictitious("18681361"[:4] + "1261", "123"))

    assert identity.kind is IdentityKind.COORDINATION
    assert identity.born == date(1868, 12, 1)


def test_reads_a_temporary_identity_with_a_letter_and_no_check_digit() -> None:
    identity = parse_identity("18880209t050")

    assert identity.number == "18880209T050"
    assert identity.kind is IdentityKind.TEMPORARY
    assert identity.born == date(1888, 2, 9)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "tolv siffror"),
        ("8802091234", "tolv siffror"),
        ("18880230" + "1234", "inte ett datum"),
        ("17881201" + "1234", "före 1800|kontrollsiffran"),
        ("188802091٢34", "tolv siffror"),
        ("18880209 1234", "tolv siffror"),
    ],
)
def test_refuses_what_is_no_number_and_does_not_repeat_it(text: str, reason: str) -> None:
    with pytest.raises(InvalidIdentity, match=reason) as caught:
        parse_identity(text)

    assert not text or text not in str(caught.value)


def test_refuses_a_wrong_check_digit() -> None:
    number = fictitious("18880209", "123")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    with pytest.raises(InvalidIdentity, match="kontrollsiffran"):
        parse_identity(wrong)


def test_an_identity_hides_its_number_when_printed() -> None:
    identity = parse_identity(fictitious("18880209", "123"))

    assert "1888" not in f"{identity} {identity!r} {[identity]}"
