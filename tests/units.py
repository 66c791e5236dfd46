"""Desks of the units in the small city, and what they fill in: shared by the tests of 承办."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from console.domain.errors import InvalidForm
from console.domain.inbox import ReplyForm
from console.domain.roles import Role
from console.domain.states import Resolution
from console.services.handling import Handling
from db.engine import Database
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, version_of
from tests.world import seat_for

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
REPLY = ReplyForm(
    true_appeal=True,
    resolution=Resolution.RESOLVED,
    cause="门面餐饮店直排油污",
    measures="已疏通管道，要求商户加装隔油池",
    result="网格员到场核实，联系市政疏通管道，两家餐饮店承诺加装隔油池。",
    public_reply="您反映的下水道堵塞已于当日疏通，路面已清洗，感谢您的监督。",
    explanation="管道公司当时就在附近作业",
)


def street(db: Database) -> Handling:
    return Handling(seat_for(db, Role.STREET_DESK, STREET))


def community(db: Database) -> Handling:
    return Handling(seat_for(db, Role.GRID_LEADER, COMMUNITY))


def grid(db: Database) -> Handling:
    return Handling(seat_for(db, Role.GRID_WORKER, GRID))


def department(db: Database) -> Handling:
    return Handling(seat_for(db, Role.LIAISON, DEPARTMENT))


def signed(db: Database, **changes: Any) -> int:
    """At the street, signed."""
    ticket_id = dispatched(db, **changes)
    street(db).sign(ticket_id, version_of(db, ticket_id))
    return ticket_id


def now() -> datetime:
    return datetime.now(UTC)


def rows(db: Database, kind: Any) -> list[Any]:
    """Every row of a table, oldest first."""
    with db.reading() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def picture(folder: Path, name: str = "after.jpg", content: bytes = JPEG) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def faults_of(error: InvalidForm) -> set[str]:
    return {fault.field for fault in error.faults}
