"""The workbook written: blank to be filled in, or as the export of a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from questionnaires.model import Catalogue, Role
from scoring.documents.write import digest
from scoring.release import Release
from scoring.rounds import Mode
from scoring.rules import Rules
from scoring.verdict import assess
from stins.workbook.write import about, answers, assessment, counts, details, forms, plan, result, rules
from stins.workbook.write.about import Destroyed
from stins.workbook.write.book import Book, Tab
from stins.workbook.write.figures import Figures
from stins.workbook.write.work import Planned, Work

ROOM: Mapping[Role, int] = {
    Role.ST_LAKARE: 30,
    Role.HANDLEDARE: 40,
    Role.STUDIEREKTOR: 3,
    Role.VERKSAMHETSCHEF: 3,
}
ROOM_MOST = 200


@dataclass(frozen=True, slots=True)
class About:
    """Whose workbook it is: the unit's name, the region's numbers, and what has followed.

    ``plan`` is what is done about each criterion, by its id. ``from_file`` where nobody knows of the region's
    own numbers, nor whether somebody has read the comments first.
    """

    unit: str
    parameters: Mapping[str, int]
    destroyed: Destroyed | None = None
    plan: Mapping[str, Planned] = field(default_factory=dict)
    from_file: bool = False


def blank(
    catalogue: Catalogue, rules_: Rules, k: int, about_: About, lang: str, room: Mapping[Role, int] = ROOM
) -> bytes:
    """Write a blank workbook with ``room`` columns for each role, 1 to ``ROOM_MOST``."""
    nothing = Release(
        catalogue=catalogue.id,
        rules=rules_.id,
        k=k,
        mode=Mode.TYPED,
        areas=None,
        closed_on=date.min,
        cells=(),
        results={},
        facts={},
        comments={},
        redacted=0,
    )
    figures = Figures(nothing, assess(nothing, catalogue, rules_), catalogue, rules_, about_.parameters, lang)
    work = Work(Book(lang), figures, about_.unit, room, {})
    first = forms.write_instructions(work)
    for role in Role:
        forms.write_form(work, role)
    for role in Role:
        answers.write(work, role, room[role])
    _verdict(work, None)
    rules.write(work)
    about.write(work, None, None)
    return work.book.finish(first)


def export(release: Release, catalogue: Catalogue, rules_: Rules, about_: About, lang: str) -> bytes:
    """Write the workbook of a release: its numbers in place of typed answers, the formulas the same."""
    verdict = assess(release, catalogue, rules_)
    figures = Figures(release, verdict, catalogue, rules_, about_.parameters, lang)
    work = Work(Book(lang), figures, about_.unit, None, about_.plan)
    forms.write_instructions(work)
    for role in Role:
        forms.write_form(work, role)
    first = _verdict(work, release.closed_on, from_file=about_.from_file)
    about.write_comments(work, read_first=not about_.from_file)
    rules.write(work)
    about.write(work, digest(release), about_.destroyed)
    return work.book.finish(first)


def _verdict(work: Work, closed_on: date | None, *, from_file: bool = False) -> Tab:
    details.write(work, closed_on, from_file=from_file)
    counts.write(work)
    assessment.write(work)
    first = result.write(work, closed_on)
    plan.write(work, closed_on)
    return first


__all__ = ["ROOM", "ROOM_MOST", "About", "Destroyed", "Planned", "blank", "export"]
