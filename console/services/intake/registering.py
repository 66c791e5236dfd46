"""Registering, dispatching, keeping: each one transaction, and the same form never twice."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, InvalidForm, NotAllowed, Unavailable
from console.domain.intake import IntakeForm, Registered
from console.domain.moves import Move
from console.domain.numbering import is_ticket_number
from console.domain.states import STATE_NAMES, Channel, TicketState
from console.ledger import Entry, Ledger, Seat, campaigns, contacts, police, promises, visible
from console.services.intake.checking import Checks
from console.services.intake.filling import (
    Known,
    columns,
    link_call,
    new_ticket,
    note_repeat,
    remember_appellant,
    same_again,
)
from console.services.intake.words import title_of
from db.clock import uptime
from db.models import Ticket

EDITABLE = (TicketState.DRAFT, TicketState.PENDING_DISPATCH)
_TRIES = 5
Work = Callable[[Session, str], Registered]
KnownNow = Callable[[], Known]


class Registrar:
    """What the outcomes of a call have in common: checked, numbered, written once."""

    def __init__(self, seat: Seat, known: KnownNow) -> None:
        self.seat, self.ledger, self._known = seat, Ledger(seat), known
        self._numbering = Lock()
        self._clock: tuple[datetime, float] | None = None

    @property
    def known(self) -> Known:
        return self._known()

    def checks(self, session: Session) -> Checks:
        seat, known = self.seat, self.known
        return Checks(session, seat.rules.pack, known.city, known.categories, seat.now(session))

    def submit(self, form: IntakeForm, dispatch: bool) -> Registered:
        """Register, and dispatch when asked, in one transaction. Raises InvalidForm with every fault."""
        with self.seat.db.reading() as session:
            faults = self.checks(session).to_register(form, dispatch)
        if faults:
            raise InvalidForm(faults)

        def work(session: Session, number: str) -> Registered:
            return self._register(session, form, number, dispatch)

        done = self.once(form, work)
        stale = form.ticket_id is not None and form.version is not None
        if done.already and dispatch and stale and done.state is TicketState.PENDING_DISPATCH:
            # Changed by somebody else meanwhile: "already done" would leave it lying, believed dispatched.
            raise Conflict(
                "这张工单刚被他人修改，没有派出", "您输入的内容还在，请打开工单核对后再派"
            )
        return done

    def save_draft(self, form: IntakeForm) -> Registered:
        """Keep an unfinished form on the server, for oneself."""
        with self.seat.db.reading() as session:
            faults = self.checks(session).to_keep(form)
        if faults:
            raise InvalidForm(faults)
        return self.once(form, lambda session, number: self._save(session, form, number))

    def take_number(self, channel: Channel) -> str:
        """A final number from this workstation's leased block, database or not; leases a new block when used up.

        Raises Unavailable when the database is away and the block is used up (peers 6.13).
        """
        for left in reversed(range(_TRIES)):
            try:
                return self._next_number(channel)
            except (Unavailable, OperationalError):
                number = self._number_cut_off(channel)
                if not number:
                    raise
                return number
            except IntegrityError:
                # Another workstation leased the same block a moment before.
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _next_number(self, channel: Channel) -> str:
        # A transaction of its own: a lease rolled back with a failed ticket would be given out twice.
        with self._numbering, self.seat.db.writing.begin() as session:
            now = self.seat.now(session)
            self._clock = (now, uptime())
            self.seat.numbers.stock(session, now, channel)
            return self.seat.numbers.next_number(session, now, channel)

    def stock(self, channel: Channel = Channel.PHONE) -> None:
        """Numbers in hand before the first call, in case the connection goes before it. Raises Unavailable."""
        with self._numbering, self.seat.db.writing.begin() as session:
            now = self.seat.now(session)
            self._clock = (now, uptime())
            self.seat.numbers.stock(session, now, channel)

    def _number_cut_off(self, channel: Channel) -> str:
        """From the block in hand, by the server's clock as last seen: never by this workstation's own."""
        if self._clock is None:
            return ""
        seen, at = self._clock
        return self.seat.numbers.in_hand(seen + timedelta(seconds=uptime() - at), channel)

    # --- once

    def once(self, form: IntakeForm, work: Work) -> Registered:
        """Do it unless this form was already done with (`form.key`), whoever asks and however often."""
        # Read before the transaction, which holds a connection of its own.
        self._known()
        with self.seat.db.reading() as session:
            done = self._done(session, form)
            there = self.existing(session, form) is not None
        if done is not None:
            return done
        number = "" if there else self._number(form)
        try:
            with self.seat.db.writing.begin() as session:
                return self._done(session, form) or work(session, number)
        except IntegrityError:
            with self.seat.db.reading() as session:
                done = self._done(session, form)
            if done is None:
                raise
            return done

    def _number(self, form: IntakeForm) -> str:
        if is_ticket_number(form.number):
            with self.seat.db.reading() as session:
                if session.scalar(select(Ticket.id).where(Ticket.number == form.number)) is None:
                    return form.number
        return self.take_number(form.channel)

    def existing(self, session: Session, form: IntakeForm) -> Ticket | None:
        """The work order of this form: the one it names, or the one its key made."""
        condition = Ticket.id == form.ticket_id if form.ticket_id else Ticket.form_key == form.key
        return session.scalar(select(Ticket).where(condition, visible(self.seat.operator)))

    def _done(self, session: Session, form: IntakeForm) -> Registered | None:
        ticket = self.existing(session, form)
        if ticket is None or ticket.state is TicketState.DRAFT:
            return None
        if form.ticket_id is None:
            return self.registered(ticket, already=True)
        known, now = self.known, self.seat.now(session)
        same = same_again(ticket, columns(session, self.seat, known, form, now))
        editable = ticket.state in EDITABLE
        if same and (not editable or form.version not in (None, ticket.version)):
            return self.registered(ticket, already=True)
        if not editable:
            raise Conflict(
                f"这张工单已是“{STATE_NAMES[ticket.state]}”，修改没有保存", "请打开工单补充说明"
            )
        return None

    def registered(self, ticket: Ticket, already: bool = False) -> Registered:
        """What the window is told; `undo_until` while the dispatch is one's own and unsigned."""
        seconds = timedelta(seconds=self.seat.rules.pack.desk.undo_seconds)
        own = ticket.dispatcher_id == self.seat.operator.account_id
        waits = own and ticket.state is TicketState.PENDING_SIGN
        until = ticket.dispatched_at + seconds if waits and ticket.dispatched_at else None
        topics = frozenset({Topic.TICKETS, Topic.CALLS})
        return Registered(
            ticket_id=ticket.id,
            number=ticket.number,
            lookup_code=ticket.lookup_code,
            state=ticket.state,
            unit=ticket.holder_name,
            undo_until=until,
            finish_due=ticket.finish_due,
            already=already,
            changed=Changed(topics, (ticket.id,), ticket.number),
        )

    # --- writing

    def enter(
        self, session: Session, form: IntakeForm, number: str, entry: Entry, **values: object
    ) -> Ticket:
        """Make or bring up to date the form's work order and make its move."""
        now = self.seat.now(session)
        filled = columns(session, self.seat, self.known, form, now) | values
        ticket = self.existing(session, form)
        if ticket is None:
            ticket = new_ticket(self.seat, form, number, filled, now)
            note_repeat(session, self.seat, ticket, form, now)
            self.ledger.open(session, ticket, entry)
        else:
            ticket = self._update(session, ticket, form, filled, entry, now)
        remember_appellant(session, self.seat, ticket, form, now)
        link_call(session, form, ticket.id)
        promises.promised_in_form(session, self.seat, ticket, form.promises)
        if entry.move is not Move.SAVE:
            police.note_arrival(session, self.seat, ticket)
            codes = campaigns.wanted(self.seat.rules.pack, form.campaigns, ticket.content)
            campaigns.put_into(session, self.seat, ticket, codes)
            contacts.make_findable(session, self.seat, ticket)
        return ticket

    def _update(
        self,
        session: Session,
        ticket: Ticket,
        form: IntakeForm,
        filled: dict[str, object],
        entry: Entry,
        now: datetime,
    ) -> Ticket:
        """A draft moves on; one undone is mended where it lies, and its clock follows what it now is."""
        if ticket.creator_id != self.seat.operator.account_id:
            raise NotAllowed("只能修改本人受理的工单", "请在工单里补充说明")
        ticket = self.ledger.lock(session, ticket.id, form.version)
        for name, value in filled.items():
            setattr(ticket, name, value)
        note_repeat(session, self.seat, ticket, form, now)
        if ticket.state is TicketState.DRAFT:
            return self.ledger.move(session, ticket.id, entry)
        if entry.move is Move.REGISTER:
            start = ticket.accepted_at or now
            due = self.seat.rules.due(ticket, start).finish_due
            ticket.total_due = ticket.finish_due = due
            entry = Entry(Move.NOTE, {"note": "修改受理内容"}, note="修改受理内容")
        return self.ledger.move(session, ticket.id, entry)

    def _register(
        self, session: Session, form: IntakeForm, number: str, dispatch: bool
    ) -> Registered:
        note = f"登记受理（{'匿名来电' if form.anonymous else '已登记来电人'}）"
        ticket = self.enter(session, form, number, Entry(Move.REGISTER, note=note))
        if dispatch:
            self._dispatch(session, ticket, form)
        session.flush()
        return self.registered(ticket)

    def _dispatch(self, session: Session, ticket: Ticket, form: IntakeForm) -> None:
        """The rule that found the grid goes into the order: evidence against a return (peers 6.2)."""
        units = [
            self.ledger.unit(session, unit_id) for unit_id in (form.unit_id or 0, *form.co_unit_ids)
        ]
        evidence = f"【属地依据】{ticket.grid_rule}" if ticket.grid_rule else ""
        opinion = "\n".join(filter(None, (form.opinion.strip(), evidence)))[:500]
        ticket.dispatch_opinion = opinion
        inputs: dict[str, Any] = {
            "unit": asdict(units[0]),
            "co_units": [asdict(unit) for unit in units[1:]],
            "grid_rule": ticket.grid_rule,
        }
        basis = f"（{ticket.grid_rule}）" if ticket.grid_rule else ""
        entry = Entry(Move.DISPATCH, inputs, f"派单至{units[0].name}{basis}", opinion=opinion)
        self.ledger.move(session, ticket.id, entry)

    def _save(self, session: Session, form: IntakeForm, number: str) -> Registered:
        title = title_of(form) if not form.blank else "暂存的来电"
        ticket = self.enter(session, form, number, Entry(Move.SAVE), title=title)
        session.flush()
        return self.registered(ticket)
