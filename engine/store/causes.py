"""What incidents have in common: the same element, the same code, and a message that is the same but for its values."""

from __future__ import annotations

import hashlib
import re
from typing import Final

LONGEST: Final = 240
GAP: Final = "…"
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|”[^”]*”|`[^`]*`|‹[^›]*›")
_IDS: Final = re.compile(r"\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b|\b0x[0-9a-f]+\b", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"\d[\d.,:+\-T ]*\d|\d")
_NAMES: Final = re.compile(r"\b[A-ZÅÄÖÉ][\w-]+(?: [A-ZÅÄÖÉ][\w-]+)+")
_GAPS: Final = re.compile(rf"{GAP}(?:[\s,;]*{GAP})+")


def pattern_of(message: str) -> str:
    """A message without what differs from case to case: quoted texts, ids, numbers, dates, and what may be names.

    What is left says what went wrong, and is shown to those who may not see the case.
    """
    text = " ".join(message[: LONGEST * 8].split())
    for each in (_QUOTED, _IDS, _NUMBERS, _NAMES):
        text = each.sub(GAP, text)
    return _GAPS.sub(GAP, text)[:LONGEST].strip()


def cause_of(process_id: str | None, element_id: str | None, code: str, pattern: str) -> str:
    """A short key of a cause: the same for all incidents of one process, element, code and pattern."""
    told = "\0".join((process_id or "", element_id or "", code, pattern))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]
