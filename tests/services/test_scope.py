"""What a query is limited to is what the right of the same name says of each place, for whoever asks."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from world import World

from stins.services import organisation, rights, scope
from stins.services.rights import Held, Office, Person, Place
from stins.store.tables import Node

ALIKE: dict[str, tuple[Callable[[Person], scope.Condition], Callable[[Person, Place], bool]]] = {
    "seen": (scope.seen, rights.may_see),
    "read": (scope.read, lambda person, place: rights.may_read(person, place, dialogue=True)),
    "acted on": (scope.acted_on, rights.may_act),
    "in charge of": (scope.in_charge, rights.is_in_charge),
    "known reviews of": (scope.reviews_known, rights.may_know_reviews),
    "decided on": (scope.decided_on, rights.may_decide),
    "run": (lambda person: scope.reached(person, Office.STUDIEREKTOR), rights.may_run),
}

OFFICES = st.lists(
    st.tuples(
        st.sampled_from(Office),
        st.sampled_from(["region", "part", "unit", "other", "group", "member", "second", "away", "far"]),
    ),
    max_size=4,
)


@pytest.mark.parametrize("which", ALIKE)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the world is only read
@given(offices=OFFICES)
def test_a_query_finds_the_places_of_the_right_and_no_other(
    world: World, which: str, offices: list[tuple[Office, str]]
):
    condition, right = ALIKE[which]
    person = Person("x", "Prov", "x", tuple(Held(office, world.places[key]) for office, key in offices))
    with world.store.reading() as session:
        places = organisation.places(session)
        found = set(session.scalars(select(Node.id).where(condition(person))))
    assert found == {place.id for place in places if right(person, place)}
