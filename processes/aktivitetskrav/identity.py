"""Identity numbers: personnummer, samordningsnummer and the temporary identities of case systems.

No message of this module repeats the number it refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_DIGITS = re.compile(r"([0-9]{8})[-+]?([0-9]{4})")
_TEMPORARY = re.compile(r"([0-9]{8})[-+]?([A-Za-z][0-9A-Za-z]{3})")
_COORDINATION_DAY = 60  # added to the day of birth in a samordningsnummer


class IdentityKind(StrEnum):
    """What sort of number identifies a person."""

    PERSONAL = "personnummer"
    COORDINATION = "samordningsnummer"
    TEMPORARY = "tillfallig"  # given by a case system: a letter in the last four places


class InvalidIdentity(ValueError):
    """The text is no identity number; the message says why, without the number."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity number in its twelve characters; `repr` hides it, so that no log line carries it by accident."""

    number: str
    kind: IdentityKind
    born: date

    def __repr__(self) -> str:
        return f"Identity({self.kind.value}, ********)"

    __str__ = __repr__


def parse_identity(text: str) -> Identity:
    """Read a twelve-character identity, with or without hyphen: YYYYMMDDNNNC.

    Personnummer and samordningsnummer (day of birth + 60) must have a right check digit; a temporary identity has a
    letter after the date (as Lifecare's 19880209T050) and none. Raises InvalidIdentity.
    """
    match = _DIGITS.fullmatch(text)
    if match:
        return _numbered(match[1], match[2])
    match = _TEMPORARY.fullmatch(text)
    if match:
        return Identity(match[1] + match[2].upper(), IdentityKind.TEMPORARY, _birth_date(match[1], 0))
    raise InvalidIdentity("ska vara tolv siffror (ÅÅÅÅMMDDNNNN) eller en tillfällig identitet med bokstav på plats nio")


def check_digit(nine_digits: str) -> int:
    """The Luhn digit after `nine_digits`, with weights 2 and 1 by turns."""
    total = 0
    for place, digit in enumerate(nine_digits):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return -total % 10


def _numbered(birth: str, last_four: str) -> Identity:
    coordination = int(birth[6:8]) > _COORDINATION_DAY
    born = _birth_date(birth, _COORDINATION_DAY if coordination else 0)
    if check_digit(birth[2:] + last_four[:3]) != int(last_four[3]):
        raise InvalidIdentity("kontrollsiffran stämmer inte")
    kind = IdentityKind.COORDINATION if coordination else IdentityKind.PERSONAL
    return Identity(birth + last_four, kind, born)


def _birth_date(birth: str, day_offset: int) -> date:
    try:
        born = date(int(birth[:4]), int(birth[4:6]), int(birth[6:8]) - day_offset)
    except ValueError as error:
        raise InvalidIdentity("de åtta första siffrorna är inte ett datum") from error
    if born.year < 1800:
        raise InvalidIdentity("födelseåret ligger före 1800")
    return born
