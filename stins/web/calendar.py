"""A person's calendar at its secret address: for a calendar program, without cookie, session or log."""

from flask import Blueprint, Response

from stins.reports.calendar import feed
from stins.services import calendar
from stins.services.refusals import NotFound
from stins.web import here

blueprint = Blueprint("calendar", __name__)

NAME = "STINS"


@blueprint.get("/kalender/<token>.ics")
def show(token: str) -> Response:
    """Give the calendar, or 404 in the same words for every address that does not lead to one."""
    using = here.settings()
    try:
        with here.store().reading() as db:
            entries = calendar.entries(db, calendar.owner(db, token), using.public_url)
    except NotFound:
        return Response("Kalendern finns inte.\n", 404, content_type="text/plain; charset=utf-8")
    return Response(feed(NAME, using.host, entries), content_type="text/calendar; charset=utf-8")
