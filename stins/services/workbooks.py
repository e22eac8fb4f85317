"""Workbooks out, and the verdict of a workbook without any database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from questionnaires.model import Catalogue, Role
from questionnaires.read import catalogue
from scoring.documents.objects import Malformed, parse
from scoring.documents.read import read_release
from scoring.documents.write import verdict_document
from scoring.release import Release, publish
from scoring.rules import newest, rules
from scoring.verdict import Verdict, assess
from stins.services.followup.reading import of_inspection
from stins.services.followup.values import Progress, Step
from stins.services.invite import current_catalogue, units_for
from stins.services.organisation import K_DEFAULT, region_settings
from stins.services.refusals import NotFound
from stins.services.report import Result, result_of
from stins.services.rights import Person, Place
from stins.workbook import said, write
from stins.workbook.read.check import check_layout
from stins.workbook.read.exported import is_export, read_exported
from stins.workbook.read.faults import Faulty, Unreadable
from stins.workbook.read.filled import read_filled, round_
from stins.workbook.read.grid import read
from stins.workbook.read.layout import parse_layout, read_by_layout
from stins.workbook.speech import speech
from stins.workbook.write import ROOM, ROOM_MOST, About, Destroyed, Planned

__all__ = [
    "ROOM",
    "ROOM_MOST",
    "Faulty",
    "Malformed",
    "Unreadable",
    "blank",
    "blank_for",
    "checked",
    "export",
    "export_file",
    "export_stored",
    "scored",
]


YEARS = range(2000, 3000)


@dataclass(frozen=True, slots=True)
class Scored:
    """The verdict of a workbook."""

    release: Release
    verdict: Verdict
    catalogue: Catalogue
    parameters: Mapping[str, int]
    unit: str

    def document(self) -> dict[str, Any]:
        """Give the verdict as verdict.json."""
        return verdict_document(self.verdict)

    def lines(self, lang: str) -> list[str]:
        """Say the verdict in lines of text."""
        return said.verdict(self.release, self.verdict, self.catalogue, self.parameters, self.unit, lang)


def blank(unit: str, lang: str, room: Mapping[Role, int] = ROOM) -> bytes:
    """Write a blank workbook with the numbers that hold where no region has set its own."""
    cat = current_catalogue()
    return write.blank(cat, newest(cat.id), K_DEFAULT, About(unit, _defaults(cat)), lang, room)


def blank_for(session: Session, person: Person, unit_id: str, lang: str) -> tuple[Place, bytes]:
    """Write a blank workbook for a unit, with its region's numbers. Raises :class:`NotFound`."""
    where = next((place for place in units_for(session, person) if place.id == unit_id), None)
    if where is None:
        raise NotFound
    cat = current_catalogue()
    numbers = region_settings(session, where, cat)
    return where, write.blank(cat, newest(cat.id), numbers.k, About(where.name, numbers.parameters), lang)


def export(session: Session, result: Result, lang: str) -> bytes:
    """Write the workbook of a result as it is read, with what is done about it.

    Comments stand in it only where they have been read first.
    """
    note = result.destroyed
    destroyed = Destroyed(note.ballots, note.codes, note.on) if note else None
    done = of_inspection(session, result.summary.id)
    plan = {
        id: _planned(followed.actions)
        for id, followed in done.items()
        if followed.actions and id in result.verdict.criteria
    }
    about = About(result.summary.place.name, result.parameters, destroyed, plan)
    return write.export(result.release, result.catalogue, result.rules, about, lang)


def export_stored(session: Session, id: str, lang: str) -> bytes:
    """Write the workbook of a stored inspection, whoever asks. Raises :class:`NotFound`."""
    return export(session, result_of(session, id), lang)


def export_file(text: bytes, unit: str, lang: str) -> bytes:
    """Write the workbook of a release.json. Raises :class:`Malformed`."""
    release = read_release(parse(text))
    if release.closed_on.year not in YEARS:
        raise Malformed(f"closed_on is '{release.closed_on}'; a workbook is for {YEARS[0]} to {YEARS[-1]}")
    cat = catalogue(release.catalogue)
    return write.export(release, cat, rules(release.rules), About(unit, _defaults(cat), from_file=True), lang)


def scored(content: bytes, filename: str, layout: str | None) -> Scored:
    """Give the verdict of a filled-in workbook, or of an export after checking it against itself.

    Raises :class:`Unreadable` or, with everything that is wrong, :class:`Faulty`.
    """
    described = None if layout is None else parse_layout(layout)
    grid = read(content, filename)
    if described is None and is_export(grid):
        held = read_exported(grid)
        return Scored(held.release, held.verdict, held.catalogue, held.parameters, held.unit)
    filled = read_filled(grid) if described is None else read_by_layout(grid, described)
    release = publish(round_(filled, filled.k or K_DEFAULT))
    cat = catalogue(filled.catalogue)
    return Scored(release, assess(release, cat, rules(filled.rules)), cat, filled.parameters, filled.unit)


def checked(layout: str, content: bytes, filename: str, lang: str) -> tuple[list[str], bool]:
    """Tell in lines what a layout matches in a workbook, and whether everything is matched.

    Raises :class:`Unreadable` or :class:`Faulty` where the layout itself cannot be used.
    """
    report = check_layout(read(content, filename), parse_layout(layout))
    return report.said(speech(lang)), not report.unmatched


def _planned(steps: Sequence[Step]) -> Planned:
    """Put the actions of a criterion on its one row: the last day, and how far the slowest has come."""
    return Planned(
        what="\n".join(step.what for step in steps),
        who=", ".join(dict.fromkeys(step.who for step in steps if step.who)),
        due_on=max((step.due_on for step in steps if step.due_on), default=None),
        progress=min((step.status for step in steps), key=list(Progress).index),
        evidence="\n".join(step.evidence for step in steps if step.evidence),
    )


def _defaults(cat: Catalogue) -> dict[str, int]:
    return {id: parameter.default for id, parameter in cat.parameters.items()}
