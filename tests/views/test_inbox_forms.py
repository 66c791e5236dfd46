"""The forms of the unit's inbox, their errors, their files and what each state offers."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from console.actions import ActionId
from console.domain.inbox import InboxTab
from console.domain.roles import Role
from console.domain.states import AssignmentState
from console.services.handling import Handling
from console.services.orders import Orders
from console.views.inbox import InboxPage
from console.views.inbox.drafts import Drafts
from console.views.inbox.moment_edit import MomentEdit
from console.views.inbox.steps import next_step
from db.models import ExtensionRequest, Ticket, WhistleCall
from tests.journeys import COMMUNITY, DEPARTMENT, STREET, dispatched, version_of
from tests.views.inbox_desk import (  # noqa: F401 - fixtures among them
    Desk,
    contacted,
    desk_fixture,
    jobs_fixture,
    rows,
    signed,
    states,
    street_fixture,
)
from tests.world import seat_for


def test_a_return_from_a_co_unit_is_a_refusal_to_help(world, qtbot, jobs) -> None:
    ticket_id = dispatched(world, STREET, co=(DEPARTMENT,))
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.LIAISON, DEPARTMENT)))
    at.ready("同意协办")
    assert at.side.buttons[ActionId.RETURN].text() == "拒绝协办"
    at.key("Ctrl+B")
    at.until(lambda: at.panel is not None and at.panel.name == "decline")
    at.type("not ours")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: states(world, ticket_id)[1] is AssignmentState.DECLINED)


def test_a_return_names_what_is_missing(world, desk) -> None:
    dispatched(world)
    at = desk()
    at.ready("签收")
    at.key("Ctrl+B")
    at.until(lambda: at.panel is not None)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel.fields["basis"].has_error)
    assert at.panel.fields["reason"].has_error
    assert at.panel.fields["suggested_unit"].has_error


def test_an_extension_takes_the_typed_days(world, desk, street) -> None:
    ticket_id = contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+E")
    at.until(lambda: at.panel is not None and at.panel.days.hasFocus())
    at.type("5")
    assert at.panel.days.value() == 5
    at.panel.basis.setText("施工合同")
    at.panel.reason.put("等待管道更换")
    at.panel.told.setChecked(True)
    at.key(Qt.Key.Key_F8)
    at.until(lambda: rows(world, Ticket)[0].extension_asked == 5)
    assert rows(world, ExtensionRequest)[0].ticket_id == ticket_id


def test_whistle_takes_several_units_by_initials(world, desk, street, qtbot) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+H")
    at.until(lambda: at.panel is not None and at.panel.unit.hasFocus())
    for letters, name in (("csgl", "城市管理局"), ("gs", "供水集团")):
        at.type(letters)
        at.until(
            lambda n=name: (
                at.panel.unit.highlighted is not None and at.panel.unit.highlighted.text == n
            )
        )
        at.key(Qt.Key.Key_Return)
    assert [u.name for u in at.panel.values().units] == ["城市管理局", "供水集团"]
    at.panel.request.put("请到场")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: len(rows(world, WhistleCall)) == 2)


def test_children_are_found_by_initials(world, qtbot, jobs) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    below = Handling(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    below.sign(ticket_id)
    at = Desk(qtbot, jobs, below, InboxTab.IN_HAND)
    at.ready("登记联系")
    at.until(lambda: bool(at.page.panels["sub_dispatch"]._children))
    at.key("Ctrl+Down")
    at.until(lambda: at.panel is not None and at.panel.unit.hasFocus())
    at.type("qfsqde")
    at.until(lambda: at.panel.unit.highlighted is not None)
    at.key(Qt.Key.Key_Tab)
    assert at.panel.unit.value.name == "清风社区第二网格"


def test_photos_are_added_shown_and_taken_away(world, desk, street, tmp_path) -> None:
    ticket_id = contacted(world, street, needs_site_proof=True)
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.green)
    path = tmp_path / "after.jpg"
    assert image.save(str(path), "JPG")
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None)
    zone = at.panel.evidence.zones["after"]
    assert "须附" in zone.hint.text()
    at.panel.public.put("half a")
    zone.add([path])
    at.until(lambda: zone.count == 1)
    assert at.panel.public.text == "half a"
    assert not zone.hint.text()
    at.until(lambda: not at.panel.evidence._images[zone._thumbs[0].line.sha256].isNull())
    zone._thumbs[0].setFocus()
    at.key(Qt.Key.Key_Delete)
    at.until(lambda: zone.count == 0)
    assert version_of(world, ticket_id) == at.page._version


def test_a_program_is_refused_in_its_zone(world, desk, street, tmp_path) -> None:
    contacted(world, street)
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"MZ\x90\x00")
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+O")
    at.until(lambda: at.panel is not None and at.panel.name == "attach")
    zone = at.panel.evidence.zones["before"]
    zone.add([path])
    at.until(zone.error.isVisible)
    assert "是程序文件" in zone.error.text()


def test_why_the_deadline_is_what_it_is(world, desk, street) -> None:
    signed(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("登记联系")
    at.key("Ctrl+L")
    at.until(lambda: at.panel is not None and "【联系】" in at.panel.lines.text())
    assert "【办结】" in at.panel.lines.text()


def test_the_next_step_of_every_state(world, street) -> None:
    ticket_id = dispatched(world)
    steps = [next_step(street.open(ticket_id)).words]
    street.sign(ticket_id)
    steps.append(next_step(street.open(ticket_id)).words)
    street.contact(ticket_id, datetime.now(UTC), "电话", "")
    steps.append(next_step(street.open(ticket_id)).words)
    street.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    steps.append(next_step(street.open(ticket_id)).words)
    street.take_back(ticket_id, "派错")
    street.ask_return(ticket_id, "2", "三定规定", "城市管理局")
    steps.append(next_step(street.open(ticket_id)).words)
    assert steps == ["签收", "登记联系", "回复办结", "等清风社区回复", "退单待审"]


def test_an_empty_pile_says_what_comes_here(desk) -> None:
    at = desk()
    at.until(at.page.pile.table.empty.isVisible)
    assert "没有待签收" in at.page.pile.table.empty.title.text()
    assert at.side.desk is None
    assert not at.side.primary.isVisible()


def test_an_untouched_form_leaves_no_draft(world, desk, street) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    for keys in ("Ctrl+Up", "Ctrl+E", "Ctrl+K", "Ctrl+H", "Ctrl+Shift+M", "Ctrl+B"):
        at.key(keys)
        at.until(lambda: at.panel is not None)
        at.page._leave_panel()
        assert at.page.drafts.tickets == frozenset(), keys


def test_a_moment_is_kept_to_the_minute_in_local_time(qtbot) -> None:
    edit = MomentEdit("t", (("明天", 1),))
    qtbot.addWidget(edit)
    assert edit.value is None
    at = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    edit.put(at)
    assert (edit.value, edit.exact.text()) == (at, "2026-11-22 18:30")
    edit.quick.choose("明天")
    assert edit.value.astimezone(UTC).hour == 10, "18:00 in Shanghai"


def test_drafts_are_per_work_order_and_form() -> None:
    drafts = Drafts()
    drafts.keep(1, "reply", "a")
    drafts.keep(1, "contact", "b")
    drafts.keep(1, "contact", None)
    assert (drafts.find(1, "reply"), drafts.find(1, "contact"), drafts.find(2, "reply")) == (
        "a",
        None,
        None,
    )
    assert drafts.tickets == {1}


def test_every_form_gives_back_what_was_put_in(world, qtbot, jobs, street) -> None:
    ticket_id = contacted(world, street)
    page = InboxPage(jobs, street, Orders(street._seat))
    qtbot.addWidget(page)
    case = street.open(ticket_id)
    for panel in page.panels.all:
        panel.begin(case, None)
        before = panel.values()
        panel.put(before)
        assert panel.values() == before, panel.name
    reply = page.panels["reply"]
    form = replace(
        reply.values(),
        promise="x",
        promise_due=datetime(2030, 1, 1, 8, tzinfo=UTC),
        beyond_duty=True,
    )
    reply.put(form)
    assert reply.values() == form
