"""The list of cases, a case, and the diagrams of its processes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for

from engine.errors import NotFound
from engine.store.rows import CaseFilter, Paging
from engine.store.states import CaseState
from forms.backend import backend, viewer
from forms.cases.case_page import case_page
from forms.cases.lookup import ElementLookup
from forms.cases.standing import standings
from forms.diagrams import diagram, token_mark
from forms.pages import page
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
        page_link=lambda other: url_for("cases.case", case_id=case_id, historik=other, _anchor="historik"),
    )


@blueprint.get("/<case_id>/processer/<instance_id>/diagram.json")
def instance_diagram(case_id: str, instance_id: str) -> Response:
    """The diagram of one of the case's processes, with its tokens."""
    rows = backend().engine.queries.instances(viewer(), case_id)
    found = [row for row in rows if row.id == instance_id]
    if not found:
        raise NotFound()
    places = standings(found, (), ElementLookup(found))
    return jsonify({"xml": diagram(found[0].digest), "tokens": [token_mark(place) for place in places]})
