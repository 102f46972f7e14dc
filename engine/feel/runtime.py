"""One evaluation: its environment, what is left of its budget, and the warnings so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from engine.errors import InvalidInput
from engine.feel import zones
from engine.feel.convert import adopt
from engine.feel.errors import FeelLimitError
from engine.feel.limits import Limits
from engine.feel.scanner import place
from engine.feel.types import FeelType

NOTHING: Mapping[str, object] = MappingProxyType({})

_WARNING_COST = 10
"""What it takes to find that something is wrong and to say so, against a simple operation."""

MISSING_VARIABLE = "MISSING_VARIABLE"
MISSING_ENTRY = "MISSING_ENTRY"
MISSING_COMPARED = "MISSING_VARIABLE_COMPARED_WITH_NULL"


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why something became null, and where: line and column from 1, length in code points."""

    code: str
    message: str
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function that the environment adds; FEEL values in and out.

    `call` raises EvaluationProblem when its result is null for a reason. It is called with one argument per
    parameter; those that the caller left out are None.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Environment:
    """What expressions can see besides their scope.

    `now` gives the current moment (aware) for `now()` and `today()`; without it both are null with a warning.
    `zone` is the IANA zone that `today()` and `now()` are told in. `types` are the named types (item definitions)
    that `instance of` and typed parameters may use. `identifiers` gives the text for `uuid()`.
    """

    now: Callable[[], datetime] | None = None
    zone: str = "Europe/Stockholm"
    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    types: Mapping[str, FeelType] = field(default_factory=dict)
    identifiers: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        if zones.find_zone(self.zone) is None:
            raise InvalidInput(f"there is no time zone {self.zone!r}; write it as Europe/Stockholm")


DEFAULT = Environment()


@dataclass(frozen=True, slots=True)
class Noted:
    """A warning as kept during the evaluation, by offsets in the source."""

    code: str
    message: str
    start: int
    end: int


class Evaluation:
    """What all parts of a running expression share."""

    __slots__ = (
        "_adopted",
        "_moment",
        "depth",
        "environment",
        "limits",
        "regex_seconds",
        "source",
        "steps",
        "warnings",
    )

    def __init__(self, environment: Environment, source: str) -> None:
        self.environment = environment
        self.limits = environment.limits
        self.source = source
        self.steps = environment.limits.steps
        self.regex_seconds = environment.limits.regex_seconds
        self.depth = 0
        self.warnings: list[Noted] = []
        self._adopted: dict[int, tuple[object, object]] | None = None
        self._moment: datetime | None = None

    def charge(self, steps: int) -> None:
        """Takes steps from the budget; raises FeelLimitError when there are none left."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitError(f"the expression takes more than {self.limits.steps} steps")

    def check_length(self, length: int) -> None:
        """Charges for a list about to be made; raises FeelLimitError when it would be too long."""
        if length > self.limits.list_length:
            raise FeelLimitError(f"a list may have {self.limits.list_length} items, not {length}")
        self.charge(1 + length // 4)

    def check_text(self, length: int) -> None:
        """Charges for a text about to be made; raises FeelLimitError when it would be too long."""
        if length > self.limits.text_length:
            raise FeelLimitError(f"a text may have {self.limits.text_length} characters, not {length}")
        self.charge(1 + length // 32)

    def warn(self, code: str, message: str, start: int, end: int) -> None:
        """Notes why something is null; the first ones are kept, but all are charged for."""
        self.charge(_WARNING_COST)
        if len(self.warnings) < self.limits.warnings:
            self.warnings.append(Noted(code, message, start, end))

    def recode_missing(self, since: int) -> None:
        """What was missing since that many warnings was only compared with null."""
        for index in range(since, len(self.warnings)):
            if self.warnings[index].code in (MISSING_VARIABLE, MISSING_ENTRY):
                self.warnings[index] = replace(self.warnings[index], code=MISSING_COMPARED)

    def forgive_missing(self, since: int) -> None:
        """What was missing since that many warnings was only asked for."""
        kept = [noted for noted in self.warnings[since:] if noted.code not in (MISSING_VARIABLE, MISSING_ENTRY)]
        self.warnings[since:] = kept

    def move_warnings(self, since: int, start: int, end: int) -> None:
        """Warnings from a function of another source belong where it was called."""
        self.warnings[since:] = [replace(noted, start=start, end=end) for noted in self.warnings[since:]]

    def adopt(self, value: object) -> object:
        """A Python value from the scope as FEEL's, converted once."""
        if self._adopted is None:
            self._adopted = {}
        key = id(value)
        if key not in self._adopted:
            # The value is kept with what became of it, so that its id stays its own.
            self._adopted[key] = (value, adopt(value))
        return self._adopted[key][1]

    def moment(self) -> datetime | None:
        """The environment's now, the same throughout one evaluation."""
        if self._moment is None and self.environment.now is not None:
            self._moment = self.environment.now()
        return self._moment

    def told_warnings(self) -> tuple[FeelWarning, ...]:
        """The warnings with lines and columns, each once."""
        told: dict[FeelWarning, None] = {}
        for noted in self.warnings:
            where = place(self.source, noted.start)
            told[FeelWarning(noted.code, noted.message, where.line, where.column, noted.end - noted.start)] = None
        return tuple(told)


class Frame:
    """Names in scope, inside those of the parent. Only the outermost frame (no parent) holds Python's values."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, names: Mapping[str, object], parent: Frame | None, run: Evaluation) -> None:
        self.names = names
        self.parent = parent
        self.run = run


Code = Callable[[Frame], object]
"""A compiled node."""
