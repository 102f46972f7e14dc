"""The catalogue of activities that a new database begins with: aktiviteter.toml."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from engine.protocols import SYSTEM
from processes.aktivitetskrav.records.placements import Activity, put_activities
from processes.aktivitetskrav.weekly import Slot
from processes.configuration import Faults, Table, read_toml, tables

if TYPE_CHECKING:
    from engine.engine import Engine

KINDS = ("motiverande", "sprak", "jobbsokar", "arbetsplats")
"""The four types of activity (S2:49-56)."""
_FILE = Path(__file__).parent / "aktiviteter.toml"


def prepare_catalogue(engine: Engine) -> None:
    """Add the activities that the database does not have yet."""
    activities = read_catalogue(_FILE.read_bytes(), file=_FILE.name)
    engine.run_command(lambda context: put_activities(context.uow, activities), "put_activities", SYSTEM, None)


def read_catalogue(source: bytes, *, file: str) -> tuple[Activity, ...]:
    """The activities that a catalogue names; raises InvalidConfiguration with every fault."""
    faults = Faults(file)
    found = tuple(_activity(table) for table in tables(read_toml(source, file=file), "activity", faults))
    for item in found:
        if [other.id for other in found].count(item.id) > 1:
            faults.add(f"activity '{item.id}'", "id:t används mer än en gång")
    faults.refuse()
    return found


def _activity(table: Table) -> Activity:
    table.only(frozenset({"id", "name", "kind", "provider", "capacity", "hours", "starts_on", "times"}))
    kind = table.text("kind")
    if kind and kind not in KINDS:
        table.faults.add(table.where, f"okänd typ '{kind}' (kända: {', '.join(KINDS)})")
    capacity, hours, starts_on = (table.content.get(key) for key in ("capacity", "hours", "starts_on"))
    if not isinstance(capacity, int) or isinstance(capacity, bool) or capacity < 0:
        table.faults.add(table.where, "'capacity' ska vara ett antal platser")
        capacity = 0
    if not isinstance(hours, int | Decimal) or isinstance(hours, bool) or not 0 < hours <= 60:
        table.faults.add(table.where, "'hours' ska vara timmar per vecka, mer än 0 och högst 60")
        hours = 1
    if starts_on is not None and (not isinstance(starts_on, date) or isinstance(starts_on, datetime)):
        table.faults.add(table.where, "'starts_on' ska vara ett datum")
        starts_on = None
    return Activity(
        table.text("id"),
        table.text("name"),
        kind,
        table.text("provider"),
        capacity,
        Decimal(hours),
        starts_on,
        times=_times(table),
    )


def _times(table: Table) -> tuple[str, ...]:
    times = table.texts("times") if "times" in table.content else ()
    for text in times:
        try:
            Slot.parse(text)
        except ValueError:
            table.faults.add(table.where, f"'times' ska skrivas som 'mån 09:00-12:00', inte '{text}'")
    return tuple(times)
