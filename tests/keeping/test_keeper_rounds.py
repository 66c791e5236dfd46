"""Promises, suspensions, archive; whose account and whose lock; what a sweep costs; and that the log tells it all."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text

from console.domain.errors import NotAllowed, NotFound, Unavailable
from console.domain.keeping import Duty, light_key
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import SupervisionLevel, TicketState
from console.ledger import Entry
from console.ledger.promises import make_promise
from console.services.accounts import Accounts
from console.services.reception import Reception
from db.models import Account, KeeperLease, Presence, Supervision, Suspension, Ticket, TicketEvent
from tests.desks import closed, move, replied
from tests.journeys import GRID, dispatch, dispatched, open_ticket
from tests.keeper_city import (
    changed,
    keeping,
    signed,
    stored_and_replayed,
    supervisions,
    sweep,
    ticket_of,
    to_red,
    to_yellow,
    urgings,
)
from tests.world import seat_for

NORMAL = SupervisionLevel.NORMAL


# --- promises, suspensions, archive, tidying


def test_a_promise_gone_by_is_noted_once_without_what_was_promised(city, clock) -> None:
    ticket_id = signed(city)
    with city.writing.begin() as session:
        seat = seat_for(city, Role.AGENT)
        due = clock.now + timedelta(hours=2)
        make_promise(session, seat, ticket_id, "给叶长青13800001111回电", due)
    sweep(city)
    assert not urgings(city, ticket_id)
    clock.go(hours=3)
    sweep(city)
    sweep(city)
    (row,) = urgings(city, ticket_id, "promise")
    assert "13800001111" not in row.reason
    assert "李敏 0017" in row.reason


def test_a_suspension_whose_day_has_come_is_put_to_the_overseer_once(city, clock) -> None:
    ticket_id = signed(city)
    stop = Entry(Move.SUSPEND, {"reason": "等待补充材料", "resume_on": "2026-11-10"})
    move(city, ticket_id, Role.OVERSEER, stop)
    with city.writing.begin() as session:
        session.add(
            Suspension(
                ticket_id=ticket_id, reason_kind="1", since=clock.now,
                resume_on=clock.now.date() + timedelta(days=8), by="郑督 0051",
            )
        )  # fmt: skip
    clock.set(11, 9)
    sweep(city)
    assert not urgings(city, ticket_id)
    clock.set(11, 10)
    sweep(city)
    sweep(city)
    (row,) = urgings(city, ticket_id, "resume")
    assert row.unit_name == "示范市12345热线中心"
    assert ticket_of(city, ticket_id).state is TicketState.SUSPENDED
    with city.writing.begin() as session:
        session.scalars(select(Suspension)).one().resume_on += timedelta(days=3)
    sweep(city)
    assert len(urgings(city, ticket_id, "resume")) == 1
    clock.set(11, 13)
    sweep(city)
    sweep(city)
    assert len(urgings(city, ticket_id, "resume")) == 2


def test_closed_work_is_archived_after_the_packs_days(city, clock) -> None:
    ticket_id, watched = closed(city), closed(city)
    with changed(city, watched) as ticket:
        ticket.supervision = NORMAL
    clock.go(days=6, hours=23)
    assert sweep(city).total == 0
    clock.go(hours=2)
    assert sweep(city).words.find("归档 1") > 0
    done = ticket_of(city, ticket_id)
    assert (done.state, bool(done.archive_no)) == (TicketState.ARCHIVED, True)
    assert ticket_of(city, watched).state is TicketState.CLOSED
    assert sweep(city).left == 0


def test_old_presence_and_leases_are_tidied_away(city, clock) -> None:
    ticket_id = open_ticket(city)
    with city.writing.begin() as session:
        session.add(Presence(ticket_id=ticket_id, account_id=1, seen_at=clock.now))
        session.add(Presence(ticket_id=ticket_id, account_id=3, seen_at=clock.now + timedelta(1)))
        session.add(
            KeeperLease(
                name="other", holder="x", workstation="WS", since=clock.now, seen_at=clock.now
            )
        )
    clock.go(days=1, minutes=1)
    assert sweep(city).tidied == 2
    with city.reading() as session:
        assert session.scalars(select(Presence.account_id)).all() == [3]


# --- whose account, whose lock


def test_nobody_signs_in_as_the_keeper_and_it_is_no_person(city, clock) -> None:
    sweep(city)
    with city.writing.begin() as session:
        account = session.scalars(select(Account).where(Account.role == "keeper")).one()
        account.disabled_at = None
        login = account.login
    reception = Reception(seat_for(city), None)
    for name in (login, "自动值守"):
        with pytest.raises(NotAllowed):
            reception.sign_in(name, "whatever it is")
    accounts = Accounts(city)
    assert not [line for line in accounts.lines() if "系统" in line.split("\t")[1]]
    with pytest.raises(NotFound):
        accounts.reset(login, "long enough")
    assert "系统" not in [person.name for person in reception.demo_people()]


def test_only_one_program_keeps_until_it_leaves(city, clock) -> None:
    one, other = keeping(city), keeping(city)
    assert one.round() is not None
    assert other.round() is None
    assert other.keeper() == "WS-TEST"
    one.release()
    assert other.round() is not None
    assert one.round() is None
    other.release()


def test_a_keeper_that_fell_silent_is_replaced(city, clock) -> None:
    one, other = keeping(city), keeping(city)
    assert one.round() is not None
    with city.writing.begin() as session:
        session.get_one(KeeperLease, "keeper").seen_at -= timedelta(minutes=4)
    assert other.round() is not None
    one.release()
    other.release()


def test_what_is_refused_rests_and_holds_up_nothing_else(city, clock, monkeypatch) -> None:
    """Its record's key is taken elsewhere: nothing is half-written, and not tried again every minute."""
    blocked, other = signed(city), signed(city)
    to_yellow(city, clock, other)
    with changed(city, blocked) as ticket:
        ticket.finish_due = clock.now - timedelta(minutes=1)
        taken = light_key(Duty.RED, ticket.number, ticket.finish_due)
    with city.writing.begin() as session:
        session.add(
            Supervision(
                ticket_id=other, level=1, reason="其他", light_key=taken,
                issued_at=clock.now, issued_by="郑督 0051", lifted_at=clock.now,
            )
        )  # fmt: skip
    keeper = keeping(city)
    first = keeper.sweep()
    # Its red light was refused, its level's timer rests with it; the other got its yellow and its level's.
    assert (first.left, first.total, first.done[Duty.YELLOW]) == (2, 2, 1)
    assert not supervisions(city, blocked)
    assert ticket_of(city, blocked).supervision == 0
    asked: list[int] = []
    monkeypatch.setattr(keeper, "_do", lambda _records, work, _tally: asked.append(work.ticket_id))
    assert keeper.sweep().left == 2
    assert asked == []
    keeper._resting.clear()
    keeper.sweep()
    assert asked == [blocked, blocked]


