"""A condition as a chip: pressed it is on; one with a menu opens it and shows what was chosen there."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from console.theme import Tone, body_font, colours, icon

_HEIGHT, _PAD, _ARROW = 30, 10, 12


class FilterChip(QAbstractButton):
    """Checkable when it has no menu; `show_value(words)` tells what its menu has chosen, empty for nothing."""

    def __init__(self, text: str, menu: QMenu | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._menu = text, menu
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if menu is not None:
            menu.setParent(self, menu.windowFlags())
            self.clicked.connect(self.open_menu)

    @property
    def menu(self) -> QMenu | None:
        return self._menu

    def show_value(self, words: str) -> None:
        self.setText(words or self._caption)
        self.setChecked(bool(words))
        self.setAccessibleName(f"{self._caption} {words}".strip())
        self.updateGeometry()
        self.update()

    @Slot()
    def open_menu(self) -> None:
        # A press opens; only a choice in the menu switches the chip.
        self.setChecked(not self.isChecked())
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def sizeHint(self) -> QSize:
        width = QFontMetrics(body_font(bold=True)).horizontalAdvance(self.text())
        return QSize(width + 2 * _PAD + (_ARROW + 4 if self._menu else 0), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event) -> None:
        keys = [Qt.Key.Key_Return, Qt.Key.Key_Enter, *([Qt.Key.Key_Down] if self._menu else [])]
        if event.key() in keys:
            self.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, _event) -> None:
        painter, now, on = QPainter(self), colours(), self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = (
            now.accent if self.hasFocus() or on else now.muted if self.underMouse() else now.strong
        )
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(now.soft if on else now.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(QColor(now.accent if on else now.text))
        painter.setFont(body_font(bold=on))
        painter.drawText(
            self.rect().adjusted(_PAD, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self._menu is not None:
            box = QRect(self.width() - _PAD - _ARROW, (self.height() - _ARROW) // 2, _ARROW, _ARROW)
            icon("fa6s.chevron-down", Tone.ACCENT if on else Tone.MUTED).paint(painter, box)
