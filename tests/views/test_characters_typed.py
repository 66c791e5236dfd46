"""Every standard character through the fields of the real intake form: typed, counted, offered, kept, brought back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console.views.intake.record_form import RecordForm, fresh
from console.views.parts.line_limit import limit_characters
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion
from tests.standard_characters import BEYOND, LEVELS, NAMED, STANDARD, pieces


def commit(control, text: str) -> None:
    """As an input method puts it there."""
    event = QInputMethodEvent("pin yin", [])
    QApplication.sendEvent(control, event)
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(control, event)


@pytest.fixture
def record(qtbot) -> RecordForm:
    made = RecordForm()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_list_is_the_official_one() -> None:
    assert list(map(len, LEVELS)) == [3500, 3000, 1605]
    assert len(set(STANDARD)) == 8105
    assert (STANDARD[0], STANDARD[3499], STANDARD[-1]) == ("一", "矗", "蠼")
    assert set(NAMED) <= set(STANDARD)
    assert len(BEYOND) == 196


@pytest.mark.parametrize("name", ["name", "address", "wanted", "title", "respondent"])
def test_every_character_typed_into_a_line_is_in_the_form(record, name: str) -> None:
    line = record.lines[name]
    for text in pieces(100):
        line.clear()
        commit(line, text)
        assert getattr(record.form(), name) == text


def test_every_character_typed_into_the_content_is_in_the_form_and_counted(record) -> None:
    commit(record.content, STANDARD)
    assert record.form().content == STANDARD
    assert record.content.characters == 8105
    assert not record.content.is_over
    record.content.set_limit(8105)
    assert not record.content.is_over, "in characters, not in 16-bit units"
    commit(record.content, "𡐓")
    assert record.content.is_over


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_the_cursor_steps_over_and_deletes_whole_characters(record, at: int) -> None:
    text = "王𬭎䶮𡐓"
    for line in (record.lines["name"], record.content):
        line.clear()
        commit(line, text)
        for _step in range(3 - at):
            QTest.keyClick(line, Qt.Key.Key_Left)
        QTest.keyClick(line, Qt.Key.Key_Backspace)
        shown = line.text() if isinstance(line, QLineEdit) else line.text
        assert shown == text[:at] + text[at + 1 :]


@pytest.mark.parametrize("name", ["content", "address"])
def test_a_draft_comes_back_with_the_cursor_where_it_was(record, name: str) -> None:
    control = record._controls[name]
    control.setFocus()
    commit(control, "𡐓𬭎𡐓路")
    QTest.keyClick(control, Qt.Key.Key_Left)
    kept = record.form()
    record.put(fresh())
    record.put(kept)
    record.place_cursor(kept)
    commit(control, "北")
    assert getattr(record.form(), name) == "𡐓𬭎𡐓北路"


def test_a_phrase_is_written_behind_rare_characters(qtbot) -> None:
    edit = SnippetEdit()
    qtbot.addWidget(edit)
    edit.set_snippets({"xsd": "下水道堵塞"})
    commit(edit, "𡐓坪路::xsd")
    commit(edit, "，尽快")
    for _step in "，尽快":
        QTest.keyClick(edit, Qt.Key.Key_Left)
    QTest.keyClick(edit, Qt.Key.Key_Space)
    assert edit.text == "𡐓坪路下水道堵塞，尽快"


def test_a_limit_counts_characters_and_never_cuts_one_in_two(qtbot) -> None:
    line = limit_characters(QLineEdit(), 4)
    qtbot.addWidget(line)
    commit(line, "𬭎䶮𡐓𫖯𡐓")
    assert line.text() == "𬭎䶮𡐓𫖯"
    line.clear()
    commit(line, "路口")
    line.setCursorPosition(1)
    commit(line, "𡐓𬭎𫖯")
    assert (line.text(), line.cursorPosition()) == ("路𡐓𬭎口", 5)


def test_a_full_line_keeps_what_it_holds(qtbot) -> None:
    line = limit_characters(QLineEdit(), 3)
    qtbot.addWidget(line)
    line.setText("𡐓𬭎路")
    line.setCursorPosition(2)
    commit(line, "北")
    assert line.text() == "𡐓𬭎路"


def test_offers_with_rare_characters_are_taken_whole(record, qtbot) -> None:
    line = record.address
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    for name in (*NAMED, *BEYOND[:40]):
        line.clear()
        commit(line, name)
        offered = f"{name}平{name}路"
        line.set_suggestions([Suggestion(offered, offered)], for_text=name)
        QTest.keyClick(line, Qt.Key.Key_Down)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert (line.text(), line.value) == (offered, offered)
