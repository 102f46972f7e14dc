"""The shape of a table, for whatever carries rows from one database to another: columns, kinds, key, order.

Shapes come from this program's tables, or from a file that an earlier program wrote: both become the same statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    Float,
    Integer,
    LargeBinary,
    Select,
    Table,
    TableClause,
    Text,
    collate,
    column,
    select,
    table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.errors import Damaged
from engine.store.columns import UtcDateTime
from engine.store.migrating import SchemaPart


class Kind(StrEnum):
    """What a column holds, on whatever database."""

    TEXT = "text"
    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    BYTES = "bytes"
    MOMENT = "moment"  # aware, UTC
    DATE = "date"
    JSON = "json"


_TYPES: Mapping[Kind, TypeEngine[Any]] = {
    Kind.TEXT: Text(),
    Kind.INTEGER: BigInteger(),
    Kind.REAL: Float(),
    Kind.BOOLEAN: Boolean(),
    Kind.BYTES: LargeBinary(),
    Kind.MOMENT: UtcDateTime(),
    Kind.DATE: Date(),
    Kind.JSON: JSON(none_as_null=True),
}
_KINDS: Sequence[tuple[type[TypeEngine[Any]], Kind]] = (
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.REAL),
    (LargeBinary, Kind.BYTES),
    (Date, Kind.DATE),
    (JSON, Kind.JSON),
    (Text, Kind.TEXT),
)


@dataclass(frozen=True)
class TableShape:
    """One table as its rows travel."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]
    """The primary key: rows are read in its order, texts by their bytes, the same on every database."""
    own_references: tuple[str, ...]
    """Columns that refer to the same table: written once all of its rows are there."""
    counter: str | None
    """The column that counts up by itself, if one does."""

    @classmethod
    def of(cls, source: Table) -> TableShape:
        """The shape of one of this program's tables."""
        columns = tuple((str(each.name), _kind(each.type)) for each in source.columns)
        own = tuple(str(each.parent.name) for each in source.foreign_keys if each.column.table is source)
        counter = source.autoincrement_column
        return cls(
            str(source.name),
            columns,
            tuple(str(each.name) for each in source.primary_key.columns),
            own,
            None if counter is None else str(counter.name),
        )

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> TableShape:
        """A shape that `as_json` wrote; Damaged for anything else."""
        try:
            return cls(
                str(said["table"]),
                tuple((str(name), Kind(kind)) for name, kind in said["columns"]),
                tuple(map(str, said["key"])),
                tuple(map(str, said["own_references"])),
                None if said["counter"] is None else str(said["counter"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Damaged(f"This describes no table: {error!r}.") from error

    def as_json(self) -> dict[str, Any]:
        """The shape as plain JSON."""
        return {
            "table": self.name,
            "columns": [[name, kind.value] for name, kind in self.columns],
            "key": list(self.key),
            "own_references": list(self.own_references),
            "counter": self.counter,
        }

    @cached_property
    def clause(self) -> TableClause:
        """The table, for statements."""
        return table(self.name, *(column(name, _TYPES[kind]) for name, kind in self.columns))

    def in_order(self, *, is_sqlite: bool) -> Select[Any]:
        """All rows in the order of the key."""
        kinds, found = dict(self.columns), self.clause
        order = [
            collate(found.c[name], "C") if kinds[name] is Kind.TEXT and not is_sqlite else found.c[name]
            for name in self.key
        ]
        return select(found).order_by(*order)


def shapes_of(parts: Iterable[SchemaPart]) -> list[TableShape]:
    """The shapes of all tables of all parts, what is referred to before what refers."""
    return [TableShape.of(each) for part in parts for each in part.metadata.sorted_tables]


def _kind(said: TypeEngine[Any]) -> Kind:
    if isinstance(said, UtcDateTime):
        return Kind.MOMENT
    plain = said.impl_instance if isinstance(said, TypeDecorator) else said
    for each, kind in _KINDS:
        if isinstance(plain, each):
            return kind
    raise TypeError(f"no kind for columns of type {said!r}")
