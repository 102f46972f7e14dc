"""What FEEL's parser and the dialect's field names are called in Swedish, for those who draw diagrams."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

FIELDS: Final[Mapping[str, str]] = {
    "dueDate": "Förfaller",
    "followUpDate": "Följ upp",
    "candidateGroups": "Roller som kan ta uppgiften",
    "candidateUsers": "Personer som kan ta uppgiften",
    "assignee": "Tilldelad",
    "priority": "Prioritet",
    "condition": "Villkor",
    "conditionExpression": "Villkor",
    "completionCondition": "Villkor för att sluta",
    "loopCondition": "Villkor för slingan",
    "timeDate": "Tid (datum)",
    "timeDuration": "Tid (varaktighet)",
    "timeCycle": "Tid (återkommande)",
    "correlationKey": "Nyckel",
    "inputCollection": "Samling in",
    "outputElement": "Element ut",
    "expression": "Uttryck",
    "source": "Indata eller utdata",
    "retries": "Försök",
}
"""The panel's Swedish labels of fields, where they differ from the file's names."""

_MESSAGES: Final = tuple(
    (re.compile(pattern), swedish)
    for pattern, swedish in (
        (r"`(.+)` should stand here, not the end", "uttrycket är inte färdigt: här ska stå `{}`"),
        (r"`(.+)` should stand here, not `(.*)`", "här ska stå `{}`, inte `{}`"),
        (
            r"the expression should end before `(.*)`",
            "uttrycket borde vara slut före `{}`; saknas ett tecken mellan orden?",
        ),
        (r"the expression ends where a value should be", "uttrycket är inte färdigt: här saknas ett värde"),
        (r"the expression is empty", "uttrycket är tomt"),
        (r"`(.*)` cannot stand here", "`{}` kan inte stå här"),
        (r"this string has no closing quote", "texten saknar avslutande citattecken"),
        (r"FEEL has no character '(.*)'", "tecknet {} finns inte i FEEL"),
        (r"arguments are all named or none of them", "antingen namnges alla argument eller inget"),
        (r"the argument '(.*)' is given twice", "argumentet {} står två gånger"),
        (r"after `instance` comes `of` and a type", "efter `instance` kommer `of` och en typ"),
        (r"after `\.` comes a name", "efter punkten kommer ett namn"),
        (r"after `@` comes a string with a date, time or duration", "efter `@` kommer ett datum inom citattecken"),
        (r"the range is not closed by .*", "intervallet är inte avslutat"),
        (r"an entry of a context is `name: value`", "i en kontext skrivs `namn: värde`"),
        (r"the entry '(.*)' is given twice", "namnet {} står två gånger"),
        (r"there are too many .*", "uttrycket är för långt"),
        (r"the (?:expression|type) is nested more than \d+ deep", "uttrycket är nästlat för djupt"),
        (r"the expression (?:is longer|has more) than .*", "uttrycket är för långt"),
        (r"a type should stand here", "här ska en typ stå"),
    )
)
_PLACE: Final = re.compile(r" \(line (\d+), column (\d+)\)$")


def swedish_field(name: str) -> str:
    """A field's label as the editor shows it."""
    return FIELDS.get(name, name)


def swedish_problem(message: str) -> str:
    """What FEEL's parser said, in Swedish; where it has no Swedish, that and where the text cannot be understood."""
    place = _PLACE.search(message)
    said = message[: place.start()] if place else message
    where = f" (rad {place[1]}, tecken {place[2]})" if place else ""
    for pattern, swedish in _MESSAGES:
        match = pattern.fullmatch(said)
        if match:
            return swedish.format(*match.groups()) + where
    return "här går det inte att förstå" + where
