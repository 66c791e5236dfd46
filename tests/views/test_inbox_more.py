"""What else a unit does from its inbox: undoing, one child of several, promises, copies, answers, the countdown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from sqlalchemy import select

from console.actions import ActionId
from console.domain.inbox import InboxTab
from console.domain.records import LightText
from console.domain.roles import Role
from console.domain.states import AssignmentState, Light, SupervisionLevel, TicketState
from console.domain.supervision import SuperviseForm
from console.services.supervising import Supervising
from console.views.inbox.countdown import countdown_words
from console.views.inbox.marks import level_overdue
from db.models import NotifyCopy, Promise, ReturnRequest, Supervision, Ticket, Unit
from tests.journeys import COMMUNITY, DEPARTMENT, STREET, dispatched, version_of
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

SECOND = 22


def second_community(world) -> None:
    with world.writing.begin() as session:
        session.add(
            Unit(
                id=SECOND, code="990101001002", name="桂园社区", kind="community", parent_id=STREET
            )
        )


def ask_return(at) -> None:
    at.key("Ctrl+B")
    at.until(lambda: at.panel is not None and at.panel.name == "return")
    at.panel.reason.choose("2")
    at.panel.unit.setText("供水集团")
    at.panel.basis.put("“三定”规定：供水管网由供水集团维护")
    at.key(Qt.Key.Key_F8)


def test_a_ground_of_the_catalogue_fills_the_return(world, desk) -> None:
    ticket_id = dispatched(world, category_code="010304")
    at = desk()
    at.ready("签收")
    at.key("Ctrl+B")
    form = at.page.panels["return"]
    at.until(lambda: at.panel is form and "条可选" in form.fields["ground"].hint.text())
    assert "前可退单" in form.hint.text()
    assert "派单" in form.arithmetic.text()
    assert form.arithmetic.isVisible()
    form.ground.setFocus()
    at.key(Qt.Key.Key_Down)
    at.until(lambda: form.ground.is_open)
    at.key(Qt.Key.Key_Down)
    picked = form.ground.highlighted.value
    at.key(Qt.Key.Key_Return)
    assert form.basis.text == picked.text
    assert form.fields["basis"].hint.text() == "目录依据"
    assert dict(at.page._handling.rules().return_reasons)[form.reason.value] == picked.reason
    assert form.unit.text() == picked.unit
    if not picked.unit:
        form.unit.put("供水集团")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, ticket_id) == [AssignmentState.RETURN_REVIEW])
    with world.reading() as session:
        assert session.scalars(select(ReturnRequest)).one().basis == picked.text


def test_own_words_are_still_possible_and_marked_as_such(world, desk) -> None:
    dispatched(world)
    at = desk()
    at.ready("签收")
    at.key("Ctrl+B")
    at.until(lambda: at.panel is not None and at.panel.name == "return")
    at.panel.basis.put("“三定”规定：供水管网由供水集团维护")
    assert "单位自填依据" in at.panel.fields["basis"].hint.text()


def test_a_return_can_be_undone_for_ten_seconds(world, desk) -> None:
    ticket_id = dispatched(world)
    at = desk()
    at.ready("签收")
    ask_return(at)
    at.until(lambda: bool(at.undoable))
    assert at.undoable == [("撤回退单申请", ticket_id, 10)]
    assert states(world, ticket_id) == [AssignmentState.RETURN_REVIEW]
    at.page.undo(ticket_id)
    at.until(lambda: states(world, ticket_id) == [AssignmentState.PENDING_SIGN])
    assert not at.failed


def test_a_return_can_be_withdrawn_until_it_is_decided(world, desk) -> None:
    ticket_id = dispatched(world)
    at = desk(InboxTab.TO_SIGN)
    at.ready("签收")
    ask_return(at)
    at.until(lambda: states(world, ticket_id) == [AssignmentState.RETURN_REVIEW])
    at.page.show_ticket(ticket_id, InboxTab.IN_HAND)
    at.until(lambda: at.side.buttons[ActionId.RETURN].text() == "撤回退单")
    at.key("Ctrl+B")
    at.until(lambda: at.panel is not None and at.panel.name == "undo_return")
    assert "职责不符" in at.panel.asked.text()
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, ticket_id) == [AssignmentState.PENDING_SIGN])
    at.until(lambda: "已撤回退单申请，由本单位继续承办。" in at.said)


def test_one_more_below_and_one_taken_back(world, desk, street) -> None:
    second_community(world)
    ticket_id = signed(world, street)
    street.sub_dispatch(ticket_id, COMMUNITY, "请核实")
    at = desk(InboxTab.PASSED_DOWN)
    at.until(lambda: at.side.buttons[ActionId.SUB_DISPATCH].text() == "加派")
    at.key("Ctrl+Down")
    at.until(lambda: at.panel is not None and at.panel.opinion.hasFocus())
    assert at.panel.unit.value.name == "桂园社区", "the other one has it already"
    at.panel.opinion.put("请核对东侧")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, ticket_id)[1:] == [AssignmentState.PENDING_SIGN] * 2)
    at.until(lambda: "清风社区 待签收；桂园社区 待签收" in at.side.share.below.text())
    at.key("Ctrl+Shift+Down")
    at.until(lambda: at.panel is not None and at.panel.name == "take_back")
    at.panel.unit.choose(SECOND)
    at.panel.reason.put("派错了")
    at.key(Qt.Key.Key_F8)
    at.until(
        lambda: (
            states(world, ticket_id)
            == [
                AssignmentState.PASSED_DOWN,
                AssignmentState.PENDING_SIGN,
                AssignmentState.WITHDRAWN,
            ]
        )
    )
    assert not at.failed


def test_a_promise_in_one_line(world, desk, street) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+M")
    at.until(lambda: at.panel is not None and at.panel.sentence.hasFocus())
    at.panel.sentence.setText("明天下午五点前回电")
    assert "17:00 前：回电" in at.panel.fields["promise"].hint.text()
    at.key(Qt.Key.Key_F8)
    at.until(lambda: [p.what for p in rows(world, Promise)] == ["回电"])
    at.until(lambda: at.panel is None)
    at.key("Ctrl+M")
    at.until(lambda: at.panel is not None and at.panel.keep.isVisible())
    at.panel.keep.click()
    at.until(lambda: rows(world, Promise)[0].kept_at is not None)
    at.until(lambda: "已登记兑现。" in at.said)
    assert not at.failed


def test_a_line_that_is_no_promise_is_refused_beside_it(world, desk, street) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+M")
    at.until(lambda: at.panel is not None)
    at.panel.sentence.setText("尽快")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel.fields["promise"].has_error)
    assert at.panel.sentence.text() == "尽快"


def test_another_unit_is_told(world, desk, street) -> None:
    signed(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("登记联系")
    at.key("Ctrl+G")
    at.until(lambda: at.panel is not None and at.panel.unit.hasFocus())
    at.key(Qt.Key.Key_F8)
    assert at.panel.fields["unit"].has_error
    at.type("csglj")
    at.until(lambda: at.panel.unit.is_open)
    at.key(Qt.Key.Key_Return)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: [c.unit_id for c in rows(world, NotifyCopy)] == [DEPARTMENT])
    at.until(lambda: "城市管理局 未阅" in at.side.share.people.text())


def test_a_notice_is_answered(world, desk, street) -> None:
    ticket_id = signed(world, street)
    notice = SuperviseForm(
        ticket_id, version_of(world, ticket_id), SupervisionLevel.YELLOW, "群众不满意", "三天内修复并书面反馈",
        lead_unit_id=STREET, due=datetime.now(UTC) + timedelta(days=3), contact="郑督",
        contact_phone="19900000051",
    )  # fmt: skip
    Supervising(seat_for(world, Role.OVERSEER)).supervise(notice)
    at = desk(InboxTab.IN_HAND)
    at.until(at.side.buttons[ActionId.FEEDBACK].isVisible)
    at.key("Ctrl+I")
    at.until(lambda: at.panel is not None and at.panel.name == "feedback")
    assert "三天内修复" in at.panel.notice.text()
    at.panel.text.put("已派工抢修，今晚完成，责任人王街。")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: "今晚完成" in rows(world, Supervision)[0].feedback)
    assert not at.failed


def test_a_dispute_is_marked_where_it_is_mediated(world, desk, street) -> None:
    ticket_id = contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+Shift+M")
    at.until(lambda: at.panel is not None and at.panel.name == "mediate")
    at.panel.mark.click()
    at.until(lambda: rows(world, Ticket)[0].dispute)
    at.until(lambda: at.panel.mark.text() == "取消矛盾件标记")
    assert "已标为矛盾件。" in at.said
    assert states(world, ticket_id) == [AssignmentState.IN_PROGRESS]


def test_the_call_out_is_ready_to_be_pasted(world, desk, street) -> None:
    """field-facts H11: place, matter, who is to come and what for."""
    ticket_id = contacted(world, street)
    street.whistle(ticket_id, (DEPARTMENT,), "请派员到场联合处置。")
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+H")
    at.until(lambda: at.panel is not None and at.panel.name == "whistle")
    at.panel.copy.click()
    text = QGuiApplication.clipboard().text()
    for piece in ("请城市管理局立即派员到场", "宝丽西街", "下水道堵塞", "联合处置"):
        assert piece in text


def test_the_answer_counts_down_apart_from_the_finishing_light(world, desk, street) -> None:
    signed(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("登记联系")
    row = at.page.pile.rows[0]
    assert row.answer_owed
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    red = LightText(Light.RED, "红")
    soon = replace(row, response_due=now + timedelta(minutes=24, seconds=31), response_light=red)
    assert countdown_words(soon, now) == "响应剩 24 分钟"
    assert countdown_words(soon, now, seconds=True) == "响应剩 24:31"
    late = replace(row, response_due=now - timedelta(minutes=5), response_light=red)
    assert countdown_words(late, now) == "响应超 5 分钟"
    assert not level_overdue(row)
    assert level_overdue(replace(row, level_due=now), now + timedelta(seconds=1))
    assert at.side.share.countdown.isVisible()
    assert "办结" in at.side.share.light.mark.words
    assert rows(world, Ticket)[0].state is TicketState.IN_PROGRESS
