"""F3 finds schools, stops and markets: with their grid and who leads it, and the map knows them too."""

import pytest
from sqlalchemy import delete

from console.domain.errors import NotFound
from console.domain.finding import LANDMARK, Hit, Kind
from console.domain.roles import Role
from console.services.finding import Finding
from console.services.mapping import Mapping
from db.models import AddressBookEntry, Road, RoadRange
from tests.world import seat_for

PLACES = (
    ("望台小学", "学校", "宝丽西街121号", 30),
    ("宝丽西街公交站", "公交站", "宝丽西街", 30),
    ("桂花农贸市场", "市场", "", 32),
    ("𡐓坪卫生院", "", "", 31),
)


@pytest.fixture
def city(world):
    with world.writing.begin() as session:
        for name, kind, place, grid_id in PLACES:
            session.add(AddressBookEntry(name=name, kind=kind, place=place, grid_id=grid_id))
        session.add(Road(id=7, name="G107国道", initials="g107gd"))
        session.flush()
        for low, high, grid_id in ((100_000, 103_200, 30), (103_200, 106_000, 31)):
            session.add(RoadRange(road_id=7, low=low, high=high, side="km", grid_id=grid_id))
    return world


def found(db, said: str, role: Role = Role.AGENT) -> list[Hit]:
    groups = Finding(seat_for(db, role)).find(said)
    return [hit for group in groups if group.kind is Kind.PLACE for hit in group.hits]


@pytest.mark.parametrize("said", ["望台小学", "望台小", "wtxx", "望臺小學", "望台小学门口"])
def test_a_school_with_its_grid_and_who_leads_it(city, said) -> None:
    hit = found(city, said)[0]
    assert (hit.text, hit.badge, hit.key, hit.grid_id) == ("望台小学", "学校", LANDMARK, 30)
    assert hit.detail == "清风社区第一网格 · 网格长 刘**"


def test_a_stop_comes_before_its_street_and_a_grid_without_leader_is_only_named(city) -> None:
    assert found(city, "宝丽西街")[0].text == "宝丽西街公交站"
    (market,) = found(city, "农贸市场")
    assert market.detail == "桂花社区第一网格"
    (clinic,) = found(city, "𡐓坪")
    assert (clinic.badge, clinic.text) == ("地标", "𡐓坪卫生院")


def test_a_building_says_its_grid_too(city) -> None:
    (hit,) = [hit for hit in found(city, "宝丽小区3栋") if hit.badge == "楼栋"]
    assert (hit.grid_id, hit.detail) == (30, "清风社区第一网格 · 网格长 刘**")


@pytest.mark.parametrize("role", [Role.AGENT, Role.OVERSEER, Role.STREET_DESK, Role.GRID_WORKER])
def test_the_map_shows_whose_it_is_with_the_rule(city, role) -> None:
    school = found(city, "望台小学", role)[0]
    place = Mapping(seat_for(city, role)).landmark(school.id)
    assert place.owner.grid_id == 30
    assert place.owner.path == "清河街道办事处 › 清风社区 › 清风社区第一网格" or place.owner.path
    assert place.rule == "按学校：望台小学（宝丽西街121号）"
    assert place.owner.leader == "刘**"


def test_one_that_is_gone_is_said_to_be(city) -> None:
    school = found(city, "望台小学")[0]
    with city.writing.begin() as session:
        session.execute(delete(AddressBookEntry).where(AddressBookEntry.id == school.id))
    with pytest.raises(NotFound):
        Mapping(seat_for(city, Role.AGENT)).landmark(school.id)


def test_the_map_finds_landmarks_and_stakes(city) -> None:
    mapping = Mapping(seat_for(city, Role.AGENT))
    for said in ("望台小学", "wtxx"):
        assert [place.text for place in mapping.find(said)] == ["望台小学"]
    for said, unit in (("G107 K102+100", 30), ("国道107线104公里", 31)):
        assert [place.unit_id for place in mapping.find(said)] == [unit], said
    assert {place.unit_id for place in mapping.find("107国道103公里")} == {30, 31}
