"""What tests of the supervision desk share: late work orders, a leader, a filled-in notice."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, select, update

from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import SupervisionLevel
from console.domain.supervision import (
    SuperviseForm,
    SuspendForm,
)
from console.domain.worktime import civil_date
from console.ledger import Entry
from console.services.supervising import Supervising
from db.models import (
    Account,
    GateOverride,
    Ticket,
)
from tests.desks import move
from tests.journeys import DEPARTMENT, STREET, dispatched, version_of
from tests.world import engine_of, seat_for

TODAY = civil_date(datetime.now(UTC))
YEAR = TODAY.year
DAYS = timedelta(days=3)
SOON = datetime.now(UTC) + timedelta(days=2)
CHIEF = Operator(99, "L001", "市长", Role.LEADER, 1, "示范市12345热线中心", "990101")


def desk(db, role: Role = Role.OVERSEER, unit: int | None = None) -> Supervising:
    return Supervising(seat_for(db, role, unit))


def leader(db) -> Supervising:
    with db.writing.begin() as session:
        if session.get(Account, CHIEF.account_id) is None:
            session.add(
                Account(id=99, login="l001", agent_no="L001", name="市长", role="leader", unit_id=1)
            )
    seat = seat_for(db)
    seat.sit(CHIEF)
    return Supervising(seat)


def signed(db, **changes: Any) -> int:
    ticket_id = dispatched(db, **changes)
    move(db, ticket_id, Role.STREET_DESK, Entry(Move.SIGN, note="签收"), STREET)
    return ticket_id


def put(db, ticket_id: int, **values: Any) -> None:
    with db.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))


def late(db, ticket_id: int, days: int = 9) -> int:
    ago = datetime.now(UTC) - timedelta(days=days)
    put(db, ticket_id, finish_due=ago, total_due=ago, yellow_at=ago - timedelta(days=1))
    return ticket_id


def supervising(db, ticket_id: int, **changes: Any) -> SuperviseForm:
    form = SuperviseForm(
        ticket_id, version_of(db, ticket_id), SupervisionLevel.YELLOW, "超期未办结",
        "请立即核实办理并书面反馈。", STREET, (DEPARTMENT,), "督察组", SOON, 0, "郑督", "",
    )  # fmt: skip
    return replace(form, **changes)


def rows(db, table: Any, ticket_id: int) -> list[Any]:
    with db.reading() as session:
        return list(
            session.scalars(select(table).where(table.ticket_id == ticket_id).order_by(table.id))
        )


@contextmanager
def statements(db):
    seen: list[str] = []

    def note(_c, _k, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine_of(db), "before_cursor_execute", note)
    yield seen
    event.remove(engine_of(db), "before_cursor_execute", note)


def suspend(db, ticket_id: int) -> None:
    form = SuspendForm(
        ticket_id, version_of(db, ticket_id), "3", "等雨停", TODAY + timedelta(days=9)
    )
    desk(db).suspend(form)


def override(db, ticket_id: int) -> int:
    with db.writing.begin() as session:
        row = GateOverride(
            ticket_id=ticket_id, finding="称已联系，无通话记录", explanation="当面联系",
            at=datetime.now(UTC), by="王街 S101",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id
