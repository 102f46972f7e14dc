"""The configuration for people: each value with where it comes from, secrets masked; and the page of documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import make_url

from commands.configuration.loading import Configuration, Origin
from commands.configuration.settings import SECTIONS, Key, all_keys, keys_of

MASK = "********"
ORIGINS = {
    "default": "förvalt",
    "file": "{place}",
    "environment": "miljön: {place}",
    "secret file": "fil: {place}",
    "command line": "kommandoraden",
}


def shown(configuration: Configuration) -> Iterator[tuple[Key, Any, Origin]]:
    """Every setting with its value, as it may be printed, and where that comes from."""
    for key in all_keys():
        yield key, _printable(key, configuration.value(key)), configuration.origin(key)


def origin_words(origin: Origin) -> str:
    """Where a value comes from, in a few words."""
    return ORIGINS[origin.kind].format(place=origin.place)


def documentation() -> str:
    """The tables of docs/configuration.md."""
    parts = []
    for section, settings in SECTIONS.items():
        lines = [f"### `[{section}]`", "", str(settings.__doc__), ""]
        lines += ["| Setting | Environment | May be | By default | Means |", "|---|---|---|---|---|"]
        lines += [_line(key) for key in keys_of(section)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _line(key: Key) -> str:
    names, variables = f"`{key.name}`", f"`{key.variable}`"
    if key.secret:
        names, variables = f"{names} or `{key.file_name}`", f"{variables} or `{key.file_variable}`"
    default = "–" if key.default in (None, ()) else f"`{_as_toml(key.default)}`"
    return f"| {names} | {variables} | {key.kind.told} | {default} | {key.told} |"


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _printable(key: Key, value: Any) -> Any:
    if key.full_name == "database.url":
        return without_secrets(value)
    if key.secret:
        return None if value is None else MASK
    return [str(each) for each in value] if isinstance(value, tuple) else value


def without_secrets(url: str) -> str:
    """A database's address without its password and what else may be secret in it."""
    found = make_url(url)
    hidden = dict.fromkeys(found.query, MASK)
    return found.set(query=hidden).render_as_string(hide_password=True)


if __name__ == "__main__":
    print(documentation())  # noqa: T201
