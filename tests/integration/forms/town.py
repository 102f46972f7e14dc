"""A small town with an engine in memory: one process with a handover, two organisations, five people."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.cases import Party
from engine.clock import ManualClock
from engine.engine import Engine
from engine.errors import InvalidInput
from engine.functions import host_functions
from engine.handlers import FormContext, HandlerRegistry
from engine.parameter_values import Certainty, Parameter
from engine.parameters import LiveParameters
from engine.store.rows import WorkItemRow
from forms.app import create_app
from forms.settings import Settings
from processes.roles import RoleBook, parse_roles
from timers.calendar import WorkingCalendar

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://example.org"'
)


def user_task(task_id: str, name: str, form: str, role: str, due: str = "") -> str:
    """A user task in the Camunda 8 dialect."""
    schedule = f"<zeebe:taskSchedule dueDate='{due}'/>" if due else ""
    return (
        f'<userTask id="{task_id}" name="{name}"><documentation>Läs **underlaget** först.</documentation>'
        f'<extensionElements><zeebe:userTask/><zeebe:formDefinition formId="{form}"/>'
        f'<zeebe:assignmentDefinition candidateGroups="{role}"/>{schedule}</extensionElements></userTask>'
    )


PROCESS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES}>
  <process id="provning" name="Prövning av behov" isExecutable="true">
    <documentation>Från ansökan till besked.</documentation>
    <startEvent id="start" name="Ansökan inkommen">
      <extensionElements><zeebe:formDefinition formId="ansokan"/></extensionElements>
    </startEvent>
    <sequenceFlow id="f1" sourceRef="start" targetRef="bedom"/>
    {user_task("bedom", "Bedöm behov", "bedomning", "handlaggare", '=now() + duration("P3D")')}
    <sequenceFlow id="f2" sourceRef="bedom" targetRef="beslut"/>
    {user_task("beslut", "Fatta beslut", "beslut", "chef")}
    <sequenceFlow id="f3" sourceRef="beslut" targetRef="slut"/>
    <endEvent id="slut" name="Besked lämnat"/>
    <boundaryEvent id="sen" name="Tiden har gått ut" attachedToRef="bedom" cancelActivity="false">
      <timerEventDefinition><timeDuration xsi:type="tFormalExpression">P3D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <sequenceFlow id="f4" sourceRef="sen" targetRef="paminn"/>
    {user_task("paminn", "Försenad bedömning", "beslut", "chef")}
    <sequenceFlow id="f5" sourceRef="paminn" targetRef="slut2"/>
    <endEvent id="slut2" name="Påmint"/>
  </process>
</definitions>""".encode()

ASSESSMENT = [
    {"type": "text", "text": "Sökt för **{{ manad }}**."},
    {"type": "textarea", "key": "bedomning", "label": "Bedömning", "validate": {"required": True, "maxLength": 2000}},
    {
        "type": "radio",
        "key": "niva",
        "label": "Behovsnivå",
        "description": "Enligt stadens *vägledning*.",
        "values": [{"label": "Låg", "value": "lag"}, {"label": "Hög", "value": "hog"}],
        "validate": {"required": True},
    },
    {
        "type": "number",
        "key": "timmar",
        "label": "Timmar per vecka",
        "appearance": {"suffixAdorner": "h"},
        "conditional": {"hide": '=niva != "hog"'},
        "validate": {"required": True, "min": 1, "max": 40},
    },
    {
        "type": "dynamiclist",
        "path": "barn",
        "label": "Barn",
        "defaultRepetitions": 0,
        "components": [{"type": "textfield", "key": "namn", "label": "Förnamn"}],
    },
]
DECISION = [
    {"type": "checkbox", "key": "beviljas", "label": "Beviljas"},
    {"type": "textfield", "key": "jav", "label": "Är du jävig?"},
]
APPLICATION = [{"type": "textfield", "key": "manad", "label": "Månad", "validate": {"required": True}}]

ROLES = b"""
[[organisation]]
id = "social"
name_sv = "Socialtj\xc3\xa4nsten"
name_en = "Social services"
owns_cases = true
[[organisation]]
id = "arbete"
name_sv = "Arbetsmarknad"
name_en = "Labour market"
[[unit]]
id = "norr"
organisation = "social"
name_sv = "Norr"
name_en = "North"
[[unit]]
id = "soder"
organisation = "social"
name_sv = "S\xc3\xb6der"
name_en = "South"
[[role]]
id = "handlaggare"
organisation = "social"
name_sv = "Handl\xc3\xa4ggare"
name_en = "Caseworker"
supervisor = "chef"
may = ["start"]
[[role]]
id = "chef"
organisation = "social"
name_sv = "Enhetschef"
name_en = "Head of unit"
may = ["edit_processes", "change_parameters", "operate"]
[[role]]
id = "konsulent"
organisation = "arbete"
name_sv = "Konsulent"
name_en = "Adviser"
may = []
[[demo_user]]
id = "anna"
name = "Anna Norr"
organisation = "social"
roles = ["handlaggare"]
units = ["norr"]
[[demo_user]]
id = "bo"
name = "Bo Norr"
organisation = "social"
roles = ["handlaggare"]
units = ["norr"]
[[demo_user]]
id = "siv"
name = "Siv S\xc3\xb6der"
organisation = "social"
roles = ["handlaggare"]
units = ["soder"]
[[demo_user]]
id = "carl"
name = "Carl Chef"
organisation = "social"
roles = ["chef"]
units = []
[[demo_user]]
id = "kim"
name = "Kim Konsulent"
organisation = "arbete"
roles = ["konsulent"]
units = []
"""


