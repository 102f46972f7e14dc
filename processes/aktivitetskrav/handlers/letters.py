"""The service task `skicka-brev`: a letter is written from its text and put out for sending."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from engine.errors import InvalidInput, NotFound
from engine.feel import Environment
from engine.feel.template import Template, compile_template
from engine.handlers import HandlerRegistry, JobContext
from processes.aktivitetskrav.handlers.case_jobs import case_of, today
from processes.aktivitetskrav.handlers.inputs import feel_date
from processes.aktivitetskrav.records import outbox, persons
from processes.resources import Resources

_KEPT_TEXTS = 64  # compiled letters: a release has about ten


class LetterNotWritten(InvalidInput):
    """A letter's text cannot be filled in."""

    code = "LETTER_NOT_WRITTEN"


def register_letters(registry: HandlerRegistry, resources: Resources) -> None:
    """Register the handler of letters."""
    compiled = lru_cache(maxsize=_KEPT_TEXTS)(compile_template)

    @registry.job("skicka-brev")
    def send_letter(job: JobContext) -> dict[str, Any]:
        name = job.headers.get("mall", "")
        if persons.person_of_case(job.uow, case_of(job)).deceased_on is not None:
            outbox.add_note(job.uow, case_of(job), "brev_skickas_inte", {"mall": name})
            return {"brevId": None, "brevDatum": feel_date(today(job))}
        text = _written(job, resources, compiled(_text_of(job, name)), name)
        letter = outbox.add_letter(job.uow, case_of(job), job.job_id, name, text)
        return {"brevId": str(letter), "brevDatum": feel_date(today(job))}


def _text_of(job: JobContext, name: str) -> str:
    """The letter's text in the release that the process instance runs on; NotFound where it has none."""
    definitions = job.command.rooms.definitions
    release = job.command.take(job.instance_id).deployed.release
    for file, digest in definitions.files(job.uow, release).items():
        if file.endswith(f"/texts/{name}.md"):
            return definitions.content(job.uow, digest).decode("utf-8")
    raise NotFound(f"Brevtexten '{name}' finns inte bland texterna i utgåva {release}.")


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
