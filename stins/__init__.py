"""STINS: a survey engine for quality inspection of doctors' specialist training in Sweden."""

from flask import Flask

from stins.config import Settings
from stins.config import settings as settings_of
from stins.services.installation import Installation, opened
from stins.web.application import Application, Clock, SystemClock


def create_app(
    settings: Settings | None = None,
    *,
    installation: Installation | None = None,
    clock: Clock | None = None,
) -> Flask:
    """Make the web application of an installation: the one given, or that of ``settings`` or the environment.

    Raises :class:`stins.config.BadSettings` naming everything that stands in the way.
    """
    found = installation or opened(settings or settings_of())
    return Application(found, clock or SystemClock())
