"""Follow-ups and actions as they are read."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.rounds import Mode
from stins.services.followup.values import Act, Case, Event, Loose, Progress, State, Step
from stins.services.organisation import place_of
from stins.services.refusals import NotFound
from stins.services.rights import Person, Place, may_follow, may_read
from stins.store.tables import (
    Account,
    Action,
    Deficiency,
    FollowUp,
    FollowUpEvent,
    Inspection,
    Node,
)

Actions = Mapping[str, tuple[Step, ...]]


def cases(session: Session, person: Person) -> tuple[Case, ...]:
    """Give every follow-up that the person may see: open ones first, by the day they are due."""
    rows = session.execute(
        select(FollowUp, Node, Inspection, Deficiency)
        .join(Node, Node.id == FollowUp.node_id)
        .outerjoin(Inspection, Inspection.id == FollowUp.inspection_id)
        .outerjoin(Deficiency, Deficiency.id == FollowUp.deficiency_id)
    ).all()
    seen = [(row, place_of(node), inspection, deficiency) for row, node, inspection, deficiency in rows]
    seen = [each for each in seen if may_follow(person, each[1])]
    actions = _actions(session, [row.id for row, *_ in seen])
    found = [
        _case(row, where, inspection, deficiency, actions) for row, where, inspection, deficiency in seen
    ]
    return tuple(sorted(found, key=lambda case: (case.state is not State.OPEN, case.due_on, case.id)))


def case(session: Session, person: Person, id: str) -> tuple[Case, tuple[Event, ...]]:
    """Give a follow-up with its history, the latest first. Raises :class:`NotFound`."""
    row, where = found(session, id)
    if not may_follow(person, where):
        raise NotFound
    inspection = session.get(Inspection, row.inspection_id) if row.inspection_id else None
    deficiency = session.get(Deficiency, row.deficiency_id) if row.deficiency_id else None
    return _case(row, where, inspection, deficiency, _actions(session, [id])), _history(session, id)


def found(session: Session, id: str, *, lock: bool = False) -> tuple[FollowUp, Place]:
    """Give a follow-up's row and place. With ``lock`` no other transaction may change it meanwhile."""
    statement = select(FollowUp).where(FollowUp.id == id)
    row = session.scalar(statement.with_for_update() if lock else statement)
    node = session.get(Node, row.node_id) if row else None
    if row is None or node is None:
        raise NotFound
    return row, place_of(node)


def loose(session: Session, person: Person) -> tuple[Loose, ...]:
    """Give the actions that belong to no follow-up, criterion by criterion, the latest inspection first."""
    rows = session.execute(
        select(Action, Node, Inspection)
        .join(Node, Node.id == Action.node_id)
        .join(Inspection, Inspection.id == Action.inspection_id)
        .order_by(Inspection.closes_on.desc(), Inspection.id, Action.criterion, Action.id)
    ).all()
    steps: dict[tuple[str, str], list[Step]] = {}
    about: dict[tuple[str, str], tuple[Place, Inspection]] = {}
    for action, node, inspection in rows:
        where = place_of(node)
        if may_read(person, where, dialogue=inspection.mode == Mode.DIALOGUE):
            key = (inspection.id, action.criterion or "")
            about[key] = (where, inspection)
            steps.setdefault(key, []).append(step(action))
    return tuple(
        Loose(key[0], where, key[1], _statement(inspection, key[1]), tuple(steps[key]))
        for key, (where, inspection) in about.items()
    )


def of_inspection(session: Session, id: str) -> Mapping[str, tuple[str, tuple[Step, ...]]]:
    """Give for each criterion of an inspection its follow-up's id, or "", and what is done about it."""
    rows = session.scalars(select(FollowUp).where(FollowUp.inspection_id == id)).all()
    actions = _actions(session, [row.id for row in rows])
    result = {row.criterion or "": (row.id, actions.get(row.id, ())) for row in rows}
    for action in session.scalars(select(Action).where(Action.inspection_id == id).order_by(Action.id)):
        follow_up, steps = result.get(action.criterion or "", ("", ()))
        result[action.criterion or ""] = (follow_up, (*steps, step(action)))
    return result


def step(action: Action) -> Step:
    """Give an action as a plain value."""
    status = Progress(action.status)
    return Step(action.id, action.what, action.who, action.due_on, status, action.evidence)


def _actions(session: Session, ids: Sequence[str]) -> Actions:
    """Give the actions of follow-ups, those due first before others."""
    found: dict[str, list[Step]] = {}
    rows = session.scalars(select(Action).where(Action.follow_up_id.is_not(None)))
    wanted = set(ids)
    for action in sorted(rows, key=lambda a: (a.due_on is None, a.due_on, a.what, a.id)):
        if action.follow_up_id in wanted:
            found.setdefault(action.follow_up_id or "", []).append(step(action))
    return {id: tuple(steps) for id, steps in found.items()}


def _history(session: Session, id: str) -> tuple[Event, ...]:
    rows = session.execute(
        select(FollowUpEvent, Account.name)
        .outerjoin(Account, Account.id == FollowUpEvent.account_id)
        .where(FollowUpEvent.follow_up_id == id)
        .order_by(FollowUpEvent.at.desc(), FollowUpEvent.id)
    )
    return tuple(Event(row.at, name or "", Act(row.act), row.detail) for row, name in rows)


def _case(
    row: FollowUp,
    where: Place,
    inspection: Inspection | None,
    deficiency: Deficiency | None,
    actions: Actions,
) -> Case:
    criterion = row.criterion or ""
    if inspection is not None:
        area, text = (
            catalogue(inspection.catalogue).criteria[criterion].area,
            _statement(inspection, criterion),
        )
    else:
        area = deficiency.area if deficiency else ""
        text = dict.fromkeys(("sv", "en"), deficiency.text if deficiency else "")
    return Case(
        id=row.id,
        place=where,
        criterion=criterion,
        area=area,
        text=text,
        inspection=row.inspection_id or "",
        review=deficiency.review_id if deficiency else "",
        preliminary=row.preliminary,
        opened_on=row.opened_on,
        due_on=row.due_on,
        state=State(row.state),
        ended_on=row.ended_on,
        actions=actions.get(row.id, ()),
    )


def _statement(inspection: Inspection, criterion: str) -> Mapping[str, str]:
    """Give a criterion's statement in both languages, with the numbers of its inspection."""
    text = catalogue(inspection.catalogue).criteria[criterion].statement
    return {lang: text.render(lang, inspection.parameters) for lang in ("sv", "en")}
