"""Scenarios: the journey told in the process owner's language and run on the real engine.

Generic steps stand in `generic`; a family adds its own in `processes/<family>/steps` as `STEPS`.
"""

from processes.scenarios.coverage import Coverage, Gap
from processes.scenarios.running import ScenarioResult, Stage, read_scenarios, run_scenario, run_scenarios, steps_for
from processes.scenarios.world import Step, StepFailed, Table, World, step, value_of

__all__ = [
    "Coverage",
    "Gap",
    "ScenarioResult",
    "Stage",
    "Step",
    "StepFailed",
    "Table",
    "World",
    "read_scenarios",
    "run_scenario",
    "run_scenarios",
    "step",
    "steps_for",
    "value_of",
]
