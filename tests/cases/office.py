"""A city of five levels on a clock of its own, and the desks at which the six real cases are replayed.

Every step goes through the service that the window would call; nothing writes a row by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.desks import CallbackAnswers, DispatchForm
from console.domain.inbox import ReplyForm
from console.domain.intake import IntakeForm
from console.domain.policy import PACKS, load_pack
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.states import Nature, Resolution, Satisfaction
from console.domain.worktime import CIVIL
from console.ledger import Numbers, Seat, case_file
from console.services.archiving import Archiving
from console.services.callbacks import Callbacks
from console.services.dispatching import Dispatching
from console.services.handling import Handling
from console.services.intake import Intake
from console.services.reviewing import Reviewing
from console.services.verifying import Verifying
from db.engine import Database
from db.models import Account, Assignment, Grid, Ticket, TicketEvent, Unit
from db.pinyin import initials_column
from tests.world import SQUARE

CENTRE, DISTRICT, STREET, COMMUNITY, GRID, POWER, TOWN_WORKS, DRAINS = (
    1,
    100,
    110,
    120,
    130,
    141,
    142,
    143,
)
UNITS = (
    (DISTRICT, "990201", "江北区12345热线办", "district", CENTRE),
    (STREET, "990201001", "望江街道办事处", "street", DISTRICT),
    (COMMUNITY, "990201001001", "渔歌社区", "community", STREET),
    (GRID, "990201001001001", "渔歌社区第一网格", "grid", COMMUNITY),
    (POWER, "D201", "供电公司", "department", CENTRE),
    (TOWN_WORKS, "D202", "城市管理和综合执法局", "department", CENTRE),
    (DRAINS, "D203", "市政设施维护处", "department", CENTRE),
)
PEOPLE = (
    (101, "Q101", "高区", Role.STREET_DESK, DISTRICT),
    (111, "J111", "邓街", Role.STREET_DESK, STREET),
    (121, "W121", "龚社", Role.GRID_LEADER, COMMUNITY),
    (131, "W131", "龙小燕", Role.GRID_WORKER, GRID),
    (132, "W132", "彭格", Role.GRID_WORKER, GRID),
    (141, "D141", "电力", Role.LIAISON, POWER),
    (142, "D142", "程城", Role.LIAISON, TOWN_WORKS),
    (143, "D143", "石维", Role.LIAISON, DRAINS),
)
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
ADDRESS = "望江东路123至130号门面"


@dataclass
class Clock:
    at: datetime


@dataclass
class ClockedSeat(Seat):
    """A workstation whose database says the hour of the case."""

    clock: Clock = field(default_factory=lambda: Clock(datetime.now(UTC)))

    def now(self, session: Session) -> datetime:
        return self.clock.at


def build(db: Database) -> None:
    """Put the second district with its five levels and three departments into the small city."""
    with db.writing.begin() as session:
        for id_, code, name, kind, parent in UNITS:
            session.add(
                Unit(
                    id=id_, code=code, name=name, kind=kind, parent_id=parent,
                    initials=initials_column(name),
                )
            )  # fmt: skip
            session.flush()
        session.add(
            Grid(
                unit_id=GRID, code="990201001001001", grid_type="basic", boundary=SQUARE,
                centre_x=50, centre_y=50, area_m2=10000,
            )
        )  # fmt: skip
        for id_, agent_no, name, role, unit in PEOPLE:
            session.add(
                Account(
                    id=id_, login=agent_no.lower(), agent_no=agent_no, name=name, role=role.value,
                    unit_id=unit, demo=True,
                )
            )  # fmt: skip


class Office:
    """The whole office of one city under one policy pack, at the hour `at` says."""

    def __init__(self, db: Database, pack: str, at: str, folder: Path) -> None:
        self.db, self.folder = db, folder
        loaded = load_pack(PACKS / pack)
        self.rules, self.clock = Rules(loaded, loaded.calendar()), Clock(moment(at))

    def at(self, text: str) -> "Office":
        """Now it is `2026-03-09 10:00` in the city; never earlier than before."""
        later = moment(text)
        assert later >= self.clock.at, "time does not run backwards"
        self.clock.at = later
        return self

    def seat(self, role: Role, unit_id: int | None = None, name: str = "") -> ClockedSeat:
        seat = ClockedSeat(
            self.db, self.rules, "WS-CASE", Numbers("WS-CASE"), heading="示范市12345政务服务便民热线",
            city_name="示范市", demo=True,
        )  # fmt: skip
        seat.clock = self.clock
        seat.sit(self._person(role, unit_id, name))
        return seat

    def _person(self, role: Role, unit_id: int | None, name: str) -> Operator:
        query = select(Account, Unit).join(Unit, Unit.id == Account.unit_id)
        query = query.where(Account.role == role.value)
        if unit_id is not None:
            query = query.where(Account.unit_id == unit_id)
        if name:
            query = query.where(Account.name == name)
        with self.db.reading() as session:
            account, unit = session.execute(query.order_by(Account.id).limit(1)).one()
            return Operator(
                account.id, account.agent_no, account.name, role, unit.id, unit.name, unit.code
            )

    # --- desks

    def unit(self, unit_id: int, role: Role | None = None) -> Handling:
        """The desk of a unit."""
        found = role or next(p[3] for p in PEOPLE if p[4] == unit_id)
        return Handling(self.seat(found, unit_id))

    def register(self, **changes: Any) -> int:
        """A call is taken down; not dispatched."""
        desk = Intake(self.seat(Role.AGENT))
        registered = desk.submit(form(**changes), dispatch=False)
        return self.id_of(registered.number)

    def dispatch(
        self, ticket_id: int, unit_id: int, co: tuple[int, ...] = (), opinion: str = ""
    ) -> None:
        desk = Dispatching(self.seat(Role.DISPATCHER))
        desk.dispatch(DispatchForm(ticket_id, self.version(ticket_id), unit_id, co, opinion))

    def review(self, ticket_id: int, verify: bool = False) -> None:
        Reviewing(self.seat(Role.DISPATCHER)).pass_reply(
            ticket_id, self.version(ticket_id), "情况清楚", verify
        )

    def verifier(self, name: str = "") -> Verifying:
        return Verifying(self.seat(Role.GRID_WORKER, GRID, name))

    def call_back(self, ticket_id: int, satisfaction: Satisfaction) -> None:
        Callbacks(self.seat(Role.REVISITOR)).close(
            ticket_id, answers(satisfaction), self.version(ticket_id)
        )

    def archive(self, ticket_id: int) -> None:
        Archiving(self.seat(Role.CLERK)).archive(ticket_id)

    def photo(self, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(JPEG + name.encode())
        return path

    # --- looking

    @contextmanager
    def rows(self) -> Iterator[Session]:
        with self.db.reading() as session:
            yield session

    def ticket(self, ticket_id: int) -> Ticket:
        with self.rows() as session:
            return session.get_one(Ticket, ticket_id)

    def version(self, ticket_id: int) -> int:
        return self.ticket(ticket_id).version

    def id_of(self, number: str) -> int:
        with self.rows() as session:
            return session.scalars(select(Ticket.id).where(Ticket.number == number)).one()

    def shares(self, ticket_id: int) -> dict[int, Assignment]:
        """The newest share of each unit."""
        with self.rows() as session:
            query = select(Assignment).where(Assignment.ticket_id == ticket_id)
            return {row.unit_id: row for row in session.scalars(query.order_by(Assignment.seq))}

    def moves(self, ticket_id: int) -> list[tuple[str, str]]:
        """The flow log: what was done, by which unit."""
        with self.rows() as session:
            query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
            events = session.scalars(query.order_by(TicketEvent.id))
            return [(event.move, event.unit_name) for event in events]

    def case(self, ticket_id: int, role: Role = Role.SUPERVISOR, unit_id: int | None = None) -> Any:
        with self.rows() as session:
            return case_file(session, self.seat(role, unit_id), ticket_id)


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CIVIL).astimezone(UTC)


def form(**changes: Any) -> IntakeForm:
    """A complete form about the drain in front of the shops, not yet sent anywhere."""
    values: dict[str, Any] = {
        "key": str(uuid4()), "name": "余建国", "full_phone": "19900005566", "occurred": "昨天下午3点",
        "address": ADDRESS, "grid_id": GRID, "grid_rule": "按地址：望江东路单号侧",
        "title": "门面前下水道堵塞油污外溢", "wanted": "尽快疏通并清理路面", "nature": Nature.HELP,
        "content": "望江东路123至130号门面前下水道堵塞，餐馆油污外溢到人行道，有老人滑倒，希望尽快疏通。",
        "category_code": "010304",
    }  # fmt: skip
    return IntakeForm(**(values | changes))


def reply(public: str, result: str, **changes: Any) -> ReplyForm:
    """What a unit fills in when it is done."""
    values: dict[str, Any] = {
        "true_appeal": True, "resolution": Resolution.RESOLVED, "contacted": True,
        "public_reply": public, "result": result, "signed_off_by": "分管负责人",
    }  # fmt: skip
    return ReplyForm(**(values | changes))


def answers(satisfaction: Satisfaction) -> CallbackAnswers:
    return CallbackAnswers(
        True, Resolution.RESOLVED.value, satisfaction, Satisfaction.SATISFIED, "", "感谢"
    )
