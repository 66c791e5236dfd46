"""The quiet box everything sits in: title, something at the right, body."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

GAP = 8


class Card(QFrame):
    """`card.body` is the column to fill; `add(widget)` is the short way."""

    def __init__(
        self,
        title: str = "",
        right: QWidget | None = None,
        padding: int = 12,
        spacing: int = GAP,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding - 2 if title else padding, padding, padding)
        self.body.setSpacing(spacing)
        self.title = label(title, "title")
        self.head = QHBoxLayout()
        self.head.setSpacing(GAP)
        if title:
            self.setAccessibleName(title)
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.body.addLayout(self.head)
        if right is not None:
            self.head.addWidget(right)

    def add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.body.addWidget(widget)

    def clear(self) -> None:
        """Take out everything below the title; the widgets are deleted."""
        for index in reversed(range(self.body.count())):
            item = self.body.itemAt(index)
            if item.widget() is not None:
                self.body.takeAt(index)
                item.widget().hide()
                item.widget().deleteLater()


def label(text: str = "", face: str = "", wrap: bool = False, tone: str = "") -> QLabel:
    """Words in one of the faces of the style sheet: title, big, muted, caption, strong, error; plain otherwise.

    Always plain text: what a citizen said must never be read as markup.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if face:
        made.setProperty("face", face)
    if tone:
        made.setProperty("tone", tone)
    return made


def row(*parts: QWidget | None, spacing: int = GAP) -> QWidget:
    """Widgets side by side; None is the stretch between left and right."""
    made = QWidget()
    made.setProperty("kind", "clear")
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for part in parts:
        if part is None:
            line.addStretch(1)
        else:
            line.addWidget(part)
    return made


def column(*parts: QWidget | None, spacing: int = 12) -> QWidget:
    """Widgets one below the other; None is the stretch."""
    made = QWidget()
    made.setProperty("kind", "clear")
    line = QVBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for part in parts:
        if part is None:
            line.addStretch(1)
        else:
            line.addWidget(part)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    """The widget in a column that scrolls only when the window is too low; never sideways."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(inner)
    area.viewport().setProperty("kind", "clear")
    inner.setProperty("kind", "clear")
    return area
