"""Why a deadline is what it is: the arithmetic, line by line, with the rule each line comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.theme import mark
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line: what, the value, and the rule or fact it rests on; `result` for the sum."""

    what: str
    value: str
    why: str = ""
    result: bool = False


class ExplainPanel(QWidget):
    """`show_lines(title, lines)`; the whole can be copied as text, for a caller or a superior.

    With `closable` a button tells `closed`; whoever shows the panel hides it.
    """

    closed = Signal()

    def __init__(self, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Explanation, ...] = ()
        self.title = label("", "title", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(2, 1)
        self.copy_button = KeyButton(self.tr("复制算式"), kind="quiet")
        self.copy_button.clicked.connect(self._copy)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        self.close_button = KeyButton(self.tr("收起"), "Esc", "quiet")
        self.close_button.clicked.connect(self.closed)
        self.close_button.setHidden(not closable)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.title)
        column.addLayout(self._grid)
        column.addLayout(foot)
        column.addStretch(1)

    def show_lines(self, title: str, lines: Sequence[Explanation | str]) -> None:
        """Plain strings are allowed: each becomes one line without a value."""
        self._clear()
        self.title.setText(title)
        self._lines = tuple(
            Explanation(line, "") if isinstance(line, str) else line for line in lines
        )
        for at, line in enumerate(self._lines):
            self._add(at, line)
        self.setAccessibleName(self.text())

    def text(self) -> str:
        rows = (
            "　".join(part for part in (line.what, line.value, line.why) if part)
            for line in self._lines
        )
        return "\n".join((self.title.text(), *rows))

    def _add(self, at: int, line: Explanation) -> None:
        what = label(line.what, "strong" if line.result else "", wrap=not line.value)
        value = label(line.value, "strong")
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if line.result:
            mark(value, tone="accent")
        if line.value:
            self._grid.addWidget(what, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label(line.why, "muted", wrap=True), at, 2)
        else:
            self._grid.addWidget(what, at, 0, 1, 3)

    def _clear(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text())
