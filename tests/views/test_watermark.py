"""The mark over windows, read back from real pixels."""

from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from console.domain.mark import Medium
from console.domain.trace import read_trace
from console.services.auditing.reading import read
from console.theme import Scheme, Theme
from console.views.parts.clock import database_now
from console.views.parts.copies import Copies, tells_a_case
from console.views.parts.watermark import Watermark, Watermarks


def grey(picture: QImage) -> np.ndarray:
    picture = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    raw = np.frombuffer(picture.constBits(), np.uint8)
    return raw.reshape(picture.height(), picture.bytesPerLine())[:, : picture.width()].astype(
        np.float32
    )


@pytest.fixture
def marks(qtbot):
    made = Watermarks()
    yield made
    made.end()
    made.deleteLater()


def window(qtbot, kind: type[QWidget] = QWidget) -> QWidget:
    made = kind()
    column = QVBoxLayout(made)
    made.button = QPushButton("受理")
    column.addWidget(made.button)
    for line in range(18):
        column.addWidget(
            QLabel(f"第{line}行　诉求人反映小区门口污水外溢，请尽快处理 1990000{line:04}")
        )
    made.resize(900, 640)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_cut_of_a_screenshot_tells_who_and_when(qtbot, marks, scheme: Scheme) -> None:
    theme = Theme(QApplication.instance(), Scheme.LIGHT)
    theme.choose(scheme)
    shown = window(qtbot)
    marks.begin(61, "0061", training=True)
    before = database_now()
    cut = shown.grab(QRect(130, 210, 260, 260)).toImage()
    found = read(grey(cut))
    theme.choose(Scheme.LIGHT)
    assert found is not None
    assert found.mark.account_id == 61
    assert found.mark.training
    assert found.mark.medium is Medium.SCREEN
    assert abs((found.mark.at - before).total_seconds()) < 120


def test_windows_and_dialogs_carry_it_and_menus_do_not(qtbot, marks) -> None:
    marks.begin(61, "0061", training=False)
    dialog, menu = window(qtbot, QDialog), QMenu()
    qtbot.addWidget(menu)
    marks.look()
    assert dialog.findChild(Watermark) is not None
    assert menu.findChild(Watermark) is None
    marks.end()
    qtbot.waitUntil(lambda: dialog.findChild(Watermark) is None)


def test_it_is_in_nobodys_way(qtbot, marks) -> None:
    shown = window(qtbot)
    marks.begin(61, "0061", training=False)
    assert shown.childAt(shown.button.geometry().center()) is shown.button
    cover = shown.findChild(Watermark)
    shown.resize(1000, 700)
    assert cover.size() == shown.size()
    assert cover.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_nothing_is_read_where_there_is_nothing(qtbot) -> None:
    assert read(grey(window(qtbot).grab().toImage())) is None


def test_a_sentence_that_leaves_the_console_says_whose_it_is(qtbot, marks) -> None:
    marks.begin(61, "0061", training=False)
    copies, clipboard = Copies(marks), QGuiApplication.clipboard()
    app = QGuiApplication.instance()
    clipboard.setText("诉求人反映小区门口污水外溢，请尽快处理")
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    last = clipboard.text().splitlines()[-1]
    agent_no, at = read_trace(last.split("追溯码 ")[1].split("，")[0])
    assert agent_no == "0061"
    assert abs((at - datetime.now(UTC)).total_seconds()) < 120
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert clipboard.text() == "诉求人反映小区门口污水外溢，请尽快处理"
    copies.deleteLater()


def test_a_number_is_left_alone(qtbot, marks) -> None:
    assert not tells_a_case("20261115010000239")
    assert not tells_a_case("19900000001")
    assert not tells_a_case("望台街道")
    assert tells_a_case("一\n二")


def test_a_copied_picture_carries_it(qtbot, marks) -> None:
    marks.begin(61, "0061", training=False)
    copies, clipboard = Copies(marks), QGuiApplication.clipboard()
    picture = QImage(400, 400, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    clipboard.setImage(picture)
    found = read(grey(clipboard.image()))
    copies.deleteLater()
    assert found is not None
    assert found.mark.medium is Medium.CLIPBOARD


def test_it_is_fainter_where_people_write_and_read_rows(qtbot, marks) -> None:
    shown = QWidget()
    column = QVBoxLayout(shown)
    shown.text, shown.list = QPlainTextEdit(), QListWidget()
    for part in (shown.text, shown.list, QLabel("空白")):
        part.setMinimumHeight(230)
        part.setStyleSheet("background: white; border: none")
        column.addWidget(part)
    shown.setStyleSheet("background: white")
    shown.resize(900, 760)
    qtbot.addWidget(shown)
    shown.show()
    marks.begin(61, "0061", training=False)
    cover = shown.findChild(Watermark)
    qtbot.waitUntil(lambda: not cover._fields.isEmpty() and not cover._lists.isEmpty())
    picture = grey(shown.grab().toImage())

    def depth(part: QWidget) -> float:
        room = part.geometry().adjusted(20, 20, -20, -20)
        return 255 - picture[room.top() : room.bottom(), room.left() : room.right()].mean()

    field, rows, calm = (depth(column.itemAt(at).widget()) for at in range(3))
    assert 0 < field < rows < calm
    shown.text.hide()
    qtbot.waitUntil(lambda: cover._fields.isEmpty())


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize(("scale", "quality"), [(1, 60), (0.75, 60), (0.5, 75)])
def test_it_is_read_after_a_chat_program_made_it_smaller(
    qtbot, marks, scheme: Scheme, scale: float, quality: int
) -> None:
    theme = Theme(QApplication.instance(), Scheme.LIGHT)
    theme.choose(scheme)
    shown = window(qtbot)
    marks.begin(61, "0061", training=True)
    cut = shown.grab(QRect(130, 210, 400, 300)).toImage()
    theme.choose(Scheme.LIGHT)
    cut = cut.scaled(
        round(400 * scale), round(300 * scale), mode=Qt.TransformationMode.SmoothTransformation
    )
    packed = QBuffer()
    packed.open(QBuffer.OpenModeFlag.WriteOnly)
    cut.save(packed, "JPEG", quality)
    found = read(grey(QImage.fromData(packed.data())))
    assert found is not None
    assert found.mark.account_id == 61
