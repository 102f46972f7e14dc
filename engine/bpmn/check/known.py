"""What lies outside the files that are checked: roles, job types, forms and so on that exist elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """The names that diagrams may refer to beyond the checked files' own; None means: do not check that kind.

    `roles` holds role ids (and lane names, where they differ from the ids); `job_types` the types that handlers or
    external workers serve; `functions` the host's FEEL functions; `parameters` the names for `parameter("...")`.
    """

    roles: Collection[str] | None = None
    job_types: Collection[str] | None = None
    forms: Collection[str] | None = None
    decisions: Collection[str] | None = None
    processes: Collection[str] | None = None
    functions: Collection[str] | None = None
    parameters: Collection[str] | None = None


NOTHING_KNOWN = Known()
