"""What the family brings besides its files: registers, handlers, and the catalogue a new database begins with."""

from __future__ import annotations

from processes.aktivitetskrav.catalogue import prepare_catalogue
from processes.aktivitetskrav.handlers import register_handlers
from processes.aktivitetskrav.records import PART
from processes.aktivitetskrav.recurring import RECURRING_WORK
from processes.family import Wiring

WIRING = Wiring(parts=(PART,), register_handlers=register_handlers, prepare=prepare_catalogue, recurring=RECURRING_WORK)
