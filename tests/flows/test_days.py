"""A morning of each role, by the keys alone: what hands do between one work order and the next."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import select

from console.actions import ActionId
from console.domain.inbox import InboxTab
from console.domain.moves import Move
from console.domain.piles import Pile
from console.domain.roles import Role, Workplace
from console.domain.states import AssignmentState, TicketState
from console.ledger import Entry
from console.tour.keyboard import Keyboard
from console.views.parts.segmented import Segmented
from db.models import Assignment, Contact, PoliceTransfer, Promise, Ticket, Urging
from tests.desks import to_call_back
from tests.flows.conftest import Running
from tests.flows.test_grid_ways import picture
from tests.flows.test_routes import state_of
from tests.flows.test_supervision import overdue
from tests.journeys import dispatched
from tests.services.test_ledger import STREET, move, open_ticket
from tests.services.test_verifying import to_verify

PASSED = "网格员到场看过，摊贩已收摊离开，路面清扫干净，诉求人在场认可。"


class Hands(Keyboard):
    """Keys go to whatever has the focus; every wait is for something the operator would see."""

    def __init__(self, qtbot, running: Running) -> None:
        super().__init__(running.console.window)
        self._qtbot, self._running = qtbot, running

    def until(self, met: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(met()), timeout=8000)

    def told(self, words: str) -> None:
        self.until(lambda: words in self._running.told)

    def at(self, *names: str) -> None:
        """The focus is on a control of one of these names."""
        self.until(lambda: (w := QApplication.focusWidget()) and w.accessibleName() in names)


@pytest.fixture
def sit(qtbot, running: Running) -> Callable[[Role], Hands]:
    def begin(role: Role) -> Hands:
        running.open(role)
        window = running.console.window
        window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        return Hands(qtbot, running)

    return begin


def rows(world, table) -> list:
    with world.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def shares(world, ticket_id: int) -> list[AssignmentState]:
    return [one.state for one in rows(world, Assignment) if one.ticket_id == ticket_id]


def test_a_street_clerk_signs_five_and_goes_on_with_the_first(running: Running, sit, world) -> None:
    for _ in range(5):
        dispatched(world)
    hands = sit(Role.STREET_DESK)
    page = running.console.window.pages[Workplace.INBOX]
    hands.until(lambda: len(page.pile.rows) == 5 and page.ticket_id)
    hands.press("Shift+Down", "Shift+Down", "Shift+Down", "Shift+Down")
    hands.press("F8")
    hands.told("已签收 5 件")
    # Until the first of them is in sight a key is for nobody.
    first = rows(world, Assignment)[0].ticket_id
    hands.until(lambda: page.ticket_id == first and page.side.isEnabled())
    assert (page.pile.tab, page.side.step.words) == (InboxTab.IN_HAND, "登记联系")
    hands.press("F8")
    hands.at("联系结果")
    hands.say("已说明今天下午到现场")
    hands.press("F8")
    hands.told("已登记联系群众")
    assert [c.outcome for c in rows(world, Contact)] == ["已说明今天下午到现场"]


def test_a_street_clerk_passes_down_and_thinks_again(running: Running, sit, world) -> None:
    ticket_id = dispatched(world)
    hands = sit(Role.STREET_DESK)
    page = running.console.window.pages[Workplace.INBOX]
    hands.until(lambda: page.side.step.words == "签收")
    hands.press("Ctrl+E")
    hands.told("先按 F8 签收")
    hands.press("F8")
    hands.until(lambda: page.side.step.words == "登记联系")
    hands.press("Ctrl+I")
    hands.told("没有要反馈的督办")
    hands.press("Ctrl+Down")
    hands.at("下派意见")
    hands.say("请到场核实")
    hands.press("F8")
    hands.told("已下派给清风社区")
    hands.press("Ctrl+Z")
    hands.told("已收回下派")
    hands.until(lambda: page.pile.tab is InboxTab.IN_HAND and page.ticket_id == ticket_id)
    assert shares(world, ticket_id)[0] is AssignmentState.IN_PROGRESS
    hands.press("Ctrl+M")
    hands.say("明天上午十点前回电")
    hands.press("F8")
    hands.told("已登记承诺")
    assert len(rows(world, Promise)) == 1
    hands.press("Ctrl+Tab")
    hands.until(lambda: page.pile.tab is InboxTab.PASSED_DOWN and page.pile.table.hasFocus())


def test_a_grid_leader_settles_on_site_with_pictures(
    running: Running, sit, world, tmp_path, monkeypatch
) -> None:
    shots = [str(picture(tmp_path, name)) for name in ("after.jpg", "before.jpg")]
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_args: ([shots.pop(0)] if shots else [], "")
    )
    hands = sit(Role.GRID_LEADER)
    page = running.console.window.pages[Workplace.INBOX]
    hands.press("Ctrl+N")
    form = page.reports.panel
    hands.until(lambda: form.isVisible() and form.place.hasFocus() and form._categories)
    hands.say("宝丽西街123号")
    hands.until(lambda: form.grid.value is not None)
    hands.press("Tab", "Tab")
    hands.type("xsd")
    hands.press("Down", "Return", "Tab", "Tab")
    hands.at("情况说明")
    hands.say("下水道口堵了一周，污水流到路面上。")
    hands.press("Tab", "1")
    assert "至少 20 字" in form.fields["result"].hint.text()
    hands.press("Tab")
    hands.say(PASSED)
    hands.press("Ctrl+O", "Ctrl+O", "F8")
    hands.until(lambda: [t.state for t in rows(world, Ticket)] != [])
    assert rows(world, Ticket)[0].state in (TicketState.CLOSED, TicketState.PENDING_CALLBACK)


def test_a_grid_leader_verifies_with_a_picture(
    running: Running, sit, world, tmp_path, monkeypatch
) -> None:
    ticket_id = to_verify(world, tmp_path, picture)
    seen = str(picture(tmp_path, "seen.jpg"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([seen], ""))
    hands = sit(Role.GRID_LEADER)
    page = running.console.window.pages[Workplace.INBOX]
    while page.pile.tab is not InboxTab.TO_VERIFY:
        hands.press("Ctrl+Tab")
    hands.until(lambda: page.ticket_id == ticket_id)
    hands.press("F8")
    hands.at("核查结论")
    hands.press("1", "Ctrl+O")
    evidence = page.side.panel.evidence
    hands.until(lambda: any(z.count for k, z in evidence.zones.items() if k.endswith("after")))
    page.side.panel.result.setFocus()
    hands.say(PASSED)
    hands.press("F8")
    hands.until(lambda: state_of(world, ticket_id) is TicketState.PENDING_CALLBACK)


def test_a_dispatcher_takes_three_and_refuses_a_return(running: Running, sit, world) -> None:
    waiting = [open_ticket(world) for _ in range(3)]
    asked = open_ticket(world)
    move(world, asked, Role.AGENT, Entry(Move.DISPATCH, {"unit": STREET}))
    grounds = {"reason": "2", "basis": "三定方案第五条", "suggested_unit": "城市管理局"}
    move(world, asked, Role.STREET_DESK, Entry(Move.ASK_RETURN, grounds))
    hands = sit(Role.DISPATCHER)
    page = running.console.window.pages[Workplace.DISPATCH]
    hands.until(lambda: page.panel.table.model().rowCount() == 3)
    for _ in waiting:
        hands.press("F5")
        hands.until(lambda: page.case is not None and page.decide.isEnabled())
        hands.press("F8")
        hands.told("已派给")
        hands.until(lambda: page.ticket_id is None)
    assert {state_of(world, one) for one in waiting} == {TicketState.PENDING_SIGN}
    while page.panel.pile != Pile.RETURNS:
        hands.press("Ctrl+Tab")
    hands.until(lambda: page.panel.table.model().rowCount() == 1)
    hands.press("F5")
    hands.at("裁定意见")
    hands.until(lambda: page.redo.isEnabled())
    hands.say("属你单位职责，请按期办理")
    hands.press("Ctrl+B")
    hands.told("已不同意退单")
    assert state_of(world, asked) is TicketState.IN_PROGRESS


def test_a_dispatcher_splits_and_tab_goes_on_to_the_titles(running: Running, sit, world) -> None:
    open_ticket(world)
    hands = sit(Role.DISPATCHER)
    page = running.console.window.pages[Workplace.DISPATCH]
    hands.press("F5")
    hands.until(lambda: page.case is not None and page.decide.isEnabled())
    hands.press("Ctrl+Shift+S")
    hands.until(lambda: isinstance(QApplication.focusWidget(), Segmented))
    while isinstance(QApplication.focusWidget(), Segmented):
        hands.press("Tab")
    assert QApplication.focusWidget().accessibleName() == "原单标题"
    hands.press("Tab")
    assert QApplication.focusWidget().accessibleName() == "新单标题"
    hands.press("Escape")


def test_an_overseers_key_is_for_the_row_it_was_pressed_on(running: Running, sit, world) -> None:
    first, second = overdue(world), overdue(world)
    hands = sit(Role.OVERSEER)
    board = running.console.frame.routes.supervision.board
    hands.until(lambda: len(board.table.records.rows) == 2)
    hands.until(lambda: board.side._dossier is not None)
    top = board.table.current.id
    # No waiting between the arrow and the key: hands are faster than the case is read.
    hands.press("Down", "F8")
    hands.at("催办原因")
    other = second if top == first else first
    assert board.side.case.row.id == other
    hands.say("请今天办结")
    hands.press("F8")
    hands.told("已催办")
    urged = [(u.ticket_id, u.reason) for u in rows(world, Urging)]
    assert urged == [(other, "请今天办结")], "typing replaces the suggested words"


def test_words_for_one_are_not_sent_to_many(running: Running, sit, world) -> None:
    overdue(world)
    overdue(world)
    hands = sit(Role.OVERSEER)
    board = running.console.frame.routes.supervision.board
    hands.until(lambda: board.side._dossier is not None)
    hands.press("F8")
    hands.at("催办原因")
    hands.say("只对这一件说的话")
    hands.press("Escape")
    hands.until(lambda: board.side.open_form is None)
    board.table.setFocus()
    hands.press("Home", "Space", "Down", "Space", "F8")
    hands.at("催办原因")
    hands.press("F8")
    hands.told("已催办 2 件")
    assert not any("只对这一件" in u.reason for u in rows(world, Urging))


def test_a_callback_that_ends_in_a_redo(running: Running, sit, world) -> None:
    ticket_id = to_call_back(world)
    hands = sit(Role.REVISITOR)
    page = running.console.window.pages[Workplace.CALLBACK]
    hands.press("F8")
    # Nothing is claimed: whether the list is there yet or not, the key says why it does nothing.
    hands.until(lambda: any(w in running.told for w in ("先按 F5 领取一件", "现在还不能按")))
    hands.press("F5")
    hands.at("是否联系")
    redo = next(a for a in page.actions() if a.objectName() == ActionId.REDO)
    hands.until(redo.isEnabled)
    hands.press("2", "3", "4", "1")
    hands.press("Ctrl+B")
    hands.at("来电人意见")
    hands.say("下水道仍然堵着，要求重新疏通")
    hands.press("Ctrl+B")
    hands.told("已发回重办")
    assert state_of(world, ticket_id) is TicketState.REDO
    hands.until(lambda: page.ticket_id is None)


def test_an_agent_hands_a_caller_to_the_police_and_promises(running: Running, sit, world) -> None:
    hands = sit(Role.AGENT)
    intake = running.console.frame.intake
    intake.record.content.setFocus()
    hands.say("宝丽西街有人持刀打架")
    hands.press("F9")
    hands.at("对方工号")
    hands.press("Ctrl+Return")
    hands.told("已登记转接")
    assert len(rows(world, PoliceTransfer)) == 1
    hands.press("Ctrl+M")
    hands.say("明天上午十点前回电")
    hands.press("Return")
    hands.told("承诺已记下")
