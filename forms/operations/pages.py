"""All pages of the room, so that the application mounts them together."""

from __future__ import annotations

from flask import Flask

from forms.operations import incidents, naming, overview, pace, queues, recurring, releases
from forms.operations.room import blueprint, room_links

PAGES = (overview, incidents, queues, pace, recurring, releases)
"""Each has put its views on the room's blueprint."""


def set_up_operations(app: Flask) -> None:
    """Mount the pages, and give templates the words they use."""
    app.jinja_env.filters.update(
        process_name=naming.process_name,
        standing_name=naming.standing_name,
        run_state_name=naming.run_state_name,
        lag=naming.lag_words,
        took=naming.took_words,
        duration=naming.duration_words,
        size=naming.size_words,
        short_id=naming.short_id,
        plain_number=naming.number,
    )
    app.jinja_env.globals.update(room_links=room_links, element_name=naming.element_name)
    app.register_blueprint(blueprint)
