"""What a view stands on: the installation, the clock, and who asks."""

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app
from flask_login import current_user

from stins.services.close import Moment
from stins.services.rights import Person

if TYPE_CHECKING:
    from stins.box import Box
    from stins.config import Settings
    from stins.store.opening import Store
    from stins.web.application import Application


def app() -> "Application":
    """Give the application that answers this request."""
    return cast("Application", current_app)


def store() -> "Store":
    """Give the store."""
    return app().installation.store


def box() -> "Box":
    """Give the sealed box."""
    return app().installation.box


def settings() -> "Settings":
    """Give the installation's settings."""
    return app().installation.settings


def now() -> datetime:
    """Give the instant, in UTC."""
    return app().clock.now()


def today() -> date:
    """Give the day in Sweden."""
    return app().clock.today()


def moment() -> Moment:
    """Give both."""
    return Moment(now(), today())


def person() -> Person:
    """Give the signed-in member of staff. Only for views that demand one."""
    return cast("Person", current_user.person)
