"""What is wrong with an answer and what to do about it, one sentence each."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forms.schema.problems import Problem, ProblemCode


def problem_words(problem: Problem) -> str:
    """The sentence to show at the question and in the summary."""
    details = problem.details
    if problem.code is ProblemCode.REJECTED:
        return details.get("text", _("Svaret togs inte emot."))
    if problem.code in (ProblemCode.TOO_LONG, ProblemCode.TOO_SHORT):
        return _length(problem)
    sentences = {
        ProblemCode.REQUIRED: _("Svara på frågan, den är obligatorisk."),
        ProblemCode.NOT_A_NUMBER: _("Skriv ett tal med siffror, till exempel 12,5."),
        ProblemCode.TOO_MANY_DECIMALS: _("Skriv talet med högst %(limit)s decimaler.", limit=details.get("limit")),
        ProblemCode.WRONG_STEP: _("Skriv ett tal i steg om %(step)s.", step=details.get("step")),
        ProblemCode.TOO_SMALL: _("Talet får inte vara mindre än %(limit)s.", limit=details.get("limit")),
        ProblemCode.TOO_LARGE: _("Talet får inte vara större än %(limit)s.", limit=details.get("limit")),
        ProblemCode.CONTROL_CHARACTERS: _(
            "Texten innehåller osynliga tecken. Skriv om den eller klistra in som ren text."
        ),
        ProblemCode.PATTERN: _("Svaret har inte den form som frågan beskriver."),
        ProblemCode.EMAIL: _("Skriv en e-postadress, till exempel namn@exempel.se."),
        ProblemCode.PHONE: _("Skriv ett telefonnummer med siffror, till exempel 08-123 45 67."),
        ProblemCode.NOT_A_DATE: _("Skriv ett datum som finns, på formen ÅÅÅÅ-MM-DD."),
        ProblemCode.NOT_A_TIME: _("Skriv ett klockslag, till exempel 09:30."),
        ProblemCode.HALF_A_MOMENT: _("Ange både datum och klockslag."),
        ProblemCode.PASSED: _("Välj i dag eller en senare dag."),
        ProblemCode.UNKNOWN_OPTION: _("Välj ett av de svar som finns."),
        ProblemCode.TOO_MANY_ANSWERS: _("Ge ett enda svar."),
        ProblemCode.TOO_MANY_ROWS: _("Ange högst %(limit)s rader.", limit=details.get("limit")),
        ProblemCode.NOT_SEEN: _("Dina svar gör att den här frågan också ska besvaras. Läs den och skicka igen."),
    }
    return sentences[problem.code]


def _length(problem: Problem) -> str:
    limit, length = int(problem.details["limit"]), problem.details["length"]
    if problem.code is ProblemCode.TOO_LONG:
        return ngettext(
            "Texten får vara högst %(num)d tecken; nu är den %(length)s.",
            "Texten får vara högst %(num)d tecken; nu är den %(length)s.",
            limit,
            length=length,
        )
    return ngettext(
        "Texten ska vara minst %(num)d tecken; nu är den %(length)s.",
        "Texten ska vara minst %(num)d tecken; nu är den %(length)s.",
        limit,
        length=length,
    )
