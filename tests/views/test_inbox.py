"""The unit's inbox by keyboard, on real jobs, a real service and a real database."""

from PySide6.QtCore import Qt

from console.domain.inbox import InboxTab, ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentState, Resolution
from console.ledger import Entry, Ledger
from console.services.handling import Handling
from db.models import Contact, HandlingResult
from tests.journeys import COMMUNITY, dispatched, version_of
from tests.views.inbox_desk import (  # noqa: F401 - fixtures among them
    contacted,
    desk_fixture,
    jobs_fixture,
    rows,
    signed,
    states,
    street_fixture,
)
from tests.world import seat_for

LONG = "网格员到场核实，联系市政疏通管道，两家餐饮店承诺加装隔油池。"
PUBLIC = "您反映的下水道堵塞已于当日疏通，路面已清洗，感谢您的监督。"


def test_sign_contact_and_pass_down_without_the_mouse(world, desk) -> None:
    ticket_id = dispatched(world)
    at = desk()
    at.ready("签收")
    at.key(Qt.Key.Key_F8)
    at.ready("登记联系")
    assert at.page.pile.tab is InboxTab.IN_HAND, "the only one signed is followed to where it lies"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None and at.panel.outcome.hasFocus())
    at.panel.manner.setFocus()
    at.key(Qt.Key.Key_2)
    at.panel.outcome.setFocus()
    at.type("agreed")
    at.key(Qt.Key.Key_F8)
    at.ready("回复办结")
    at.key("Ctrl+Down")
    at.until(lambda: at.panel is not None and at.panel.opinion.hasFocus())
    assert at.panel.unit.value.name == "清风社区", "the only child is chosen already"
    at.type("go")
    at.key(Qt.Key.Key_F8)
    at.until(
        lambda: (
            states(world, ticket_id) == [AssignmentState.PASSED_DOWN, AssignmentState.PENDING_SIGN]
        )
    )
    assert [c.manner for c in rows(world, Contact)] == ["上门"]
    at.until(lambda: at.said[-1] == "已下派给清风社区。")
    assert not at.failed


def test_several_are_signed_with_one_key(world, desk) -> None:
    tickets = [dispatched(world) for _ in range(3)]
    at = desk()
    at.ready("签收")
    at.key("Ctrl+A")
    assert at.side.primary.text() == "签收 3 件"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.said == ["已签收 3 件，都在“办理中”，按 F8 登记联系。"])
    assert all(states(world, t) == [AssignmentState.IN_PROGRESS] for t in tickets)
    at.until(lambda: at.page.pile.tabs.words(InboxTab.IN_HAND) == "办理中 3")


def test_a_key_is_never_for_the_row_before(world, desk) -> None:
    """Down and F8 in one breath, before the second work order is in sight: the first must not be signed."""
    first, second = dispatched(world), dispatched(world)
    at = desk()
    at.until(lambda: len(at.page.pile.rows) == 2 and at.page.ticket_id == first)
    at.page.pile.table.selectRow(1)
    at.key(Qt.Key.Key_F8)
    assert at.said == ["正在打开这一件，请稍候再按。"]
    at.until(lambda: at.page.ticket_id == second and at.page.side.isEnabled())
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, second) == [AssignmentState.IN_PROGRESS])
    assert states(world, first) == [AssignmentState.PENDING_SIGN]


def test_a_list_read_before_the_signing_does_not_lose_the_way(world, desk) -> None:
    """The minute's look was on its way when F8 was pressed: the signed one is followed all the same."""
    ticket_id = dispatched(world)
    at = desk()
    at.ready("签收")
    before = at.page.pile.rows
    at.key(Qt.Key.Key_F8)
    at.page._show_rows(InboxTab.TO_SIGN, before)
    at.until(lambda: at.page.pile.tab is InboxTab.IN_HAND and at.page.ticket_id == ticket_id)
    at.ready("登记联系")


def test_of_several_the_refused_are_named(world, desk, street) -> None:
    first, second = dispatched(world), dispatched(world)
    at = desk()
    at.until(lambda: len(at.page.pile.rows) == 2)
    at.page.pile.table.selectAll()
    with world.writing.begin() as session:
        # Another window signed one; this one has not heard of it.
        Ledger(seat_for(world, Role.STREET_DESK)).move(session, first, Entry(Move.SIGN))
    at.key(Qt.Key.Key_F8)
    at.until(lambda: bool(at.said))
    assert "1 件未签收" in at.said[0]
    assert states(world, second) == [AssignmentState.IN_PROGRESS]


def test_reply_errors_stand_beside_their_fields_and_the_text_stays(world, desk, street) -> None:
    ticket_id = contacted(world, street, needs_site_proof=True)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None)
    panel = at.panel
    panel.result.setFocus()
    at.type("short")
    panel.promise.setFocus()
    at.type("three days")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: panel.fields["true_appeal"].has_error)
    for name in ("result", "public_reply", "resolution", "photos", "promise_due", "explanation"):
        assert panel.fields[name].has_error, name
    assert not panel.fields["cause"].has_error
    assert (panel.result.text, panel.promise.text()) == ("short", "three days")
    assert panel.explanation.isVisible()
    assert at.panel is panel
    assert not rows(world, HandlingResult)
    assert "5 / 至少 20 字" in panel.fields["result"].hint.text()
    assert version_of(world, ticket_id) == at.page._version


