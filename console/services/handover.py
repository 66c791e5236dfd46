"""交接班: what the shift leaves behind, gathered from the rows, and printed once for each hand-over."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, NotAllowed
from console.domain.forms import Document, Stamp
from console.domain.handover import (
    LONGEST_NOTE,
    Held,
    Missed,
    Shift,
    ShiftNote,
    shift_name,
    shift_start,
)
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.records import TicketRow
from console.domain.reports import Manner, PageImage
from console.domain.roles import Role
from console.domain.sheets import (
    Basis,
    LitOrder,
    PromiseDue,
    SheetKind,
    SheetRecord,
    ShiftHandover,
    ToResume,
    WaitingCall,
)
from console.domain.states import OPEN_STATES, STATE_NAMES, Channel, TicketState
from console.domain.wording import check_length, clean
from console.domain.worktime import CIVIL, civil, civil_date, moment_words
from console.ledger import Seat, row_columns, ticket_row, visible
from console.ledger.copies import last_copied, note_pages, number_copy
from console.ledger.promises import open_promises, promise_counts
from console.ledger.withheld import withhold_titles
from db.models import Account, Bulletin, Call, Suspension, Ticket, TicketEvent

MAY_HAND_OVER = frozenset({Role.SUPERVISOR, Role.DISPATCHER, Role.AGENT})
NOTE_TITLE, NOTE_LASTS = "交班留言", timedelta(hours=24)
FORM = SheetKind.SHIFT_HANDOVER.value
MOST_LIT, MOST_MISSED = 300, 100
UNANSWERED = ("ringing", "abandoned", "missed")
Draw = Callable[[SheetKind, SheetRecord, Stamp], Document]
Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]


class Handover:
    """The hand-over of a shift. `draw` makes the paper, `pixels` a page of it."""

    def __init__(self, seat: Seat, draw: Draw, pixels: Pixels) -> None:
        self._seat, self._draw, self._pixels = seat, draw, pixels

    def shift(self) -> Shift:
        """What would be handed over now; every open promise of the scope is in it."""
        self._may()
        with self._seat.db.reading() as session:
            now = self._seat.now(session)
            since = self._since(session, now)
            lit, reds, yellows = self._lit(session, now)
            lights = (("红灯", f"{reds}"), ("黄灯", f"{yellows}"))
            return Shift(
                name=shift_name(now),
                since=since,
                until=now,
                handed_by=self._seat.operator.signature,
                figures=(*self._figures(session, since), *lights),
                promises=open_promises(session, self._seat),
                counts=promise_counts(session, self._seat),
                lit=lit,
                reds=reds,
                yellows=yellows,
                held=self._held(session, now),
                missed=self._missed(session, since),
                notes=self._notes(session, now),
            )

    def leave_note(self, text: str) -> Changed:
        """A line for the next shift; it is shown for a day."""
        self._may()
        said = check_length(clean(text).text.strip(), LONGEST_NOTE, "留言", "note")
        if not said:
            raise Invalid("请写给下一班的话", field="note")
        with self._seat.db.writing.begin() as session:
            now = self._seat.now(session)
            session.add(
                Bulletin(
                    title=NOTE_TITLE, text=said, posted_at=now, expires_at=now + NOTE_LASTS,
                    posted_by=self._seat.operator.signature,
                )
            )  # fmt: skip
        return Changed(frozenset({Topic.KNOWLEDGE}), note=NOTE_TITLE)

    def issue(self, taken_by: str) -> Document:
        """The sheet on paper, numbered and logged before it leaves; the next shift is counted from here."""
        shift = self.shift()
        with self._seat.db.writing.begin() as session:
            line, stamp = number_copy(session, self._seat, FORM, Manner.PRINT)
        document = self._draw(SheetKind.SHIFT_HANDOVER, _record(shift, taken_by), stamp)
        with self._seat.db.writing.begin() as session:
            note_pages(session, line, document.pages)
        return document

    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage:
        """One page as pixels, for the printer."""
        return PageImage(page, dpi, *self._pixels(pdf, page, dpi))

    # --- gathering

    def _may(self) -> None:
        if self._seat.operator.role not in MAY_HAND_OVER:
            raise NotAllowed("交接班由值班长、派单员和话务员办理")

    def _since(self, session: Session, now: datetime) -> datetime:
        """Since the last hand-over on paper; without one within a day, since the shift of this hour began."""
        at = last_copied(session, self._seat, FORM)
        if at is not None and at > now - timedelta(days=1):
            return at
        return shift_start(now).astimezone(UTC)

    def _figures(self, session: Session, since: datetime) -> tuple[tuple[str, str], ...]:
        """Captions and values, as printed; three statements."""
        called, answered = session.execute(
            select(func.count(), func.coalesce(func.sum(_if(Call.answered_at.is_not(None))), 0))
            .where(Call.ring_at >= since, Call.direction == "inbound")
        ).one()  # fmt: skip
        steps: dict[str, int] = {
            row[0]: row[1]
            for row in session.execute(
                select(TicketEvent.move, func.count())
                .where(TicketEvent.at >= since)
                .group_by(TicketEvent.move)
            )
        }
        taken = steps.get(Move.REGISTER, 0) + steps.get(Move.ANSWER, 0) + steps.get(Move.RECEIVE, 0)
        state = {row[0]: row[1] for row in session.execute(_states())}
        return (
            ("来电", f"{called}"),
            ("接听", f"{answered}"),
            ("登记", f"{taken}"),
            ("直接答复", f"{steps.get(Move.ANSWER, 0)}"),
            ("派单", f"{steps.get(Move.DISPATCH, 0) + steps.get(Move.DESIGNATE, 0)}"),
            ("办结", f"{steps.get(Move.CLOSE, 0)}"),
            ("待派单", f"{state.get(TicketState.PENDING_DISPATCH, 0)}"),
            ("待受理", f"{state.get(TicketState.PENDING_ACCEPT, 0)}"),
            ("未提交的草稿", self._drafts(session)),
        )

    @staticmethod
    def _drafts(session: Session) -> str:
        """How many drafts wait, and whose: their contents are nobody else's business."""
        query = select(Account.name, func.count()).join(Ticket, Ticket.creator_id == Account.id)
        query = query.where(Ticket.state == TicketState.DRAFT).group_by(Account.name)
        found = session.execute(query.order_by(Account.name)).all()
        whose = "、".join(f"{row[0]} {row[1]}" for row in found)
        total = sum(row[1] for row in found)
        return f"{total}（{whose}）" if whose else "0"

    def _lit(self, session: Session, now: datetime) -> tuple[tuple[TicketRow, ...], int, int]:
        """Yellow and red ones, worst first; how many are red and how many yellow, also when the list is cut."""
        due = func.coalesce(Ticket.finish_due, Ticket.total_due)
        lit = and_(Ticket.suspended_at.is_(None), or_(due < now, Ticket.yellow_at <= now))
        conditions = (Ticket.state.in_(tuple(OPEN_STATES)), lit, visible(self._seat.operator))
        query = select(*row_columns()).where(*conditions).order_by(due, Ticket.id).limit(MOST_LIT)
        found: list[Any] = list(session.execute(query))
        counted = select(func.count(), func.coalesce(func.sum(_if(due < now)), 0))
        total, reds = session.execute(counted.select_from(Ticket).where(*conditions)).one()
        listed = [ticket_row(row, now, self._seat.rules) for row in found]
        rows = withhold_titles(session, self._seat, listed)
        return rows, reds, total - reds

    def _held(self, session: Session, now: datetime) -> tuple[Held, ...]:
        """To resume today or tomorrow, and those already late."""
        query = select(Suspension, Ticket).join(Ticket, Ticket.id == Suspension.ticket_id)
        query = query.where(
            Suspension.resumed_at.is_(None),
            Suspension.resume_on <= civil_date(now) + timedelta(days=1),
            Ticket.state == TicketState.SUSPENDED,
            visible(self._seat.operator),
        )
        found = session.execute(query.order_by(Suspension.resume_on, Ticket.id))
        held_rows = [
            Held(
                ticket.id, ticket.number, ticket.title, ticket.holder_name,
                mask_text(held.reason) or held.reason_kind, held.resume_on, held.by,
                ticket.confidential,
            )
            for held, ticket in found
        ]  # fmt: skip
        return withhold_titles(session, self._seat, held_rows)

    def _missed(self, session: Session, since: datetime) -> tuple[Missed, ...]:
        """Nobody answered, and no later call with this number was."""
        later = aliased(Call)
        rung = select(later.id).where(
            later.caller_key == Call.caller_key, later.ring_at > Call.ring_at,
            later.answered_at.is_not(None),
        )  # fmt: skip
        query = select(Call).where(
            Call.ring_at >= min(since, _midnight(since)), Call.answered_at.is_(None),
            Call.ended_at.is_not(None), Call.caller_key != "", Call.result.in_(UNANSWERED),
            ~rung.exists(),
        )  # fmt: skip
        found = session.scalars(query.order_by(Call.ring_at.desc()).limit(MOST_MISSED))
        return tuple(
            Missed(
                call.id, call.ring_at, call.caller_masked, call.queue,
                timedelta(seconds=call.wait_s),
            )
            for call in found
        )  # fmt: skip

    @staticmethod
    def _notes(session: Session, now: datetime) -> tuple[ShiftNote, ...]:
        query = select(Bulletin).where(Bulletin.title == NOTE_TITLE, Bulletin.expires_at > now)
        rows = session.scalars(query.order_by(Bulletin.posted_at.desc(), Bulletin.id.desc()))
        return tuple(
            ShiftNote(row.id, mask_text(row.text), row.posted_at, row.posted_by) for row in rows
        )


