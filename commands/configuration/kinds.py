"""What a setting's value may be: read from TOML or from the environment's text; ValueError says what it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

Network = IPv4Network | IPv6Network
_TRUE, _FALSE = frozenset({"true", "1", "yes", "ja"}), frozenset({"false", "0", "no", "nej"})


@dataclass(frozen=True)
class Kind:
    """A kind of value.

    told: what the documentation calls it. read: a value of TOML as the program uses it. plain: the environment's text
    as TOML would have it.
    """

    told: str
    read: Callable[[Any], Any]
    plain: Callable[[str], Any] = str


def text(least: int = 1) -> Kind:
    """A text of at least so many characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value.strip()) < least:
            raise ValueError("ska vara en text" + (f" på minst {least} tecken" if least > 1 else " som inte är tom"))
        return value.strip()

    return Kind("text" + (f" of at least {least} characters" if least > 1 else ""), read)


def number(low: int, high: int) -> Kind:
    """A whole number within bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"ska vara ett heltal från {low} till {high}")
        return value

    def plain(said: str) -> Any:
        return int(said) if said.removeprefix("-").isdecimal() and len(said) < 19 else said

    return Kind(f"whole number from {low} to {high}", read, plain)


def flag() -> Kind:
    """True or false."""

    def read(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError("ska vara true eller false")
        return value

    def plain(said: str) -> Any:
        word = said.strip().lower()
        return True if word in _TRUE else False if word in _FALSE else said

    return Kind("true or false", read, plain)


def choice(*words: str) -> Kind:
    """One of some words."""

    def read(value: Any) -> str:
        if value not in words:
            raise ValueError("ska vara " + " eller ".join(f'"{word}"' for word in words))
        return str(value)

    return Kind(", ".join(f"`{word}`" for word in words), read)


def texts() -> Kind:
    """A list of texts; in the environment with commas between."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise ValueError("ska vara en lista av texter")
        return tuple(each.strip() for each in value)

    return Kind("list of texts", read, _with_commas)


def networks() -> Kind:
    """A list of IP networks."""

    def read(value: Any) -> tuple[Network, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise ValueError('ska vara en lista av nät, som ["10.0.0.0/8", "::1"]')
        found = []
        for each in value:
            try:
                found.append(ip_network(each.strip()))
            except ValueError:
                raise ValueError(f"'{each}' är inget nät; skriv som 10.0.0.0/8 eller ::1") from None
        return tuple(found)

    return Kind("list of networks (10.0.0.0/8, ::1)", read, _with_commas)


def database() -> Kind:
    """A SQLAlchemy URL of SQLite or PostgreSQL."""

    def read(value: Any) -> str:
        try:
            backend = make_url(value if isinstance(value, str) else "").get_backend_name()
        except ArgumentError:  # its message would repeat the address, which may hold a password
            backend = ""
        if backend not in ("sqlite", "postgresql"):
            raise ValueError("ska vara en adress till SQLite eller PostgreSQL, som sqlite:///var/stegvis.sqlite")
        return str(value)

    return Kind("SQLAlchemy URL of SQLite or PostgreSQL", read)


def web_address() -> Kind:
    """An address that begins with http:// or https://."""

    def read(value: Any) -> str:
        said = value.strip() if isinstance(value, str) else ""
        parts = urlsplit(said)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.username is not None:
            raise ValueError("ska vara en adress som börjar med http:// eller https://, utan namn och lösenord i")
        return said

    return Kind("address that begins with http:// or https://", read)


def _with_commas(said: str) -> list[str]:
    return [each.strip() for each in said.split(",") if each.strip()]
