"""Reports to authorities: figures frozen as they stood, their approval, their file and the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select, update

from engine.errors import NotFound
from engine.store.unit_of_work import Reader, UnitOfWork
from processes.aktivitetskrav.records.oversight_tables import report, report_row
from processes.aktivitetskrav.records.rows import add_row


class ReportKind(StrEnum):
    """Which authority a report is for."""

    IVO = "ivo"  # each quarter
    STATISTICS = "socialstyrelsen"  # each month


class Section(StrEnum):
    """What a figure is about."""

    HINDRANCE = "hinder"
    MEASURE = "insats"
    QUALITY = "kvalitet"  # what is missing or doubtful in the basis; not part of what is reported


@dataclass(frozen=True, order=True)
class Figure:
    """One number of a report."""

    section: Section
    code: str
    measure: str
    number: int


@dataclass(frozen=True)
class Report:
    """One frozen version of a report."""

    id: int
    kind: ReportKind
    period: str
    version: int
    approved_by: str | None
    file: str | None
    receipt: str | None
    handed_in_on: date | None


def freeze(uow: UnitOfWork, kind: ReportKind, period: str, instance_id: str, figures: Iterable[Figure]) -> int:
    """Keep the figures of a period as its next version; the report's id."""
    latest = select(func.max(report.c.version)).where(report.c.kind == kind.value, report.c.period == period)
    version = uow.query_scalar(latest) or 0
    made = add_row(
        uow,
        report,
        kind=kind.value,
        period=period,
        version=version + 1,
        instance_id=instance_id,
        frozen_at=uow.now,
    )
    for figure in sorted(figures):
        add_row(
            uow,
            report_row,
            report_id=made,
            section=figure.section.value,
            code=figure.code,
            measure=figure.measure,
            number=figure.number,
        )
    return made


def figures_of(reader: Reader, report_id: int) -> list[Figure]:
    """The figures of a report, by section, code and measure."""
    rows = reader.query(
        select(report_row.c.section, report_row.c.code, report_row.c.measure, report_row.c.number)
        .where(report_row.c.report_id == report_id)
        .order_by(report_row.c.section, report_row.c.code, report_row.c.measure)
    )
    return [Figure(Section(row.section), row.code, row.measure, row.number) for row in rows]


def find_report(reader: Reader, report_id: int) -> Report:
    """One report; raises NotFound."""
    row = reader.query_first(_REPORTS.where(report.c.id == report_id))
    if row is None:
        raise NotFound(f"Det finns ingen rapport {report_id}.")
    return Report(**{**row._mapping, "kind": ReportKind(row.kind)})


def all_reports(reader: Reader, kind: ReportKind) -> list[Report]:
    """Every version of every report of a kind, oldest period first."""
    rows = reader.query(_REPORTS.where(report.c.kind == kind.value).order_by(report.c.period, report.c.version))
    return [Report(**{**row._mapping, "kind": ReportKind(row.kind)}) for row in rows]


def approve(uow: UnitOfWork, report_id: int, by: str) -> None:
    """Note who approved a report, now."""
    _change(uow, report_id, approved_by=by, approved_at=uow.now)


def keep_file(uow: UnitOfWork, report_id: int, content: str) -> None:
    """Keep the file that is handed in."""
    _change(uow, report_id, file=content)


def keep_receipt(uow: UnitOfWork, report_id: int, receipt: str, on: date) -> None:
    """Note the authority's receipt and the day the report was handed in."""
    _change(uow, report_id, receipt=receipt, handed_in_on=on)


_REPORTS = select(
    report.c.id,
    report.c.kind,
    report.c.period,
    report.c.version,
    report.c.approved_by,
    report.c.file,
    report.c.receipt,
    report.c.handed_in_on,
)


def _change(uow: UnitOfWork, report_id: int, **values: object) -> None:
    if not uow.write(update(report).where(report.c.id == report_id).values(**values)):
        raise NotFound(f"Det finns ingen rapport {report_id}.")
