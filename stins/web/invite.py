"""The studierektor plans an inspection, opens it, gets its codes and moves its last day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, DateField, FormField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from questionnaires.model import Fact
from stins.services import close, inspections, invite, organisation, reviews
from stins.services.inspections import Summary
from stins.services.invite import Plan, mailing
from stins.services.refusals import Refused, Several
from stins.services.rights import Place, may_lead, may_read, may_review
from stins.services.words import Comments, Mode
from stins.web import here
from stins.web.followup import extra
from stins.web.language import chosen_language
from stins.web.lists import page_asked
from stins.web.planning import PeopleForm, fact_fields, facts_in, facts_of, numbers, put, with_facts
from stins.web.sentences import sentence

blueprint = Blueprint("invite", __name__, url_prefix="/inspektioner")

Page = str | Redirect | tuple[str, int]


class PlanForm(PeopleForm):
    """What an inspection is planned with. Facts are added for the catalogue's criteria."""

    unit_id = HiddenField()
    closes_on = DateField(
        _l("Sista dag att svara"), [InputRequired(_l("Välj en dag, till exempel 2026-12-13."))]
    )
    mode = RadioField(
        _l("Hur enkäten hålls"),
        choices=[
            SelectChoice(Mode.ANONYMOUS, _l("Anonymt")),
            SelectChoice(Mode.DIALOGUE, _l("Som underlag för samtal")),
        ],
        default=Mode.ANONYMOUS,
    )
    comments = BooleanField(_l("Låt de som svarar skriva kommentarer"))


class ExtendForm(FlaskForm):
    """A new last day."""

    closes_on = DateField(_l("Ny sista dag"), [InputRequired(_l("Välj en dag, till exempel 2026-12-13."))])


class Act(FlaskForm):
    """A button that does one thing."""


@blueprint.get("")
@login_required
def list_() -> Page:
    """List the inspections that the person may see."""
    with here.store().reading() as db:
        found = inspections.listed_page(db, here.person(), page_asked("alla"))
        can_plan = bool(invite.units_for(db, here.person()))
    return render_template("invite/list.html", page=found, can_plan=can_plan)


@blueprint.route("/ny", methods=["GET", "POST"])
@login_required
def plan() -> Page:
    """Plan a new inspection."""
    return _plan(None)


@blueprint.route("/<id>/andra", methods=["GET", "POST"])
@login_required
def change(id: str) -> Page:
    """Change a draft."""
    with here.store().reading() as db:
        about = inspections.summary(db, here.person(), id)
    return extra.change(about) if about.is_extra else _plan(id)


@blueprint.get("/<id>")
@login_required
def show(id: str) -> Page:
    """Show how far an inspection has come and what can be done with it."""
    person = here.person()
    with here.store().writing() as db:
        about = inspections.summary(db, person, id)
        runs = may_lead(person, about.place, extra=about.is_extra)
        participation = (
            close.preview(db, person, id, here.today()) if runs and about.state == "open" else None
        )
        obstacle = invite.obstacle(db, id, here.today()) if runs and about.state == "draft" else None
        mailed = mailing.is_mailed(db, id)
        draft = about.state == "draft"
        registered = invite.facts_registered(db, about.place.id, about.closes_on) if draft else {}
    return render_template(
        "invite/inspection.html",
        about=about,
        runs=runs,
        reviews=may_review(person, about.place),
        reads=may_read(person, about.place, dialogue=about.mode is Mode.DIALOGUE),
        participation=participation,
        obstacle=obstacle,
        mailed=mailed,
        facts=_facts_shown(about, registered),
        registered=registered,
        form=Act(),
        extend=ExtendForm(closes_on=about.closes_on + timedelta(days=14)),
        today=here.today(),
    )


@blueprint.route("/<id>/kasta", methods=["GET", "POST"])
@login_required
def throw_away(id: str) -> Page:
    """Ask whether a draft is to be thrown away, and throw it away."""
    if not Act().validate_on_submit():
        with here.store().reading() as db:
            about = inspections.summary(db, here.person(), id)
        if about.state != "draft" or not may_lead(here.person(), about.place, extra=about.is_extra):
            raise NoPage
        return render_template("invite/throw_away.html", about=about, form=Act())
    with here.store().writing() as db:
        invite.throw_away(db, here.person(), id)
    flash(_("Utkastet är borttaget."), "info")
    return redirect(url_for("invite.list_"))


