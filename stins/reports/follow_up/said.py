"""What a written report says of days, rules and numbers, in its own language."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from questionnaires.model import Fact
from scoring.release import ALLA, ST, UTBILDARE
from scoring.verdict import Status
from stins.reports.table import CriterionRow, Row, Shown, Stated
from stins.workbook import words
from stins.workbook.speech import Speech


def day(value: date, lang: str) -> str:
    """Write a day in words, such as 22 november 2026."""
    return format_date(value, "d MMMM y", locale=lang)


def short_day(value: date, lang: str) -> str:
    """Write a day where there is little room, such as 22 nov. 2026."""
    return format_date(value, "d MMM y", locale=lang)


def cells(_: Speech) -> Mapping[str, str]:
    """Name the groups."""
    return {
        ST: _("ST-läkare"),
        UTBILDARE: _("Handledare, studierektor och verksamhetschef"),
        ALLA: _("Alla tillsammans"),
    }


def statuses(_: Speech) -> Mapping[Status | None, str]:
    """Name how far a criterion is met."""
    return {**words.statuses(_), None: _("Ingen status")}


def fact(value: Fact | None, _: Speech) -> str:
    """Say what was stated of a criterion."""
    return words.facts(_)[value] or _("Ingen uppgift är lämnad")


def rule(row: CriterionRow, _: Speech) -> str:
    """Say the level of a criterion, and by which rule."""
    level = words.levels(_)[row.level]
    if row.provisional:
        level = _("%(level)s (preliminär)") % {"level": level}
    return ", ".join(part for part in (level, row.basis) if part)


def stated_by(_: Speech, *, extra: bool) -> str:
    """Say whose a fact is: of an extra internal review the övergripande studierektor states it."""
    return _("Den övergripande studierektorns uppgift") if extra else _("Studierektorns uppgift")


def numbers(table: Row, _: Speech, *, extra: bool) -> str:
    """Say a table in a line, such as: ST-läkare: 2 av 7 instämmer, 1 vet ej."""
    if isinstance(table, Stated):
        return f"{stated_by(_, extra=extra)}: {fact(table.fact, _)}"
    group = cells(_)[table.cell]
    if not isinstance(table, Shown):
        return _("%(group)s: för få svar") % {"group": group}
    bands = table.bands
    parts = [_("%(agree)s av %(base)s instämmer") % {"agree": bands.agree, "base": bands.base}]
    for count, text in (
        (bands.partly, _("%(count)s instämmer till viss del")),
        (bands.disagree, _("%(count)s instämmer inte alls")),
        (bands.unknown, _("%(count)s vet ej")),
        (bands.not_applicable, _("för %(count)s till är det inte aktuellt")),
    ):
        if count:
            parts.append(text % {"count": count})
    return f"{group}: {', '.join(parts)}"
