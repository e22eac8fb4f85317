"""The written report: begun, edited, signed, decided on, and given as files."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from stins.services.followup import reporting
from stins.services.followup.reporting import Paper, Written
from stins.services.followup.reporting.values import EditedMeanwhile, NothingToReport
from stins.services.refusals import NotFound, Refused
from stins.web import here
from stins.web.fields import Day
from stins.web.language import chosen_language
from stins.web.sentences import sentence

blueprint = Blueprint("followup_reports", __name__, url_prefix="/uppfoljning/rapport")

Page = str | Redirect | Response | tuple[str, int]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class OfVersion(FlaskForm):
    """What is done with the version that was read, and with no other."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class TextForm(OfVersion):
    """The text of a report."""

    text = TextAreaField(_l("Rapportens text"))


class SignForm(OfVersion):
    """For which units somebody signs."""

    units = SelectMultipleField(
        _l("Jag skriver under för"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )


class PaperForm(OfVersion):
    """A signature on paper."""

    unit = SelectField(_l("Enhet"), validate_choice=False)
    name = StringField(_l("Vem har skrivit under?"))
    signed_on = Day(_l("Dagen på papperet"), [Optional()], example="2026-12-13")


class DecisionForm(OfVersion):
    """Why a report is returned. The buttons name the decision."""

    comment = TextAreaField(_l("Kommentar till enheten"))


@blueprint.route("/ny", methods=["GET", "POST"])
@login_required
def new() -> Page:
    """Show what a report would tell of, and begin it."""
    person = here.person()
    of = {"inspection": request.args.get("inspektion", ""), "review": request.args.get("granskning", "")}
    if bool(of["inspection"]) == bool(of["review"]):
        raise NoPage
    form = FlaskForm()
    try:
        if form.validate_on_submit():
            with here.store().writing() as db:
                lang, now, today = chosen_language(), here.now(), here.today()
                id = reporting.begin(db, here.box(), person, lang, now, today, **of)
            flash(_("Utkastet är skrivet. Läs igenom det och ändra det du vill."), "info")
            return redirect(url_for("followup_reports.show", id=id))
        with here.store().reading() as db:
            about = reporting.beginning(db, person, **of)
    except NothingToReport:
        raise NoPage from None
    if about.report:
        return redirect(url_for("followup_reports.show", id=about.report))
    return render_template("followup/report_new.html", about=about, today=here.today())


@blueprint.route("/<id>", methods=["GET", "POST"])
@login_required
def show(id: str) -> Page:
    """Show a report and what is to be done next; send it to be signed, or let its draft be written anew."""
    found = _found(id)
    form = OfVersion(data={"number": found.current.number})
    if form.is_submitted() and not found.may_act:
        raise NotFound
    if form.validate_on_submit():
        return _done(id, *_written(form.number.data))
    return _page("followup/report.html", found, form=form)


@blueprint.route("/<id>/text", methods=["GET", "POST"])
@login_required
def edit(id: str) -> Page:
    """Edit the text; each saved text is a version of its own."""
    found = _found(id)
    if not found.may_act:
        raise NotFound
    if not found.may_write and request.method == "GET":
        return redirect(url_for("followup_reports.show", id=id))
    form = TextForm(data={"text": found.current.text, "number": found.current.number})
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                text, number = form.text.data or "", form.number.data
                reporting.edit(db, here.box(), here.person(), id, text, number, here.now(), here.today())
        except EditedMeanwhile as refused:
            _put(form, refused)
            form.number.raw_data, form.number.data = None, refused.about["number"]
        except Refused as refused:
            _put(form, refused)
        else:
            flash(_("Texten är sparad som en ny version."), "info")
            return redirect(url_for("followup_reports.show", id=id))
    return _page("followup/report_text.html", found, form=form)


@blueprint.route("/<id>/underskrift", methods=["GET", "POST"])
@login_required
def sign(id: str) -> Page:
    """Sign the report, or record that it was signed on paper."""
    found = _found(id)
    if not (found.signs or found.records):
        return _not_now(found)
    on_paper = request.form.get("act") == "record"
    form, paper = _signing(found, on_paper=on_paper)
    used: FlaskForm = paper if on_paper else form
    if request.method == "POST" and used.validate():
        try:
            with here.store().writing() as db:
                last = _record(db, id, paper) if on_paper else _sign(db, id, form)
        except Refused as refused:
            if not refused.field:
                return _told(refused, id)
            _put(used, refused)
        else:
            flash(_signed_said(last=last), "info")
            return redirect(url_for("followup_reports.show", id=id))
    return _page("followup/report_sign.html", found, form=form, paper=paper)


@blueprint.route("/<id>/beslut", methods=["GET", "POST"])
@login_required
def decide(id: str) -> Page:
    """Approve the report, or return it with a comment."""
    found = _found(id)
    if not found.may_decide:
        raise NotFound
    if not found.decides and request.method == "GET":
        return redirect(url_for("followup_reports.show", id=id))
    form = DecisionForm(data={"number": found.current.number})
    if form.validate_on_submit():
        try:
            with here.store().writing() as db:
                said = _decided(db, id, form)
        except Refused as refused:
            _put(form, refused)
            found = _found(id)
            form.number.raw_data, form.number.data = None, found.current.number
        else:
            flash(said, "info")
            return redirect(url_for("followup_reports.show", id=id))
    return _page("followup/report_decide.html", found, form=form)


@blueprint.get("/<id>/version/<int:number>")
@login_required
def version(id: str, number: int) -> Page:
    """Show an older version of the text."""
    with here.store().reading() as db:
        found, shown = reporting.version(db, here.person(), id, number)
    return render_template("followup/report_version.html", report=found, version=shown)


@blueprint.get("/<id>.pdf")
@login_required
def pdf(id: str) -> Response:
    """Give the report as PDF."""
    with here.store().reading() as db:
        found = reporting.report(db, here.person(), id)
        content = reporting.as_pdf(db, here.person(), id)
    return _file(content, "application/pdf", found, "pdf")


@blueprint.get("/<id>.docx")
@login_required
def docx(id: str) -> Response:
    """Give the report as a Word document."""
    with here.store().reading() as db:
        found = reporting.report(db, here.person(), id)
        content = reporting.as_docx(db, here.person(), id)
    return _file(content, DOCX, found, "docx")


def _found(id: str) -> Written:
    with here.store().reading() as db:
        return reporting.report(db, here.person(), id)


def _written(number: int) -> tuple[Callable[[Any], None], str]:
    """Give what the pressed button does with a draft, and how it is told afterwards."""
    id, box, person = (request.view_args or {})["id"], here.box(), here.person()
    now, today, lang = here.now(), here.today(), chosen_language()
    match request.form.get("act"):
        case "send":
            return lambda db: reporting.send(db, box, person, id, number, now, today), _(
                "Rapporten väntar nu på underskrift."
            )
        case "redraft":
            return lambda db: reporting.redraft(db, box, person, id, lang, now), _(
                "Utkastet är skrivet på nytt. Den förra texten finns kvar bland versionerna."
            )
        case _:
            raise NoPage


def _done(id: str, do: Callable[[Any], None], said: str) -> Page:
    try:
        with here.store().writing() as db:
            do(db)
    except Refused as refused:
        return _told(refused, id)
    flash(said, "info")
    return redirect(url_for("followup_reports.show", id=id))


def _signing(found: Written, *, on_paper: bool) -> tuple[SignForm, PaperForm]:
    """Give both forms, of which the one that was sent holds what was sent."""
    sent = request.form if request.method == "POST" else None
    number = {"number": found.current.number}
    signed = {**number, "units": [unit.id for unit in found.signs]}
    form = SignForm(None if on_paper else sent, data=signed)
    paper = PaperForm(sent if on_paper else None, data=number)
    form.units.choices = [SelectChoice(unit.id, unit.name) for unit in found.signs]
    paper.unit.choices = [SelectChoice(unit.id, unit.name) for unit in found.records]
    return form, paper


def _not_now(found: Written) -> Redirect:
    """Lead to the report's page whoever signs there another time; for others there is nothing here."""
    if not (found.may_sign or found.may_decide):
        raise NotFound
    if request.method == "POST":
        flash(_("Ingen underskrift från dig väntas nu. Läs här vad som gäller."), "error")
    return redirect(url_for("followup_reports.show", id=found.id))


def _signed_said(*, last: bool) -> str:
    if last:
        return _("Underskriften är sparad. Rapporten är nu inlämnad till övergripande studierektor.")
    return _("Underskriften är sparad.")


def _sign(db: Any, id: str, form: SignForm) -> bool:
    number, units = form.number.data, frozenset(form.units.data or ())
    return reporting.sign(db, here.box(), here.person(), id, number, units, here.now(), here.today())


def _record(db: Any, id: str, form: PaperForm) -> bool:
    paper = Paper(form.unit.data or "", form.name.data or "", form.signed_on.data)
    number = form.number.data
    return reporting.record(db, here.box(), here.person(), id, number, paper, here.now(), here.today())


def _decided(db: Any, id: str, form: DecisionForm) -> str:
    box, person, number, comment = here.box(), here.person(), form.number.data, form.comment.data or ""
    match request.form.get("act"):
        case "approve":
            reporting.approve(db, box, person, id, number, comment, here.now(), here.today())
            return _("Rapporten är godkänd.")
        case "return":
            reporting.return_(db, box, person, id, number, comment, here.now(), here.today())
            return _("Rapporten är tillbaka hos enheten.")
        case _:
            raise NoPage


def _told(refused: Refused, id: str) -> Redirect:
    """Tell on the report's page what concerns no input: the report is not where it was."""
    flash(sentence(refused), "error")
    return redirect(url_for("followup_reports.show", id=id))


def _put(form: FlaskForm, refusal: Refused) -> None:
    """Set a refusal beside the input it concerns, else beside the first that is shown."""
    shown = [field.name for field in form if not isinstance(field.widget, HiddenInput)]
    field = form[refusal.field or shown[0]]
    field.errors = [*field.errors, sentence(refusal)]


def _page(template: str, found: Written, **more: Any) -> tuple[str, int]:
    status = 422 if request.method == "POST" else 200
    return render_template(template, report=found, today=here.today(), **more), status


def _file(content: bytes, kind: str, found: Written, ending: str) -> Response:
    response = Response(content, content_type=kind)
    name = _("Uppföljning %(place)s %(day)s", place=found.place.name, day=found.source.day)
    kept = "".join(letter for letter in name if letter.isalnum() or letter in " -_")
    response.headers.set("Content-Disposition", "attachment", filename=f"{kept}.{ending}")
    return response
