"""The supervisor's word on harassing numbers; a mark only warns and never keeps a call away (field-facts 3.7)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.blocking import DEGREE_NAMES, BlockRequest
from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.roles import Role
from console.ledger import Seat
from console.ledger.audit import record
from db.models import BlockedNumber, Call

MOST = 200


class Blocking:
    """Every write is one transaction with its line in the audit. Raises NotAllowed, NotFound, Invalid."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def numbers(self) -> tuple[BlockRequest, ...]:
        """What is asked for or in force, undecided first, newest first."""
        self._require()
        with self._seat.db.reading() as session:
            now, rows = self._seat.now(session), BlockedNumber
            calls = select(func.count(Call.id)).where(
                Call.caller_key == rows.phone_key, Call.result == "harassment"
            )
            query = select(rows, calls.correlate(rows).scalar_subquery())
            query = query.where(rows.expires_at > now)
            query = query.order_by(rows.approved_by != "", rows.id.desc()).limit(MOST)
            return tuple(_shown(row, times) for row, times in session.execute(query))

    def approve(self, request_id: int) -> Changed:
        """The mark is in force until its day."""
        with self._seat.db.writing.begin() as session:
            row = self._waiting(session, request_id)
            row.approved_by = self._seat.operator.signature
            self._log(session, row, "block_number", "批准")
            return Changed(frozenset({Topic.CALLS}), (row.id,))

    def end(self, request_id: int, reason: str) -> Changed:
        """Refused, or lifted before its day: over from this moment; the reason stands in the audit."""
        said = reason.strip()[:300]
        if not said:
            raise Invalid("请填写理由", field="reason")
        with self._seat.db.writing.begin() as session:
            row = self._row(session, request_id)
            row.expires_at = self._seat.now(session)
            self._log(session, row, "unblock_number", said)
            return Changed(frozenset({Topic.CALLS}), (row.id,))

    def _row(self, session: Session, request_id: int) -> BlockedNumber:
        self._require()
        query = select(BlockedNumber).where(BlockedNumber.id == request_id).with_for_update()
        row = session.scalar(query)
        if row is None or row.expires_at <= self._seat.now(session):
            raise NotFound("这个标记已经到期或已解除", "已为您刷新，请核对后再操作")
        return row

    def _waiting(self, session: Session, request_id: int) -> BlockedNumber:
        row = self._row(session, request_id)
        if row.approved_by:
            raise NotAllowed(f"{row.approved_by}已批准", "不再需要的，可以解除")
        return row

    def _require(self) -> None:
        if self._seat.operator.role is not Role.SUPERVISOR:
            raise NotAllowed("骚扰号码由值班长批准和解除")

    def _log(self, session: Session, row: BlockedNumber, action: str, reason: str) -> None:
        details = {"degree": row.degree, "until": row.expires_at.isoformat()}
        subject = ("blocked_number", str(row.id))
        record(session, self._seat, action, subject, reason, details=details)


def _shown(row: BlockedNumber, times: int) -> BlockRequest:
    degree = DEGREE_NAMES.get(row.degree, row.degree)
    return BlockRequest(
        row.id, row.phone_masked, degree, row.reason, row.requested_by, row.created_at,
        row.expires_at, times, row.approved_by,
    )  # fmt: skip
