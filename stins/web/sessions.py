"""Sessions for staff's pages only. Elsewhere there is none: not read, not set, no cookie."""

from typing import Any, NoReturn

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import HTTPException

WITHOUT = ("answer", "calendar", "machines", "static")


def is_respondents(request: Request) -> bool:
    """Say whether a request is for what must know nothing of who asks. Unknown addresses are.

    A calendar is one: its address is a secret, which must stand in no log.
    """
    return (request.endpoint or "static").partition(".")[0] in WITHOUT


class NoSession(SecureCookieSession):
    """Stands where the session would be. It is always empty, and nothing can be put in it."""

    def __setitem__(self, key: str, value: Any) -> NoReturn:
        raise RuntimeError("respondents' pages have no session")

    def setdefault(self, key: str, default: Any = None) -> NoReturn:
        raise RuntimeError("respondents' pages have no session")


class StaffOnlySessions(SecureCookieSessionInterface):
    """Flask's signed cookie, opened and saved for staff pages alone."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open the session of a staff page, or the empty one that cannot be written."""
        # Flask opens the session before it looks the address up, so it is looked up here.
        try:
            adapter = app.create_url_adapter(request)
            endpoint = adapter.match()[0] if adapter else "static"
        except HTTPException:
            endpoint = "static"
        if str(endpoint).partition(".")[0] in WITHOUT:
            return NoSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save the session of a staff page."""
        if not isinstance(session, NoSession):
            super().save_session(app, session, response)
