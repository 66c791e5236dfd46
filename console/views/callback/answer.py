"""One answer of a few, given by a number key."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from console.views.parts.segmented import Segmented


class Answer(Segmented):
    """`answered()` when a number key gave the answer: the next question may have the focus."""

    answered = Signal()

    def __init__(self, options: Sequence[tuple[Any, str]], name: str) -> None:
        super().__init__(options, name)
        self._many = len(options)

    def set_options(self, options: Sequence[tuple[Any, str]]) -> None:
        self._many = len(options)
        super().set_options(options)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and 0 <= event.key() - Qt.Key.Key_1 < self._many:
            self.answered.emit()
