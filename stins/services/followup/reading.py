"""Follow-ups and actions as they are read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.rounds import Mode
from stins.services import scope
from stins.services.followup.history import history
from stins.services.followup.values import (
    Case,
    Event,
    Followed,
    Left,
    Loose,
    Planned,
    Pressing,
    Progress,
    ReportState,
    State,
    Step,
    Told,
)
from stins.services.inspections import tied
from stins.services.organisation import in_swedish, place, place_of
from stins.services.pages import Page, page_of
from stins.services.refusals import NotFound
from stins.services.rights import Person, Place, is_in_charge, may_act, may_decide, may_follow, may_read
from stins.store.tables import Action, Deficiency, FollowUp, FollowUpReport, Inspection, Node

DUE_SOON = timedelta(days=60)
PRESSING_MOST = 5
HANDED = (ReportState.HANDED_IN, ReportState.APPROVED)
"""Where a report is no longer the unit's, and nobody there is reminded of what it tells of."""
_WITHIN_A_DAY = (
    in_swedish(Node.name),
    Node.id,
    func.coalesce(Deficiency.area, func.substr(FollowUp.criterion, 1, 1)),
    func.length(func.coalesce(FollowUp.criterion, "")),
    FollowUp.criterion,
    FollowUp.id,
)
"""By place, then area by area and criterion by criterion, D2 before D10."""
_OPEN_FIRST = (FollowUp.state != State.OPEN, FollowUp.due_on, *_WITHIN_A_DAY)
LANGUAGES = ("sv", "en")

Actions = Mapping[str, tuple[Step, ...]]


def cases(session: Session, person: Person) -> tuple[Case, ...]:
    """Give every follow-up that the person may see: open ones first, by the day they are due."""
    return _cases(session, lambda where: may_follow(person, where), scope.seen(person))


def those(session: Session, *which: ColumnElement[bool]) -> tuple[Case, ...]:
    """Give the follow-ups that meet conditions, whoever asks: open ones first, by the day they are due."""
    return _cases(session, lambda _where: True, *which)


def case_page(session: Session, person: Person, *, ended: bool, number: int) -> Page[Case]:
    """Give a page of those that the person may see: open ones by the day they are due, or ended ones."""
    which = (scope.seen(person), FollowUp.state != State.OPEN if ended else FollowUp.state == State.OPEN)
    order = (FollowUp.ended_on.desc() if ended else FollowUp.due_on, *_WITHIN_A_DAY)
    return page_of(
        number,
        _count(session, *which),
        lambda offset, most: _cases(
            session, lambda where: may_follow(person, where), *which, order=order, offset=offset, most=most
        ),
    )


def late(session: Session, person: Person, today: date) -> Pressing:
    """Give those that should have been mended by now, to whom they are to, the latest first."""
    return _pressing(session, person, FollowUp.due_on < today)


def due_soon(session: Session, person: Person, today: date) -> Pressing:
    """Give those that are due within 60 days, to whom they are to, the nearest first."""
    return _pressing(session, person, FollowUp.due_on.between(today, today + DUE_SOON))


def _pressing(session: Session, person: Person, when: ColumnElement[bool]) -> Pressing:
    """Give the first to who is in charge, as mails do: until the report is handed in; and to who decides."""
    reported = exists().where(FollowUpReport.id == FollowUp.report_id, FollowUpReport.state.in_(HANDED))
    mine = (scope.in_charge(person) & ~reported) | scope.decided_on(person)
    which = (mine, FollowUp.state == State.OPEN, when)
    first, total = _counted(
        session,
        lambda where: is_in_charge(person, where) or may_decide(person, where),
        *which,
        order=(FollowUp.due_on, *_WITHIN_A_DAY),
        most=PRESSING_MOST,
    )
    return Pressing(first, total)


def case(session: Session, person: Person, id: str) -> tuple[Case, tuple[Event, ...]]:
    """Give a follow-up with its history, the latest first. Raises :class:`NotFound`."""
    row, where = found(session, id)
    if not may_follow(person, where):
        raise NotFound
    inspection = session.get(Inspection, row.inspection_id) if row.inspection_id else None
    deficiency = session.get(Deficiency, row.deficiency_id) if row.deficiency_id else None
    report = session.get(FollowUpReport, row.report_id) if row.report_id else None
    actions = _actions(session, Action.follow_up_id == id)
    return _case(row, where, inspection, deficiency, report, actions), history(session, id)


def found(session: Session, id: str, *, lock: bool = False) -> tuple[FollowUp, Place]:
    """Give a follow-up's row and place. With ``lock`` no other transaction may change it meanwhile."""
    statement = select(FollowUp).where(FollowUp.id == id)
    row = session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row, place(session, row.node_id)


