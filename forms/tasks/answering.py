"""A task's form over its variables, its draft and what was just sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import InvalidInput
from forms.backend import backend
from forms.schema import Filled, Problem, ProblemCode, RawAnswers, fill, read_form
from forms.schema.engine_feel import EngineFeel
from forms.schema.raw import PREFIX
from forms.schema.view import FormView

EMPTY_FORM = b'{"type": "default", "id": "tom", "components": []}'


@dataclass(frozen=True)
class Answering:
    """One form in use."""

    filled: Filled
    feel: EngineFeel

    @classmethod
    def of(
        cls, source: bytes | None, variables: Mapping[str, Any], raw: RawAnswers | None, case_id: str | None
    ) -> Answering:
        """Fill the form of `source` (none: a task without questions), for a case or outside of cases."""
        feel = EngineFeel(backend().environment, case_id)
        filled = fill(read_form(source or EMPTY_FORM), variables, raw, feel=feel, today=backend().feel_today())
        return cls(filled, feel)

    def shown(self) -> FormView:
        """Without problems: nobody has said that they are done."""
        return FormView.of(self.filled, self.feel)

    def judged(self) -> FormView:
        """With everything that has to be mended."""
        return FormView.of(self.filled, self.feel, self.filled.problems)

    def refused(self, error: InvalidInput) -> FormView:
        """With what the receiver of the answers said: at its questions where it names them."""
        return FormView.of(self.filled, self.feel, self.rejections(error))

    def rejections(self, error: InvalidInput) -> list[Problem]:
        """The receiver's words as problems of questions that are on the page."""
        fields = getattr(error, "fields", None)
        named = fields if isinstance(fields, Mapping) else {}
        names = {PREFIX + key: str(text) for key, text in named.items()}
        return [
            Problem(name, ProblemCode.REJECTED, {"text": text})
            for name, text in names.items()
            if name in self.filled.questions and not self.filled.questions[name].node.hidden
        ]
