"""The zeebe: extension elements of one BPMN element, as Camunda's editors write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.bpmn.xml import BPMN, ZEEBE, local_name, namespace

_EXTENSIONS: Final = f"{{{BPMN}}}extensionElements"


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """The first zeebe: extension element of that name, or None."""
    return next(extensions(element, name), None)


def extensions(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """All zeebe: extension elements of that name, in order."""
    holder = element.find(_EXTENSIONS)
    if holder is None:
        return
    for child in holder:
        if namespace(child) == ZEEBE and local_name(child) == name:
            yield child


def attribute(element: etree._Element, extension_name: str, name: str) -> str | None:
    """An attribute of a zeebe: extension element; None when absent or empty."""
    found = extension(element, extension_name)
    value = None if found is None else found.get(name)
    return value if value and value.strip() else None


def children(element: etree._Element, extension_name: str, child_name: str) -> Iterator[etree._Element]:
    """The children of a zeebe: extension element, as the inputs of an ioMapping."""
    found = extension(element, extension_name)
    if found is None:
        return
    for child in found:
        if namespace(child) == ZEEBE and local_name(child) == child_name:
            yield child


def properties(element: etree._Element) -> dict[str, str]:
    """The zeebe: properties by name."""
    return {
        each.get("name") or "": each.get("value") or ""
        for each in children(element, "properties", "property")
        if each.get("name")
    }


def headers(element: etree._Element) -> dict[str, str]:
    """The task headers by key."""
    return {
        each.get("key") or "": each.get("value") or ""
        for each in children(element, "taskHeaders", "header")
        if each.get("key")
    }


def text_of(element: etree._Element, name: str) -> str | None:
    """The text of a BPMN child element, without space around it; None when absent or empty."""
    child = element.find(f"{{{BPMN}}}{name}")
    if child is None:
        return None
    text = "".join(str(part) for part in child.itertext()).strip()
    return text or None
