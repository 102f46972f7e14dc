"""Lists at a cost that does not grow with their tables: read as runs of indexes, counted no further than a bound.

A list is given twice: as conditions under which its rows are *found* quickest, and as conditions under which they lie
*in order*. The rows are counted where they are found. Where they are few, they are all read and sorted; where they are
many, the page is merged from the first rows of each run in order.

A list may be part of a larger one that lies in order: what *matches*. Then so many of the larger one's first rows are
looked at as are counted at most. Where rows match often the page is full by then; where it is not, all are sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, Subquery, bindparam, func, select, union_all

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
    matches: ColumnElement[bool] | None = None
    """What the rows have to fulfil beside that; where they lie in order, rows that do not lie between them."""

    def count(self, reader: Reader, given: Params = NONE) -> Count:
        """How many rows there are, up to the bound. given: values for the conditions' own parameters."""
        bound = rows.COUNT_BOUND
        total = int(reader.scalar(self._counting, {**given, "limit_each": bound + 1}))
        return Count(min(total, bound), total <= bound)

    def page(
        self, reader: Reader, order: Sequence[Any], paging: Paging, given: Params = NONE
    ) -> tuple[list[Any], Count]:
        """The keys of one page, in `order` (columns, or columns descending; the key last), and the count."""
        if self.matches is not None:
            return self._matching(reader, tuple(order), paging, given)
        counted = self.count(reader, given)
        if paging.offset >= counted.total and counted.is_exact:
            return [], counted
        statement = self._paging(tuple(order), self._few if counted.is_exact else self._many)
        return self._read(reader, statement, paging, given, paging.offset + paging.size), counted

    def _matching(
        self, reader: Reader, order: tuple[Any, ...], paging: Paging, given: Params
    ) -> tuple[list[Any], Count]:
        """A page of what matches. It costs as much to find as to count, so what is counted is sorted at once."""
        bound = rows.COUNT_BOUND
        found = reader.rows(self._paging(order, self._counted), {**given, "limit_each": bound + 1})
        if len(found) <= bound:
            end = paging.offset + paging.size
            return [row[0] for row in found[paging.offset : end]], Count(len(found), True)
        page = self._read(reader, self._paging(order, self._first), paging, given, bound)
        if len(page) < paging.size:
            page = self._read(reader, self._paging(order, self._few), paging, given, bound)
        return page, Count(bound, False)

    def _read(self, reader: Reader, statement: Select[Any], paging: Paging, given: Params, limit: int) -> list[Any]:
        limits = {"limit_each": limit, "page_size": paging.size, "before": paging.offset}
        return [row[0] for row in reader.rows(statement, {**given, **limits})]

    @cached_property
    def _counting(self) -> Select[int]:
        return select(func.count()).select_from(self._up_to_the_limit(self.key))

    def _paging(self, order: tuple[Any, ...], sorting: Callable[[Sequence[Any]], Select[Any]]) -> Select[Any]:
        known = self._pagings.get((order, sorting.__name__))
        if known is None:
            known = self._pagings[order, sorting.__name__] = sorting(order)
        return known

    @cached_property
    def _pagings(self) -> dict[tuple[tuple[Any, ...], str], Select[Any]]:
        return {}

    def _counted(self, order: Sequence[Any]) -> Select[Any]:
        counted = self._up_to_the_limit(*self._keys(order))
        return select(counted.c[self.key.name]).order_by(*_again(counted, order))

    def _few(self, order: Sequence[Any]) -> Select[Any]:
        keys = self._keys(order)
        return self._page(union_all(*(self._found(run, *keys) for run in self.found)).subquery(), order)

    def _many(self, order: Sequence[Any]) -> Select[Any]:
        return self._page(self._in_order(order), order)

    def _first(self, order: Sequence[Any]) -> Select[Any]:
        assert self.matches is not None
        larger = self._in_order(order)
        head = select(larger.c[self.key.name]).order_by(*_again(larger, order)).limit(_LIMIT_EACH).subquery()
        looked_at = head.join(self.source, self.key == head.c[self.key.name])
        matching = select(*self._keys(order)).select_from(looked_at).where(self.matches)
        return self._page(matching.subquery(), order)

    def _up_to_the_limit(self, *columns: ColumnElement[Any]) -> Subquery:
        parts = (select(self._found(run, *columns).limit(_LIMIT_EACH).subquery()) for run in self.found)
        return union_all(*parts).limit(_LIMIT_EACH).subquery()

    def _found(self, run: ColumnElement[bool] | Through, *columns: ColumnElement[Any]) -> Select[Any]:
        if isinstance(run, Through):
            return select(*columns).select_from(run.tables).where(run.condition).distinct()
        return select(*columns).select_from(self.source).where(run)

    def _keys(self, order: Sequence[Any]) -> list[ColumnElement[Any]]:
        return list({column.name: column for column in (self.key, *map(_column, order))}.values())

    def _in_order(self, order: Sequence[Any]) -> Subquery:
        keys = select(*self._keys(order)).select_from(self.source)
        parts = (select(keys.where(run).order_by(*order).limit(_LIMIT_EACH).subquery()) for run in self.ordered)
        return union_all(*parts).subquery()

    def _page(self, keys: Subquery, order: Sequence[Any]) -> Select[Any]:
        page = select(keys.c[self.key.name]).order_by(*_again(keys, order))
        return page.limit(bindparam("page_size", type_=Integer)).offset(bindparam("before", type_=Integer))


def _again(keys: Subquery, order: Sequence[Any]) -> list[Any]:
    """The same order, of a query's columns."""
    columns = [keys.c[_column(each).name] for each in order]
    return [column.desc() if _descends(each) else column for each, column in zip(order, columns, strict=True)]


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
