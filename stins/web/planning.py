"""What the forms that plan an inspection share: people by role, the stated facts, and where errors stand."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form as PlainForm
from wtforms import FormField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from questionnaires.model import Catalogue, Fact, Role
from stins.services.invite import PEOPLE_MOST
from stins.services.refusals import Refused
from stins.web.language import chosen_language
from stins.web.sentences import FACTS, ROLES, sentence

F = TypeVar("F", bound=FlaskForm)


class _People(PlainForm):
    """How many of each role."""


def _number(label: Any, most: int) -> IntegerField:
    outside = NumberRange(0, most, _l("Skriv ett helt tal från 0 till %(most)s.", most=most))
    return IntegerField(label, [Optional(), outside])


for _role in Role:
    setattr(_People, _role, _number(ROLES[_role], PEOPLE_MOST))


class PeopleForm(FlaskForm):
    """A form that asks how many there are of each role."""

    people = FormField(_People)


def with_facts(form: type[F], cat: Catalogue) -> type[F]:
    """Add a field to a form for each fact that the catalogue asks for."""
    fields = {
        f"fact_{c.id}": RadioField(
            c.statement.plain(chosen_language()),
            choices=[
                *(SelectChoice(fact, FACTS[fact]) for fact in c.facts),
                *([SelectChoice("", _l("Ingen granskning har gjorts"))] if c.id == "A4" else []),
            ],
            validators=[Optional()],
        )
        for c in cat.criteria.values()
        if c.facts
    }
    return type(f"{form.__name__}WithFacts", (form,), fields)


def fact_fields(form: FlaskForm) -> list[Any]:
    """Give a form's fields for facts."""
    return [field for field in form if field.name.startswith("fact_")]


def facts_in(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Give facts as a form's values."""
    return {f"fact_{id}": fact for id, fact in facts.items()}


def facts_of(form: FlaskForm) -> dict[str, Fact]:
    """Give the facts that a form states."""
    return {field.name[5:]: Fact(field.data) for field in fact_fields(form) if field.data}


def numbers(form: Any) -> dict[Role, int]:
    """Give how many of each role a form states."""
    return {role: form.people.form[role].data or 0 for role in Role}


def put(form: Any, refusal: Refused) -> None:
    """Set a refusal beside the input it concerns."""
    people = form.people.form
    field = people[refusal.field] if refusal.field in people else form[refusal.field]
    field.errors = [*field.errors, sentence(refusal)]
