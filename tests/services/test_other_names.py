"""What callers still call it: an old name is read as today's and told; what two things bear is asked, never taken."""

import pytest
from sqlalchemy import update

from console.domain.finding import Kind
from console.domain.ownership import AnswerKind
from console.domain.roles import Role
from console.services.finding import Finding
from console.services.intake.city import read_city
from console.services.intake.places import addresses, owner_of, place
from console.services.mapping import Mapping
from db.models import AddressBookEntry, Estate, Road, RoadRange
from tests.world import seat_for


@pytest.fixture
def city(world):
    with world.writing.begin() as session:
        session.execute(update(Road).where(Road.id == 1).values(other_names="解放路、东升街"))
        session.execute(
            update(Estate).where(Estate.id == 1).values(other_names="纺织厂宿舍；桂花里")
        )
        session.add(Road(id=7, name="东升街", initials="dsj", other_names=""))
        session.add(Road(id=8, name="新港路", initials="xgl", other_names="红旗路"))
        session.add(Road(id=9, name="滨江路", initials="bjl", other_names="红旗路、无门牌老路"))
        # In no grid: nobody can be sent there, by whatever name.
        session.add(Road(id=10, name="未编路", initials="wbl", other_names="旧编路"))
        session.flush()
        for road, grid in ((7, 32), (8, 31), (9, 32)):
            session.add(RoadRange(road_id=road, low=1, high=399, side="both", grid_id=grid))
        session.add(
            AddressBookEntry(
                name="泊宁第三中学", kind="学校", place="", grid_id=31, other_names="三中、工农中学"
            )
        )
    return world


def asked(db, sentence: str):
    with db.reading() as session:
        return owner_of(session, read_city(session, {}), sentence)


@pytest.mark.parametrize(
    ("sentence", "grid", "rule"),
    [
        (
            "解放路123号门口下水道堵了",
            30,
            "按旧称：解放路现名宝丽西街；按地址：宝丽西街 101–199 号单号侧",
        ),
        ("解放路上124号", 31, "按旧称：解放路现名宝丽西街；按地址：宝丽西街 100–198 号双号侧"),
        ("纺织厂宿舍3栋漏水", 30, "按别称：纺织厂宿舍即宝丽小区；按楼栋：宝丽小区 3 栋"),
        ("三中门口占道", 31, "按别称：三中即泊宁第三中学；按学校：泊宁第三中学"),
        ("我住解放路123號", 30, "按旧称：解放路现名宝丽西街；按地址：宝丽西街 101–199 号单号侧"),
    ],
)
def test_an_old_name_is_read_as_todays_and_told(city, sentence, grid, rule) -> None:
    answer = asked(city, sentence)
    assert answer.kind is AnswerKind.FOUND, answer
    assert (answer.grid.id, answer.rule) == (grid, rule)


def test_today_s_names_are_answered_as_before(city) -> None:
    assert asked(city, "宝丽西街123号").rule == "按地址：宝丽西街 101–199 号单号侧"
    assert asked(city, "新港路5号").grid.id == 31


@pytest.mark.parametrize(
    ("sentence", "words", "grids"),
    [
        ("东升街123号", ("今天的东升街（道路）", "宝丽西街（道路，又称东升街）"), {30, 32}),
        ("红旗路20号", ("新港路（道路，又称红旗路）", "滨江路（道路，又称红旗路）"), {31, 32}),
    ],
)
def test_a_name_that_two_roads_bear_is_asked(city, sentence, words, grids) -> None:
    answer = asked(city, sentence)
    assert answer.kind is AnswerKind.AMBIGUOUS
    assert answer.grid is None
    assert all(word in answer.question for word in words)
    assert {one.grid.id for one in answer.candidates} == grids
    assert any(one.rule.startswith("按旧称：") for one in answer.candidates)


@pytest.mark.parametrize(
    "sentence", ["解放路", "解放路对面", "解放路和新港路路口", "解放路小学", "老解放路123号"]
)
def test_an_old_name_is_no_licence_to_guess(city, sentence) -> None:
    assert asked(city, sentence).kind is not AnswerKind.FOUND


def test_a_door_that_the_road_has_not_is_outside_by_the_old_name_too(city) -> None:
    answer = asked(city, "解放路900号")
    assert answer.kind is AnswerKind.OUTSIDE
    assert answer.rule.startswith("按旧称：解放路现名宝丽西街；")
    assert asked(city, "旧编路3号").kind is AnswerKind.OUTSIDE


def test_what_is_asked_keeps_how_the_words_led_there(city) -> None:
    answer = asked(city, "解放路")
    assert answer.question.startswith("按旧称：解放路现名宝丽西街。宝丽西街跨两个网格")
    assert all(one.rule.startswith("按旧称：解放路现名宝丽西街；") for one in answer.candidates)


def test_the_second_half_of_a_sentence_may_contradict_by_an_old_name(city) -> None:
    answer = asked(city, "我住新港路5号，要反映的是解放路123号的路灯")
    assert answer.kind is AnswerKind.AMBIGUOUS


def test_the_card_says_by_which_name(city) -> None:
    with city.reading() as session:
        answer = place(session, read_city(session, {}), "解放路123号")
    assert answer.owner.grid_id == 30
    assert answer.confidence.startswith("按旧称")


@pytest.mark.parametrize(
    ("typed", "text"),
    [("解放", "宝丽西街"), ("jfl", "宝丽西街"), ("纺织厂", "宝丽小区"), ("三中", "泊宁第三中学")],
)
def test_typing_an_old_name_offers_todays(city, typed, text) -> None:
    with city.reading() as session:
        assert text in [one.text for one in addresses(session, read_city(session, {}), typed)]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("解放路", "宝丽西街（别称解放路、东升街）"),
        ("纺织厂宿舍", "宝丽小区（别称纺织厂宿舍；桂花里）"),
        ("工农中学", "泊宁第三中学（别称三中、工农中学）"),
        ("宝丽西街", "宝丽西街"),
    ],
)
def test_f3_finds_it_by_the_old_name_and_says_both(city, said, text) -> None:
    groups = Finding(seat_for(city, Role.AGENT)).find(said)
    assert text in [hit.text for group in groups if group.kind is Kind.PLACE for hit in group.hits]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("解放路123号", "宝丽西街 101–199 号单号侧"),
        ("解放路", "宝丽西街"),
        ("纺织厂宿舍", "宝丽小区"),
        ("工农中学", "泊宁第三中学"),
    ],
)
def test_the_map_finds_it_by_the_old_name(city, said, words) -> None:
    found = Mapping(seat_for(city, Role.AGENT)).find(said)
    assert any(words in f"{one.text} {one.hint}" for one in found), found
