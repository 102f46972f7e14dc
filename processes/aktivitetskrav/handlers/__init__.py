"""The journey's own Python behind the diagrams' service tasks and forms."""

from __future__ import annotations

from engine.handlers import HandlerRegistry
from processes.aktivitetskrav.handlers.adaptations import register_adaptations
from processes.aktivitetskrav.handlers.closing import register_closing
from processes.aktivitetskrav.handlers.corrections import register_corrections
from processes.aktivitetskrav.handlers.deviations import register_deviations
from processes.aktivitetskrav.handlers.disposal import register_disposal
from processes.aktivitetskrav.handlers.escalation import register_escalation
from processes.aktivitetskrav.handlers.follow_up import register_follow_up
from processes.aktivitetskrav.handlers.forms import register_forms
from processes.aktivitetskrav.handlers.handover import register_handover
from processes.aktivitetskrav.handlers.letters import register_letters
from processes.aktivitetskrav.handlers.log_control import register_log_control
from processes.aktivitetskrav.handlers.matching import register_matching
from processes.aktivitetskrav.handlers.mergers import register_mergers
from processes.aktivitetskrav.handlers.moves import register_moves
from processes.aktivitetskrav.handlers.oversight import register_oversight
from processes.aktivitetskrav.handlers.plans import register_plans
from processes.aktivitetskrav.handlers.providers import register_providers
from processes.aktivitetskrav.handlers.ramps import register_ramps
from processes.aktivitetskrav.handlers.reporting import register_reporting
from processes.aktivitetskrav.handlers.support import register_support
from processes.resources import Resources


def register_handlers(registry: HandlerRegistry, resources: Resources) -> None:
    """Register every job type and form of the family."""
    register_support(registry, resources)
    register_handover(registry, resources)
    register_matching(registry, resources)
    register_plans(registry)
    register_follow_up(registry)
    register_ramps(registry)
    register_deviations(registry)
    register_corrections(registry)
    register_mergers(registry, resources)
    register_moves(registry, resources)
    register_adaptations(registry, resources)
    register_closing(registry, resources)
    register_letters(registry, resources)
    register_forms(registry)
    register_escalation(registry, resources)
    register_reporting(registry, resources)
    register_oversight(registry, resources)
    register_providers(registry)
    register_log_control(registry, resources)
    register_disposal(registry, resources)
