"""F3 from the keyboard: grouped, never in the way of typing."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from console.actions import ActionId
from console.domain.finding import Kind
from console.domain.roles import Role, Workplace
from console.jobs import Jobs
from console.services.finding import Finding
from console.theme import Scheme, Theme
from console.views.finder import Finder
from console.views.main_window import MainWindow
from db.search import index_ticket
from tests.journeys import dispatched
from tests.views.ime import commit, compose
from tests.world import operator, seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def city(world):
    ticket_id = dispatched(world)
    with world.writing.begin() as session:
        index_ticket(session, ticket_id, "下水道堵塞，油污外溢")
    return world, ticket_id


@pytest.fixture
def window(qtbot, qapp, jobs, city):
    db, _ticket = city
    Theme(qapp, Scheme.LIGHT)
    pages = {place: QLineEdit() for place in (Workplace.INTAKE, Workplace.ORDERS)}
    made = MainWindow(operator(Role.AGENT), pages)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.finder = Finder(jobs, Finding(seat_for(db, Role.AGENT)), made.call_bar.find, made)
    made.call_bar.focus_find()
    return made


def type_in(qtbot, window, words: str) -> None:
    line = window.call_bar.find
    line.setText("")
    qtbot.keyClicks(line, words) if words.isascii() else commit(line, words)
    qtbot.waitUntil(lambda: window.finder.is_open)


def test_tail_of_a_phone_shows_residents_and_enter_fills_the_caller_in(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    assert [hit.kind for hit in window.finder.list.hits[:2]] == [Kind.RESIDENT, Kind.RESIDENT]
    qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Down)
    second = window.finder.list.current
    with qtbot.waitSignal(window.finder.fill_caller) as told:
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert told.args == [second.id]
    assert not window.finder.is_open
    assert window.call_bar.find.text() == ""


def test_a_work_order_opens(qtbot, window, city) -> None:
    _db, ticket_id = city
    type_in(qtbot, window, "油污外溢")
    with qtbot.waitSignal(window.finder.open_ticket) as told:
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert told.args == [ticket_id]


def test_arrows_stop_at_the_ends_and_skip_headings(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    line, found = window.call_bar.find, window.finder.list
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert found.at == 0
    for _ in range(20):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert found.at == len(found.hits) - 1


def test_the_list_never_has_the_focus(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    assert window.call_bar.find.hasFocus()
    qtbot.mouseMove(window.finder.list, QPoint(40, 50))
    assert window.call_bar.find.hasFocus()
    with qtbot.waitSignal(window.finder.fill_caller):
        qtbot.mouseClick(window.finder.list, Qt.MouseButton.LeftButton, pos=QPoint(60, 45))


def test_a_second_esc_leads_back_to_where_one_was_typing(qtbot, window) -> None:
    field = window.stack.currentWidget()
    field.setFocus()
    window.call_bar.focus_find()
    type_in(qtbot, window, "1234")
    line = window.call_bar.find
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.hasFocus()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert field.hasFocus()
    assert line.text() == ""


def test_esc_closes_the_list_and_nothing_else(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Escape)
    assert not window.finder.is_open
    assert window.call_bar.find.text() == "1234"
    assert window.call_bar.find.hasFocus()


def test_a_composition_is_not_disturbed(qtbot, window, jobs) -> None:
    type_in(qtbot, window, "1234")
    line = window.call_bar.find
    compose(line, "you'wu")
    assert not window.finder.is_open
    window.finder._ask("油污")
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert not window.finder.is_open
    commit(line, "油污")
    line.setText("油污")
    window.finder._ask("油污")
    qtbot.waitUntil(lambda: window.finder.is_open)


def test_a_late_answer_for_other_words_is_dropped(qtbot, window, jobs) -> None:
    window.call_bar.find.setText("油污")
    window.finder._ask("1234")
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert not window.finder.is_open


def test_leaving_the_line_closes_the_list(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    window.pages[Workplace.INTAKE].setFocus()
    assert not window.finder.is_open


def test_nothing_found_says_what_else_to_try(qtbot, window) -> None:
    type_in(qtbot, window, "火星")
    assert window.finder.list.current is None
    assert "没有找到" in window.finder.list.accessibleDescription()
    qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert window.finder.is_open


def test_units_places_and_commands(qtbot, window) -> None:
    type_in(qtbot, window, "qhjd")
    with qtbot.waitSignal(window.finder.show_unit) as told:
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert told.args[0].key == "990101001"
    type_in(qtbot, window, "宝丽小区3栋")
    with qtbot.waitSignal(window.finder.show_place):
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    type_in(qtbot, window, ">工单池")
    with qtbot.waitSignal(window.finder.go) as told:
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert told.args == [Workplace.ORDERS]
    type_in(qtbot, window, ">切换明暗")
    with qtbot.waitSignal(window.finder.command) as told:
        qtbot.keyClick(window.call_bar.find, Qt.Key.Key_Return)
    assert told.args == [ActionId.SWITCH_THEME]


def test_the_list_says_itself_to_a_screen_reader(qtbot, window) -> None:
    type_in(qtbot, window, "1234")
    assert window.finder.list.accessibleDescription().startswith("居民 ")
    assert "19900001234" not in window.finder.list.accessibleDescription()
    assert QApplication.focusWidget() is window.call_bar.find
