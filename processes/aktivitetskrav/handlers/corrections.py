"""Service tasks and forms of rattelse: a decision that was wrong gets another in its place (FL 36-38 §§)."""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput
from engine.handlers import FormContext, HandlerRegistry, JobContext
from engine.store.unit_of_work import UnitOfWork
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.forms import ReporterDecides
from processes.aktivitetskrav.handlers.inputs import Inputs, MissingInput, WrongInput, feel_date
from processes.aktivitetskrav.records import corrections, decisions
from processes.aktivitetskrav.records.corrections import Change, DecidedDeviation, KnownDecision
from processes.aktivitetskrav.records.decisions import DeviationOutcome, MadeDecision

SLIP, CHANGE = "rattelse", "andring"
DETRIMENT = "till_nackdel"
GROUNDS = ("forbehall", "sakerhet", "oriktiga_uppgifter")
"""The law's three cases in which a favourable decision may be changed to the person's detriment (FL 37 §)."""
FAVOURABLE = {
    "undantag": ("beviljas",),
    "direktbeslut": ("beviljas",),
    "avvikelse": ("godtagbart", "avsta"),
    "anpassning": ("beviljas",),
}
"""Decisions that are favourable whatever anybody says: kind to outcomes."""
KINDS = {
    "avvikelse": "Avvikelse",
    "undantag": "Undantag",
    "direktbeslut": "Direktbeslut",
    "plan": "Plan",
    "omprovning": "Omprövning",
    "avvisning": "Avvisning",
    "andring": "Ändring",
    "rattelse": "Rättelse",
    "anpassning": "Anpassning",
}
"""What people call the kinds of decisions."""
_CHANGED = {"rattas": SLIP, "andras": CHANGE}


class RefusedAnswer(InvalidInput):
    """An answer that the law or the other answers do not allow; shown at its field."""

    code = "REFUSED_ANSWER"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.fields = {field: message}


class FavourableDecision(RefusedAnswer):
    """A favourable decision, to be changed to the detriment outside the law's three cases (FL 37 §)."""

    code = "FAVOURABLE_DECISION"

    def __init__(self, field: str) -> None:
        super().__init__(
            field,
            "Beslutet är gynnande. Det får ändras till nackdel bara i lagens tre fall, och fallet ska anges.",
        )


def register_corrections(registry: HandlerRegistry) -> None:
    """Register the handlers of corrected and changed decisions."""

    @registry.job("hamta-beslut")
    def list_decisions(job: JobContext) -> dict[str, Any]:
        found = corrections.decisions_of(job.uow, case_of(job))
        return {
            "besluten": [{"value": str(each.id), "label": _called(each)} for each in found],
            "antalBeslut": len(found),
        }

    @registry.job("registrera-rattelse")
    def register(job: JobContext) -> dict[str, Any]:
        return _register(job)

    @registry.form("rattelse_utredning")
    def examined(form: FormContext) -> dict[str, Any]:
        inputs = Inputs(form.answers)
        known = _found(form.uow, form.case_id, inputs)
        if _is_detriment(inputs) and _is_favourable(known) and inputs.text("beslutGynnande") != "ja":
            raise FavourableDecision("beslutGynnande")
        return {}

    @registry.form("rattelse_beslut")
    def decided(form: FormContext) -> dict[str, Any]:
        inputs = Inputs({**form.variables, **form.answers})
        outcome, kind = inputs.text("rattelseUtfall"), inputs.text("rattelseArt")
        if outcome in _CHANGED and _CHANGED[outcome] != kind:
            told = "är det ett skrivfel, som rättas" if kind == SLIP else "är det ett fel i sak, som ändras"
            raise RefusedAnswer("rattelseUtfall", f"Enligt utredningen {told}. Annars står beslutet fast.")
        known = _found(form.uow, form.case_id, inputs)
        if outcome in _CHANGED:
            _check_ground(inputs, known, "rattelseUtfall")
            about = corrections.deviation_of(form.uow, form.case_id or "", known.id)
            if about is not None and about.reported_by == form.actor.id:
                raise ReporterDecides("rattelseUtfall")
            if about is None and inputs.text("rattatUtfall") is not None:
                raise RefusedAnswer("rattatUtfall", "Beslutet gäller ingen avvikelse och har inget utfall att ändra.")
        return {"beslutadAv": form.actor.id}


