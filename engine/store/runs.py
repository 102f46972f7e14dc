"""Lists at a cost that does not grow with their tables: read as runs of indexes, counted no further than a bound.

A list is given twice: as conditions under which its rows are *found* quickest, and as conditions under which they lie
*in order*. The rows are counted where they are found. Where they are few, they are all read and sorted; where they are
many, the page is merged from the first rows of each run in order, and soon full, since many rows match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, bindparam, func, select, union_all

from engine.store import rows
from engine.store.rows import Count, Paging
from engine.store.unit_of_work import NONE, AnyRow, Params, Reader

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Through:
    """Rows that are found by way of another table, which may lead to a row more than once."""

    tables: FromClause
    condition: ColumnElement[bool]


_LIMIT_EACH = bindparam("limit_each", type_=Integer)


@dataclass(frozen=True)
class Listed:
    """The rows of a list. The conditions of each kind exclude each other, so that no row comes twice.

    Its statements are put together once: where the same list is asked for again and again, keep it.
    """

    source: FromClause
    key: ColumnElement[Any]
    """The column that tells rows apart."""
    found: Sequence[ColumnElement[bool] | Through]
    """Each served by an index that leads to the rows, in whatever order."""
    ordered: Conditions
    """Each served by an index that has the rows in the list's order."""

    def count(self, reader: Reader, given: Params = NONE) -> Count:
        """How many rows there are, up to the bound. given: values for the conditions' own parameters."""
        bound = rows.COUNT_BOUND
        total = int(reader.scalar(self._counting, {**given, "limit_each": bound + 1}))
        return Count(min(total, bound), total <= bound)

    def page(
        self, reader: Reader, order: Sequence[Any], paging: Paging, given: Params = NONE
    ) -> tuple[list[Any], Count]:
        """The keys of one page, in `order` (columns, or columns descending; the key last), and the count."""
        counted = self.count(reader, given)
        if paging.offset >= counted.total and counted.is_exact:
            return [], counted
        statement = self._paging(tuple(order), counted.is_exact)
        limits = {"limit_each": paging.offset + paging.size, "page_size": paging.size, "before": paging.offset}
        return [row[0] for row in reader.rows(statement, {**given, **limits})], counted

    @cached_property
    def _counting(self) -> Select[int]:
        parts = (select(self._found(run, self.key).limit(_LIMIT_EACH).subquery()) for run in self.found)
        return select(func.count()).select_from(union_all(*parts).limit(_LIMIT_EACH).subquery())

    def _paging(self, order: tuple[Any, ...], few: bool) -> Select[Any]:
        known = self._pagings.get((order, few))
        if known is None:
            known = self._pagings[order, few] = self._few(order) if few else self._many(order)
        return known

    @cached_property
    def _pagings(self) -> dict[tuple[tuple[Any, ...], bool], Select[Any]]:
        return {}

    def _few(self, order: Sequence[Any]) -> Select[Any]:
        keys = self._keys(order)
        return self._merged([self._found(run, *keys) for run in self.found], order)

    def _many(self, order: Sequence[Any]) -> Select[Any]:
        keys = select(*self._keys(order)).select_from(self.source)
        parts = [select(keys.where(run).order_by(*order).limit(_LIMIT_EACH).subquery()) for run in self.ordered]
        return self._merged(parts, order)

    def _found(self, run: ColumnElement[bool] | Through, *columns: ColumnElement[Any]) -> Select[Any]:
        if isinstance(run, Through):
            return select(*columns).select_from(run.tables).where(run.condition).distinct()
        return select(*columns).select_from(self.source).where(run)

    def _keys(self, order: Sequence[Any]) -> list[ColumnElement[Any]]:
        return list({column.name: column for column in (self.key, *map(_column, order))}.values())

    def _merged(self, parts: Sequence[Select[Any]], order: Sequence[Any]) -> Select[Any]:
        merged = union_all(*parts).subquery()
        again = [merged.c[_column(each).name] for each in order]
        sorted_by = [new.desc() if _descends(each) else new for each, new in zip(order, again, strict=True)]
        page = select(merged.c[self.key.name]).order_by(*sorted_by)
        return page.limit(bindparam("page_size", type_=Integer)).offset(bindparam("before", type_=Integer))


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
