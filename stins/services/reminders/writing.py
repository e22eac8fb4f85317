"""What a reminder says: places, days and links. No result, and no text that somebody wrote (decision 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stins.config import Settings
from stins.services.organisation import swedish
from stins.services.reminders.digest import LINES_MOST, Part
from stins.services.reminders.kinds import FORCED, Kind
from stins.services.reminders.matters import Due, Rank
from stins.services.rights import Person

_TEMPLATES = Path(__file__).parents[3] / "templates" / "mail"  # beside the package, as the pages are
TASKS = {
    "signing": "rapporten väntar på din underskrift",
    "handed_in": "rapporten väntar på att du godkänner den",
    "on_paper": "rapporten väntar på att du registrerar en underskrift på papper",
    "draft": "rapporten är tillbaka och behöver skrivas om",
}
REASONS = {
    Kind.BREACH_OVERDUE: "Påminnelser om försenade brister går till studierektor och verksamhetschef varje "
    "vecka och kan inte stängas av: en föreskrift följs inte.",
    Kind.BREACH_DUE: "Du påminns 60, 30 och 7 dagar innan en brist ska vara åtgärdad.",
    Kind.REPORT_WAITING: "Du påminns varje vecka så länge en rapport väntar på dig.",
    Kind.REVIEW_DUE: "Du påminns 12 och 6 månader före nästa externa granskning, sedan varje kvartal.",
    Kind.DIGEST: "Sammanfattningen kommer den första arbetsdagen i månaden.",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's subject and body."""

    subject: str
    body: str


def write(
    person: Person, found: Sequence[Due], parts: Sequence[Part], settings: Settings, today: date
) -> Written:
    """Write one mail of everything that fell due for a person, the most pressing first."""
    kinds = {kind: _in_order(found, kind) for kind in Kind}
    present = [kind for kind in Kind if kinds[kind] or (kind is Kind.DIGEST and parts)]
    body = (
        _environment(today)
        .get_template("reminder.txt")
        .render(
            name=person.name,
            late=kinds[Kind.BREACH_OVERDUE],
            reports=kinds[Kind.REPORT_WAITING],
            soon=kinds[Kind.BREACH_DUE],
            reviews=kinds[Kind.REVIEW_DUE],
            parts=parts,
            reasons=_reasons(present, settings.public_url),
            url=settings.public_url,
            operator=settings.operator,
        )
    )
    return Written(_subject(present[0], kinds[present[0]], parts, today), body)


def day(value: date) -> str:
    """Say a day in Swedish: 3 mars 2027."""
    return format_date(value, "d MMMM y", locale="sv")


def _in_order(found: Sequence[Due], kind: Kind) -> list[Due]:
    def order(each: Due) -> tuple[date, str, Rank, str]:
        return each.day or date.max, swedish(each.place.name if each.place else ""), each.rank, each.subject

    return sorted((each for each in found if each.kind is kind), key=order)


def _subject(kind: Kind, found: Sequence[Due], parts: Sequence[Part], today: date) -> str:
    number, first = len(found), found[0] if found else None
    where = f" – {first.place.name}" if first and first.place else ""
    when = day(first.day) if first and first.day else ""
    match kind:
        case Kind.BREACH_OVERDUE:
            one, many = (
                f"En brist skulle ha varit åtgärdad {when}{where}",
                "brister skulle ha varit åtgärdade",
            )
        case Kind.REPORT_WAITING:
            one, many = f"En rapport väntar på dig{where}", "rapporter väntar på dig"
        case Kind.BREACH_DUE:
            one, many = f"En brist ska vara åtgärdad senast {when}{where}", "brister ska åtgärdas"
        case Kind.REVIEW_DUE if first and first.day and first.day < today:
            one, many = (
                f"Extern granskning skulle ha gjorts senast {when}{where}",
                "enheter väntar på extern granskning",
            )
        case Kind.REVIEW_DUE:
            one, many = f"Extern granskning senast {when}{where}", "externa granskningar att boka"
        case Kind.DIGEST:
            where = f" – {parts[0].place.name}" if len(parts) == 1 else ""
            return f"Så står det till i {_month(today)}{where}"
    return one if number == 1 else f"{number} {many}"


def _reasons(present: Sequence[Kind], url: str) -> list[str]:
    lines = [REASONS[kind] for kind in present]
    if any(kind not in FORCED for kind in present):
        lines.append(f"Välj vilka mejl du vill ha: {url}/installningar")
    return lines


def _month(today: date) -> str:
    return format_date(today, "MMMM y", locale="sv")


def _days(number: int) -> str:
    return "en dag" if number == 1 else f"{number} dagar"


@lru_cache(maxsize=2)
def _environment(today: date) -> Environment:
    environment = Environment(
        loader=_LOADER,
        autoescape=False,  # noqa: S701 - plain text, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        today=today,
        most=LINES_MOST,
        tasks=TASKS,
        day=day,
        month=_month,
        ago=lambda value: f"för {_days((today - value).days)} sedan",
        left=lambda value: "i dag" if value == today else f"om {_days((value - today).days)}",
        more=lambda all_: f"  och {len(all_) - LINES_MOST} till\n" if len(all_) > LINES_MOST else "",
    )
    return environment


_LOADER = FileSystemLoader(_TEMPLATES)
