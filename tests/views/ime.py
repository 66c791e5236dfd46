"""An input method as Qt sees one: compositions that grow, and end in a commit."""

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget


def compose(widget: QWidget, preedit: str) -> None:
    """One step of a composition: `xi'sh` under the cursor, nothing in the text yet."""
    QApplication.sendEvent(widget, QInputMethodEvent(preedit, []))


def commit(widget: QWidget, text: str) -> None:
    """The operator chose a candidate; fcitx and ibus send it with an empty preedit."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)