@blueprint.post("/<id>/forlang")
@login_required
def extend(id: str) -> Page:
    """Move the last day of an open inspection."""
    form = ExtendForm()
    try:
        with here.store().writing() as db:
            invite.extend(db, here.box(), here.person(), id, form.closes_on.data, here.now(), here.today())
    except Refused as refused:
        flash(sentence(refused), "error")
    else:
        flash(_("Sista dagen är flyttad."), "info")
    return redirect(url_for("invite.show", id=id))


def _plan(id: str | None) -> Page:
    person = here.person()
    with here.store().reading() as db:
        units = invite.units_for(db, person)
        draft = inspections.summary(db, person, id) if id else None
        if not units or (draft and draft.state != "draft"):
            raise NoPage
        unit = draft.place if draft else _unit(units, request.values.get("unit_id"))
        if unit is None:
            return render_template("invite/choose.html", units=units)
        values = _held(draft) if draft else _remembered(db, unit)
        registered = invite.facts_registered(db, unit.id, values["closes_on"])
        reviewed = reviews.latest(db, unit.id) if registered else None
        group = invite.group_of(db, unit)
        has_reviewer = invite.comments_possible(db, unit.id)
        k = organisation.region_settings(db, unit, invite.current_catalogue()).k
    form = with_facts(PlanForm, invite.current_catalogue())(formdata=_sent(), data=values)
    form.unit_id.data = unit.id
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                kept = invite.plan(db, here.box(), person, _wanted(form), here.today(), draft_id=id)
            return redirect(url_for("invite.show", id=kept))
        except Several as several:
            for refusal in several.refusals:
                put(form, refusal)
    page = render_template(
        "invite/plan.html",
        form=form,
        draft=draft,
        unit=unit,
        group=group,
        leads_group=group in units,
        several=len(units) > 1,
        facts=fact_fields(form),
        registered=registered,
        reviewed=reviewed,
        is_remembered=not draft and bool(values["people"]) and not form.is_submitted(),
        has_reviewer=has_reviewer,
        k=k,
    )
    return page, 422 if form.is_submitted() else 200


def _sent() -> Any:
    return request.form if request.method == "POST" else None


def _unit(units: Sequence[Place], wanted: str | None) -> Place | None:
    """Give the unit that is asked for, if it is among the person's, or the only one there is."""
    found = next((unit for unit in units if unit.id == wanted), None)
    return units[0] if found is None and len(units) == 1 else found


def _remembered(db: Any, unit: Place) -> dict[str, Any]:
    """Give what is known of a unit since the last time, to be confirmed."""
    last_day = here.today() + timedelta(days=invite.DAYS_DEFAULT)
    people = invite.people_latest(db, unit.id)
    return facts_in(invite.facts_known(db, unit.id, last_day)) | {"closes_on": last_day, "people": people}


def _held(draft: Summary) -> dict[str, Any]:
    return facts_in(draft.facts) | {
        "closes_on": draft.closes_on,
        "people": dict(draft.eligible),
        "mode": draft.mode,
        "comments": draft.comments is not Comments.OFF,
    }


def _wanted(form: PlanForm) -> Plan:
    return Plan(
        unit_id=form.unit_id.data,
        closes_on=form.closes_on.data,
        eligible=numbers(form),
        facts=facts_of(form),
        comments=Comments.REVIEWED if form.comments.data else Comments.OFF,
        mode=Mode(form.mode.data),
    )


@blueprint.app_template_global()
def problems(form: Any) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a form for its error summary: the input's id and the sentence.

    Choices are named by their question: several in a row may lack an answer.
    """
    for field in form:
        if isinstance(field, FormField):
            yield from problems(field.form)
        elif field.errors and field.name != "csrf_token":
            about = f"{field.label.text} " if isinstance(field, RadioField) else ""
            yield from ((field.id, f"{about}{error}") for error in field.errors)


def _facts_shown(about: Summary, registered: Mapping[str, Fact]) -> list[tuple[str, str, Fact | None]]:
    cat = invite.current_catalogue()
    lang = chosen_language()
    stated = [c for c in cat.within(about.areas) if c.facts]
    facts = {**about.facts, **registered}
    return [(c.id, c.statement.plain(lang), facts.get(c.id)) for c in stated]


def _demand(form: FlaskForm) -> None:
    if not form.validate_on_submit():
        raise NoPage
