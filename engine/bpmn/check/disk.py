"""Reads files from disk for a check: whatever cannot be read becomes a finding too."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from engine.bpmn.check.forms import FORM_ID_TWICE
from engine.bpmn.check.identity import PROCESS_ID_TWICE
from engine.bpmn.check.linter import BPMN_NAMES, FILE_TOO_LARGE, FILE_UNREADABLE
from engine.bpmn.check.rules import FILE, WARNING
from engine.bpmn.xml import MAX_BYTES
from engine.findings import Finding

SUFFIXES: Final = (*BPMN_NAMES[:3], ".dmn", ".form")
_TWICE: Final = frozenset({PROCESS_ID_TWICE.code, FORM_ID_TWICE.code})


def files_to_check(paths: Iterable[Path]) -> Iterator[Path]:
    """The named files, and those of named folders (at any depth) that are diagrams, decisions or forms; each once."""
    seen: set[Path] = set()
    for path in paths:
        for file in _inside(path) if path.is_dir() else [path]:
            if file not in seen:
                seen.add(file)
                yield file


def read_files(files: Iterable[Path]) -> tuple[dict[str, bytes], dict[str, Finding]]:
    """Name to content for the files of one folder, and name to finding for those that cannot be read."""
    contents: dict[str, bytes] = {}
    unread: dict[str, Finding] = {}
    for file in files:
        try:
            size = file.stat().st_size
            if not file.is_file():
                unread[file.name] = FILE_UNREADABLE.at(FILE, reason="it is no ordinary file")
            elif size > 2 * MAX_BYTES:  # what is a little too large, the readers themselves refuse
                unread[file.name] = FILE_TOO_LARGE.at(FILE, reason=f"{size} bytes; at most {MAX_BYTES} are read")
            else:
                contents[file.name] = file.read_bytes()
        except OSError as error:
            unread[file.name] = FILE_UNREADABLE.at(FILE, reason=error.strerror or type(error).__name__)
    return contents, unread


def as_neighbours(findings: Mapping[str, list[Finding]]) -> dict[str, list[Finding]]:
    """The findings of files that only happen to lie in one folder: that two share an id is then worth a warning."""
    return {
        name: sorted(
            (dataclasses.replace(each, severity=WARNING) if each.code in _TWICE else each for each in found),
            key=lambda each: not each.is_error,
        )
        for name, found in findings.items()
    }


def _inside(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.name.lower().endswith(SUFFIXES) and not file.is_dir())
