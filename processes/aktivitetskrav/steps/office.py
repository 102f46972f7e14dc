"""Who does what in the journey's scenarios: staff see a task in their inbox and fill in its form by its labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.access import Viewer
from engine.bpmn import Element
from engine.clock import local_date
from engine.errors import NotFound
from engine.feel import Environment
from engine.parameter_use import of_case
from engine.store.rows import WorkItemRow
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.form_answers import answer_form, feel_day, fields_of, read_form
from processes.aktivitetskrav.autopilot.staff import viewer_of
from processes.scenarios import StepFailed, Table, World, value_of

ROLES = {
    "handläggaren": "handlaggare_eb",
    "beslutsfattaren": "beslutsfattare",
    "enhetschefen": "enhetschef_eb",
    "registratorn": "registrator",
    "konsulenten": "konsulent_am",
    "matcharen": "matchare",
    "arbetsmarknadschefen": "chef_am",
    "utföraren": "utforare",
    "förskolan": "utbildning_barn",
    "verksamhetschefen": "verksamhetschef_eb",
    "avdelningschefen": "avdelningschef_am",
    "controllern": "analytiker",
    "kvalitetsansvarig": "kvalitetsansvarig",
    "stabschefen": "stabschef",
    "logggranskaren": "logggranskare",
    "dataskyddsombudet": "dso",
}
"""What the scenarios call the roles."""
WHO = "(" + "|".join(ROLES) + ")"
SEPARATOR = ";"
"""Between the choices of a checklist in a cell."""
_YES, _NO = "ja", "nej"


def viewers(world: World, word: str) -> list[Viewer]:
    """The demo users of a role, as the access policy sees them."""
    book = world.room.families.roles
    found = [viewer_of(user, book) for user in book.demo_users_with(ROLES[word])]
    if not found:
        raise StepFailed(f"Ingen demoanvändare har rollen {ROLES[word]}.")
    return found


def viewer_called(world: World, name: str) -> Viewer:
    """The demo user of that first name."""
    book = world.room.families.roles
    for user in book.demo_users.values():
        if user.name.split()[0] == name:
            return viewer_of(user, book)
    raise StepFailed(f"Ingen demoanvändare heter {name}.")


def do_task(world: World, item: WorkItemRow, viewer: Viewer, rows: Table = (), usual: Any = None) -> None:
    """Complete a task as somebody who sees it: `rows` by labels or keys, what is usual, else something allowed."""
    variables = world.engine.queries.work_item(viewer, item.id).variables
    form = form_of(world, item.form_id or "")
    said = read_answers(form, rows, local_date(world.clock.now()), variables)
    filled = {each["key"]: variables[each["key"]] for each in fields_of(form) if variables.get(each["key"]) is not None}
    with of_case(item.case_id):
        answers = filled_in(world, form, {**filled, **(usual or {}), **said}, variables)
    hidden = [key for key in said if said[key] is not None and key not in answers]
    if hidden:
        raise StepFailed(f'"{item.name}" visar inte {", ".join(hidden)} med de svaren.')
    world.engine.complete(item.id, answers, actor=viewer.actor)
    world.settle()


def who_sees(world: World, item: WorkItemRow, word: str) -> Viewer:
    """The one of a role's demo users who sees a task; StepFailed where none does."""
    if item.role != ROLES[word]:
        raise StepFailed(f'"{item.name}" ligger hos rollen {item.role}, inte hos {word}.')
    for viewer in viewers(world, word):
        try:
            world.engine.queries.work_item(viewer, item.id)
        except NotFound:
            continue
        return viewer
    raise StepFailed(f'Ingen demoanvändare med rollen {item.role} ser "{item.name}" (enhet {item.unit}).')


def form_of(world: World, form_id: str) -> Mapping[str, Any]:
    """A form of the latest release."""
    return read_form(world.engine.queries.form(form_id))


