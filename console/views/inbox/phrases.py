"""Ready phrases under a text field: one click or Alt+letter writes one; the stored ones by `::` as everywhere."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from console.views.parts.flow import Flow
from console.views.parts.key_cap import KeyButton, small_button


class Phrases(Flow):
    """`written()` after a phrase went into the field at the cursor; the field has the focus then."""

    written = Signal()

    def __init__(
        self,
        field: QLineEdit | QPlainTextEdit,
        phrases: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(gap=8, parent=parent)
        self._field = field
        for words in phrases:
            button = small_button(words)
            button.setAccessibleName(self.tr("写入“{0}”").format(words))
            # Not a stop on the way through the form; the keyboard has `::` phrases and Ctrl+1 is taken.
            button.clicked.connect(self._write)
            self.add(button)

    @Slot()
    def _write(self) -> None:
        button = self.sender()
        if not isinstance(button, KeyButton):
            return
        field = self._field
        if isinstance(field, QLineEdit):
            field.insert(button.text())
        else:
            field.insertPlainText(button.text())
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.written.emit()
