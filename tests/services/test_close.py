"""Closing gives the release and destroys the rest, whatever interrupts it."""

import json

import pytest
from sqlalchemy import func, select
from world import World, people

from stins.services import close, report
from stins.services.close import Stopped
from stins.store.tables import Ballot, Code, Destruction, Inspection, Release


def test_a_closed_inspection_has_a_result_and_nothing_else(world: World):
    id, codes = world.open()
    world.all_hand_in(codes)
    world.close(id)
    with world.store.reading() as session:
        found = report.result(session, world.people["studierektor"], id)
        assert [cell.n for cell in found.release.cells] == [7, 11]
        assert found.destroyed is not None
        assert found.destroyed.ballots == 18
        assert session.scalar(select(func.count()).select_from(Ballot)) == 0
        assert session.scalar(select(func.count()).select_from(Code)) == 0
    assert world.box.keys.kept() == ()
