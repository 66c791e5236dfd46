"""The unit's inbox by keyboard, on real jobs, a real service and a real database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from console.actions import ActionId
from console.domain.inbox import InboxTab, ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentState, Resolution
from console.jobs import Jobs
from console.ledger import Entry, Ledger
from console.services.handling import Handling
from console.services.orders import Orders
from console.theme import Scheme, Theme
from console.views.inbox import InboxPage
from console.views.inbox.drafts import Drafts
from console.views.inbox.moment_edit import MomentEdit
from console.views.inbox.steps import next_step
from db.models import Assignment, Contact, ExtensionRequest, HandlingResult, Ticket, WhistleCall
from tests.journeys import COMMUNITY, DEPARTMENT, STREET, dispatched, version_of
from tests.world import seat_for

LONG = "网格员到场核实，联系市政疏通管道，两家餐饮店承诺加装隔油池。"
PUBLIC = "您反映的下水道堵塞已于当日疏通，路面已清洗，感谢您的监督。"


@pytest.fixture
def jobs(qapp):
    Theme(qapp, Scheme.LIGHT)
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def street(world):
    return Handling(seat_for(world, Role.STREET_DESK, STREET))


class Desk:
    """The page in a window of its own, with what it said."""

    def __init__(self, qtbot, jobs, handling, tab=InboxTab.TO_SIGN) -> None:
        self.bot = qtbot
        self.said, self.failed = [], []
        self.window = QWidget()
        self.page = InboxPage(jobs, handling, Orders(handling._seat), self.window)
        self.page.resize(1200, 640)
        self.window.resize(1200, 640)
        qtbot.addWidget(self.window)
        self.page.said.connect(self._say)
        self.page.failed.connect(self.failed.append)
        self.page.pile.tabs.choose(tab)
        self.window.show()
        self.window.activateWindow()
        self.page.setFocus()

    def _say(self, sentence, _tone) -> None:
        self.said.append(sentence)

    @property
    def side(self):
        return self.page.side

    @property
    def panel(self):
        return self.page.side.panel

    def ready(self, words: str) -> None:
        """Until the blue button says so."""
        self.until(
            lambda: (
                self.side.primary.text() == words and self.page.acts[ActionId.NEXT_STEP].isEnabled()
            )
        )

    def until(self, happened) -> None:
        self.bot.waitUntil(happened, timeout=5000)

    def key(self, key) -> None:
        focus = self.window.focusWidget() or self.page
        if isinstance(key, str):
            self.bot.keySequence(focus, QKeySequence(key))
        else:
            self.bot.keyClick(focus, key)

    def type(self, text: str) -> None:
        self.bot.keyClicks(self.window.focusWidget(), text)


@pytest.fixture
def desk(qtbot, jobs, street):
    def make(tab=InboxTab.TO_SIGN) -> Desk:
        return Desk(qtbot, jobs, street, tab)

    return make


def states(world, ticket_id):
    with world.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Assignment.seq)))


def rows(world, kind):
    with world.reading() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def signed(world, street, **more) -> int:
    ticket_id = dispatched(world, **more)
    street.sign(ticket_id)
    return ticket_id


def contacted(world, street, **more) -> int:
    ticket_id = signed(world, street, **more)
    street.contact(ticket_id, datetime.now(UTC), "电话", "")
    return ticket_id


def test_sign_contact_and_pass_down_without_the_mouse(world, desk) -> None:
    ticket_id = dispatched(world)
    at = desk()
    at.ready("签收")
    at.key(Qt.Key.Key_F8)
    at.ready("登记联系")
    assert at.page.pile.tab is InboxTab.IN_HAND, "the only one signed is followed to where it lies"
    at.key(Qt.Key.Key_F8)
    at.until(lambda: at.panel is not None and at.panel.manner.hasFocus())
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
    at.until(lambda: at.said == ["已签收 3 件。"])
    assert all(states(world, t) == [AssignmentState.IN_PROGRESS] for t in tickets)
    at.until(lambda: at.page.pile.tabs.tabText(1) == "办理中 3")


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


def test_a_return_from_a_co_unit_is_a_refusal_to_help(world, qtbot, jobs) -> None:
    ticket_id = dispatched(world, STREET, co=(DEPARTMENT,))
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.LIAISON, DEPARTMENT)))
    at.ready("签收")
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
