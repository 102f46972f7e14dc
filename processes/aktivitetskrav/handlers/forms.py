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
    "avvisning",
    "omprovning_beslut",
    "nya_kravtimmar",
)
"""Forms by which a person decides; avvikelse_beslut and anpassning_beslut have rules of their own."""


class ReporterDecides(InvalidInput):
    """Den som beslutar får inte vara den som rapporterade avvikelsen."""

    code = "REPORTER_DECIDES"

    def __init__(self, field: str = "avvikelseUtfall") -> None:
        super().__init__()
        self.fields = {field: self.message}  # the answer to show the message at


STATE_MEASURE = "af_insats"
BREAKS_OFF = ("andra", "byt_typ", "avsluta")
"""Outcomes of a reassessment that end what the participant does now."""


class NotConsulted(InvalidInput):
    """Aktiviteten får inte avbrytas ensidigt för en statlig insats. Samråd med Arbetsförmedlingen först."""

    code = "NOT_CONSULTED"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"afSamrad": self.message}


class NoConsent(InvalidInput):
    """En samordnad individuell plan kräver att personen samtycker."""

    code = "NO_CONSENT"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"sipSamtycke": self.message}


class InvestigatorRejects(InvalidInput):
    """Den som har utrett behovet får inte själv avslå."""

    code = "INVESTIGATOR_REJECTS"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"anpassningBeslut": self.message}


class NothingToGrant(InvalidInput):
    """Utredningen föreslår ingen anpassning, så det finns inget att bevilja. Avslå, eller begär mer utredning."""

    code = "NOTHING_TO_GRANT"

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"anpassningBeslut": self.message}


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

    @registry.form("omprovning")
    def reassess(form: FormContext) -> dict[str, Any]:
        offered = form.variables.get("omprovningTyp") == STATE_MEASURE
        if offered and form.answers.get("omprovningUtfall") in BREAKS_OFF and form.answers.get("afSamrad") != "ja":
            raise NotConsulted
        return _decided_by(form)

    @registry.form("planutkast")
    def drafted(form: FormContext) -> dict[str, Any]:
        if "sip" in (form.answers.get("medverkan") or []) and form.answers.get("sipSamtycke") is not True:
            raise NoConsent
        return {}

    @registry.form("anpassning_utredning")
    def investigated_by(form: FormContext) -> dict[str, Any]:
        return {"utreddAv": form.actor.id, "foreslagetTill": form.answers.get("anpassningTill")}

    @registry.form("anpassning_beslut")
    def decide_on_adaptation(form: FormContext) -> dict[str, Any]:
        outcome = form.answers.get("anpassningBeslut")
        if outcome == "avslas" and form.variables.get("utreddAv") == form.actor.id:
            raise InvestigatorRejects
        if outcome == "beviljas" and form.variables.get("anpassningTyp") == "ingen":
            raise NothingToGrant
        kept = {} if outcome == "beviljas" else {"anpassningTill": form.variables.get("anpassningTill")}
        return _decided_by(form) | kept

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
