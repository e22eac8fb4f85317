"""Which language a page is in: Swedish unless the reader has asked for English."""

from flask import has_request_context, request, session

from stins.web.sessions import is_respondents

LANGUAGES = ("sv", "en")


def chosen_language() -> str:
    """Give ``sv`` or ``en``: for respondents from the request alone, for staff from their session too."""
    if not has_request_context():
        return "sv"
    asked = request.values.get("lang")
    if "byt_sprak" in request.form:  # the button names the other language; the field holds the present one
        other = request.form["byt_sprak"]
        return other if other in LANGUAGES else "sv" if asked == "en" else "en"
    if asked in LANGUAGES:
        return asked
    if is_respondents(request):
        return "sv"
    kept = session.get("lang")
    return kept if kept in LANGUAGES else "sv"


def keep_language() -> None:
    """Remember a language that a member of staff has asked for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("lang") != asked:
        session["lang"] = asked
