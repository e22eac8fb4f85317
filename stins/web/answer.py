"""Respondents' pages: the code, the questionnaire, handing in. No cookie, no session, no log of who."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from stins.services import answer, promise
from stins.services.answer import Ended, Handed, NoSuchCode
from stins.store.opening import Unreachable
from stins.web import here
from stins.web.language import chosen_language
from stins.web.sentences import AREA_FIELD, CLOSING_FIELDS

blueprint = Blueprint("answer", __name__)

ACCESSIBILITY_TOLD = date(2026, 11, 26)
"""When the accessibility statement was last gone through; the law demands that it is told."""

Page = str | Response | tuple[str | Response, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the page shows it, with what was chosen and what is wrong."""

    id: str
    number: int
    text: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Field:
    """A comment field as the page shows it."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True, slots=True)
class Section:
    """An area of the questionnaire, or the outcomes (then ``id`` is empty), with its comment field if any."""

    id: str
    name: str
    questions: tuple[Asked, ...]
    comment: Field | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary: what is wrong and where the link goes."""

    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The whole form page."""

    form: answer.Form
    code: str
    sections: tuple[Section, ...]
    closing: tuple[Field, ...]
    problems: tuple[Problem, ...]
    understood: bool
    understood_error: str
    total: int
    areas: int


@blueprint.get("/svara")
def ask_code() -> Page:
    """Ask for the code. The fragment of the slip's address fills it in, where scripts run."""
    return render_template("answer/code.html", error="")


@blueprint.post("/svara")
def show() -> Page:
    """Show the promise and the questionnaire, or one text for every code that does not open it."""
    code = request.form.get("code", "")
    try:
        with here.store().reading() as db:
            form = answer.form(db, here.box(), code)
    except NoSuchCode:
        return render_template("answer/code.html", error=_no_such_code(), code=code), 422
    except promise.Broken:
        return render_template("answer/stopped.html"), 503
    return _questionnaire(form, code, _empty(form))


@blueprint.post("/svara/lamna-in")
def hand_in() -> Page:
    """Take a complete form; give an incomplete one back with everything in it."""
    code = request.form.get("code", "")
    try:
        with here.store().reading() as db:
            form = answer.form(db, here.box(), code)
        filled = _form_class(form)(request.form)
        if "byt_sprak" in request.form:
            return _questionnaire(form, code, filled)
        if not filled.validate():
            return _questionnaire(form, code, filled), 422
        with here.store().writing() as db:
            handed = answer.hand_in(db, here.box(), code, _answers(form, filled), _comments(form, filled))
    except (NoSuchCode, Ended):
        return render_template("answer/ended.html"), 410
    except promise.Broken:
        return render_template("answer/stopped.html"), 503
    except Unreachable:
        # Without the database there is no form to give back, but what was sent can be kept in the page.
        return render_template("answer/again.html", sent=request.form.items(multi=True)), 503
    return _answered("receipt" if handed is Handed.RECEIVED else "already")


@blueprint.get("/sa-skyddas-ditt-svar")
def protection() -> Page:
    """Tell how answers are protected: for one inspection's own settings, or for all where none is named."""
    with here.store().reading() as db:
        terms = promise.told(db, request.args.get("inspektion", ""))
    return render_template("answer/protection.html", told=terms, operator=here.settings().operator)


@blueprint.get("/tillganglighet")
def accessibility() -> Page:
    """The accessibility statement."""
    return render_template(
        "answer/accessibility.html", contact=here.settings().contact, updated=ACCESSIBILITY_TOLD
    )


