"""Sentences about exemptions, adaptations and closing: what has been decided, and what should be so then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.clock import local_date
from engine.errors import InvalidInput
from engine.store.states import CaseState
from processes.aktivitetskrav.records import adaptations, tables
from processes.aktivitetskrav.steps.expecting import column, expect, names
from processes.aktivitetskrav.steps.happening import complete, register
from processes.aktivitetskrav.steps.office import do_task, viewer_called
from processes.aktivitetskrav.steps.usual import usual_answers
from processes.scenarios import StepFailed, Table, World, step

_PAUSED, _HANDED_BACK = "De pausas, platsen behålls", "Ärendet lämnas tillbaka från arbetsmarknadssidan"


# --- what has been decided ---


@step(r"(?:att )?personen har begärt undantag till och med (\d{4}-\d\d-\d\d)")
def _asked(world: World, until: str) -> None:
    _ask(world, until, [["Skäl", "Annat"]])


@step(
    r"(?:att )?personen har undantag till och med (\d{4}-\d\d-\d\d) och (aktiviteterna pausas|ärendet lämnas tillbaka)"
)
def _exempted(world: World, until: str, what: str) -> None:
    _exempt(world, until, _PAUSED if what == "aktiviteterna pausas" else _HANDED_BACK, [["Skäl", "Sociala skäl"]])


@step(r"(?:att )?personen har undantag till och med (\d{4}-\d\d-\d\d) och väntar på (.+)")
def _awaits(world: World, until: str, certificates: str) -> None:
    rows = [["Skäl", "Sociala skäl"], ["Intyg som andra ska lämna", certificates]]
    _exempt(world, until, _PAUSED, rows)


@step(
    r"(?:att )?personen är sjukskriven med intyg till och med (\d{4}-\d\d-\d\d)"
    r" och undantag till och med (\d{4}-\d\d-\d\d)"
)
def _sick(world: World, certificate: str, until: str) -> None:
    sick = [
        ["Skäl", "Sjukdom"],
        ["Hur är det styrkt?", "Läkarintyg"],
        ["Sjukskriven, procent av heltid", "100"],
        ["Läkarintyget gäller till och med", certificate],
    ]
    _exempt(world, until, _PAUSED, sick)


def _ask(world: World, until: str, rows: Table) -> None:
    asked = [
        ["Varifrån kommer det?", "Personen begär det"],
        ["Hur mycket?", "Klarar inget just nu"],
        ["Från och med", local_date(world.clock.now()).isoformat()],
        ["Till och med", until],
    ]
    quiet = [] if any(row[0] == "Intyg som andra ska lämna" for row in rows) else [["Intyg som andra ska lämna", ""]]
    register(world, "handläggaren", "Anpassning begärd", [*asked, *quiet, *rows])


def _exempt(world: World, until: str, activities: str, rows: Table) -> None:
    _ask(world, until, rows)
    found = [
        ["Vad föreslår du?", "Helt undantag under en tid"],
        ["Till och med", until],
        ["Vad händer med aktiviteterna?", activities],
        ["Flera aktörer behövs: utse vem som har huvudansvaret nu", "nej"],
    ]
    complete(world, "handläggaren", "Utred behovet", found)
    complete(
        world, "beslutsfattaren", "Besluta om anpassning", [["Beslut", "Beviljas"], ["Gäller till och med", until]]
    )


@step(r"(?:att )?(\w+) är den som har utrett behovet")
def _investigator(world: World, name: str) -> None:
    viewer = viewer_called(world, name)
    for row in world.instances("anpassning"):
        world.engine.set_variables(row.id, {"utreddAv": viewer.user_id}, actor=viewer.actor)


@step(r'får (\w+) inte avslå "([^"]+)" eftersom (.+)')
def _may_not_reject(world: World, name: str, task: str, reason: str) -> None:
    item = world.task(task)
    usual = usual_answers(item.form_id or "", local_date(world.clock.now()))
    try:
        do_task(world, item, viewer_called(world, name), [["Beslut", "Avslås"]], usual)
    except InvalidInput as error:
        if reason.lower() not in error.message.lower():
            raise StepFailed(f"{name} fick nej, men för att: {error.message}") from error
        return
    raise StepFailed(f'{name} fick avslå "{task}".')


@step(r"(?:att )?ärendet är avslutat från (\d{4}-\d\d-\d\d) med grunden (.+)")
def _closed(world: World, day: str, ground: str) -> None:
    register(world, "handläggaren", "Avslut begärt", [["Grund", ground], ["Från vilket datum?", day]])
    complete(world, "handläggaren", "Håll avslutssamtal", [["Samtalet", "Hållet"]])


# --- what should be so ---


@step(r"ska tabellen föreslå (?:(\d+) timmar|(samordning)|(\w+))")
def _proposed(world: World, hours: str | None, coordination: str | None, kind: str | None) -> None:
    found = world.engine.queries.variables(world.instances("anpassning")[0].id)["anpassningsforslag"]
    if hours is not None:
        expect(int(found["timmar"]), int(hours), "Föreslagna timmar", world)
    elif coordination is not None:
        expect(found["sip"], True, "Att samordning föreslås", world)
    else:
        expect(found["forslag"], kind, "Tabellens förslag", world)


@step(r"ska ärendet ha anpassningen (\w+) till och med (\d{4}-\d\d-\d\d)")
def _adapted(world: World, kind: str, until: str) -> None:
    held = tables.adaptation.c.ended_on.is_(None)
    kinds, days = (column(world, each, held) for each in (tables.adaptation.c.kind, tables.adaptation.c.last_day))
    expect(list(zip(kinds, map(str, days), strict=True)), [(kind, until)], "Anpassningarna", world)


@step(r"ska ärendet inte ha någon anpassning")
def _not_adapted(world: World) -> None:
    expect(column(world, tables.adaptation.c.kind), [], "Anpassningarna", world)


@step(r"ska en anpassning vara avslutad för att den blev (\w+)")
def _ended_because(world: World, why: str) -> None:
    expect([each for each in column(world, tables.adaptation.c.end_reason) if each], [why], "Skälen", world)


@step(r"ska anpassningen ha avslutats (\d{4}-\d\d-\d\d)")
def _ended_on(world: World, day: str) -> None:
    expect([str(each) for each in column(world, tables.adaptation.c.ended_on)], [day], "Anpassningarnas slut", world)


@step(r"ska anpassningens frivilliga insats vara (\w+)")
def _voluntary(world: World, what: str) -> None:
    expect(column(world, tables.adaptation.c.voluntary), [what], "De frivilliga insatserna", world)


@step(r"ska anpassningen vara styrkt som (\w+)")
def _evidence(world: World, how: str) -> None:
    expect(column(world, tables.adaptation.c.evidence), [how], "Hur anpassningen är styrkt", world)


@step(r"ska intygen vara (.+)")
def _certificates(world: World, wanted: str) -> None:
    kinds, days = (column(world, each) for each in (tables.certificate.c.kind, tables.certificate.c.received_on))
    found = [f"{'väntar' if day is None else 'har'} {kind}" for kind, day in zip(kinds, days, strict=True)]
    expect(found, names(wanted), "Intygen", world)


@step(r"ska (.+) hos (\w+) ha huvudansvaret")
def _lead(world: World, contact: str, actor: str) -> None:
    leads = [column(world, each)[-1] for each in (tables.adaptation.c.lead_contact, tables.adaptation.c.lead_actor)]
    expect(leads, [contact, actor], "Huvudansvaret", world)


@step(r"ska personen vara sjukskriven sedan (\d{4}-\d\d-\d\d)")
def _sick_since(world: World, day: str) -> None:
    with world.engine.database.reading() as reader:
        last = column(world, tables.adaptation.c.first_day)[-1]
        expect(str(adaptations.sick_since(reader, world.case_id, last)), day, "Sjukperiodens början", world)


@step(r"ska inget beslut om (\w+) ha fattats")
def _no_decision_on(world: World, kind: str) -> None:
    expect([each for each in column(world, tables.decision.c.kind) if each == kind], [], "Besluten", world)


@step(r"ska ärendet ha avslutet (\w+) med utfallskoden (\w+)")
def _closing(world: World, ground: str, code: str) -> None:
    found = [column(world, each) for each in (tables.closing.c.ground, tables.closing.c.outcome_code)]
    expect(found, [[ground], [code]], "Avsluten", world)


@step(r"ska ärendet inte vara avslutat")
def _not_closed(world: World) -> None:
    expect(column(world, tables.closing.c.ground), [], "Avsluten", world)


@step(r"ska ärendet få gallras (\d{4}-\d\d-\d\d)")
def _disposal(world: World, day: str) -> None:
    expect([str(each) for each in column(world, tables.closing.c.dispose_on)], [day], "Gallringsdatum", world)


@step(r"ska avslutet vara märkt med återinträde (\d{4}-\d\d-\d\d)")
def _reentered(world: World, day: str) -> None:
    found = [column(world, each) for each in (tables.closing.c.reentered_on, tables.closing.c.dispose_on)]
    expect([[str(each) for each in found[0]], found[1]], [[day], [None]], "Återinträde och gallring", world)


@step(r"ska utfallen vara (.+)")
def _outcomes(world: World, wanted: str) -> None:
    expect(column(world, tables.later_outcome.c.self_supporting), names(wanted), "Utfallen", world)


@step(r"ska ärendet (inte )?vara stängt")
def _case_closed(world: World, negated: str | None) -> None:
    with world.engine.database.reading() as reader:
        state, running = _standing(reader, world.case_id)
    expect(state is CaseState.CLOSED, negated is None, "Att ärendet är stängt", world)
    if state is CaseState.CLOSED:
        expect(running, 0, "Processer som ännu pågår", world)


def _standing(reader: Any, case_id: str) -> tuple[CaseState, int]:
    from engine.store import case_rows

    state = case_rows.state_of(reader, case_id)
    assert state is not None
    return state, case_rows.running_instances(reader, case_id, "")


@step(r"ska underlaget för (\d{4}-\d\d) ha (\d+) pass som inte är bedömda")
def _unjudged(world: World, month: str, wanted: str) -> None:
    query = select(tables.month_basis.c.figures).where(tables.month_basis.c.case_id == world.case_id)
    with world.engine.database.reading() as reader:
        figures = {row[0]["manad"]: row[0] for row in reader.query(query)}
    expect(figures.get(month, {}).get("ejBedomdaPass"), int(wanted), f"Pass som inte är bedömda {month}", world)


CHANGING = (
    _proposed,
    _asked,
    _exempted,
    _awaits,
    _sick,
    _investigator,
    _may_not_reject,
    _closed,
    _adapted,
    _not_adapted,
    _ended_because,
    _ended_on,
    _voluntary,
    _evidence,
    _certificates,
    _lead,
    _sick_since,
    _no_decision_on,
    _closing,
    _not_closed,
    _disposal,
    _reentered,
    _outcomes,
    _case_closed,
    _unjudged,
)
