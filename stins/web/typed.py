"""The workbook: a blank one fetched, a filled-in one handed in."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from stins.services import invite, typed, workbooks
from stins.services.close import Stopped
from stins.services.rights import Place
from stins.web import here
from stins.web.language import chosen_language
from stins.web.spreadsheets import UPLOAD_MOST, Wrong, spreadsheet

blueprint = Blueprint("typed", __name__, url_prefix="/inspektioner/arbetsbok")

Page = str | Redirect | Response | tuple[str, int]


class UploadForm(FlaskForm):
    """A filled-in workbook, of which unit, and how it is laid out when it is not ours."""

    unit_id = SelectField(_l("Enhet"), [InputRequired(_l("Välj enhet."))])
    file = FileField(_l("Ifylld arbetsbok (.xlsx)"), [FileRequired(_l("Välj arbetsboken."))])
    layout = FileField(_l("Layoutfil (.toml), bara för en arbetsbok som är upplagd på annat sätt"))


@blueprint.url_value_preprocessor
def _allow_a_file(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = UPLOAD_MOST


@blueprint.route("", methods=["GET", "POST"])
@login_required
def workbook() -> Page:
    """Offer a blank workbook, and take a filled-in one."""
    units = _units()
    form = UploadForm(unit_id=request.args.get("enhet"))
    form.unit_id.choices = [SelectChoice(place.id, place.name) for place in units]
    wrong = Wrong(())
    if form.validate_on_submit():
        kept = _keep(form)
        if isinstance(kept, str):
            flash(_("Svaren är inlästa. Arbetsboken har inte sparats."), "info")
            return redirect(url_for("report.result", id=kept))
        wrong = kept
    page = render_template("typed/workbook.html", form=form, units=units, wrong=wrong)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/tom.xlsx")
@login_required
def blank() -> Page:
    """Give a blank workbook for a unit."""
    with here.store().reading() as db:
        place, content = workbooks.blank_for(
            db, here.person(), request.args.get("enhet", ""), chosen_language()
        )
    return spreadsheet(content, _("STINS-arbetsbok %(place)s", place=place.name))


def _units() -> tuple[Place, ...]:
    with here.store().reading() as db:
        units = invite.units_for(db, here.person())
    if not units:
        raise NoPage
    return units


def _keep(form: UploadForm) -> str | Wrong:
    """Read the file and store what is in it, or say everything that is wrong. The file itself is not kept."""
    try:
        read = typed.read_typed(form.file.data.read(), form.file.data.filename, _layout(form.layout.data))
        with here.store().writing() as db:
            return typed.keep(db, here.box(), here.person(), form.unit_id.data, read, here.moment())
    except workbooks.Unreadable as unreadable:
        return Wrong([unreadable.fault.said(_)])
    except workbooks.Faulty as faulty:
        return Wrong(faulty.said(_))
    except UnicodeDecodeError:
        return Wrong(
            [_("Layoutfilen är inte text i UTF-8. Spara den på nytt som UTF-8 och välj båda filerna igen.")]
        )
    except Stopped:
        current_app.logger.exception("typed answers are not kept")
        return Wrong(
            [
                _(
                    "Kontrollen av resultatet stoppade inläsningen. Det är inget du kan rätta i "
                    "arbetsboken: säg till den som driver tjänsten."
                )
            ]
        )


def _layout(file: FileStorage | None) -> str | None:
    if not file:
        return None
    return file.read().decode("utf-8-sig")
