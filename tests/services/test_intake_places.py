"""Where it belongs and what is offered while typing, from memory; who sits here; what is said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.changes import Changed, Topic
from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.domain.states import Nature, Urgency
from db.models import Assignment, Building, CategoryRow, Estate, Road, RoadRange, Ticket
from tests.services.intake_desk import PHONE, add_categories, desk, form, statements
from tests.world import seat_for

# place


def test_a_door_number_decides_and_says_by_which_rule(world) -> None:
    found = desk(world).place("我住在保麗西街".replace("保麗", "宝麗") + "１２３號門面", None)
    assert found.owner is not None
    assert (found.owner.grid_id, found.owner.leader) == (30, "刘**")
    assert found.rule == "按地址：宝丽西街 101–199 号单号侧"
    assert found.confidence == "按地址"


def test_an_address_over_two_grids_gives_both_and_the_question(world) -> None:
    found = desk(world).place("宝丽西街123到130号门面", None)
    assert found.owner is None
    assert sorted(c.grid_id for c in found.candidates) == [30, 31]
    assert all(c.street_unit_id == 10 and c.community_unit_id == 20 for c in found.candidates)
    assert found.ask == "宝丽西街 123–130 号跨两个网格，请问具体门牌号？"


@pytest.mark.parametrize(
    ("sentence", "grid", "rule"),
    [("宝丽小区3栋2单元501", 30, "按楼栋：宝丽小区 3 栋"), ("宝丽小区", 30, "按小区：宝丽小区（整个小区在一个网格）"),
     ("桂花社区", 32, "按社区：桂花社区"),
     ("清河街道清风社区宝丽西街102号", 31, "按地址：宝丽西街 100–198 号双号侧"),
     ("路口宝丽西街101号", 30, "按地址：宝丽西街 101–199 号单号侧")],
)  # fmt: skip
def test_estate_community_and_road_find_their_grid(
    world, sentence: str, grid: int, rule: str
) -> None:
    found = desk(world).place(sentence, None)
    assert found.owner is not None
    assert (found.owner.grid_id, found.rule) == (grid, rule)


def test_without_an_address_the_home_counts_and_shows_no_room(world) -> None:
    found = desk(world).place("", 1)
    assert found.owner is not None
    assert found.rule == "按登记住址：宝丽小区3栋***"
    assert desk(world).place("", None).owner is None
    assert desk(world).place("", 999).owner is None


@pytest.mark.parametrize(
    "sentence", ["宝丽西街9999号", "火星大道1号", "1" * 5000, "😀", "路路路路路路", "\x00"]
)
def test_an_address_nobody_knows_is_said_to_be_outside(world, sentence: str) -> None:
    found = desk(world).place(sentence, None)
    assert found.owner is None
    assert found.rule


@pytest.mark.parametrize(
    "sentence", ["和园公寓1栋", "住在前窑村3组32号", "前窑村第三村民小组三十二号门口"]
)
def test_a_registered_name_in_the_sentence_counts_where_guessing_cuts_it_wrongly(
    world, sentence: str
) -> None:
    with world.writing.begin() as session:
        for id_, name, number in ((7, "和园公寓", "1"), (8, "前窑村", "3组32号")):
            session.add(Estate(id=id_, name=name, grid_id=32))
            session.flush()
            session.add(Building(estate_id=id_, grid_id=32, number=number))
            session.add(Building(estate_id=id_, grid_id=31, number="3组3号"))
    found = desk(world).place(sentence, None)
    assert found.owner is not None
    assert found.owner.grid_id == 32
    assert found.rule.startswith("按楼栋：")


def test_a_new_road_is_known_after_places_changed(world) -> None:
    intake = desk(world)
    assert intake.place("新开路5号", None).owner is None
    with world.writing.begin() as session:
        session.add(Road(id=9, name="新开路", initials="xkl"))
        session.flush()
        session.add(RoadRange(road_id=9, grid_id=32, low=1, high=99, side="both"))
    intake.heard(Changed(frozenset({Topic.TICKETS})))
    assert intake.place("新开路5号", None).owner is None
    intake.heard(Changed(frozenset({Topic.PLACES})))
    found = intake.place("新开路5号", None)
    assert found.owner is not None
    assert found.owner.grid_id == 32


def test_typing_an_address_sends_few_statements(world) -> None:
    intake = desk(world)
    intake.warm()
    for sentence, most in (("宝丽西街123号", 2), ("宝丽西街123到130号", 0), ("宝丽小区3栋", 3)):
        with statements(world) as seen:
            intake.place(sentence, None)
        assert len(seen) <= most, (sentence, seen)


# type-ahead


def test_categories_by_initials_words_and_synonyms_best_first(world) -> None:
    add_categories(world)
    intake = desk(world)
    assert intake.categories("xsd")[0].key == "010304"
    assert [c.key for c in intake.categories("下水")] == ["010304", "020101"]
    assert intake.categories("摆摊")[0].detail == "即“摆摊”"
    assert [c.key for c in intake.categories("路")][:2] == ["010303", "010306"]
    assert [c.key for c in intake.categories("luduan")] == []
    assert [c.key for c in intake.categories("ludeng")] == ["010303"]
    assert "01" not in [c.key for c in intake.categories("城市管理")], "one level is too coarse"
    assert 0 < len(intake.categories("")) <= 12


def test_what_is_used_lately_comes_first_among_equals(world) -> None:
    add_categories(world)
    intake = desk(world)
    assert intake.categories("路")[0].key == "010303"
    for _ in range(3):
        intake.submit(form(category_code="010306"), False)
    later = desk(world)
    assert later.categories("路")[0].key == "010306"


def test_units_and_addresses_by_initials_and_pieces(world) -> None:
    intake = desk(world)
    assert [c.id for c in intake.units("qh")] == [10]
    assert [c.id for c in intake.units("城市")] == [40]
    assert [c.text for c in intake.units("第一网格")] == ["清风社区第一网格", "桂花社区第一网格"]
    assert 1 not in [c.id for c in intake.units("")], "the centre takes no orders"
    assert [c.text for c in intake.addresses("bl")] == ["宝丽西街", "宝丽小区"]
    with world.writing.begin() as session:
        session.add(Building(estate_id=1, grid_id=31, number="31"))
    assert [c.text for c in intake.addresses("宝丽小区3")] == ["宝丽小区3栋", "宝丽小区31栋"]
    assert intake.addresses("") == ()


@pytest.mark.parametrize("typed", ["😀", "\x00", "%_", "a" * 5000, "。，", "１２"])
def test_odd_typing_offers_nothing_and_breaks_nothing(world, typed: str) -> None:
    intake = desk(world)
    for ask in (intake.categories, intake.units, intake.addresses, intake.knowledge):
        ask(typed)


# scope


@pytest.mark.parametrize("role", [Role.STREET_DESK, Role.ADMIN, Role.REVISITOR, Role.LIAISON])
def test_nobody_else_sits_at_this_desk(world, role: Role) -> None:
    intake = desk(world, role)
    for ask in (
        lambda: intake.ring(PHONE), lambda: intake.caller(PHONE), lambda: intake.residents("叶长青"),
        lambda: intake.full_person(1, "x"), lambda: intake.submit(form(), False), lambda: intake.duplicates(form()),
        lambda: intake.categories("x"), lambda: intake.place("宝丽西街", None), lambda: intake.save_draft(form()),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match="受理台由"):
            ask()


def test_preview_is_what_dispatching_stamps(world) -> None:
    intake = desk(world)
    shown = intake.preview(Nature.HELP, Urgency.URGENT, "010304")
    assert shown.words.startswith("签收 ")
    assert shown.words.endswith("前（24小时）")
    assert shown.lines
    assert intake.preview(None, Urgency.NORMAL, "").lines == ()
    done = intake.submit(form(urgency=Urgency.URGENT), True)
    again = intake.preview(Nature.HELP, Urgency.URGENT, "010304")
    assert again.words.split("办结 ")[1][:8] in shown.words
    assert done.finish_due is not None


def test_a_category_with_a_limit_of_its_own_says_and_gets_that_one(world) -> None:
    """field-facts 4.1: what lies on a road is cleared sooner than the nature alone would ask."""
    with world.writing.begin() as session:
        session.get_one(CategoryRow, "010304").finish = "4工作时"
    intake = desk(world)
    plain = intake.preview(Nature.HELP, Urgency.NORMAL, "")
    own = intake.preview(Nature.HELP, Urgency.NORMAL, "010304")
    assert (plain.words.split("（")[1], own.words.split("（")[1]) == ("3个工作日）", "4个工作时）")
    done = intake.submit(form(), True)
    with world.reading() as session:
        row = session.scalars(select(Ticket).where(Ticket.number == done.number)).one()
        share = session.scalars(select(Assignment).where(Assignment.ticket_id == row.id)).one()
    assert row.own_limit == "4工作时"
    assert share.finish_due <= seat_for(world).rules.calendar.add_worktime(
        row.dispatched_at, timedelta(hours=4)
    )


def test_the_reading_back_names_place_time_and_only_the_last_four(world) -> None:
    intake = desk(world)
    said = intake.read_back(form())
    for words in (
        "叶长青您好",
        "下午3点",
        "宝丽西街123号门面",
        "清河街道办事处",
        "希望尽快疏通",
        "尾号是1 2 3 4",
    ):
        assert words in said
    assert PHONE not in said
    bare = intake.read_back(
        replace(
            form(),
            name="",
            anonymous=True,
            full_phone="",
            occurred="每天晚上",
            nature=None,
            unit_id=None,
        )
    )
    assert bare.startswith("您好，跟您核对一下：您反映的是每天晚上，")
    assert bare.endswith("请问对吗？")
