"""The parts one types into: nothing disturbs a composition, nothing typed is lost, everything by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain.errors import Conflict, Invalid, InvalidForm
from console.theme import Scheme, Theme
from console.views.parts.field import Field, Fields
from console.views.parts.ime import ime_guard
from console.views.parts.key_counter import KeyCounter
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead
from tests.views.ime import commit, compose

OFFERS = [
    Suggestion("下水道堵塞", 11),
    Suggestion("下水道井盖缺失", 12),
    Suggestion("消防栓喷水", 13),
]


@pytest.fixture
def form(qtbot, qapp):
    """A shown, active window to put inputs in; `form.add` gives the focus to what it adds."""

    class Form(QWidget):
        def add(self, *widgets: QWidget) -> None:
            for widget in widgets:
                self.layout().addWidget(widget)
            widgets[0].setFocus()
            qtbot.waitUntil(widgets[0].hasFocus)

    Theme(qapp, Scheme.LIGHT)
    made = Form()
    qtbot.addWidget(made)
    QVBoxLayout(made)
    made.resize(500, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def line(form):
    made = TypeAhead("分类")
    form.add(made, QLineEdit())
    return made


def test_typing_asks_once_after_a_pause(qtbot, line):
    asked = []
    line.text_edited.connect(asked.append)
    qtbot.keyClicks(line, "xsd")
    qtbot.waitUntil(lambda: asked == ["xsd"])


def test_enter_takes_the_highlighted_and_stays(qtbot, line):
    qtbot.keyClicks(line, "xsd")
    line.set_suggestions(OFFERS)
    assert line.is_open
    assert line.hasFocus(), "the list took the focus"
    qtbot.keyClick(line, Qt.Key.Key_Down)
    with qtbot.waitSignal(line.chosen) as chosen:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert (chosen.args, line.text(), line.value, line.is_open) == (
        [12],
        "下水道井盖缺失",
        12,
        False,
    )
    assert line.hasFocus()


def test_tab_takes_the_highlighted_and_goes_on(qtbot, line):
    qtbot.keyClicks(line, "xsd")
    line.set_suggestions(OFFERS)
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert line.value == 11
    assert not line.hasFocus()


def test_escape_closes_the_list_only(qtbot, line):
    qtbot.keyClicks(line, "xsd")
    line.set_suggestions(OFFERS)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not line.is_open
    assert line.text() == "xsd"
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "xsd"


def test_typing_on_lets_go_of_the_value(qtbot, line):
    line.put("下水道堵塞", 11)
    with qtbot.waitSignal(line.let_go):
        qtbot.keyClicks(line, "x")
    assert line.value is None
    line.put("下水道堵塞", 11)
    line.clear()
    assert line.value is None


def test_late_suggestions_are_dropped(qtbot, line):
    qtbot.keyClicks(line, "xsd")
    line.set_suggestions(OFFERS, for_text="xs")
    assert not line.is_open
    line.put("下水道堵塞", 11)
    line.set_suggestions(OFFERS)
    assert not line.is_open, "already answered"
    line.parentWidget().layout().itemAt(1).widget().setFocus()
    line.set_suggestions(OFFERS)
    assert not line.is_open, "already left"


def test_free_text_is_taken_as_it_is(qtbot, form):
    line, entered = TypeAhead("何地", free=True), []
    form.add(line)
    line.entered.connect(entered.append)
    qtbot.keyClicks(line, "123")
    line.set_suggestions(OFFERS)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "123"
    assert entered == ["123"]


def test_a_composition_is_left_alone(qtbot, line):
    qtbot.keyClicks(line, "x")
    line.set_suggestions(OFFERS)
    compose(line, "xia'shui")
    assert not line.is_open, "the input method's candidates hang there"
    line.set_suggestions(OFFERS)
    assert not line.is_open
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(line, key)
    assert line.value is None
    commit(line, "下水")
    assert line.text() == "x下水"


def test_the_list_flips_above_at_the_foot_of_the_window(qtbot, form):
    line = TypeAhead("x")
    form.layout().addStretch(1)
    form.add(line)
    qtbot.waitUntil(lambda: line.y() > 300)
    qtbot.keyClicks(line, "x")
    line.set_suggestions(OFFERS)
    assert line._list.geometry().bottom() < line.y()


def test_the_guard_holds_back_until_the_composition_ends(qtbot, form):
    edit, ran = QPlainTextEdit(), []

    class Owner(QWidget):
        def run(self) -> None:
            ran.append(edit.toPlainText())

    form.add(edit)
    owner, guard = Owner(form), ime_guard()
    compose(edit, "wu'ran")
    assert guard.is_composing
    guard.run_when_idle(owner, owner.run)
    guard.run_when_idle(owner, owner.run)
    assert ran == []
    commit(edit, "污染")
    qtbot.waitUntil(lambda: ran == ["污染"])
    guard.run_when_idle(owner, owner.run)
    assert len(ran) == 2


def test_a_phrase_is_written_out_and_undone_in_one_step(qtbot, form):
    edit = SnippetEdit("何事", limit=10)
    edit.set_snippets({"xsd": "下水道堵塞，请尽快疏通"})
    form.add(edit)
    qtbot.keyClicks(edit, "::xsd")
    with qtbot.waitSignal(edit.over_limit):
        qtbot.keyClick(edit, Qt.Key.Key_Space)
    assert edit.text == "下水道堵塞，请尽快疏通"
    assert edit.is_over, "11 characters, nothing cut"
    edit.undo()
    assert edit.text == "::xsd"


def test_full_width_colons_and_tab_expand_too(qtbot, form):
    edit = SnippetEdit("何事")
    edit.set_snippets({"GL": "尽快清理路面"})
    form.add(edit, QLineEdit())
    commit(edit, "请：：")
    qtbot.keyClicks(edit, "gl")
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text == "请尽快清理路面"
    assert edit.hasFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus(), "without a phrase Tab goes on"


def test_unknown_initials_stay(qtbot, form):
    edit = SnippetEdit("何事")
    form.add(edit)
    qtbot.keyClicks(edit, "::zz ")
    assert edit.text == "::zz "


def test_segments_by_number_arrow_and_alt(qtbot, form):
    choice, heard = (
        Segmented([("a", "咨询"), ("b", "求助"), ("c", "投诉")], "性质", alt_keys=True),
        [],
    )
    choice.chosen.connect(heard.append)
    other = QLineEdit()
    form.add(choice, other)
    qtbot.keyClick(choice, Qt.Key.Key_2)
    qtbot.keyClick(choice, Qt.Key.Key_Right)
    qtbot.keyClick(choice, Qt.Key.Key_Right)
    qtbot.keyClick(choice, Qt.Key.Key_9)
    assert heard == ["b", "c"]
    other.setFocus()
    qtbot.keyClick(other, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert choice.value == "a"
    assert "咨询" in choice.accessibleDescription()
    assert other.text() == ""


def test_a_segment_is_chosen_with_the_mouse(qtbot, form):
    choice = Segmented([(1, "一般"), (2, "紧急")])
    form.add(choice)
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton, pos=choice._rects()[1].center())
    assert choice.value == 2
    heard: list[int] = []
    choice.chosen.connect(heard.append)
    choice.set_options([(2, "紧急 5"), (3, "特急")])
    assert choice.value == 2
    assert "紧急 5" in choice.accessibleDescription()
    assert heard == []


def test_errors_find_their_fields_and_leave_the_text(qtbot, form):
    phone, place = Field("电话", QLineEdit("138"), "phone"), Field("何地", QLineEdit("x"), "place")
    form.add(phone, place)
    fields = Fields(phone, place)
    rest = fields.show_errors(
        InvalidForm(
            (Invalid("少一位。", "请核对。", "phone"), Invalid("没有这条路。", field="place"))
        )
    )
    assert rest is None
    assert phone.error.text() == "少一位，请核对。"
    assert phone.control.text() == "138"
    assert phone.control.hasFocus()
    assert "少一位" in phone.control.accessibleDescription()
    fields.clear_errors()
    assert not phone.has_error
    other = Conflict("别人先改了")
    assert fields.show_errors(other) is other


def test_keys_and_composition_steps_are_counted(qtbot, form, qapp):
    counter, edit = KeyCounter(qapp), QPlainTextEdit()
    form.add(edit)
    counter.reset()
    qtbot.keyClicks(edit, "ab")
    qtbot.keyClick(edit, Qt.Key.Key_F8)
    compose(edit, "wu")
    commit(edit, "污")
    assert (counter.keys, counter.shortcuts, counter.clicks) == (5, 1, 0)
    qtbot.mouseClick(form.windowHandle(), Qt.MouseButton.LeftButton, pos=form.rect().center())
    assert counter.clicks == 1
    assert counter.words == "5 键 1 鼠标"
    counter.follow(None, None)
    counter.deleteLater()
    QApplication.sendPostedEvents(counter)


def test_the_grades_of_a_call_back_with_their_key_caps_fit_its_card_at_1280(qtbot):
    """The card is 488 wide there; a wider row of grades pushes 回访结案 out of the window."""
    words = "非常满意 满意 基本满意 不满意 非常不满意 不评价".split()
    choice = Segmented([(word, word) for word in words])
    qtbot.addWidget(choice)
    assert choice.sizeHint().width() <= 488
