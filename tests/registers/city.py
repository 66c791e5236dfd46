"""The small city with enough on its registers: a second household, people to visit, staff with gaps."""

from datetime import date, timedelta

from sqlalchemy import text

from console.domain.identity import identity_check
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.services.registers import Registers
from db.engine import Database
from db.models import Account, Enterprise, House, Household, Person, SpecialGroupMember, VisitPolicy
from db.pinyin import initials_column
from db.search import name_pieces
from tests.world import seat_for

STREET, COMMUNITY, GRID, OTHER_STREET = 10, 20, 30, 11
ELDER, WATCHED, FAR = 1, 2, 3


def paper(number: int, born: date = date(1980, 5, 6), female: bool = False) -> str:
    """A valid identity number of nobody: the division 990101 does not exist."""
    first = f"990101{born:%Y%m%d}{number * 2 + (not female):03d}"
    return first + identity_check(first)


def furnish(database: Database) -> None:
    """As the owner of the database: `tests/world.py` has made the city."""
    with database.writing.begin() as session:
        today = civil_date(seat_for(database).now(session))
        session.add(
            House(
                id=2,
                building_id=1,
                grid_id=30,
                unit_no=1,
                floor=1,
                room="101",
                usage="出租",
                address="宝丽小区3栋1单元101",
            )
        )
        session.add(
            House(
                id=3,
                building_id=1,
                grid_id=30,
                unit_no=1,
                floor=2,
                room="201",
                usage="空置",
                address="宝丽小区3栋1单元201",
                hazard="电线老化",
            )
        )
        session.flush()
        session.add(
            Household(id=2, number="H2", house_id=2, grid_id=30, address="宝丽小区3栋1单元101")
        )
        session.add(Household(id=9, number="H9", grid_id=32, address="桂花路9号"))
        session.flush()
        for id_, name, grid, home, verified in (
            (11, "郑远", 30, 2, today - timedelta(days=100)), (12, "何安", 32, 9, None),
        ):  # fmt: skip
            session.add(Person(
                id=id_, name=name, initials=initials_column(name), name_pieces=name_pieces(name), id_number=paper(id_),
                sex="男", born_on=date(1980, 5, 6), phone=f"1990000{id_:04d}", home_address="宝丽小区3栋1单元101",
                house_id=2 if home == 2 else None, grid_id=grid, household_id=home, relation="户主", class_details={},
                religion="无", verified_on=verified,
            ))  # fmt: skip
        session.flush()
        members = (
            (ELDER, 1, "独居老人", False, "high", today - timedelta(days=3)),
            (WATCHED, 11, "严重精神障碍", True, "medium", today + timedelta(days=2)),
            (FAR, 12, "残疾", False, "normal", today - timedelta(days=1)),
        )
        for id_, person, group, restricted, risk, due in members:
            session.add(SpecialGroupMember(
                id=id_, person_id=person, group_class=group, restricted=restricted, risk_level=risk,
                next_visit_on=due, details={"诊断": "示例"} if restricted else {}, guardian="周官",
            ))  # fmt: skip
        session.add(
            VisitPolicy(
                group_class="高龄独居老人", risk_level="高", interval_days=7, first_within_hours=24
            )
        )
        session.add(Enterprise(
            id=1, name="示范市清风早餐店", initials="sfsqfzcd", uscc="91350100M000100Y43", phone="19900000077",
            address="宝丽西街105号", grid_id=30, legal_person="胡一", licence_until=today - timedelta(days=1),
        ))  # fmt: skip
        for account in session.query(Account).filter(
            Account.role.in_(("grid_leader", "supervisor"))
        ):
            account.may_view_sensitive = True
        session.get_one(Account, 9).staff_id = 2
        session.flush()
        _settle_counters(session)


def _settle_counters(session) -> None:
    """Rows put in with their keys leave PostgreSQL's counters behind."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in (
        "person",
        "household",
        "house",
        "building",
        "estate",
        "enterprise",
        "special_group_member",
        "staff",
    ):
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        )


def desk(
    database: Database, role: Role = Role.GRID_LEADER, unit_id: int | None = None
) -> Registers:
    return Registers(seat(database, role, unit_id))


def seat(database: Database, role: Role = Role.GRID_LEADER, unit_id: int | None = None) -> Seat:
    return seat_for(database, role, unit_id)