def open_by_place(session: Session) -> Mapping[str, Left]:
    """Give what is open at each place that has something open."""
    rows = session.execute(
        select(FollowUp.node_id, func.count(), func.min(FollowUp.due_on))
        .where(FollowUp.state == State.OPEN)
        .group_by(FollowUp.node_id)
    )
    return {id: Left(number, due_on) for id, number, due_on in rows}


def loose_page(session: Session, person: Person, *, number: int) -> Page[Loose]:
    """Give a page of the criteria that are no breach but that something is done about.

    The latest inspection comes first.
    """
    cared_for = select(Action.inspection_id, Action.criterion).distinct().subquery()
    about = (
        select(Inspection, Node, cared_for.c.criterion)
        .join(Node, Node.id == Inspection.unit_id)
        .join(cared_for, cared_for.c.inspection_id == Inspection.id)
        .where(scope.read(person) | (scope.seen(person) & (Inspection.mode != Mode.DIALOGUE)))
    )
    total = session.scalar(about.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    order = (Inspection.closes_on.desc(), Inspection.id, cared_for.c.criterion)

    def some(offset: int, most: int) -> tuple[Loose, ...]:
        rows = session.execute(about.order_by(*order).offset(offset).limit(most)).all()
        steps = _loose_of(session, {inspection.id for inspection, *_rest in rows})
        return tuple(
            Loose(
                inspection.id,
                place_of(node),
                criterion,
                _statement(inspection, criterion),
                in_order(steps[inspection.id, criterion]),
            )
            for inspection, node, criterion in rows
            if may_read(person, place_of(node), dialogue=inspection.mode == Mode.DIALOGUE)
        )

    return page_of(number, total, some)


def late_actions(session: Session, person: Person, today: date, most: int) -> tuple[tuple[Loose, ...], int]:
    """Give the first actions of no follow-up that should have been done by now, and how many they are.

    They are given to who may change them, the latest first, each with its criterion.
    """
    rows = session.execute(
        select(Action, Inspection, Node, func.count().over())
        .join(Inspection, Inspection.id == Action.inspection_id)
        .join(Node, Node.id == Action.node_id)
        .where(scope.acted_on(person), Action.due_on < today)
        .where(Action.status.not_in((Progress.DONE, Progress.VERIFIED)))
        .order_by(Action.due_on, in_swedish(Node.name), Action.id)
        .limit(most)
    ).all()
    first = (
        Loose(
            inspection.id, place_of(node), row.criterion or "", _statement(inspection, row.criterion or ""),
            (step(row),),
        )
        for row, inspection, node, _total in rows
    )  # fmt: skip
    return tuple(first), rows[0][3] if rows else 0


def of_inspection(session: Session, id: str) -> Mapping[str, Followed]:
    """Give for each criterion of an inspection about which something is done, what that is.

    What an extra internal review finds not met may be followed up from the inspection that it is of.
    """
    rows = [*_open_before(session, id)]
    rows += session.scalars(select(FollowUp).where(FollowUp.inspection_id == id))
    actions = _actions(session, Action.follow_up_id.in_([row.id for row in rows]))
    result = {
        row.criterion or "": Followed(row.id, row.due_on, State(row.state), actions.get(row.id, ()))
        for row in rows
    }
    for (_inspection, criterion), steps in _loose_of(session, {id}).items():
        result.setdefault(criterion, Followed("", None, None, in_order(steps)))
    return result


def followed(session: Session, inspection_id: str, criterion: str) -> str | None:
    """Give the follow-up that a criterion of an inspection has, or has from the inspection it is tied to."""
    own = select(FollowUp.id).where(FollowUp.inspection_id == inspection_id, FollowUp.criterion == criterion)
    before = (row.id for row in _open_before(session, inspection_id) if row.criterion == criterion)
    return session.scalar(own) or next(before, None)


def action(session: Session, person: Person, id: str) -> Action:
    """Give an action's row, locked, to somebody who may change it. Raises :class:`NotFound`."""
    row = session.scalar(select(Action).where(Action.id == id).with_for_update())
    if row is None or not may_act(person, place(session, row.node_id)):
        raise NotFound
    return row


def planned(session: Session, person: Person, id: str) -> Planned:
    """Give an action and where it belongs to somebody who may change it. Raises :class:`NotFound`."""
    row = action(session, person, id)
    return Planned(step(row), row.follow_up_id or "", row.inspection_id or "", row.criterion or "")


def step(action: Action) -> Step:
    """Give an action as a plain value."""
    status = Progress(action.status)
    return Step(action.id, action.what, action.who, action.due_on, status, action.evidence)


def in_order(steps: list[Step]) -> tuple[Step, ...]:
    """Give those that are due first before others, those without a day last."""
    return tuple(sorted(steps, key=lambda s: (s.due_on or date.max, s.what, s.id)))


def _cases(
    session: Session,
    sees: Callable[[Place], bool],
    *which: ColumnElement[bool],
    order: Sequence[Any] = _OPEN_FIRST,
    offset: int = 0,
    most: int | None = None,
) -> tuple[Case, ...]:
    return _counted(session, sees, *which, order=order, offset=offset, most=most)[0]


def _counted(
    session: Session,
    sees: Callable[[Place], bool],
    *which: ColumnElement[bool],
    order: Sequence[Any],
    offset: int = 0,
    most: int | None = None,
) -> tuple[tuple[Case, ...], int]:
    """Give some of the cases that meet the conditions, and how many do (0 beyond the last)."""
    # The few are found first, so that what is joined to them is not joined to all.
    few = (
        select(FollowUp.id, func.count().over().label("total"))
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .where(*which)
        .order_by(*order)
        .offset(offset)
        .limit(most)
        .subquery()
    )
    rows = session.execute(
        select(FollowUp, Node, Inspection, Deficiency, FollowUpReport, few.c.total)
        .join(few, few.c.id == FollowUp.id)
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Inspection, Inspection.id == FollowUp.inspection_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
        .outerjoin(FollowUpReport, FollowUpReport.id == FollowUp.report_id)
        .order_by(*order)
    ).all()
    ids = [row.id for row, *_rest in rows]
    actions = _actions(session, Action.follow_up_id.in_(ids)) if ids else {}
    cases = tuple(
        _case(row, place_of(node), inspection, deficiency, report, actions)
        for row, node, inspection, deficiency, report, _total in rows
        if sees(place_of(node))
    )
    return cases, rows[0][5] if rows else 0


def _count(session: Session, *which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(FollowUp).join(Node, Node.id == FollowUp.node_id).where(*which)
    return session.scalar(counted) or 0


def _actions(session: Session, which: ColumnElement[bool]) -> Actions:
    """Give the actions of follow-ups."""
    steps: dict[str, list[Step]] = {}
    for row in session.scalars(select(Action).where(which)):
        steps.setdefault(row.follow_up_id or "", []).append(step(row))
    return {id: in_order(each) for id, each in steps.items()}


def _open_before(session: Session, id: str) -> Sequence[FollowUp]:
    """Give what is still followed up from the inspection that an extra internal review is of."""
    row = session.get(Inspection, id)
    others = tied(session, row) if row else None
    if others is None:
        return ()
    open_ones = select(FollowUp).where(FollowUp.inspection_id.in_(others), FollowUp.state == State.OPEN)
    return session.scalars(open_ones.order_by(FollowUp.due_on.desc(), FollowUp.id)).all()


def _loose_of(session: Session, ids: Collection[str]) -> Mapping[tuple[str, str], list[Step]]:
    """Give the actions that belong to no follow-up, by inspection and criterion."""
    steps: dict[tuple[str, str], list[Step]] = {}
    for row in session.scalars(select(Action).where(Action.inspection_id.in_(ids))):
        steps.setdefault((row.inspection_id or "", row.criterion or ""), []).append(step(row))
    return steps


def _case(
    row: FollowUp,
    where: Place,
    inspection: Inspection | None,
    deficiency: Deficiency | None,
    report: FollowUpReport | None,
    actions: Actions,
) -> Case:
    criterion = catalogue(inspection.catalogue).criteria[row.criterion or ""] if inspection else None
    text = deficiency.text if deficiency else ""
    return Case(
        id=row.id,
        place=where,
        criterion=row.criterion or "",
        area=criterion.area if criterion else deficiency.area if deficiency else "",
        level=criterion.level if criterion else None,
        text=_statement(inspection, row.criterion or "") if inspection else dict.fromkeys(LANGUAGES, text),
        basis={lang: criterion.basis.plain(lang) if criterion else "" for lang in LANGUAGES},
        inspection=row.inspection_id or "",
        mode=Mode(inspection.mode) if inspection else None,
        review=deficiency.review_id if deficiency else "",
        preliminary=row.preliminary,
        opened_on=row.opened_on,
        due_on=row.due_on,
        state=State(row.state),
        ended_on=row.ended_on,
        met_in=row.met_in_id or "",
        actions=actions.get(row.id, ()),
        report=Told(report.id, ReportState(report.state), report.handed_in_on) if report else None,
    )


def _statement(inspection: Inspection, criterion: str) -> Mapping[str, str]:
    """Give a criterion's statement in both languages, with the numbers of its inspection."""
    text = catalogue(inspection.catalogue).criteria[criterion].statement
    return {lang: text.render(lang, inspection.parameters) for lang in LANGUAGES}
