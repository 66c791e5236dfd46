"""What an empty place says: what would be here, and what to do now."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.theme import Tone, icon
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton


class EmptyState(QWidget):
    """`wanted()` is emitted by the one button, if there is one."""

    wanted = Signal()

    def __init__(
        self,
        title: str = "",
        hint: str = "",
        button: str = "",
        key: str = "",
        glyph: str = "fa6s.inbox",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.sign = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.title = label(title, "title")
        self.hint = label(hint, "muted", wrap=True)
        self.button = KeyButton(button, key)
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self._pressed)
        for words in (self.title, self.hint):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self.sign)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addSpacing(4)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._draw_sign()

    def say(self, title: str, hint: str = "", button: str = "") -> None:
        self.title.setText(title)
        self.hint.setText(hint)
        self.button.set_words(button)
        self.button.setVisible(bool(button))

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._draw_sign()

    def _draw_sign(self) -> None:
        self.sign.setPixmap(
            icon(self._glyph, Tone.MUTED).pixmap(QSize(32, 32), self.devicePixelRatioF())
        )

    @Slot()
    def _pressed(self) -> None:
        self.wanted.emit()
