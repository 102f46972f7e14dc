"""FEEL as the linter reads it: does it parse, what does it call, which parameters and variables does it read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from engine.bpmn.check.known import Known
from engine.bpmn.check.rules import ERROR, Place, Rule
from engine.bpmn.check.swedish import swedish_field, swedish_problem
from engine.errors import StegvisError
from engine.feel import compile_expression, known_functions
from engine.findings import Finding
from engine.functions import FUNCTION_NAMES

FEEL_SYNTAX = Rule(
    "FEEL_SYNTAX",
    ERROR,
    "Uttrycket i fältet {falt} på ”{what}” går inte att läsa: {text} – {skal}",
    "The expression in the field {field} of “{what}” cannot be read: {text} – {reason}",
    'Rätta uttrycket. FEEL skrivs till exempel manader >= 3 and utfall = "beviljad".',
    'Mend the expression. FEEL looks for example like months >= 3 and outcome = "granted".',
    "`= months >=`, or `${months > 3}` from Camunda 7",
)
FUNCTION_UNKNOWN = Rule(
    "FUNCTION_UNKNOWN",
    ERROR,
    "Uttrycket i fältet {falt} på ”{what}” använder funktionen {function}, som inte finns.",
    "The expression in the field {field} of “{what}” uses the function {function}, which does not exist.",
    "Kontrollera stavningen. Liknande funktioner: {similar}.",
    "Check the spelling. Similar functions: {similar}.",
    "`= sums([1, 2])`",
)
NAME_WITH_SPACES = Rule(
    "NAME_WITH_SPACES",
    ERROR,
    "Uttrycket i fältet {falt} på ”{what}” läses som ett namn av flera ord, ”{name}”, som ingen variabel har.",
    "The expression in the field {field} of “{what}” reads as a name of several words, “{name}”, which is no variable.",
    "Sätt en operator mellan orden (=, and, or), eller skriv texten inom citattecken.",
    "Put an operator between the words (=, and, or), or write the text in quotes.",
    "`= outcome is granted`",
)
PARAMETER_UNKNOWN = Rule(
    "PARAMETER_UNKNOWN",
    ERROR,
    "Uttrycket i fältet {falt} på ”{what}” läser parametern {parameter}, som inte finns.",
    "The expression in the field {field} of “{what}” reads the parameter {parameter}, which does not exist.",
    "Välj en parameter som finns, eller lägg till den i parameters.toml.",
    "Choose a parameter that exists, or add it to parameters.toml.",
    '`= parameter("nope")`',
)
EXPRESSIONS_TOO_MANY = Rule(
    "EXPRESSIONS_TOO_MANY",
    ERROR,
    "Filen har så mycket FEEL att allt inte kan kontrolleras; ”{what}” är det första som inte är kontrollerat.",
    "The file has so much FEEL that not all of it can be checked; “{what}” is the first that is not checked.",
    "Dela upp filen i flera processer.",
    "Divide the file into several processes.",
    "a file with a million characters of expressions",
)

MAX_CHARACTERS: Final = 150_000  # of different FEEL texts in one file
_COST: Final = 30  # what even a short text costs, in characters
_NO_NAMES: Final[frozenset[str]] = frozenset()
_IMPLICIT: Final = frozenset({"?", "item", "partial"})
_BACKTICKS: Final = re.compile(r"`([^`]+)`")
_PARAMETER: Final = re.compile(r'\bparameter\s*\(\s*(?:name\s*:\s*)?"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression says: why it does not parse, or the names it reads and the functions it calls."""

    problem: str | None = None
    names: frozenset[str] = _NO_NAMES
    functions: frozenset[str] = _NO_NAMES
    parameters: frozenset[str] = _NO_NAMES
    spaced: frozenset[str] = _NO_NAMES


class Speaker:
    """Reads expressions, each text once, within a budget of characters."""

    def __init__(self, known: Known) -> None:
        """`known` gives the host's functions and parameters."""
        host = FUNCTION_NAMES if known.functions is None else frozenset(known.functions)
        self._functions = known_functions() | host
        self._parameters = None if known.parameters is None else frozenset(known.parameters)
        self._read: dict[tuple[str, frozenset[str]], Reading] = {}
        self._left = MAX_CHARACTERS
        self._told = False

    def begin_file(self) -> None:
        """Each file has a budget of its own."""
        self._left = MAX_CHARACTERS
        self._told = False

    def read(self, text: str, names: frozenset[str]) -> Reading | None:
        """What the text says, where `names` are variables whose names are not one plain word; None: no budget left."""
        key = (text, names)
        if key not in self._read:
            if self._left <= 0:
                return None
            self._left -= len(text) + _COST
            self._read[key] = _read(text, names, self._functions)
        return self._read[key]

    def findings(self, place: Place, field: str, text: str, names: frozenset[str]) -> Iterator[Finding]:
        """What is wrong with one expression."""
        reading = self.read(text, names)
        if reading is None:
            if not self._told:
                self._told = True
                yield EXPRESSIONS_TOO_MANY.at(place)
            return
        if reading.problem is not None:
            yield FEEL_SYNTAX.at(
                place,
                field=field,
                falt=swedish_field(field),
                text=text,
                reason=reading.problem,
                skal=swedish_problem(reading.problem),
            )
            return
        for name in sorted(reading.spaced):
            yield NAME_WITH_SPACES.at(place, field=field, falt=swedish_field(field), name=name)
        for function in sorted(reading.functions):
            if function not in self._functions:
                yield FUNCTION_UNKNOWN.at(
                    place,
                    field=field,
                    falt=swedish_field(field),
                    function=function,
                    similar=_similar(function, self._functions),
                )
        for parameter in sorted(reading.parameters):
            if self._parameters is not None and parameter not in self._parameters:
                yield PARAMETER_UNKNOWN.at(place, field=field, falt=swedish_field(field), parameter=parameter)


def _similar(function: str, known: Collection[str]) -> str:
    start = function[:3].lower()
    found = [name for name in sorted(known) if name.lower().startswith(start)]
    return ", ".join(found[:5]) or "–"


def _read(text: str, names: frozenset[str], functions: frozenset[str]) -> Reading:
    try:
        expression = compile_expression(text, names | functions)
    except StegvisError as error:
        return Reading(problem=error.message)
    except RecursionError:
        return Reading(problem="the expression is nested more than 500 deep")
    quoted = set(_BACKTICKS.findall(text))
    read = frozenset(expression.free_names - _IMPLICIT - functions)
    return Reading(
        names=read,
        functions=frozenset(expression.called_names - names),
        parameters=frozenset(_PARAMETER.findall(text)) if "parameter" in expression.called_names else _NO_NAMES,
        spaced=frozenset(name for name in read if " " in name and name not in names and name not in quoted),
    )
