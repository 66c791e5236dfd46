"""Counts what one ticket cost in keys and mouse clicks, for trainers and for our own tests."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from console.views.parts.ime import FocusFilter, ime_guard

_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
    }
)


class KeyCounter(FocusFilter):
    """`changed(keys, clicks)`; `reset()` when a ticket begins.

    Keys are seen as ShortcutOverride, which every press brings first, also those that become shortcuts.
    Keys inside a composition never reach the program: each of its steps counts as one.
    """

    changed = Signal(int, int)

    def __init__(self, app: QApplication) -> None:
        self.keys = self.clicks = 0
        self.shortcuts = 0
        super().__init__(app)
        self._clicks = _Clicks(app, self)
        ime_guard().stepped.connect(self._stepped)

    @Slot()
    def reset(self) -> None:
        self.keys = self.clicks = self.shortcuts = 0
        self.changed.emit(0, 0)

    @property
    def words(self) -> str:
        return self.tr("{0} 键 {1} 鼠标").format(self.keys, self.clicks)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if pressed and event.key() not in _MODIFIERS and not event.isAutoRepeat():
            self._count_key(event)
        return False

    def _count_key(self, event: QKeyEvent) -> None:
        self.keys += 1
        # What is not a word: function keys, Tab, Enter, arrows, anything with Ctrl or Alt.
        with_modifier = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        )
        self.shortcuts += bool(with_modifier) or not event.text().isprintable() or not event.text()
        self.changed.emit(self.keys, self.clicks)

    @Slot()
    def _stepped(self) -> None:
        self.keys += 1
        self.changed.emit(self.keys, self.clicks)

    def count_click(self) -> None:
        self.clicks += 1
        self.changed.emit(self.keys, self.clicks)


class _Clicks(QObject):
    """Sees mouse presses where they enter the program: at each window that becomes active."""

    def __init__(self, app: QGuiApplication, counter: KeyCounter) -> None:
        super().__init__(counter)
        self._counter = counter
        app.focusWindowChanged.connect(self._watch)
        if app.focusWindow() is not None:
            self._watch(app.focusWindow())

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._counter.count_click()
        return False
