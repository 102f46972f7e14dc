"""The journey's recurring work beside what its diagrams start by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.clock import local_date
from engine.recurring import RECURRING, RecurringWork
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.records import month_duties, reminders

if TYPE_CHECKING:
    from engine.context import Context
    from engine.engine import Engine


def remind_of_months(engine: Engine) -> str:
    """Remind of last month's attendance where nobody has handed it in; each late task once, however often this runs."""

    def command(context: Context) -> tuple[int, int]:
        month = Month.of(local_date(context.now)).plus(-1)
        missing = month_duties.cases_without_basis(context.uow, month)
        late = month_duties.tasks_to_remind_of(context.uow, missing, context.now)
        for case_id, task in late:
            reminders.add_reminder(context.uow, case_id, task)
        return len(missing), len(late)

    missing, reminded = engine.run_command(command, "remind_of_months", RECURRING, None)
    return f"{missing} underlag saknas, {reminded} påminnelser"


RECURRING_WORK = (
    RecurringWork("manadsunderlag", "Påminnelse om månadens underlag", "30 6 * * mon-fri", remind_of_months),
)
"""The basis of a support month is wanted before the next decision: looked for each weekday at 06:30."""
