"""Random people at real desks on a real database: the log replays to the rows, clocks included, at every step."""

import random
import shutil
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.case import Case, Step
from console.domain.errors import UserError
from console.domain.lifecycle import RULES, permitted, replay
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.domain.undo import TAKES_BACK
from console.ledger import Entry, Ledger, Seat
from console.ledger.writing import case_of
from db.engine import Database, open_database
from db.models import Account, Assignment, Ticket, TicketEvent, Unit
from tests.domain.test_lifecycle import INPUTS
from tests.journeys import open_ticket
from tests.world import ACCOUNTS, UNITS, seat_for

# What only the front door does, or what needs a second work order beside this one.
ELSEWHERE = {
    Move.REGISTER, Move.RECEIVE, Move.SAVE, Move.SPLIT_OFF, Move.SETTLE_ON_SITE, Move.CARRY_OVER,
}  # fmt: skip
RARE = {
    Move.VOID,
    Move.WITHDRAW_APPEAL,
    Move.MERGE,
    Move.REJECT,
    Move.ANSWER,
    Move.HAND_TO_POLICE,
    Move.NOTE,
    Move.TAG,
}
# Without a push, random histories end in front of the first unit's door.
ONWARD = {
    Move.ACCEPT, Move.DISPATCH, Move.SIGN, Move.CONTACT, Move.SUB_DISPATCH, Move.REPLY, Move.PASS_REVIEW,
    Move.PASS_VERIFY, Move.CANCEL_VERIFY, Move.RING_BACK, Move.CLOSE, Move.UNDO_GRANT, Move.GRANT_RETURN, Move.RESUME,
}  # fmt: skip
STEPS = 40


