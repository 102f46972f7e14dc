"""When recurring work runs, in words instead of cron's five fields."""

from __future__ import annotations

from flask_babel import gettext as _

DAILY, WEEKDAYS, MONTHLY = ("*", "*", "*"), ("*", "*", "mon-fri"), ("*", "*")


def schedule_words(schedule: str) -> str:
    """`30 3 * * *` as "Varje dag kl. 03:30"; what is not daily, on weekdays or monthly is shown as it is written."""
    fields = schedule.split()
    if len(fields) != 5 or not (fields[0].isdigit() and fields[1].isdigit()):
        return schedule
    clock, days = f"{int(fields[1]):02}:{int(fields[0]):02}", tuple(fields[2:])
    if days == DAILY:
        return _("Varje dag kl. %(clock)s", clock=clock)
    if days == WEEKDAYS:
        return _("Måndag till fredag kl. %(clock)s", clock=clock)
    if days[0].isdigit() and days[1:] == MONTHLY:
        return _("Den %(day)s i varje månad kl. %(clock)s", day=days[0], clock=clock)
    return schedule
