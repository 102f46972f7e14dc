"""What can be wrong with a decision model or with a question put to it."""

from __future__ import annotations

from engine.errors import InvalidDocument, InvalidInput, NotFound


class UnknownDecision(NotFound):
    """There is no decision, decision service or business knowledge model of that id or name."""

    code = "UNKNOWN_DECISION"


class DoubtfulDecision(InvalidInput):
    """A decision was made on values that are missing or of the wrong kind."""

    code = "DOUBTFUL_DECISION"


class UnknownDmnNamespace(InvalidDocument):
    """The file is not a DMN 1.1 to 1.5 model."""

    code = "UNKNOWN_DMN_NAMESPACE"


class CyclicRequirements(InvalidDocument):
    """A decision requires itself, directly or through others."""

    code = "CYCLIC_REQUIREMENTS"


class CyclicType(InvalidDocument):
    """An item definition is made of itself without an end."""

    code = "CYCLIC_TYPE"


class MissingImport(InvalidDocument):
    """A model imports another one that was not given along."""

    code = "MISSING_IMPORT"


class DuplicateElement(InvalidDocument):
    """Two elements of one model carry the same id."""

    code = "DUPLICATE_ELEMENT"


class MalformedTable(InvalidDocument):
    """A decision table has rules that do not fit its columns."""

    code = "MALFORMED_TABLE"
