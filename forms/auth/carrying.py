"""Answers sent after the session had ended: they travel through the login page and become a draft."""

from __future__ import annotations

import re

from flask import request

from forms.backend import actor, backend, viewer
from forms.schema.raw import RawAnswers

CARRIED = "carried"
MAX_CARRIED_CHARACTERS = 200_000
_TASK = re.compile(r"/uppgifter/([0-9A-Za-z-]{1,64})(/[a-z-]*)?")


def carried_answers() -> RawAnswers | None:
    """What the request sent, if it came from a page of ours and can be shown again.

    A session cookie does not follow a form that another site sends, so such a form looks like an ended session;
    its answers must not end up in anybody's draft.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return None
    if request.headers.get("Origin", request.host_url.rstrip("/")) != request.host_url.rstrip("/"):
        return None
    raw = RawAnswers.of_pairs(request.form.items(multi=True))
    length = sum(len(text) for texts in raw.texts.values() for text in texts)
    return raw if raw.texts and length <= MAX_CARRIED_CHARACTERS else None


def keep_as_draft(target: str | None) -> bool:
    """Save what the login form carried as the draft of the task at `target`; whether there was anything."""
    raw = RawAnswers.of_pairs(request.form.items(multi=True))
    match = _TASK.fullmatch(target or "")
    if match is None or not raw.texts:
        return False
    item = backend().engine.queries.work_item(viewer(), match[1]).item
    backend().engine.save_draft(item.id, raw.to_json(), actor=actor())
    return True
