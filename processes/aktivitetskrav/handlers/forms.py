"""What forms add or refuse when they are sent in: who decided, who reported, and that these are not the same person."""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput
from engine.feel.plain import to_plain
from engine.handlers import FormContext, HandlerRegistry
from processes.aktivitetskrav.records import outbox

ASSESSMENT = "behovsbedomning"
"""The form of the needs assessment, and the kind of the journal's note that keeps it on the authority's side."""

DECIDING_FORMS = (
    "beslut_undantag",
    "direktbeslut",
    "planbeslut",
    "omprovning",
    "avvisning",
    "omprovning_beslut",
)
"""Forms by which a person decides; avvikelse_beslut has a rule of its own."""


class ReporterDecides(InvalidInput):
    """Den som beslutar får inte vara den som rapporterade avvikelsen."""

    code = "REPORTER_DECIDES"

    def __init__(self, field: str = "avvikelseUtfall") -> None:
        super().__init__()
        self.fields = {field: self.message}  # the answer to show the message at


def register_forms(registry: HandlerRegistry) -> None:
    """Register the handlers of the journey's forms."""
    for form_id in DECIDING_FORMS:
        registry.form(form_id)(_decided_by)

    @registry.form("avvikelse_beskrivning")
    def reported_by(form: FormContext) -> dict[str, Any]:
        return {"rapporteradAv": form.actor.id}

    @registry.form("avvikelse_beslut")
    def decide_on_deviation(form: FormContext) -> dict[str, Any]:
        if form.variables.get("rapporteradAv") == form.actor.id:
            raise ReporterDecides
        return _decided_by(form)

    @registry.form(ASSESSMENT)
    def assessed(form: FormContext) -> dict[str, Any]:
        if form.case_id is not None:
            outbox.add_note(
                form.uow, form.case_id, ASSESSMENT, {key: to_plain(form.answers[key]) for key in form.answers}
            )
        return {}

    @registry.form("mottagande")
    def accept(form: FormContext) -> dict[str, Any]:
        return {"ansvarigKonsulent": form.actor.id} if form.answers.get("mottagandeSvar") == "mottagen" else {}


def _decided_by(form: FormContext) -> dict[str, Any]:
    return {"beslutadAv": form.actor.id}