ANSWER_TIME = Parameter(
    "svarstid", 5, "arbetsdagar", "Eget val", Certainty.ASSUMPTION, date(2026, 1, 1), "Tid att svara."
)


def form_file(form_id: str, components: list[dict[str, Any]]) -> bytes:
    """A form-js document."""
    return json.dumps({"type": "default", "id": form_id, "schemaVersion": 18, "components": components}).encode()


@dataclass
class Town:
    """The engine, the app and one case that waits at "Bedöm behov" in unit Norr."""

    engine: Engine
    clock: ManualClock
    roles: RoleBook
    settings: Settings = field(default_factory=lambda: Settings(secret_key="prov-nyckel-nog-lang", demo=True))

    def __post_init__(self) -> None:
        self.app = create_app(self.engine, self.roles, self.settings, calendar=WorkingCalendar())
        self.app.testing = True
        self.case_id = self.open_case("2026-0001", "norr")

    def open_case(self, reference: str, unit: str) -> str:
        """A case of Socialtjänsten in one unit, its process started."""
        case_id = self.engine.open_case("prov", reference, parties=[Party("social", unit)], title="Prövning")
        self.engine.start("provning", {"manad": "2026-11"}, case_id=case_id)
        self.engine.run_until_idle()
        return case_id

    def item(self, case_id: str | None = None, name: str = "Bedöm behov") -> WorkItemRow:
        """The open work item of that name in the case."""
        wanted = case_id or self.case_id
        return next(item for item in self.engine.queries.open_items(case_id=wanted) if item.name == name)

    def advance(self, step: timedelta) -> None:
        """Let time pass and everything that falls due happen."""
        self.clock.advance(step)
        self.engine.run_until_idle()

    def browser(self, user: str | None = None, language: str = "sv") -> Browser:
        """A browser, logged in as `user` unless None."""
        browser = Browser(self.app.test_client())
        if language != "sv":
            browser.get(f"/sprak/{language}")
        if user is not None:
            assert browser.post("/logga-in", {"user": user}).status_code == 302
        return browser


@dataclass
class Browser:
    """A test client that carries the CSRF token as a page would."""

    client: FlaskClient

    def get(self, address: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(address, **more)

    def text(self, address: str) -> str:
        """The page's HTML; the page must exist."""
        response = self.get(address)
        assert response.status_code == 200, response.status_code
        return response.text

    def token(self) -> str:
        """The CSRF token of this session."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/logga-in", follow_redirects=True).text)
        assert found
        return found[1]

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with its token."""
        return self.client.post(address, data={"csrf_token": self.token(), **(data or {})}, **more)


class Disqualified(InvalidInput):
    """The wrong person decides; says at which question."""

    @property
    def fields(self) -> dict[str, str]:
        """The question to show the message at."""
        return {"jav": self.message}


def build_town(database: str = "sqlite://") -> Town:
    """A fresh town."""
    clock, handlers, roles = ManualClock(MONDAY), HandlerRegistry(), parse_roles(ROLES)

    @handlers.form("beslut")
    def decided(context: FormContext) -> dict[str, Any]:
        if context.answers.get("jav") == "ja":
            raise Disqualified("Den som är jävig får inte besluta.")
        if context.answers.get("beviljas") is False:
            raise InvalidInput("Ett avslag kräver en motivering.")
        return {"beslutadAv": context.actor.id}

    parameters = LiveParameters({"svarstid": (ANSWER_TIME,)}, roles.units, roles.case_units)
    engine = Engine.open(
        database,
        clock=clock,
        handlers=handlers,
        roles=roles,
        functions=host_functions(WorkingCalendar(), parameters, clock),
        parameters=parameters,
        create=True,
    )
    files = {
        "prov/provning.bpmn": PROCESS,
        "prov/bedomning.form": form_file("bedomning", ASSESSMENT),
        "prov/beslut.form": form_file("beslut", DECISION),
        "prov/ansokan.form": form_file("ansokan", APPLICATION),
    }
    engine.publish(files, author="Carl Chef", note="Första versionen")
    return Town(engine, clock, roles)
