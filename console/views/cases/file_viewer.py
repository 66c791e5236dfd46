"""The files of a work order one by one: pictures here; sound, film and PDF by the system, once they are proved."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from console.domain.changes import Changed
from console.domain.errors import Cancelled, UserError
from console.domain.orders import REVEAL_REASONS
from console.domain.records import AttachmentLine
from console.jobs import Jobs, LongJob
from console.views.cases.picture_canvas import PictureCanvas
from console.views.cases.pictures import picture_of
from console.views.cases.services import CaseDesk, CopyDesk
from console.views.parts.card import label
from console.views.parts.dialog import Dialog
from console.views.parts.flow import Flow
from console.views.parts.key_cap import KeyButton
from console.views.parts.progress_bar import LongJobBar

MEGABYTE = 1024 * 1024
# Pictures and sounds that show who the citizen is are opened on purpose, with a reason; never as a thumbnail.
PRIVATE = frozenset({"identity", "recording"})
BY_THE_SYSTEM = ("audio/", "video/", "application/pdf")


def is_image(line: AttachmentLine) -> bool:
    return line.media_type.startswith("image/")


class FileViewer(Dialog):
    """`saved(name)` after a copy was written; without a `saver` nothing can be saved from here."""

    saved = Signal(str)

    def __init__(
        self, jobs: Jobs, desk: CaseDesk, lines: Sequence[AttachmentLine], at: int,
        saver: CopyDesk | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(lines[at].name, "", " ", width=780, parent=parent)
        self._jobs, self._desk, self._saver = jobs, desk, saver
        self._lines, self._at = tuple(lines), at
        self._job: LongJob | None = None
        # Which file an answer is for: who has turned the page does not see it any more.
        self._turn = 0
        self.canvas = PictureCanvas()
        self.words = label("", "muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = LongJobBar()
        self.reasons = _Reasons()
        self._build()
        self._keys()
        self.finished.connect(self._stop)
        self._show()

    def _build(self) -> None:
        self.accept_button.hide()
        self.cancel_button.set_words(self.tr("关闭"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.words)
        self.stack.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.bar)
        self.layout().setStretchFactor(self.body, 100)
        self.before = KeyButton(self.tr("上一个"), "←", "quiet")
        self.after = KeyButton(self.tr("下一个"), "→", "quiet")
        self.larger = KeyButton(self.tr("放大"), "+", "quiet")
        self.smaller = KeyButton(self.tr("缩小"), "-", "quiet")
        self.fitting = KeyButton(self.tr("适合"), "0", "quiet")
        self.turning = KeyButton(self.tr("旋转"), "R", "quiet")
        self.opening = KeyButton(self.tr("用系统程序打开"), "Ctrl+O", "primary")
        self.saving = KeyButton(self.tr("另存…"), "Ctrl+S")
        left = (self.before, self.after, self.larger, self.smaller, self.fitting, self.turning)
        for place, button in enumerate(left):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.buttons.insertWidget(place, button)
        for place, button in enumerate((self.saving, self.opening), len(left) + 1):
            button.setAutoDefault(False)
            self.buttons.insertWidget(place, button)
        screen = self.screen().availableSize()
        self.resize(min(1040, screen.width() * 9 // 10), min(760, screen.height() * 9 // 10))

    def _keys(self) -> None:
        canvas = self.canvas
        for keys, slot in (
            (("Left", "PgUp"), self.turn_back), (("Right", "PgDown"), self.turn_on),
            (("+", "=", "Ctrl++"), canvas.larger), (("-", "Ctrl+-"), canvas.smaller),
            (("0", "Ctrl+0"), canvas.fit), (("1", "Ctrl+1"), canvas.natural), (("R",), canvas.turn_right),
            (("Shift+R",), canvas.turn_left), (("Ctrl+O",), self.open_outside), (("Ctrl+S",), self.save),
        ):  # fmt: skip
            for key in keys:
                QShortcut(QKeySequence(key), self).activated.connect(slot)
        for button, slot in (
            (self.before, self.turn_back), (self.after, self.turn_on), (self.larger, canvas.larger),
            (self.smaller, canvas.smaller), (self.fitting, canvas.fit), (self.turning, canvas.turn_right),
            (self.opening, self.open_outside), (self.saving, self.save),
        ):  # fmt: skip
            button.clicked.connect(slot)
        self.reasons.chosen.connect(self._reason_given)

    @property
    def line(self) -> AttachmentLine:
        return self._lines[self._at]

    @property
    def _private(self) -> bool:
        return self.line.kind in PRIVATE

    # --- one after the other

    @Slot()
    def turn_on(self) -> None:
        self._go(1)

    @Slot()
    def turn_back(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        if 0 <= self._at + by < len(self._lines):
            self._at += by
            self._show()

    def _show(self) -> None:
        self._stop()
        self._turn += 1
        line = self.line
        self.setWindowTitle(line.name)
        self.title.setText(line.name)
        of = f"{self._at + 1} / {len(self._lines)}"
        self.hint.setText("　".join((of, line.kind_name, line.added_by, _megabytes(line.size))))
        self.error.hide()
        self.bar.hide()
        self.canvas.show_image(QImage())
        self._offer()
        self.reasons.setVisible(self._private)
        self.reasons.forget()
        if self._private:
            self._say(self.tr("这是诉求人的证件或录音。选择理由后打开，查看会记入审计。"))
        elif is_image(line):
            self._read("")
        else:
            self._say(self._way_to_open())

    def _offer(self) -> None:
        line = self.line
        self.before.setEnabled(self._at > 0)
        self.after.setEnabled(self._at < len(self._lines) - 1)
        for button in (self.before, self.after):
            button.setVisible(len(self._lines) > 1)
        self._offer_looking(False)
        by_the_system = line.media_type.startswith(BY_THE_SYSTEM)
        self.opening.setVisible(by_the_system and not self._private)
        self.saving.setVisible(self._saver is not None and not self._private)

    def _offer_looking(self, on: bool) -> None:
        for button in (self.larger, self.smaller, self.fitting, self.turning):
            button.setVisible(on)

    def _way_to_open(self) -> str:
        if self.line.media_type.startswith(BY_THE_SYSTEM):
            return self.tr(
                "取回并核对无误后，由本机的播放器或阅读器打开；打开会记入审计，关闭本程序时清除。"
            )
        if self._saver is None:
            return self.tr("这类文件不直接打开。需要时由承办单位在办理页另存后，用办公软件打开。")
        return self.tr("这类文件不直接打开。请另存后，用办公软件打开；另存会记入审计。")

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.stack.setCurrentWidget(self.words)

    # --- fetching

    def _read(self, reason: str) -> None:
        """A small one is there at once; the bar comes only when there is something to wait for."""
        self._say(self.tr("正在取回…"))
        work = partial(_picture, self._desk, self.line, reason)
        self._start(work, self._seen, self.tr("正在取回“{0}”").format(self.line.name))

    def _start(self, work, done, words: str) -> None:
        turn = self._turn
        self._job = self._jobs.long(
            self, work, partial(done, turn), partial(self._failed, turn), partial(self._progressed, turn)
        )  # fmt: skip
        self.bar.start(words, self._job)
        self._wait_for_it(True)

    def _wait_for_it(self, on: bool) -> None:
        self.opening.setEnabled(not on)
        self.saving.setEnabled(not on)

    def _done(self) -> None:
        self._job = None
        self.bar.hide()
        self._wait_for_it(False)

    def _progressed(self, turn: int, done: int, total: int, _words: str = "") -> None:
        if turn == self._turn:
            self.bar.progressed(done, total)
            self.bar.figures.setText(f"{done / MEGABYTE:.1f} / {_megabytes(total)}")

    def _seen(self, turn: int, image: QImage) -> None:
        if turn != self._turn:
            return
        self._done()
        if image.isNull():
            self._say(self.tr("这张图片已损坏，显示不出来。"))
            return
        self.reasons.hide()
        self.canvas.show_image(image)
        self.canvas.setAccessibleName(f"{self.line.kind_name} {self.line.name}")
        self.stack.setCurrentWidget(self.canvas)
        self._offer_looking(True)
        self.canvas.setFocus()

    def _failed(self, turn: int, error: Exception) -> None:
        if turn != self._turn:
            return
        self._done()
        self.reasons.forget()
        if isinstance(error, Cancelled):
            self._say(self.tr("已停止取回。"))
        elif isinstance(error, UserError):
            self._say("")
            self.fail(error.sentence)
        else:
            self._jobs.unhandled.emit(error)

    @Slot()
    def _stop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self._wait_for_it(False)

    @Slot(str)
    def _reason_given(self, reason: str) -> None:
        self.error.hide()
        if is_image(self.line):
            self._read(reason)
        else:
            self._fetch_outside(reason)

    # --- out of the program

    @Slot()
    def open_outside(self) -> None:
        if self.opening.isVisible() and self._job is None:
            self._fetch_outside("")

    def _fetch_outside(self, reason: str) -> None:
        work = partial(self._desk.fetch, self.line.id, reason, True)
        self._start(work, self._fetched, self.tr("正在取回“{0}”").format(self.line.name))

    def _fetched(self, turn: int, path: Path) -> None:
        """Handed over only now: its hash and its kind are proved, its suffix is that of its kind."""
        if turn != self._turn:
            return
        self._done()
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self._say(self.tr("已交给本机的程序打开。关闭本程序时清除。"))
        else:
            self.fail(self.tr("本机没有能打开这类文件的程序，请联系管理员安装播放器或阅读器"))

    @Slot()
    def save(self) -> None:
        if not self.saving.isVisible() or self._job is not None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, self.tr("另存附件"), self.line.name)
        if name:
            work = partial(self._saver.save_copy, self.line.id, Path(name))
            self._start(work, self._copied, self.tr("正在另存“{0}”").format(self.line.name))

    def _copied(self, turn: int, changed: Changed) -> None:
        self.saved.emit(changed.note)
        if turn == self._turn:
            self._done()
            self.bar.show()
            self.bar.finish(self.tr("已另存“{0}”，已记入审计。").format(changed.note), False)


class _Reasons(QWidget):
    """`chosen(reason)`: one press; the same short list as for a number."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(self.tr("查看理由"), "caption"))
        self.buttons = [KeyButton(words, f"Alt+{at}") for at, words in enumerate(REVEAL_REASONS, 1)]
        for at, button in enumerate(self.buttons, 1):
            button.setAutoDefault(False)
            button.setCheckable(True)
            button.clicked.connect(self._choose)
            button.setShortcut(QKeySequence(f"Alt+{at}"))
        row = Flow(gap=8)
        row.show_widgets(tuple(self.buttons))
        column.addWidget(row)

    def forget(self) -> None:
        for button in self.buttons:
            button.setChecked(False)
            button.setEnabled(True)

    @Slot()
    def _choose(self) -> None:
        for button in self.buttons:
            button.setChecked(button is self.sender())
            button.setEnabled(False)
        self.chosen.emit(self.sender().text())


def _picture(desk: CaseDesk, line: AttachmentLine, reason: str, progress, cancelled) -> QImage:
    return picture_of(desk, line, None, reason, progress, cancelled)


def _megabytes(size: int) -> str:
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MEGABYTE:.1f} MB"
