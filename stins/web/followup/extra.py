"""An extra internal review is planned, and a breach that one found met is closed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from stins.services import invite
from stins.services.followup import acting
from stins.services.followup.extra import Ground, Kept, Plan, ground, ground_of, plan
from stins.services.followup.extra import change as change_plan
from stins.services.inspections import Summary
from stins.services.refusals import Refused, Several
from stins.web import here
from stins.web.fields import Day
from stins.web.language import chosen_language
from stins.web.planning import PeopleForm, fact_fields, facts_in, facts_of, numbers, put, with_facts
from stins.web.sentences import ROLES, listed, sentence

blueprint = Blueprint("extra", __name__)

Page = str | Redirect | tuple[str, int]


class Areas(SelectMultipleField):
    """Areas to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ExtraForm(PeopleForm):
    """What an extra internal review is planned with. Facts are added for the catalogue's criteria."""

    scope = RadioField(
        _l("Vad gäller granskningen?"),
        choices=[
            SelectChoice("some", _l("Bara de områden som väljs här")),
            SelectChoice("whole", _l("Hela enkäten")),
        ],
        default="some",
    )
    areas = Areas(_l("Områden"))
    closes_on = Day(
        _l("Sista dag att svara"),
        [InputRequired(_l("Välj en dag, till exempel 2026-12-13."))],
        example="2026-12-13",
    )


class Button(FlaskForm):
    """A button that does one thing."""


@blueprint.route("/inspektioner/<id>/extra", methods=["GET", "POST"])
@login_required
def new(id: str) -> Page:
    """Plan an extra internal review of an inspection."""
    person, today = here.person(), here.today()
    with here.store().reading() as db:
        found = ground(db, person, id, _usual_last_day(), today)
    form = _form(found, None)
    return _answer(form, found, None, lambda db, wanted: plan(db, here.box(), person, id, wanted, today))


def change(draft: Summary) -> Page:
    """Change the plan of an extra internal review."""
    person, today = here.person(), here.today()
    if draft.state != "draft":
        raise NoPage
    with here.store().reading() as db:
        found = ground_of(db, person, draft.id, draft.closes_on, today)
    form = _form(found, draft)
    return _answer(form, found, draft, lambda db, wanted: change_plan(db, person, draft.id, wanted, today))


@blueprint.post("/uppfoljning/<id>/uppfylld")
@login_required
def met(id: str) -> Page:
    """Close a breach that an extra internal review has found met."""
    if not Button().validate_on_submit():
        raise NoPage
    try:
        with here.store().writing() as db:
            acting.close_as_met(db, here.box(), here.person(), id, here.now(), here.today())
    except Refused as refused:
        flash(sentence(refused), "error")
    else:
        flash(_("Uppföljningen är avslutad."), "info")
    return redirect(url_for("followup.show", id=id))


def _answer(form: ExtraForm, found: Ground, draft: Summary | None, keep: Callable[[Any, Plan], Kept]) -> Page:
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                kept = keep(db, _wanted(form))
        except Several as several:
            for refusal in several.refusals:
                put(form, refusal)
        else:
            _tell_left_out(kept)
            return redirect(url_for("invite.show", id=kept.id))
    page = render_template(
        "followup/extra.html", form=form, found=found, draft=draft, facts=_facts_by_area(form, found)
    )
    return page, 422 if form.is_submitted() else 200


def _tell_left_out(kept: Kept) -> None:
    if kept.left_out:
        roles = listed([str(ROLES[role]) for role in kept.left_out])
        flash(
            _("Inga koder skapas för %(roles)s: de valda områdena har ingen fråga dit.", roles=roles), "info"
        )


def _form(found: Ground, draft: Summary | None) -> ExtraForm:
    before = draft or found.first
    chosen = draft.areas if draft else found.areas
    values = facts_in({**found.facts, **(draft.facts if draft else {})})
    values["scope"] = "whole" if chosen is None else "some"
    values["areas"] = list(chosen or found.areas)
    values["closes_on"] = draft.closes_on if draft else _last_day(found)
    values["people"] = dict(before.eligible)
    form = with_facts(ExtraForm, found.catalogue)(
        formdata=request.form if request.method == "POST" else None, data=values
    )
    form.areas.choices = [
        SelectChoice(area.id, f"{area.id} {area.name.plain(chosen_language())}")
        for area in found.catalogue.areas.values()
    ]
    return form


def _wanted(form: ExtraForm) -> Plan:
    return Plan(
        closes_on=form.closes_on.data,
        eligible=numbers(form),
        areas=tuple(form.areas.data or ()) if form.scope.data == "some" else None,
        facts=facts_of(form),
    )


def _facts_by_area(form: ExtraForm, found: Ground) -> list[tuple[str, list[Any]]]:
    """Give the fields for facts under the names of their areas."""
    by_area: dict[str, list[Any]] = {}
    for field in fact_fields(form):
        by_area.setdefault(found.catalogue.criteria[field.name[5:]].area, []).append(field)
    areas = found.catalogue.areas
    return [(f"{id} {areas[id].name.plain(chosen_language())}", fields) for id, fields in by_area.items()]


def _last_day(found: Ground) -> date:
    """Give three weeks from the day when it can be opened, or the last day that a plan may have."""
    free_on = found.obstacle.free_on if found.obstacle else None
    wait = free_on - here.today() if free_on else timedelta(0)
    return min(_usual_last_day() + wait, here.today() + timedelta(days=invite.DAYS_MOST))


def _usual_last_day() -> date:
    return here.today() + timedelta(days=invite.DAYS_DEFAULT)
