"""From the bytes of a file to processes that can run: parse, normalise, read, build, freeze."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from types import MappingProxyType

from engine.bpmn.builder import Builder
from engine.bpmn.executable import executable_processes
from engine.bpmn.model import Model, Process
from engine.bpmn.normalise import normalise
from engine.bpmn.reader import Reader, names_of, variable_names
from engine.bpmn.xml import BPMN, local_name, namespace, parse_xml
from engine.errors import InvalidDocument
from engine.findings import NotDeployable


def load_model(source: bytes, *, file: str, names: Iterable[str] = ()) -> Model:
    """Read a BPMN file.

    Args:
        source: the file's bytes.
        file: its name, for messages.
        names: further variable and function names with spaces in them that its expressions may use.

    Raises:
        InvalidDocument: it is not a BPMN document.
        TooLarge: it is larger than the limits of engine.bpmn.xml.
        NotDeployable: something in it cannot be run; `findings` says what and where.
    """
    root = parse_xml(source, file=file)
    if local_name(root) != "definitions" or namespace(root) != BPMN:
        raise InvalidDocument(f"{file}: not a BPMN 2.0 document: its root is not bpmn:definitions")
    normalise(root)
    digest = hashlib.sha256(source).hexdigest()
    reader = Reader(root, frozenset({*names, *variable_names(root)}))
    processes: dict[str, Process] = {}
    for element in executable_processes(root):
        process = Builder(reader, element, file, digest).build()
        if process.id in processes:
            reader.refuse(
                element, "DUPLICATE_ID", f"Id {process.id} finns två gånger.", f"The id {process.id} is used twice."
            )
        processes[process.id] = process
    if reader.findings:
        first = reader.findings[0]
        raise NotDeployable(reader.findings, f"{file}: {first.element}: {first.message_en}", element=first.element)
    return Model(
        file,
        digest,
        MappingProxyType(processes),
        MappingProxyType(names_of(reader.shared["message"], "name")),
        MappingProxyType(names_of(reader.shared["signal"], "name")),
        MappingProxyType(names_of(reader.shared["error"], "errorCode")),
    )
