"""Sentences about what looks at many cases (reports, reminders, inventories, reviews), and about what a task shows."""

from __future__ import annotations

import re

from sqlalchemy import select

from engine.feel import Environment
from engine.feel.template import compile_template
from processes.aktivitetskrav.records import reports
from processes.aktivitetskrav.records.oversight_tables import reminder
from processes.aktivitetskrav.records.reports import Report, ReportKind
from processes.aktivitetskrav.steps.expecting import expect
from processes.aktivitetskrav.steps.office import ROLES, form_of, who_sees
from processes.scenarios import StepFailed, World, step

_QUOTED = re.compile(r'"([^"]+)"')


@step(r'ska uppgiften "([^"]+)" visa "([^"]+)"')
def _task_shows(world: World, name: str, wanted: str) -> None:
    """What the texts of a task's form say to whoever opens it."""
    item = world.task(name)
    environment = Environment(now=world.clock.now, functions=world.engine.rooms.definitions.functions)
    word = next(each for each, role in ROLES.items() if role == item.role)
    seen = world.engine.queries.work_item(who_sees(world, item, word), item.id).variables
    texts = [component.get("text", "") for component in form_of(world, item.form_id or "")["components"]]
    shown = "\n".join(compile_template(text).render(seen, environment).text for text in texts if text)
    if wanted not in shown:
        raise StepFailed(f'"{name}" visar inte "{wanted}", utan: {shown}')


@step(r"ska rapporten (\w+) (\S+) finnas i version (\d+)")
def _report_version(world: World, kind: str, period: str, version: str) -> None:
    expect(_report(world, kind, period).version, int(version), "Senaste versionen", world)


@step(r"ska rapporten (\w+) (\S+) ha (\d+) (\w+) med (hinder|insats|kvalitet) (\w+)")
def _report_figure(world: World, kind: str, period: str, number: str, measure: str, section: str, code: str) -> None:
    with world.engine.database.reading() as reader:
        figures = reports.figures_of(reader, _report(world, kind, period).id)
    found = [each.number for each in figures if (each.section, each.code, each.measure) == (section, code, measure)]
    expect(found, [int(number)], f"{measure} med {section} {code}", world)


@step(r'ska rapporten (\w+) (\S+) ha en fil som säger "([^"]+)"')
def _report_file(world: World, kind: str, period: str, line: str) -> None:
    content = _report(world, kind, period).file or ""
    if line not in content.splitlines():
        raise StepFailed(f'Filen säger inte "{line}", utan: {content or "ingen fil finns"}')


@step(r"ska rapporten (\w+) (\S+) ha kvittensen (\S+)")
def _report_receipt(world: World, kind: str, period: str, receipt: str) -> None:
    expect(_report(world, kind, period).receipt, receipt, "Kvittensen", world)


def _report(world: World, kind: str, period: str) -> Report:
    """The latest version of a report."""
    with world.engine.database.reading() as reader:
        found = [each for each in reports.all_reports(reader, ReportKind(kind)) if each.period == period]
    if not found:
        raise StepFailed(f"Det finns ingen rapport {kind} {period}. {world.standing()}")
    return found[-1]


@step(r"ska påminnelserna gälla (.+)")
def _reminders(world: World, wanted: str) -> None:
    with world.engine.database.reading() as reader:
        found = [row.task for row in reader.query(select(reminder.c.task).order_by(reminder.c.id))]
    expect(found, _QUOTED.findall(wanted), "Påminnelserna", world)


OVERSEEING = (
    _task_shows,
    _report_version,
    _report_figure,
    _report_file,
    _report_receipt,
    _reminders,
)
