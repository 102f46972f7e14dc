"""Staff: who does a task, on which day, and with which answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from engine import work
from engine.access import Viewer
from engine.clock import local_date
from engine.context import Context
from engine.engine import Engine
from engine.errors import Conflict, InvalidInput
from engine.feel import Environment
from engine.parameter_use import of_case
from engine.protocols import Calendar
from processes.aktivitetskrav.autopilot.choices import choose
from processes.aktivitetskrav.autopilot.dice import dice
from processes.aktivitetskrav.autopilot.form_answers import answer_form, read_form
from processes.aktivitetskrav.records.population import OpenItem
from processes.roles import DemoUser, RoleBook

_LATE = 0.25  # how often a task is done after its due date
_AT_ONCE = 0.3  # how often on the day it comes or the next
_PATIENCE = 8  # working days within which a task without a due date is done
_LOOKED_AT = 0.1  # how often a task is opened as the front end does it: past the access policy, into the read log
_SEPARATED = {
    "anpassning_beslut": "utreddAv",
    "avvikelse_beslut": "rapporteradAv",
    "rapport_godkannande": "granskadAv",
    "gallring_godkannande": "granskadAv",
}
"""Forms that somebody else must fill in than the one this variable names."""


@dataclass
class Staff:
    """The demo users at work."""

    engine: Engine
    roles: RoleBook
    calendar: Calendar
    seed: int
    _forms: dict[tuple[int, str], Mapping[str, Any]] = field(default_factory=dict)

    def day_to_do(self, item: OpenItem, subject: str) -> date:
        """The working day on which a task will be done: most in time, some late."""
        random = dice(self.seed, subject, "day")
        today = local_date(item.created_at)
        if random.random() < _AT_ONCE:
            return self.calendar.add_working_days(today, random.randint(0, 1))
        left = _PATIENCE if item.due_at is None else self._left(today, local_date(item.due_at))
        if item.due_at is not None and random.random() < _LATE / (1 - _AT_ONCE):
            return self.calendar.add_working_days(today, left + random.randint(2, 12))
        return self.calendar.add_working_days(today, random.randint(1, max(1, left)))

    def _left(self, today: date, due: date) -> int:
        return max(1, self.calendar.working_days_between(today, due))

    def perform(self, item: OpenItem, subject: str) -> bool:
        """Do a task as one of those who may; False where none of the demo users may, or it is no longer needed."""
        random = dice(self.seed, subject, "answers")
        candidates = self._candidates(item, random)
        if candidates and random.random() < _LOOKED_AT:
            self.engine.queries.work_item(viewer_of(candidates[0], self.roles), item.id)
        try:
            return any(self._complete(item, user, random) for user in candidates)
        except Conflict:  # no longer needed: another task, done a moment ago, has taken the case past it
            return False

    def _complete(self, item: OpenItem, user: DemoUser, random: Random) -> bool:
        """Read what there is to know and complete a task as `user`, in one transaction; False where they may not."""

        def act(context: Context) -> bool:
            running = context.take(item.instance_id)
            if item.id not in running.waiting():
                raise Conflict("Uppgiften behövs inte längre.")
            variables = running.execution.variables_at(item.id)
            if user.id == variables.get(_SEPARATED.get(item.form_id or "", "")):
                return False
            work.complete(context, item.id, self._answers(item, variables, random))
            return True

        return self.engine.run_command(act, "complete", viewer_of(user, self.roles).actor, None)

    def begin(self, item: OpenItem, subject: str) -> None:
        """Claim a task, as somebody does who will finish it another day."""
        random = dice(self.seed, subject, "claim")
        for user in self._candidates(item, random)[:1]:
            self.engine.claim(item.id, actor=viewer_of(user, self.roles).actor)

    def _candidates(self, item: OpenItem, random: Random) -> list[DemoUser]:
        users = [
            user
            for user in self.roles.demo_users_with(item.role or "")
            if item.unit is None or not user.units or item.unit in user.units
        ]
        return random.sample(users, len(users))

    def _answers(self, item: OpenItem, variables: Mapping[str, Any], random: Random) -> dict[str, Any]:
        if item.form_id is None:
            return {}
        today = local_date(self.engine.clock.now())
        environment = Environment(now=self.engine.clock.now, functions=self.engine.rooms.definitions.functions)
        chosen = choose(item.form_id, variables, today, random)
        with of_case(item.case_id):
            return answer_form(self._form(item), chosen, variables, today, random, environment)

    def _form(self, item: OpenItem) -> Mapping[str, Any]:
        key = (item.release, item.form_id or "")
        if key not in self._forms:
            with self.engine.database.reading() as reader:
                self._forms[key] = read_form(self.engine.rooms.definitions.form(reader, *key))
        return self._forms[key]


def viewer_of(user: DemoUser, roles: RoleBook) -> Viewer:
    """A demo user as the access policy sees them."""
    return Viewer(
        user_id=user.id,
        name=user.name,
        organisation=user.organisation,
        roles=frozenset(user.roles),
        units=frozenset(user.units),
        all_units=not user.units,
        supervised_roles=roles.supervised_by(user.roles),
    )


def require_staff(roles: RoleBook) -> None:
    """Raise InvalidInput where roles.toml has no demo users to play staff."""
    if not roles.demo_users:
        raise InvalidInput("roles.toml har inga demoanvändare; det finns ingen som kan utföra uppgifterna.")
