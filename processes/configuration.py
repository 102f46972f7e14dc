"""Reads the files that a municipality may edit (roles.toml, parameters.toml); every fault is collected, then named."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput

_SHOWN_PROBLEMS = 20


class InvalidConfiguration(InvalidInput):
    """A configuration file has faults; `problems` names every one of them."""

    code = "INVALID_CONFIGURATION"

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        shown = list(problems[:_SHOWN_PROBLEMS])
        if len(problems) > _SHOWN_PROBLEMS:
            shown.append(f"och {len(problems) - _SHOWN_PROBLEMS} fel till")
        super().__init__(f"{file}: " + "; ".join(shown))
        self.file = file
        self.problems = tuple(problems)


def read_toml(source: bytes, *, file: str) -> dict[str, Any]:
    """The content of a TOML file, numbers with a point as Decimal; raises InvalidConfiguration with the line."""
    try:
        return tomllib.loads(source.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise InvalidConfiguration(file, [f"filen är inte UTF-8 (byte {error.start})"]) from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidConfiguration(file, [f"filen är inte giltig TOML: {error}"]) from error
    except RecursionError as error:
        raise InvalidConfiguration(file, ["filen är för djupt nästlad"]) from error


@dataclass
class Faults:
    """Collects what is wrong with a file, so that the reader hears everything at once."""

    file: str
    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note that `what` is wrong at `where`."""
        self.found.append(f"{where}: {what}")

    def refuse(self) -> None:
        """Raise InvalidConfiguration if anything was noted."""
        if self.found:
            raise InvalidConfiguration(self.file, self.found)


@dataclass(frozen=True)
class Table:
    """One TOML table under inspection: every getter notes a fault and gives a harmless value instead of raising."""

    content: Mapping[str, Any]
    where: str
    faults: Faults

    def only(self, allowed: frozenset[str]) -> None:
        """Note every key that is not in `allowed`: a misspelt key is never silently ignored."""
        for key in self.content:
            if key not in allowed:
                self.faults.add(self.where, f"okänd nyckel '{key}' (tillåtna: {', '.join(sorted(allowed))})")

    def text(self, key: str) -> str:
        """A required, non-empty text."""
        value = self.content.get(key)
        if not isinstance(value, str) or not value.strip():
            self.faults.add(self.where, f"'{key}' ska vara en text som inte är tom")
            return ""
        return value

    def optional_text(self, key: str) -> str | None:
        """A text, or None where the key is left out."""
        return self.text(key) if key in self.content else None

    def flag(self, key: str) -> bool:
        """True or false; false where the key is left out."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.faults.add(self.where, f"'{key}' ska vara true eller false")
            return False
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; empty where the key is left out."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.faults.add(self.where, f"'{key}' ska vara en lista av texter")
            return ()
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.faults.add(self.where, f"'{key}' nämner '{item}' mer än en gång")
        return tuple(dict.fromkeys(value))


def tables(content: Mapping[str, Any], key: str, faults: Faults) -> list[Table]:
    """The array of tables `[[key]]`, each with its place for messages: its id where it has one, else its number."""
    value = content.get(key, [])
    if not isinstance(value, list):
        faults.add(key, f"ska skrivas som [[{key}]]")
        return []
    found = []
    for number, item in enumerate(value, start=1):
        if not isinstance(item, Mapping):
            faults.add(f"{key} {number}", "ska vara en tabell")
            continue
        name = item.get("id")
        found.append(Table(item, f"{key} '{name}'" if isinstance(name, str) else f"{key} {number}", faults))
    return found
