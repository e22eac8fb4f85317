"""The grades of released inspections, each worked out once: what was released never changes."""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires.read import catalogue
from scoring.documents.objects import parse
from scoring.documents.read import read_release
from scoring.rules import rules
from scoring.verdict import Grade, assess
from stins.store.tables import Release

KEPT_MOST = 20_000
AT_A_TIME = 100

Grades = Mapping[str, Grade | None]
"""By area; ``None`` where an area could not be assessed."""

_kept: OrderedDict[str, Grades] = OrderedDict()
_one_at_a_time = Lock()


def grades_of(session: Session, digests: Mapping[str, str]) -> Mapping[str, Grades]:
    """Give the grades of inspections, whose releases' SHA-256 are ``digests``, by inspection.

    Only those releases are read whole whose grades are not at hand, in one query.
    """
    with _one_at_a_time:
        found = {id: _kept[digest] for id, digest in digests.items() if digest in _kept}
    missing = {digest: id for id, digest in digests.items() if id not in found}
    if missing:
        bodies = select(Release.sha256, Release.body).where(Release.inspection_id.in_(missing.values()))
        read = {
            digest: _grades(body)
            for digest, body in session.execute(bodies.execution_options(yield_per=AT_A_TIME))
        }
        found |= {id: read[digest] for id, digest in digests.items() if digest in read}
        _keep(read)
    return found


def _keep(read: Mapping[str, Grades]) -> None:
    with _one_at_a_time:
        _kept.update(read)
        while len(_kept) > KEPT_MOST:
            _kept.popitem(last=False)


def _grades(body: str) -> Grades:
    release = read_release(parse(body))
    verdict = assess(release, catalogue(release.catalogue), rules(release.rules))
    return {id: area.grade for id, area in verdict.areas.items()}