def test_a_whole_reply_by_keyboard(world, desk, street) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+Shift+R")
    at.until(lambda: at.panel is not None and at.panel.true_appeal.hasFocus())
    at.key(Qt.Key.Key_1)
    at.key(Qt.Key.Key_Tab)
    at.key(Qt.Key.Key_1)
    panel = at.panel
    panel.result.put(LONG)
    panel.public.put(PUBLIC)
    at.key("Ctrl+Return")
    at.until(lambda: panel.fields["explanation"].has_error)
    assert panel.explanation.hasFocus(), "too quick after signing: say why"
    at.type("was there already")
    at.key("Ctrl+Return")
    at.until(lambda: bool(rows(world, HandlingResult)))
    (result,) = rows(world, HandlingResult)
    assert (result.true_appeal, result.resolution, result.public_reply) == (
        True,
        "resolved",
        PUBLIC,
    )
    at.until(lambda: at.panel is None)
    assert at.page.drafts.tickets == frozenset()


def test_a_reply_from_below_is_offered_for_review(world, desk, street) -> None:
    ticket_id = contacted(world, street)
    street.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    below = Handling(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    below.sign(ticket_id)
    at = desk(InboxTab.PASSED_DOWN)
    at.until(lambda: at.side.primary.text() == "等清风社区回复")
    assert not at.side.primary.isEnabled()
    form = ReplyForm(
        True, resolution=Resolution.RESOLVED, result=LONG, public_reply=PUBLIC, explanation="x"
    )
    below.reply(ticket_id, form)
    at.page.pile.tabs.choose(InboxTab.TO_REVIEW)
    at.ready("审核回复")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None)
    assert at.panel.public.text == PUBLIC
    assert "清风社区" in at.panel.hint.text()
    assert at.page.drafts.tickets == frozenset(), "what was only carried over is no draft"


def test_what_was_typed_survives_leaving_and_coming_back(world, desk, street) -> None:
    first, second = contacted(world, street), contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.until(lambda: at.side.desk is not None and at.page.ticket_id == first)
    at.key("Ctrl+Up")
    at.until(lambda: at.panel is not None and at.panel.reason.hasFocus())
    at.type("too big for us")
    at.page.pile.table.select_id(second)
    at.until(lambda: at.page.ticket_id == second)
    assert at.panel is None
    assert at.page.drafts.tickets == {first}
    at.page.pile.table.select_id(first)
    at.until(lambda: at.page.ticket_id == first and at.panel is not None)
    assert at.panel.reason.text == "too big for us"
    at.panel.reason.setFocus()
    at.key(Qt.Key.Key_Escape)
    assert at.panel is None
    assert at.page.pile.table.hasFocus()
    assert at.page.drafts.find(first, "escalate") == "too big for us", "Esc loses no text"


def test_a_conflict_keeps_the_text_and_the_next_press_goes_through(world, desk, street) -> None:
    ticket_id = contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+Up")
    at.until(lambda: at.panel is not None)
    at.panel.reason.put("超出本级职权")
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, Entry(Move.NOTE, {"note": "补充"}))
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel.banner.isVisible())
    assert "刚被他人修改" in at.panel.banner.text()
    assert at.panel.reason.text == "超出本级职权"
    at.until(lambda: at.page._version == version_of(world, ticket_id))
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, ticket_id)[0] is AssignmentState.ESCALATED)


def test_a_change_elsewhere_does_not_touch_the_open_form(world, desk, street, jobs) -> None:
    ticket_id = contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None)
    at.panel.public.put("half a")
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        ledger = Ledger(seat)
        ticket = ledger.move(session, ticket_id, Entry(Move.NOTE, {"note": "补充"}, "补充"))
        changed = ledger.changed(ticket)
    jobs.announce(changed)
    at.until(at.side.stale.isVisible)
    assert at.panel.public.text == "half a"


def test_nothing_moves_under_a_form_whatever_colleagues_do(world, desk, street, jobs) -> None:
    """A colleague passes the work order down while I write about it: the pile stays, so does what I typed."""
    mine, other = signed(world, street), signed(world, street)
    at = desk(InboxTab.IN_HAND)
    at.until(lambda: len(at.page.pile.rows) == 2)
    at.page.pile.table.select_id(mine)
    at.ready("登记联系")
    at.until(lambda: at.page.ticket_id == mine)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None and at.panel.outcome.hasFocus())
    at.type("half a word")
    jobs.announce(street.sub_dispatch(mine, COMMUNITY, "请办理"))
    at.until(lambda: at.side.stale.isVisible())
    assert (at.page.ticket_id, at.panel.outcome.text) == (mine, "half a word")
    assert at.page.pile.current.id == mine
    assert at.page.holds_back()
    at.key(Qt.Key.Key_Escape)
    at.until(lambda: [row.id for row in at.page.pile.rows] == [other])


def test_what_a_colleague_took_away_is_not_replaced_under_the_next_key(
    world, desk, street, jobs
) -> None:
    mine, other = dispatched(world), dispatched(world)
    at = desk(InboxTab.TO_SIGN)
    at.until(lambda: len(at.page.pile.rows) == 2)
    at.page.pile.table.select_id(mine)
    at.until(lambda: at.page.ticket_id == mine)
    jobs.announce(street.sign(mine))
    at.until(lambda: [row.id for row in at.page.pile.rows] == [other])
    assert at.page.pile.current is None, "F8 would sign a work order nobody has looked at"
    assert at.page.ticket_id == mine
    at.key(Qt.Key.Key_Down)
    at.until(lambda: at.page.ticket_id == other)
