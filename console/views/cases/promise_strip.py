"""What was promised to the citizen, under the head of a case: each with its own light, and one line to promise more."""

from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.promises import Promised, PromiseLine, due_words
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.views.parts.card import label
from console.views.parts.clock import database_now, short_time
from console.views.parts.key_cap import KeyButton
from console.views.parts.light_label import LightLabel
from console.views.parts.promise_line import PromiseLine as PromiseEdit

# A promise runs out while somebody looks at it.
AGAIN_MS = 30_000


class PromiseDesk(Protocol):
    """console.services.promises.Promises, as far as a case uses it."""

    def of(self, ticket_id: int) -> tuple[PromiseLine, ...]: ...
    def promise(self, ticket_id: int, what: str, due: datetime) -> Changed: ...
    def keep(self, promise_id: int) -> Changed: ...


class PromiseStrip(QWidget):
    """`show_case(CaseFile)`; Ctrl+M opens the line, Ctrl+Shift+O notes the first open promise as kept.

    `failed(error)` is what has no place in here, `settled()` when nothing is being typed any more.
    """

    failed = Signal(object)
    settled = Signal()

    def __init__(self, jobs: Jobs, desk: PromiseDesk, owner: QWidget) -> None:
        super().__init__(owner)
        self._jobs, self._desk = jobs, desk
        self._case: CaseFile | None = None
        self._lines: tuple[PromiseLine, ...] = ()
        self._kept: dict[int, str] = {}
        self.promise = add_action(owner, ActionId.PROMISE, self.ask)
        self.keep = add_action(owner, ActionId.KEEP_PROMISE, self._keep_first)
        self.setAccessibleName(self.tr("承诺"))
        self.edit = PromiseEdit()
        self.edit.hide()
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._rows)
        column.addWidget(self.edit)
        self.edit.given.connect(self._given)
        self.edit.put_away.connect(self._put_away)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._read_again)
        self.clear()

    @property
    def lines(self) -> tuple[PromiseLine, ...]:
        return self._lines

    @property
    def is_typing(self) -> bool:
        return self.edit.isVisible() and bool(self.edit.text.strip())

    def clear(self) -> None:
        """No case is in sight."""
        self._case, self._lines = None, ()
        self._again.stop()
        self.promise.setEnabled(False)
        self.keep.setEnabled(False)
        self.hide()

    @Slot(object)
    def show_case(self, case: CaseFile) -> None:
        """Another work order: its own promises, and what was being typed for it."""
        before = self._case.row.id if self._case is not None else 0
        self._case = case
        if case.row.id != before:
            self._kept[before] = self.edit.text
            self.edit.put(self._kept.pop(case.row.id, ""))
            self.edit.setVisible(bool(self.edit.text))
            self._show_lines(())
        self.promise.setEnabled(Move.PROMISE in case.permitted)
        self._again.start()
        self._read_again()

    @Slot()
    def _read_again(self) -> None:
        if self._case is not None and (self.isVisible() or not self._lines):
            ticket_id = self._case.row.id
            work = partial(self._desk.of, ticket_id)
            done = partial(self._read, ticket_id)
            self._jobs.read(self, work, done, self._trouble, key="promises")

    def _read(self, ticket_id: int, lines: tuple[PromiseLine, ...]) -> None:
        if self._case is not None and self._case.row.id == ticket_id:
            self._show_lines(lines)

    def _show_lines(self, lines: tuple[PromiseLine, ...]) -> None:
        self._lines = lines
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, line in enumerate(lines):
            self._add(at, line)
        may = self._case is not None and Move.KEEP_PROMISE in self._case.permitted
        self.keep.setEnabled(may and any(line.open for line in lines))
        self.setVisible(bool(lines) or self.edit.isVisibleTo(self))

    def _add(self, at: int, line: PromiseLine) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        self._rows.addWidget(LightLabel(line.light, parent=self), at, 0, middle)
        words = f"{due_words(line.due, database_now())} 前：{line.what}"
        said = label(words, "strong" if line.open else "", wrap=True)
        said.setToolTip(self.tr("{0} {1} 承诺").format(line.made_by, short_time(line.made_at)))
        self._rows.addWidget(said, at, 1)
        if not line.open:
            who = label(f"{line.kept_by} {short_time(line.kept_at)}", "muted")
            self._rows.addWidget(who, at, 2)
        if line.open and self._case is not None and Move.KEEP_PROMISE in self._case.permitted:
            first = line is next(one for one in self._lines if one.open)
            button = KeyButton(self.tr("已兑现"), self.keep.shortcut().toString() if first else "")
            button.setProperty("promise", line.id)
            button.setProperty("small", True)
            button.setFixedHeight(24)
            button.setAccessibleName(self.tr("已兑现：{0}").format(line.what))
            button.clicked.connect(self._pressed)
            self._rows.addWidget(button, at, 2, middle)

    # --- promising

    @Slot()
    def ask(self) -> None:
        """Ctrl+M opens the line; again, it puts it away."""
        if self.edit.isVisible() and self.edit.edit.hasFocus():
            self._put_away()
            return
        self.show()
        self.edit.show()
        self.edit.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _put_away(self) -> None:
        """What was typed is still there when the line is opened again."""
        self.edit.hide()
        self.setVisible(bool(self._lines))
        self.settled.emit()

    @Slot(object)
    def _given(self, promised: Promised) -> None:
        if self._case is not None:
            work = partial(self._desk.promise, self._case.row.id, promised.what, promised.due)
            self._jobs.write(self, work, self._promised, self._trouble)

    def _promised(self, _changed: Changed) -> None:
        self.edit.put("")
        self._put_away()
        self._read_again()

    # --- keeping

    @Slot()
    def _keep_first(self) -> None:
        first = next((line for line in self._lines if line.open), None)
        if first is not None:
            self._keep(first.id)

    @Slot()
    def _pressed(self) -> None:
        self._keep(self.sender().property("promise"))

    def _keep(self, promise_id: int) -> None:
        self._jobs.write(self, partial(self._desk.keep, promise_id), self._done, self._trouble)

    def _done(self, _changed: Changed) -> None:
        self._read_again()

    def _trouble(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
        elif self.edit.isVisible():
            self.edit.show_error(error)
        else:
            self.failed.emit(error)
