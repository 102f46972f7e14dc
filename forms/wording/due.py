"""How long is left, in words and in one of five degrees of urgency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.clock import local_date
from engine.protocols import Calendar
from forms.wording.moments import clock_time, deadline_day, is_end_of_day

SOON_WORKING_DAYS = 3


class Urgency(StrEnum):
    """How a due date is coloured; the words beside it say the same."""

    OVERDUE = "overdue"  # the time has passed
    TODAY = "today"  # it passes today
    SOON = "soon"  # it passes within three working days
    LATER = "later"  # there is time
    NONE = "none"  # there is no due date


@dataclass(frozen=True)
class Due:
    """A due date as it is shown."""

    urgency: Urgency
    words: str


def due_words(due_at: datetime | None, now: datetime, calendar: Calendar) -> Due:
    """What to say about a due time (aware) at `now`."""
    if due_at is None:
        return Due(Urgency.NONE, _("ingen sluttid"))
    today, last = local_date(now), deadline_day(due_at)
    if due_at < now:
        return Due(Urgency.OVERDUE, _late((today - last).days, due_at))
    if last == today:
        words = _("i dag") if is_end_of_day(due_at) else _("i dag kl. %(time)s", time=clock_time(due_at))
        return Due(Urgency.TODAY, words)
    left = calendar.working_days_between(today, last)
    if left == 0:
        return Due(Urgency.SOON, _("före nästa arbetsdag"))
    words = ngettext("%(num)d arbetsdag kvar", "%(num)d arbetsdagar kvar", left)
    return Due(Urgency.SOON if left <= SOON_WORKING_DAYS else Urgency.LATER, words)


def _late(days: int, due_at: datetime) -> str:
    if days == 0:
        return _("försenad sedan kl. %(time)s", time=clock_time(due_at))
    return ngettext("försenad %(num)d dag", "försenad %(num)d dagar", days)
