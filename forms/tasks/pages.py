"""What the task page shows, gathered from the engine's queries."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from engine.errors import InvalidInput, NotFound
from engine.store.rows import CaseRow, EventRow, WorkItemDetail, WorkItemRow
from forms.backend import backend, viewer
from forms.schema import InvalidForm, RawAnswers
from forms.schema.view import FormView
from forms.tasks.answering import Answering
from forms.tasks.rights import Rights
from forms.tasks.sent import new_key, sent_key
from forms.wording.help import help_text
from forms.wording.history import HistoryLine, history_lines

HISTORY_LINES = 200


@dataclass(frozen=True)
class TaskPage:
    """One task as its page needs it."""

    detail: WorkItemDetail
    form: FormView | None
    """None where the form cannot be shown; `broken` says why."""
    broken: str | None
    case: CaseRow | None
    """None where the reader may not see it: the task is theirs, the case (as yet, or no longer) is not."""
    documentation: Markup | None
    variables: list[tuple[str, str]]
    """What the process knows and the reader may see, called as on the forms."""
    history: list[HistoryLine]
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
    item, given = detail.item, raw or RawAnswers.of_json(detail.draft)
    return Answering.of(_form_source(detail), detail.variables, given, item.case_id)


def _form_source(detail: WorkItemDetail) -> bytes | None:
    """The form as the release has it that the task's instance runs on."""
    if detail.item.form_id is None:
        return None
    return backend().engine.queries.form(detail.item.form_id, release=detail.instance.release)


def task_page(
    detail: WorkItemDetail, form: FormView | None, broken: str | None = None, refusal: str | None = None
) -> TaskPage:
    """Gather what stands around the form."""
    item, instance = detail.item, detail.instance
    process = backend().models.process(instance.digest, instance.file, instance.process_id)
    element = process.element(item.element_id)
    labels = backend().labels.of(instance.release)
    return TaskPage(
        detail=detail,
        form=form,
        broken=broken,
        refusal=refusal,
        case=detail.case,
        documentation=help_text(element.documentation) if element and element.documentation else None,
        variables=labels.listed({name: value for name, value in detail.variables.items() if value is not None}),
        history=history_lines(_events(item), lambda _instance, _element: element, labels),
        original=detail.original,
        key=sent_key() or new_key(),
    )


def shown_page(detail: WorkItemDetail) -> TaskPage:
    """The page as it is opened; a form that cannot be read is told, not raised: the rest of the page still helps."""
    if not rights(detail).is_open:
        return task_page(detail, None)  # what was answered stands in the history
    try:
        return task_page(detail, answering(detail, None).shown())
    except (InvalidForm, NotFound) as error:
        return task_page(detail, None, broken=error.message)


def _events(item: WorkItemRow) -> list[EventRow]:
    """What the history says of this task's element in its instance, newest first."""
    try:
        return backend().engine.queries.work_item_history(viewer(), item, HISTORY_LINES)
    except NotFound:
        return []  # the task is the reader's, the rest of the process is not


def refusal_of(error: InvalidInput, form: Answering) -> str | None:
    """What to say above the form, where the error names no question on it."""
    return None if form.rejections(error) else error.message


def typed_answers(form: Answering) -> list[tuple[str, str]]:
    """What had been typed, question by question, for a reader who has to take it elsewhere."""
    view = form.shown()
    found = []
    for question in form.filled.questions.values():
        labels = {option.token: option.label for option in question.options}
        texts = [labels.get(text, text) for texts in question.texts.values() for text in texts if text]
        if texts and not question.node.hidden:
            found.append((view.label(question.node), ", ".join(texts)))
    return found