def _if(condition: Any) -> Any:
    return case((condition, 1), else_=0)


def _states() -> Any:
    waiting = (TicketState.PENDING_DISPATCH, TicketState.PENDING_ACCEPT)
    query = select(Ticket.state, func.count()).where(Ticket.state.in_(waiting))
    return query.group_by(Ticket.state)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(civil(at).date(), time(), CIVIL).astimezone(UTC)


def _record(shift: Shift, taken_by: str) -> ShiftHandover:
    """For paper: the same lines, nothing left out."""
    return ShiftHandover(
        shift=shift.name,
        since=shift.since,
        until=shift.until,
        handed_by=shift.handed_by,
        taken_by=taken_by.strip(),
        figures=shift.figures,
        promises=tuple(
            PromiseDue(
                p.number, p.title, p.what, p.due, p.made_by, p.unit, p.light, p.confidential,
            )
            for p in shift.promises
        ),
        orders=tuple(
            LitOrder(
                row.number, row.title, row.unit, row.light, STATE_NAMES[row.state], row.finish_due,
                "110转办" if row.channel is Channel.POLICE_110 else "", row.confidential,
            )
            for row in shift.lit
        ),
        waiting=tuple(
            WaitingCall(m.at, m.phone, m.queue, m.waited, "未接通，待回电") for m in shift.missed
        ),
        suspended=tuple(
            ToResume(h.number, h.title, h.unit, h.reason, h.resume_on, h.by, h.confidential)
            for h in shift.held
        ),
        notes="\n".join(f"{note.text}（{note.by}）" for note in shift.notes),
        basis=Basis(
            period=f"{moment_words(shift.since)}至{moment_words(shift.until)}",
            filter="全中心",
            as_of=shift.until,
        ),
    )  # fmt: skip
