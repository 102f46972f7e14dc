"""Hardened XML: the one way a BPMN or DMN document enters the engine.

No document type declaration, no entities, no network, a limit on bytes, depth and number of elements, and the encoding
that the document claims has to be the encoding it has. Whatever breaks these is an InvalidDocument with a line.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.errors import InvalidDocument, TooLarge

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 200
MAX_ELEMENTS: Final = 200_000
_CHUNK: Final = 64 * 1024

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"

_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION: Final = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\?>")
_ENCODING_IN_TEXT: Final = re.compile(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*([\"'])([A-Za-z0-9._-]+)\2")


@dataclass(frozen=True)
class XmlLimits:
    """How large a document may be: bytes as stored, levels of nesting, number of elements."""

    bytes: int = MAX_BYTES
    depth: int = MAX_DEPTH
    elements: int = MAX_ELEMENTS


def parse_xml(source: bytes, *, file: str, limits: XmlLimits | None = None) -> etree._Element:
    """Parse `source` and return its root element.

    Args:
        source: the document as it lies on disk.
        file: the name to use in messages.
        limits: how large it may be; the module's constants by default.

    Raises:
        TooLarge: more bytes, levels or elements than the limits allow.
        InvalidDocument: not well-formed, a document type declaration, or another encoding than it claims.
    """
    limits = limits or XmlLimits()
    if len(source) > limits.bytes:
        raise TooLarge(f"{file}: {len(source)} bytes; at most {limits.bytes} are read")
    text = _decode(source, file)
    if not text.strip():
        raise InvalidDocument(f"{file}: the file is empty")
    if "\x00" in text:
        raise InvalidDocument(f"{file}: contains a NUL character")
    return _build(text, file, limits)


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: etree._Element) -> str | None:
    """The namespace of the tag; None without one, and for comments."""
    return etree.QName(element).namespace if isinstance(element.tag, str) else None


def _decode(source: bytes, file: str) -> str:
    encoding, is_marked = "utf-8", False
    claimed = _DECLARATION.match(source)
    for mark, marked in _BYTE_ORDER_MARKS:
        if source.startswith(mark):
            encoding, is_marked = marked, True
            source = source if marked != "utf-8" else source[len(mark) :]
            break
    else:
        if claimed:
            encoding = _known_encoding(claimed.group(1).decode("ascii"), file)
    try:
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"{file}: the text is not {encoding} as the file claims (byte {error.start}); save it as UTF-8"
        ) from error
    said = _ENCODING_IN_TEXT.match(text)
    if is_marked and said and not _plain(said.group(3)).startswith(_plain(encoding)):
        raise InvalidDocument(f"{file}: begins as {encoding} but says that it is {said.group(3)}; save it as UTF-8")
    return text


def _plain(encoding: str) -> str:
    return encoding.lower().replace("-", "").replace("_", "")


def _known_encoding(name: str, file: str) -> str:
    try:
        codec = codecs.lookup(name)
    except LookupError as error:
        raise InvalidDocument(f"{file}: unknown encoding {name!r}; save it as UTF-8") from error
    if codec.name not in {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"}:
        raise InvalidDocument(f"{file}: encoding {name!r} is not accepted; save it as UTF-8")
    return codec.name


def _build(text: str, file: str, limits: XmlLimits) -> etree._Element:
    if _has_document_type(text):
        raise InvalidDocument(f"{file}: a document type declaration (DOCTYPE, entities) is not accepted; remove it")
    text = _ENCODING_IN_TEXT.sub(r"\1", text, count=1)
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    data = text.encode("utf-8", errors="replace")
    depth = elements = 0
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            for event, _element in parser.read_events():
                if event == "end":
                    depth -= 1
                    continue
                depth += 1
                elements += 1
                if depth > limits.depth:
                    raise TooLarge(f"{file}: nested deeper than {limits.depth} levels")
                if elements > limits.elements:
                    raise TooLarge(f"{file}: more than {limits.elements} elements")
        root = parser.close()
    except etree.XMLSyntaxError as error:
        if "Excessive depth" in str(error.msg):
            raise TooLarge(f"{file}: nested deeper than {limits.depth} levels") from error
        raise InvalidDocument(f"{file}: not well-formed XML, line {error.lineno or 1}: {error.msg}") from error
    assert isinstance(root, etree._Element)
    return root


def _has_document_type(text: str) -> bool:
    """Whether the prolog has a DOCTYPE: seen before any parser has touched it, since attributes expand entities."""
    position = 0
    while True:
        while position < len(text) and text[position] in " \t\r\n\ufeff":
            position += 1
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opening, position):
                end = text.find(closing, position + len(opening))
                if end < 0:
                    return False
                position = end + len(closing)
                break
        else:
            return text[position : position + 9].upper() == "<!DOCTYPE"
