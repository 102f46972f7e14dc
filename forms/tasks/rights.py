"""What the reader may do with a task that they see."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.access import Viewer
from engine.errors import Forbidden
from engine.store.rows import WorkItemRow
from engine.store.states import WorkItemState


@dataclass(frozen=True)
class Rights:
    """Decided by who has the task and by the reader's roles; that the reader sees it is already decided."""

    item: WorkItemRow
    viewer: Viewer

    @property
    def is_open(self) -> bool:
        """Whether the task still waits."""
        return self.item.state is WorkItemState.OPEN

    @property
    def is_mine(self) -> bool:
        """Whether the reader has it."""
        return self.item.assignee == self.viewer.user_id

    @property
    def is_others(self) -> bool:
        """Whether somebody else has it."""
        return self.item.assignee is not None and not self.is_mine

    @property
    def may_claim(self) -> bool:
        """Whether the reader may take it."""
        return self.is_open and self.item.assignee is None and not self.only_leads

    @property
    def may_answer(self) -> bool:
        """Whether the reader may write in its form: it is theirs, or free in a role of theirs."""
        return self.is_open and (self.is_mine or self.may_claim)

    @property
    def may_release(self) -> bool:
        """Whether the reader may give it back."""
        return self.is_open and self.is_mine

    @property
    def may_take_over(self) -> bool:
        """Whether the reader leads those who do this work and may move it to themselves."""
        return self.is_open and not self.is_mine and self.item.role in self.viewer.supervised_roles

    @property
    def only_leads(self) -> bool:
        # Seen only because the reader leads that role: they take it over, openly, rather than happen to answer it.
        return self.item.role in self.viewer.supervised_roles and self.item.role not in self.viewer.roles

    def require_answering(self) -> None:
        """Raise Forbidden where an open task is not the reader's to answer."""
        if self.is_open and not self.may_answer:
            raise Forbidden(_("Uppgiften är hos någon annan. Ta över den eller be den som har den att släppa den."))

    def require(self, allowed: bool) -> None:
        """Raise Forbidden unless `allowed`."""
        if not allowed:
            raise Forbidden(_("Det kan du inte göra med den här uppgiften."))
