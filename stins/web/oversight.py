"""The övergripande studierektor and the region look over their units."""

from flask import Blueprint, Response, render_template, request
from flask_babel import format_date
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from stins.reports.yearly import GROUPS, MEASURES, Words, Yearly, as_pdf, as_xlsx
from stins.services.invite import current_catalogue
from stins.services.oversight.calibration import UNITS_LEAST, calibration
from stins.services.oversight.overview import Show, overview_page
from stins.services.oversight.yearly import yearly, years
from stins.services.pages import page_of
from stins.services.refusals import NotFound
from stins.services.rights import Office
from stins.web import here
from stins.web.language import chosen_language
from stins.web.spreadsheets import spreadsheet
from stins.web.yearly_words import words

blueprint = Blueprint("oversight", __name__, url_prefix="/oversikt")

SHOWS = {
    Show.ALL: _l("Alla enheter"),
    Show.OPEN: _l("Brister att åtgärda"),
    Show.LATE: _l("Försenade brister"),
    Show.REVIEW: _l("Ska granskas inom ett år"),
}


@blueprint.get("")
@login_required
def overview() -> str:
    """Show the units with their latest grades, a page at a time."""
    person = here.person()
    if not person.holds(Office.OVS, Office.REGION):
        raise NotFound
    wanted = request.args.get("visa", "")
    show = Show(wanted) if wanted in set(Show) else Show.ALL
    number = request.args.get("sida", 1, type=int)
    with here.store().reading() as db:
        page = overview_page(db, person, show, number, here.today())
        told = years(db, person, here.today())
    return render_template(
        "oversight/overview.html",
        page=page,
        show=show,
        shows=SHOWS.items(),
        years=told,
        areas=_areas(),
        reads=person.holds(Office.OVS),
        today=here.today(),
    )


@blueprint.get("/ar/<int:year>")
@login_required
def yearly_(year: int) -> str:
    """Show a year in numbers; the units a page at a time."""
    report, said = _report(year)
    number = request.args.get("sida", 1, type=int)
    return render_template(
        "oversight/yearly.html",
        report=report,
        words=said,
        page=page_of(number, len(report.units), lambda offset, most: report.units[offset : offset + most]),
        groups=GROUPS.items(),
        measures=MEASURES,
    )


@blueprint.get("/ar/<int:year>.xlsx")
@login_required
def yearly_sheet(year: int) -> Response:
    """Give the yearly report as a spreadsheet."""
    report, said = _report(year)
    return spreadsheet(as_xlsx(report, said), said.title)


@blueprint.get("/ar/<int:year>.pdf")
@login_required
def yearly_paper(year: int) -> Response:
    """Give the yearly report as a PDF."""
    report, said = _report(year)
    response = Response(as_pdf(report, said), content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{said.title}.pdf")
    return response


@blueprint.get("/kalibrering")
@login_required
def calibrated() -> str:
    """Show how often STINS and later external reviews agreed."""
    with here.store().reading() as db:
        found = calibration(db, here.person())
    return render_template(
        "oversight/calibration.html", found=found, areas=_areas(), least=UNITS_LEAST, steps=(3, 2, 1)
    )


def _report(year: int) -> tuple[Yearly, Words]:
    with here.store().reading() as db:
        report = yearly(db, here.person(), year, here.today())
    return report, words(year, chosen_language(), format_date(report.until, "d MMMM y"))


def _areas() -> list[tuple[str, str]]:
    lang = chosen_language()
    return [(area.id, area.name.plain(lang)) for area in current_catalogue().areas.values()]
