"""Hardened parsing: nothing but plain, bounded, honestly encoded XML gets in."""

import pytest

from engine.bpmn.xml import XmlLimits, local_name, namespace, parse_xml
from engine.errors import InvalidDocument, TooLarge


def test_a_plain_document_gives_its_root_with_line_numbers() -> None:
    root = parse_xml(b"<a xmlns='urn:x'>\n<b/></a>", file="f.bpmn")
    assert local_name(root) == "a"
    assert namespace(root) == "urn:x"
    assert root[0].sourceline == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_declared_encodings_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    root = parse_xml(f"<?xml version='1.0' encoding='{declared}'?><a>åäö</a>".encode(encoding), file="f")
    assert root.text == "åäö"


@pytest.mark.parametrize(
    ("said", "encoding"),
    [("UTF-8", "utf-16"), ("utf-16", "utf-8-sig"), ("ISO-8859-1", "utf-8-sig"), ("utf-8", "utf-32")],
)
def test_a_byte_order_mark_that_says_another_encoding_is_refused(said: str, encoding: str) -> None:
    with pytest.raises(InvalidDocument, match="says that it is"):
        parse_xml(f"<?xml version='1.0' encoding='{said}'?><a/>".encode(encoding), file="f")


def test_comments_and_processing_instructions_are_left_out() -> None:
    root = parse_xml(b"<!-- <!DOCTYPE x> --><?pi x?><a><!-- c --><b/><?p q?></a>", file="f")
    assert [local_name(child) for child in root] == ["b"]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"   \n",
        b"not xml",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a b='1' b='2'/>",
        b"<p:a/>",
        b"<a>&unknown;</a>",
        b"<a>\x00</a>",
        b"\xff\xfe<\x00a",
        b"\xff",
        "<a>å</a>".encode("latin-1"),
        b"<?xml version='1.0' encoding='utf-8'?><a>\xe5</a>",
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        b"<!DOCTYPE a><a/>",
        b"<!-- x --> <!doctype a><a/>",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'/>",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!-- never closed",
        b"<a/><!DOCTYPE a>",
        b"PK\x03\x04zip",
    ],
)
def test_everything_else_is_an_invalid_document(source: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse_xml(source, file="trasig.bpmn")
    assert "trasig.bpmn" in caught.value.message
    assert caught.value.code == "INVALID_DOCUMENT"


@pytest.mark.parametrize(
    ("source", "limits"),
    [
        (b"<a>" + b"x" * 100 + b"</a>", XmlLimits(bytes=50)),
        (b"<a>" * 300 + b"</a>" * 300, XmlLimits()),
        (b"<a>" + b"<b/>" * 50 + b"</a>", XmlLimits(elements=20)),
    ],
)
def test_limits_hold(source: bytes, limits: XmlLimits) -> None:
    with pytest.raises(TooLarge):
        parse_xml(source, file="f", limits=limits)
