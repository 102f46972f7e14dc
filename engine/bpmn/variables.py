"""Variables: scopes within scopes, values nobody shares, and writes that lose no one else's change.

A variable is looked up from the element outwards. A result goes to the nearest enclosing scope that has the variable,
and to the process where none has. Values are never changed in place, so scopes may hold the same value without sharing
a fate.

Two branches that both give back a variable are merged three ways: against what it was when each began to wait. What a
branch gives back as it found it is no change, and contexts are merged entry by entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.bpmn.token import Token
from engine.errors import InvalidInput
from engine.feel import FeelFunction, FeelLimitError, from_python
from engine.feel.values import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelRange,
    FeelTime,
    YearsMonthsDuration,
)

MAX_DEPTH: Final = 64
MAX_INTEGER_BITS: Final = 4096
_ABSENT: Final = object()
_ATOM_TYPES: Final = frozenset(
    {
        str,
        bool,
        int,
        type(None),
        FeelDate,
        FeelTime,
        FeelDateTime,
        DaysTimeDuration,
        YearsMonthsDuration,
        FeelRange,
    }
)


def own(value: Any, name: str, depth: int = 0) -> Any:
    """A copy of a value from outside that nobody else can change.

    Raises:
        InvalidInput: it is, or holds, something that is no FEEL value.
    """
    kind = type(value)
    if kind is str and not _is_unicode(value):
        raise InvalidInput(f"variable {name}: the text has half a character (a lone surrogate) in it")
    if kind is int and value.bit_length() > MAX_INTEGER_BITS:
        raise InvalidInput(f"variable {name}: a number of more than {MAX_INTEGER_BITS} bits cannot be kept")
    if kind in _ATOM_TYPES:
        return value
    if depth > MAX_DEPTH:
        raise InvalidInput(f"variable {name}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str) or not _is_unicode(key):
                raise InvalidInput(f"variable {name}: an entry's name must be a text, not {key!r}")
        return {key: own(item, name, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [own(item, name, depth + 1) for item in value]
    try:
        adopted = from_python(value)
    except (TypeError, ValueError, FeelLimitError) as error:
        raise InvalidInput(f"variable {name}: a {kind.__name__} is not a value that a process can keep") from error
    if isinstance(adopted, FeelFunction):
        raise InvalidInput(f"variable {name}: a function is not a value that a process can keep")
    if adopted is None:
        raise InvalidInput(f"variable {name}: {value!r} is not a value that a process can keep")
    return adopted


def own_all(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of all variables given from outside.

    Raises:
        InvalidInput: a name is not a text, or a value is no FEEL value.
    """
    for name in variables:
        if not isinstance(name, str) or not name or not _is_unicode(name):
            raise InvalidInput(f"a variable's name must be a text, not {name!r}")
    return {name: own(value, name) for name, value in variables.items()}


