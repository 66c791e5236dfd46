"""The base look of the few dialogs there are: title, body, buttons; first field focused; Ctrl+Enter accepts."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton

TITLE_BAR = 40  # what the frame of a window takes, roughly


class Dialog(QDialog):
    """Fill `body`, then `open()`. `accept_button` is the way on; `fail(sentence)` keeps it open.

    Words on the button name the thing: 退回楼台街道, not 确定. With `danger` it is red and not the default,
    so a hasty Enter does nothing.
    """

    def __init__(
        self,
        title: str,
        accept: str,
        hint: str = "",
        danger: bool = False,
        width: int = 480,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(width)
        self.title, self.hint = label(title, "title", wrap=True), label(hint, "muted", wrap=True)
        self.error = label("", "error", wrap=True)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.accept_button = KeyButton(accept, "Ctrl+Enter", "danger" if danger else "primary")
        self.cancel_button = KeyButton(self.tr("取消"), "Esc")
        self.accept_button.setAutoDefault(False)
        self.cancel_button.setAutoDefault(False)
        self.buttons = QHBoxLayout()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addLayout(self.body)
        column.addWidget(self.error)
        column.addStretch(1)
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.accept_button)
        column.addLayout(self.buttons)
        self.hint.setVisible(bool(self.hint.text()))
        self.error.hide()

    def _connect(self) -> None:
        self.accept_button.clicked.connect(self.try_accept)
        self.cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._hurry)

    @Slot()
    def try_accept(self) -> None:
        """Override to check the input or to start the write; call `accept` when it is done."""
        self.accept()

    def fail(self, sentence: str) -> None:
        """Say what is wrong and let the operator go on; what was typed stays."""
        self.error.setText(sentence)
        self.error.show()
        self.wait(False)

    def wait(self, on: bool) -> None:
        """Between pressing the button and the answer: no second press."""
        self.accept_button.setEnabled(not on)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._grow()
        return done

    def _grow(self) -> None:
        """As high as its wrapped words need: Qt itself stops at two thirds of the screen and lets them overlap."""
        needed = self.layout().totalHeightForWidth(self.width())
        most = self.screen().availableGeometry().height() - TITLE_BAR
        if self.height() < min(needed, most):
            self.resize(self.width(), min(needed, most))

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._grow()
        first = self._first_field()
        if first is not None:
            first.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def _first_field(self) -> QWidget | None:
        chain = self.nextInFocusChain()
        while chain is not self and chain is not None:
            takes = chain.focusPolicy() & Qt.FocusPolicy.TabFocus
            if (
                takes
                and chain.isEnabled()
                and chain not in (self.accept_button, self.cancel_button)
                and self.isAncestorOf(chain)
            ):
                return chain
            chain = chain.nextInFocusChain()
        return self.cancel_button

    @Slot()
    def _hurry(self) -> None:
        if self.accept_button.isEnabled():
            self.accept_button.click()