class Office:
    """One work order and everybody who may touch it, on a clock that goes forward."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.chance = db, random.Random(seed)
        self.people = [self._person(*row) for row in ACCOUNTS]
        self.seats = [self._seat(who) for who in self.people]
        self.skew = timedelta()
        self.made: set[Move] = set()
        self.ticket_id = open_ticket(
            db,
            nature=self.chance.choice(list(Nature)),
            urgency=self.chance.choice(list(Urgency)),
            channel=self.chance.choice([Channel.PHONE, Channel.POLICE_110]),
            dispute=self.chance.random() < 0.3,
            own_limit=self.chance.choice(["", "4工作时", "3工作日"]),
            reachable=self.chance.random() < 0.8,
        )

    @staticmethod
    def _person(id_: int, agent_no: str, name: str, role: Role, unit: int) -> Operator:
        row = next(u for u in UNITS if u[0] == unit)
        return Operator(id_, agent_no, name, role, unit, row[2], row[1])

    def _seat(self, who: Operator) -> Seat:
        seat = _Skewed(**{**vars(seat_for(self.db)), "_operator": who})
        seat.office = self
        return seat

    def step(self) -> None:
        """Somebody who may do something does it; what the rules refuse changes nothing."""
        before = self.rows()
        offered = [
            (seat, move)
            for seat in self.seats
            for move in permitted(before, seat.operator, seat.rules) - ELSEWHERE
        ]
        if not offered:
            return
        onward = [pair for pair in offered if pair[1] in ONWARD]
        usual = [pair for pair in offered if pair[1] not in RARE]
        pairs = self.chance.choice([onward, onward, usual, usual]) or usual or offered
        move = self.chance.choice(sorted({m for _, m in pairs}))
        seat = self.chance.choice([s for s, m in pairs if m is move])
        self.skew += timedelta(seconds=self.chance.choice([2, 3, 900, 20_000]))
        try:
            with self.db.writing.begin() as session:
                Ledger(seat).move(
                    session, self.ticket_id, Entry(move, self._inputs(session, seat, move))
                )
        except UserError:
            assert self.rows() == before
        else:
            self.made.add(move)

    def _inputs(self, session: Session, seat: Seat, move: Move) -> dict[str, Any]:
        given = {name: INPUTS[name] for name in RULES[move].needs}
        given |= {"photos": 1, "signed_off": True, "satisfaction": "satisfied", "contacted": True}
        given |= {"resolution": "resolved", "verify": self.chance.random() < 0.4, "confirmed_by": 2}
        if "unit" in RULES[move].needs or move is Move.ESCALATE:
            unit = self._unit(session, seat.operator, move)
            given |= {} if unit is None else {"unit": asdict(Ledger(seat).unit(session, unit))}
        if "due" in given:
            given["due"] = (seat.now(session) + timedelta(hours=5)).isoformat()
        if move is Move.AMEND:
            given |= {"fields": ["urgency"], "urgency": self.chance.choice(list(Urgency)).value}
        return given

    def _unit(self, session: Session, who: Operator, move: Move) -> int | None:
        parent = session.get_one(Unit, who.unit_id).parent_id
        if move is Move.ESCALATE:
            return parent if parent and parent > 2 else None
        below = [row[0] for row in UNITS if row[4] == who.unit_id and who.unit_id > 1]
        return self.chance.choice(below or [10, 11, 40, 41])

    def rows(self) -> Case:
        with self.db.reading() as session:
            ticket = session.get_one(Ticket, self.ticket_id)
            shares = select(Assignment).where(Assignment.ticket_id == ticket.id)
            return case_of(ticket, tuple(session.scalars(shares.order_by(Assignment.seq))))

    def replayed(self) -> Case:
        """The case as the log alone tells it, from the moment it was written down."""
        with self.db.reading() as session:
            ticket = session.get_one(Ticket, self.ticket_id)
            people = {a.id: a for a in session.scalars(select(Account))}
            events = session.scalars(
                select(TicketEvent)
                .where(TicketEvent.ticket_id == ticket.id)
                .order_by(TicketEvent.id)
            ).all()
            case = self._first(ticket)
            for event in events:
                who = next(p for p in self.people if p.account_id == people[event.actor_id].id)
                step = Step(Move(event.move), who, event.at, event.share_seq, event.inputs)
                case = replay(case, step, self.seats[0].rules)
                assert case.state is event.state_after
            return case

    def _first(self, ticket: Ticket) -> Case:
        now = self.rows()
        return replace(
            Case(now.number, now.nature, self.born.urgency, now.channel, now.created_at, now.creator_id),
            confidential=now.confidential, needs_site_proof=now.needs_site_proof, dispute=self.born.dispute,
            own_limit=now.own_limit, grid_code=now.grid_code, reply_wanted=now.reply_wanted,
            reachable=now.reachable,
        )  # fmt: skip

    born: Case


class _Skewed(Seat):
    office: Office

    def now(self, session: Session) -> Any:
        return super().now(session) + self.office.skew


@pytest.mark.parametrize("seed", range(12))
def test_the_log_replays_to_the_rows_at_every_step(world: Database, seed: int) -> None:
    office = Office(world, seed)
    office.born = office.rows()
    for _ in range(STEPS):
        office.step()
        stored, told = office.rows(), office.replayed()
        assert told == stored, f"after {sorted(office.made)}"
        if stored.state in (TicketState.VOID, TicketState.REJECTED):
            break
    assert office.made


def test_the_walks_go_far_enough(world_file: Any, tmp_path: Any) -> None:
    """A check of the check: together they reach the rarer moves too, and take back what can be taken back."""
    made: set[Move] = set()
    for seed in range(10):
        path = tmp_path / f"walk{seed}.db"
        shutil.copy(world_file, path)
        database = open_database(f"sqlite:///{path}")
        office = Office(database, 100 + seed)
        office.born = office.rows()
        for _ in range(60):
            office.step()
        made |= office.made
        database.close()
    assert {Move.SUB_DISPATCH, Move.REPLY, Move.PASS_REVIEW, Move.CLOSE, Move.GRANT_RETURN} <= made
    assert made & set(TAKES_BACK.values())