def _register(job: JobContext) -> dict[str, Any]:
    inputs = Inputs(job.variables)
    decided_by = inputs.needed("beslutadAv")
    outcome = inputs.needed("rattelseUtfall")
    if outcome not in _CHANGED:
        raise WrongInput("Bara ett beslut som rättas eller ändras registreras som rättelse.")
    known = _found(job.uow, case_of(job), inputs)
    _check_ground(inputs, known, "rattelseUtfall")
    about = corrections.deviation_of(job.uow, case_of(job), known.id)
    if about is not None and about.reported_by == decided_by:
        raise ReporterDecides("rattelseUtfall")
    until = inputs.day("rattatGiltigTill")
    made = MadeDecision(_CHANGED[outcome], outcome, inputs.text("beslutMotivering"), until, decided_by, today(job))
    new = decisions.add_decision(job.uow, case_of(job), made, job.instance_id)
    change = Change(
        decision_id=known.id,
        new_decision_id=new,
        kind=_CHANGED[outcome],
        direction=inputs.text("rattelseRiktning"),
        ground=inputs.text("andringsgrund"),
        ground_text=inputs.text("andringsgrundText"),
        text=inputs.needed("rattelseText"),
    )
    corrections.add_change(job.uow, case_of(job), change)
    if known.kind == "plan" and until is not None:
        decisions.prolong_plan(job.uow, case_of(job), until)
    return {
        "beslutId": str(new),
        "beslutetsDatum": feel_date(today(job)),
        **_aid(job, inputs, about, new, decided_by),
    }


def _aid(
    job: JobContext, inputs: Inputs, about: DecidedDeviation | None, decision_id: int, decided_by: str
) -> dict[str, Any]:
    """What the change means for the aid: something only where the outcome of a deviation is another now."""
    outcome = inputs.text("rattatUtfall")
    if about is None or outcome is None:
        return {"paverkarBistand": False, "avvikelseUtfall": None, "stodmanad": None}
    found = DeviationOutcome(
        outcome=outcome,
        outcome_motivation=inputs.text("beslutMotivering"),
        reduction_percent=inputs.number("nedsattningProcent"),
        decided_by=decided_by,
        decision_id=decision_id,
    )
    decisions.set_deviation_outcome(job.uow, case_of(job), about.id, found)
    return {
        "paverkarBistand": True,
        "avvikelseUtfall": outcome,
        "stodmanad": None if about.month is None else str(about.month),
    }


def _found(uow: UnitOfWork, case_id: str | None, inputs: Inputs) -> KnownDecision:
    chosen = inputs.identifier("rattelseBeslutId")
    if chosen is None or case_id is None:
        raise MissingInput("Uppgiften 'rattelseBeslutId' saknas: välj vilket beslut det gäller.")
    return corrections.find_decision(uow, case_id, chosen)


def _check_ground(inputs: Inputs, known: KnownDecision, field: str) -> None:
    """Refuse what FL 37 § refuses, whatever the diagram says."""
    favourable = _is_favourable(known) or inputs.text("beslutGynnande") == "ja"
    if _is_detriment(inputs) and favourable and inputs.text("andringsgrund") not in GROUNDS:
        raise FavourableDecision(field)


def _is_detriment(inputs: Inputs) -> bool:
    return inputs.text("rattelseArt") == CHANGE and inputs.text("rattelseRiktning") == DETRIMENT


def _is_favourable(known: KnownDecision) -> bool:
    return known.outcome in FAVOURABLE.get(known.kind, ())


def _called(known: KnownDecision) -> str:
    outcome = f", {known.outcome.replace('_', ' ')}" if known.outcome else ""
    return f"{KINDS.get(known.kind, known.kind.capitalize())}{outcome} ({known.decided_on.isoformat()})"
