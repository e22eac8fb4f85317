"""Following up: what is to be mended and until when, what is done about it, and who decides that it is."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from stins.services.followup import acting, comparing, reading, reporting
from stins.services.followup.acting import Finding
from stins.services.followup.opening import mend_by
from stins.services.followup.values import (
    TEXT_MOST,
    WHO_MOST,
    Case,
    ChangedMeanwhile,
    NoFinding,
    Progress,
    Step,
    Wanted,
)
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Office, may_act, may_decide, may_read
from stins.services.words import Mode
from stins.web import here
from stins.web.fields import Day
from stins.web.language import chosen_language
from stins.web.lists import page_asked
from stins.web.sentences import PROGRESS, sentence

blueprint = Blueprint("followup", __name__, url_prefix="/uppfoljning")

Page = str | Redirect | tuple[str, int]
REPORTS_MOST = 10


def _unix_lines(text: str | None) -> str | None:
    """Count an end of line as one letter, as the browser does, and not as the two that it sends."""
    return text.replace("\r\n", "\n") if text else text


def _at_most(most: int) -> Length:
    return Length(
        max=most, message=_l("Texten är för lång. Korta den till högst %(most)s tecken.", most=most)
    )


class ActionForm(FlaskForm):
    """An action."""

    what = TextAreaField(
        _l("Vad ska göras?"),
        [DataRequired(_l("Skriv vad ni ska göra.")), _at_most(TEXT_MOST)],
        filters=[_unix_lines],
    )
    who = StringField(_l("Vem gör det?"), [_at_most(WHO_MOST)])
    due_on = Day(_l("Klart senast"), [Optional()], example="2026-12-13")
    status = SelectField(
        _l("Läge"),
        choices=[SelectChoice(status, PROGRESS[status]) for status in Progress],
        default=Progress.PLANNED,
    )
    evidence = TextAreaField(_l("Vad visar att det är gjort?"), [_at_most(TEXT_MOST)], filters=[_unix_lines])


class ChangeForm(ActionForm):
    """A changed action, and how it read when it was opened."""

    mark = HiddenField()


class DecisionForm(FlaskForm):
    """A decision's reason. The buttons name the decision."""

    reason = TextAreaField(
        _l("Skäl till beslutet"),
        [DataRequired(_l("Skriv varför. Skälet sparas i historiken.")), _at_most(TEXT_MOST)],
        filters=[_unix_lines],
    )


@blueprint.get("")
@login_required
def list_() -> Page:
    """List everything that is followed up, and the actions beside it."""
    person = here.person()
    if not person.holds(Office.STUDIEREKTOR, Office.VERKSAMHETSCHEF, Office.OVS):
        raise NotFound
    with here.store().reading() as db:
        open_ones = reading.case_page(db, person, ended=False, number=page_asked("aktuella"))
        loose = reading.loose_page(db, person, number=page_asked("andra"))
        ended = reading.case_page(db, person, ended=True, number=page_asked("avslutade"))
        reports = reporting.waiting(db, person)[:REPORTS_MOST]
        to_write = reporting.to_write(db, person, REPORTS_MOST)
    return render_template(
        "followup/list.html",
        open_ones=open_ones,
        ended=ended,
        loose=loose,
        reports=reports,
        to_write=to_write,
        acts=lambda where: may_act(person, where),
        today=here.today(),
    )


@blueprint.route("/<id>", methods=["GET", "POST"])
@login_required
def show(id: str) -> Page:
    """Show what is wrong, until when, what is done and what was, and add an action."""
    person = here.person()
    with here.store().reading() as db:
        case, history = reading.case(db, person, id)
        reads = case.mode is not None and may_read(person, case.place, dialogue=case.mode is Mode.DIALOGUE)
        outlook = comparing.outlook(db, case, chosen_language()) if reads else None
        under_way = comparing.under_way(db, case.inspection) if reads else None
    acts, decides = may_act(person, case.place), may_decide(person, case.place)
    form = ActionForm()
    if form.is_submitted() and not acts:
        raise NotFound
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                acting.add(db, here.box(), person, id, _wanted(form), here.now())
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Åtgärden är tillagd."), "info")
            return redirect(url_for("followup.show", id=id))
    page = render_template(
        "followup/case.html",
        case=case,
        history=history,
        acts=acts,
        decides=decides,
        reads=reads,
        outlook=outlook,
        under_way=under_way,
        may_review=decides and reads and case.is_open and case.may_be_reviewed,
        form=form,
        today=here.today(),
    )
    return page, _status(form)


@blueprint.route("/atgard/<id>", methods=["GET", "POST"])
@login_required
def change(id: str) -> Page:
    """Change an action."""
    person = here.person()
    with here.store().reading() as db:
        planned = reading.planned(db, person, id)
        case = reading.case(db, person, planned.follow_up)[0] if planned.follow_up else None
    back = _back_to(planned.follow_up, planned.inspection, planned.criterion)
    form, other = ChangeForm(data=_as_data(planned.step)), None
    if not form.is_submitted() and case and not case.is_open:
        return redirect(back)
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                acting.change(db, here.box(), person, id, form.mark.data or "", _wanted(form), here.now())
        except ChangedMeanwhile as refused:
            _put(form, refused)
            form.mark.data, other = planned.step.mark, planned.step
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Åtgärden är sparad."), "info")
            return redirect(back)
    page = render_template(
        "followup/action.html", form=form, case=case, back=back, other=other, today=here.today()
    )
    return page, _status(form)


