"""The one tree of errors: each has a stable code, a message a person can act on, and the element it concerns."""

from __future__ import annotations


class StegvisError(Exception):
    """Something went wrong that a person or a program can be told about."""

    code: str = "ERROR"

    def __init__(self, message: str | None = None, *, element: str | None = None) -> None:
        super().__init__(message or self.__doc__ or self.code)
        self.element = element

    @property
    def message(self) -> str:
        """The sentence to show; never contains personal data beyond what the caller put in."""
        return str(self.args[0])


class NotFound(StegvisError):
    """What was asked for does not exist."""

    code = "NOT_FOUND"


class Conflict(StegvisError):
    """Someone else was first: what was to be changed has changed already."""

    code = "CONFLICT"


class Forbidden(StegvisError):
    """The policy does not let this person do this."""

    code = "FORBIDDEN"


class InvalidInput(StegvisError):
    """The input cannot be used as it is."""

    code = "INVALID_INPUT"


class InvalidDocument(InvalidInput):
    """A file is not the XML or JSON it should be."""

    code = "INVALID_DOCUMENT"


class TooLarge(InvalidInput):
    """The input is larger than the limit."""

    code = "TOO_LARGE"


class Damaged(InvalidInput):
    """A file is damaged, or not whole."""

    code = "DAMAGED"


class SchemaMismatch(StegvisError):
    """The database has another schema version than this program."""

    code = "SCHEMA_MISMATCH"


class StoreUnavailable(StegvisError):
    """The database does not answer, or is full; nothing was changed."""

    code = "STORE_UNAVAILABLE"


class OutcomeUnknown(StoreUnavailable):
    """The database went away while it confirmed a change: it was kept, or nothing was. Ask with the same key again."""

    code = "OUTCOME_UNKNOWN"