def test_a_lock_whose_connection_was_cut_is_taken_again(city, clock) -> None:
    if city.is_sqlite:
        pytest.skip("a lease has no connection")
    one, other = keeping(city), keeping(city)
    assert one.round() is not None
    with city.writing() as session:
        held = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
        session.execute(text(held))
    with pytest.raises(Unavailable):
        one.round()
    assert one.round() is not None
    assert other.round() is None
    one.release()


# --- cost, and the log


def test_a_sweep_with_nothing_to_do_asks_a_fixed_number_of_questions(city, clock) -> None:
    def statements() -> int:
        asked: list[str] = []

        def heard(_connection, _cursor, statement, *_rest) -> None:
            asked.append(statement)

        # On PostgreSQL both are one.
        engines = {city.reading.kw["bind"], city.writing.kw["bind"]}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", heard)
        keeper.sweep()
        for engine in engines:
            event.remove(engine, "before_cursor_execute", heard)
        return len(asked)

    keeper = keeping(city)
    keeper.sweep()
    few = statements()
    for _ in range(12):
        signed(city)
    last = signed(city)
    to_red(city, clock, last)
    keeper.sweep()
    assert statements() == few <= 16


def test_the_clocks_in_the_log_are_those_stored_after_the_keepers_moves(city, clock) -> None:
    tickets = [signed(city), dispatched(city), replied(city), open_ticket(city)]
    dispatch(city, tickets[3], GRID)
    for _ in range(16):
        sweep(city)
        clock.go(hours=19)
    for ticket_id in tickets:
        stored, told = stored_and_replayed(city, ticket_id)
        assert told == stored
    with city.reading() as session:
        keeper = select(func.count()).where(TicketEvent.actor_role == "keeper")
        assert session.scalar(keeper) > 10
        assert session.scalar(select(func.count()).select_from(Ticket)) == 4


def test_the_line_of_a_sweep_is_counts_and_nothing_else(city, clock) -> None:
    ticket_id = signed(city)
    to_red(city, clock, ticket_id)
    words = sweep(city).words
    assert "红灯 1" in words
    assert ticket_of(city, ticket_id).number not in words
    assert "清河" not in words
