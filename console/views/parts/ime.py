"""What the input method is doing. Chinese is typed in compositions: nothing may break into one."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class FocusFilter(QObject):
    """An event filter on whatever widget has the focus.

    Not on the application: a filter there would see every event of every object, and run Python for
    objects that are half destroyed.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self.follow)
        self.follow(None, app.focusWidget())

    @Slot(QWidget, QWidget)
    def follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = new
        if new is not None:
            new.installEventFilter(self)


class ImeGuard(FocusFilter):
    """Knows whether a composition is going on, and holds back what would disturb it.

    `stepped` is emitted at every step of a composition: the keys inside one never reach the program,
    so this is the only trace of them.
    """

    composing_changed = Signal(bool)
    stepped = Signal()

    def __init__(self, app: QApplication) -> None:
        self._composing = False
        self._held: list[tuple[QObject, Callable[[], Any]]] = []
        super().__init__(app)

    @property
    def is_composing(self) -> bool:
        return self._composing

    def run_when_idle(self, owner: QObject, method: Callable[[], Any]) -> None:
        """Run now, or as soon as the composition ends; of repeated requests for one method one is kept."""
        if not self._composing:
            method()
        elif (owner, method) not in self._held:
            self._held.append((owner, method))

    def follow(self, old: QWidget | None, new: QWidget | None) -> None:
        super().follow(old, new)
        self._set(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self.stepped.emit()
            self._set(bool(event.preeditString()))
        return False

    def _set(self, composing: bool) -> None:
        if composing == self._composing:
            return
        self._composing = composing
        self.composing_changed.emit(composing)
        if not composing and self._held:
            # After the event: the committed text is in the widget only then.
            QTimer.singleShot(0, self, self._release)

    @Slot()
    def _release(self) -> None:
        if self._composing:
            return
        held, self._held = self._held, []
        for owner, method in held:
            if isValid(owner):
                method()


_guard: ImeGuard | None = None


def ime_guard() -> ImeGuard:
    """The application's one guard: there is one input method and one focus."""
    global _guard
    if _guard is None or not isValid(_guard):
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("no QApplication yet")
        _guard = ImeGuard(app)
    return _guard
