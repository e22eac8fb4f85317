"""The tree has one shape, and a region its own numbers within bounds."""

import pytest
from world import World

from questionnaires.model import Catalogue
from stins.services import invite, organisation
from stins.services.organisation import NameMissing, NumberOutside, RegionSettings, WrongPlace
from stins.services.refusals import NotFound
from stins.services.rights import Kind, Place
from stins.store.tables import Inspection


@pytest.fixture
def cat() -> Catalogue:
    return invite.current_catalogue()


def defaults(cat: Catalogue) -> dict[str, int]:
    return {id: parameter.default for id, parameter in cat.parameters.items()}


def add(world: World, kind: Kind, parent: str | None, name: str = "Ny plats") -> Place:
    with world.store.writing() as session:
        above = world.places[parent].id if parent else None
        return organisation.add_place(session, world.box, kind, name, above)


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (Kind.REGION, None),
        (Kind.FORVALTNING, "region"),
        (Kind.GRUPP, "part"),
        (Kind.ENHET, "part"),
        (Kind.ENHET, "group"),
    ],
)
def test_a_place_belongs_below_its_kind(world: World, kind: Kind, parent: str | None):
    made = add(world, kind, parent)
    above = world.places[parent].path if parent else ""
    assert made.path == f"{above}{made.id}/"
    with world.store.reading() as session:
        assert organisation.place(session, made.id) == made


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        (Kind.ENHET, None),
        (Kind.REGION, "region"),
        (Kind.ENHET, "region"),
        (Kind.FORVALTNING, "part"),
        (Kind.GRUPP, "group"),
        (Kind.ENHET, "unit"),
    ],
)
def test_a_place_belongs_nowhere_else(world: World, kind: Kind, parent: str | None):
    with pytest.raises(WrongPlace):
        add(world, kind, parent)


def test_a_place_needs_a_name(world: World):
    with pytest.raises(NameMissing):
        add(world, Kind.ENHET, "part", " \t ")


def test_a_name_is_kept_tidy_and_short(world: World):
    assert add(world, Kind.ENHET, "part", "  En \n klinik ").name == "En klinik"
    assert len(add(world, Kind.ENHET, "part", "x" * 500).name) == 200


def test_a_place_below_what_is_not_there_is_not_found(world: World):
    with pytest.raises(NotFound), world.store.writing() as session:
        organisation.add_place(session, world.box, Kind.ENHET, "Ny", "00000000")


def test_the_tree_stands_each_place_before_what_lies_below_it(world: World):
    with world.store.reading() as session:
        names = [place.name for place in organisation.places(session)]
    assert names == [
        "Regionen",
        "Andra förvaltningen",
        "Fjärrkliniken",
        "Förvaltningen",
        "Grannkliniken",
        "Kliniken",
        "Vårdcentralerna",
        "Norra vårdcentralen",
        "Södra vårdcentralen",
    ]


def test_without_its_own_numbers_a_region_has_the_defaults(world: World, cat: Catalogue):
    with world.store.reading() as session:
        found = organisation.region_settings(session, world.places["unit"], cat)
    assert found == RegionSettings(5, defaults(cat))


@pytest.mark.parametrize("k", [4, 10])
def test_a_regions_numbers_hold_at_every_place_in_it(world: World, cat: Catalogue, k: int):
    wanted = RegionSettings(k, {id: each.most for id, each in cat.parameters.items()})
    with world.store.writing() as session:
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    with world.store.reading() as session:
        assert organisation.region_settings(session, world.places["member"], cat) == wanted


@pytest.mark.parametrize("k", [3, 11])
def test_k_is_from_four_to_ten(world: World, cat: Catalogue, k: int):
    wanted = RegionSettings(k, defaults(cat))
    with pytest.raises(NumberOutside) as caught, world.store.writing() as session:
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    assert (caught.value.field, caught.value.about) == ("k", {"least": 4, "most": 10})


@pytest.mark.parametrize("beyond", [-1, 1])
def test_a_parameter_is_within_its_catalogues_bounds(world: World, cat: Catalogue, beyond: int):
    id, parameter = next(iter(cat.parameters.items()))
    outside = parameter.least - 1 if beyond < 0 else parameter.most + 1
    wanted = RegionSettings(5, defaults(cat) | {id: outside})
    with pytest.raises(NumberOutside) as caught, world.store.writing() as session:
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    assert caught.value.field == id


@pytest.mark.parametrize("where", ["part", "unit", "nowhere"])
def test_only_a_region_has_numbers(world: World, cat: Catalogue, where: str):
    id = world.places[where].id if where in world.places else "00000000"
    with pytest.raises(NotFound), world.store.writing() as session:
        organisation.set_region(session, id, RegionSettings(5, defaults(cat)), cat)


def test_an_open_inspection_keeps_the_k_that_it_promised(world: World, cat: Catalogue):
    id, _ = world.open()
    with world.store.writing() as session:
        wanted = RegionSettings(9, defaults(cat))
        organisation.set_region(session, world.places["region"].id, wanted, cat)
    with world.store.reading() as session:
        assert session.get_one(Inspection, id).k == 5
