"""What the task page shows, gathered from the engine's queries."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import request

from engine.errors import InvalidInput, NotFound
from engine.store.rows import CaseRow, EventRow, WorkItemDetail, WorkItemRow
from forms.backend import backend, viewer
from forms.schema import InvalidForm, RawAnswers
from forms.schema.view import FormView
from forms.tasks.answering import Answering
from forms.tasks.rights import Rights

KEY_LENGTH = 32


@dataclass(frozen=True)
class TaskPage:
    """One task as its page needs it."""

    detail: WorkItemDetail
    form: FormView | None
    """None where the form cannot be shown; `broken` says why."""
    broken: str | None
    case: CaseRow | None
    documentation: str | None
    history: tuple[EventRow, ...]
    original: WorkItemRow | None
    """The task this one was made to escalate."""
    key: str
    """Makes a double click one completion."""
    refusal: str | None = None
    """What the receiver of the answers said, where it named no question."""

    @property
    def item(self) -> WorkItemRow:
        """The row itself."""
        return self.detail.item

    @property
    def rights(self) -> Rights:
        """What the reader may do with it."""
        return rights(self.detail)


def rights(detail: WorkItemDetail) -> Rights:
    """What the reader may do with a task."""
    return Rights(detail.item, viewer())


def answering(detail: WorkItemDetail, raw: RawAnswers | None) -> Answering:
    """The task's form over its variables and `raw`; without `raw`, over its draft."""
    source = backend().engine.queries.form(viewer(), detail.item.id) if detail.item.form_id else None
    return Answering.of(source, detail.variables, raw or RawAnswers.of_json(detail.draft))


def task_page(
    detail: WorkItemDetail, form: FormView | None, broken: str | None = None, refusal: str | None = None
) -> TaskPage:
    """Gather what stands around the form."""
    queries, item = backend().engine.queries, detail.item
    element = queries.process(item.definition_id).element(item.element_id)
    return TaskPage(
        detail=detail,
        form=form,
        broken=broken,
        refusal=refusal,
        case=_visible_case(item.case_id),
        documentation=element.documentation if element else None,
        history=queries.work_item_history(viewer(), item.id),
        original=_visible_item(item.escalates),
        key=sent_key() or secrets.token_hex(KEY_LENGTH // 2),
    )


def shown_page(detail: WorkItemDetail) -> TaskPage:
    """The page as it is opened; a form that cannot be read is told, not raised: the rest of the page still helps."""
    try:
        return task_page(detail, answering(detail, None).shown())
    except (InvalidForm, NotFound) as error:
        return task_page(detail, None, broken=error.message)


def sent_key() -> str | None:
    """The idempotency key that the page was rendered with, if it is one of ours."""
    key = request.form.get("_key", "")
    return key if len(key) == KEY_LENGTH and key.isalnum() and key.isascii() else None


def _visible_case(case_id: str | None) -> CaseRow | None:
    if case_id is None:
        return None
    try:
        return backend().engine.queries.case(viewer(), case_id).case
    except NotFound:
        return None  # the task is the reader's, the case (as yet, or no longer) is not


def _visible_item(item_id: str | None) -> WorkItemRow | None:
    if item_id is None:
        return None
    try:
        return backend().engine.queries.work_item(viewer(), item_id).item
    except NotFound:
        return None


def refusal_of(error: InvalidInput, form: Answering) -> str | None:
    """What to say above the form, where the error names no question on it."""
    return None if form.rejections(error) else error.message
