"""Publish: check the files, write them as a release, and arm what its processes start by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.bpmn import EventKind, Model, Process, Services, load_model, start_name
from engine.bpmn.check import Known, check
from engine.context import Context, Rooms
from engine.definitions import BPMN, DMN, FORM
from engine.errors import Conflict, InvalidInput
from engine.findings import Finding, NotDeployable
from engine.jobs import handled_types
from engine.start_timers import replace_start_timers
from engine.store import release_rows, waiting_rows
from engine.store.rows import DefinitionRow, ReleaseRow
from engine.store.states import SubscriptionKind
from engine.store.unit_of_work import Reader

_STARTED_BY = {EventKind.MESSAGE: SubscriptionKind.MESSAGE, EventKind.SIGNAL: SubscriptionKind.SIGNAL}
MAX_NAME = 300
_READ = (*BPMN, DMN, FORM)


def publish(
    context: Context,
    files: Mapping[str, bytes],
    author: str,
    note: str,
    approver: str | None,
    withdrawn: Iterable[str],
    expected: Mapping[str, int],
) -> ReleaseRow:
    """Write a new release: the latest one's files with `files` in their place, without the `withdrawn`.

    Where that changes nothing, the latest release is the answer. Raises NotDeployable with all findings where the
    release as a whole has errors.
    """
    _check_names(files)
    _check_expected(context, expected)
    number = release_rows.latest_release(context.uow)
    before = release_rows.files_of(context.uow, number)
    digests = {**before, **{name: hashlib.sha256(content).hexdigest() for name, content in files.items()}}
    for name in withdrawn:
        if digests.pop(name, None) is None:
            raise InvalidInput(f"The latest release has no file {name!r} to withdraw.")
    if not digests:
        raise InvalidInput("A release needs at least one file.")
    if digests == before:
        return release_rows.release_row(context.uow, number)
    _refuse_errors(context, files, digests)
    number += 1
    release_rows.insert_resources(
        context.uow,
        [
            {"digest": digests[name], "kind": PurePosixPath(name).suffix.lstrip(".") or "other", "content": content}
            for name, content in files.items()
            if name in digests
        ],
    )
    values = {"number": number, "at": context.now, "author": author, "approver": approver, "note": note}
    release_rows.insert_release(context.uow, values, digests)
    for name in sorted(files):
        if name.endswith(BPMN) and name in digests:
            _define(context, number, load_model(files[name], file=name))
    context.uow.note_release()
    return release_rows.release_row(context.uow, number)


def _check_names(files: Mapping[str, bytes]) -> None:
    for name in files:
        path = PurePosixPath(name)
        if not name or len(name) > MAX_NAME or path.is_absolute() or ".." in path.parts or "\\" in name:
            raise InvalidInput(f"{name!r} is no name for a file of a release (say aktivitetskrav/plan.bpmn).")
        if name.lower().endswith(_READ) and not name.endswith(_READ):
            raise InvalidInput(f"Write the ending of {name!r} in small letters; otherwise the file would not be read.")


def _check_expected(context: Context, expected: Mapping[str, int]) -> None:
    for process_id, version in expected.items():
        latest = release_rows.latest_definition(context.uow, process_id)
        if (latest.version if latest else 0) != version:
            raise Conflict(f"Version {version} of {process_id} is no longer the latest one.", element=process_id)


def check_release(rooms: Rooms, reader: Reader, files: Mapping[str, bytes]) -> Mapping[str, list[Finding]]:
    """What the linter says of the latest release with `files` in their place, file by file: publishing's own look."""
    before = release_rows.files_of(reader, release_rows.latest_release(reader))
    together = {**before, **dict.fromkeys(files, "")}
    return check(_contents(rooms, reader, files, together), known_to(rooms, reader, together))


def _refuse_errors(context: Context, files: Mapping[str, bytes], digests: Mapping[str, str]) -> None:
    found = check(_contents(context.rooms, context.uow, files, digests), known_to(context.rooms, context.uow, digests))
    findings = [finding for each in found.values() for finding in each]
    if any(finding.is_error for finding in findings):
        raise NotDeployable(findings)


def _contents(rooms: Rooms, reader: Reader, files: Mapping[str, bytes], digests: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a release that the linter reads."""
    return {
        name: files[name] if name in files else rooms.definitions.content(reader, digest)
        for name, digest in digests.items()
        if name.endswith(_READ)
    }


def known_to(rooms: Rooms, reader: Reader, names: Iterable[str]) -> Known:
    """What the diagrams of a release with files of these `names` may refer to besides those files.

    None for what this engine does not limit: a release without any form is run by a program, which needs none.
    """
    handlers = rooms.handlers
    return Known(
        roles=rooms.roles.known_roles or None,
        job_types=[*handled_types(handlers.job_types), *handlers.external_types] if handlers.job_types else None,
        forms=() if any(name.endswith(FORM) for name in names) else None,
        decisions=(),
        processes=frozenset(release_rows.process_ids(reader)),
        functions=[function.name for function in rooms.definitions.functions.values()],
        parameters=rooms.parameter_names,
    )


def _define(context: Context, number: int, model: Model) -> None:
    for process in model.processes.values():
        latest = release_rows.latest_definition(context.uow, process.id)
        if latest is not None and latest.digest == model.digest:
            continue
        if latest is not None and latest.file != model.file and latest.release == number:
            raise InvalidInput(f"Two files of the release have a process {process.id!r}.", element=process.id)
        values: dict[str, Any] = {
            "process_id": process.id,
            "version": latest.version + 1 if latest else 1,
            "name": process.name or process.id,
            "version_tag": process.version_tag,
            "release": number,
            "file": model.file,
            "digest": model.digest,
        }
        definition_id = release_rows.insert_definition(context.uow, values)
        arm(context, DefinitionRow(id=definition_id, **values), process)


def arm(context: Context, definition: DefinitionRow, process: Process) -> None:
    """Write what starts the latest version of a process from outside, in place of what started the one before."""
    services = Services(context.rooms.clock, context.rooms.definitions.functions)
    rows = [
        {
            "definition_id": definition.id,
            "process_id": process.id,
            "element_id": element,
            "kind": kind,
            "name": name,
        }
        for element, kind, name in sorted(starts_of(process, services))
    ]
    waiting_rows.replace_start_subscriptions(context.uow, process.id, rows)
    replace_start_timers(context.uow, definition, process, context.rooms.definitions.environment())


def starts_of(process: Process, services: Services) -> set[tuple[str, str, str]]:
    """The messages and signals that start a process: element, kind, name."""
    return {
        (start.element_id, _STARTED_BY[start.kind].value, start_name(start, services))
        for start in process.starts
        if start.kind in _STARTED_BY and start.message_name
    }
