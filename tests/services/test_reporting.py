"""上报事项 on a real database: settled on the spot, pushed up, never twice."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from console.domain.errors import InvalidForm, NotAllowed
from console.domain.inbox import InboxTab
from console.domain.reporting import ReportForm
from console.domain.roles import Role
from console.domain.states import Channel, TicketState
from console.services.handling import Handling, Reporting
from db.models import (
    Account,
    Appellant,
    Attachment,
    GridStaff,
    HandlingResult,
    Ticket,
    TicketEvent,
)
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET
from tests.world import seat_for

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
PUSHED = ReportForm(
    key="report-1",
    place="宝丽西街123号",
    grid_id=GRID,
    category_code="010304",
    content="门面前下水道堵塞，油污外溢到人行道。",
    settled=False,
)


def photo(tmp_path, name: str):
    path = tmp_path / name
    path.write_bytes(JPEG + name.encode())
    return path


def settled(tmp_path) -> ReportForm:
    return replace(
        PUSHED,
        settled=True,
        result="已用管道机疏通并冲洗路面，商户答应装隔油池。",
        before=(photo(tmp_path, "a.jpg"),),
        after=(photo(tmp_path, "b.jpg"),),
    )


def only(world) -> Ticket:
    with world.reading() as session:
        return session.scalars(select(Ticket)).one()


def test_pushed_up_it_waits_at_the_hotline(world) -> None:
    worker = Reporting(seat_for(world, Role.GRID_WORKER, GRID))
    done = worker.report(PUSHED)
    ticket = only(world)
    assert done.state is TicketState.PENDING_ACCEPT
    assert done.number == ticket.number
    assert (ticket.channel, ticket.scale) == (Channel.GRID, "network")
    assert ticket.grid_code == "990101001001001"
    assert "宝丽西街" in ticket.grid_rule
    assert ticket.category_path.endswith("下水道堵塞")
    with world.reading() as session:
        assert session.scalars(select(TicketEvent.move)).all() == ["receive"]
        assert session.scalars(select(Appellant.name)).one() == "陈格"
    assert ticket.appellant_masked == "网格员 陈*"


def test_settled_on_the_spot_it_is_closed_with_its_pictures(world, tmp_path) -> None:
    done = Reporting(seat_for(world, Role.GRID_WORKER, GRID)).report(settled(tmp_path))
    ticket = only(world)
    assert done.state is TicketState.CLOSED
    assert ticket.scale == "grid"
    assert ticket.closed_at is not None
    with world.reading() as session:
        assert session.scalars(select(Attachment.kind).order_by(Attachment.id)).all() == [
            "before",
            "after",
        ]
        assert "疏通" in session.scalars(select(HandlingResult.internal_note)).one()


def test_the_same_form_twice_is_one_work_order(world) -> None:
    worker = Reporting(seat_for(world, Role.GRID_WORKER, GRID))
    first, second = worker.report(PUSHED), worker.report(PUSHED)
    assert second.already
    assert first.ticket_id == second.ticket_id == only(world).id


def test_every_fault_is_named_at_once(world) -> None:
    worker = Reporting(seat_for(world, Role.GRID_WORKER, GRID))
    with pytest.raises(InvalidForm) as refused:
        worker.report(ReportForm(key="x"))
    named = [fault.field for fault in refused.value.faults]
    assert named == ["place", "grid_id", "category_code", "content", "settled"]
    with pytest.raises(InvalidForm) as refused:
        worker.report(replace(PUSHED, settled=True))
    assert [fault.field for fault in refused.value.faults] == ["result", "before", "after"]
    with world.reading() as session:
        assert session.scalars(select(Ticket)).first() is None


def test_only_from_ones_own_grids_and_only_by_the_grid(world) -> None:
    worker = Reporting(seat_for(world, Role.GRID_WORKER, GRID))
    with pytest.raises(InvalidForm) as refused:
        worker.report(replace(PUSHED, grid_id=31))
    assert refused.value.faults[0].field == "grid_id"
    with pytest.raises(NotAllowed):
        Reporting(seat_for(world, Role.LIAISON, DEPARTMENT)).report(PUSHED)


def test_a_place_leads_to_the_grid_with_its_rule(world) -> None:
    leader = Reporting(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    assert {grid.id for grid in leader.grids()} == {30, 31}
    assert [(g.id, "宝丽西街" in g.rule) for g in leader.place("宝丽西街124号")] == [(31, True)]
    assert {grid.id for grid in Reporting(seat_for(world, Role.STREET_DESK, STREET)).grids()} == {
        30,
        31,
    }
    assert [g.id for g in Reporting(seat_for(world, Role.GRID_WORKER, GRID)).grids()] == [GRID]
    assert leader.place("没有这条路88号") == ()


def test_what_was_reported_can_be_followed(world) -> None:
    seat = seat_for(world, Role.GRID_WORKER, GRID)
    done = Reporting(seat).report(PUSHED)
    desk = Handling(seat)
    (row,) = desk.inbox(InboxTab.REPORTED)
    assert (row.id, row.share_state, row.state) == (
        done.ticket_id,
        None,
        TicketState.PENDING_ACCEPT,
    )
    assert desk.tab_counts()[InboxTab.REPORTED] == 1
    assert desk.open_other(done.ticket_id).case.row.number == done.number


def test_of_several_grids_a_workers_own_is_marked(world) -> None:
    """One worker, many grids (field-facts H9)."""
    with world.writing.begin() as session:
        session.get_one(Account, 9).staff_id = 2
        session.add(GridStaff(grid_id=31, staff_id=2, post="全科网格员"))
    worker = Reporting(seat_for(world, Role.GRID_WORKER, GRID))
    assert [(g.id, g.own) for g in worker.grids()] == [(GRID, True), (31, False)]
    assert worker.report(replace(PUSHED, grid_id=31)).state is TicketState.PENDING_ACCEPT
    assert only(world).phone_masked == "199****0022"
