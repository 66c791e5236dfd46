"""Keys shown where they work: a small key cap, and a button that carries its own key."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeySequence, QPainter
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from console.theme import SMALL, Tone, body_font, colours, icon

_GAP, _PAD, _ICON, _ARROW = 8, 12, 16, 12
# What stands on the key itself; everything else is written on the keyboard as Qt names it.
_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


def key_words(key: str) -> str:
    """`Alt+Left` as the keyboard shows it."""
    before, plus, last = key.rpartition("+")
    return f"{before}{plus}{_ARROWS.get(last, last)}"


class KeyCap(QLabel):
    """One key, drawn as a key: `KeyCap("F7")`."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(key_words(text), parent)
        self.setProperty("kind", "key")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class KeyButton(QPushButton):
    """A button with its key in quieter letters: 提交并派单 F8. Kinds: "", primary, danger, quiet."""

    def __init__(
        self, text: str, key: str = "", kind: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._key = key_words(key)
        self.setProperty("kind", kind)
        self._name()

    def set_key(self, key: str) -> None:
        self._key = key_words(key)
        self._name()
        self.updateGeometry()
        self.update()

    def set_words(self, text: str) -> None:
        if text != self.text():
            self.setText(text)
            self._name()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        words = self.fontMetrics().horizontalAdvance(self.text())
        key = QFontMetrics(body_font(SMALL)).horizontalAdvance(self._key) + _GAP if self._key else 0
        icon = 0 if self.icon().isNull() else _ICON + 6
        return QSize(words + key + icon + 2 * _PAD + 2, 30)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text, icon = "", option.icon
        option.icon = type(icon)()
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        self._draw_content(painter, icon)

    def _draw_content(self, painter: QPainter, icon) -> None:
        needed = self.sizeHint().width() - 2 * _PAD - 2
        x = (self.width() - needed) // 2
        if not icon.isNull():
            icon.paint(painter, QRect(QPoint(x, (self.height() - _ICON) // 2), QSize(_ICON, _ICON)))
            x += _ICON + 6
        painter.setFont(self.font())
        painter.setPen(self._ink())
        width = self.fontMetrics().horizontalAdvance(self.text())
        painter.drawText(
            QRect(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self._key:
            painter.setFont(body_font(SMALL))
            painter.setPen(self._key_ink())
            painter.drawText(
                QRect(x + width + _GAP, 0, self.width(), self.height()),
                Qt.AlignmentFlag.AlignVCenter,
                self._key,
            )

    def _ink(self) -> QColor:
        now = colours()
        if not self.isEnabled():
            return QColor(now.muted)
        return QColor(
            {"primary": now.on_accent, "danger": now.bad, "quiet": now.accent}.get(
                self.property("kind"), now.text
            )
        )

    def _key_ink(self) -> QColor:
        kind = self.property("kind")
        return self._ink() if kind in ("primary", "danger", "quiet") else QColor(colours().muted)

    def _name(self) -> None:
        self.setAccessibleName(f"{self.text()} {self._key}".strip())


class MenuButton(KeyButton):
    """A button that opens a menu, with the arrow of everything that opens here."""

    def sizeHint(self) -> QSize:
        plain = super().sizeHint()
        return QSize(plain.width() + _ARROW + 6, plain.height())

    def _draw_content(self, painter: QPainter, own_icon) -> None:
        super()._draw_content(painter, own_icon)
        needed = self.sizeHint().width() - 2 * _PAD - 2
        at = QPoint((self.width() + needed) // 2 - _ARROW, (self.height() - _ARROW) // 2)
        icon("fa6s.chevron-down", Tone.MUTED).paint(painter, QRect(at, QSize(_ARROW, _ARROW)))


class ActionButton(KeyButton):
    """A button for a QAction made by `actions.add_action`: same words, same key, same enablement."""

    def __init__(
        self, action: QAction, kind: str = "", text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text or action.text(), "", kind, parent)
        self._action, self._own_text = action, text
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def set_own_words(self, text: str) -> None:
        """Other words than the action's, here and now."""
        self._own_text = text
        self.set_words(text)
        self.updateGeometry()

    @Slot()
    def _follow(self) -> None:
        action = self._action
        self.set_words(self._own_text or action.text())
        self.set_key(action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))
        self.setEnabled(action.isEnabled())
        if self.parent() is not None or not action.isVisible():
            # Shown before it lies in a form it would flash up as a window of its own.
            self.setVisible(action.isVisible())
        self.setToolTip(action.toolTip() if action.toolTip() != action.text() else "")


def small_button(text: str, key: str = "") -> KeyButton:
    """A low button for the corner of a card; Tab passes it by, its key does the same."""
    made = KeyButton(text, key)
    made.setProperty("small", True)
    made.setFixedHeight(24)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