def filled_in(
    world: World, form: Mapping[str, Any], chosen: Mapping[str, Any], variables: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole form's answers, the same every time."""
    environment = Environment(now=world.clock.now, functions=world.engine.rooms.definitions.functions)
    return answer_form(
        form, chosen, variables, local_date(world.clock.now()), dice(1, str(form.get("id"))), environment
    )


def read_answers(
    form: Mapping[str, Any], rows: Table, today: date, variables: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A table's answers: each row the label (or key) of a field, and the label (or value) of what is answered.

    variables: what the task offers choices from, such as free places.
    """
    fields = list(fields_of(form))
    answers: dict[str, Any] = {}
    for label, cell in rows:
        found = [each for each in fields if label in (each["key"], each.get("label"), each.get("dateLabel"))]
        if len(found) != 1:
            known = ", ".join(f'"{each.get("label") or each.get("dateLabel")}"' for each in fields)
            raise StepFailed(f'Formuläret har inget fält "{label}". Det har: {known}.')
        answers[found[0]["key"]] = _answer(found[0], cell, today, variables or {})
    return answers


def _answer(component: Mapping[str, Any], cell: str, today: date, variables: Mapping[str, Any]) -> Any:
    kind = component.get("type")
    if not cell:
        return None  # said not to be answered
    if kind == "checkbox":
        if cell.lower() not in (_YES, _NO):
            raise StepFailed(f'Kryssrutan "{component.get("label")}" är ja eller nej, inte "{cell}".')
        return cell.lower() == _YES
    if kind in ("checklist", "taglist"):
        return [_option(component, each.strip(), variables) for each in cell.split(SEPARATOR) if each.strip()]
    if kind in ("radio", "select"):
        return _option(component, cell, variables)
    if kind == "datetime":
        try:
            return feel_day(today if cell == "idag" else date.fromisoformat(cell))
        except ValueError as error:
            raise StepFailed(f'"{cell}" är inget datum (ÅÅÅÅ-MM-DD eller idag).') from error
    if kind == "number":
        return value_of(cell)
    return cell


def _option(component: Mapping[str, Any], cell: str, variables: Mapping[str, Any]) -> Any:
    source = component.get("valuesKey") or str(component.get("valuesExpression") or "").removeprefix("=").strip()
    options = component.get("values") or variables.get(source) or []
    for option in options:
        if cell in (option["value"], option["label"]):
            return option["value"]
    raise StepFailed(f'"{cell}" går inte att välja. Det finns: {", ".join(each["label"] for each in options)}.')


@dataclass(frozen=True)
class Registrable:
    """An event that a person registers from the case: which message, with which form, and who may."""

    message: str
    form_id: str
    roles: frozenset[str]
    key: str


def registrable(world: World, name: str) -> Registrable:
    """The event of that name that can be registered now; StepFailed where nothing in the case waits for it."""
    found = dict(_registrable(world))
    if name not in found:
        raise StepFailed(
            f'"{name}" går inte att registrera nu. Det går: {", ".join(found) or "inget"}. {world.standing()}'
        )
    return found[name]


def _registrable(world: World) -> list[tuple[str, Registrable]]:
    definitions = world.engine.rooms.definitions
    found = []
    waiting = [each for each in world.engine.queries.subscriptions() if (each.case_id or "") == world.case_id]
    with world.engine.database.reading() as reader:
        for row in world.engine.queries.definitions():
            process = definitions.latest(reader, row.process_id).process
            named = {each.element_id: each.message_name for each in process.starts}
            awaited = {each.element_id: each for each in waiting if each.process_id == process.id}
            named |= {element_id: each.name for element_id, each in awaited.items()}
            for element_id, message in named.items():
                element = process.elements[element_id]
                if message is not None and "registreras_med" in element.properties:
                    key = awaited[element_id].key if element_id in awaited else world.case_id
                    found.append((element.name or "", _as_registrable(element, message, key)))
    return found


def _as_registrable(element: Element, message: str, key: str) -> Registrable:
    roles = element.properties["registreras_av"].split(",")
    return Registrable(message, element.properties["registreras_med"], frozenset(each.strip() for each in roles), key)
