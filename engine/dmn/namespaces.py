"""The namespaces of DMN 1.1 to 1.5, and names as a file writes them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.xml import local_name, namespace

MODEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # DMN 1.1
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # DMN 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # DMN 1.3
        "http://www.omg.org/spec/DMN/20191111/MODEL/",  # DMN 1.3, as some editors write it
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # DMN 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # DMN 1.5
    }
)
FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20151101/FEEL",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "http://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of DMN's own namespace, of these names or all."""
    for child in element:
        if namespace(child) in MODEL_NAMESPACES and (not names or local_name(child) in names):
            yield child


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first child of DMN's own namespace of one of these names."""
    return next(children(element, *names), None)


def text_of(element: etree._Element | None) -> str | None:
    """The text inside, without white space at its ends; None without element or text."""
    if element is None:
        return None
    text = "".join(str(part) for part in element.itertext()).strip()
    return text or None


def name_of(text: str | None) -> str:
    """A name with its white space made single, as FEEL compares names."""
    return " ".join((text or "").split())


def is_feel(language: str | None) -> bool:
    """Whether an expressionLanguage means FEEL (nothing said: yes)."""
    if not language:
        return True
    return language.strip() in FEEL_NAMESPACES or language.strip().lower() in {"feel", "s-feel", "friendlyenough"}


def type_reference(element: etree._Element, text: str | None, own_namespace: str) -> str | None:
    """A type reference as written, with an XML prefix replaced: FEEL's and the model's own away, others as {ns}name."""
    reference = name_of(text)
    if not reference:
        return None
    if reference.startswith("{"):
        closing = reference.find("}")
        uri, name = reference[1:closing], reference[closing + 1 :]
    elif ":" in reference:
        prefix, _, name = reference.partition(":")
        uri = element.nsmap.get(prefix.strip()) or ""
        if not uri:
            return name if prefix == "feel" else reference
    else:
        return reference
    if uri in FEEL_NAMESPACES or uri in MODEL_NAMESPACES or uri == own_namespace:
        return name
    return f"{{{uri}}}{name}"
