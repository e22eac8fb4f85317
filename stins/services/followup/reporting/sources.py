"""What a report follows: its source, its follow-ups, and what the source and later rounds showed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from scoring.rounds import Mode
from stins.reports.follow_up import said
from stins.reports.follow_up.rows import Annex, Round, annex
from stins.reports.table import CriterionRow
from stins.services.followup.reading import those
from stins.services.followup.reporting.values import Source, swedish_day
from stins.services.followup.values import Case, State
from stins.services.organisation import place
from stins.services.refusals import NotFound
from stins.services.report import result_of
from stins.services.rights import Place
from stins.store.tables import (
    Deficiency,
    ExternalReview,
    FollowUp,
    FollowUpReport,
    FollowUpReportVersion,
    Inspection,
    Release,
)
from stins.workbook.speech import Speech, speech


@dataclass(frozen=True, slots=True)
class Shown:
    """What an inspection showed: its day, mode and whether it is extra, and its rows, none of a dialogue."""

    day: date
    mode: Mode
    extra: bool
    rows: Mapping[str, CriterionRow]


def source(
    session: Session, *, inspection: str = "", review: str = "", lock: bool = False
) -> tuple[Source, Place]:
    """Give a source and its place. With ``lock`` nobody else begins a report on it meanwhile.

    Raises :class:`NotFound` also for an inspection of which nothing was released.
    """
    if inspection:
        return _inspection(session, inspection, lock=lock)
    statement = select(ExternalReview).where(ExternalReview.id == review)
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return Source("", row.id, row.reported_on, None, row.reviewer, row.report), place(session, row.node_id)


def source_of(session: Session, row: FollowUpReport) -> tuple[Source, Place]:
    """Give a report's source and place."""
    return source(session, inspection=row.inspection_id or "", review=row.review_id or "")


def followed(found: Source) -> ColumnElement[bool]:
    """Give the condition that a follow-up is of a source."""
    if found.inspection:
        return FollowUp.inspection_id == found.inspection
    return FollowUp.deficiency_id.in_(select(Deficiency.id).where(Deficiency.review_id == found.review))


def unreported(found: Source) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a follow-up of a source is told of in no report, and was no mistake."""
    return (followed(found), FollowUp.report_id.is_(None), FollowUp.state != State.DISMISSED)


def include(session: Session, row: FollowUpReport, found: Source) -> None:
    """Let a report tell of every follow-up of its source that no other report tells of."""
    for each in session.scalars(select(FollowUp).where(*unreported(found)).with_for_update()):
        each.report_id = row.id
    session.flush()


def covered(session: Session, id: str) -> tuple[Case, ...]:
    """Give the follow-ups that a report tells of, in the order of areas and criteria."""
    return in_order(those(session, FollowUp.report_id == id))


def in_order(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Give follow-ups area by area, criterion by criterion."""
    return tuple(sorted(cases, key=lambda c: (c.area, len(c.criterion), c.criterion, c.text["sv"], c.id)))


def rounds(session: Session, found: Source, until: date, lang: str) -> tuple[Shown, ...]:
    """Give what a source showed, and what each of its re-inspections that ended by a day did, in order.

    A review shows nothing in numbers. A dialogue's rows are left out: above the unit they are nobody's.
    """
    if not found.inspection:
        return ()
    again = session.execute(
        select(Inspection.id, Inspection.mode, Release.closed_on)
        .join(Release, Release.inspection_id == Inspection.id)
        .where(
            Inspection.parent_id == found.inspection,
            Inspection.state == "closed",
            Release.closed_on <= until,
        )
        .order_by(Release.closed_on, Inspection.id)
    )
    extra = session.get_one(Inspection, found.inspection).parent_id is not None
    held = [(found.inspection, found.mode or "", found.day, extra), *((*each, True) for each in again)]
    return tuple(
        Shown(day, Mode(mode), extra, _rows(session, id, lang) if mode != Mode.DIALOGUE else {})
        for id, mode, day, extra in held
    )


def annex_of(
    session: Session, found: Source, cases: Sequence[Case], current: FollowUpReportVersion, lang: str
) -> Annex:
    """Make the annex of a version from the releases of the day it was written."""
    _ = speech(lang)
    shown = rounds(session, found, swedish_day(current.at), lang)
    named = tuple(
        Round(name_of(each, first=not number, lang=lang), each.extra, each.rows)
        for number, each in enumerate(shown)
    )
    return annex([case.criterion for case in cases], named, _why_none(found, _), lang)


def name_of(each: Shown, *, first: bool, lang: str) -> str:
    """Name a round: before, or after, and its day."""
    _ = speech(lang)
    name = _("Före, %(day)s") if first else _("Efter, %(day)s")
    typed = _(" (inskrivna svar)") if each.mode is Mode.TYPED else ""
    return name % {"day": said.short_day(each.day, lang)} + typed


def _why_none(found: Source, _: Speech) -> str:
    if found.review:
        return _("Den externa granskningen har inga enkätsvar, så det finns inga siffror att visa.")
    if not found.shows_numbers:
        return _(
            "Inspektionen var ett underlag för samtal i en liten grupp. Siffrorna därifrån stannar på "
            "enheten och visas inte här."
        )
    return ""


def _inspection(session: Session, id: str, *, lock: bool) -> tuple[Source, Place]:
    statement = select(Inspection).where(Inspection.id == id)
    row = session.scalar(statement.with_for_update() if lock else statement)
    release = session.get(Release, id)
    if row is None or release is None:
        raise NotFound
    return Source(id, "", release.closed_on, Mode(row.mode), "", ""), place(session, row.unit_id)


def _rows(session: Session, id: str, lang: str) -> Mapping[str, CriterionRow]:
    areas = result_of(session, id).rows(lang).areas
    return {row.id: row for area in areas for row in area.criteria}
