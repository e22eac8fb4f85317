"""The result, its picture, and the comments read first."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect

from stins.services import report, workbooks
from stins.services.followup.comparing import with_the_first
from stins.services.followup.reading import of_inspection
from stins.services.refusals import Refused
from stins.services.report import CommentState, Decision
from stins.services.rights import may_act, may_review
from stins.web import here
from stins.web.language import chosen_language
from stins.web.sentences import field_name, sentence
from stins.web.spreadsheets import spreadsheet

blueprint = Blueprint("report", __name__, url_prefix="/inspektioner")

Page = str | Redirect | Response | tuple[str, int]


class ReviewForm(FlaskForm):
    """The button under the comments; the choices stand beside each of them."""


@blueprint.get("/<id>/resultat")
@login_required
def result(id: str) -> Page:
    """Show the result of a closed inspection."""
    person = here.person()
    with here.store().reading() as db:
        found = report.result(db, person, id)
        followed = of_inspection(db, id)
        compared = with_the_first(db, found, chosen_language())
    return render_template(
        "report/result.html",
        result=found,
        about=found.summary,
        rows=found.rows(chosen_language()),
        followed=followed,
        compared=compared,
        acts=may_act(person, found.summary.place),
        reviews=may_review(person, found.summary.place) and found.comments.waiting,
    )


@blueprint.get("/<id>/resultat/profil.svg")
@login_required
def profile(id: str) -> Page:
    """Draw the grade profile."""
    with here.store().reading() as db:
        found = report.result(db, here.person(), id)
    lang = chosen_language()
    grades = ", ".join(f"{area.id} {area.grade or '–'}" for area in found.rows(lang).areas)
    picture = found.profile(lang, _("Bedömning per område"), grades)
    return Response(picture, content_type="image/svg+xml")


@blueprint.get("/<id>/resultat.xlsx")
@login_required
def workbook(id: str) -> Page:
    """Give the result as a workbook whose own formulas give the same verdict."""
    with here.store().reading() as db:
        found = report.result(db, here.person(), id)
        content = workbooks.export(db, found, chosen_language())
    name = _("STINS %(place)s %(day)s", place=found.summary.place.name, day=found.release.closed_on)
    return spreadsheet(content, name)


@blueprint.route("/<id>/kommentarer", methods=["GET", "POST"])
@login_required
def comments(id: str) -> Page:
    """Read the comments first, and show, redact or withhold each."""
    person = here.person()
    with here.store().reading() as db:
        about, waiting = report.unread(db, person, id)
    form = ReviewForm()
    refused = ""
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                report.decide(db, here.box(), person, id, _decisions(), here.now())
        except Refused as refusal:
            refused, wrong = sentence(refusal), refusal.field
        else:
            flash(_("Kommentarerna är lästa och visas nu i resultatet, utom de du höll inne."), "info")
            return redirect(url_for("report.result", id=id))
    page = render_template(
        "report/comments.html",
        about=about,
        waiting=waiting,
        field_name=field_name,
        form=form,
        refused=refused,
        wrong=wrong if refused else "",
        chosen=request.form,
    )
    return page, 422 if form.is_submitted() else 200


def _decisions() -> dict[str, Decision]:
    states = {
        name[6:]: CommentState(value)
        for name, value in request.form.items()
        if name.startswith("state_") and value in list(CommentState)
    }
    return {id: Decision(id, state, request.form.get(f"text_{id}", "")) for id, state in states.items()}
