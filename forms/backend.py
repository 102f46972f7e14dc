"""What every view works with: the engine, the people and the clock of the application that serves the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app
from flask_login import current_user

from engine.access import Viewer
from engine.clock import Clock, local_date
from engine.feel import Environment, FeelDate
from engine.protocols import Actor, Calendar
from forms.models import Models
from forms.settings import Settings
from processes.roles import Permission, RoleBook

if TYPE_CHECKING:
    from engine.engine import Engine
    from forms.auth.people import User
    from forms.wording.labels import LabelBook

EXTENSION = "stegvis"


@dataclass(frozen=True)
class Backend:
    """The rooms behind the front end."""

    engine: Engine
    roles: RoleBook
    calendar: Calendar
    settings: Settings
    models: Models
    labels: LabelBook

    @property
    def environment(self) -> Environment:
        """What FEEL in forms sees besides the variables: the same clock and functions as in diagrams."""
        return self.engine.rooms.definitions.environment()

    @property
    def clock(self) -> Clock:
        """The engine's clock: pages tell the same time as deadlines do."""
        return self.engine.clock

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The date in Sweden."""
        return local_date(self.now())

    def feel_today(self) -> FeelDate:
        """The date in Sweden as forms compare with it."""
        day = self.today()
        return FeelDate(day.year, day.month, day.day)


def backend() -> Backend:
    """The backend of the current application."""
    return cast(Backend, current_app.extensions[EXTENSION])


def user() -> User:
    """Who is logged in; views that call this require a login."""
    return cast("User", current_user._get_current_object())


def viewer() -> Viewer:
    """The logged-in person as the access policy sees them."""
    return user().viewer


def actor() -> Actor:
    """The logged-in person as history names them."""
    return user().viewer.actor


def may(permission: Permission) -> bool:
    """Whether the logged-in person has a permission."""
    return bool(current_user.is_authenticated) and permission in user().permissions
