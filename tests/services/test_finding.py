"""F3 on a real database: what callers say finds what they mean, masked, in scope, and on record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select

from console.domain.finding import Command, Group, Kind
from console.domain.roles import Role
from console.ledger.audit import verify_chain
from console.services.finding import Finding
from db.models import (
    Appellant,
    AuditEntry,
    Building,
    Enterprise,
    Estate,
    House,
    Household,
    Person,
    Ticket,
)
from db.models.private import key_of
from db.pinyin import initials_column
from db.search import index_ticket
from tests.desks import closed
from tests.journeys import STREET, dispatched, open_ticket
from tests.world import engine_of, seat_for

PHONE = "19900001234"
COMMANDS = (Command("dispatch", "派单", "F8"), Command("go orders", "去工单池"))


def finding(db, role: Role = Role.AGENT, unit: int | None = None) -> Finding:
    return Finding(seat_for(db, role, unit))


def of(groups: tuple[Group, ...], kind: Kind) -> tuple[str, ...]:
    return tuple(hit.text for group in groups if group.kind is kind for hit in group.hits)


@contextmanager
def statements(db) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c, _k, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engines = (engine_of(db), db.writing.kw["bind"])
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def city(world):
    """Two residents on one number, an open and a closed work order of theirs, a shop."""
    opened, ended = dispatched(world), closed(world)
    with world.writing.begin() as session:
        now = seat_for(world, Role.AGENT).now(session)
        for ticket_id, person in ((opened, 2), (ended, None)):
            session.add(
                Appellant(
                    ticket_id=ticket_id,
                    person_id=person,
                    name="王㛃",
                    phone=PHONE,
                    joined_at=now,
                )
            )
            index_ticket(session, ticket_id, "下水道堵塞，油污外溢", "宝丽西街123-130号门面")
        session.add(Enterprise(
            id=1, name="宝丽餐饮店", initials=initials_column("宝丽餐饮店"), uscc="91000000000000000X",
            phone="19900007777", address="宝丽西街126号", grid_id=30, industry="餐饮",
        ))  # fmt: skip
    return world, opened, ended


@pytest.mark.parametrize(
    "said", [PHONE, "+86 199-0000-1234", "0199 0000 1234", "1 9 9 0 0 0 0 1 2 3 4"]
)
def test_a_number_however_it_is_written(city, said) -> None:
    db, _opened, _ended = city
    groups = finding(db).find(said)
    assert of(groups, Kind.RESIDENT) == ("王*", "叶**")
    assert groups[0].kind is Kind.RESIDENT
    assert of(groups, Kind.OPEN)
    assert of(groups, Kind.ENDED)


@pytest.mark.parametrize("tail", ["1234", "01234", "0001234"])
def test_trailing_digits(city, tail) -> None:
    db, _opened, _ended = city
    groups = finding(db).find(tail)
    assert of(groups, Kind.RESIDENT) == ("王*", "叶**")
    assert of(groups, Kind.OPEN)


def test_whoever_was_in_touch_last_comes_first(city) -> None:
    db, _opened, _ended = city
    assert of(finding(db).find("1234"), Kind.RESIDENT)[0] == "王*"


@pytest.mark.parametrize("said", ["叶长青", "叶先生", "ycq"])
def test_people_by_name_and_initials(city, said) -> None:
    db, _opened, _ended = city
    assert of(finding(db).find(said), Kind.RESIDENT) == ("叶**",)


def test_people_by_their_door(city) -> None:
    """Estate and building; a whole estate or a street would be no person."""
    db, _opened, _ended = city
    with db.writing.begin() as session:
        estate = session.scalars(select(Estate).where(Estate.name == "宝丽小区")).one()
        building = Building(estate_id=estate.id, number="8", grid_id=30)
        session.add(building)
        session.flush()
        house = House(building_id=building.id, unit_no=2, room="301", address="", grid_id=30)
        session.add(house)
        session.flush()
        home = Household(number="980101001001000901", house_id=house.id, address="", grid_id=30)
        session.add(home)
        session.flush()
        session.get_one(Person, 2).household_id = home.id
    found = of(finding(db).find("宝丽小区8栋2单元301"), Kind.RESIDENT)
    assert len(found) == 1
    assert of(finding(db).find("宝丽小区8号楼"), Kind.RESIDENT) == found
    assert of(finding(db).find("宝丽小区8栋2单元302"), Kind.RESIDENT) == ()
    assert of(finding(db).find("宝丽小区"), Kind.RESIDENT) == ()


def test_a_work_order_by_number_with_or_without_its_last_digit_and_by_its_end(city) -> None:
    db, opened, _ended = city
    with db.reading() as session:
        number = session.get_one(Ticket, opened).number
    for said in (
        number,
        number[:-1],
        f"工单号：{number[:8]} {number[8:]}",
        number[-7:],
        f"单号{number[-5:]}",
    ):
        hits = [h for g in finding(db).find(said) if g.kind is Kind.OPEN for h in g.hits]
        assert opened in {hit.id for hit in hits}, said
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert [g.note for g in finding(db).find(wrong)] == ["校验不符，请核对工单号"]


def test_words_units_places_grids_shops_and_commands(city) -> None:
    db, _opened, _ended = city
    assert of(finding(db).find("油污"), Kind.OPEN) == ("下水道堵塞，油污外溢",)
    assert of(finding(db).find("清河街道"), Kind.UNIT) == ("清河街道办事处",)
    assert of(finding(db).find("qhjd"), Kind.UNIT) == ("清河街道办事处",)
    assert of(finding(db).find("宝丽西街123号"), Kind.PLACE) == ("宝丽西街",)
    assert of(finding(db).find("宝丽小区3栋"), Kind.PLACE) == ("宝丽小区", "宝丽小区 3号楼")
    assert of(finding(db).find("第一网格"), Kind.GRID)
    assert of(finding(db).find("宝丽餐饮"), Kind.ENTERPRISE) == ("宝丽餐饮店",)
    assert of(finding(db).find("19900007777"), Kind.ENTERPRISE) == ("宝丽餐饮店",)
    assert of(finding(db).find(">派单", 5, COMMANDS), Kind.COMMAND) == ("派单",)
    assert of(finding(db).find("qgdc", 5, COMMANDS), Kind.COMMAND) == ("去工单池",)


def test_nothing_found_is_masked_too_little(city) -> None:
    db, _opened, _ended = city
    for said in (PHONE, "1234", "叶长青", "ycq"):
        shown = repr(finding(db).find(said))
        assert PHONE not in shown
        assert "叶长青" not in shown
        assert "501" not in shown


def test_a_street_finds_its_own_people_and_work_orders(city) -> None:
    db, opened, ended = city
    mine = finding(db, Role.STREET_DESK, STREET).find("1234")
    theirs = finding(db, Role.STREET_DESK, 11).find("1234")
    assert of(mine, Kind.RESIDENT)
    assert {h.id for g in mine for h in g.hits if g.kind in (Kind.OPEN, Kind.ENDED)} == {
        opened,
        ended,
    }
    assert theirs == ()


def test_the_admin_finds_units_and_no_citizens(city) -> None:
    db, _opened, _ended = city
    assert finding(db, Role.ADMIN).find("1234") == ()
    assert finding(db, Role.ADMIN).find("油污") == ()
    assert of(finding(db, Role.ADMIN).find("清河"), Kind.UNIT)
    assert of(finding(db, Role.INSPECTOR).find("1234"), Kind.RESIDENT) == ()


@pytest.mark.unguarded
def test_a_full_number_is_on_record_a_tail_is_not(city) -> None:
    db, _opened, _ended = city
    finding(db).find("1234")
    finding(db).find(PHONE)
    finding(db).find("990101196001010011")
    with db.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(line.action, line.details["by"]) for line in lines] == [
            ("search", "phone"),
            ("search", "identity"),
        ]
        assert lines[0].phone_digest == key_of(PHONE)
        assert PHONE not in "".join(str(vars(line)) for line in lines)
        assert verify_chain(session) is None


@pytest.mark.parametrize(
    "said", ["1234", "油污", "ycq", "叶长青", "宝丽小区3栋2单元", PHONE, "0000017"]
)
def test_a_search_takes_at_most_five_statements(city, said) -> None:
    db, _opened, _ended = city
    finding(db).find(said)
    with statements(db) as seen:
        finding(db).find(said)
    assert len(seen) <= 5, seen


@pytest.mark.parametrize(
    "said", ["", " ", "1", "😀", "%", "_", "';--", "\ud83d", "*" * 500, "a'b", "\x00"]
)
def test_whatever_is_typed_nothing_breaks(city, said) -> None:
    db, _opened, _ended = city
    finding(db).find(said, 5, COMMANDS)


@pytest.mark.unguarded
def test_more_are_said_to_be_there(world) -> None:
    with world.writing.begin() as session:
        pattern = session.get_one(Person, 1)
        names = [c.name for c in Person.__table__.columns if c.name != "id"]
        base = {name: getattr(pattern, name) for name in names}
        rows = [base | {"id_number": f"99010119600101{at:04d}"} for at in range(100, 110)]
        session.execute(Person.__table__.insert(), rows)
    group = finding(world).find("1234", limit=3)[0]
    assert (len(group.hits), group.more) == (3, True)


def test_rejected_and_draft_work_orders_of_others_stay_out(world) -> None:
    """A draft is its writer's alone."""
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.state = "draft"
        number = ticket.number
    assert of(finding(world).find(number), Kind.ENDED)
    assert finding(world, Role.DISPATCHER).find(number) == ()


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("葉長青", "叶**"), ("叶 长青", "叶**"), ("張𬭎", "张*"), ("张 𬭎", "张*"), ("曾䶮", "曾*"), ("cy", "曾*"),
        ("单𡐓", "单*"), ("dk", "单*"), ("歐陽娜娜", "欧阳**"), ("买买提", "買**·***"), ("王㛃", "王*"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written_or_read(world, said: str, masked: str) -> None:
    names = ("张𬭎", "曾䶮", "单𡐓", "欧阳娜娜", "買買提·阿不都")
    with world.writing.begin() as session:
        for number, name in enumerate(names, 10):
            session.add(
                Person(
                    id=number, name=name, initials=initials_column(name), sex="男", class_details={},
                    id_number=f"9901011960010{number}1234", born_on=date(1960, 1, 1), grid_id=30,
                )
            )  # fmt: skip
    assert masked in of(finding(world).find(said), Kind.RESIDENT)
