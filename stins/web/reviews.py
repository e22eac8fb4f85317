"""The register of external reviews: what was found, by whom and when, and when the next is due."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from stins.services import reviews
from stins.services.invite import current_catalogue
from stins.services.refusals import Refused, Several
from stins.services.reviews.values import SHORTCOMINGS_MOST, Review, Shortcoming, Wanted
from stins.services.rights import UNIT_OFFICES, Office, Person, Place, may_register
from stins.services.words import Grade
from stins.services.workbooks import Faulty, Unreadable
from stins.web import here
from stins.web.fields import Day
from stins.web.language import chosen_language
from stins.web.lists import page_asked
from stins.web.sentences import sentence
from stins.web.spreadsheets import UPLOAD_MOST, Wrong, spreadsheet

blueprint = Blueprint("reviews", __name__, url_prefix="/granskningar")

Page = str | Redirect | Response | tuple[str, int]

NUMBERS = range(1, SHORTCOMINGS_MOST + 1)
SHOWN_FIRST = 3


class ReviewForm(FlaskForm):
    """A review. Grades are added for the catalogue's areas, and rows for deficiencies.

    What is wrong is told by the service, everything at once.
    """

    unit_id = SelectField(_l("Enhet"), [InputRequired(_l("Välj enhet."))])
    reported_on = Day(_l("Rapportens dag"), example="2026-05-13")
    reviewer = StringField(_l("Granskare"))
    report = StringField(_l("Rapport"))
    reason = TextAreaField(_l("Varför rättas granskningen?"))


class RemoveForm(FlaskForm):
    """Why a review is removed, where something it found is followed up."""

    reason = TextAreaField(_l("Varför tas granskningen bort?"))


class SheetForm(FlaskForm):
    """A spreadsheet with many reviews."""

    file = FileField(_l("Ifyllt kalkylblad (.xlsx)"), [FileRequired(_l("Välj kalkylbladet."))])


@blueprint.url_value_preprocessor
def _allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "reviews.import_":
        request.max_content_length = UPLOAD_MOST


@blueprint.get("")
@login_required
def list_() -> Page:
    """List the reviews that the person may know of; to those who oversee units, with the five-year clock."""
    person = here.person()
    if not person.holds(*UNIT_OFFICES, Office.OVS, Office.REGION):
        raise NoPage
    oversees = person.holds(Office.OVS, Office.REGION)
    with here.store().reading() as db:
        found = reviews.reviews(db, person, page_asked("registrerade"))
        clocks = reviews.clock_page(db, person, here.today(), page_asked("klockor")) if oversees else None
        registers = bool(reviews.units_for(db, person))
    return render_template(
        "reviews/list.html",
        reviews=found,
        clocks=clocks,
        oversees=oversees,
        registers=registers,
    )


@blueprint.route("/ny", methods=["GET", "POST"])
@login_required
def register() -> Page:
    """Register a review."""
    person = here.person()
    form = _form()(data={"unit_id": request.args.get("enhet", "")})
    form.unit_id.choices = [SelectChoice(unit.id, unit.name) for unit in _units(person)]
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                id = reviews.register(db, here.box(), person, _wanted(form), here.now(), here.today()).id
        except Several as several:
            _put(form, several.refusals)
        else:
            _say_what_follows(form)
            return redirect(url_for("reviews.show", id=id))
    elif form.is_submitted() and not form.unit_id.errors:
        with here.store().reading() as db:
            _put(form, reviews.faults(db, person, _wanted(form), here.today()))
    return _register_page(form, None)


@blueprint.route("/<id>/andra", methods=["GET", "POST"])
@login_required
def correct(id: str) -> Page:
    """Correct a registered review."""
    person = here.person()
    with here.store().reading() as db:
        review = reviews.review(db, person, id)
    if not may_register(person, review.place):
        raise NoPage
    form = _form()(data=_as_data(review))
    form.unit_id.choices = [SelectChoice(review.place.id, review.place.name)]
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                reviews.correcting.correct(
                    db,
                    here.box(),
                    person,
                    id,
                    _wanted(form),
                    form.reason.data or "",
                    here.now(),
                    here.today(),
                )
        except Several as several:
            _put(form, several.refusals)
        else:
            flash(_("Granskningen är rättad."), "info")
            return redirect(url_for("reviews.show", id=id))
    elif form.is_submitted():
        with here.store().reading() as db:
            faults = reviews.correcting.faults(
                db, person, id, _wanted(form), form.reason.data or "", here.today()
            )
        _put(form, faults)
    return _register_page(form, review)


@blueprint.route("/<id>/ta-bort", methods=["GET", "POST"])
@login_required
def remove(id: str) -> Page:
    """Remove a review that should not have been registered, having asked."""
    person = here.person()
    with here.store().reading() as db:
        review = reviews.review(db, person, id)
    if not may_register(person, review.place):
        raise NoPage
    form, refused = RemoveForm(), ""
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                reviews.correcting.remove(db, here.box(), person, id, form.reason.data or "", here.now())
        except Refused as refusal:
            if refusal.field:
                _put(form, [refusal])
            else:
                refused = sentence(refusal)
        else:
            flash(_("Granskningen är borttagen."), "info")
            return redirect(url_for("reviews.list_"))
    page = render_template("reviews/remove.html", form=form, review=review, refused=refused)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/las-in", methods=["GET", "POST"])
@login_required
def import_() -> Page:
    """Register many reviews from a spreadsheet, all of them or none."""
    _units(here.person())
    form = SheetForm()
    wrong = Wrong(())
    if form.validate_on_submit():
        registered = _import(form)
        if isinstance(registered, int):
            flash(
                ngettext("En granskning är inläst.", "%(num)s granskningar är inlästa.", registered), "info"
            )
            return redirect(url_for("reviews.list_"))
        wrong = registered
    page = render_template("reviews/import.html", form=form, wrong=wrong)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/mall.xlsx")
@login_required
def template() -> Page:
    """Give a blank spreadsheet for many reviews."""
    with here.store().reading() as db:
        content = reviews.template(db, here.person())
    return spreadsheet(content, _("Externa granskningar"))


@blueprint.get("/<id>")
@login_required
def show(id: str) -> Page:
    """Show a review with what it found."""
    with here.store().reading() as db:
        review = reviews.review(db, here.person(), id)
    registers = may_register(here.person(), review.place)
    return render_template("reviews/review.html", review=review, areas=_areas(), registers=registers)


@blueprint.app_template_filter()
def graded(review: Review) -> str:
    """Write a review's grades on one line, such as ``A: B, D: D``."""
    return ", ".join(f"{area}: {grade}" for area, grade in sorted(review.grades.items()))


