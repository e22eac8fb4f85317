"""Who may do what, as one table: a role reaches everything at and below its place and nothing else."""

import pytest

from stins.services.rights import (
    Held,
    Kind,
    Office,
    Person,
    Place,
    may_lead,
    may_read,
    may_review,
    may_run,
    may_see,
    reviewers,
)

REGION = Place("r", None, Kind.REGION, "Regionen", "r/")
PART = Place("p", "r", Kind.FORVALTNING, "Förvaltningen", "r/p/")
GROUP = Place("g", "p", Kind.GRUPP, "Gruppen", "r/p/g/")
UNIT = Place("u", "g", Kind.ENHET, "Enheten", "r/p/g/u/")
BESIDE = Place("uu", "g", Kind.ENHET, "Grannen", "r/p/g/uu/")
PLACES = (REGION, PART, GROUP, UNIT, BESIDE)


def person(*held: tuple[Office, Place]) -> Person:
    return Person("1", "Prov", "p@prov.example", tuple(Held(*each) for each in held))


def reached(may, *held: tuple[Office, Place]) -> list[str]:
    return [place.id for place in PLACES if may(person(*held), place)]


SR, VC, OVS, REG, ADMIN = Office


@pytest.mark.parametrize(
    ("office", "where", "places"),
    [(SR, PART, ["p", "g", "u", "uu"]), (SR, UNIT, ["u"]), (SR, REGION, ["r", "p", "g", "u", "uu"])]
    + [(office, where, []) for office in (VC, OVS, REG, ADMIN) for where in PLACES],
)
def test_a_studierektor_alone_runs_inspections_at_and_below(office: Office, where: Place, places: list[str]):
    assert reached(may_run, (office, where)) == places


@pytest.mark.parametrize(
    ("held", "own", "extra"),
    [
        ([(SR, UNIT)], ["u"], []),
        ([(OVS, PART)], [], ["g", "u", "uu"]),
        ([(OVS, UNIT)], [], []),
        ([(OVS, PART), (SR, GROUP)], ["g", "u", "uu"], []),
        ([(VC, UNIT)], [], []),
        ([(REG, REGION)], [], []),
        ([(ADMIN, REGION)], [], []),
    ],
)
def test_an_extra_review_is_led_from_above_and_any_other_within(held: list, own: list, extra: list):
    assert reached(lambda who, place: may_lead(who, place, extra=False), *held) == own
    assert reached(lambda who, place: may_lead(who, place, extra=True), *held) == extra


@pytest.mark.parametrize(
    ("office", "where", "places"),
    [
        (SR, UNIT, ["g", "u"]),
        (VC, UNIT, ["g", "u"]),
        (VC, GROUP, ["g", "u", "uu"]),
        (OVS, PART, ["p", "g", "u", "uu"]),
        (OVS, UNIT, ["u"]),
        (REG, REGION, []),
        (ADMIN, REGION, []),
    ],
)
def test_who_sees_that_an_inspection_is_held(office: Office, where: Place, places: list[str]):
    assert reached(may_see, (office, where)) == places


@pytest.mark.parametrize(
    ("office", "where", "anonymous", "dialogue"),
    [
        (SR, UNIT, ["g", "u"], ["g", "u"]),
        (VC, UNIT, ["g", "u"], ["g", "u"]),
        (OVS, PART, ["p", "g", "u", "uu"], []),
        (REG, REGION, [], []),
        (ADMIN, REGION, [], []),
    ],
)
def test_who_reads_a_result(office: Office, where: Place, anonymous: list[str], dialogue: list[str]):
    assert reached(lambda who, place: may_read(who, place, dialogue=False), (office, where)) == anonymous
    assert reached(lambda who, place: may_read(who, place, dialogue=True), (office, where)) == dialogue


@pytest.mark.parametrize(
    ("held", "places"),
    [
        ([(OVS, PART)], ["g", "u", "uu"]),
        ([(OVS, REGION)], ["p", "g", "u", "uu"]),
        ([(OVS, UNIT)], []),
        ([(OVS, PART), (VC, UNIT)], ["uu"]),
        ([(OVS, PART), (SR, PART)], []),
        ([(OVS, PART), (SR, GROUP)], []),
        ([(SR, PART)], []),
        ([(REG, REGION)], []),
        ([(ADMIN, REGION)], []),
        ([(OVS, PART), (ADMIN, REGION)], ["g", "u", "uu"]),
    ],
)
def test_comments_are_read_first_from_above_by_one_with_no_role_there(held: list, places: list[str]):
    assert reached(may_review, *held) == places


def test_reviewers_are_those_who_may():
    people = [person((OVS, PART)), person((VC, UNIT)), person((OVS, PART), (SR, UNIT))]
    assert reviewers(people, UNIT) == (people[0],)


def test_a_place_is_not_below_one_whose_id_begins_alike():
    assert not BESIDE.is_within(UNIT.path)


def test_a_person_holds_and_reaches_by_role():
    who = person((OVS, PART), (VC, UNIT))
    assert who.holds(VC)
    assert not who.holds(ADMIN, SR)
    assert who.paths(OVS, VC) == ("r/p/", "r/p/g/u/")
