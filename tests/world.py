"""A very small invented city in a real database: enough to walk one work order through every desk."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from console.domain.policy import default_pack
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.ledger import Numbers, Seat
from db.engine import Database, open_database
from db.models import (
    Account,
    Building,
    CategoryRow,
    City,
    Estate,
    Grid,
    GridStaff,
    House,
    Household,
    KnowledgeEntry,
    Person,
    Road,
    RoadRange,
    Staff,
    Unit,
)
from db.pinyin import initials_column
from db.search import piece_text
from db.security import grant_login, install, login_name
from db.setup import settle_keys, upgrade

# Databases whose operators connect through their own logins, and those logins' connections.
GUARDED: dict[str, dict[str, Database]] = {}
PASSWORD = "guard-Test-1"
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]]}
UNITS = (
    (1, "990101", "示范市12345热线中心", "centre", None),
    (2, "99010", "楼台区", "district", 1),
    (10, "990101001", "清河街道办事处", "street", 2),
    (20, "990101001001", "清风社区", "community", 10),
    (30, "990101001001001", "清风社区第一网格", "grid", 20),
    (31, "990101001001002", "清风社区第二网格", "grid", 20),
    (11, "990101002", "明月街道办事处", "street", 2),
    (21, "990101002001", "桂花社区", "community", 11),
    (32, "990101002001001", "桂花社区第一网格", "grid", 21),
    (40, "D001", "城市管理局", "department", 1),
    (41, "D002", "供水集团", "department", 1),
)
ACCOUNTS = (
    (1, "0017", "李敏", Role.AGENT, 1),
    (2, "0002", "周正", Role.SUPERVISOR, 1),
    (3, "0031", "孙岚", Role.DISPATCHER, 1),
    (4, "0041", "何静", Role.REVISITOR, 1),
    (5, "0051", "郑督", Role.OVERSEER, 1),
    (6, "0061", "方文", Role.CLERK, 1),
    (7, "S101", "王街", Role.STREET_DESK, 10),
    (8, "C201", "刘社", Role.GRID_LEADER, 20),
    (9, "G301", "陈格", Role.GRID_WORKER, 30),
    (10, "D401", "赵城", Role.LIAISON, 40),
    (11, "S111", "吴月", Role.STREET_DESK, 11),
    (12, "A001", "管理", Role.ADMIN, 1),
    (13, "I001", "督察", Role.INSPECTOR, 1),
    (14, "0018", "张悦", Role.AGENT, 1),
    (15, "K001", "孟言", Role.KB_EDITOR, 1),
)


def make_world(path: Path) -> Database:
    """Build the city in a new SQLite file."""
    url = f"sqlite:///{path}"
    upgrade(url)
    database = open_database(url)
    fill_world(database)
    return database


def fill_world(database: Database) -> None:
    """Put the city into a database that has the schema."""
    with database.writing.begin() as session:
        session.add(
            City(
                id=1,
                name="示范市",
                division_code="990101",
                heading="示范市12345政务服务便民热线",
                kind="demo",
                created_at=CREATED,
            )
        )
        for id_, code, name, kind, parent in UNITS:
            session.add(
                Unit(
                    id=id_,
                    code=code,
                    name=name,
                    kind=kind,
                    parent_id=parent,
                    initials=initials_column(name),
                )
            )
            session.flush()
        _places(session)
        for id_, agent_no, name, role, unit in ACCOUNTS:
            session.add(
                Account(
                    id=id_,
                    login=agent_no.lower(),
                    agent_no=agent_no,
                    name=name,
                    role=role.value,
                    unit_id=unit,
                    demo=True,
                )
            )
        session.add(
            CategoryRow(
                code="010304",
                level=3,
                name="下水道堵塞",
                path="城市管理 › 市政设施 › 下水道堵塞",
                initials=initials_column("下水道堵塞"),
                default_unit="street",
                site=True,
            )
        )
        session.add(
            KnowledgeEntry(
                title="下水道堵塞由谁疏通",
                short_answer="公共管道由市政疏通；户内由产权人负责。",
                updated_at=CREATED,
                initials=initials_column("下水道堵塞由谁疏通"),
                pieces=piece_text("下水道堵塞由谁疏通"),
            )
        )


def _places(session) -> None:
    for id_, code in ((30, "990101001001001"), (31, "990101001001002"), (32, "990101002001001")):
        session.add(
            Grid(
                unit_id=id_,
                code=code,
                grid_type="basic",
                boundary=SQUARE,
                centre_x=50,
                centre_y=50,
                area_m2=10000,
            )
        )
    session.flush()
    for id_, name, post, phone in (
        (1, "刘大海", "网格长", "19900000021"),
        (2, "陈晓燕", "全科网格员", "19900000022"),
        (3, "周文", "网格指导员", "19900000023"),
    ):
        session.add(
            Staff(
                id=id_,
                staff_no=f"G{id_}",
                name=name,
                unit_id=30,
                post=post,
                phone=phone,
                initials=initials_column(name),
            )
        )
        session.flush()
        session.add(GridStaff(grid_id=30, staff_id=id_, post=post))
    session.add(Road(id=1, name="宝丽西街", initials="blxj"))
    session.flush()
    session.add(RoadRange(road_id=1, grid_id=30, low=101, high=199, side="odd"))
    session.add(RoadRange(road_id=1, grid_id=31, low=100, high=198, side="even"))
    session.add(Estate(id=1, name="宝丽小区", initials="blxq", grid_id=30))
    session.flush()
    session.add(Building(id=1, estate_id=1, grid_id=30, number="3", floors_above=6, units=2))
    session.flush()
    session.add(
        House(
            id=1,
            building_id=1,
            grid_id=30,
            unit_no=2,
            floor=5,
            room="501",
            address="宝丽小区3栋2单元501",
        )
    )
    session.flush()
    session.add(Household(id=1, number="H1", house_id=1, grid_id=30, address="宝丽小区3栋2单元501"))
    session.flush()
    for id_, name, sex, relation in ((1, "叶长青", "男", "户主"), (2, "王㛃", "女", "配偶")):
        phone = "19900001234"
        session.add(Person(
            id=id_, name=name, initials=initials_column(name), name_pieces=piece_text(name),
            id_number=f"99010119600101{id_:03d}1", sex=sex, born_on=date(1960, 1, 1), phone=phone,
            home_address="宝丽小区3栋2单元501", house_id=1, grid_id=30,
            household_id=1, relation=relation, class_details={},
        ))  # fmt: skip


def operator(role: Role, unit_id: int | None = None) -> Operator:
    """The first person of that role, or the one in that unit."""
    units = {row[0]: row for row in UNITS}
    for id_, agent_no, name, its_role, unit in ACCOUNTS:
        if its_role is role and unit_id in (None, unit):
            return Operator(id_, agent_no, name, role, unit, units[unit][2], units[unit][1])
    raise LookupError(role)


def seat_for(database: Database, role: Role | None = None, unit_id: int | None = None) -> Seat:
    """A workstation of its own with that person signed in."""
    pack = default_pack()
    who = operator(role, unit_id) if role else None
    seat = Seat(
        logged_in(database, who), Rules(pack, pack.calendar()), "WS-TEST", Numbers("WS-TEST"),
        heading="示范市12345政务服务便民热线", city_name="示范市", demo=True,
    )  # fmt: skip
    seat.sit(who)
    return seat


def logged_in(database: Database, who: Operator | None) -> Database:
    """On PostgreSQL under guard, the same database through that person's own login."""
    logins = GUARDED.get(database.url)
    if logins is None or who is None:
        return database
    if who.agent_no not in logins:
        name = login_name(who.agent_no.lower())
        url = make_url(database.url).set(username=name, password=PASSWORD)
        logins[who.agent_no] = open_database(url.render_as_string(hide_password=False))
    return logins[who.agent_no]


def seat_of(database: Database, who: Operator) -> Seat:
    """A workstation for somebody whom the test has added; on PostgreSQL under guard with a login of his own."""
    if database.url in GUARDED:
        engine = create_engine(database.url)
        with engine.begin() as connection:
            grant_login(connection, who.agent_no.lower(), who.role, PASSWORD)
        engine.dispose()
    seat = seat_for(logged_in(database, who))
    seat.sit(who)
    return seat


def engine_of(database: Database) -> Engine:
    if database.url in GUARDED:
        pytest.skip("the owner's connection is not the one that works")
    return database.reading.kw["bind"]


def make_guarded_world(url: str) -> None:
    """The same city on PostgreSQL, every person with a login of his or her own."""
    upgrade(url)
    database = open_database(url)
    fill_world(database)
    with database.writing.begin() as session:
        # The city's rows came with keys of their own; what is added later counts on from them.
        settle_keys(session)
    database.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        install(connection, default_pack().desk.reveals_per_hour)
        for _id, agent_no, _name, role, _unit in ACCOUNTS:
            grant_login(connection, agent_no.lower(), role, PASSWORD)
    engine.dispose()
