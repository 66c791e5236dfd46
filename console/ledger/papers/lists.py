"""The ledgers of a period, counted from the rows: 督办台账 and 退单统计表 (field-facts 9.9)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from console.domain.masking import mask_text
from console.domain.sheets import (
    Basis,
    ReturnStatistics,
    ReturnTally,
    SheetKind,
    SupervisionEntry,
    SupervisionLedger,
    sheet_code,
)
from console.domain.states import SupervisionLevel
from console.domain.withholding import Known
from console.domain.worktime import CIVIL
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.withheld import known_of
from db.models import Assignment, ReturnRequest, Supervision, Ticket

_LIFTED = "含已解除"


def days(since: date, until: date) -> tuple[datetime, datetime]:
    """From the first moment of the first Beijing day to the last of the last."""
    return _midnight(since), _midnight(until + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CIVIL).astimezone(UTC)


def basis(
    session: Session, seat: Seat, kind: SheetKind, since: date, until: date, words: str
) -> Basis:
    """What the sheet counts: days, filter, moment, and the code that counts it again."""
    period = f"{_day(since)}至{_day(until)}"
    return Basis(period, words, seat.now(session), sheet_code(kind, since, until))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def supervision_ledger(session: Session, seat: Seat, since: date, until: date) -> SupervisionLedger:
    """Every supervision notice issued in these days about a work order in scope, oldest first.

    One statement, one more where confidential ones are among them.
    """
    start, end = days(since, until)
    query = (
        select(Supervision, Ticket.number, Ticket.title, Ticket.confidential)
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .where(Supervision.issued_at >= start, Supervision.issued_at < end)
        .where(visible(seat.operator))
        .order_by(Supervision.issued_at, Supervision.id)
    )
    found = session.execute(query).all()
    hidden = known_of(session, seat, [row[0].ticket_id for row in found if row.confidential])
    rows = tuple(_entry(*row, hidden.get(row[0].ticket_id)) for row in found)
    words = f"按交办时间统计，{_LIFTED}，查看范围内的工单"
    made = basis(session, seat, SheetKind.SUPERVISION_LEDGER, since, until, words)
    return SupervisionLedger(rows, seat.heading, made)


def _entry(
    row: Supervision, number: str, title: str, confidential: bool, known: Known | None
) -> SupervisionEntry:
    def seen(text: str) -> str:
        return known.strike(text) if known is not None else text

    return SupervisionEntry(
        document_no=row.document_no,
        number=number,
        title=seen(title),
        level=SupervisionLevel(row.level),
        reason=row.reason,
        unit=row.lead_unit,
        issued_at=row.issued_at,
        due=row.due,
        leader=row.instructing_leader,
        feedback=mask_text(seen(row.feedback)),
        feedback_at=row.feedback_at,
        lifted_at=row.lifted_at,
        points=row.penalty,
        confidential=confidential,
    )


def return_statistics(session: Session, seat: Seat, since: date, until: date) -> ReturnStatistics:
    """Returns asked for in these days by unit and category, against what the unit was sent. Two statements."""
    start, end = days(since, until)
    reasons = tuple(reason.name for reason in seat.rules.pack.returns.reasons)
    sent = {
        (unit, category): (count, designated)
        for unit, category, count, designated in session.execute(_sent(seat, start, end))
    }
    found = session.execute(_asked(seat, start, end, reasons))
    rows = sorted((_tally(row, sent) for row in found), key=_most)
    made = basis(
        session, seat, SheetKind.RETURN_STATISTICS, since, until, "退单按申请时间、派单按派出时间统计，查看范围内的工单"
    )  # fmt: skip
    return ReturnStatistics(reasons, tuple(rows), seat.heading, made)


def _asked(seat: Seat, start: datetime, end: datetime, reasons: Iterable[str]) -> Any:
    return (
        select(
            ReturnRequest.unit_name,
            Ticket.category_path,
            func.count(),
            _sum(ReturnRequest.granted.is_(True)),
            _sum(ReturnRequest.granted.is_(False)),
            *(_sum(ReturnRequest.reason == reason) for reason in reasons),
        )
        .join(Ticket, Ticket.id == ReturnRequest.ticket_id)
        .where(ReturnRequest.asked_at >= start, ReturnRequest.asked_at < end)
        .where(visible(seat.operator))
        .group_by(ReturnRequest.unit_name, Ticket.category_path)
    )


def _sent(seat: Seat, start: datetime, end: datetime) -> Any:
    return (
        select(
            Assignment.unit_name,
            Ticket.category_path,
            func.count(),
            _sum(Assignment.designated),
        )
        .join(Ticket, Ticket.id == Assignment.ticket_id)
        .where(Assignment.dispatched_at >= start, Assignment.dispatched_at < end)
        .where(Assignment.parent_seq.is_(None), visible(seat.operator))
        .group_by(Assignment.unit_name, Ticket.category_path)
    )


def _tally(row: Any, sent: dict[tuple[str, str], tuple[int, int]]) -> ReturnTally:
    unit, path, asked, granted, refused, *by_reason = row
    dispatched, designated = sent.get((unit, path), (0, 0))
    return ReturnTally(
        unit=unit,
        category=path.rsplit(" › ", 1)[-1],
        # Sent before these days and returned in them: no rate above the whole.
        dispatched=max(dispatched, asked),
        asked=asked,
        by_reason=tuple(by_reason),
        granted=granted,
        refused=refused,
        pending=asked - granted - refused,
        designated=designated,
    )


def _most(one: ReturnTally) -> tuple[Any, ...]:
    return -one.asked, one.unit, one.category


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
