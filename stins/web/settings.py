"""What each member of staff chooses: which mails to be sent, and a calendar's address."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.wrappers import Response as Redirect

from stins.services import calendar
from stins.services.reminders import kinds
from stins.services.reminders.kinds import FORCED, Kind, kinds_for
from stins.web import here

blueprint = Blueprint("settings", __name__, url_prefix="/installningar")


@blueprint.get("")
@login_required
def settings() -> str:
    """Show what the person is sent, and the calendar's address."""
    person = here.person()
    with here.store().reading() as db:
        off, token = kinds.turned_off(db, person), calendar.token(db, here.box(), person)
    url = here.settings().public_url
    return render_template(
        "settings/settings.html",
        kinds=[(kind, kind in FORCED, kind not in off) for kind in kinds_for(person)],
        sends=here.settings().mail is not None,
        email=person.email,
        address=f"{url}{url_for('calendar.show', token=token)}" if token else "",
    )


@blueprint.post("")
@login_required
def choose() -> Redirect:
    """Keep which mails the person wants."""
    wanted = [kind for kind in Kind if kind in request.form.getlist("kind")]
    with here.store().writing() as db:
        kinds.choose(db, here.person(), wanted)
    flash(_("Dina val är sparade."), "info")
    return redirect(url_for("settings.settings"))


@blueprint.post("/kalender")
@login_required
def renew() -> Redirect:
    """Give the person a calendar's address, or another one."""
    with here.store().writing() as db:
        calendar.renew(db, here.box(), here.person())
    flash(_("Kalendern har en ny adress."), "info")
    return redirect(url_for("settings.settings"))
