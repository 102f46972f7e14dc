"""Call activities: the called process is an instance of its own; here is only the waiting for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.definitions import CallDefinition
from engine.bpmn.specs.base import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.variables import visible


class CallActivitySpec(ElementSpec):
    """Waits for another process."""

    def __init__(self, *arguments: Any) -> None:
        """See ElementSpec; the builder sets `call`."""
        super().__init__(*arguments)
        self.call: CallDefinition | None = None

    def _run_hook(self, token: Token) -> bool | None:
        call, run = self.call, token.workflow
        assert call is not None
        scope = visible(token)
        token.internal_data["since"] = run.journal.revision
        self.wait(token, "call", {"process": call.process_id.text(scope, run.environment, "processId")})
        return None

    def passed_down(self, token: Token) -> Mapping[str, Any]:
        """The variables that the called process starts with."""
        assert self.call is not None
        return dict(visible(token)) if self.call.pass_all_down else dict(token.data)

    def taken_back(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Of the called process's variables, those that come back: all, or only what output mappings take."""
        assert self.call is not None
        return variables if self.outputs_mapped or self.call.take_all_back else {}
