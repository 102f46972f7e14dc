"""Which processes of a file run."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.bpmn.xml import BPMN

_PROCESS: Final = f"{{{BPMN}}}process"
_NODES: Final = ("Event", "ask", "Gateway", "ubProcess", "callActivity", "transaction")  # how the tags of nodes end


def is_marked(process: etree._Element) -> bool:
    """Whether a process says by itself that it is executable."""
    return (process.get("isExecutable") or "").strip().lower() in {"true", "1"}


def executable_processes(root: etree._Element) -> list[etree._Element]:
    """The processes of a file that run: those marked as executable.

    Where none is marked, those that say nothing about it run, unless they are empty or public: for a private process
    BPMN leaves the missing mark undefined (2.0.2, table 10.1), and tools that only draw never write it. A process
    marked `isExecutable="false"` is documentation and never runs.
    """
    processes = [element for element in root if element.tag == _PROCESS]
    marked = [process for process in processes if is_marked(process)]
    return marked or [process for process in processes if _is_silent(process)]


def _is_silent(process: etree._Element) -> bool:
    if process.get("isExecutable") is not None or (process.get("processType") or "").lower() == "public":
        return False
    return any(isinstance(child.tag, str) and child.tag.endswith(_NODES) for child in process)
