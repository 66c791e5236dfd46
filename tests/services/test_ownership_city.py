"""The whole demo city asked back: every door, building and landmark by sentence, every building by point."""

import os
import random
import sys
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

import psycopg
import pytest
import shapely
from opencc import OpenCC
from sqlalchemy import create_engine, literal, select
from sqlalchemy.engine import make_url

from console.domain.catalogue import default_catalogue
from console.domain.city_map import MapLevel
from console.domain.ownership import AnswerKind
from console.domain.roles import Operator, Role
from console.domain.worktime import china_days
from console.services.intake.city import read_city
from console.services.intake.places import addresses, owner_of
from console.services.mapping import Mapping
from db.demo.city import build_city
from db.demo.registers import load_registers
from db.engine import open_database
from db.models import (
    AddressBookEntry,
    Building,
    Enterprise,
    Estate,
    House,
    Road,
    RoadRange,
)
from db.models import City as CityRow
from db.security import grant_login, install
from db.setup import settle_keys, upgrade
from tests.services.intake_desk import statements
from tests.world import GUARDED, PASSWORD, logged_in, seat_for

AGENT = Operator(1, "0017", "李敏", Role.AGENT, 1, "云澜市热线中心", "980102")


@pytest.fixture(scope="module")
def demo(request, tmp_path_factory: pytest.TempPathFactory):
    """The demo city's places; with CONSOLE_TEST_GUARD on PostgreSQL, asked with an agent's own login."""
    if os.environ.get("CONSOLE_TEST_GUARD"):
        base = make_url(request.getfixturevalue("guarded_server"))
        yield from _on_server(base, f"ownership_{uuid4().hex[:8]}")
        return
    url = f"sqlite:///{tmp_path_factory.mktemp('city') / 'city.db'}"
    yield from _loaded(url)


def _loaded(url: str):
    upgrade(url)
    database = open_database(url)
    with database.writing.begin() as session:
        session.add(
            CityRow(
                id=1,
                name="云澜市",
                division_code="9801",
                heading="",
                kind="demo",
                created_at=datetime.now(UTC),
            )
        )
        session.flush()
        load_registers(session, build_city(), default_catalogue(), china_days())
    yield database
    database.close()


def _on_server(base, name: str):
    plain = base.set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as raw:
        raw.execute(f"create database {name}")
    url = base.set(database=name).render_as_string(False)
    for database in _loaded(url):
        with database.writing.begin() as session:
            settle_keys(session)
        engine = create_engine(url)
        with engine.begin() as connection:
            install(connection, 60)
            grant_login(connection, "0017", Role.AGENT, PASSWORD)
        engine.dispose()
        GUARDED[url] = {}
        yield logged_in(database, AGENT)
        for login in GUARDED.pop(url).values():
            login.close()
    with psycopg.connect(plain, autocommit=True) as raw:
        raw.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="module")
def session(demo):
    with demo.reading() as session:
        yield session


@pytest.fixture(scope="module")
def city(session):
    return read_city(session, {})


def _doors(session):
    query = select(Road.name, RoadRange.low, RoadRange.high, RoadRange.grid_id)
    for name, low, high, grid_id in session.execute(
        query.join(RoadRange, RoadRange.road_id == Road.id)
    ):
        yield from ((f"{name}{door}号", grid_id) for door in range(low, high + 1, 2))


def test_every_door_is_found_in_its_grid(session, city) -> None:
    wrong, times = [], []
    doors = list(_doors(session))
    for sentence, grid_id in doors:
        started = perf_counter()
        answer = owner_of(session, city, sentence)
        times.append(perf_counter() - started)
        if answer.grid is None or answer.grid.id != grid_id:
            wrong.append((sentence, answer.rule))
    sys.stdout.write(
        f"\n{len(doors):,} doors, median {median(times) * 1000:.2f} ms, longest {max(times) * 1000:.1f} ms\n"
    )
    assert len(doors) > 10_000
    assert wrong == []
    assert median(times) < 0.030


@pytest.mark.parametrize("written", ["traditional", "wide", "spoken"])
def test_doors_however_they_are_written(session, city, written: str) -> None:
    """Traditional characters, full width, 我住在…: the same grid."""
    change = {
        "traditional": OpenCC("s2t").convert,
        "wide": lambda words: words.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
        "spoken": lambda words: f"我就住在楼台区{words}门面，门口的下水道堵了",
    }[written]
    wrong = []
    for sentence, grid_id in random.Random(5).sample(list(_doors(session)), 1500):
        answer = owner_of(session, city, change(sentence))
        if answer.grid is None or answer.grid.id != grid_id:
            wrong.append((change(sentence), answer.rule))
    assert wrong == []


