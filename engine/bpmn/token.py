"""A token: SpiffWorkflow's Task as the place where something is going on right now.

The tree of tokens says what lies inside what: the process contains its elements, a sub-process its own, an activity the
events attached to it. It is not the history, so it never grows with the length of a run (SpiffWorkflow hangs each next
task below the one before, and loses work below depth 1000). `triggered` marks what waits beside the flow: boundary
events, and the starts of event sub-processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.identity import new_id

if TYPE_CHECKING:
    from engine.bpmn.run import Run
    from engine.bpmn.specs.base import ElementSpec

READY: int = TaskState.READY
FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
CANCELLED: int = TaskState.CANCELLED
ERROR: int = TaskState.ERROR
FINISHED: int = TaskState.FINISHED_MASK


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One element that is entered and not yet left.

    `data` holds the variables local to it, `internal_data` what its spec has to remember, both stored in snapshots.
    """

    workflow: Run
    task_spec: ElementSpec
    data: dict[str, Any]
    internal_data: dict[str, Any]
    triggered: bool

    def __init__(
        self,
        workflow: Run,
        task_spec: ElementSpec,
        container: Token | None,
        state: int = FUTURE,
        id: str | None = None,
    ) -> None:
        """Put a token at `task_spec` inside `container`."""
        # Task.__init__ makes a UUID object, reads the wall clock and logs; a token needs none of these.
        self.id = id or new_id()
        self.workflow = workflow
        self.task_spec = task_spec
        self.container = container
        self._parent = container.id if container is not None else None
        self._children: dict[str, Token] = {}
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data = {}
        self.internal_data = {}
        self.last_state_change = 0.0
        self.inside = 0
        self.entered = False
        workflow.tasks[self.id] = self
        if container is not None:
            container._children[self.id] = self

    @property
    def state(self) -> int:
        """The token's TaskState."""
        return self._state

    def _set_state(self, value: int) -> None:
        self._state = value

    @property
    def parent(self) -> Token | None:
        """What contains this token; None for the process itself."""
        return self.container

    @property
    def children(self) -> list[Token]:
        """What lies inside this token."""
        return list(self._children.values())

    @property
    def flowing(self) -> list[Token]:
        """The tokens inside that belong to the flow: not the events that wait beside it."""
        return [child for child in self._children.values() if not child.triggered]

    @property
    def waits_outside(self) -> bool:
        """Whether only something from outside can move it on."""
        return "wait" in self.internal_data or "incident" in self.internal_data

    def ancestors(self) -> Iterator[Token]:
        """This token, what contains it, and so on to the process."""
        token: Token | None = self
        while token is not None:
            yield token
            token = token.container
