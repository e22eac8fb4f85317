"""Codes are shown once: made when the inspection opens, made anew or added, and printed as slips to draw."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.exceptions import NotFound as NoPage

from questionnaires.model import Role
from stins.reports import slips
from stins.services import inspections, invite
from stins.services.inspections import Summary
from stins.services.invite import slips as printed
from stins.services.refusals import Refused
from stins.services.rights import may_lead
from stins.services.words import Mode
from stins.web import here
from stins.web.invite import Act, Page
from stins.web.planning import PeopleForm, numbers
from stins.web.sentences import ROLES, day, sentence

blueprint = Blueprint("codes", __name__, url_prefix="/inspektioner")


class MoreForm(PeopleForm):
    """More codes, by role."""


@blueprint.route("/<id>/koder", methods=["GET", "POST"])
@login_required
def show(id: str) -> Page:
    """Open the inspection and show its codes, make them anew, or add some. They are shown once."""
    person = here.person()
    with here.store().reading() as db:
        about = inspections.summary(db, person, id)
    if not may_lead(person, about.place, extra=about.is_extra) or about.state not in ("draft", "open"):
        raise NoPage
    more = MoreForm()
    if not more.is_submitted():
        return render_template("invite/codes.html", about=about, form=Act(), more=more)
    if not more.validate():
        return render_template("invite/codes.html", about=about, form=Act(), more=more), 422
    try:
        with here.store().writing() as db:
            fresh = _fresh(db, id, request.form.get("act", ""), more)
            about = inspections.summary(db, person, id)
            # The page is ready before the codes are stored: nobody gets codes that were never shown.
            page = codes_page(about, fresh)
    except Refused as refused:
        return render_template(
            "invite/codes.html", about=about, form=Act(), more=more, refusal=sentence(refused)
        ), 422
    return page


def codes_page(about: Summary, fresh: invite.Codes) -> str:
    """Write the page that shows codes, once."""
    return render_template(
        "invite/codes_shown.html",
        about=about,
        codes=fresh.by_role,
        address=_address(),
    )


@blueprint.post("/<id>/koder/lappar.pdf")
@login_required
def as_slips(id: str) -> Page | Response:
    """Print the codes that a page shows. They come with the request: nowhere else are they to be had."""
    person = here.person()
    typed = {role: request.form.getlist(role) for role in Role}
    with here.store().reading() as db:
        about = inspections.summary(db, person, id)
        try:
            found = printed.shown(db, here.box(), person, id, typed)
        except Refused as refused:
            more = MoreForm(formdata=None)
            shown = {"about": about, "form": Act(), "more": more, "refusal": sentence(refused)}
            return render_template("invite/codes.html", **shown), 422
    with force_locale("sv"):  # whoever draws one reads Swedish, or the line in English on it
        roles = [(_words(about, role), _opening(made)) for role, made in found.items()]
        content = slips.pdf(_("Lappar att dra"), roles)
    named = {"Content-Disposition": 'attachment; filename="lappar.pdf"'}
    return Response(content, mimetype="application/pdf", headers=named)


def _opening(codes: dict[str, str]) -> dict[str, str]:
    return {shown: f"{_address()}#{code}" for shown, code in codes.items()}


def _address() -> str:
    return f"{here.settings().public_url}{url_for('answer.ask_code')}"


def _words(about: Summary, role: Role) -> slips.Words:
    is_dialogue = about.mode is Mode.DIALOGUE
    return slips.Words(
        role=str(ROLES[role]),
        unit=about.place.name,
        what=_("Enkät om hur ST fungerar hos er. Den tar under tio minuter."),
        until=_("Svara senast %(day)s.", day=day(about.closes_on)),
        address=_(
            "Skanna rutan, eller gå till %(address)s och skriv koden.",
            address=_address().partition("://")[2],
        ),
        promise=(
            (
                _("Enkäten är ett underlag för samtal och är inte anonym."),
                _("Ni är så få att svar kan gå att räkna ut."),
            )
            if is_dialogue
            else (
                _("Ingen på enheten kan läsa ditt svar, och ingen vet vem som drog vilken lapp."),
                _("Svaren räknas en gång och förstörs sedan."),
            )
        ),
        draw=_("Dra en lapp. Visa den inte för någon, och kasta den när du har svarat."),
        picture=_("QR-kod som öppnar enkäten"),
        english="In English: scan the square, or type the code at the address above and choose “In English”.",
    )


def _fresh(db: Any, id: str, act: str, more: MoreForm) -> invite.Codes:
    box, person, now = here.box(), here.person(), here.now()
    match act:
        case "open":
            return invite.open_(db, box, person, id, now, here.today())
        case "anew":
            return invite.codes_anew(db, box, person, id, now)
        case "more":
            return invite.add_codes(db, box, person, id, numbers(more), now)
        case _:
            raise NoPage
