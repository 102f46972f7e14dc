"""The built-in functions of DMN 1.5 and Camunda's additions; importing this package declares them all."""

from engine.feel.builtins import (
    contexts,
    conversion,
    lists,
    logic,
    numeric,
    ranges,
    statistics,
    strings,
    temporal,
)

__all__ = ["contexts", "conversion", "lists", "logic", "numeric", "ranges", "statistics", "strings", "temporal"]