def copied_all(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Copies of variables that a process has, for somebody outside to change as they like."""
    return {name: value if type(value) in _ATOM_TYPES else _copied(value) for name, value in variables.items()}


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: item if type(item) in _ATOM_TYPES else _copied(item) for key, item in value.items()}
    if kind is list:
        return [item if type(item) in _ATOM_TYPES else _copied(item) for item in value]
    return value


def _is_unicode(text: str) -> bool:
    """Whether a text can be written; Python's may hold halves of characters, which nothing that keeps text takes."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def visible(token: Token) -> Mapping[str, Any]:
    """All variables that the token can read: its own, then those of what contains it. Not to be changed."""
    layers = [each.data for each in token.ancestors() if each.data]
    if not layers:
        return {}
    if len(layers) == 1:
        return layers[0]
    merged = dict(layers[-1])
    for layer in reversed(layers[:-1]):
        merged.update(layer)
    return merged


def holder_of(name: str, scope: Token) -> Token:
    """The scope whose variable it is, seen from `scope`; the process where no scope has it."""
    token = scope
    while name not in token.data and token.container is not None:
        token = token.container
    return token


def propagate(results: Mapping[str, Any], scope: Token, bases: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Write results into the scopes that enclose an element; gives what has changed.

    Args:
        results: the variables to write.
        scope: where the looking for each variable's scope starts.
        bases: what a variable was when the writer read it, where someone else has changed it since.
    """
    changes: dict[str, Any] = {}
    for name, value in results.items():
        holder = holder_of(name, scope)
        before = holder.data.get(name, _ABSENT)
        if bases and name in bases:
            value = _merged(bases[name], before, value)
        if _same(before, value):
            continue
        scope.workflow.note_change(holder, name, None if before is _ABSENT else before)
        holder.data[name] = value
        changes[name] = value
    return changes


def assign_path(variables: dict[str, Any], target: tuple[str, ...], value: Any) -> None:
    """Set the variable, or the entry of a context at the path `target`, without touching the old context."""
    if len(target) == 1:
        variables[target[0]] = value
        return
    first = variables.get(target[0])
    inner = dict(first) if isinstance(first, dict) else {}
    assign_path(inner, target[1:], value)
    variables[target[0]] = inner


def _same(a: Any, b: Any) -> bool:
    """Whether two values are the same at every depth; Python holds true and 1 to be equal, FEEL does not."""
    if type(a) is not type(b):
        return False
    if type(a) is dict:
        return len(a) == len(b) and all(key in b and _same(item, b[key]) for key, item in a.items())
    if type(a) is list:
        return len(a) == len(b) and all(map(_same, a, b))
    return bool(a == b)


def _merged(base: Any, ours: Any, theirs: Any) -> Any:
    """`ours` with what `theirs` changed since `base`; contexts entry by entry."""
    if _same(theirs, base):
        return None if ours is _ABSENT else ours
    if isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict):
        merged = dict(ours)
        for name in [*base, *(name for name in theirs if name not in base)]:
            before, after = base.get(name, _ABSENT), theirs.get(name, _ABSENT)
            if after is _ABSENT:
                merged.pop(name, None)
            elif not _same(before, after):
                merged[name] = _merged(None if before is _ABSENT else before, merged.get(name, _ABSENT), after)
        return merged
    return theirs


class Journal:
    """What variables were before they changed, for as long as someone waits who may have read them then.

    Revisions count changes. An entry (revision, holder id, name, before) serves the waits that began before it.
    """

    def __init__(self, revision: int = 0, entries: Iterable[tuple[int, str, str, Any]] = ()) -> None:
        self.revision = revision
        self.entries: list[tuple[int, str, str, Any]] = [*entries]

    def note(self, holder: Token, name: str, before: Any) -> None:
        """Remember what `name` was, now that it changes."""
        self.revision += 1
        self.entries.append((self.revision, holder.id, name, before))

    def bases(self, since: int, scope: Token) -> dict[str, Any]:
        """What the variables that have changed after revision `since` were then, as seen from `scope`."""
        if not self.entries:
            return {}
        scopes = {token.id for token in scope.ancestors()}
        found: dict[str, Any] = {}
        for revision, holder, name, before in self.entries:
            if revision > since and holder in scopes and name not in found:
                found[name] = before
        return found

    def prune(self, readers: Iterable[int]) -> None:
        """Keep only what some reader, who began at one of these revisions, still needs."""
        if not self.entries:
            return
        starts = sorted(set(readers))
        if not starts or starts[0] >= self.revision:
            self.entries.clear()
            return
        kept: list[tuple[int, str, str, Any]] = []
        last_kept: dict[tuple[str, str], int] = {}
        for entry in self.entries:
            revision, holder, name, _ = entry
            since = last_kept.get((holder, name), -1)
            if any(since <= start < revision for start in starts):
                kept.append(entry)
                last_kept[(holder, name)] = revision
        self.entries = kept
