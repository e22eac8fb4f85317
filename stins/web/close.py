"""Closing an inspection, and making one void."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from stins.services import close, inspections, void
from stins.services.refusals import NotFound
from stins.services.rights import may_lead
from stins.web import here

blueprint = Blueprint("close", __name__, url_prefix="/inspektioner")

Page = str | Redirect | tuple[str, int]


class CloseForm(FlaskForm):
    """The button that closes."""


class VoidForm(FlaskForm):
    """Why an inspection should be made void."""

    reason = TextAreaField(
        _l("Varför ska inspektionen ogiltigförklaras?"),
        [InputRequired(_l("Skriv ett skäl; det sparas.")), Length(max=1000)],
    )


@blueprint.route("/<id>/stang", methods=["GET", "POST"])
@login_required
def close_(id: str) -> Page:
    """Show what closing would give, as known this morning, and close."""
    person = here.person()
    with here.store().writing() as db:
        about = inspections.summary(db, person, id)
        if not may_lead(person, about.place, extra=about.is_extra) or about.state not in ("open", "closing"):
            raise NotFound
        preview = close.preview(db, person, id, here.today()) if about.state == "open" else None
    form = CloseForm()
    if not form.validate_on_submit():
        return render_template("close/close.html", about=about, preview=preview, form=form)
    try:
        close.close(here.store(), here.box(), id, here.moment(), person)
    except close.Stopped:
        return render_template("close/stopped.html", about=about), 409
    except OSError:
        # It is closed; the result says that the key is not destroyed yet, and close-due tries again.
        return redirect(url_for("report.result", id=id))
    flash(_("Inspektionen är avslutad. Svaren är räknade och förstörda."), "info")
    return redirect(url_for("report.result", id=id))


@blueprint.route("/<id>/ogiltig", methods=["GET", "POST"])
@login_required
def make_void(id: str) -> Page:
    """Ask that an inspection be made void, or agree to it: one from the unit and one admin must."""
    person = here.person()
    with here.store().reading() as db:
        case = void.case(db, person, id)
    form = VoidForm()
    if not form.validate_on_submit():
        return render_template("close/void.html", case=case, form=form), 422 if form.is_submitted() else 200
    with here.store().writing() as db:
        done = void.ask(db, here.box(), person, id, form.reason.data.strip(), here.now())
    if done:
        flash(
            _("Inspektionen är ogiltig. Alla svar och koder är förstörda och inget resultat finns."), "info"
        )
    else:
        flash(
            _("Din begäran är sparad. När den andra parten också har begärt det blir inspektionen ogiltig."),
            "info",
        )
    return redirect(url_for("home.home"))
