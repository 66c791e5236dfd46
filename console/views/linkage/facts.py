"""What is known before deciding: the boundary both centres agreed on, and this matter's hand-overs."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from console.domain.linkage import BOUNDARY, Opened, Result, TransferLine
from console.theme import Tone, mark
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import long_time

_RESULTS = {Result.PENDING: ("待我方判定", Tone.WARN), Result.ACCEPTED: ("已接收", Tone.OK)}


class BoundaryTable(QWidget):
    """Whose is what, in five lines to be read out (field-facts 10.12)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for at, (who, what) in enumerate(BOUNDARY):
            name = label(who, "strong", tone="bad" if not at else "")
            grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(what, wrap=True), at, 1)


class Danger(QFrame):
    """One red strip when the words speak of danger; hidden otherwise."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone="bad")
        self.words = label("", "strong", wrap=True, tone="bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.words)
        self.hide()

    def say(self, words: str) -> None:
        self.words.setText(words)
        self.setVisible(bool(words))


class TransferList(QWidget):
    """The hand-overs of one matter, oldest first: who gave it to whom, when, what came of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def show_opened(self, opened: Opened) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in opened.transfers:
            self._column.addWidget(_Transfer(line))
        self.setVisible(bool(opened.transfers))


class _Transfer(QWidget):
    def __init__(self, line: TransferLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        title = f"移交{line.service}" if line.outgoing else "110转来"
        grid.addWidget(label(f"{title}　{long_time(line.at)}", "strong"), 0, 0)
        words, tone = _RESULTS.get(line.result, _refused(line))
        grid.addWidget(Chip(words, tone), 0, 1)
        for at, text in enumerate(_facts(line), 1):
            grid.addWidget(label(text, "muted", wrap=True), at, 0, 1, 2)


def _refused(line: TransferLine) -> tuple[str, Tone]:
    return ("110已退回", Tone.BAD) if line.outgoing else ("我方已退回", Tone.BAD)


def _facts(line: TransferLine) -> Iterable[str]:
    parts = [
        f"警情编号 {line.police_no}" if line.police_no else "",
        f"移交 {line.handed_by or '未报工号'}",
        f"接收 {line.receiver_no}" if line.receiver_no else "",
        "三方通话" if line.three_way else "",
        f"{line.first} 先接到" if line.first else "",
    ]
    yield "　".join(filter(None, parts))
    if line.outgoing and line.reason:
        yield line.reason
    if line.refusal:
        who = "退回人" if line.outgoing else "接收"
        yield "　".join(filter(None, (f"退回原因：{line.refusal}", f"{who} {line.receiver_back}")))
    if line.agreed:
        yield f"双方同意：{line.agreed}"
