"""Home: what needs me now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from stins.services.oversight.home import Matter, Need, needs
from stins.services.rights import Office, Person
from stins.web import here
from stins.web.sentences import DUE, MATTERS, TASKS

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A thing to do as the page tells it: what and where, and the addresses of it and of all of its kind."""

    need: Need
    heading: str
    address: str
    list_address: str


@blueprint.get("/")
@login_required
def home() -> str:
    """Show what waits for the person, with dates, and nothing else."""
    person = here.person()
    with here.store().reading() as db:
        found = needs(db, person, here.today())
    lines = [_line(need, person) for need in found]
    return render_template("home/home.html", lines=lines, person=person, today=here.today())


def _line(need: Need, person: Person) -> Line:
    return Line(need, _heading(need), _address(need, person), url_for(_LISTS[need.matter]))


def _heading(need: Need) -> str:
    what = str(MATTERS[need.matter])
    if need.report:
        what = str(TASKS[need.report.task])
    if need.clock:
        what = _("Extern granskning: %(state)s", state=str(DUE[need.clock.state]).lower())
    return _("%(what)s: %(place)s", what=what, place=need.place.name) if need.place else what


def _address(need: Need, person: Person) -> str:
    if need.case:
        return url_for("followup.show", id=need.case.id)
    if need.to_write:
        inspection, review = need.to_write.inspection or None, need.to_write.review or None
        return url_for("followup_reports.new", inspektion=inspection, granskning=review)
    if need.loose:
        return url_for("followup.new", inspektion=need.inspection, kriterium=need.loose.criterion)
    if need.report:
        return url_for("followup_reports.show", id=need.report.report)
    if need.matter is Matter.STUCK and person.holds(Office.ADMIN):
        return url_for("close.make_void", id=need.inspection)
    return _PAGES[need.matter](need)


def _page(endpoint: str) -> Callable[[Need], str]:
    return lambda need: url_for(endpoint, id=need.inspection)


_PAGES: Mapping[Matter, Callable[[Need], str]] = {
    Matter.STUCK: _page("close.close_"),
    Matter.VOID: _page("close.make_void"),
    Matter.COMMENTS: _page("report.comments"),
    Matter.DRAFT: _page("invite.show"),
    Matter.OPEN: _page("invite.show"),
    Matter.RESULT: _page("report.result"),
    Matter.PLAN: lambda _need: url_for("invite.plan"),
    Matter.REVIEW: lambda _need: url_for("reviews.list_"),
    Matter.MAIL: lambda _need: url_for("admin.admin"),
}
_LISTS: Mapping[Matter, str] = {
    Matter.LATE: "followup.list_",
    Matter.DUE: "followup.list_",
    Matter.REPORT: "followup.list_",
    Matter.WRITE: "followup.list_",
    Matter.ACTION: "followup.list_",
    Matter.REVIEW: "reviews.list_",
} | dict.fromkeys(_PAGES.keys() - {Matter.REVIEW}, "invite.list_")