def test_every_building_is_found_in_its_grid(session, city) -> None:
    query = select(Estate.name, Building.number, Building.grid_id)
    wrong = []
    for name, number, grid_id in session.execute(
        query.join(Building, Building.estate_id == Estate.id)
    ):
        sentence = f"{name}{number}栋" if number.isdigit() else f"{name}{number}"
        answer = owner_of(session, city, sentence)
        if answer.grid is None or answer.grid.id != grid_id:
            wrong.append((sentence, answer.rule))
    assert wrong == []


@pytest.mark.parametrize("register", [House, Enterprise], ids=["houses", "enterprises"])
def test_every_registered_address_is_found_in_its_grid(session, city, register) -> None:
    """As the registers write them: 鹤鸣街34号食品厂西院5号楼2单元201室, whose gate may lie in another grid."""
    name = register.name if register is Enterprise else literal("")
    wrong, count = [], 0
    for address, words, grid_id in session.execute(
        select(register.address, name, register.grid_id)
    ):
        answer = owner_of(session, city, address + words)
        count += 1
        if answer.grid is None or answer.grid.id != grid_id:
            wrong.append((address + words, answer.rule))
    assert count >= 4_000
    assert wrong == []


def test_every_landmark_is_found_and_near_it_is_asked(session, city) -> None:
    wrong = []
    for entry in session.scalars(select(AddressBookEntry)):
        at, near = (owner_of(session, city, f"{entry.name}{end}") for end in ("门口", "对面"))
        if at.grid is None or at.grid.id != entry.grid_id or near.kind is not AnswerKind.AMBIGUOUS:
            wrong.append((entry.name, at.rule, near.rule))
    assert wrong == []


def test_what_people_still_call_it_is_found_by_todays_name(session, city) -> None:
    for said, now in (
        ("解放路123号", "宝丽西街123号"),
        ("我在三中门口", "槐安中学门口"),
        ("棉麻大院", "棉麻公司东院"),
        ("老汽车站", "云澜汽车站"),
    ):
        old, new = (owner_of(session, city, words) for words in (said, now))
        assert (old.kind, [one.grid for one in old.candidates]) == (
            new.kind,
            [one.grid for one in new.candidates],
        ), said
        assert "现名" in old.rule + old.question or "即" in old.rule + old.question


def test_landmarks_are_offered_while_typing(demo, city, session) -> None:
    for typed in ("望台小", "wtxx"):
        assert "望台小学" in [choice.text for choice in addresses(session, city, typed)], typed


def test_a_name_heard_wrongly_is_proposed_and_asked(session, city) -> None:
    for said in ("保利西街123号", "宝利西街123号", "寶莉西街123號"):
        answer = owner_of(session, city, said)
        assert answer.kind is AnswerKind.AMBIGUOUS
        assert "请问是不是“宝丽西街”？" in answer.question
        assert [one.grid.code for one in answer.candidates] == ["980102001003002"]


def test_a_name_with_one_character_wrong_or_missing_is_never_taken(session, city) -> None:
    rng = random.Random(9)
    names = set(city.ranges) | {estate.name for estate in city.estates}
    typed = (
        "一二三大小东西南北中上下前后红安平和新华建国人民学校文化工业农电力水土木金火石山川江河湖海"
    )
    asked, taken = 0, []
    for name in sorted(names):
        behind = "5号" if name in city.ranges else "1栋"
        for _ in range(12):
            at = rng.randrange(len(name))
            wrong = name[:at] + rng.choice(("", rng.choice(typed))) + name[at + 1 :]
            if wrong in names:
                continue
            answer = owner_of(session, city, wrong + behind)
            asked += 1
            if answer.grid is not None:
                taken.append((wrong + behind, answer.rule))
    assert asked > 3_000
    assert taken == []


@pytest.mark.skipif(
    "CONSOLE_TEST_GUARD" in os.environ, reason="counts statements of one connection"
)
def test_typing_costs_hardly_a_statement(demo, session, city) -> None:
    with statements(demo) as seen:
        for sentence in (
            "宝丽西街123号",
            "宝丽西街",
            "望台小学",
            "前窑村",
            "前窑村3组",
            "宝丽社区",
            "长沙市五一路1号",
        ):
            owner_of(session, city, sentence)
    assert len(seen) <= 1, seen


# --- the same city on the map


@pytest.fixture(scope="module")
def mapping(demo) -> Mapping:
    seat = seat_for(demo)
    seat.sit(AGENT)
    return Mapping(seat)


