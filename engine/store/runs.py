"""Lists at a cost that does not grow with their tables: read as runs of indexes, counted no further than a bound.

A list is given twice: as conditions under which its rows are *found* quickest, and as conditions under which they lie
*in order*. The rows are counted where they are found. Where they are few, they are all read and sorted; where they are
many, the page is merged from the first rows of each run in order, and soon full, since many rows match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select, union_all

from engine.store import rows
from engine.store.rows import Count, Paging
from engine.store.unit_of_work import AnyRow, Reader

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Listed:
    """The rows of a list. The conditions of each kind exclude each other, so that no row comes twice."""

    source: FromClause
    key: ColumnElement[Any]
    """The column that tells rows apart."""
    found: Conditions
    """Each served by an index that leads to the rows, in whatever order."""
    ordered: Conditions
    """Each served by an index that has the rows in the list's order."""
    found_in: FromClause | None = None
    """Where the rows are found, if not in `source` alone: a join, which may lead to a row more than once."""

    def count(self, reader: Reader) -> Count:
        """How many rows there are, up to the bound."""
        bound = rows.COUNT_BOUND
        parts = (select(self._found(self.key).where(run).limit(bound + 1).subquery()) for run in self.found)
        counted = union_all(*parts).limit(bound + 1).subquery()
        total = int(reader.query_scalar(select(func.count()).select_from(counted)))
        return Count(min(total, bound), total <= bound)

    def page(self, reader: Reader, order: Sequence[Any], paging: Paging) -> tuple[list[Any], Count]:
        """The keys of one page, in `order` (columns, or columns descending; the key last), and the count."""
        counted = self.count(reader)
        if paging.offset >= counted.total and counted.is_exact:
            return [], counted
        statement = self._few(order, paging) if counted.is_exact else self._many(order, paging)
        return [row[0] for row in reader.query(statement)], counted

    def _few(self, order: Sequence[Any], paging: Paging) -> Select[Any]:
        keys = self._keys(order)
        return self._merged([self._found(*keys).where(run) for run in self.found], order, paging)

    def _many(self, order: Sequence[Any], paging: Paging) -> Select[Any]:
        wanted = paging.offset + paging.size
        keys = select(*self._keys(order)).select_from(self.source)
        parts = [select(keys.where(run).order_by(*order).limit(wanted).subquery()) for run in self.ordered]
        return self._merged(parts, order, paging)

    def _found(self, *columns: ColumnElement[Any]) -> Select[Any]:
        if self.found_in is None:
            return select(*columns).select_from(self.source)
        return select(*columns).select_from(self.found_in).distinct()

    def _keys(self, order: Sequence[Any]) -> list[ColumnElement[Any]]:
        return list({column.name: column for column in (self.key, *map(_column, order))}.values())

    def _merged(self, parts: Sequence[Select[Any]], order: Sequence[Any], paging: Paging) -> Select[Any]:
        merged = union_all(*parts).subquery()
        again = [merged.c[_column(each).name] for each in order]
        sorted_by = [new.desc() if _descends(each) else new for each, new in zip(order, again, strict=True)]
        return select(merged.c[self.key.name]).order_by(*sorted_by).limit(paging.size).offset(paging.offset)


def page_of(
    reader: Reader, statement: Select[Any], order: Sequence[Any], paging: Paging
) -> tuple[Sequence[AnyRow], Count]:
    """One page of a list whose rows lie in one run, in the index's order, and the count."""
    found = reader.query(statement.order_by(*order).limit(paging.size).offset(paging.offset))
    if paging.number == 1 and len(found) < paging.size:
        return found, Count(len(found), True)
    counted = statement.limit(rows.COUNT_BOUND + 1).subquery()
    total = int(reader.query_scalar(select(func.count()).select_from(counted)))
    return found, Count(min(total, rows.COUNT_BOUND), total <= rows.COUNT_BOUND)


def _column(each: Any) -> Any:
    return each.element if _descends(each) else each


def _descends(each: Any) -> bool:
    return getattr(each, "modifier", None) is not None
