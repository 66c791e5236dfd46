"""The one way a work order changes, on a real database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from console.domain.case import Step
from console.domain.errors import Conflict, NotAllowed, NotFound
from console.domain.lifecycle import replay
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.ledger import Entry, Ledger, case_file, row_columns, ticket_row
from console.ledger.writing import case_of
from db.models import Assignment, Ticket, TicketEvent
from tests import journeys
from tests.world import engine_of, operator, seat_for

STREET = {"id": 10, "code": "990101001", "name": "清河街道办事处", "parent_id": 2}


def open_ticket(db, role: Role = Role.AGENT) -> int:
    seat = seat_for(db, role)
    with db.writing.begin() as session:
        now = seat.now(session)
        ticket = Ticket(
            number=seat.numbers.next_number(session, now, Channel.PHONE), lookup_code="123456",
            nature=Nature.HELP, urgency=Urgency.NORMAL, channel=Channel.PHONE, title="下水道堵塞",
            content="宝丽西街门面下水道堵塞，油污外溢", creator_id=seat.operator.account_id, created_at=now,
            appellant_masked="叶**", phone_masked="199****1234", grid_id=30,
            category_path="城市管理 › 市政设施 › 下水道堵塞",
        )  # fmt: skip
        Ledger(seat).open(session, ticket, Entry(Move.REGISTER))
        return ticket.id


def move(db, ticket_id: int, role: Role, entry: Entry, unit_id: int | None = None) -> None:
    seat = seat_for(db, role, unit_id)
    with db.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, entry)


def version_of(db, ticket_id: int) -> int:
    with db.reading() as session:
        return session.get(Ticket, ticket_id).version


def test_a_ticket_gets_a_number_due_times_and_a_first_event(world) -> None:
    ticket_id = open_ticket(world)
    with world.reading() as session:
        ticket = session.get(Ticket, ticket_id)
        assert len(ticket.number) == 17
        assert ticket.state is TicketState.PENDING_DISPATCH
        assert ticket.total_due > ticket.accepted_at
        assert session.scalars(select(TicketEvent.move)).all() == ["register"]


def test_dispatch_writes_share_holder_and_event(world) -> None:
    ticket_id = open_ticket(world)
    move(
        world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}, opinion="请按职责办理")
    )
    with world.reading() as session:
        ticket = session.get(Ticket, ticket_id)
        share = session.scalars(select(Assignment)).one()
        assert (ticket.state, ticket.holder_code) == (TicketState.PENDING_SIGN, "990101001")
        assert (share.unit_name, share.opinion) == ("清河街道办事处", "请按职责办理")
        assert ticket.dispatcher_name == "李敏 0017"


def test_another_street_neither_sees_nor_signs_it(world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    with pytest.raises(NotFound):
        move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), unit_id=11)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), unit_id=10)


def test_a_stale_version_is_a_conflict_and_writes_nothing(world) -> None:
    ticket_id = open_ticket(world)
    seen = version_of(world, ticket_id)
    move(world, ticket_id, Role.AGENT, Entry(Move.NOTE, {"note": "补充"}, version=seen))
    with pytest.raises(Conflict):
        move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}, version=seen))
    with world.reading() as session:
        assert len(session.scalars(select(TicketEvent)).all()) == 2


def test_the_admin_sees_no_citizens_matter(world) -> None:
    ticket_id = open_ticket(world)
    with world.reading() as session, pytest.raises(NotFound):
        case_file(session, seat_for(world, Role.ADMIN), ticket_id)


def test_the_stored_case_is_what_the_log_replays_to(world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN))
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.CONTACT, {"contacted": True}))
    seat = seat_for(world, Role.SUPERVISOR)
    with world.reading() as session:
        ticket = session.get(Ticket, ticket_id)
        rows = tuple(session.scalars(select(Assignment).order_by(Assignment.seq)))
        stored = case_of(ticket, rows)
        case = type(stored)(
            stored.number,
            stored.nature,
            stored.urgency,
            stored.channel,
            stored.created_at,
            stored.creator_id,
        )
        for row in session.scalars(select(TicketEvent).order_by(TicketEvent.id)):
            actor = operator(Role(row.actor_role))
            case = replay(
                case, Step(Move(row.move), actor, row.at, row.share_seq, row.inputs), seat.rules
            )
        assert case == stored


def test_a_confidential_contact_is_hidden_from_the_unit(world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    with world.writing.begin() as session:
        session.get(Ticket, ticket_id).confidential = True
    with world.reading() as session:
        unit = case_file(session, seat_for(world, Role.STREET_DESK, 10), ticket_id)
        writer = case_file(session, seat_for(world, Role.AGENT), ticket_id)
    assert (unit.appellant, unit.phone, unit.phone_hidden) == ("保密", "", True)
    assert (writer.appellant, writer.phone) == ("叶**", "199****1234")


def test_a_list_shows_a_place_only_down_to_the_building(world) -> None:
    ticket_id = journeys.open_ticket(world, address="宝丽小区3栋2单元501室")
    seat = seat_for(world, Role.AGENT)
    with world.reading() as session:
        row = session.execute(select(*row_columns()).where(Ticket.id == ticket_id)).one()
        case = case_file(session, seat, ticket_id)
        assert ticket_row(row, seat.now(session), seat.rules).place == "宝丽小区3栋***"
    assert (case.row.place, case.address) == ("宝丽小区3栋***", "宝丽小区3栋***")


def test_a_direct_answer_is_in_the_case(world) -> None:
    ticket_id = journeys.open_ticket(world, direct_answer="请拨打0730-8800000。")
    with world.reading() as session:
        case = case_file(session, seat_for(world, Role.AGENT), ticket_id)
    assert case.direct_answer == "请拨打0730-8800000。"


def test_a_case_takes_few_statements(world) -> None:
    ticket_id = open_ticket(world)
    statements: list[str] = []
    event.listen(engine_of(world), "before_cursor_execute", lambda *a: statements.append(a[2]))
    with world.reading() as session:
        case = case_file(session, seat_for(world, Role.AGENT), ticket_id)
    assert case.grid is not None
    assert case.grid.leader == "刘**"
    assert len([s for s in statements if not s.startswith("BEGIN")]) <= 10


def test_numbers_are_leased_in_blocks_and_never_twice(world) -> None:
    one, other = seat_for(world, Role.AGENT), seat_for(world, Role.AGENT)
    at = datetime(2026, 11, 22, 2, tzinfo=UTC)
    given = []
    for _ in range(15):
        for seat in (one, other):
            with world.writing.begin() as session:
                given.append(seat.numbers.next_number(session, at, Channel.PHONE))
    assert len(set(given)) == 30


def test_the_wrong_role_is_told_who_may(world) -> None:
    ticket_id = open_ticket(world)
    move(world, ticket_id, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    with pytest.raises(NotAllowed, match="话务员不能催办") as refused:
        move(world, ticket_id, Role.AGENT, Entry(Move.URGE, {"reason": "x"}))
    assert "派单员" in refused.value.hint
