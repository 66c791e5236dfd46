"""A form in place: under or over the case, never a dialog. What was typed outlives it."""

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain.errors import UserError
from console.domain.inbox import Desk
from console.theme import mark
from console.views.parts.card import label
from console.views.parts.field import Fields
from console.views.parts.key_cap import small_button
from console.views.parts.snippet_edit import SnippetEdit

TEXT_AT_MOST = 104


class FormPanel(QFrame):
    """Subclasses fill `body`, give `fields`, `values()` and `put(values)`.

    `submitted()` by F8's blue button or Ctrl+Enter, `closed()` by Esc, `edited()` on every change.
    `name` is the key its draft is kept under. Panels with `wide` take the place of the case.
    """

    submitted = Signal()
    closed = Signal()
    edited = Signal()

    name = ""
    wide = False

    def __init__(self, title: str, accept: str, hint: str = "", danger: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self.title, self.hint = label(title, "title"), label(hint, "muted")
        self.banner = label("", "error", wrap=True)
        self.banner.hide()
        self.accept_words, self.danger = accept, danger
        self.close_button = small_button(self.tr("收起"), "Esc")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.closed)
        self.fields = Fields()
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self._lay_out()

    def _lay_out(self) -> None:
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.head.addWidget(self.title)
        self.head.addWidget(self.hint, 1)
        self.head.addWidget(self.close_button)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)
        self.column.setSpacing(8)
        self.column.addLayout(self.head)
        self.column.addWidget(self.banner)
        self.column.addLayout(self.body)

    # What subclasses say

    def values(self) -> Any:
        """What stands in the form, fit to be kept and put back."""
        raise NotImplementedError

    def put(self, values: Any) -> None:
        """Show kept values; None is an untouched form."""
        raise NotImplementedError

    def show_desk(self, desk: Desk) -> None:
        """Facts of the case beside the fields; must not touch what was typed."""

    @property
    def is_empty(self) -> bool:
        """Nothing typed that would be worth keeping."""
        return self.values() == self._fresh

    def begin(self, desk: Desk, kept: Any) -> None:
        """Open for a case, with what was kept of it."""
        if not self.wide:
            # A text field asks for ten lines; under a case it may have five and must have two.
            for edit in self.findChildren(SnippetEdit):
                edit.setMaximumHeight(TEXT_AT_MOST)
        self.clear_errors()
        self.show_desk(desk)
        self.put(self.fresh(desk))
        self._fresh = self.values()
        if kept is not None:
            self.put(kept)

    def fresh(self, desk: Desk) -> Any:
        """The values of an untouched form for this case."""
        return None

    def first_field(self) -> QWidget | None:
        return None

    # Errors

    def show_error(self, error: Exception) -> Exception | None:
        """Beside the fields, the rest above them; returns what is no sentence for an operator."""
        self.clear_errors()
        rest = self.fields.show_errors(error)
        if rest is not None:
            self.say("　".join(filter(None, (rest.text, rest.hint))))
        return None if isinstance(error, UserError) else error

    def say(self, words: str, tone: str = "bad") -> None:
        self.banner.setText(words)
        self.banner.setVisible(bool(words))
        mark(self.banner, tone=tone)

    def clear_errors(self) -> None:
        self.fields.clear_errors()
        self.say("")

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def watch(self, *controls: QWidget) -> None:
        """Tell of every change in these."""
        for control in controls:
            if isinstance(control, QLineEdit | QPlainTextEdit):
                control.textChanged.connect(self._touched)
            elif hasattr(control, "chosen"):
                control.chosen.connect(self._touched)
            elif hasattr(control, "toggled"):
                control.toggled.connect(self._touched)
            elif hasattr(control, "changed"):
                control.changed.connect(self._touched)
            elif hasattr(control, "valueChanged"):
                control.valueChanged.connect(self._touched)

    @Slot()
    def _touched(self) -> None:
        self.edited.emit()

    def set_snippets(self, snippets) -> None:
        for edit in self.findChildren(SnippetEdit):
            edit.set_snippets(snippets)
