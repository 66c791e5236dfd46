"""Files on their way from one zone into the database: which, how far, and a way to stop them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.jobs import LongJob
from console.views.parts.card import label
from console.views.parts.key_cap import small_button

MEGABYTE = 1024 * 1024


class SendingBar(QWidget):
    """`begin` each file with the handle of its job, `end` it however it ended. Hidden while nothing is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, LongJob] = {}
        self.words = label("", "muted")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedHeight(4)
        self.stop_button = small_button(self.tr("停止"))
        self.stop_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop_button.setAccessibleName(self.tr("停止添加"))
        self.stop_button.clicked.connect(self.stop)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addWidget(self.words)
        middle.addWidget(self.bar)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 4, 2)
        line.setSpacing(8)
        line.addLayout(middle, 1)
        line.addWidget(self.stop_button)
        self.hide()

    @property
    def is_busy(self) -> bool:
        return bool(self._jobs)

    def begin(self, name: str, job: LongJob) -> None:
        self._jobs[name] = job
        self.stop_button.setEnabled(True)
        self.bar.setRange(0, 0)
        self._say(name, 0)
        self.show()

    def progressed(self, name: str, done: int, total: int) -> None:
        if name not in self._jobs or not self.stop_button.isEnabled():
            return
        self.bar.setRange(0, 100)
        percent = done * 100 // total if total else 0
        self.bar.setValue(percent)
        self._say(name, percent)

    def _say(self, name: str, percent: int) -> None:
        others = len(self._jobs) - 1
        more = self.tr("　还有 {0} 个").format(others) if others else ""
        short = self.words.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 160)
        self.words.setText(self.tr("正在添加 {0}　{1}%{2}").format(short, percent, more))
        self.setAccessibleDescription(self.words.text())

    def end(self, name: str) -> None:
        self._jobs.pop(name, None)
        self.setVisible(bool(self._jobs))

    @Slot()
    def stop(self) -> None:
        """All of this zone's: each ends after the megabyte in hand; what has arrived waits for the next try."""
        self.stop_button.setEnabled(False)
        self.words.setText(self.tr("正在停止…"))
        for job in self._jobs.values():
            job.cancel()
