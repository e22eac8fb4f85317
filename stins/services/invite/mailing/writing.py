"""What is mailed to respondents: a code with its promise, and reminders without any code."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from questionnaires.model import Role
from scoring.rounds import Mode
from stins.box.codes import grouped
from stins.config import Settings

_TEMPLATES = Path(__file__).parents[4] / "templates" / "mail"  # beside the package, as the pages are
EXAMPLE = "EXEMPELKODEXEMPELKODEXEM"
ROLES = {
    Role.ST_LAKARE: ("ST-läkare", "specialty trainee (ST-läkare)"),
    Role.HANDLEDARE: ("handledare", "supervisor (handledare)"),
    Role.STUDIEREKTOR: ("studierektor", "director of studies (studierektor)"),
    Role.VERKSAMHETSCHEF: ("verksamhetschef", "head of department (verksamhetschef)"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's subject and body."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class About:
    """What every mail of an inspection says: whose it is, how answers are shown, and until when."""

    place: str
    mode: Mode
    k: int
    closes_on: date


def code_mail(about: About, role: Role, code: str, settings: Settings) -> Written:
    """Write the mail that brings somebody a code."""
    subject = f"Din kod: så fungerar ST-utbildningen på {about.place}"
    swedish, english = ROLES[role]
    body = _render(
        "code.txt",
        about,
        settings,
        role=swedish,
        role_in_english=english,
        code=grouped(code),
        link=f"{settings.public_url}/svara#{code}",
    )
    return Written(subject, body)


def reminder_mail(about: About, settings: Settings) -> Written:
    """Write the reminder that goes to everybody, whatever they did."""
    subject = f"Påminnelse: så fungerar ST-utbildningen på {about.place}"
    return Written(subject, _render("code_reminder.txt", about, settings))


def _render(name: str, about: About, settings: Settings, **more: str) -> str:
    return (
        _environment()
        .get_template(name)
        .render(
            place=about.place,
            is_dialogue=about.mode is Mode.DIALOGUE,
            k=about.k,
            until=format_date(about.closes_on, "d MMMM y", locale="sv"),
            until_in_english=format_date(about.closes_on, "d MMMM y", locale="en_GB"),
            url=settings.public_url,
            operator=settings.operator,
            **more,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=False,  # noqa: S701 - plain text, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
