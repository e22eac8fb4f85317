"""Which language a page is in: Swedish unless the reader has asked for English."""

from flask import has_request_context, request, session
from werkzeug.exceptions import HTTPException

from stins.web.sessions import is_respondents

LANGUAGES = ("sv", "en")


def chosen_language() -> str:
    """Give ``sv`` or ``en``: for respondents from the request alone, for staff from their session too."""
    if not has_request_context():
        return "sv"
    asked = _asked()
    if asked in LANGUAGES:
        return asked
    if is_respondents(request):
        return "sv"
    kept = session.get("lang")
    return kept if kept in LANGUAGES else "sv"


def _asked() -> str | None:
    try:
        sent = request.form
    except HTTPException:  # too large to be read: there is still an error page to show
        return request.args.get("lang")
    asked = sent.get("lang") or request.args.get("lang")
    if "byt_sprak" not in sent:
        return asked
    # The button names the other language; the field beside it holds the present one.
    wanted = sent["byt_sprak"]
    return wanted if wanted in LANGUAGES else "sv" if asked == "en" else "en"


def keep_language() -> None:
    """Remember a language that a member of staff has asked for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("lang") != asked:
        session["lang"] = asked
