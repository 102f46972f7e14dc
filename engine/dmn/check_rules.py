"""What the linter knows of decision models, in words that a process owner understands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.findings import Finding, Severity

MAX_SHOWN: Final = 160
"""Characters of the author's own text that a message repeats."""


@dataclass(frozen=True, slots=True)
class ModelRule:
    """One thing that can be wrong; the texts may use `{what}` (the element's name) and the details given to `at`."""

    code: str
    severity: Severity
    message: str
    message_en: str
    remedy: str
    remedy_en: str

    def at(self, element: str | None, name: str | None, **details: object) -> Finding:
        """The finding that this rule is broken at an element."""
        shown = {key: _short(value) for key, value in details.items()}
        shown["what"] = _short(name or element or "–")
        return Finding(
            self.code,
            self.severity,
            element,
            name,
            self.message.format(**shown),
            self.message_en.format(**shown),
            self.remedy.format(**shown),
            self.remedy_en.format(**shown),
        )


def _short(value: object) -> str:
    text = " ".join(str(value)[: 4 * MAX_SHOWN].split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING

UNREADABLE = ModelRule(
    "DMN_UNREADABLE",
    ERROR,
    "Beslutsmodellen går inte att läsa: {reason}",
    "The decision model cannot be read: {reason}",
    "Rätta modellen i en DMN-editor och spara den på nytt.",
    "Mend the model in a DMN editor and save it anew.",
)
DUPLICATE_ID = ModelRule(
    "DMN_DUPLICATE_ID",
    ERROR,
    "Två element har samma id: {id}.",
    "Two elements have the same id: {id}.",
    "Ge det ena elementet ett annat id.",
    "Give one of the elements another id.",
)
DUPLICATE_NAME = ModelRule(
    "DMN_DUPLICATE_NAME",
    ERROR,
    "Två element heter ”{what}”; ett uttryck kan inte veta vilket som menas.",
    "Two elements are named “{what}”; an expression cannot know which one is meant.",
    "Byt namn på det ena.",
    "Rename one of them.",
)
SYNTAX = ModelRule(
    "FEEL_SYNTAX",
    ERROR,
    "Ett uttryck i ”{what}” går inte att läsa: {text} – {reason}",
    "An expression in “{what}” cannot be read: {text} – {reason}",
    'Rätta uttrycket. En cell skrivs till exempel >= 3, [1..5] eller "beviljad", "avslag".',
    'Mend the expression. A cell looks for example like >= 3, [1..5] or "granted", "refused".',
)
UNKNOWN_FUNCTION = ModelRule(
    "FUNCTION_UNKNOWN",
    ERROR,
    "Ett uttryck i ”{what}” använder funktionen {function}, som inte finns: {text}",
    "An expression in “{what}” uses the function {function}, which does not exist: {text}",
    "Kontrollera stavningen, eller dra ett kunskapskrav från den affärskunskap som menas.",
    "Check the spelling, or draw a knowledge requirement from the knowledge model that is meant.",
)
UNKNOWN_PARAMETER = ModelRule(
    "PARAMETER_UNKNOWN",
    ERROR,
    "Ett uttryck i ”{what}” läser parametern {parameter}, som inte finns: {text}",
    "An expression in “{what}” reads the parameter {parameter}, which does not exist: {text}",
    "Välj en parameter som finns, eller lägg till den i parameters.toml.",
    "Choose a parameter that exists, or add it to parameters.toml.",
)
NOT_REQUIRED = ModelRule(
    "DMN_REQUIREMENT_MISSING",
    ERROR,
    "”{what}” använder {missing} utan att kräva det; värdet är då alltid tomt: {text}",
    "“{what}” uses {missing} without requiring it, so its value is always null: {text}",
    "Dra ett krav från {missing} till ”{what}” i diagrammet.",
    "Draw a requirement from {missing} to “{what}” in the diagram.",
)
UNKNOWN_NAME = ModelRule(
    "DMN_NAME_UNKNOWN",
    WARNING,
    "”{what}” använder {missing}, som modellen inte har: {text}",
    "“{what}” uses {missing}, which the model does not have: {text}",
    "Kontrollera stavningen (text skrivs inom citattecken), eller lägg till det som indata.",
    "Check the spelling (text is written in quotes), or add it as input data.",
)
UNKNOWN_TYPE = ModelRule(
    "DMN_TYPE_UNKNOWN",
    ERROR,
    "”{what}” har typen {type}, som inte finns.",
    "“{what}” has the type {type}, which does not exist.",
    "Välj en typ som finns (number, string, boolean, date ...) eller definiera den.",
    "Choose a type that exists (number, string, boolean, date ...) or define it.",
)
FOREIGN_FUNCTION = ModelRule(
    "DMN_FOREIGN_FUNCTION",
    ERROR,
    "”{what}” är en funktion i {language}; sådana körs inte här.",
    "“{what}” is a function in {language}; such are not run here.",
    "Skriv funktionen i FEEL.",
    "Write the function in FEEL.",
)
FOREIGN_LANGUAGE = ModelRule(
    "DMN_FOREIGN_LANGUAGE",
    ERROR,
    "Ett uttryck i ”{what}” är skrivet i {language}; bara FEEL körs här.",
    "An expression in “{what}” is written in {language}; only FEEL is run here.",
    "Skriv uttrycket i FEEL.",
    "Write the expression in FEEL.",
)
NO_LOGIC = ModelRule(
    "DMN_NO_LOGIC",
    WARNING,
    "Beslutet ”{what}” har ingen logik; svaret är alltid tomt.",
    "The decision “{what}” has no logic; its answer is always null.",
    "Rita en beslutstabell eller skriv ett uttryck.",
    "Draw a decision table or write an expression.",
)
OVERLAP = ModelRule(
    "TABLE_RULES_OVERLAP",
    ERROR,
    "I ”{what}” gäller både regel {first} och regel {second} för {example}, men bara en får gälla (UNIQUE).",
    "In “{what}” both rule {first} and rule {second} match {example}, but only one may (UNIQUE).",
    "Ändra villkoren så att bara en regel gäller, eller välj FIRST (första träffen).",
    "Change the conditions so that only one rule matches, or choose FIRST.",
)
CONTRADICTION = ModelRule(
    "TABLE_RULES_CONTRADICT",
    ERROR,
    "I ”{what}” gäller både regel {first} och regel {second} för {example}, men de svarar olika (ANY).",
    "In “{what}” both rule {first} and rule {second} match {example}, but they say different things (ANY).",
    "Ge reglerna samma svar, eller ändra villkoren.",
    "Give the rules the same answer, or change the conditions.",
)
GAP = ModelRule(
    "TABLE_GAP",
    WARNING,
    "I ”{what}” gäller ingen regel för {example}; svaret blir då tomt.",
    "In “{what}” no rule matches {example}; the answer is then null.",
    "Lägg till en regel för det, eller ett förvalt svar.",
    "Add a rule for it, or a default output.",
)
NO_DEFAULT = ModelRule(
    "TABLE_WITHOUT_DEFAULT",
    WARNING,
    "Det går inte att visa att någon regel i ”{what}” alltid gäller, och tabellen har inget förvalt svar.",
    "It cannot be shown that some rule in “{what}” always matches, and the table has no default output.",
    "Lägg till ett förvalt svar, eller en sista regel som alltid gäller.",
    "Add a default output, or a last rule that always matches.",
)
UNREACHABLE = ModelRule(
    "TABLE_RULE_UNREACHABLE",
    WARNING,
    "Regel {number} i ”{what}” kan aldrig gälla: {reason}",
    "Rule {number} in “{what}” can never match: {reason_en}",
    "Ta bort regeln, ändra den, eller flytta den.",
    "Remove the rule, change it, or move it.",
)
OUTPUT_NOT_ALLOWED = ModelRule(
    "TABLE_OUTPUT_NOT_ALLOWED",
    ERROR,
    "Regel {number} i ”{what}” svarar {text}, som inte finns bland de tillåtna svaren: {allowed}",
    "Rule {number} in “{what}” answers {text}, which is not among the allowed outputs: {allowed}",
    "Rätta svaret, eller lägg till det bland de tillåtna.",
    "Mend the answer, or add it to the allowed ones.",
)
NO_OUTPUT_VALUES = ModelRule(
    "TABLE_NO_OUTPUT_VALUES",
    ERROR,
    "”{what}” väljer efter svarens ordning ({policy}) men räknar inte upp svaren i någon ordning.",
    "“{what}” chooses by the order of its outputs ({policy}) but lists no output values.",
    "Räkna upp de tillåtna svaren, det viktigaste först.",
    "List the allowed outputs, the most important first.",
)
CANNOT_AGGREGATE = ModelRule(
    "TABLE_CANNOT_AGGREGATE",
    ERROR,
    "”{what}” räknar samman sina träffar ({aggregation}) men har flera svarskolumner.",
    "“{what}” aggregates its matches ({aggregation}) but has several output columns.",
    "Behåll en svarskolumn, eller räkna samman i ett beslut efter tabellen.",
    "Keep one output column, or aggregate in a decision after the table.",
)
CELL_TYPE = ModelRule(
    "TABLE_CELL_TYPE",
    ERROR,
    "Regel {number} i ”{what}” jämför kolumnen {column} ({type}) med {found}: {text}",
    "Rule {number} in “{what}” compares the column {column} ({type}) with {found}: {text}",
    'Skriv cellen i kolumnens typ; text skrivs inom citattecken ("ja"), tal utan.',
    'Write the cell in the type of the column; text is written in quotes ("yes"), numbers without.',
)
NO_INPUT_EXPRESSION = ModelRule(
    "TABLE_NO_INPUT_EXPRESSION",
    ERROR,
    "En kolumn i ”{what}” säger inte vad den frågar efter.",
    "A column in “{what}” does not say what it asks for.",
    "Skriv kolumnens uttryck, till exempel namnet på en indata.",
    "Write the column's expression, for example the name of an input.",
)
