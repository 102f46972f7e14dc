"""What a script is told after it has sent a draft."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from forms.backend import backend
from forms.rendering import template
from forms.tasks.answering import Answering
from forms.wording.moments import clock_time


def draft_answer(form: Answering) -> dict[str, Any]:
    """Which parts of the page are hidden now, and the parts that other answers change, drawn anew."""
    view = form.shown()
    content = template("fields/form.html").module.content  # type: ignore[attr-defined]
    nodes = [node for top in form.filled.nodes for node in top.each()]
    return {
        "saved": saved_words(),
        "hidden": [node.name for node in nodes if node.hidden],
        "fragments": {
            node.name: str(content(view, node, view.kind(node)))
            for node in nodes
            if not node.hidden and view.is_dynamic(node)
        },
    }


def saved_words() -> str:
    """When the draft was kept."""
    return _("Utkastet sparades kl. %(time)s.", time=clock_time(backend().now()))
