"""A role to choose: who, what they do, where, and the key."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from console.theme import SMALL, TITLE, body_font, colours


class PersonCard(QAbstractButton):
    """A large button; Enter and Space press it, as does its number on the form that holds it."""

    def __init__(
        self, title: str, does: str, unit: str, key: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title, self._does, self._unit, self._key = title, does, unit, key
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{title} {unit}")
        self.setAccessibleDescription(f"{does} {key}")

    def sizeHint(self) -> QSize:
        return QSize(280, 84)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused, hovered = self.hasFocus(), self.underMouse()
        painter.setPen(
            QPen(
                QColor(now.accent if focused else now.strong if hovered else now.line),
                2 if focused else 1,
            )
        )
        painter.setBrush(QColor(now.selected if focused else now.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 8, 8)
        area = self.rect().adjusted(16, 10, -14, -10)
        right = self._draw_key(painter, area)
        self._write(painter, area.adjusted(0, 0, -right, 0), 0, self._title, TITLE, True, now.text)
        self._write(painter, area, 25, self._does, SMALL, False, now.text)
        self._write(painter, area, 45, self._unit, SMALL, False, now.muted)

    @staticmethod
    def _write(
        painter: QPainter, area: QRect, down: int, words: str, size: int, bold: bool, ink: str
    ) -> None:
        font = body_font(size, bold)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        line = QRect(area.left(), area.top() + down, area.width(), 20)
        short = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)

    def _draw_key(self, painter: QPainter, area: QRect) -> int:
        if not self._key:
            return 0
        box = QRect(area.right() - 20, area.top() + 1, 20, 18)
        painter.setPen(QPen(QColor(colours().strong), 1))
        painter.setBrush(QColor(colours().surface))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(body_font(SMALL))
        painter.setPen(QColor(colours().muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
        return 28
