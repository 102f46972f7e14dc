"""The one linter of diagrams, decisions and forms: what would run wrongly, and what to draw instead.

`check` is what the command line, the editor, continuous integration and publishing call.
"""

from engine.bpmn.check.known import NOTHING_KNOWN, Known
from engine.bpmn.check.linter import check, check_one

__all__ = ["NOTHING_KNOWN", "Known", "check", "check_one"]
