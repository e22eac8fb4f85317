"""What extra internal reviews have found since: before and after, breach by breach."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rules import rules
from scoring.verdict import Status, assess
from stins.reports.before_after import Comparison, compare
from stins.reports.table import CriterionRow
from stins.services.followup.values import Act, Case
from stins.services.inspections import Summary
from stins.services.report import Result, result_of
from stins.store.tables import FollowUp, FollowUpEvent, Inspection, Release


@dataclass(frozen=True, slots=True)
class Review:
    """An extra internal review that has closed."""

    id: str
    closed_on: date


@dataclass(frozen=True, slots=True)
class Compared:
    """An inspection and an extra internal review of it: each breach of the first, before and after."""

    before: Summary
    after: Summary
    breaches: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What extra internal reviews say of a breach, and what closing it would take.

    ``rounds`` are those that asked for the criterion, the latest first, and the latest decides. ``met_on`` is
    its day when it found the criterion met and nothing has been decided to the contrary since.
    """

    rounds: tuple[tuple[Compared, Comparison], ...]
    met_on: date | None

    @property
    def status(self) -> Status | None:
        """The status in the latest of them."""
        return self.rounds[0][1].status if self.rounds else None


def compared(session: Session, inspection_id: str, lang: str) -> tuple[Compared, ...]:
    """Give each closed extra internal review of an inspection with its breaches, the latest review first.

    Every number is the releases'. For whoever may read the results: the caller has asked.
    """
    ids = [each.inspection_id for each in _reviews(session, inspection_id)]
    if not ids:
        return ()
    before = result_of(session, inspection_id)
    return tuple(_compared(before, result_of(session, id), lang) for id in ids)


def with_the_first(session: Session, extra: Result, lang: str) -> Compared | None:
    """Give an extra internal review beside the inspection that it is of; any other inspection has none."""
    parent = extra.summary.parent
    return _compared(result_of(session, parent), extra, lang) if parent else None


def outlook(session: Session, case: Case, lang: str) -> Outlook:
    """Give what extra internal reviews say of a follow-up. For whoever may read the results."""
    rounds = compared(session, case.inspection, lang) if case.inspection else ()
    asked = tuple(
        (each, row) for each in rounds for row in each.breaches if row.id == case.criterion and row.after
    )
    review = met_in(session, session.get_one(FollowUp, case.id))
    return Outlook(asked, review.closed_on if review else None)


def met_in(session: Session, row: FollowUp) -> Review | None:
    """Give the extra internal review by which a follow-up may be closed.

    It is the latest of its inspection that asked for the criterion, and found it met; after a decision that
    the breach is back only a later one will do.
    """
    if row.inspection_id is None or row.criterion is None:
        return None
    reopened = session.scalar(
        select(func.max(FollowUpEvent.at)).where(
            FollowUpEvent.follow_up_id == row.id, FollowUpEvent.act == Act.REOPENED
        )
    )
    for review in _reviews(session, row.inspection_id):
        if reopened and review.closed_on <= reopened.date():
            return None
        release = read_release(parse(review.body))
        verdict = assess(release, catalogue(release.catalogue), rules(release.rules))
        if row.criterion in verdict.criteria:
            is_met = verdict.criteria[row.criterion].status is Status.MET
            return Review(review.inspection_id, review.closed_on) if is_met else None
    return None


def under_way(session: Session, inspection_id: str) -> str | None:
    """Give an extra internal review of an inspection that is planned or open, if there is one."""
    return session.scalar(
        select(Inspection.id)
        .where(Inspection.parent_id == inspection_id, Inspection.state.in_(("draft", "open", "closing")))
        .order_by(Inspection.state.desc(), Inspection.closes_on, Inspection.id)
        .limit(1)
    )


def _reviews(session: Session, inspection_id: str) -> tuple[Release, ...]:
    """Give the releases of the extra internal reviews of an inspection, the latest first."""
    rows = session.scalars(
        select(Release)
        .join(Inspection, Inspection.id == Release.inspection_id)
        .where(Inspection.parent_id == inspection_id)
        .order_by(Release.closed_on.desc(), Release.inspection_id)
    )
    return tuple(rows)


def _compared(before: Result, after: Result, lang: str) -> Compared:
    earlier, later = _rows(before, lang), _rows(after, lang)
    breaches = tuple(compare(earlier[id], later.get(id)) for id in before.verdict.breaches)
    return Compared(before.summary, after.summary, breaches)


def _rows(result: Result, lang: str) -> dict[str, CriterionRow]:
    return {row.id: row for area in result.rows(lang).areas for row in area.criteria}