@blueprint.route("/ny", methods=["GET", "POST"])
@login_required
def new() -> Page:
    """Plan an action for a finding, or take it up as a follow-up."""
    person, id = here.person(), request.args.get("inspektion", "")
    criterion = request.args.get("kriterium", "")
    try:
        with here.store().reading() as db:
            found = acting.finding(db, person, id, criterion)
    except NoFinding:
        raise NoPage from None
    if found.follow_up:
        return redirect(url_for("followup.show", id=found.follow_up))
    taking_up = request.form.get("act") == "take_up"
    form = ActionForm(formdata=None) if taking_up else ActionForm()
    try:
        if taking_up:
            return _take_up(id, criterion)
        if form.validate_on_submit():
            with here.store().writing() as db:
                acting.add_loose(db, here.box(), person, id, criterion, _wanted(form))
            flash(_("Åtgärden är tillagd."), "info")
            return redirect(_back_to("", id, criterion))
    except Refused as refused:
        _put(form, refused)
    return _new_page(found, form), _status(form)


@blueprint.route("/<id>/beslut", methods=["GET", "POST"])
@login_required
def decide(id: str) -> Page:
    """Close, dismiss or open again, with a reason."""
    person = here.person()
    with here.store().reading() as db:
        case, _history = reading.case(db, person, id)
    if not may_decide(person, case.place):
        raise NotFound
    form = DecisionForm()
    if form.validate_on_submit():
        done, said = _decision()
        try:
            with here.store().writing() as db:
                done(db, form.reason.data)
        except Refused as refused:
            _put(form, refused)
        else:
            flash(said, "info")
            return redirect(url_for("followup.show", id=id))
    return render_template("followup/decide.html", case=case, form=form, today=here.today()), _status(form)


def _decision() -> tuple[Callable[[Any, str], None], str]:
    """Give what the pressed button does, and how it is told afterwards."""
    id, box, person = (request.view_args or {})["id"], here.box(), here.person()
    now, today = here.now(), here.today()
    match request.form.get("act"):
        case "close":
            return lambda db, reason: acting.close(db, box, person, id, reason, now, today), _(
                "Uppföljningen är avslutad."
            )
        case "dismiss":
            return lambda db, reason: acting.dismiss(db, box, person, id, reason, now, today), _(
                "Uppföljningen är avskriven."
            )
        case "reopen":
            return lambda db, reason: acting.reopen(db, box, person, id, reason, now), _(
                "Uppföljningen är öppen igen."
            )
        case _:
            raise NoPage


def _take_up(id: str, criterion: str) -> Page:
    with here.store().writing() as db:
        kept = acting.take_up(db, here.box(), here.person(), id, criterion, here.now(), here.today())
    flash(_("Bristen följs nu upp."), "info")
    return redirect(url_for("followup.show", id=kept))


def _new_page(found: Finding, form: ActionForm) -> str:
    rows = found.result.rows(chosen_language())
    return render_template(
        "followup/new.html",
        found=found,
        about=found.result.summary,
        row=next(row for row in (*rows.breaches, *rows.improve) if row.id == found.criterion),
        form=form,
        today=here.today(),
        mend_by=mend_by(here.today()),
        address=_back_to("", found.result.summary.id, found.criterion),
    )


def _back_to(follow_up: str, inspection: str, criterion: str) -> str:
    """Give the address of the page where an action stands."""
    if follow_up:
        return url_for("followup.show", id=follow_up)
    return url_for("followup.new", inspektion=inspection, kriterium=criterion)


def _wanted(form: ActionForm) -> Wanted:
    return Wanted(
        what=form.what.data,
        who=form.who.data or "",
        due_on=form.due_on.data,
        status=Progress(form.status.data),
        evidence=form.evidence.data or "",
    )


def _as_data(step: Step) -> dict[str, Any]:
    return {
        "what": step.what,
        "who": step.who,
        "due_on": step.due_on,
        "status": step.status,
        "evidence": step.evidence,
        "mark": step.mark,
    }


def _put(form: FlaskForm, refusal: Refused) -> None:
    """Set a refusal beside the input it concerns, else beside the first."""
    field = form[refusal.field or next(iter(form)).name]
    field.errors = [*field.errors, sentence(refusal)]


def _status(form: FlaskForm) -> int:
    return 422 if form.is_submitted() else 200


@blueprint.app_template_global()
def area_or_criterion(case: Case) -> str:
    """Name what a follow-up is about: its criterion, else the area of the deficiency."""
    return case.criterion or str(_("Område %(area)s", area=case.area))
