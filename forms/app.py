"""The application factory; nothing happens at import time."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from engine.engine import Engine
from engine.protocols import Calendar
from forms import about
from forms.addresses import set_up_addresses
from forms.auth.views import set_up_login
from forms.backend import EXTENSION, Backend
from forms.cases.registering_views import blueprint as news
from forms.cases.views import blueprint as cases
from forms.editor.views import blueprint as editor
from forms.errors import set_up_errors
from forms.i18n import set_up_languages
from forms.layout import set_up_layout
from forms.models import Models
from forms.operations.health import health_blueprint
from forms.operations.pages import set_up_operations
from forms.parameters.views import blueprint as parameters
from forms.processes.registering_views import blueprint as standing_news
from forms.processes.views import blueprint as processes
from forms.rendering import TextEnvironment, set_up_rendering
from forms.request_reports import Unwatched, Watch
from forms.security import set_up_security
from forms.settings import Settings
from forms.tasks.views import blueprint as tasks
from forms.watching import set_up_watching
from forms.wording.labels import LabelBook
from processes.roles import RoleBook


def create_app(
    engine: Engine, roles: RoleBook, settings: Settings, *, calendar: Calendar, watch: Watch | None = None
) -> Flask:
    """The front end as a WSGI application over an open engine.

    Args:
        engine: open; owned and closed by the caller.
        roles: organisations, roles and the demo's people.
        settings: see `Settings`.
        calendar: the working calendar, for "3 arbetsdagar kvar".
        watch: is told of each request, and has the metrics; nobody unless given.
    """
    app = Flask(__name__)
    app.jinja_environment = TextEnvironment
    app.extensions[EXTENSION] = Backend(
        engine, roles, calendar, settings, Models(engine.queries.content), LabelBook(engine.queries.release_files)
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.strict_slashes = False
    watching = watch or Unwatched()
    set_up_watching(app, settings, watching)
    limiter = set_up_security(app, settings)
    set_up_languages(app)
    set_up_errors(app)
    set_up_login(app, limiter)
    set_up_addresses(app)
    set_up_layout(app)
    ours = (tasks, cases, news, processes, standing_news, parameters, editor)
    for blueprint in (about.blueprint, health_blueprint(watching), *ours):
        app.register_blueprint(blueprint)
    set_up_operations(app)
    set_up_rendering(app)
    return app
