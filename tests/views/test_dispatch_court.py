"""Returns, extensions, site checks and the 会商 at the dispatch desk, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from console.domain.moves import Move
from console.domain.piles import Pile
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.jobs import Jobs
from console.ledger import Entry
from console.services.amending import Amending
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.reviewing import Reviewing
from console.services.splitting import Splitting
from console.theme import Scheme, Theme
from console.views.cases.case_moves import CORRECTIONS, CaseMoves
from console.views.dispatch import DispatchPage
from console.views.main_window import MainWindow
from console.views.parts.key_cap import KeyButton
from db.models import Assignment, JointSheet, Ticket
from tests.desks import move, replied
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket, version_of
from tests.services.court import grant, returned, sent_round
from tests.services.test_corrections import TWO
from tests.services.test_merging import caller
from tests.world import operator, seat_for


class Office:
    """The desks behind the moves, at one seat."""

    def __init__(self, seat) -> None:
        self.orders, self.dispatching, self.deciding = (
            Orders(seat),
            Dispatching(seat),
            Deciding(seat),
        )
        self.merging, self.splitting, self.amending = Merging(seat), Splitting(seat), Amending(seat)
        self.reviewing = Reviewing(seat)


class Stage:
    """The dispatch page in its window, with the forms of the corrections, and the keyboard."""

    def __init__(self, qtbot, jobs: Jobs, world, role: Role) -> None:
        self.qtbot, self.world = qtbot, world
        Theme(QApplication.instance(), Scheme.LIGHT)
        office = Office(seat_for(world, role))
        self.page = DispatchPage(
            jobs, office.dispatching, office.reviewing, office.deciding, office.orders
        )
        self.window = MainWindow(operator(role), {Workplace.DISPATCH: self.page})
        self.moves = CaseMoves(jobs, office, self.window)
        self.moves.said.connect(self.window.message.say)
        self.moves.made.connect(self.page.made_elsewhere)
        self.page.case_view.offer(CORRECTIONS)
        self.page.case_view.act.connect(self.moves.act)
        self.errors: list[Exception] = []
        self.page.said.connect(self.window.message.say)
        self.page.failed.connect(self.errors.append)
        jobs.unhandled.connect(self.errors.append)
        self.page.undo_offered.connect(self.window.message.offer_undo)
        self.window.message.undo.connect(self.page.undo)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]
            where = QApplication.focusWidget() or self.window
            QTest.keyClick(where, combination.key(), combination.keyboardModifiers())

    def until(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)

    def to_pile(self, pile: Pile) -> None:
        for _ in range(list(Pile).index(pile)):
            self.press("Ctrl+Tab")
        assert self.page.pile is pile

    def take(self) -> None:
        """F5, and wait until it may be decided."""
        self.press("F5")
        self.until(lambda: self.page.decide.isEnabled() or self.page.redo.isEnabled())

    def may(self, move_: Move):
        """Whether the key of a correction works now."""
        return self.page.case_view.keys[move_].isEnabled

    def row(self, ticket_id: int) -> Ticket:
        with self.world.reading() as session:
            return session.get_one(Ticket, ticket_id)

    def is_now(self, ticket_id: int, state: TicketState) -> None:
        self.until(lambda: self.row(ticket_id).state is state)

    def dialog(self, kind: str) -> QDialog:
        self.until(lambda: QApplication.activeModalWidget() is not None)
        found = QApplication.activeModalWidget()
        assert type(found).__name__ == kind
        self.until(found.isActiveWindow)
        return found

    @property
    def said(self) -> str:
        return self.window.message.sentence.text()


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def stage(qtbot, jobs, world):
    def make(role: Role = Role.DISPATCHER) -> Stage:
        return Stage(qtbot, jobs, world, role)

    return make


# --- returns


def test_f8_grants_a_return_and_ctrl_z_takes_it_back(world, stage) -> None:
    ticket_id = returned(world)
    it = stage()
    it.to_pile(Pile.RETURNS)
    it.take()
    assert it.page.decide.text() == "同意退单"
    court = it.page.court
    assert court.window_chip.text() == "在退单时限内提出"
    assert court.hop.text() == "已退 0 次，满 3 次转会商"
    assert "职责不符：三定方案第五条" in court.hops.accessibleDescription()
    it.press("F8")
    it.is_now(ticket_id, TicketState.PENDING_DISPATCH)
    it.until(lambda: it.said.startswith("已同意退单"))
    it.press("Ctrl+Z")
    it.is_now(ticket_id, TicketState.RETURN_REVIEW)
    it.until(lambda: it.page.ticket_id == ticket_id and it.page.pile is Pile.RETURNS)


def test_refusing_a_return_asks_for_the_opinion_beside_its_field(world, stage) -> None:
    ticket_id = returned(world)
    it = stage()
    it.to_pile(Pile.RETURNS)
    it.take()
    it.press("Ctrl+B")
    it.until(lambda: it.page.court.fields["opinion"].has_error)
    assert it.page.court.opinion.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "yours")
    it.press("Ctrl+B")
    it.is_now(ticket_id, TicketState.IN_PROGRESS)
    assert not it.errors


def test_the_third_return_warns_and_leads_to_the_sheet(world, stage) -> None:
    ticket_id = sent_round(world, STREET, DEPARTMENT)
    from tests.journeys import dispatch
    from tests.services.court import ask_return

    dispatch(world, ticket_id, 11)
    ask_return(world, ticket_id, 11)
    it = stage()
    it.to_pile(Pile.RETURNS)
    it.take()
    assert it.page.court.hop.text() == "同意即第 3 次退单，转会商"
    it.press("F8")
    it.until(lambda: "转会商" in it.said)
    it.page.panel.show_pile(Pile.DISPATCH)
    it.take()
    form = it.page.form
    assert form.title.text() == "会商派单"
    assert form.many.text() == "已退 3 次，会商定后指定承办"
    assert form.hops.isVisible()
    # The last unit to return it named the one it thinks right; that one has sent it back itself.
    assert form.unit.value is None
    assert it.page.decide.text() == "指定承办"
    form.unit.setFocus()
    QTest.keyClicks(form.unit, "qhjd")
    it.until(lambda: form.unit.is_open)
    it.press("Return")
    assert form.record.text() == "清河街道办事处已退过本单：职责不符：三定方案第五条"
    it.press("F8")
    it.until(lambda: form.fields["opinion"].has_error)
    form.opinion.put("会商定由属地街道牵头，城管局配合")
    it.press("F8")
    it.is_now(ticket_id, TicketState.PENDING_SIGN)
    with world.reading() as session:
        assert session.query(JointSheet).one().concluded_at is not None


def test_the_suggested_unit_comes_with_its_record(world, stage) -> None:
    for _ in range(2):
        dispatched(world)
    grant(world, returned(world))
    other = open_ticket(world)
    it = stage()
    it.until(lambda: it.page.panel.table.records.rowCount() == 2)
    it.page.begin(other)
    it.until(lambda: it.page.decide.isEnabled() and it.page.ticket_id == other)
    assert it.page.form.record.text() == (
        "同类承接率 67%（3 件退 1 件）　上次退单：职责不符：三定方案第五条"
    )


# --- extensions, site checks


def test_f8_grants_an_extension_after_seeing_the_new_limit(world, stage) -> None:
    ticket_id = dispatched(world)
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    asked = {"days": 3, "reason": "需要会商", "basis": "办法第八条"}
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_EXTENSION, asked), STREET)
    before = it_due = None
    it = stage()
    it.until(lambda: it.page.panel.tabs.tabText(4) == "延期待审 1")
    it.to_pile(Pile.EXTENSIONS)
    it.take()
    before = it.row(ticket_id).finish_due
    assert it.page.extension.days.text() == "申请 3 个工作日"
    assert it.page.extension.sum.text() == "累计延期 3 个工作日，最多 10 个"
    assert len(it.page.extension.arithmetic.text().splitlines()) == 5
    it.press("F8")
    it.until(lambda: it.row(ticket_id).extension_asked == 0)
    it_due = it.row(ticket_id).finish_due
    assert it_due > before


def test_a_site_check_can_be_taken_back_with_a_reason(world, stage) -> None:
    ticket_id = replied(world)
    Reviewing(seat_for(world, Role.DISPATCHER)).pass_reply(
        ticket_id, version_of(world, ticket_id), verify=True
    )
    it = stage()
    it.to_pile(Pile.WATCH)
    it.press("F5")
    it.until(it.page.redo.isEnabled)
    assert not it.page.decide.isEnabled()
    it.press("Ctrl+B")
    it.until(lambda: it.page.watch.fields["reason"].has_error)
    QTest.keyClicks(QApplication.focusWidget(), "clear enough")
    it.press("Ctrl+B")
    it.is_now(ticket_id, TicketState.PENDING_REVIEW)


# --- corrections


def test_f7_merges_into_a_likely_one_by_arrow_and_ctrl_enter(world, stage) -> None:
    main_id, ticket_id = open_ticket(world), open_ticket(world)
    for one in (main_id, ticket_id):
        caller(world, one, "19900001111")
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.MERGE))
    it.press("F7")
    dialog = it.dialog("MergeDialog")
    it.until(lambda: dialog.likely.count() == 1)
    dialog.number.setFocus()
    it.press("Down")
    it.until(lambda: dialog.theirs.title.text() != "")
    it.press("Ctrl+Return")
    it.is_now(ticket_id, TicketState.MERGED)
    it.until(lambda: it.page.ticket_id is None)
    assert it.said.startswith("已并入")
    assert not it.errors


def test_a_merge_without_a_main_one_is_said_beside_the_field(world, stage) -> None:
    ticket_id = open_ticket(world)
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.MERGE))
    it.press("F7")
    dialog = it.dialog("MergeDialog")
    it.press("Ctrl+Return")
    it.until(lambda: dialog.fields["main_number"].has_error)
    dialog.reject()


def test_sentences_are_divided_with_the_number_keys(world, stage) -> None:
    ticket_id = open_ticket(world, content=TWO)
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.SPLIT))
    it.press("Ctrl+Shift+S")
    dialog = it.dialog("SplitDialog")
    it.until(lambda: len(dialog._sentences) == 4)
    it.until(lambda: dialog._sentences[0].half.hasFocus())
    it.press("1", "Tab", "1", "Tab", "2", "Tab", "3")
    assert dialog.content.text().startswith("另外3栋楼下路灯")
    assert dialog.kept.text().endswith("希望尽快处理。")
    dialog.title_line.setText("楼下路灯不亮")
    it.press("Ctrl+Return")
    it.until(lambda: it.said.startswith("已拆出新单"))
    with world.reading() as session:
        assert session.query(Ticket).count() == 2


def test_a_correction_shows_the_new_limit_before_it_is_saved(world, stage) -> None:
    ticket_id = dispatched(world)
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.AMEND))
    it.press("Ctrl+G")
    dialog = it.dialog("AmendDialog")
    it.until(lambda: dialog.title_line.text() != "")
    dialog.urgency.setFocus()
    it.press("2")
    it.until(lambda: dialog.seen.isVisible())
    assert "紧急程度：一般 → 紧急" in dialog.changes.text()
    assert dialog.limit.text().startswith("办结时限 ")
    it.press("Ctrl+Return")
    it.until(lambda: dialog.fields["reason"].has_error)
    dialog.reason.setText("有老人滑倒")
    it.press("Ctrl+Return")
    it.until(lambda: it.row(ticket_id).urgency.value == "urgent")


def test_a_correction_put_aside_with_escape_is_there_again(world, stage) -> None:
    ticket_id = dispatched(world)
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.AMEND))
    it.press("Ctrl+G")
    dialog = it.dialog("AmendDialog")
    it.until(lambda: dialog.title_line.text() != "")
    dialog.title_line.selectAll()
    QTest.keyClicks(dialog.title_line, "x2")
    QTest.keyClicks(dialog.reason, "because")
    case = it.page.case_view.case
    it.press("Escape")
    it.until(lambda: QApplication.activeModalWidget() is None)
    it.moves.act(Move.AMEND, case)
    again = it.dialog("AmendDialog")
    it.until(lambda: again.title_line.text() == "x2")
    assert again.reason.text() == "because"


def test_a_co_unit_is_added_by_initials_and_dismissed(world, stage) -> None:
    ticket_id = dispatched(world)
    it = stage()
    it.page.case_view.open_case(ticket_id)
    it.until(lambda: it.page.case_view.case is not None)
    it.moves.act(Move.ADD_CO_UNIT, it.page.case_view.case)
    dialog = it.dialog("UnitDialog")
    dialog.unit.setFocus()
    QTest.keyClicks(dialog.unit, "csglj")
    it.until(lambda: dialog.unit.is_open)
    it.press("Return", "Ctrl+Return")
    it.until(lambda: len(it.page.case_view.case.co_units) == 1)
    it.moves.act(Move.DISMISS_CO_UNIT, it.page.case_view.case)
    dismissal = it.dialog("DismissDialog")
    dismissal.reason.put("不涉及")
    dismissal.reason.setFocus()
    it.press("Ctrl+Return")
    it.until(lambda: len(it.page.case_view.case.co_units) == 0)
    with world.reading() as session:
        assert session.query(Assignment).count() == 2


def test_rare_moves_are_in_the_menu_and_piles_move_by_arrows(world, stage) -> None:
    ticket_id = dispatched(world)
    it = stage()
    it.page.begin(ticket_id)
    it.until(it.may(Move.MERGE))
    foot = it.page.case_view.foot
    assert foot.findChild(KeyButton, "amend") is not None
    assert foot.findChild(KeyButton, "notify") is None
    bar = it.page.panel.tabs
    bar._group.button(0).setFocus(Qt.FocusReason.TabFocusReason)
    it.press("Right")
    assert it.page.pile is Pile.ACCEPT
