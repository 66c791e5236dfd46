"""The tour's hands: keys as an operator presses them, words as an input method commits them."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_MS = 8000


class Stuck(Exception):
    """Something the tour waited for did not come."""


class Keyboard:
    """Presses keys in whatever has the focus and counts them; words are counted apart."""

    def __init__(self, window: QWidget) -> None:
        self.window, self.keys, self.words = window, 0, 0
        self.pressed: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys by name: `F8`, `Ctrl+Down`, `Tab`, `Alt+1`, `Return`."""
        for name in keys:
            combination = QKeySequence(name)[0]
            QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())
            self.keys += 1
            self.pressed.append(name)

    def say(self, words: str) -> None:
        """Type Chinese as an input method does: a composition, then its commit."""
        target = self._target()
        QApplication.sendEvent(target, QInputMethodEvent(words[:1], []))
        commit = QInputMethodEvent()
        commit.setCommitString(words)
        QApplication.sendEvent(target, commit)
        self.words += len(words)

    def type(self, text: str) -> None:
        """Type letters and figures key by key; they are words, not commands."""
        QTest.keyClicks(self._target(), text)
        self.words += len(text)

    def _target(self) -> QWidget:
        return QApplication.focusWidget() or self.window


def wait_for(met: Callable[[], object], what: str, patience_ms: int = PATIENCE_MS) -> None:
    """Let the program run until `met()`; raises Stuck naming `what` when it does not come about."""
    if met():
        return
    loop = QEventLoop()
    look, late = QTimer(interval=10), QTimer(singleShot=True, interval=patience_ms)

    def check() -> None:
        if met():
            loop.quit()

    look.timeout.connect(check)
    late.timeout.connect(loop.quit)
    look.start()
    late.start()
    loop.exec()
    look.stop()
    if not met():
        raise Stuck(f"等不到：{what}")


def pause(milliseconds: int) -> None:
    """Let pictures settle: timers, animations and late reads."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


__all__ = ["Keyboard", "Qt", "Stuck", "pause", "wait_for"]
