"""More of the unit's desk: several children, a return withdrawn, copies, roster, level timer, disputes."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.inbox import Duty, InboxTab
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentState, TicketState
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger
from console.services.handling import Handling
from db.models import Assignment, DutyRoster, NotifyCopy, ReturnRequest, Ticket, TicketEvent, Unit
from tests.journeys import COMMUNITY, DEPARTMENT, STREET, dispatched
from tests.units import department, street
from tests.world import seat_for

SECOND = 22
BASIS = "“三定”规定：供水管网由供水集团维护"


def second_community(db) -> None:
    with db.writing.begin() as session:
        session.add(
            Unit(
                id=SECOND, code="990101001002", name="桂园社区", kind="community", parent_id=STREET
            )
        )


def signed(db) -> int:
    ticket_id = dispatched(db)
    street(db).sign(ticket_id)
    return ticket_id


def states(db, ticket_id: int) -> list[AssignmentState]:
    with db.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Assignment.seq)))


def test_one_more_below_while_the_first_is_at_it(world) -> None:
    second_community(world)
    ticket_id, desk = signed(world), street(world)
    desk.sub_dispatch(ticket_id, COMMUNITY, "请核实")
    with pytest.raises(Invalid):
        desk.sub_dispatch(ticket_id, COMMUNITY, "再派一次")
    desk.sub_dispatch(ticket_id, SECOND, "请核对东侧")
    opened = desk.open(ticket_id)
    assert [(c.unit, c.state) for c in opened.children] == [
        ("清风社区", AssignmentState.PENDING_SIGN),
        ("桂园社区", AssignmentState.PENDING_SIGN),
    ]
    assert opened.own.below_count == 2
    desk.take_back(ticket_id, "派错了", unit_id=SECOND)
    A = AssignmentState  # noqa: N806
    assert states(world, ticket_id) == [A.PASSED_DOWN, A.PENDING_SIGN, A.WITHDRAWN]
    desk.take_back(ticket_id, "自己办")
    assert states(world, ticket_id) == [A.IN_PROGRESS, A.WITHDRAWN, A.WITHDRAWN]


def test_what_a_child_has_signed_is_not_taken_back(world) -> None:
    second_community(world)
    ticket_id, desk = signed(world), street(world)
    desk.sub_dispatch(ticket_id, COMMUNITY, "请核实")
    desk.sub_dispatch(ticket_id, SECOND, "请核对东侧")
    Handling(seat_for(world, Role.GRID_LEADER, COMMUNITY)).sign(ticket_id)
    with pytest.raises(NotAllowed):
        desk.take_back(ticket_id, "改主意了", unit_id=COMMUNITY)
    desk.take_back(ticket_id, "派错了", unit_id=SECOND)
    assert states(world, ticket_id)[1] is AssignmentState.IN_PROGRESS


@pytest.mark.parametrize("sign_first", [False, True])
def test_a_return_is_withdrawn_by_the_unit_that_asked(world, sign_first: bool) -> None:
    ticket_id, desk = dispatched(world), street(world)
    if sign_first:
        desk.sign(ticket_id)
    before = states(world, ticket_id)
    desk.ask_return(ticket_id, "2", BASIS, "供水集团")
    asked = desk.open(ticket_id).asked_return
    assert asked is not None
    assert (asked.reason, asked.suggested_unit) == ("职责不符", "供水集团")
    with pytest.raises((NotAllowed, NotFound)):
        department(world).undo_return(ticket_id)
    desk.undo_return(ticket_id)
    assert states(world, ticket_id) == before
    assert desk.open(ticket_id).asked_return is None
    with world.reading() as session:
        row = session.scalars(select(ReturnRequest)).one()
        assert row.decided_at is not None
        assert not row.granted
        assert "撤回" in row.opinion
        assert session.get_one(Ticket, ticket_id).return_count == 0
    with pytest.raises(NotAllowed):
        desk.undo_return(ticket_id)


def test_a_copy_waits_to_be_read_by_the_told_unit_only(world) -> None:
    ticket_id, desk = signed(world), street(world)
    desk.notify(ticket_id, DEPARTMENT)
    with pytest.raises(Invalid):
        desk.notify(ticket_id, DEPARTMENT)
    other = department(world)
    (row,) = other.inbox(InboxTab.COPIES)
    assert (row.id, row.duty, row.share_state) == (ticket_id, Duty.READ, None)
    assert other.tab_counts()[InboxTab.COPIES] == 1
    with pytest.raises(NotFound):
        desk.read_copy(ticket_id)
    other.read_copy(ticket_id)
    assert other.tab_counts()[InboxTab.COPIES] == 0
    with pytest.raises(NotFound):
        other.read_copy(ticket_id)
    (copied,) = desk.open(ticket_id).copied
    assert (copied.unit, copied.read_by) == ("城市管理局", "赵城 D401")
    with world.reading() as session:
        moves = session.scalars(select(TicketEvent.move).order_by(TicketEvent.id)).all()
        assert moves[-2:] == ["notify", "read_copy"]
        assert session.scalars(select(NotifyCopy.read_at)).one() is not None


def test_a_copy_made_by_the_centre_arrives_too(world) -> None:
    ticket_id = signed(world)
    seat = seat_for(world, Role.DISPATCHER)
    ledger = Ledger(seat)
    with world.writing.begin() as session:
        unit = asdict(ledger.unit(session, DEPARTMENT))
        ledger.move(session, ticket_id, Entry(Move.NOTIFY, {"unit": unit}))
        told = NotifyCopy(ticket_id=ticket_id, unit_id=DEPARTMENT, told_at=seat.now(session))
        session.add(told)
    assert department(world).open_other(ticket_id).own.duty is Duty.READ


def test_who_was_asked_first_and_who_is_on_duty(world) -> None:
    """field-facts H12."""
    ticket_id, desk = signed(world), street(world)
    with world.writing.begin() as session:
        today = civil_date(desk._seat.now(session))
        for unit, day in (
            (STREET, today),
            (STREET, today - timedelta(days=1)),
            (DEPARTMENT, today),
        ):
            session.add(
                DutyRoster(
                    unit_id=unit, on_day=day, name="王启明", phone="19900000077", rank="主任"
                )
            )
    desk.whistle(ticket_id, (DEPARTMENT,), "请到场联合处置")
    opened = desk.open(ticket_id)
    assert opened.first_receiver == "清河街道办事处"
    assert opened.duty == "王** 主任 199****0077"
    assert opened.called[0].duty == "王** 主任 199****0077"


def test_three_clocks_apart(world) -> None:
    """Signing, the first answer and finishing, and this level's own (field-facts H1, X3)."""
    ticket_id, desk = dispatched(world), street(world)
    (row,) = desk.inbox(InboxTab.TO_SIGN)
    assert row.duty is Duty.SIGN
    assert row.answer_owed
    assert row.level_due is not None
    assert row.finish_due is not None
    desk.sign(ticket_id)
    (row,) = desk.inbox(InboxTab.IN_HAND)
    assert row.answer_owed
    with world.reading() as session:
        at = desk._seat.now(session)
    desk.contact(ticket_id, at, "电话", "已约时间")
    (row,) = desk.inbox(InboxTab.IN_HAND)
    assert not row.answer_owed


