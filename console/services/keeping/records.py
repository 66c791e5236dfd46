"""The keeper's records: each a row that people read and, beside it, the move that the log keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.keeping import LATE, Owed
from console.domain.lifecycle import RULES
from console.domain.moves import Move
from console.domain.policy_tables import LightAction
from console.domain.roles import Role
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel, TicketState
from console.domain.worktime import moment_words
from console.ledger import Entry, Ledger, Seat
from console.ledger.supervision import open_supervision, write_urging
from db.models import Assignment, Supervision, Ticket, Urging

# Where the unit has the matter in hand; anywhere else the centre lets it lie.
WITH_UNIT = frozenset({TicketState.PENDING_SIGN, TicketState.IN_PROGRESS, TicketState.REDO})
# An urging that urges nobody: a warning or a reminder.
NO_RUNG = 0


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a record speaks to. `seq` where it is one level that let its own timer pass (field-facts X3)."""

    unit_id: int | None
    name: str
    seq: int | None = None


class Records:
    """Writes inside the caller's transaction; the work order is locked."""

    def __init__(self, seat: Seat) -> None:
        self.seat, self.ledger = seat, Ledger(seat)

    def addressee(self, ticket: Ticket) -> Addressee:
        """The unit that has it in hand, else the centre."""
        if ticket.state in WITH_UNIT and ticket.holder_unit_id is not None:
            return Addressee(ticket.holder_unit_id, ticket.holder_name)
        keeper = self.seat.operator
        return Addressee(keeper.unit_id, keeper.unit_name)

    def write(
        self, session: Session, ticket: Ticket, owed: Owed, to: Addressee, copies: str = ""
    ) -> None:
        """What the pack wants done: warn, urge or supervise."""
        if owed.action is LightAction.WARN:
            self.remind(session, ticket, owed.key, f"预警：{owed.words}", to, copies)
        elif owed.action is LightAction.URGE:
            self.urge(session, ticket, owed, to, copies)
        elif owed.action is LightAction.SUPERVISE:
            self.supervise(session, ticket, owed, to, copies)

    def remind(
        self,
        session: Session,
        ticket: Ticket,
        key: str,
        words: str,
        to: Addressee,
        copies: str = "",
    ) -> None:
        """A warning or a reminder: on record and in the log, and no urging of the unit."""
        self._urging(session, ticket, key, words, to, copies, NO_RUNG)
        self._note(session, ticket, key, words)

    def urge(
        self, session: Session, ticket: Ticket, owed: Owed, to: Addressee, copies: str = ""
    ) -> None:
        """催办; a rung of the ladder may raise the supervision with it."""
        name = f"{owed.rung.step.document}：" if owed.rung else ""
        words = name + owed.words
        self._urging(session, ticket, owed.key, words, to, copies, ticket.urge_count + 1)
        inputs = {"reason": words, "light_key": owed.key}
        self.ledger.move(
            session, ticket.id, Entry(Move.URGE, inputs, f"自动催办{to.name}：{words}")
        )
        if owed.rung is not None and owed.level > ticket.supervision:
            self.supervise(session, ticket, owed, to, copies)

    def supervise(
        self, session: Session, ticket: Ticket, owed: Owed, to: Addressee, copies: str = ""
    ) -> None:
        """督办: the notice, and the level where it rises. What a graver notice covers counts no points again."""
        level, now = owed.level, self.seat.now(session)
        open_ones = _in_force(session, ticket, to)
        graver = next((row for row in open_ones if row.level >= level), None)
        row = self._notice(session, ticket, owed, to, copies, now)
        if graver is not None:
            row.penalty = 0
            self._end((row,), now, f"已在{SUPERVISION_NAMES[SupervisionLevel(graver.level)]}中")
        else:
            self._end(open_ones, now, f"升为{SUPERVISION_NAMES[level]}")
        self._raise(session, ticket, owed, row)

    def _notice(
        self,
        session: Session,
        ticket: Ticket,
        owed: Owed,
        to: Addressee,
        copies: str,
        now: datetime,
    ) -> Supervision:
        before = self.seat.rules.calendar.add_workdays(now, 1)
        demands = (
            f"{owed.words}并答复诉求人，于 {moment_words(before)} 前书面反馈落实情况、原因、"
            "责任人和完成时限。"
        )
        return open_supervision(
            session, self.seat, ticket, owed.level, LATE,
            light_key=owed.key, automatic=True, demands=demands, lead_unit=to.name,
            unit_id=to.unit_id, copied_to=copies[:200], due=before,
        )  # fmt: skip

    def _raise(self, session: Session, ticket: Ticket, owed: Owed, row: Supervision) -> None:
        document = owed.rung.step.document if owed.rung else f"{SUPERVISION_NAMES[owed.level]}单"
        words = f"{document}：{owed.words}，{row.document_no}"
        if owed.level <= ticket.supervision:
            self._note(session, ticket, owed.key, words)
            return
        inputs = {
            "level": owed.level.value, "reason": LATE, "light_key": owed.key,
            "document_no": row.document_no,
        }  # fmt: skip
        self.ledger.move(session, ticket.id, Entry(Move.SUPERVISE, inputs, f"自动发{words}"))

    def _end(self, rows: Iterable[Supervision], at: datetime, why: str) -> None:
        for row in rows:
            row.lifted_at, row.lifted_by, row.lift_reason = at, self.seat.operator.signature, why

    def _urging(
        self,
        session: Session,
        ticket: Ticket,
        key: str,
        words: str,
        to: Addressee,
        copies: str,
        rung: int,
    ) -> Urging:
        given: dict[str, Any] = {"unit_name": to.name, "copied_to": copies[:200], "rung": rung}
        return write_urging(
            session, self.seat, ticket, words,
            light_key=key, automatic=True, share_seq=to.seq, **given,
        )  # fmt: skip

    def _note(self, session: Session, ticket: Ticket, key: str, words: str) -> None:
        """A line in the log, where the rules let the system write one."""
        rule = RULES[Move.NOTE]
        if Role.KEEPER in rule.roles and ticket.state in rule.states:
            inputs = {"note": "系统提醒", "light_key": key}
            self.ledger.move(session, ticket.id, Entry(Move.NOTE, inputs, words))


def _in_force(session: Session, ticket: Ticket, to: Addressee) -> tuple[Supervision, ...]:
    """Notices still open that speak to the same unit; older ones know only its name."""
    query = select(Supervision).where(
        Supervision.ticket_id == ticket.id, Supervision.lifted_at.is_(None)
    )
    rows = session.scalars(query.order_by(Supervision.level.desc()))
    return tuple(r for r in rows if r.unit_id == to.unit_id or r.lead_unit == to.name)


def keys_of(session: Session, ticket_id: int) -> frozenset[str]:
    """The keys of everything the keeper has written on one work order."""
    urged = select(Urging.light_key).where(Urging.ticket_id == ticket_id)
    supervised = select(Supervision.light_key).where(Supervision.ticket_id == ticket_id)
    keys = (*session.scalars(urged), *session.scalars(supervised))
    return frozenset(key for key in keys if key)


def is_written(session: Session, key: str) -> bool:
    """Whether a reminder of this key stands."""
    return session.scalar(select(Urging.id).where(Urging.light_key == key)) is not None


def share_of(session: Session, ticket_id: int, seq: int) -> Assignment:
    query = select(Assignment).where(Assignment.ticket_id == ticket_id, Assignment.seq == seq)
    return session.scalars(query).one()
