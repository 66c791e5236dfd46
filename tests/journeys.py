"""A work order brought to where a test needs it, through the ledger, in the small city of `tests.world`."""

from dataclasses import asdict
from typing import Any

from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Channel, Nature, Urgency
from console.ledger import Entry, Ledger
from db.engine import Database
from db.models import Ticket
from tests.world import seat_for

STREET, COMMUNITY, GRID, DEPARTMENT = 10, 20, 30, 40


def open_ticket(db: Database, role: Role = Role.AGENT, **changes: Any) -> int:
    """A registered appeal about a blocked drain."""
    seat = seat_for(db, role)
    with db.writing.begin() as session:
        now = seat.now(session)
        values: dict[str, Any] = {
            "nature": Nature.HELP,
            "urgency": Urgency.NORMAL,
            "channel": Channel.PHONE,
            "title": "下水道堵塞，油污外溢",
            "content": "宝丽西街123号门面前下水道堵塞，油污外溢到人行道，有老人滑倒，希望尽快疏通。",
            "wanted": "尽快疏通并清理路面",
            "address": "宝丽西街123-130号门面",
            "appellant_masked": "叶**",
            "phone_masked": "199****1234",
            "category_path": "城市管理 › 市政设施 › 下水道堵塞",
            "category_code": "010304",
            "grid_id": GRID,
            "grid_code": "990101001001001",
            "grid_rule": "按路段门牌：宝丽西街单号101至199号",
        }
        if "number" not in changes:
            values["number"] = seat.numbers.next_number(session, now, Channel.PHONE)
        ticket = Ticket(
            lookup_code="123456",
            creator_id=seat.operator.account_id,
            creator_name=seat.operator.signature,
            created_at=now,
            **(values | changes),
        )
        Ledger(seat).open(session, ticket, Entry(Move.REGISTER, note="登记受理"))
        return ticket.id


def dispatch(
    db: Database,
    ticket_id: int,
    unit_id: int = STREET,
    opinion: str = "请按职责办理",
    co: tuple[int, ...] = (),
) -> None:
    """The centre's dispatch to one lead unit and any co-units."""
    seat = seat_for(db, Role.DISPATCHER)
    ledger = Ledger(seat)
    with db.writing.begin() as session:
        inputs = {
            "unit": asdict(ledger.unit(session, unit_id)),
            "co_units": [asdict(ledger.unit(session, c)) for c in co],
        }
        ledger.move(session, ticket_id, Entry(Move.DISPATCH, inputs, "派单", opinion=opinion))


def dispatched(
    db: Database, unit_id: int = STREET, co: tuple[int, ...] = (), **changes: Any
) -> int:
    """Registered and dispatched to a unit."""
    ticket_id = open_ticket(db, **changes)
    dispatch(db, ticket_id, unit_id, co=co)
    return ticket_id


def version_of(db: Database, ticket_id: int) -> int:
    with db.reading() as session:
        return session.get_one(Ticket, ticket_id).version
