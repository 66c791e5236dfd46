"""The clerk's archive on a real database."""

import pytest
from sqlalchemy.exc import IntegrityError

from console.domain.errors import NotAllowed
from console.domain.lifecycle import permitted
from console.domain.roles import Role
from console.domain.states import TicketState
from console.ledger import Ledger
from console.ledger import archiving as ledger
from console.services.archiving import Archiving
from db.models import Ticket
from tests.desks import closed, to_call_back
from tests.world import ACCOUNTS, seat_for


def desk(world, role: Role = Role.CLERK) -> Archiving:
    return Archiving(seat_for(world, role))


def test_archive_numbers_run_on_and_the_queue_empties(world) -> None:
    one, two = closed(world), closed(world)
    assert [row.id for row in desk(world).queue().rows] == [one, two]
    result = desk(world).archive_many((one, two))
    assert (len(result.done), result.failed) == (2, ())
    with world.reading() as session:
        first, second = (session.get_one(Ticket, key) for key in (one, two))
        assert first.state is TicketState.ARCHIVED
        assert int(second.archive_no[-6:]) == int(first.archive_no[-6:]) + 1
    assert desk(world).queue().total == 0


def test_a_refusal_stops_none_of_the_others_and_names_the_number(world) -> None:
    supervised, fine = closed(world), closed(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, supervised)
        ticket.supervision, number = 100, ticket.number
    result = desk(world).archive_many((supervised, fine))
    assert result.failed == ((number, "督办尚未解除，不能归档"),)
    assert result.changed.ids == (fine,)


def test_the_database_refuses_an_archive_number_twice(world) -> None:
    one, two = closed(world), closed(world)
    desk(world).archive(one)
    with world.writing() as session:
        session.get_one(Ticket, two).archive_no = session.get_one(Ticket, one).archive_no
        with pytest.raises(IntegrityError):
            session.flush()


def test_a_number_taken_a_moment_before_is_left_for_the_next(world, monkeypatch) -> None:
    one, two = closed(world), closed(world)
    desk(world).archive(one)
    with world.reading() as session:
        taken = session.get_one(Ticket, one).archive_no
    real, given = ledger._next_number, iter([taken])
    monkeypatch.setattr(
        ledger, "_next_number", lambda session, seat: next(given, None) or real(session, seat)
    )
    desk(world).archive(two)
    with world.reading() as session:
        assert session.get_one(Ticket, two).archive_no > taken


def test_what_stands_against_it_is_said_before_the_key_is_pressed(world) -> None:
    supervised, promised, fine = closed(world), closed(world), closed(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, supervised).supervision = 100
        session.get_one(Ticket, promised).open_promises = 2
    notes = {wait.ticket_id: wait.note for wait in desk(world).queue().waits}
    assert notes == {
        supervised: "督办尚未解除", promised: "还有 2 项承诺没有兑现", fine: "",
    }  # fmt: skip


def test_nobody_moves_what_is_archived(world) -> None:
    ticket_id = closed(world)
    desk(world).archive(ticket_id)
    for role in Role:
        if role in {row[3] for row in ACCOUNTS}:
            seat = seat_for(world, role)
            with world.reading() as session:
                case = Ledger(seat).case(session, session.get_one(Ticket, ticket_id))
            assert permitted(case, seat.operator, seat.rules) == frozenset()


def test_what_is_not_closed_is_not_archived(world) -> None:
    with pytest.raises(NotAllowed, match="待回访"):
        desk(world).archive(to_call_back(world))


def test_only_clerk_and_supervisor_archive(world) -> None:
    ticket_id = closed(world)
    with pytest.raises(NotAllowed, match="话务员不能归档"):
        desk(world, Role.AGENT).archive(ticket_id)
    desk(world, Role.SUPERVISOR).archive(ticket_id)


def test_a_number_of_another_shape_does_not_stop_the_series(world) -> None:
    """Brought in from another system: `…-9` behind a number of our own."""
    one, old, two = closed(world), closed(world), closed(world)
    desk(world).archive_many((one,))
    with world.writing.begin() as session:
        first = session.get_one(Ticket, one).archive_no
        session.get_one(Ticket, old).archive_no = f"{first}-9"
    assert desk(world).archive_many((two,)).failed == ()
    with world.reading() as session:
        assert int(session.get_one(Ticket, two).archive_no[-6:]) == int(first[-6:]) + 1
