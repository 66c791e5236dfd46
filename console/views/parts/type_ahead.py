"""A line that suggests while you type. The list never takes the focus and never breaks into a composition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.theme import Tone
from console.views.parts.suggestion_list import SuggestionList


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer: `text` goes into the line, `value` is what it stands for; `detail` and `badge` explain it."""

    text: str
    value: Any = None
    detail: str = ""
    badge: str = ""
    tone: Tone = Tone.MUTED


class TypeAhead(QLineEdit):
    """Emits `text_edited` 120 ms after the last key; answer with `set_suggestions`, whenever it comes.

    Enter takes the highlighted suggestion and stays, Tab takes it and goes on, Up and Down move, Esc
    closes the list and nothing else. `value` is what was taken; typing on lets go of it. With `free`
    the typed words are good as they are, so nothing is highlighted until Down is pressed.
    """

    text_edited = Signal(str)
    chosen = Signal(object)
    let_go = Signal()
    entered = Signal(str)
    let_down = Signal()

    DELAY_MS = 120

    def __init__(
        self,
        placeholder: str = "",
        free: bool = False,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self._free, self._composing = free, False
        self._value: Any = None
        self._taken_text: str | None = None
        self._offers: list[Suggestion] = []
        self._list: SuggestionList | None = None
        self._delay = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._delay.timeout.connect(self._ask)
        self.textEdited.connect(self._typed)

    @property
    def value(self) -> Any:
        """The object behind the text; None while the text is only typed."""
        return self._value if self._taken_text == self.text() else None

    @property
    def is_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    @property
    def highlighted(self) -> Suggestion | None:
        at = self._list.at if self.is_open and self._list is not None else -1
        return self._offers[at] if 0 <= at < len(self._offers) else None

    def put(self, text: str, value: Any = None) -> None:
        """Fill in from the program: no suggestions are asked for and nothing is emitted."""
        self._delay.stop()
        self.setText(text)
        self.setCursorPosition(0)
        self._value, self._taken_text = value, text
        self.close_list()

    @Slot()
    def clear(self) -> None:
        self.put("")

    def set_suggestions(self, offers: Sequence[Suggestion], for_text: str | None = None) -> None:
        """Show the offers; late ones (for another text, or after the field was left) are dropped."""
        if (
            (for_text is not None and for_text != self.text())
            or not self.hasFocus()
            or self._text_was_taken()
        ):
            return
        self._offers = list(offers)
        if self._composing:
            # The input method's own list hangs where ours would; ours waits for its end.
            return
        self._show_list()

    @Slot()
    def close_list(self) -> None:
        if self._list is not None:
            self._list.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        handler = None if self._composing else self._key_handler(event)
        if handler is not None and handler():
            event.accept()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and not self._composing:
            # Tab never reaches keyPressEvent. It takes the suggestion and then moves on as always.
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab:
                self._take_highlighted()
            # With the list open Esc and the arrows are ours, not a shortcut's.
            if event.type() == QEvent.Type.ShortcutOverride and self._wants(event.key()):
                event.accept()
                return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        if self._composing:
            self.close_list()
        super().inputMethodEvent(event)

    def focusOutEvent(self, event) -> None:
        self._composing = False
        self.close_list()
        super().focusOutEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() in (QEvent.Type.Resize, QEvent.Type.Move)
            and self._list is not None
            and self._list.isVisible()
        ):
            self._list.place(self)
        return super().eventFilter(watched, event)

    def _wants(self, key: int) -> bool:
        return self.is_open and key in (Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down)

    def _key_handler(self, event: QKeyEvent) -> Callable[[], bool] | None:
        return {
            Qt.Key.Key_Down.value: self._down,
            Qt.Key.Key_Up.value: self._up,
            Qt.Key.Key_Return.value: self._enter,
            Qt.Key.Key_Enter.value: self._enter,
            Qt.Key.Key_Escape.value: self._escape,
        }.get(event.key())

    def _down(self) -> bool:
        if not self.is_open:
            self._ask()
            self.let_down.emit()
        elif self._list is not None:
            self._list.step(1)
        return True

    def _up(self) -> bool:
        if self.is_open and self._list is not None:
            self._list.step(-1)
        return True

    def _enter(self) -> bool:
        if self._take_highlighted():
            return True
        self.entered.emit(self.text())
        return False

    def _escape(self) -> bool:
        was_open = self.is_open
        self.close_list()
        return was_open

    def _take_highlighted(self) -> bool:
        offer = self.highlighted
        if offer is None:
            return False
        self._take(offer)
        return True

    def _take(self, offer: Suggestion) -> None:
        self._delay.stop()
        self.setText(offer.text)
        self._value, self._taken_text = offer.value, offer.text
        self.close_list()
        self.chosen.emit(offer.value)

    def _text_was_taken(self) -> bool:
        return self._value is not None and self._taken_text == self.text()

    @Slot(str)
    def _typed(self, _text: str) -> None:
        had, self._value, self._taken_text = self._value, None, None
        if had is not None:
            self.let_go.emit()
        self._delay.start()

    @Slot()
    def _ask(self) -> None:
        self.text_edited.emit(self.text())

    def _show_list(self) -> None:
        if not self._offers:
            self.close_list()
            return
        window = self.window()
        if self._list is None or self._list.parent() is not window:
            self._list = SuggestionList(window)
            self._list.picked.connect(self._picked)
            window.installEventFilter(self)
        self._list.show_offers(self._offers, -1 if self._free else 0)
        self._list.place(self)

    @Slot(int)
    def _picked(self, at: int) -> None:
        if 0 <= at < len(self._offers):
            self._take(self._offers[at])
