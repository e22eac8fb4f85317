"""The studierektor mails the codes: addresses, what is odd, a preview, how far it has come, reminders."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from questionnaires.model import Role
from stins.services import inspections
from stins.services.inspections import Summary
from stins.services.invite import mailing
from stins.services.invite.mailing import About, Written
from stins.services.invite.refused import NotADraft, NumberDiffers
from stins.services.refusals import Refused, Several
from stins.services.rights import may_lead
from stins.web import here
from stins.web.codes import codes_page
from stins.web.fields import Day
from stins.web.sentences import ROLES, sentence

blueprint = Blueprint("mailing", __name__, url_prefix="/inspektioner")

Page = str | Redirect | tuple[str, int]
BOX_MOST = 40_000
WEEK = timedelta(days=7)


class Boxes(FlaskForm):
    """A box for the addresses of each role, and whether the plan may be changed to their numbers."""

    adjust = BooleanField(_l("Ändra planen till lika många som adresserna"))


for _role in Role:
    _short = Length(max=BOX_MOST, message=_l("Listan är för lång. Klistra bara in adresserna."))
    setattr(Boxes, _role, TextAreaField(ROLES[_role], [_short]))


class RemindForm(FlaskForm):
    """A day for a reminder."""

    day = Day(_l("Dag för påminnelsen"), example="2026-12-04")


class Act(FlaskForm):
    """A button that does one thing."""


@blueprint.app_template_global()
def mail_is_on() -> bool:
    """Say whether codes can be mailed: the choice is shown nowhere else."""
    return here.settings().mail is not None


@blueprint.route("/<id>/epost", methods=["GET", "POST"])
@login_required
def boxes(id: str) -> Page:
    """Ask for the addresses of each role, and tell everything that is odd."""
    about = _led(id)
    if about.state == "open":
        return redirect(url_for("mailing.progress", id=id))
    if about.state != "draft":
        raise NoPage
    with here.store().reading() as db:
        kept = mailing.kept(db, here.box(), here.person(), id)
    form = Boxes(data=dict(kept))
    for role in Role:
        if role not in kept:
            del form[role]
    refusals: list[Refused] = []
    if form.validate_on_submit():
        try:
            return _keep(form, about)
        except Several as several:
            refusals = several.refusals
    for refusal in refusals:
        field = form[refusal.field if refusal.field in form else "adjust"]
        field.errors = [*field.errors, sentence(refusal)]
    differs = form.adjust.data or any(isinstance(refusal, NumberDiffers) for refusal in refusals)
    page = render_template(
        "mailing/boxes.html",
        about=about,
        form=form,
        fields=[form[role] for role in kept],
        differs=differs,
        found=_problems(form),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/<id>/epost/granska", methods=["GET", "POST"])
@login_required
def review(id: str) -> Page:
    """Show the mail as it will look and how many it goes to; open the inspection and begin to send."""
    about = _led(id)
    if about.state == "open":  # it was pressed twice
        return redirect(url_for("mailing.progress", id=id))
    if about.state != "draft":
        raise NoPage
    person, box = here.person(), here.box()
    if not Act().validate_on_submit():
        return _review_page(about)
    try:
        with here.store().writing() as db:
            fresh = mailing.open_by_mail(db, box, person, id, here.now(), here.today())
            about = inspections.summary(db, person, id)
            # The page is ready before the codes are stored: nobody gets codes that were never shown.
            page = codes_page(about, fresh) if any(fresh.by_role.values()) else ""
    except NotADraft:
        return redirect(url_for("mailing.progress", id=id))
    except Refused as refused:
        return _review_page(about, [refused])
    except Several as several:
        return _review_page(about, several.refusals)
    _begin(id)
    return page or redirect(url_for("mailing.progress", id=id))


@blueprint.route("/<id>/epost/laget", methods=["GET", "POST"])
@login_required
def progress(id: str) -> Page:
    """Show how far the mail has come; send what waits, make a spare code, remind."""
    about = _led(id, "open")
    with here.store().reading() as db:
        found = mailing.mailing(db, here.box(), here.person(), id, here.now())
    if found is None:
        return redirect(url_for("invite.show", id=id))
    last = max([here.today(), *(each.day for each in found.reminders)])
    form = RemindForm(data={"day": min(last + WEEK, about.closes_on)})
    act = _ACTS.get(request.form.get("act", ""))
    if not form.is_submitted():
        return _progress_page(about, found, form), 200
    if act is None:
        raise NoPage
    if not form.validate():
        return _progress_page(about, found, form), 422
    try:
        return act(about, form)
    except Refused as refused:
        if refused.field == "day":
            form.day.errors = [*form.day.errors, sentence(refused)]
            return _progress_page(about, found, form), 422
        return _progress_page(about, found, form, sentence(refused)), 422


def _keep(form: Boxes, about: Summary) -> Page:
    """Keep what stands in the boxes. Raises :class:`Several` with what is odd."""
    pasted = {role: form[role].data or "" for role in Role if role in form}
    with here.store().writing() as db:
        again = mailing.keep(db, here.box(), here.person(), about.id, pasted, adjust=form.adjust.data)
        is_mailed = mailing.is_mailed(db, about.id)
    if not is_mailed:
        flash(_("Inga adresser är inlagda. Koderna delas ut som lappar."), "info")
        return redirect(url_for("codes.show", id=about.id))
    # An address is no message to be remembered until the next page.
    return _review_page(about, again=again) if again else redirect(url_for("mailing.review", id=about.id))


def _review_page(about: Summary, refused: Sequence[Refused] | None = None, again: Sequence[str] = ()) -> Page:
    with here.store().reading() as db:
        found = mailing.review(db, here.box(), here.person(), about.id)
    if found is None:
        return redirect(url_for("mailing.boxes", id=about.id))
    wrong = found.wrong if refused is None else refused
    role = next(iter(found.mailed))
    page = render_template(
        "mailing/review.html",
        about=about,
        found=found,
        again=again,
        wrong=[(each.field, sentence(each)) for each in wrong],
        mail=_example(about, role),
        sender=here.settings().mail,
        role=role,
        total=sum(found.mailed.values()),
        form=Act(),
    )
    return page, 200 if refused is None else 422


def _example(about: Summary, role: Role) -> Written:
    """Write the mail as it will look, with a code that opens nothing."""
    what = About(about.place.name, about.mode, about.k, about.closes_on)
    return mailing.code_mail(what, role, mailing.EXAMPLE, here.settings())


def _progress_page(about: Summary, found: mailing.Mailing, form: RemindForm, refusal: str = "") -> str:
    return render_template(
        "mailing/progress.html",
        about=about,
        found=found,
        form=form,
        refusal=refusal,
        most=mailing.REMINDERS_MOST,
        spares=list(dict.fromkeys(each.role for each in (*found.failed, *found.uncertain))),
        today=here.today(),
    )


def _send(about: Summary, _form: RemindForm) -> Page:
    _begin(about.id)
    flash(_("Utskicket har startat. Uppdatera sidan för att se hur långt det har kommit."), "info")
    return redirect(url_for("mailing.progress", id=about.id))


def _retry(about: Summary, form: RemindForm) -> Page:
    with here.store().writing() as db:
        mailing.retry(db, here.box(), here.person(), about.id, here.now())
    return _send(about, form)


def _spare(about: Summary, _form: RemindForm) -> Page:
    role = request.form.get("role", "")
    if role not in list(Role):
        raise NoPage
    with here.store().writing() as db:
        fresh = mailing.spare(db, here.box(), here.person(), about.id, Role(role), here.now())
        # The page is ready before the code is stored, as when an inspection is opened.
        return render_template(
            "mailing/spare.html",
            about=about,
            codes=fresh.by_role,
            address=f"{here.settings().public_url}{url_for('answer.ask_code')}",
        )


def _remind(about: Summary, form: RemindForm) -> Page:
    """Set a reminder for a day; for today it leaves at once."""
    day = here.today() if request.form.get("act") == "remind_now" else form.day.data
    with here.store().writing() as db:
        mailing.remind_on(db, here.box(), here.person(), about.id, day, here.now(), here.today())
    if day == here.today():
        return _send(about, form)
    flash(_("Påminnelsen är inlagd."), "info")
    return redirect(url_for("mailing.progress", id=about.id))


def _unset(about: Summary, form: RemindForm) -> Page:
    with here.store().writing() as db:
        mailing.unset(db, here.box(), here.person(), about.id, form.day.data, here.now())
    return redirect(url_for("mailing.progress", id=about.id))


_ACTS: dict[str, Callable[[Summary, RemindForm], Page]] = {
    "send": _send,
    "retry": _retry,
    "spare": _spare,
    "remind": _remind,
    "remind_now": _remind,
    "unset": _unset,
}


def _led(id: str, state: str | None = None) -> Summary:
    """Give an inspection that the person leads, where mail can be sent. Raises 404 otherwise."""
    with here.store().reading() as db:
        about = inspections.summary(db, here.person(), id)
    leads = may_lead(here.person(), about.place, extra=about.is_extra)
    if not mail_is_on() or not leads or state not in (None, about.state):
        raise NoPage
    return about


def _begin(id: str) -> None:
    """Let a process of its own send. Where none can be started the timer sends instead."""
    try:
        here.app().send_mail(here.settings(), id)
    except OSError as error:
        current_app.logger.warning("mail process not started %s", type(error).__name__)


def _problems(form: Any) -> list[tuple[str, str]]:
    """Name each error by its role, for the summary."""
    return [
        (field.id, f"{field.label.text}: {error}")
        for field in form
        if field.name != "csrf_token"
        for error in field.errors
    ]
