"""Every setting there is: its name, what it may be, what holds unless something is said, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any

from commands.configuration import kinds
from commands.configuration.kinds import Kind, Network


@dataclass(frozen=True)
class Key:
    """One setting. `secret`: may come from a file of its own, and is never printed."""

    section: str
    name: str
    kind: Kind
    default: Any
    told: str
    secret: bool
    variable: str
    """Its name in the environment."""

    @property
    def full_name(self) -> str:
        """As in `web.port`."""
        return f"{self.section}.{self.name}"

    @property
    def file_name(self) -> str | None:
        """The name, within the section, of the path to a file with the value; secrets alone have one."""
        return f"{self.name}_file" if self.secret else None

    @property
    def file_variable(self) -> str | None:
        """The variable that names a file with the value."""
        return f"{self.variable}_FILE" if self.secret else None


def _key(kind: Kind, default: Any, told: str, *, secret: bool = False, variable: str | None = None) -> Any:
    metadata = {"kind": kind, "told": told, "secret": secret, "variable": variable}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True)
class DatabaseSettings:
    """Where everything is kept."""

    url: str = _key(
        kinds.database(),
        "sqlite:///var/stegvis.sqlite",
        "The database. Secret because the address of a PostgreSQL server may hold a password.",
        secret=True,
        variable="STEGVIS_DATABASE",
    )


@dataclass(frozen=True)
class WebSettings:
    """How the pages are served."""

    host: str = _key(kinds.text(), "127.0.0.1", "Address to listen on.")
    port: int = _key(kinds.number(1, 65535), 8000, "Port to listen on.")
    threads: int = _key(kinds.number(1, 200), 8, "Requests answered at the same time by one process.")
    secret_key: str | None = _key(
        kinds.text(16),
        None,
        "Signs sessions; the same for every web process. Unless given, one is made and kept in `var/secret_key`.",
        secret=True,
        variable="STEGVIS_SECRET_KEY",
    )
    demo_login: str = _key(
        kinds.choice("local", "everywhere", "off"),
        "local",
        "Who is offered the demo's login, which asks for no password: whoever sits at this machine, everybody who "
        "reaches the address (made-up data only), or nobody.",
    )
    secure_cookies: bool = _key(kinds.flag(), False, "Cookies over https only, and browsers told to use https.")
    proxy_hops: int = _key(
        kinds.number(0, 5),
        0,
        "How many reverse proxies stand before Stegvis, each setting X-Forwarded-For, -Proto and -Host. With 0 those "
        "headers are not believed.",
    )
    session_minutes: int = _key(kinds.number(5, 1440), 60, "How long a login lasts without a click, in minutes.")


@dataclass(frozen=True)
class LogSettings:
    """What is logged, and how."""

    format: str = _key(
        kinds.choice("auto", "json", "text"),
        "auto",
        "JSON lines or readable text; `auto` is text on a terminal and JSON elsewhere.",
    )
    level: str = _key(kinds.choice("debug", "info", "warning", "error"), "info", "The least grave lines to write.")


@dataclass(frozen=True)
class MetricsSettings:
    """Who may read `/metrics`; nobody unless one of these is given."""

    token: str | None = _key(
        kinds.text(16), None, "Whoever sends it as `Authorization: Bearer ...` may read `/metrics`.", secret=True
    )
    networks: tuple[Network, ...] = _key(
        kinds.networks(), (), "Machines in these networks may read `/metrics` without a token."
    )


@dataclass(frozen=True)
class TelemetrySettings:
    """Where OpenTelemetry spans go (needs the extra `telemetry`); nowhere unless an address is given."""

    endpoint: str | None = _key(
        kinds.web_address(), None, "The OTLP address that takes spans over http, as `http://collector:4318/v1/traces`."
    )
    service: str = _key(kinds.text(), "stegvis", "The service's name on each span.")


@dataclass(frozen=True)
class WorkerSettings:
    """How much works at the same time."""

    threads: int = _key(kinds.number(1, 64), 2, "Jobs run at the same time by one process.")
    job_seconds: int | None = _key(
        kinds.number(1, 86_400),
        None,
        "How long a job may take before its attempt counts as failed; unless given 300 on PostgreSQL, and 30 on "
        "SQLite, where nobody else can write meanwhile.",
    )
    metrics_port: int | None = _key(
        kinds.number(1, 65535), None, "Where `stegvis worker` gives its own metrics; nowhere unless given."
    )
    metrics_host: str = _key(
        kinds.text(), "127.0.0.1", "The address it gives them at; whoever reaches it may read them."
    )
    grace_seconds: int = _key(
        kinds.number(0, 3600), 20, "How long what is under way may go on once a process was asked to stop."
    )


@dataclass(frozen=True)
class BackupSettings:
    """Where `stegvis backup` writes, and who can open what it writes."""

    folder: str | None = _key(
        kinds.text(), None, "Where a backup goes that is given no file, as `stegvis-2026-11-30T0215Z.backup`."
    )
    recipients: tuple[str, ...] = _key(
        kinds.texts(), (), "Who can open backups, unless `--encrypt-to` says: age recipients or SSH public keys."
    )


SECTIONS: dict[str, type[Any]] = {
    "database": DatabaseSettings,
    "web": WebSettings,
    "log": LogSettings,
    "metrics": MetricsSettings,
    "telemetry": TelemetrySettings,
    "worker": WorkerSettings,
    "backup": BackupSettings,
}
"""The sections of stegvis.toml, in the order of its documentation."""


def keys_of(section: str) -> Iterator[Key]:
    """The settings of one section."""
    for each in fields(SECTIONS[section]):
        yield _described(section, each)


def all_keys() -> Iterator[Key]:
    """Every setting."""
    for section in SECTIONS:
        yield from keys_of(section)


def key_of(full_name: str) -> Key:
    """The setting of that name, as in `web.port`; KeyError where there is none."""
    for each in all_keys():
        if each.full_name == full_name:
            return each
    raise KeyError(full_name)


def _described(section: str, each: Field[Any]) -> Key:
    said = each.metadata
    variable = said["variable"] or f"STEGVIS_{section}_{each.name}".upper()
    return Key(section, each.name, said["kind"], each.default, said["told"], said["secret"], variable)
