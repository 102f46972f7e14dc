"""Statements made ready once: their SQL, the order of their parameters, and how values cross to the driver and back.

SQLAlchemy does most of this anew for each execution, at four times the cost of the statement itself. A list as a
parameter stands in the SQL as so many places as it has members, so such a statement has a text for each length.
"""

from __future__ import annotations

import copy
import json
import threading
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from sqlalchemy import JSON, ClauseElement, Connection, LargeBinary, Numeric, SelectBase, UpdateBase
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NullType, TupleType, TypeEngine

Params = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Parameter(NamedTuple):
    """One place in a statement: which parameter goes there, how it is stored, and what it is where none is given.

    is_list: the place is as many places as the value has members.
    """

    name: str
    store: Processor | None
    constant: Any
    is_list: bool


class Prepared:
    """One statement, ready for the driver of one kind of database."""

    __slots__ = ("_columns", "_compiled", "_lists", "_names", "_parameters", "_row", "_stored", "_texts")

    def __init__(
        self, compiled: SQLCompiler, parameters: Sequence[Parameter], names: Sequence[str], columns: Any
    ) -> None:
        """Use `prepared`."""
        self._compiled = compiled
        self._parameters = tuple(parameters)
        self._lists = tuple({each.name: each for each in parameters if each.is_list}.values())
        self._texts: dict[tuple[int, ...], str] = {} if self._lists else {(): str(compiled)}
        # Where every place is a parameter of its own that must be given, which is nearly always, this is all it takes.
        plain = all(each.constant is _REQUIRED and not each.is_list for each in parameters)
        self._names = [each.name for each in parameters] if plain else None
        self._stored = [(index, each.store) for index, each in enumerate(parameters) if each.store is not None]
        self._columns = [(index, load) for index, load in enumerate(columns) if load is not None]
        self._row = _row_class(names)

    @property
    def has_lists(self) -> bool:
        """Whether the SQL depends on what is given."""
        return bool(self._lists)

    def sql(self, given: Mapping[str, Any]) -> str:
        """The SQL for these parameters."""
        if not self._lists:
            return self._texts[()]
        lengths = tuple([len(_value(each, given)) for each in self._lists])
        text = self._texts.get(lengths)
        if text is None:
            text = self._expanded(given)
            if len(self._texts) < MAX_LENGTHS:
                self._texts[lengths] = text
        return text

    def _expanded(self, given: Mapping[str, Any]) -> str:
        """The SQL with a place for each member of the lists; other parameters do not change it."""
        values = dict.fromkeys((each.name for each in self._parameters), None)
        values |= {each.name: list(_value(each, given)) for each in self._lists}
        return self._compiled.construct_expanded_state(values).statement

    def bind(self, given: Mapping[str, Any]) -> list[Any]:
        """The parameters in the order of their places."""
        if self._names is not None:
            values = [given[name] for name in self._names]
            for index, processor in self._stored:
                values[index] = processor(values[index])
            return values
        values = []
        for name, store, constant, is_list in self._parameters:
            value = given.get(name, constant)
            if value is _REQUIRED:
                raise KeyError(name)
            if is_list:
                values.extend(value if store is None else map(store, value))
            else:
                values.append(value if store is None else store(value))
        return values

    def bind_all(self, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
        """The parameters of each row."""
        return [self.bind(row) for row in rows]

    def read(self, row: Sequence[Any]) -> Any:
        """A row as the driver gave it, its values as the columns' types say."""
        if not self._columns:
            return self._row._make(row)
        values = list(row)
        for index, load in self._columns:
            values[index] = load(values[index])
        return self._row._make(values)


_REQUIRED = object()
MAX_KEPT = 1_000
"""So many statements are kept; the oldest goes when there are more, and is made ready again when it comes."""
MAX_LENGTHS = 50
"""So many texts a statement with lists keeps; for lists of further lengths its text is made each time."""
_KEPT: dict[tuple[int, tuple[str, ...] | None, str], tuple[ClauseElement, Prepared | None]] = {}
_SEEN: WeakValueDictionary[tuple[int, tuple[str, ...] | None, str], ClauseElement] = WeakValueDictionary()
_KEEPING = threading.Lock()
_BY_PLACE: dict[str, Dialect] = {}
"""Each kind of database, with parameters by their place."""


def prepared(connection: Connection, statement: Any, keys: tuple[str, ...] | None) -> Prepared | None:
    """The statement made ready, or None where it has to go through SQLAlchemy.

    keys: for an insert, the columns that are given. A statement is made ready and kept when it comes the second time:
    what was put together for one question does not come again, and is not worth it.
    """
    dialect = connection.dialect
    key = (id(statement), keys, dialect.name)
    found = _KEPT.get(key)
    if found is not None and found[0] is statement:
        return found[1]
    if not isinstance(statement, SelectBase | UpdateBase):
        return None
    if _SEEN.get(key) is not statement:
        _SEEN[key] = statement
        return None
    made = _prepare(dialect, statement, keys)
    with _KEEPING:
        if len(_KEPT) >= MAX_KEPT:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = (statement, made)
    return made


def _prepare(dialect: Dialect, statement: Any, keys: tuple[str, ...] | None) -> Prepared | None:
    compiled = statement.compile(dialect=_by_place(dialect), column_keys=list(keys) if keys is not None else None)
    if compiled.literal_execute_params or compiled.positiontup is None:
        return None
    columns = list(statement.exported_columns)
    if not _can_cross(dialect, [bind.type for bind in compiled.binds.values()], [column.type for column in columns]):
        return None
    parameters = [
        Parameter(
            name,
            _store(bind.type, dialect),
            _REQUIRED if bind.required else bind.effective_value,
            bind in compiled.post_compile_params,
        )
        for name, bind in ((name, compiled.binds[name]) for name in compiled.positiontup)
    ]
    return Prepared(
        compiled,
        parameters,
        [column.key or f"column_{index}" for index, column in enumerate(columns)],
        [_load(column.type, dialect) for column in columns],
    )


def _value(parameter: Parameter, given: Mapping[str, Any]) -> Any:
    value = given.get(parameter.name, parameter.constant)
    if value is _REQUIRED:
        raise KeyError(parameter.name)
    return value


def _by_place(dialect: Dialect) -> Dialect:
    """The dialect, writing its parameters by their place."""
    if dialect.positional:
        return dialect
    if dialect.name not in _BY_PLACE:
        placed: Any = copy.copy(dialect)
        placed.paramstyle, placed.positional = "format", True
        placed.identifier_preparer = placed.preparer(placed)
        _BY_PLACE[dialect.name] = placed
    return _BY_PLACE[dialect.name]


def _can_cross(dialect: Dialect, stored: Iterable[TypeEngine[Any]], loaded: Iterable[TypeEngine[Any]]) -> bool:
    """Whether values of these types can be stored and loaded by what is known of them before the answer is there."""
    if any(isinstance(kind, TupleType) for kind in stored):
        return False
    if dialect.name == "sqlite":
        return True
    if any(isinstance(kind, NullType) for kind in stored):
        return False  # PostgreSQL has to be told
    return not any(isinstance(kind.dialect_impl(dialect), Numeric) for kind in loaded)


def _store(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    stored = kind.dialect_impl(dialect)
    if dialect.name != "sqlite" and isinstance(stored, LargeBinary):
        return None  # SQLAlchemy only wraps it for drivers that cannot tell bytes from text
    if dialect.name != "sqlite" and isinstance(stored, JSON):
        wrapping: Any = stored.bind_processor
        return _json_text(wrapping(dialect))
    return stored.bind_processor(dialect)


def _json_text(wrap: Processor | None) -> Processor:
    """Stores JSON as text at once, where the driver would do so later: what is sent must not change until then."""
    assert wrap is not None

    def store(value: Any) -> str | None:
        wrapped = wrap(value)
        return None if wrapped is None else (wrapped.dumps or json.dumps)(wrapped.obj)

    return store


def _load(kind: TypeEngine[Any], dialect: Dialect) -> Processor | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _row_class(names: Sequence[str]) -> Any:
    class StoredRow(namedtuple("StoredRow", names, rename=True)):  # type: ignore[misc]
        __slots__ = ()

        @property
        def _mapping(self) -> dict[str, Any]:
            return dict(zip(names, self, strict=True))

    return StoredRow
