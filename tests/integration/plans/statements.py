"""What the program asks of its database: statements made at import, and functions that put theirs together."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

from sqlalchemy import Delete, SelectBase, Update

import engine.store
import processes.aktivitetskrav.records

ROOMS = (engine.store, processes.aktivitetskrav.records)
ASKS = {"query", "query_first", "query_scalar", "Listed", "told"}
"""What takes a statement, or conditions, made for this one question, or tells one for anyone who asks."""
PACKAGES = tuple(room.__name__ for room in ROOMS)


def modules() -> Iterator[tuple[str, ModuleType]]:
    """The modules that know SQL, by their last name."""
    for room in ROOMS:
        for found in pkgutil.iter_modules(room.__path__):
            if not found.ispkg:
                yield found.name, importlib.import_module(f"{room.__name__}.{found.name}")


def made_at_import() -> dict[str, Any]:
    """Every statement that reads or changes rows found by a condition, as "module.NAME"."""
    found: dict[str, Any] = {}
    for name, module in modules():
        for label, value in vars(module).items():
            if isinstance(value, SelectBase | Update | Delete):
                found[f"{name}.{label}"] = value
            elif isinstance(value, Mapping) and value and all(isinstance(each, SelectBase) for each in value.values()):
                found |= {f"{name}.{label}[{key}]": each for key, each in value.items()}  # for_anyone
    return found


def put_together() -> dict[str, Callable[..., Any]]:
    """Every public function that makes its statement for the question, as "module.name"."""
    found: dict[str, Callable[..., Any]] = {}
    for name, module in modules():
        for label, value in vars(module).items():
            own = isinstance(value, FunctionType) and value.__module__ == module.__name__
            if own and not label.startswith("_") and _asks(value, set()):
                found[f"{name}.{label}"] = value
    return found


def _asks(function: FunctionType, seen: set[FunctionType]) -> bool:
    """Whether a function, or one in these rooms that it calls, puts a statement together and asks it."""
    if function in seen:
        return False
    seen.add(function)
    names = set(_names(function.__code__))
    if names & ASKS:
        return True
    called = (function.__globals__.get(name) for name in names)
    own = [each for each in called if isinstance(each, FunctionType) and each.__module__.startswith(PACKAGES)]
    return any(_asks(each, seen) for each in own)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
