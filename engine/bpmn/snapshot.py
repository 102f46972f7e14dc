"""Snapshots: the tokens of a run as bytes, and back. The diagram is not in them; it is shared by all instances.

`SV`, a version, a mode, then JSON: an ordered list, parents before children, which no store can put in another order.
Where all values are JSON's own they are written as they are; else FEEL's codec writes them. Compressed where that pays.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import orjson

from engine.bpmn.run import Run
from engine.bpmn.services import Services
from engine.bpmn.specs.scopes import ProcessGraph
from engine.bpmn.status import ExecutionStatus
from engine.bpmn.token import Token
from engine.bpmn.variables import Journal
from engine.errors import InvalidInput, StegvisError
from engine.feel import codec

MAGIC: Final = b"SV"
VERSION: Final = 1
_TYPED: Final = 1
_COMPRESSED: Final = 2
_COMPRESS_FROM: Final = 1_500
_TRIGGERED: Final = 1
_ENTERED: Final = 2


class SnapshotMismatch(InvalidInput):
    """The snapshot does not fit this process, or was written by a newer program."""

    code = "SNAPSHOT_MISMATCH"


def dump(run: Run) -> bytes:
    """The run as bytes; its size depends on what is alive, not on what has been."""
    rows: list[Any] = []
    readers: list[int] = []
    index: dict[str, int] = {}
    for token in run.in_order():
        index[token.id] = len(rows)
        container, internal = token.container, token.internal_data
        if "since" in internal:
            readers.append(internal["since"])
        rows.append(
            [
                token.id,
                -1 if container is None else index[container.id],
                token.task_spec.name,
                token._state,
                (_TRIGGERED if token.triggered else 0) | (_ENTERED if token.entered else 0),
                token.data or 0,
                internal or 0,
            ]
        )
    journal = run.journal
    journal.prune(readers)
    content = [run.spec.name, run.status.value, journal.revision, journal.entries, rows]
    raw, typed = codec.dumps(content)
    mode = _TYPED if typed else 0
    if len(raw) >= _COMPRESS_FROM:
        mode |= _COMPRESSED
        raw = zlib.compress(raw, 1)
    return MAGIC + bytes((VERSION, mode)) + raw


def load(graph: ProcessGraph, snapshot: bytes, services: Services) -> Run:
    """The run that `dump` wrote.

    Raises:
        SnapshotMismatch: it is no snapshot, of another process, or holds an element that the process does not have.
    """
    name, status, revision, entries, rows = _content(snapshot)
    if name != graph.name:
        raise SnapshotMismatch(f"the snapshot is of the process {name!r}, not of {graph.name!r}")
    run = Run(graph, services)
    try:
        run.status = ExecutionStatus(status)
        run.completed = run.status is not ExecutionStatus.ACTIVE
        run.success = run.status in (ExecutionStatus.ACTIVE, ExecutionStatus.COMPLETED)
        run.journal = Journal(revision, [tuple(entry) for entry in entries])
        run.task_tree = _place(run, rows)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise SnapshotMismatch("the snapshot is damaged") from error
    return run


def _place(run: Run, rows: list[Any]) -> Token:
    """The tokens of the rows, put into the run; gives the root."""
    specs = run.spec.task_specs
    tokens: list[Token] = []
    for token_id, parent, spec_name, state, marks, data, internal in rows:
        spec = specs.get(spec_name)
        if spec is None:
            raise SnapshotMismatch(f"{run.spec.name} has no element {spec_name!r}", element=spec_name)
        container = tokens[parent] if parent >= 0 else None
        token = Token(run, spec, container, state, token_id)
        token.triggered = bool(marks & _TRIGGERED)
        token.entered = bool(marks & _ENTERED)
        if data:
            token.data = data
        if internal:
            token.internal_data = internal
        if container is not None and not token.triggered:
            container.inside += 1
        tokens.append(token)
    return tokens[0]


def _content(snapshot: bytes) -> Any:
    if snapshot[:2] != MAGIC or len(snapshot) < 4:
        raise SnapshotMismatch("these bytes are no snapshot")
    version, mode = snapshot[2], snapshot[3]
    if version != VERSION:
        raise SnapshotMismatch(f"the snapshot has version {version}; this program reads version {VERSION}")
    try:
        raw = snapshot[4:]
        if mode & _COMPRESSED:
            raw = zlib.decompress(raw)
        content = orjson.loads(raw)
        content = codec.from_json(content) if mode & _TYPED else content
        if not isinstance(content, list) or len(content) != 5 or not content[4]:
            raise SnapshotMismatch("the snapshot is incomplete")
        return content
    except (zlib.error, orjson.JSONDecodeError, StegvisError) as error:
        if isinstance(error, SnapshotMismatch):
            raise
        raise SnapshotMismatch("the snapshot is damaged") from error
