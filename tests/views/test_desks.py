"""Dispatch, review, callback and archive by keyboard alone, on real services and a real database."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.domain.moves import Move
from console.domain.roles import Role, Workplace
from console.domain.states import NotReached, TicketState, Urgency
from console.jobs import Jobs
from console.ledger import Entry
from console.services.archiving import Archiving
from console.services.callbacks import Callbacks
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.orders import Orders
from console.services.reviewing import Reviewing
from console.theme import Scheme, Theme
from console.views.archive import ArchivePanel
from console.views.callback import CallbackPage
from console.views.dispatch import DispatchPage
from console.views.main_window import MainWindow
from db.models import Account, Assignment, Callback, Snippet, Ticket
from tests.desks import closed, move, replied, to_call_back
from tests.journeys import DEPARTMENT, STREET, open_ticket, version_of
from tests.world import operator, seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


class Stage:
    """A page in the real window, and the keyboard."""

    def __init__(self, qtbot, jobs: Jobs, world, role: Role, place: Workplace, page) -> None:
        self.qtbot, self.world, self.page = qtbot, world, page
        Theme(QApplication.instance(), Scheme.LIGHT)
        self.window = MainWindow(operator(role), {place: page})
        self.errors: list[Exception] = []
        page.said.connect(self.window.message.say)
        page.failed.connect(self.errors.append)
        jobs.unhandled.connect(self.errors.append)
        if hasattr(page, "undo_offered"):
            page.undo_offered.connect(self.window.message.offer_undo)
            self.window.message.undo.connect(page.undo)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def press(self, *keys: str) -> None:
        for key in keys:
            combination = QKeySequence(key)[0]
            where = QApplication.focusWidget() or self.window
            QTest.keyClick(where, combination.key(), combination.keyboardModifiers())

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def until(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)

    def ready(self) -> None:
        """The case is read and F8 may be pressed."""
        self.until(self.page.decide.isEnabled)

    def row(self, ticket_id: int) -> Ticket:
        with self.world.reading() as session:
            return session.get_one(Ticket, ticket_id)

    def is_now(self, ticket_id: int, state: TicketState) -> None:
        self.until(lambda: self.row(ticket_id).state is state)

    @property
    def said(self) -> str:
        return self.window.message.sentence.text()


@pytest.fixture
def dispatch(qtbot, jobs, world):
    def make(role: Role = Role.DISPATCHER) -> Stage:
        seat = seat_for(world, role)
        page = DispatchPage(jobs, Dispatching(seat), Reviewing(seat), Deciding(seat), Orders(seat))
        return Stage(qtbot, jobs, world, role, Workplace.DISPATCH, page)

    return make


@pytest.fixture
def callback(qtbot, jobs, world):
    def make() -> Stage:
        seat = seat_for(world, Role.REVISITOR)
        page = CallbackPage(jobs, Callbacks(seat), Orders(seat))
        return Stage(qtbot, jobs, world, Role.REVISITOR, Workplace.CALLBACK, page)

    return make


# --- dispatch


def test_two_keys_dispatch_to_the_suggested_unit_and_one_takes_it_back(world, dispatch) -> None:
    ticket_id = open_ticket(world)
    stage = dispatch()
    stage.press("F5")
    form = stage.page.form
    stage.until(lambda: form.unit.value is not None and form.unit.hasFocus())
    stage.ready()
    assert form.unit.selectedText() == "清河街道办事处"
    assert form.fields["unit"].hint.text() == "按网格归属：宝丽西街单号101至199号"
    assert "前签收" in form.deadlines.text()
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_SIGN)
    stage.until(lambda: stage.said.startswith("已派给清河街道办事处"))
    assert stage.page.ticket_id is None
    stage.press("Ctrl+Z")
    stage.is_now(ticket_id, TicketState.PENDING_DISPATCH)
    stage.until(lambda: stage.page.ticket_id == ticket_id)
    stage.ready()
    assert form.unit.text() == "清河街道办事处"


def test_another_unit_a_co_unit_and_a_phrase_by_initials(world, dispatch) -> None:
    with world.writing.begin() as session:
        session.add(Snippet(initials="xchs", title="现场核实", text="请现场核实"))
    ticket_id = open_ticket(world)
    stage = dispatch()
    stage.press("F5")
    form = stage.page.form
    stage.until(lambda: form.unit.value is not None and form.unit.hasFocus())
    stage.type("csglj")
    stage.until(lambda: form.unit.is_open)
    stage.press("Tab")
    stage.type("qhjd")
    stage.until(lambda: form.co_units.line.is_open)
    stage.press("Return", "Tab")
    stage.type("::xchs ")
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_SIGN)
    with world.reading() as session:
        shares = session.scalars(select(Assignment).order_by(Assignment.seq)).all()
        assert [share.unit_id for share in shares] == [DEPARTMENT, STREET]
    assert stage.row(ticket_id).dispatch_opinion == "请现场核实"


def test_without_a_unit_the_sentence_is_beside_the_field(world, dispatch) -> None:
    open_ticket(world, grid_id=None)
    stage = dispatch()
    stage.press("F5")
    stage.until(stage.page.form.unit.hasFocus)
    stage.ready()
    stage.press("F8")
    field = stage.page.form.fields["unit"]
    stage.until(lambda: field.has_error)
    assert "请选择主办单位" in field.error.text()
    assert stage.page.form.unit.hasFocus()
    assert not stage.errors


def test_what_was_typed_stays_with_its_work_order(world, dispatch) -> None:
    first, second = open_ticket(world), open_ticket(world)
    stage = dispatch()
    stage.press("F5")
    stage.until(stage.page.form.unit.hasFocus)
    stage.ready()
    stage.page.form.opinion.setFocus()
    stage.type("half said")
    stage.press("F5")
    stage.until(lambda: stage.page.ticket_id == second and stage.page.case is not None)
    assert stage.page.form.opinion.text == ""
    stage.press("F5")
    stage.until(lambda: stage.page.ticket_id == first and stage.page.case is not None)
    assert stage.page.form.opinion.text == "half said"


def test_a_change_by_someone_else_is_said_and_the_text_stays(world, dispatch) -> None:
    ticket_id = open_ticket(world)
    stage = dispatch()
    stage.press("F5")
    stage.until(stage.page.form.unit.hasFocus)
    stage.ready()
    stage.page.form.opinion.setFocus()
    stage.type("kept")
    move(world, ticket_id, Role.AGENT, Entry(Move.NOTE, {"note": "补充"}))
    stage.press("F8")
    stage.until(lambda: len(stage.errors) == 1)
    assert "刚被他人修改" in str(stage.errors[0])
    stage.until(lambda: stage.page.case.row.version == version_of(world, ticket_id))
    stage.ready()
    assert stage.page.form.opinion.text == "kept"
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_SIGN)


def test_an_outside_report_is_accepted_and_goes_on_to_dispatch(world, dispatch) -> None:
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, ticket_id).state = TicketState.PENDING_ACCEPT
    stage = dispatch()
    stage.press("Ctrl+Tab", "F5")
    stage.ready()
    assert stage.page.decide.text() == "受理"
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_DISPATCH)
    stage.until(lambda: stage.page.pile == "dispatch" and stage.page.form.unit.hasFocus())
    stage.ready()
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_SIGN)


def test_several_at_once_with_a_result_for_each(world, dispatch) -> None:
    ids = [open_ticket(world, title=f"第{n}件") for n in range(3)]
    with world.writing.begin() as session:
        session.get_one(Ticket, ids[1]).return_count = 3
    stage = dispatch()
    table = stage.page.panel.table
    stage.until(lambda: table.records.rowCount() == 3)
    table.setFocus()
    stage.press("Home", "Space", "Down", "Space", "Down", "Space")
    assert stage.page.is_bulk
    stage.page.form.unit.setFocus()
    stage.type("qhjd")
    stage.until(lambda: stage.page.form.unit.is_open)
    stage.press("Return", "F8")
    stage.until(lambda: all(outcome.done is not None for outcome in stage.page.many.outcomes))
    results = {outcome.row.id: outcome for outcome in stage.page.many.outcomes}
    assert [results[key].done for key in ids] == [True, False, True]
    assert results[ids[0]].words == "已派给清河街道办事处"
    assert "已退回 3 次" in results[ids[1]].words
    assert stage.said == "已派单 2 件，1 件未派出，原因见列表"


def test_the_queue_shows_urgent_first_and_who_has_it(world, dispatch) -> None:
    calm, urgent = open_ticket(world), open_ticket(world, urgency=Urgency.CRITICAL)
    with world.writing.begin() as session:
        session.add(
            Account(id=90, login="q", agent_no="0032", name="钱进", role="dispatcher", unit_id=1)
        )
    other = seat_for(world, Role.DISPATCHER)
    other.sit(replace(operator(Role.DISPATCHER), account_id=90))
    Dispatching(other).hold(urgent)
    stage = dispatch()
    stage.until(lambda: stage.page.panel.table.records.rowCount() == 2)
    first = stage.page.panel.table.records.index(0, 0)
    assert first.data().startswith("特急，")
    assert first.data().endswith("钱进 办理中")
    stage.press("F5")
    stage.until(lambda: stage.page.ticket_id == calm)


def test_the_row_that_is_open_is_marked_even_with_ctrl_held(world, dispatch) -> None:
    for title in ("路灯不亮", "井盖破损", "下水道堵塞"):
        open_ticket(world, title=title)
    stage = dispatch()
    table = stage.page.panel.table
    stage.until(lambda: table.records.rowCount() == 3)
    table.setFocus()
    stage.press("Ctrl+End")
    stage.until(lambda: stage.page.ticket_id == table.records.rows[2].id)
    assert [index.row() for index in table.selectionModel().selectedRows()] == [2]


def test_an_empty_queue_says_so(dispatch) -> None:
    stage = dispatch()
    stage.until(lambda: stage.page.empty.title.text() == "待派单已清空")
    stage.press("F5")
    stage.until(lambda: stage.said == "没有可领取的工单了")


# --- review


def test_alt_1_passes_a_reply_read_side_by_side(world, dispatch) -> None:
    ticket_id = replied(world)
    stage = dispatch()
    stage.press("Ctrl+Tab", "Ctrl+Tab", "F5")
    stage.ready()
    review = stage.page.review
    assert review.inside.toPlainText().startswith("经查，油污来自")
    assert review.outside.toPlainText().startswith("您反映的下水道堵塞")
    stage.press("Alt+1")
    stage.is_now(ticket_id, TicketState.PENDING_CALLBACK)
    stage.until(lambda: stage.said.startswith("审核通过，已转回访"))


def test_sending_back_asks_for_the_comment_beside_its_field(world, dispatch) -> None:
    ticket_id = replied(world)
    stage = dispatch()
    stage.press("Ctrl+Tab", "Ctrl+Tab", "F5")
    stage.ready()
    stage.press("Ctrl+B")
    review = stage.page.review
    stage.until(lambda: review.fields["comment"].has_error)
    assert review.comment.hasFocus()
    stage.type("what about the pavement")
    assert not review.fields["comment"].has_error
    stage.press("Ctrl+B")
    stage.is_now(ticket_id, TicketState.REDO)
    assert stage.row(ticket_id).review_comment == "what about the pavement"


def test_alt_2_sends_a_reply_to_be_seen_on_site(world, dispatch) -> None:
    ticket_id = replied(world)
    stage = dispatch()
    stage.press("Ctrl+Tab", "Ctrl+Tab", "F5")
    stage.ready()
    assert stage.page.review.buttons[1].isVisible()
    stage.press("Alt+2")
    stage.is_now(ticket_id, TicketState.PENDING_VERIFY)
    stage.until(lambda: stage.page.panel.tabs.tabText(5) == "待核查 1")


# --- callback


def begin(stage: Stage) -> None:
    stage.press("F5")
    stage.until(stage.page.form.contacted.hasFocus)
    stage.until(lambda: bool(stage.page.form.opening.text()))
    stage.ready()


def test_a_call_is_six_keys_and_undo_brings_the_answers_back(world, callback) -> None:
    ticket_id = to_call_back(world)
    stage = callback()
    begin(stage)
    assert "0041" in stage.page.form.opening.text()
    stage.press("1", "1", "2", "1", "F8")
    stage.is_now(ticket_id, TicketState.CLOSED)
    stage.until(lambda: stage.said.startswith("已回访结案"))
    with world.reading() as session:
        row = session.scalars(select(Callback)).one()
        assert (row.satisfaction, row.hotline_satisfaction) == ("satisfied", "very_satisfied")
    stage.press("Ctrl+Z")
    stage.is_now(ticket_id, TicketState.PENDING_CALLBACK)
    stage.until(lambda: stage.page.ticket_id == ticket_id)
    stage.ready()
    stage.until(lambda: stage.page.form.satisfaction.value is not None)
    assert stage.page.form.answers().resolution == "resolved"


def test_a_dissatisfied_citizen_is_asked_why(world, callback) -> None:
    ticket_id = to_call_back(world)
    stage = callback()
    begin(stage)
    stage.press("1", "3", "4", "F8")
    field = stage.page.form.fields["dissatisfied_reason"]
    stage.until(lambda: field.has_error)
    assert stage.page.form.reason.hasFocus()
    stage.press("1", "6", "F8")
    stage.until(lambda: stage.page.form.fields["comment"].has_error)
    assert "仍要结案的请写明理由" in stage.page.form.fields["comment"].error.text()
    stage.type("told of the court")
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.CLOSED)
    with world.reading() as session:
        assert session.scalars(select(Callback.dissatisfied_reason)).all() == ["结果"]


def test_missing_answers_are_shown_beside_their_questions(world, callback) -> None:
    to_call_back(world)
    stage = callback()
    begin(stage)
    stage.press("1", "F8")
    fields = stage.page.form.fields
    stage.until(lambda: fields["resolution"].has_error)
    assert fields["satisfaction"].has_error
    assert not fields["contacted"].has_error
    assert stage.page.form.resolution.hasFocus()


def test_a_call_closed_without_any_answer_points_at_every_question(world, callback) -> None:
    to_call_back(world)
    stage = callback()
    begin(stage)
    stage.press("F8")
    fields = stage.page.form.fields
    asked = ("contacted", "resolution", "satisfaction")
    stage.until(lambda: all(fields[name].has_error for name in asked))
    assert stage.page.form.contacted.hasFocus()
    assert not fields["hotline_satisfaction"].has_error


def test_nobody_there_is_two_keys_and_the_third_time_may_close(world, callback) -> None:
    ticket_id = to_call_back(world)
    desk = Callbacks(seat_for(world, Role.REVISITOR))
    for _ in range(2):
        seen = version_of(world, ticket_id)
        desk.not_reached(ticket_id, NotReached.NO_ANSWER, seen, early="家属请求马上再拨")
    stage = callback()
    stage.until(lambda: stage.page.panel.table.records.rowCount() == 1)
    stage.press("F5")
    stage.until(lambda: "未到再拨时间" in stage.said)
    stage.press("Home", "Return")
    stage.until(stage.page.form.contacted.hasFocus)
    stage.ready()
    assert stage.page.form.attempts.text() == "已拨 2 次未通，共 3 次"
    stage.press("F4")
    assert stage.page.form.unreached.early.hasFocus()
    assert stage.page.form.unreached.early_field.hint.text().startswith("下次可拨 ")
    stage.press("Return", "3")
    stage.until(lambda: stage.page.form.unreached.early_field.has_error)
    stage.type("asked to")
    stage.press("Return")
    stage.page.form.why.choose(None)
    stage.press("3")
    stage.until(lambda: stage.page.form.attempts.text() == "已拨 3 次未通，共 3 次")
    stage.ready()
    assert "按未接通结案" in stage.page.form.fields["contacted"].hint.text()
    assert "F8 按未接通结案" in stage.said
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.CLOSED)


def test_redo_needs_a_comment(world, callback) -> None:
    ticket_id = to_call_back(world)
    stage = callback()
    begin(stage)
    stage.press("1", "3", "Ctrl+B")
    strip = stage.page.form.redo_strip
    assert strip.isVisible()
    assert strip.words.text().startswith("发回清河街道办事处，须于")
    assert stage.page.form.comment.hasFocus()
    stage.press("Ctrl+B")
    stage.until(lambda: stage.page.form.fields["comment"].has_error)
    stage.type("still blocked")
    stage.press("Ctrl+B")
    stage.is_now(ticket_id, TicketState.REDO)
    stage.until(lambda: stage.said.startswith("已发回重办"))


# --- archive


def test_all_are_ticked_archived_and_their_reports_offered(qtbot, jobs, world) -> None:
    supervised, fine = closed(world), closed(world)
    with world.writing.begin() as session:
        session.get_one(Ticket, supervised).supervision = 100
    panel = ArchivePanel(jobs, Archiving(seat_for(world, Role.CLERK)))
    stage = Stage(qtbot, jobs, world, Role.CLERK, Workplace.REPORTS, panel)
    panel.table.setFocus(Qt.FocusReason.OtherFocusReason)
    stage.until(lambda: panel.table.records.rowCount() == 2)
    against = [panel.table.records.index(at, 5).data() for at in range(2)]
    assert against == ["督办尚未解除", "可归档"]
    stage.press("Ctrl+A")
    assert panel.count.text() == "已勾选 1 件　1 件还不能归档　共 2 件"
    panel.table.records.check((supervised, fine))
    stage.press("F8")
    stage.until(lambda: panel.stack.currentWidget() is panel.results)
    assert [outcome.done for outcome in panel.results.outcomes] == [False, True]
    assert panel.results.outcomes[0].words == "督办尚未解除，不能归档"
    assert stage.said == "已归档 1 件，1 件未归档，原因见列表"
    with qtbot.waitSignal(panel.report_wanted) as wanted:
        stage.press("F8")
    assert wanted.args == [(fine,)]
    with qtbot.waitSignal(panel.index_wanted) as wanted:
        stage.press("Ctrl+J")
    assert wanted.args == [(fine,)]
    stage.press("Esc")
    assert panel.table.hasFocus()
    stage.is_now(fine, TicketState.ARCHIVED)
