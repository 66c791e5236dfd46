"""Whatever the order of joining, merging, ringing, hearing and closing: nobody is forgotten at closing."""

from dataclasses import dataclass, field
from random import Random

import pytest

from console.domain.desks import CallbackAnswers
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import NotReached, Satisfaction, TicketState
from console.ledger import Entry
from console.services.callbacks import Callbacks
from console.services.intake import Intake
from console.services.merging import Merging
from db.models import Ticket
from tests.desks import HAPPY, move, to_call_back
from tests.journeys import open_ticket, version_of
from tests.services.intake_desk import form
from tests.services.test_callback_people import add, with_caller
from tests.world import seat_for

CROSS = CallbackAnswers(False, "unresolved", Satisfaction.DISSATISFIED, None, "结果", "还没有解决")
TRIES, STEPS, SEEDS = 3, 40, 15


@dataclass
class Model:
    """What a careful clerk would have noted on paper: by telephone number, heard or how often rung in vain."""

    heard: set[str] = field(default_factory=set)
    rung: dict[str, int] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)

    def owed(self) -> set[str]:
        return {p for p in self.people if p not in self.heard and self.rung.get(p, 0) < TRIES}

    def begin_again(self) -> None:
        self.heard, self.rung = set(), {}


class Office:
    """Random people at their desks around one work order."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.rng, self.model = world, Random(seed), Model()
        self.desk = Callbacks(seat_for(world, Role.REVISITOR))
        self.ticket_id = to_call_back(world)
        self._next = 0
        with_caller(world, self.ticket_id)
        self.model.people.add("19900001234")
        self.merged: dict[int, str] = {}
        self.closings = self.refusals = 0

    def number(self) -> str:
        self._next += 1
        return f"199000{7000 + self._next:05d}"[:11]

    @property
    def state(self) -> TicketState:
        with self.world.reading() as session:
            return session.get_one(Ticket, self.ticket_id).state

    def seen(self) -> int:
        return version_of(self.world, self.ticket_id)

    def someone(self) -> tuple[int, str]:
        """An appellant by id and full number, as the desk sees them."""
        callees = [c for c in self.desk.round(self.ticket_id).callees if not c.excused]
        chosen = self.rng.choice(callees)
        return chosen.id, next(p for p in self.model.people if p.endswith(chosen.phone[-4:]))

    # --- what may happen

    def join(self) -> None:
        phone = self.number()
        Intake(seat_for(self.world, Role.AGENT)).join(
            form(full_phone=phone, name="新来", person_id=None), self.ticket_id
        )
        self.model.people.add(phone)

    def join_without_number(self) -> None:
        add(self.world, self.ticket_id, "无号", "")

    def merge(self) -> None:
        phone, other = self.number(), open_ticket(self.world)
        add(self.world, other, "并单", phone, main=True)
        boss = Merging(seat_for(self.world, Role.DISPATCHER))
        boss.merge(other, self.ticket_id, version_of(self.world, other))
        self.merged[other] = phone
        self.model.people.add(phone)

    def unmerge(self) -> None:
        if not self.merged:
            return
        other = self.rng.choice(list(self.merged))
        Merging(seat_for(self.world, Role.DISPATCHER)).unmerge(other, "不是同一事项")
        phone = self.merged.pop(other)
        self.model.people.discard(phone)
        self.model.heard.discard(phone)

    def ring(self) -> None:
        key, phone = self.someone()
        self.desk.not_reached(self.ticket_id, NotReached.NO_ANSWER, self.seen(), key, "约定再拨")
        self.model.rung[phone] = self.model.rung.get(phone, 0) + 1

    def hear(self) -> None:
        key, phone = self.someone()
        said = self.rng.choice((HAPPY, HAPPY, CROSS))
        self.desk.hear(self.ticket_id, key, said, self.seen())
        self.model.heard.add(phone)

    def redo(self) -> None:
        key, _phone = self.someone()
        self.desk.redo(self.ticket_id, CROSS, "请重新办理", self.seen(), key)
        self.model.begin_again()
        with self.world.writing.begin() as session:
            ticket = session.get_one(Ticket, self.ticket_id)
            ticket.state, ticket.supervision = TicketState.PENDING_REVIEW, 0
        move(self.world, self.ticket_id, Role.DISPATCHER, Entry(Move.PASS_REVIEW))

    def close(self) -> None:
        """With nothing said, or with what one of them just said. Closed or refused, the paper must agree."""
        key, phone = self.someone()
        said = self.rng.choice((CallbackAnswers(), HAPPY))
        owed = self.model.owed() - ({phone} if said is HAPPY else set())
        try:
            self.desk.close(self.ticket_id, said, self.seen(), key)
        except UserError:
            assert owed, "refused although everyone was called"
            self.refusals += 1
            return
        assert not owed, f"closed with {len(owed)} forgotten"
        self.closings += 1
        self.desk.undo_close(self.ticket_id)

    def step(self) -> None:
        acts = (
            self.join, self.merge, self.unmerge, self.ring, self.ring, self.hear, self.hear, self.close,
            self.close, self.join_without_number,
        )  # fmt: skip
        act = self.redo if self.rng.random() < 0.03 else self.rng.choice(acts)
        if len(self.model.people) > 6 and act in (self.join, self.merge):
            act = self.hear
        act()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nobody_is_forgotten_whatever_the_order(world, seed: int) -> None:
    office = Office(world, seed)
    for _ in range(STEPS):
        office.step()
        assert office.state is TicketState.PENDING_CALLBACK
        called = {c.phone[-4:] for c in office.desk.round(office.ticket_id).callees if c.phone}
        assert called == {phone[-4:] for phone in office.model.people}
    assert office.closings + office.refusals > 0
    # And in the end everyone can be called and the work order closed: there is no dead end either.
    for callee in office.desk.round(office.ticket_id).callees:
        if not callee.settled:
            office.desk.hear(office.ticket_id, callee.id, HAPPY, office.seen())
    office.desk.close(office.ticket_id, CallbackAnswers(), office.seen())
    assert office.state is TicketState.CLOSED
