"""The unit's desk on a real database: from the street down to the grid and back up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from console.domain.errors import (
    Conflict,
    Invalid,
    InvalidForm,
    NotAllowed,
    NotFound,
)
from console.domain.inbox import Duty, InboxTab
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentState, Light, TicketState
from console.services.handling import Handling
from db.models import (
    Assignment,
    Contact,
    ExtensionRequest,
    HandlingResult,
    ReturnRequest,
    Ticket,
    TicketEvent,
    WhistleCall,
)
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, version_of
from tests.units import (
    REPLY,
    community,
    department,
    faults_of,
    grid,
    now,
    rows,
    signed,
    street,
)
from tests.world import engine_of, seat_for


def share_states(db, ticket_id) -> list[str]:
    with db.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return [str(state) for state in session.scalars(query.order_by(Assignment.seq))]


def piles(desk: Handling) -> dict[str, int]:
    return {str(tab): number for tab, number in desk.tab_counts().items() if number}


def test_a_case_goes_down_to_the_community_and_its_reply_comes_up_again(world) -> None:
    ticket_id = signed(world)
    above, below = street(world), community(world)
    above.contact(ticket_id, now(), "电话", "约下午到场")
    above.sub_dispatch(ticket_id, COMMUNITY, "请到场核实并疏通")
    assert piles(above) == {"passed_down": 1}
    assert piles(below) == {"to_sign": 1}
    below.sign(ticket_id)
    below.arrive(ticket_id)
    below.reply(ticket_id, REPLY)
    assert piles(below) == {"replied": 1}
    assert piles(above) == {"to_review": 1}
    offered = above.child_result(ticket_id)
    assert offered is not None
    assert offered.public_reply == REPLY.public_reply
    above.reply(ticket_id, replace(offered, public_reply=offered.public_reply + "街道将持续巡查。"))
    assert piles(above) == {"replied": 1}
    with world.reading() as session:
        assert session.get(Ticket, ticket_id).state is TicketState.PENDING_REVIEW
        moves = session.scalars(select(TicketEvent.move).order_by(TicketEvent.id)).all()
    assert moves == [
        "register", "dispatch", "sign", "contact", "sub_dispatch", "sign", "arrive", "reply", "reply",
    ]  # fmt: skip
    assert [row.unit_name for row in rows(world, HandlingResult)] == ["清风社区", "清河街道办事处"]


def test_the_inbox_shows_the_units_own_clocks(world) -> None:
    ticket_id = signed(world)
    above = street(world)
    above.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    (mine,), (theirs,) = above.inbox(InboxTab.PASSED_DOWN), community(world).inbox(InboxTab.TO_SIGN)
    with world.reading() as session:
        own, child = session.scalars(select(Assignment).order_by(Assignment.seq)).all()
    assert (mine.finish_due, theirs.finish_due) == (own.finish_due, child.finish_due)
    assert (theirs.duty, theirs.due) == (Duty.SIGN, child.sign_due)
    assert (mine.below, mine.below_state) == ("清风社区", AssignmentState.PENDING_SIGN)
    assert theirs.light.light is not Light.NONE
    assert theirs.opinion == "请办理"


def test_contact_is_owed_until_it_is_made_then_the_answer(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    assert desk.inbox(InboxTab.IN_HAND)[0].duty is Duty.CONTACT
    desk.contact(ticket_id, now(), "电话", "")
    row = desk.inbox(InboxTab.IN_HAND)[0]
    assert (row.duty, row.due) == (Duty.FINISH, row.finish_due)


def test_every_tab_and_the_counts_are_one_statement(world) -> None:
    signed(world)
    statements: list[str] = []
    desk = street(world)
    event.listen(engine_of(world), "before_cursor_execute", lambda *a: statements.append(a[2]))
    for tab in InboxTab:
        statements.clear()
        desk.inbox(tab)
        assert len([s for s in statements if not s.startswith("BEGIN")]) == 1
    statements.clear()
    desk.tab_counts()
    assert len([s for s in statements if not s.startswith("BEGIN")]) == 1


def test_a_sibling_unit_sees_nothing_and_can_do_nothing(world) -> None:
    ticket_id = signed(world)
    other = Handling(seat_for(world, Role.STREET_DESK, 11))
    assert not any(other.tab_counts().values())
    for attempt in (
        lambda: other.sign(ticket_id),
        lambda: other.open(ticket_id),
        lambda: other.reply(ticket_id, REPLY),
        lambda: other.sub_dispatch(ticket_id, 21, "请办理"),
        lambda: other.contact(ticket_id, now(), "电话", "", None, False),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_the_centre_has_no_inbox(world) -> None:
    with pytest.raises(NotAllowed, match="只有承办单位"):
        Handling(seat_for(world, Role.AGENT)).inbox(InboxTab.TO_SIGN)


def test_a_higher_unit_without_a_share_may_not_act_on_a_grids_work(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    with pytest.raises(NotFound):
        street(world).sign(ticket_id)
    with pytest.raises(NotAllowed):
        street(world).contact(ticket_id, now(), "电话", "", None, False)


def test_a_stale_version_is_a_conflict(world) -> None:
    ticket_id = signed(world)
    seen = version_of(world, ticket_id)
    street(world).contact(ticket_id, now(), "电话", "")
    with pytest.raises(Conflict):
        street(world).reply(ticket_id, REPLY, seen)
    assert not rows(world, HandlingResult)


def test_several_are_signed_each_with_its_result(world) -> None:
    first, second = dispatched(world), dispatched(world)
    street(world).sign(first)
    result = street(world).sign_many((first, second, 999))
    assert [o.signed for o in result.outcomes] == [False, True, False]
    assert result.changed.ids == (second,)
    assert len(result.refused[0].number) == 17


def test_contact_keeps_a_masked_number_and_nothing_of_the_citizen_in_the_log(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "叶先生 19900001234 同意明天上门")
    (contact,) = rows(world, Contact)
    assert (contact.phone_masked, contact.manner) == ("199****1234", "电话")
    last = rows(world, TicketEvent)[-1]
    assert (last.note, last.inputs) == ("已联系群众（电话）", {"contacted": True})
    assert "19900001234" not in street(world).open(ticket_id).contacts[0].outcome


def test_a_vain_call_is_logged_but_is_no_contact(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "无人接听", reached=False)
    assert not rows(world, Contact)
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(ticket_id, REPLY)
    assert "contacted" in faults_of(refused.value)


def test_contact_in_the_future_or_before_the_call_is_refused(world) -> None:
    ticket_id = signed(world)
    for at in (now() + timedelta(hours=1), now() - timedelta(days=30)):
        with pytest.raises(Invalid) as refused:
            street(world).contact(ticket_id, at, "电话", "")
        assert refused.value.field == "contact_at"


def test_children_are_named_with_the_people_who_answer_for_them(world) -> None:
    children = community(world).children()
    assert [child.id for child in children] == [30, 31]
    assert children[0].people == "网格长 刘**　网格员 陈**"
    assert [child.name for child in street(world).children()] == ["清风社区"]


def test_only_a_direct_child_receives(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(NotAllowed, match="直接下级"):
        street(world).sub_dispatch(ticket_id, GRID, "请办理")
    with pytest.raises(InvalidForm) as refused:
        street(world).sub_dispatch(ticket_id, None, " ")
    assert faults_of(refused.value) == {"unit", "opinion"}


def test_taking_back_until_the_child_has_signed(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    desk.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    desk.take_back(ticket_id, "派错社区")
    assert piles(desk) == {"in_hand": 1}
    desk.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    community(world).sign(ticket_id)
    with pytest.raises(NotAllowed, match="已签收"):
        desk.take_back(ticket_id, "派错社区")


def test_escalation_from_the_grid_goes_to_the_community_that_gave_it(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    community(world).sign(ticket_id)
    community(world).sub_dispatch(ticket_id, GRID, "请办理")
    grid(world).sign(ticket_id)
    assert grid(world).open(ticket_id).escalates_to == "清风社区"
    grid(world).escalate(ticket_id, "需要社区出面协调物业")
    assert share_states(world, ticket_id) == ["in_progress", "escalated"]


def test_escalation_of_a_top_share_goes_to_the_superior_unit(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    community(world).sign(ticket_id)
    assert community(world).open(ticket_id).escalates_to == "清河街道办事处"
    community(world).escalate(ticket_id, "涉及多个社区")
    assert piles(street(world)) == {"to_sign": 1}
    assert "涉及多个社区" in street(world).inbox(InboxTab.TO_SIGN)[0].opinion


def test_a_department_cannot_escalate_its_way_round_the_return_rules(world) -> None:
    ticket_id = dispatched(world, DEPARTMENT)
    department(world).sign(ticket_id)
    with pytest.raises(NotAllowed, match="不能交回中心") as refused:
        department(world).escalate(ticket_id, "需市级统筹")
    assert "退单" in refused.value.hint
    with world.reading() as session:
        assert session.get(Ticket, ticket_id).state is TicketState.IN_PROGRESS


def test_a_co_unit_may_decline(world) -> None:
    ticket_id = dispatched(world, STREET, co=(DEPARTMENT,))
    department(world).decline(ticket_id, "不涉及市容管理")
    assert share_states(world, ticket_id) == ["pending_sign", "declined"]


def test_a_return_says_why_on_what_basis_and_who_instead(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).ask_return(ticket_id, "", "", "")
    assert faults_of(refused.value) == {"reason", "basis", "suggested_unit"}
    street(world).ask_return(ticket_id, "2", "“三定”规定：排水设施由城管局负责", "城市管理局")
    (asked,) = rows(world, ReturnRequest)
    assert (asked.reason, asked.suggested_unit, asked.hop) == ("职责不符", "城市管理局", 1)
    assert piles(street(world)) == {"in_hand": 1}


def test_an_extension_needs_days_reason_basis_and_a_told_citizen(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).ask_extension(ticket_id, 0, "", "", False)
    assert faults_of(refused.value) == {"days", "reason", "basis", "told"}
    with pytest.raises(Invalid, match="不得超过 10") as too_many:
        street(world).ask_extension(ticket_id, 11, "等待管道更换", "施工合同", True)
    assert too_many.value.field == "days"
    street(world).ask_extension(ticket_id, 5, "等待管道更换", "施工合同", True)
    (asked,) = rows(world, ExtensionRequest)
    assert asked.new_due > asked.old_due
    assert asked.citizen_told


def test_whistled_units_are_listed_with_their_arrival(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    desk.whistle(ticket_id, (DEPARTMENT, 41), "请到宝丽西街处置油污")
    first = desk.open(ticket_id).called[0]
    desk.whistle_arrived(ticket_id, first.id, "赵城", "已封堵排口")
    calls = rows(world, WhistleCall)
    assert [bool(call.arrived_at) for call in calls] == [True, False]
    assert rows(world, TicketEvent)[-1].note == "城市管理局应哨到场"


def test_mediation_rounds_count_up(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    day = now().date() - timedelta(days=1)
    desk.mediate(ticket_id, day, "业主代表、物业、社区", "费用分担未谈拢", False)
    desk.mediate(ticket_id, day, "业主代表、物业、社区", "各担一半", True)
    assert [(r.number, r.agreed) for r in desk.open(ticket_id).rounds] == [(1, False), (2, True)]
    with pytest.raises(Invalid, match="还没到"):
        desk.mediate(ticket_id, day + timedelta(days=9), "双方", "约定", True)


def test_what_the_desk_knows_before_any_form_is_opened(world) -> None:
    ticket_id = signed(world, needs_site_proof=True)
    desk = street(world).open(ticket_id)
    assert desk.case.row.id == ticket_id
    assert (desk.needs_photo, desk.passes_down, desk.extension_left) == (True, True, 10)
    assert desk.return_until > now()
    assert Move.REPLY in desk.case.permitted
    assert street(world).rules().length_min == 20
