"""The list of cases, and a case."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from engine.store.rows import CaseFilter, Paging
from engine.store.states import CaseState
from forms.backend import backend, viewer
from forms.cases.case_page import case_page
from forms.pages import page
from forms.parameters.parameter_page import place_name, shown
from forms.tasks.inbox import page_number

blueprint = Blueprint("cases", __name__, url_prefix="/arenden")
PAGE_SIZE = 25


@blueprint.get("")
def cases() -> Response:
    """The cases that the reader takes part in."""
    text = (request.args.get("sok") or "").strip()[:100]
    state = request.args.get("lage") or ""
    wanted = CaseFilter(text=text or None, state=CaseState(state) if state in set(CaseState) else None)
    number = page_number(request.args.get("sida"))
    found = backend().engine.queries.cases(viewer(), wanted, Paging(number, PAGE_SIZE))
    return page(
        "cases/cases.html",
        page=found,
        text=text,
        state=state,
        page_link=lambda other: url_for("cases.cases", sok=text or None, lage=state or None, sida=other),
    )


@blueprint.get("/<case_id>")
def case(case_id: str) -> Response:
    """One case: where it stands, its processes, its history."""
    number = page_number(request.args.get("historik"))
    return page(
        "cases/case.html",
        shown=case_page(case_id, number),
        value_shown=shown,
        place_name=place_name,
        page_link=lambda other: url_for("cases.case", case_id=case_id, historik=other, _anchor="historik"),
    )
