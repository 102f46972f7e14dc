"""Service tasks and forms of rapportering and manadsstatistik: freezing figures, approval, the file, the receipt."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from engine.clock import local_date
from engine.errors import InvalidInput
from engine.handlers import FormContext, HandlerRegistry, JobContext
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import ACTIVITY_NAMES, HINDRANCE_NAMES
from processes.aktivitetskrav.handlers.case_jobs import today
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, WrongInput, feel_date
from processes.aktivitetskrav.quarter import Quarter
from processes.aktivitetskrav.records import report_figures, reports
from processes.aktivitetskrav.records.report_figures import ASSIGNED, REDUCED, REFUSED
from processes.aktivitetskrav.records.reports import Figure, ReportKind, Section
from processes.aktivitetskrav.suppression import shown_together
from processes.resources import Resources

QUALITY_NAMES = {
    "ej_angivet": "Kravet gäller men försörjningshinder är inte kartlagt",
    "hinder_annat": "Försörjningshinder är angivet som annat",
    "krav_utan_anvisning": "Kravet gäller men personen är inte anvisad någon aktivitet",
    "plan_har_gatt_ut": "Planen har gått ut utan omprövning",
    "leveransavvikelser": "Leveransavvikelser under perioden",
}
_NAMES = {Section.HINDRANCE: HINDRANCE_NAMES, Section.MEASURE: ACTIVITY_NAMES, Section.QUALITY: QUALITY_NAMES}


class CheckerApproves(InvalidInput):
    """Den som godkänner rapporten får inte vara den som granskade underlaget."""

    code = "CHECKER_APPROVES"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"rapportGodkannande": self.message}


def register_reporting(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handlers of reports."""
    parameters = resources.parameters

    @registry.job("frys-kvartal")
    def freeze_quarter(job: JobContext) -> dict[str, Any]:
        quarter = _quarter(job)
        figures = report_figures.quarter_figures(job.uow, quarter.first_day, quarter.last_day)
        last = quarter.last_day + timedelta(days=int(parameters.value("ivo_sista_dag_dagar", today(job), None)))
        measures = (ASSIGNED, REFUSED, REDUCED)
        return _frozen(job, ReportKind.IVO, str(quarter), figures, last, _least(job)) | {
            "rapportrader": _rows(figures, measures, _least(job))
        }

    @registry.job("frys-manadsstatistik")
    def freeze_month(job: JobContext) -> dict[str, Any]:
        month = Inputs(job.variables).month("rapportperiod") or Month.of(today(job)).plus(-1)
        figures = report_figures.month_figures(job.uow, month)
        day = int(parameters.value("statistik_dag", today(job), None))
        last = month.plus(1).first_day + timedelta(days=day - 1)
        supported = _rows(figures, (report_figures.SUPPORTED,), _least(job))
        active = _rows(figures, (report_figures.IN_ACTIVITY,), _least(job), Section.MEASURE)
        return _frozen(job, ReportKind.STATISTICS, str(month), figures, last, _least(job)) | {
            "rapportrader": supported,
            "insatsrader": active,
        }

    @registry.job("skapa-rapportfil")
    def write_file(job: JobContext) -> None:
        report = _report(job)
        reports.keep_file(job.uow, report, _csv(reports.figures_of(job.uow, report)))

    @registry.job("spara-kvittens")
    def keep_receipt(job: JobContext) -> None:
        inputs = Inputs(job.variables)
        handed_in = inputs.day("lamnadDatum")
        if handed_in is None:
            raise MissingInput("Uppgiften 'lamnadDatum' saknas.")
        reports.keep_receipt(job.uow, _report(job), inputs.needed("kvittens"), handed_in)

    @registry.form("rapport_granskning")
    def checked(form: FormContext) -> dict[str, Any]:
        return {"granskadAv": form.actor.id}

    @registry.form("rapport_godkannande")
    def approved(form: FormContext) -> dict[str, Any]:
        if form.variables.get("granskadAv") == form.actor.id:
            raise CheckerApproves
        report = Inputs(form.variables).identifier("rapportId")
        if form.answers.get("rapportGodkannande") == "godkanns" and report is not None:
            reports.approve(form.uow, report, form.actor.id)
        return {"godkandAv": form.actor.id}

    def _least(job: JobContext) -> int:
        return int(parameters.value("minsta_cell", today(job), None))


def _frozen(
    job: JobContext, kind: ReportKind, period: str, figures: list[Figure], last: date, least: int
) -> dict[str, Any]:
    made = reports.freeze(job.uow, kind, period, job.instance_id, figures)
    doubtful = {figure.code: figure.number for figure in figures if figure.section is Section.QUALITY and figure.number}
    return {
        "rapportId": str(made),
        "rapportperiod": period,
        "rapportVersion": reports.find_report(job.uow, made).version,
        "rapportSistaDag": feel_date(last),
        "rapportFryst": feel_date(local_date(job.now)),
        "rapportbrister": [
            {"namn": QUALITY_NAMES[code], "antal": told} for code, told in shown_together(doubtful, least).items()
        ],
    }


def _rows(
    figures: Iterable[Figure], measures: tuple[str, ...], least: int, section: Section = Section.HINDRANCE
) -> list[dict[str, str]]:
    """What a form shows: a row for each code that has anybody, small numbers hidden."""
    found = [figure for figure in figures if figure.section is section and figure.measure in measures]
    by_measure = {
        measure: shown_together({each.code: each.number for each in found if each.measure == measure}, least)
        for measure in measures
    }
    filled = {figure.code for figure in found if figure.number}
    return [
        {"namn": name} | {measure: by_measure[measure].get(code, "0") for measure in measures}
        for code, name in _NAMES[section].items()
        if code in filled
    ]


def _csv(figures: Iterable[Figure]) -> str:
    """Semicolons and a header, as Swedish spreadsheets read it; every number in full, quality rows left out."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("avsnitt", "kod", "namn", "matt", "antal"))
    for figure in figures:
        if figure.section is not Section.QUALITY:
            name = _NAMES[figure.section].get(figure.code, figure.code)
            writer.writerow((figure.section.value, figure.code, name, figure.measure, figure.number))
    return out.getvalue()


def _report(job: JobContext) -> int:
    found = Inputs(job.variables).identifier("rapportId")
    if found is None:
        raise MissingInput("Uppgiften 'rapportId' saknas.")
    return found


def _quarter(job: JobContext) -> Quarter:
    told = Inputs(job.variables).text("rapportperiod")
    if told is None:
        return Quarter.of(today(job)).before
    try:
        return Quarter.parse(told)
    except ValueError as error:
        raise WrongInput("Uppgiften 'rapportperiod' ska vara ett kvartal (ÅÅÅÅ-Kn).") from error
