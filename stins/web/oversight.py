"""The övergripande studierektor and the region look over their units."""

from flask import Blueprint, render_template
from flask_login import login_required

from stins.services.invite import current_catalogue
from stins.services.oversight.overview import units
from stins.services.refusals import NotFound
from stins.services.rights import Office
from stins.web import here
from stins.web.language import chosen_language

blueprint = Blueprint("oversight", __name__)


@blueprint.get("/oversikt")
@login_required
def overview() -> str:
    """Show every unit with its latest grades."""
    person = here.person()
    if not person.holds(Office.OVS, Office.REGION):
        raise NotFound
    with here.store().reading() as db:
        found = units(db, person)
    lang = chosen_language()
    areas = [(area.id, area.name.plain(lang)) for area in current_catalogue().areas.values()]
    return render_template(
        "oversight/overview.html",
        units=found,
        areas=areas,
        reads=person.holds(Office.OVS),
        today=here.today(),
    )