def _import(form: SheetForm) -> int | Wrong:
    """Register what is in the file, or say everything that is wrong. The file itself is not kept."""
    try:
        grid = reviews.read_sheet(form.file.data.read(), form.file.data.filename)
        with here.store().writing() as db:
            return reviews.import_(db, here.box(), here.person(), grid, here.now(), here.today())
    except Unreadable as unreadable:
        return Wrong([unreadable.fault.said(_)])
    except Faulty as faulty:
        return Wrong(faulty.said(_))


def _units(person: Person) -> tuple[Place, ...]:
    with here.store().reading() as db:
        units = reviews.units_for(db, person)
    if not units:
        raise NoPage
    return units


def _areas() -> dict[str, str]:
    lang = chosen_language()
    return {area.id: area.name.plain(lang) for area in current_catalogue().areas.values()}


def _form() -> type[ReviewForm]:
    """Add a grade for each area and a row for each deficiency."""
    areas = _areas()
    fields: dict[str, Any] = {
        f"grade_{id}": SelectField(
            f"{id} {name}",
            choices=[SelectChoice("", _("Inget betyg")), *(SelectChoice(grade, grade) for grade in Grade)],
        )
        for id, name in areas.items()
    }
    named = [SelectChoice(id, f"{id} {name}") for id, name in areas.items()]
    for number in NUMBERS:
        fields[f"id_{number}"] = HiddenField()
        fields[f"area_{number}"] = SelectField(
            _("Område"), choices=[SelectChoice("", _("Välj område")), *named]
        )
        fields[f"text_{number}"] = TextAreaField(_("Vad som brister"))
        fields[f"regulation_{number}"] = BooleanField(_("Bristen strider mot en föreskrift"))
    return type("ReviewFormWithAreas", (ReviewForm,), fields)


def _register_page(form: ReviewForm, review: Review | None) -> Page:
    page = render_template(
        "reviews/register.html",
        form=form,
        review=review,
        areas=_areas(),
        rows=[_row(form, number) for number in NUMBERS],
        shown_first=SHOWN_FIRST,
        rest_open=any(_is_used(form, number) for number in NUMBERS[SHOWN_FIRST:]),
        today=here.today(),
    )
    return page, 422 if form.is_submitted() else 200


def _as_data(review: Review) -> dict[str, Any]:
    data: dict[str, Any] = {
        "unit_id": review.place.id,
        "reported_on": review.reported_on,
        "reviewer": review.reviewer,
        "report": review.report,
    }
    data |= {f"grade_{area}": grade for area, grade in review.grades.items()}
    for number, each in enumerate(review.shortcomings, 1):
        data |= {
            f"id_{number}": each.id,
            f"area_{number}": each.area,
            f"text_{number}": each.text,
            f"regulation_{number}": each.regulation,
        }
    return data


def _wanted(form: ReviewForm) -> Wanted:
    return Wanted(
        unit_id=form.unit_id.data,
        reported_on=form.reported_on.data,
        reviewer=form.reviewer.data or "",
        grades={id: form[f"grade_{id}"].data for id in _areas()},
        report=form.report.data or "",
        shortcomings=tuple(
            Shortcoming(
                area=form[f"area_{number}"].data,
                text=form[f"text_{number}"].data or "",
                regulation=form[f"regulation_{number}"].data,
                id=form[f"id_{number}"].data or "",
            )
            for number in NUMBERS
        ),
    )


def _put(form: FlaskForm, refusals: list[Refused]) -> None:
    """Set each refusal beside the input it concerns, unless something is said there already."""
    for refusal in refusals:
        field = form[refusal.field]
        if not field.errors:
            field.errors = [sentence(refusal)]


def _row(form: ReviewForm, number: int) -> tuple[int, Any, Any, Any]:
    return number, form[f"area_{number}"], form[f"text_{number}"], form[f"regulation_{number}"]


def _is_used(form: ReviewForm, number: int) -> bool:
    _number, *fields = _row(form, number)
    return any(field.data or field.errors for field in fields)


def _say_what_follows(form: ReviewForm) -> None:
    followed = sum(each.regulation for each in _wanted(form).shortcomings)
    flash(_("Granskningen är registrerad."), "info")
    if followed:
        flash(
            ngettext(
                "En brist mot en föreskrift följs nu upp. Den ska vara åtgärdad inom sex månader från "
                "rapportens dag.",
                "%(num)s brister mot föreskrifter följs nu upp. De ska vara åtgärdade inom sex månader från "
                "rapportens dag.",
                followed,
            ),
            "info",
        )
