"""Home: what needs me now."""

from flask import Blueprint, render_template
from flask_login import login_required

from stins.services.oversight.home import needs
from stins.web import here

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@login_required
def home() -> str:
    """Show what waits for the person, with dates, and nothing else."""
    with here.store().reading() as db:
        found = needs(db, here.person(), here.today())
    return render_template("home/home.html", needs=found, person=here.person(), today=here.today())
