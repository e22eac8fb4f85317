"""The Flask application: its blueprints, its headers, its errors, and what its log may hold."""

import logging
import secrets
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, render_template, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from stins.services.installation import Installation
from stins.services.refusals import NotFound
from stins.store.opening import Unreachable
from stins.web import (
    admin,
    answer,
    calendar,
    close,
    codes,
    home,
    invite,
    machines,
    mailing,
    oversight,
    posting,
    report,
    reviews,
    sentences,
    settings,
    sign_in,
    typed,
)
from stins.web.followup import cases as followup_cases
from stins.web.followup import extra
from stins.web.followup import reports as followup_reports
from stins.web.language import chosen_language
from stins.web.sessions import StaffOnlySessions, is_respondents

STOCKHOLM = ZoneInfo("Europe/Stockholm")
BODY_MOST = 512 * 1024

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ERRORS = (400, 404, 405, 410, 413, 429, 500, 503)


class Clock(Protocol):
    """Where a view gets the time; services are told it."""

    def now(self) -> datetime:
        """Give the instant, in UTC, without a zone."""

    def today(self) -> date:
        """Give the day in Sweden."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the instant, in UTC, without a zone."""
        return datetime.now(UTC).replace(tzinfo=None)

    def today(self) -> date:
        """Give the day in Sweden."""
        return datetime.now(STOCKHOLM).date()


class Application(Flask):
    """STINS on the web."""

    def __init__(self, installation: Installation, clock: Clock) -> None:
        super().__init__("stins", template_folder="../templates")
        self.installation = installation
        self.clock = clock
        self.send_mail = posting.start
        self.session_interface = StaffOnlySessions()
        using = installation.settings
        self.config.update(
            SECRET_KEY=installation.secret_key,
            MAX_CONTENT_LENGTH=BODY_MOST,
            MAX_FORM_MEMORY_SIZE=BODY_MOST,
            MAX_FORM_PARTS=500,
            TRUSTED_HOSTS=[using.host],
            SESSION_COOKIE_NAME="__Host-stins" if using.is_https else "stins",
            SESSION_COOKIE_SECURE=using.is_https,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_REFRESH_EACH_REQUEST=False,
            WTF_CSRF_TIME_LIMIT=None,  # a form may lie open as long as its session
            WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy: no-referrer leaves nothing to compare
            BABEL_DEFAULT_LOCALE="sv",
            BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
        )
        self.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
        self.jinja_env.auto_reload = False
        if using.proxy_hops:
            hops = using.proxy_hops
            self.wsgi_app = ProxyFix(self.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
        Babel(self, locale_selector=chosen_language)
        CSRFProtect(self).exempt(answer.blueprint)  # no session to keep a token in; the code is the right
        sign_in.set_up(self)
        sentences.set_up(self)
        for module in (
            answer,
            sign_in,
            home,
            typed,
            invite,
            codes,
            mailing,
            close,
            report,
            followup_cases,
            followup_reports,
            extra,
            reviews,
            oversight,
            admin,
            settings,
            calendar,
            machines,
        ):
            self.register_blueprint(module.blueprint)
        self._set_up_errors()
        self.after_request(_headers)

    def log_exception(self, exc_info: Any) -> None:
        """Log an error: for respondents its class and the id they were shown, and nothing else."""
        kind = exc_info[0].__name__
        if is_respondents(request):
            self.logger.error("respondent error %s %s", kind, error_id())
        else:
            self.logger.error(
                "staff error %s %s on %s", kind, error_id(), request.endpoint, exc_info=exc_info
            )

    def _set_up_errors(self) -> None:
        for code in ERRORS:
            self.register_error_handler(code, _error_page)
        self.register_error_handler(SecurityError, _unknown_host)
        self.register_error_handler(NotFound, lambda _: _page(404))
        self.register_error_handler(Unreachable, _unreachable)
        self.register_error_handler(CSRFError, lambda _: sign_in.instead() or _page(400))


def error_id() -> str:
    """Give this request's random id, by which a shown error can be found in the log."""
    if "error_id" not in g:
        g.error_id = secrets.token_hex(4)
    return str(g.error_id)


def _unknown_host(_error: SecurityError) -> Response:
    # No page can be made: there is no address to build its links on.
    return Response("This service does not answer by that name.\n", 400, content_type="text/plain")


def _error_page(error: HTTPException) -> tuple[str, int]:
    return _page(error.code or 500)


def _unreachable(error: Unreachable) -> tuple[str, int]:
    current_app.logger.error("database unreachable %s %s", error, error_id())
    return _page(503)


def _page(code: int) -> tuple[str, int]:
    return render_template("errors/error.html", code=code, error_id=error_id()), code


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


logging.getLogger("stins").setLevel(logging.INFO)
