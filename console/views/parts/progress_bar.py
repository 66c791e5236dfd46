"""A long job in one line: what it is doing, how far it is, and a way to stop it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.theme import Tone, mark
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton


class LongJobBar(QFrame):
    """Give `progressed` to `jobs.long` and its handle to `start`; end with `finish` or `fail`.

    `opened()` when the operator wants the result, `cancelled()` after the job was asked to stop.
    """

    opened = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self.setProperty("tone", "neutral")
        self._job = None
        self.words = label("")
        self.figures = label("", "muted")
        self.bar = QProgressBar(textVisible=False)
        self.cancel_button = KeyButton(self.tr("停止"))
        self.open_button = KeyButton(self.tr("打开结果"), kind="primary")
        self._lay_out()
        self.cancel_button.clicked.connect(self._cancel)
        self.open_button.clicked.connect(self._open)
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        head.addWidget(self.figures)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addLayout(head)
        middle.addWidget(self.bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 8, 8)
        line.setSpacing(12)
        line.addLayout(middle, 1)
        line.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def start(self, words: str, job) -> None:
        """`job` is what `jobs.long` returned."""
        self._job = job
        self._look(words, Tone.NEUTRAL, running=True)
        self.figures.clear()
        self.bar.setRange(0, 0)
        self.show()

    def progressed(self, done: int, total: int, words: str = "") -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        self.figures.setText(f"{done:,} / {total:,}" if total else f"{done:,}")
        if words:
            self.words.setText(words)
        self.setAccessibleDescription(f"{self.words.text()} {self.figures.text()}")

    def finish(self, words: str, can_open: bool = True) -> None:
        self._look(words, Tone.OK, running=False)
        self.open_button.setVisible(can_open)
        self.bar.setRange(0, 1)
        self.bar.setValue(1)

    def fail(self, words: str) -> None:
        self._look(words, Tone.BAD, running=False)

    def _look(self, words: str, tone: Tone, running: bool) -> None:
        self.words.setText(words)
        mark(self, tone=str(tone))
        mark(self.words, tone="" if tone is Tone.NEUTRAL else str(tone))
        self.cancel_button.setEnabled(True)
        self.cancel_button.setVisible(running)
        self.open_button.setVisible(False)
        self.bar.setVisible(running)

    @Slot()
    def _cancel(self) -> None:
        self.cancel_button.setEnabled(False)
        self.words.setText(self.tr("正在停止…"))
        if self._job is not None:
            self._job.cancel()
        self.cancelled.emit()

    @Slot()
    def _open(self) -> None:
        self.hide()
        self.opened.emit()
