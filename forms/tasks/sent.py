"""What a browser sent with a form."""

from __future__ import annotations

import secrets

from flask import request

from forms.schema.raw import MAX_ROWS, RawAnswers

KEY_LENGTH = 32
ADD, REMOVE = "_add", "_remove"


def sent_answers() -> RawAnswers:
    """What was typed into the form's questions."""
    return RawAnswers.of_pairs(request.form.items(multi=True))


def sent_key() -> str | None:
    """The idempotency key that the page was rendered with, if it is one of ours."""
    key = request.form.get("_key", "")
    return key if len(key) == KEY_LENGTH and key.isalnum() and key.isascii() else None


def new_key() -> str:
    """A key for a form that is about to be rendered: it makes a double click one command."""
    return secrets.token_hex(KEY_LENGTH // 2)


def pressed_row_button() -> bool:
    """Whether a row of a repeated section is to be added or removed, and nothing else done."""
    return ADD in request.form or REMOVE in request.form


def answers_with_rows() -> RawAnswers:
    """What was typed, with the row added or removed."""
    return with_row_changes(sent_answers(), request.form.get(ADD), request.form.get(REMOVE))


def with_row_changes(raw: RawAnswers, add: str | None, remove: str | None) -> RawAnswers:
    """The answers after "add row" or "remove row" was pressed in a repeated section."""
    if add:
        tokens = raw.row_tokens(add)
        new = str(max((int(token) for token in tokens), default=-1) + 1)
        return raw.with_rows(add, (*tokens, new)) if len(tokens) < MAX_ROWS else raw
    if remove and ":" in remove:
        name, token = remove.rsplit(":", 1)
        return raw.with_rows(name, tuple(kept for kept in raw.row_tokens(name) if kept != token))
    return raw