def test_a_dispute_is_marked_and_unmarked(world) -> None:
    ticket_id, desk = signed(world), street(world)
    desk.mark_dispute(ticket_id, True)
    assert desk.open(ticket_id).own.dispute
    with pytest.raises(NotAllowed):
        desk.mark_dispute(ticket_id, True)
    with pytest.raises((NotAllowed, NotFound)):
        department(world).mark_dispute(ticket_id, False)
    desk.mark_dispute(ticket_id, False)
    assert not desk.open(ticket_id).own.dispute
    marks = select(TicketEvent.inputs).where(TicketEvent.move == Move.AMEND.value)
    with world.reading() as session:
        told = list(session.scalars(marks.order_by(TicketEvent.id)))
    assert [(one["fields"], one["dispute"]) for one in told] == [
        (["dispute"], True),
        (["dispute"], False),
    ]
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.IN_PROGRESS


def test_no_answer_is_owed_while_the_clock_stands_still(world) -> None:
    ticket_id, desk = signed(world), street(world)
    seat = seat_for(world, Role.OVERSEER)
    with world.writing.begin() as session:
        inputs = {"reason": "等待检测结果", "resume_on": "2026-12-01"}
        Ledger(seat).move(session, ticket_id, Entry(Move.SUSPEND, inputs))
    (row,) = desk.inbox(InboxTab.IN_HAND)
    assert not row.answer_owed
