"""Reads the configuration: command line over environment over file over what holds by default; every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from commands.configuration.settings import (
    SECTIONS,
    BackupSettings,
    DatabaseSettings,
    Key,
    LogSettings,
    MetricsSettings,
    TelemetrySettings,
    WebSettings,
    WorkerSettings,
    all_keys,
    keys_of,
)
from processes.configuration import Faults, InvalidConfiguration, read_toml

USUAL_FILES = (Path("stegvis.toml"), Path("/etc/stegvis/stegvis.toml"))
FILE_VARIABLE = "STEGVIS_CONFIG"
NOT_SETTINGS = re.compile(
    r"STEGVIS_(CONFIG|CHROMIUM|TCK|TEST_\w+)"
    r"|STEGVIS(_\w+)?_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)"
)
"""Variables with our prefix that are no settings: the tests' own, and what Kubernetes makes of a service's name."""
MAX_SECRET_BYTES = 64_000


class Origin(NamedTuple):
    """Where a value comes from: `kind` is default, file, environment, secret file or command line."""

    kind: str
    place: str


BY_DEFAULT = Origin("default", "")


class _Said(NamedTuple):
    value: Any
    origin: Origin


@dataclass(frozen=True)
class Configuration:
    """Everything an installation decides, as valid values; `origins` tells where each comes from, by full name."""

    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    web: WebSettings = field(default_factory=WebSettings)
    log: LogSettings = field(default_factory=LogSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def value(self, key: Key) -> Any:
        """The value of one setting."""
        return getattr(getattr(self, key.section), key.name)

    def origin(self, key: Key) -> Origin:
        """Where the value of one setting comes from."""
        return self.origins.get(key.full_name, BY_DEFAULT)


def find_file(chosen: str | None, environment: Mapping[str, str]) -> Path | None:
    """The file to read: the one `chosen`, else the one that STEGVIS_CONFIG names, else one that lies where usual."""
    named = chosen or environment.get(FILE_VARIABLE)
    if named:
        return Path(named)
    return next((path for path in USUAL_FILES if path.is_file()), None)


def load(file: Path | None, environment: Mapping[str, str], given: Mapping[str, Any] | None = None) -> Configuration:
    """The configuration; raises InvalidConfiguration that names every fault in file, environment and secrets.

    given: what the command line says, by full name ("web.port"), as TOML would have it.
    """
    faults = Faults(str(file or "inställningarna"))
    said: dict[str, _Said] = {}
    if file is not None:
        said |= _of_file(_content(file, faults), file, faults)
    said |= _of_environment(environment, faults)
    said |= {name: _Said(value, Origin("command line", "")) for name, value in (given or {}).items()}
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for key in all_keys():
        if key.full_name in said:
            values[key.section][key.name] = _read(key, said[key.full_name], faults)
    faults.refuse()
    sections = {name: settings(**values[name]) for name, settings in SECTIONS.items()}
    return Configuration(**sections, origins={name: each.origin for name, each in said.items()})


def _content(file: Path, faults: Faults) -> dict[str, Any]:
    try:
        return read_toml(file.read_bytes(), file=str(file))
    except OSError as error:
        faults.add("filen", f"kan inte läsas ({error.strerror})")
    except InvalidConfiguration as error:
        faults.found.extend(error.problems)
    return {}


def _of_file(content: Mapping[str, Any], file: Path, faults: Faults) -> dict[str, _Said]:
    said: dict[str, _Said] = {}
    for section, table in content.items():
        if section not in SECTIONS:
            faults.add(f"[{section}]", "finns inte" + _nearest(section, SECTIONS))
        elif not isinstance(table, Mapping):
            faults.add(section, f"ska vara en tabell: skriv [{section}]")
        else:
            said |= _of_table(section, table, file, faults)
    return said


def _of_table(section: str, table: Mapping[str, Any], file: Path, faults: Faults) -> dict[str, _Said]:
    names = {key.name: key for key in keys_of(section)}
    files = {key.file_name: key for key in names.values() if key.file_name}
    said: dict[str, _Said] = {}
    for name, value in table.items():
        where = f"{section}.{name}"
        if name in files:
            key = files[name]
            if key.name in table:
                faults.add(where, f"står bredvid {key.full_name}: ange bara den ena")
            elif not isinstance(value, str) or not value:
                faults.add(where, "ska vara sökvägen till en fil")
            else:
                secret = _secret(where, file.parent / value, faults)
                said |= {} if secret is None else {key.full_name: secret}
        elif name in names:
            said[where] = _Said(value, Origin("file", str(file)))
        else:
            faults.add(where, "finns inte" + _nearest(name, [*names, *files]))
    return said


def _of_environment(environment: Mapping[str, str], faults: Faults) -> dict[str, _Said]:
    variables = {key.variable: key for key in all_keys()}
    files = {key.file_variable: key for key in all_keys() if key.file_variable}
    said: dict[str, _Said] = {}
    for name, value in sorted(environment.items()):
        if name in variables:
            key = variables[name]
            said[key.full_name] = _Said(key.kind.plain(value), Origin("environment", name))
        elif name in files:
            key = files[name]
            if key.variable in environment:
                faults.add(name, f"står bredvid {key.variable}: ange bara den ena")
            elif (secret := _secret(name, Path(value), faults)) is not None:
                said[key.full_name] = secret
        elif name.startswith("STEGVIS_") and not NOT_SETTINGS.fullmatch(name):
            faults.add(name, "är ingen inställning" + _nearest(name, [*variables, *files]))
    return said


def _secret(where: str, path: Path, faults: Faults) -> _Said | None:
    """What a file of a secret says; its last line break is no part of it."""
    try:
        with path.open("rb") as source:
            content = source.read(MAX_SECRET_BYTES + 1)
        text = content.decode("utf-8").strip()
    except OSError as error:
        faults.add(where, f"filen {path} kan inte läsas ({error.strerror})")
    except UnicodeDecodeError:
        faults.add(where, f"filen {path} är inte UTF-8")
    else:
        if text and len(content) <= MAX_SECRET_BYTES:
            return _Said(text, Origin("secret file", str(path)))
        faults.add(where, f"filen {path} är " + ("för stor" if text else "tom"))
    return None


def _read(key: Key, said: _Said, faults: Faults) -> Any:
    try:
        return key.kind.read(said.value)
    except ValueError as error:
        where = said.origin.place if said.origin.kind == "environment" else key.full_name
        faults.add(where, str(error))
        return None


def _nearest(name: str, known: Iterable[str | None]) -> str:
    found = get_close_matches(name, [each for each in known if each], n=1, cutoff=0.6)
    return f"; menade du {found[0]}?" if found else ""
