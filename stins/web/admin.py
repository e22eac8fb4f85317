"""Who runs the installation keeps the tree of units, the accounts and the region's numbers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import EmailField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from stins.services import organisation, staff
from stins.services.invite import current_catalogue
from stins.services.mail import outbox
from stins.services.organisation import RegionSettings
from stins.services.refusals import NotFound, Refused
from stins.services.rights import Kind, Office, Place
from stins.web import here
from stins.web.language import chosen_language
from stins.web.sentences import KINDS, OFFICES, sentence

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

Page = str | Redirect | tuple[str, int]

WHOLE = _l("Skriv ett helt tal.")


class PlaceForm(FlaskForm):
    """A place in the tree."""

    name = StringField(_l("Namn"), [InputRequired(_l("Skriv ett namn.")), Length(max=200)])
    kind = SelectField(
        _l("Slag"),
        choices=[SelectChoice(k, KINDS[k]) for k in Kind if k is not Kind.REGION],
        default=Kind.ENHET,
    )
    parent_id = SelectField(_l("Hör till"))


class AccountForm(FlaskForm):
    """A member of staff with a first role."""

    name = StringField(_l("Namn"), [InputRequired(_l("Skriv ett namn.")), Length(max=200)])
    email = EmailField(_l("E-postadress"), [InputRequired(_l("Skriv en e-postadress.")), Length(max=254)])
    password = PasswordField(
        _l("Lösenord"), [InputRequired(_l("Skriv ett lösenord på minst 12 tecken.")), Length(max=200)]
    )
    office = SelectField(_l("Roll"), choices=[SelectChoice(office, OFFICES[office]) for office in Office])
    node_id = SelectField(_l("Var"))


class RoleForm(FlaskForm):
    """A role more for an account, or one taken away."""

    account_id = SelectField(_l("Konto"))
    office = SelectField(_l("Roll"), choices=[SelectChoice(office, OFFICES[office]) for office in Office])
    node_id = SelectField(_l("Var"))


class RegionForm(FlaskForm):
    """The region's numbers; the catalogue's parameters are added."""

    k = IntegerField(_l("Minsta antal ST-läkare och handledare bakom det som visas"), [InputRequired(WHOLE)])


@blueprint.get("")
@login_required
def admin() -> Page:
    """Show units and accounts."""
    return _page({})


@blueprint.post("/enheter")
@login_required
def add_place() -> Page:
    """Add a unit, a grupp or a förvaltning."""
    form = _forms()["place"]
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                kind, parent = Kind(form.kind.data), form.parent_id.data
                added = organisation.add_place(db, here.box(), kind, form.name.data, parent)
                staff.note(db, here.box(), here.now(), here.person().id, "place_added", added.id)
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("%(name)s är tillagd.", name=added.name), "info")
            return redirect(url_for("admin.admin"))
    return _page({"place": form}), 422


@blueprint.post("/konton")
@login_required
def add_account() -> Page:
    """Add an account with a role."""
    form = _forms()["account"]
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                id = staff.add_account(db, here.box(), form.name.data, form.email.data, form.password.data)
                staff.assign(db, id, form.node_id.data, Office(form.office.data))
                staff.note(db, here.box(), here.now(), here.person().id, "account_added", id)
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Kontot är skapat."), "info")
            return redirect(url_for("admin.admin"))
    return _page({"account": form}), 422


@blueprint.post("/roller")
@login_required
def change_role() -> Page:
    """Give an account a role, or take one away."""
    form = _forms()["role"]
    if form.validate_on_submit():
        account, node, office = form.account_id.data, form.node_id.data, Office(form.office.data)
        act = staff.withdraw if request.form.get("act") == "withdraw" else staff.assign
        try:
            with here.store().writing() as db:
                act(db, account, node, office)
                staff.note(db, here.box(), here.now(), here.person().id, act.__name__, account, office)
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Rollerna är ändrade."), "info")
            return redirect(url_for("admin.admin"))
    return _page({"role": form}), 422


@blueprint.post("/region/<id>")
@login_required
def set_region(id: str) -> Page:
    """Set a region's numbers."""
    _demand_admin()
    form = _region_form()()
    cat = current_catalogue()
    if form.validate_on_submit():
        wanted = RegionSettings(form.k.data, {name: form[name].data for name in cat.parameters})
        try:
            with here.store().writing() as db:
                organisation.set_region(db, id, wanted, cat)
                staff.note(db, here.box(), here.now(), here.person().id, "region_set", id)
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Regionens tal är ändrade och gäller nya inspektioner."), "info")
            return redirect(url_for("admin.admin"))
    return _page({"region": form}), 422


def _demand_admin() -> None:
    if not here.person().holds(Office.ADMIN):
        raise NotFound


def _forms(**given: Any) -> dict[str, Any]:
    _demand_admin()
    forms: dict[str, Any] = {
        "place": PlaceForm(**given),
        "account": AccountForm(**given),
        "role": RoleForm(**given),
    }
    with here.store().reading() as db:
        places, people = organisation.places(db), staff.people(db)
    everywhere = [SelectChoice(place.id, _indented(place)) for place in places]
    forms["place"].parent_id.choices = [
        SelectChoice(place.id, _indented(place)) for place in places if place.kind is not Kind.ENHET
    ]
    forms["account"].node_id.choices = forms["role"].node_id.choices = everywhere
    forms["role"].account_id.choices = [SelectChoice(who.id, f"{who.name} ({who.email})") for who in people]
    return forms


def _region_form() -> type[RegionForm]:
    fields = {
        id: IntegerField(parameter.name.plain(chosen_language()), [InputRequired(WHOLE)])
        for id, parameter in current_catalogue().parameters.items()
    }
    return type("RegionFormWithParameters", (RegionForm,), fields)


def _page(filled: dict[str, Any]) -> str:
    forms = _forms(formdata=None) | filled  # what was sent belongs to one form alone
    with here.store().reading() as db:
        places, people, unsent = organisation.places(db), staff.people(db), outbox.failures(db)
        region = next(place for place in places if place.kind is Kind.REGION)
        numbers = organisation.region_settings(db, region, current_catalogue())
    if "region" not in forms:
        forms["region"] = _region_form()(formdata=None, data={"k": numbers.k, **numbers.parameters})
    return render_template(
        "admin/admin.html", forms=forms, places=places, people=people, region=region, unsent=unsent
    )


def _indented(place: Place) -> str:
    return "\u2003" * list(Kind).index(place.kind) + place.name


def _put(form: FlaskForm, refusal: Refused) -> None:
    field = form[refusal.field]
    field.errors = [*field.errors, sentence(refusal)]