def _answered(page: str) -> Response:
    # Received now or before: either way there is an answer, and the browser is to keep nothing of it.
    response = make_response(render_template(f"answer/{page}.html"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _no_such_code() -> str:
    return _("Koden öppnar ingen enkät. Kontrollera tecknen och att sista dagen inte har passerat.")


# --- The form, validated by WTForms and rendered by plain templates ---------------------------------------


class _Answers(Form):
    """What every questionnaire's form shares: fields are added for the role's questions."""


@lru_cache(maxsize=64)
def _form_for(
    questions: tuple[str, ...],
    comments: tuple[str, ...],
    is_dialogue: bool,  # noqa: FBT001 - a cache key
) -> type[_Answers]:
    choices = [SelectChoice(value, value) for value in ("3", "2", "1", "0", "vet_ej", "ej_aktuellt")]
    missing = InputRequired(_l("Välj ett svar. Vet du inte, välj Vet ej."))
    fields: dict[str, Any] = {
        id: RadioField(choices=choices, validators=[missing], coerce=_text) for id in questions
    }
    long = Length(max=2000, message=_l("Kommentaren är för lång. Korta den till högst 2 000 tecken."))
    for name in comments:
        fields[f"comment_{name}"] = TextAreaField(validators=[long], filters=[_one_newline])
    if comments:
        fields[f"validate_comment_{comments[-1]}"] = _all_fit
    if is_dialogue:
        understood = InputRequired(_l("Kryssa i att du har förstått innan du lämnar in."))
        fields["understood"] = BooleanField(validators=[understood])
    return type("Answers", (_Answers,), fields)


def _form_class(form: answer.Form) -> type[_Answers]:
    return _form_for(tuple(q.id for q in form.questions), form.comment_fields, form.is_dialogue)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _one_newline(text: str | None) -> str:
    # Browsers send a line's end as two characters, but count it as one.
    return (text or "").replace("\r\n", "\n")


def _all_fit(form: _Answers, _field: object) -> None:
    texts = (field.data for name, field in form._fields.items() if name.startswith("comment_"))
    if sum(len(text.encode()) for text in texts) > promise.COMMENT_BYTES:
        raise ValidationError(_("Kommentarerna är för långa tillsammans. Korta någon av dem."))


def _empty(form: answer.Form) -> _Answers:
    return _form_class(form)()


def _answers(form: answer.Form, checked: _Answers) -> Mapping[str, object]:
    values = {question.id: str(checked[question.id].data) for question in form.questions}
    return {id: int(value) if value.isdigit() else value for id, value in values.items()}


def _comments(form: answer.Form, checked: _Answers) -> Mapping[str, str]:
    texts = {name: str(checked[f"comment_{name}"].data) for name in form.comment_fields}
    return {name: text for name, text in texts.items() if text.strip()}


def _questionnaire(form: answer.Form, code: str, filled: _Answers) -> str:
    lang = chosen_language()
    numbers = {question.id: number for number, question in enumerate(form.questions, 1)}

    def asked(area: str) -> tuple[Asked, ...]:
        return tuple(
            Asked(
                id=q.id,
                number=numbers[q.id],
                text=q.text.render(lang, form.parameters),
                value=str(filled[q.id].data or ""),
                error=_first(filled[q.id].errors),
            )
            for q in form.questions
            if q.area == area
        )

    def field(name: str, label: str) -> Field | None:
        if name not in form.comment_fields:
            return None
        held = filled[f"comment_{name}"]
        return Field(f"comment_{name}", label, held.data or "", _first(held.errors))

    sections = tuple(
        Section(area.id, area.name.plain(lang), asked(area.id), field(area.id, str(AREA_FIELD)))
        for area in form.terms.catalogue.areas.values()
        if asked(area.id)
    )
    outcomes = asked("")
    if outcomes:
        sections += (Section("", _("Till sist om din ST"), outcomes, None),)
    closing = tuple(filter(None, (field(name, str(label)) for name, label in CLOSING_FIELDS.items())))
    page = Questionnaire(
        form=form,
        code=code,
        sections=sections,
        closing=closing,
        problems=_problems(sections, closing, filled),
        understood=bool("understood" in filled and filled["understood"].data),
        understood_error=_first(filled["understood"].errors) if "understood" in filled else "",
        total=len(form.questions),
        areas=sum(bool(section.id) for section in sections),
    )
    return render_template("answer/questionnaire.html", page=page)


def _problems(
    sections: tuple[Section, ...], closing: tuple[Field, ...], filled: _Answers
) -> tuple[Problem, ...]:
    found = []
    if "understood" in filled and filled["understood"].errors:  # it stands before the first question
        found.append(Problem("understood", _first(filled["understood"].errors)))
    for section in sections:
        found += [
            Problem(f"q-{q.id}", _("Fråga %(number)s: %(text)s", number=q.number, text=q.text))
            for q in section.questions
            if q.error
        ]
        if section.comment and section.comment.error:
            found.append(Problem(section.comment.name, f"{section.name}: {section.comment.error}"))
    found += [Problem(field.name, field.error) for field in closing if field.error]
    return tuple(found)


def _first(errors: Any) -> str:
    return str(errors[0]) if errors else ""
