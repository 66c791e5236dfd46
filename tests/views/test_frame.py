"""The frame: it navigates, a ring takes no focus, the sign-in says what is wrong."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from console.actions import ActionId, actions_of
from console.domain.errors import Invalid, Unavailable
from console.domain.roles import Operator, Role, Workplace
from console.jobs import Jobs
from console.settings import WORKPLACE, Settings
from console.theme import Scheme, Theme
from console.views.call_bar import AgentState, CallBar, CallFacts, PhoneState
from console.views.key_sheet import KeySheet
from console.views.main_window import MainWindow
from console.views.sign_in import SignIn
from tests.gallery import FakeSignIn
from tests.views.ime import compose

AGENT = Operator(1, "0017", "李敏", Role.AGENT, 1, "热线中心", "4306")
FACTS = CallFacts("138****5678", 3, "楼台区", "移动", datetime.now(UTC))


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def window(qtbot, qapp, tmp_path):
    Theme(qapp, Scheme.LIGHT)
    pages = {place: QLineEdit() for place in Workplace}
    made = MainWindow(AGENT, pages, Settings(tmp_path / "s.json"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_each_role_sees_its_own_places(window):
    own = (
        Workplace.INTAKE, Workplace.ORDERS, Workplace.REPORTS, Workplace.LINKAGE, Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    )  # fmt: skip
    assert tuple(window.pages) == own
    assert window.place is Workplace.INTAKE


def test_ctrl_number_goes_there_and_it_is_remembered(qtbot, window):
    with qtbot.waitSignal(window.place_shown):
        qtbot.keySequence(window.stack.currentWidget(), QKeySequence("Ctrl+2"))
    assert window.place is Workplace.ORDERS
    assert window.pages[Workplace.ORDERS].hasFocus()
    assert window._settings.get(WORKPLACE) == "orders"


def test_a_ring_never_takes_the_keyboard(qtbot, window):
    page = window.pages[Workplace.INTAKE]
    page.setFocus()
    compose(page, "xia")
    window.call_bar.show_ring(FACTS)
    assert page.hasFocus()
    qtbot.keyClicks(page, "abc")
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert "abc" in page.text()
    assert window.call_bar.phone_state is PhoneState.RINGING


def test_f2_answers_from_anywhere(qtbot, window):
    window.call_bar.show_ring(FACTS)
    with qtbot.waitSignal(window.wanted) as wanted:
        qtbot.keyClick(window.stack.currentWidget(), Qt.Key.Key_F2)
    assert wanted.args == [ActionId.ANSWER]
    window.call_bar.show_call(replace(FACTS, since=datetime.now(UTC)))
    assert window.call_bar.state.text().startswith("通话 00:0")
    assert window.call_bar.agent_state.currentData() == AgentState.TALKING


def test_f3_finds_and_tab_stays_in_the_page_first(qtbot, window):
    qtbot.keyClick(window.stack.currentWidget(), Qt.Key.Key_F3)
    assert window.call_bar.find.hasFocus()
    first = window.nextInFocusChain()
    while first.focusPolicy() == Qt.FocusPolicy.NoFocus or isinstance(first, MainWindow):
        first = first.nextInFocusChain()
    assert first is window.pages[Workplace.INTAKE]


def test_f1_shows_the_keys_of_the_place(qtbot, window):
    qtbot.keyClick(window.stack.currentWidget(), Qt.Key.Key_F1)
    sheet = window._sheet
    qtbot.waitUntil(sheet.isVisible)
    words = [child.text() for child in sheet.findChildren(QWidget) if hasattr(child, "text")]
    assert "提交并派单" in words
    assert "退单" not in words, "not an agent's"
    qtbot.keyClick(sheet, Qt.Key.Key_F1)


def test_f1_offers_nobody_a_key_that_he_does_not_have():
    watched = {role: actions_of(Workplace.SUPERVISION, role) for role in Role}
    names = {role: {action.id for action in actions} for role, actions in watched.items()}
    acting = {ActionId.PROMISE, ActionId.KEEP_PROMISE, ActionId.TAG, ActionId.UNDO}
    assert not names[Role.INSPECTOR] & acting
    assert acting <= names[Role.SUPERVISOR]
    assert ActionId.BLOCKED in {a.id for a in actions_of(Workplace.ORDERS, Role.SUPERVISOR)}


def test_ctrl_z_undoes_the_last_dispatch(qtbot, window):
    undone = []
    window.message.undo.connect(undone.append)
    window.message.offer_undo("已派单。", "撤销派单", 5)
    qtbot.keySequence(window.stack.currentWidget(), QKeySequence("Ctrl+Z"))
    assert undone == [5]


def test_practice_cannot_be_mistaken(window):
    window.show_training(True)
    assert window.call_bar.stamp.isVisible()
    assert window.centralWidget().layout().contentsMargins().left() == 6
    window.show_training(False)
    assert not window.call_bar.stamp.isVisible()


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900), (1920, 1080), (1024, 640)])
def test_nothing_is_clipped_at_any_size(qtbot, window, size):
    window.resize(*size)
    window.call_bar.show_ring(FACTS)
    qtbot.waitUntil(lambda: window.width() == size[0])
    bar = window.call_bar
    assert bar.minimumSizeHint().width() <= bar.width()


def test_a_state_that_follows_the_call_is_not_for_choosing(qtbot):
    bar = CallBar()
    qtbot.addWidget(bar)
    bar.show_agent_state(AgentState.WRAP_UP)
    assert bar.agent_state.currentText() == "话后整理"
    bar.show_agent_state(AgentState.READY)
    assert [bar.agent_state.itemText(at) for at in range(bar.agent_state.count())] == [
        "示闲",
        "示忙",
        "小休",
    ]


def test_demo_people_are_picked_by_number(qtbot, jobs):
    form = SignIn(FakeSignIn(), jobs, demo=True)
    qtbot.addWidget(form)
    qtbot.waitUntil(lambda: len(form._cards) == 11)
    with qtbot.waitSignal(form.signed_in) as signed:
        qtbot.keyClick(form, Qt.Key.Key_3)
    assert signed.args[0].role is Role.DISPATCHER
    assert form._move(Qt.Key.Key_Down)
    with qtbot.waitSignal(form.signed_in) as signed:
        qtbot.keyClick(form._cards[10], Qt.Key.Key_Return)
    assert signed.args[0].role is Role.ADMIN


def test_a_wrong_password_is_said_beside_it(qtbot, jobs):
    form = SignIn(FakeSignIn(Invalid("密码不对。", field="password")), jobs)
    qtbot.addWidget(form)
    form._enter()
    assert form.fields["name"].has_error
    form.name.setText("0017")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    form.password.setText("x")
    qtbot.keyClick(form.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: form.fields["password"].has_error)
    assert form.password.text() == "x"
    assert form.enter.isEnabled()


def test_a_right_password_signs_in_and_is_forgotten(qtbot, jobs):
    service = FakeSignIn(known=("0017", "geheim"))
    form = SignIn(service, jobs)
    qtbot.addWidget(form)
    qtbot.waitUntil(lambda: form.name.text() == "0017")
    with qtbot.waitSignal(form.signed_in):
        form.enter.click()
    assert service.asked == [("0017", "geheim", True)]
    assert form.password.text() == ""


def test_without_a_vault_one_still_signs_in(qtbot, jobs):
    class NoVault(FakeSignIn):
        def remembered(self):
            raise Unavailable("没有凭据库")

    form = SignIn(NoVault(), jobs)
    qtbot.addWidget(form)
    qtbot.waitUntil(lambda: not form.remember.isEnabled())


def test_the_key_sheet_opens_for_every_role(qtbot):
    for role in Role:
        sheet = KeySheet(None, role, ())
        qtbot.addWidget(sheet)
        assert sheet.sizeHint().height() < 700


def test_who_takes_no_calls_sees_the_workplace_instead_of_a_telephone(qtbot, qapp):
    Theme(qapp, Scheme.LIGHT)
    clerk = Operator(3, "1001", "吴红云", Role.STREET_DESK, 10, "望台街道", "4306")
    made = MainWindow(clerk, {place: QLineEdit() for place in Workplace})
    qtbot.addWidget(made)
    made.show()
    made.show_place(Workplace.INBOX)
    bar = made.call_bar
    assert (bar.number.text(), bar.agent_state.isVisible()) == ("承办", False)
    assert not bar.handset.isVisible()
