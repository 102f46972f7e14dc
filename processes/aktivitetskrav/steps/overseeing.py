"""Sentences about what looks at many cases (reports, reminders, inventories, reviews), and about what a task shows."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select, update

from engine.clock import LOCAL_ZONE, local_date
from engine.feel import Environment
from engine.feel.template import compile_template
from engine.parameter_use import of_case
from engine.protocols import SYSTEM
from engine.recurring import run_now, runs_of
from engine.store.rows import InstanceRow
from engine.store.schema import case_, event, payload, read_log
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records import inventories, reports
from processes.aktivitetskrav.records.oversight_tables import (
    disposal_row,
    improvement,
    inventory,
    log_review,
    log_review_row,
    provider,
    reminder,
)
from processes.aktivitetskrav.records.reports import Report, ReportKind
from processes.aktivitetskrav.records.tables import activity, client, metadata, person
from processes.aktivitetskrav.steps.expecting import expect
from processes.aktivitetskrav.steps.happening import let_decisions_come
from processes.aktivitetskrav.steps.office import ROLES, do_task, form_of, viewer_called, viewers, who_sees
from processes.aktivitetskrav.steps.usual import go_to, usual_answers
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
    with of_case(item.case_id):
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


@step(r"ska rapporten (\w+) (\S+) vara godkänd av (\w+)")
def _report_approved(world: World, kind: str, period: str, by: str) -> None:
    expect(_report(world, kind, period).approved_by, by, "Den som har godkänt", world)


@step(r"(?:att )?(\w+) är den som har granskat")
def _checker(world: World, name: str) -> None:
    viewer = viewer_called(world, name)
    for row in _running(world):
        world.engine.set_variables(row.id, {"granskadAv": viewer.user_id}, actor=viewer.actor)


@step(r"(?:att )?det återkommande arbetet (\w+) körs")
def _recurring(world: World, name: str) -> None:
    run_now(world.engine, name, viewers(world, "arbetsmarknadschefen")[0].actor)


@step(r"ska det återkommande arbetet (\w+) säga (.+)")
def _recurring_says(world: World, name: str, wanted: str) -> None:
    expect(runs_of(world.engine, name)[0].outcome, wanted, "Utfallet", world)


# --- inventories and evaluations ---


@step(r"ska inventeringen ha (\d+) person(?:er)? i (\w+) med (\w+) (\w+)")
def _inventory_counts(world: World, number: str, unit: str, dimension: str, code: str) -> None:
    with world.engine.database.reading() as reader:
        latest = reader.query_scalar(select(func.max(inventory.c.id)))
        needs = inventories.needs_of(reader, latest)
    found = [need.people for need in needs if (need.unit, need.dimension, need.code) == (unit, dimension, code)]
    expect(found, [int(number)], f"{dimension} {code} i {unit}", world)


@step(r"ska förbättringen vara (\w+) av (\w+)")
def _improvement(world: World, outcome: str, by: str) -> None:
    found = _latest(world, improvement.c.outcome, improvement.c.decided_by)
    expect(found, (outcome, by), "Beslutet om förbättring", world)


@step(r'ska förbättringens resultat vara "([^"]+)"')
def _improvement_result(world: World, result: str) -> None:
    expect(_latest(world, improvement.c.result), (result,), "Resultatet", world)


# --- providers ---


@step(r"(?:att )?processen (\w+) startas")
def _start(world: World, process_id: str) -> None:
    world.engine.start(process_id, actor=viewers(world, "matcharen")[0].actor)
    world.settle()


@step(r'ska katalogen ha "([^"]+)" hos "([^"]+)" med (\d+) platser')
def _in_catalogue(world: World, name: str, provider_name: str, places: str) -> None:
    query = select(activity.c.provider, activity.c.capacity).where(activity.c.name == name, activity.c.active)
    with world.engine.database.reading() as reader:
        found = [tuple(row) for row in reader.query(query)]
    expect(found, [(provider_name, int(places))], f"Katalogens {name}", world)


@step(r'ska katalogen inte ha "([^"]+)"')
def _not_in_catalogue(world: World, name: str) -> None:
    with world.engine.database.reading() as reader:
        found = reader.query(select(activity.c.id).where(activity.c.name == name, activity.c.active))
    expect(len(found), 0, f"Valbara aktiviteter som heter {name}", world)


@step(r"ska utföraren vara (\w+) med handledaren (\w+)")
def _provider_is(world: World, kind: str, supervisor: str) -> None:
    expect(_latest(world, provider.c.kind, provider.c.supervisor), (kind, supervisor), "Utföraren", world)


@step(r"ska avtalet gälla till (\d{4}-\d\d-\d\d)")
def _agreement_until(world: World, day: str) -> None:
    expect(_latest(world, provider.c.ends_on), (date.fromisoformat(day),), "Avtalets sista dag", world)


@step(r"(?:att )?en person har plats hos utföraren")
def _placed(world: World) -> None:
    (activity_id,) = _latest(world, provider.c.activity_id)
    world.process_id, world.case_id = "", ""
    let_decisions_come(world, Month.of(local_date(world.clock.now())))
    go_to(world, "Välj plats")
    item = world.task("Välj plats")
    usual = usual_answers(item.form_id or "", local_date(world.clock.now()))
    do_task(world, item, who_sees(world, item, "matcharen"), [("platsId", activity_id)], usual)


# --- log reviews and disposal ---


@step(r"(?:att )?(\w+) har läst ärendet")
def _has_read(world: World, name: str) -> None:
    world.engine.queries.case(viewer_called(world, name), world.case_id)


@step(r"(?:att )?(\w+) finns i stickprovet")
def _in_sample(world: World, name: str) -> None:
    viewer = viewer_called(world, name)
    for row in _running(world):
        drawn = [{"nar": "2026-11-04 10:00", "vem": viewer.user_id, "arende": "X", "skal": "stickprov"}]
        world.engine.set_variables(row.id, {"loggprov": drawn}, actor=viewer.actor)


@step(r"ska loggprovet ha (\w+) som (\w+)")
def _drawn(world: World, who: str, reason: str) -> None:
    query = select(read_log.c.viewer, log_review_row.c.reason).join(
        log_review_row, log_review_row.c.read_id == read_log.c.id
    )
    with world.engine.database.reading() as reader:
        found = {tuple(row) for row in reader.query(query)}
    if (who, reason) not in found:
        raise StepFailed(f"Loggprovet har {sorted(found)}, inte {who} som {reason}.")


@step(r"ska loggkontrollens utfall vara (\w+)")
def _review_outcome(world: World, outcome: str) -> None:
    expect(_latest(world, log_review.c.outcome), (outcome,), "Loggkontrollens utfall", world)


@step(r"(?:att )?ärendet är avslutat sedan (\d{4}-\d\d-\d\d)")
def _closed_since(world: World, day: str) -> None:
    """Closed by the command, then dated back: nobody waits five years for a scenario."""
    _case_closed(world)
    moment = datetime.combine(date.fromisoformat(day), time(12), LOCAL_ZONE)
    change = update(case_).where(case_.c.id == world.case_id).values(closed_at=moment)
    world.engine.run_command(lambda context: context.uow.write(change), "closed_since", SYSTEM, None)


def _case_closed(world: World) -> None:
    world.happenings.clear()
    actor = viewers(world, "enhetschefen")[0].actor
    for row in world.instances():
        if row.ended_at is None:
            world.engine.cancel(row.id, actor=actor)
    world.settle()
    world.engine.close_case(world.case_id, actor=actor)
    world.notes["closed case"] = world.case_id


@step(r"(?:att )?personen är född (\d{4}-\d\d-\d\d)")
def _born(world: World, day: str) -> None:
    own = select(client.c.person_id).where(client.c.case_id == world.notes["closed case"]).scalar_subquery()
    change = update(person).where(person.c.id == own).values(born=date.fromisoformat(day))
    world.engine.run_command(lambda context: context.uow.write(change), "born", SYSTEM, None)


@step(r"ska ärendets innehåll (vara gallrat|finnas kvar)")
def _contents(world: World, wanted: str) -> None:
    case_id = world.notes["closed case"]
    with world.engine.database.reading() as reader:
        payloads = len(reader.query(select(payload.c.seq).where(payload.c.chain == case_id)))
        lines = len(reader.query(select(event.c.seq).where(event.c.chain == case_id)))
        rows = {
            table.name: len(reader.query(select(table).where(table.c.case_id == case_id)))
            for table in metadata.sorted_tables
            if "case_id" in table.c and table is not disposal_row
        }
    held = {name for name, number in rows.items() if number}
    if not lines or (wanted == "vara gallrat" and (payloads or held)):
        raise StepFailed(f"Ärendet har {lines} rader i historien, {payloads} med innehåll, och rader i {sorted(held)}.")
    if wanted == "finnas kvar" and not (payloads and held):
        raise StepFailed(f"Ärendets innehåll är borta: {payloads} rader har innehåll, register: {sorted(held)}.")


def _latest(world: World, *columns: Any) -> tuple[Any, ...]:
    """Columns of the latest row of their table."""
    table = columns[0].table
    with world.engine.database.reading() as reader:
        row = reader.query_first(select(*columns).order_by(table.c.id.desc()).limit(1))
    if row is None:
        raise StepFailed(f"{table.name} är tom. {world.standing()}")
    return tuple(row)


def _running(world: World) -> list[InstanceRow]:
    """The scenario's process where it runs."""
    return [row for row in world.instances(world.process_id) if row.ended_at is None]


OVERSEEING = (
    _task_shows,
    _report_version,
    _report_figure,
    _report_file,
    _report_receipt,
    _report_approved,
    _checker,
    _reminders,
    _recurring,
    _recurring_says,
    _inventory_counts,
    _improvement,
    _improvement_result,
    _start,
    _in_catalogue,
    _not_in_catalogue,
    _provider_is,
    _agreement_until,
    _placed,
    _has_read,
    _in_sample,
    _drawn,
    _review_outcome,
    _closed_since,
    _born,
    _contents,
)