def test_the_map_has_every_level_and_no_fault(mapping) -> None:
    shown = mapping.city_map()
    levels = [shape.level for shape in shown.shapes]
    assert [levels.count(level) for level in MapLevel] == [6, 45, 193]
    assert shown.faults == ()
    assert len({shape.unit_id for shape in shown.shapes}) == 244
    assert len(shown.spots) > 100


def test_every_building_lies_where_its_register_says(session, mapping) -> None:
    rows = session.execute(select(Building.x, Building.y, Building.grid_id)).all()
    found = mapping._drawn.get().index.at_many([(row.x, row.y) for row in rows])
    assert found == [row.grid_id for row in rows]


def test_twenty_thousand_points_a_second_and_each_as_shapely_says(mapping) -> None:
    """Random points over and around the whole city, the shapes read from the database."""
    index, rng = mapping._drawn.get().index, random.Random(12345)
    low_x, low_y, high_x, high_y = mapping.city_map().box
    points = [
        (rng.uniform(low_x - 50, high_x + 50), rng.uniform(low_y - 50, high_y + 50))
        for _ in range(50_000)
    ]
    started = perf_counter()
    found = index.at_many(points)
    together = len(points) / (perf_counter() - started)
    started = perf_counter()
    one_by_one = [index.at(x, y) for x, y in points[:10_000]]
    alone = 10_000 / (perf_counter() - started)
    xs, ys = (list(each) for each in zip(*points, strict=True))
    inside = [set() for _ in points]
    for id_, geometry in zip(index._ids, index._tree.geometries, strict=True):
        for at in shapely.intersects_xy(geometry, xs, ys).nonzero()[0]:
            inside[at].add(id_)
    assert [at for at, id_ in enumerate(found) if (id_ is None) != (not inside[at])] == []
    assert [at for at, id_ in enumerate(found) if id_ and id_ not in inside[at]] == []
    assert all(inside[at] <= set(ids) for at, ids in enumerate(one_by_one))
    within = sum(map(bool, inside))
    sys.stdout.write(
        f"\n{len(points):,} points, {within:,} in a grid: {together:,.0f}/s at once, {alone:,.0f}/s one by one\n"
    )
    assert within > 20_000
    assert together > 20_000


def test_a_point_names_grid_people_and_the_nearest_building(session, mapping) -> None:
    row = session.execute(
        select(Building.x, Building.y, Building.grid_id, Building.number, Estate.name)
        .join(Estate, Estate.id == Building.estate_id).where(Estate.name == "华庭新村").limit(1)
    ).one()  # fmt: skip
    answer = mapping.at(row.x + 3, row.y + 4)
    assert answer.place.owner is not None
    assert answer.place.owner.grid_id == row.grid_id
    assert answer.place.rule == f"按坐标：图上选点（{row.x + 3:.0f}，{row.y + 4:.0f}）"
    assert "*" in answer.place.owner.leader, "masked"
    assert answer.words == f"华庭新村 {row.number}栋（约 5 米）"


def test_a_point_outside_says_so_and_offers_nobody(mapping) -> None:
    answer = mapping.at(-50.0, -900.0)
    assert answer.place.owner is None
    assert answer.place.candidates == ()
    assert "不在任何网格内" in answer.place.rule
    assert answer.nearest == ""


def test_a_point_on_a_border_asks_for_the_side(mapping) -> None:
    shown = mapping.city_map()
    grid = next(s for s in shown.shapes if s.full == "钟鼓社区第二网格")
    corner = next(p for p in grid.rings[0] if len(mapping._drawn.get().index.at(*p)) > 1)
    place = mapping.at(*corner).place
    assert place.owner is None
    assert len(place.candidates) > 1
    assert "请问属哪一边" in place.ask


@pytest.mark.parametrize(
    ("typed", "text", "hint"),
    [
        ("宝丽西街", "宝丽西街", "道路"),
        ("blxj", "宝丽西街", "道路"),
        ("华庭新村3栋", "华庭新村 3栋", "楼栋"),
        ("华庭新村", "华庭新村", "小区"),
        ("望台街道", "望台街道", "街道"),
        ("宝丽公交站", "宝丽公交站", "公交站"),
        ("宝丽西街123号", "宝丽西街 123 号", "宝丽西街 101–199 号单号侧　第二网格"),
    ],
)
def test_a_place_is_found_on_the_map(mapping, typed: str, text: str, hint: str) -> None:
    found = mapping.find(typed)
    assert (text, hint) in [(place.text, place.hint) for place in found]
    assert all(place.box[0] < place.box[2] for place in found)


@pytest.mark.parametrize("typed", ["", "宝", "%", "火星大道", "😀😀", "\x00\x00", "a" * 5000])
def test_odd_words_find_nothing_and_break_nothing(mapping, typed: str) -> None:
    assert mapping.find(typed) == ()
