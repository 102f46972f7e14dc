"""The service task `skicka-brev`: a letter is written from its text and put out for sending."""

from __future__ import annotations

from typing import Any

from engine.errors import InvalidInput, NotFound
from engine.feel import Environment
from engine.feel.template import Template, compile_template
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import feel_date
from processes.aktivitetskrav.records import outbox, persons
from processes.resources import Resources


class LetterNotWritten(InvalidInput):
    """A letter's text cannot be filled in."""

    code = "LETTER_NOT_WRITTEN"


def register_letters(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handler of letters; raises FeelSyntaxError where a text's FEEL does not parse."""
    templates = {name: compile_template(text) for name, text in resources.texts.items()}

    @registry.job("skicka-brev")
    def send_letter(job: JobContext) -> dict[str, Any]:
        name = job.headers.get("mall", "")
        template = templates.get(name)
        if template is None:
            raise NotFound(f"Brevtexten '{name}' finns inte bland processens texter.")
        text = _written(job, resources, template, name)
        letter = outbox.add_letter(job.uow, case_of(job), job.job_id, name, text)
        return {"brevId": str(letter), "brevDatum": feel_date(today(job))}


def _written(job: JobContext, resources: Resources, template: Template, name: str) -> str:
    person = persons.person_of_case(job.uow, case_of(job))
    scope = {"namn": person.name or "", "datum": feel_date(today(job))} | dict(job.variables)
    environment = Environment(now=lambda: job.now, functions=resources.functions)
    result = template.render(scope, environment)
    faults = [warning for warning in result.warnings if not warning.code.startswith("MISSING_")]
    if faults:
        told = "; ".join(f"rad {fault.line}: {fault.message}" for fault in faults)
        raise LetterNotWritten(f"Brevtexten '{name}' går inte att fylla i: {told}")
    return result.text
