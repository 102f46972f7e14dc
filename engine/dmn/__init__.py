"""Decisions: DMN 1.1 to 1.5 models, evaluated over FEEL and explained.

Load a model once with `load_decisions`, ask it with `DecisionModel.evaluate`; `DecisionResult.trace` says why.
`check_decisions` says what is wrong with a file before it is used.
"""

from engine.dmn.check import check_decisions
from engine.dmn.decisions import DecisionModel, DecisionResult, load_decisions
from engine.dmn.trace import DecisionTrace, DecisionWarning

__all__ = [
    "DecisionModel",
    "DecisionResult",
    "DecisionTrace",
    "DecisionWarning",
    "check_decisions",
    "load_decisions",
]
