"""Opens, sends and keeps the report from the grid, beside the page's own work."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.errors import Cancelled, UserError
from console.domain.records import AttachmentLine
from console.domain.reporting import Reported, ReportForm
from console.domain.states import TicketState
from console.jobs import Jobs
from console.theme import Tone
from console.views.inbox.local_files import load_local
from console.views.inbox.report_form import ReportPanel
from console.views.inbox.sending_bar import SendingBar
from console.views.inbox.services import ReportingDesk


class Reports(QObject):
    """`done(Reported)` when it is in, `said(sentence, tone)`, `failed(error)`, `changed()` when it opens or closes."""

    done = Signal(object)
    said = Signal(str, object)
    failed = Signal(object)
    changed = Signal()

    def __init__(self, jobs: Jobs, reporting: ReportingDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._reporting = jobs, reporting
        self.panel = ReportPanel()
        self.panel.setParent(parent)
        self.panel.hide()
        self.open = self.sending = False
        self._kept: ReportForm | None = None
        self._read_lists = False
        self.panel.closed.connect(self.leave)
        self.panel.submitted.connect(self.send)
        self.panel.place_given.connect(self._ask_place)
        self.panel.evidence.wanted.connect(self._want)
        # The blue button says what it will do: settle it here, or push it up.
        self.panel.settled.chosen.connect(self._decided)

    def begin(self) -> None:
        """The form as it was left, or an empty one."""
        if not self._read_lists:
            self._read_lists = True
            work = self._reporting.grids
            self._jobs.read(self, work, self.panel.set_grids, self._refused, "grids")
            work = self._reporting.categories
            self._jobs.read(self, work, self.panel.set_categories, self._refused, "categories")
        if not self.open:
            self.open = True
            self.panel.begin_report(self._kept)
            self.changed.emit()
        self.panel.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def leave(self) -> None:
        """Esc: the words stay."""
        if self.open:
            self.open = False
            self._kept = None if self.panel.is_empty else self.panel.values()
            self.changed.emit()

    @Slot()
    def _decided(self) -> None:
        if self.open:
            self.changed.emit()

    @Slot()
    def send(self) -> None:
        if not self.open or self.sending:
            return
        self.panel.clear_errors()
        self.sending = True
        self.changed.emit()
        form = self.panel.to_send()
        work = partial(self._reporting.report, form)
        job = self._jobs.long(self, work, self._sent, self._refused, self._progressed)
        if form.before or form.after:
            self._bar.begin(self.tr("照片"), job)

    @property
    def _bar(self) -> SendingBar:
        return self.panel.evidence.sending("after")

    def _progressed(self, done: int, total: int, _words: str = "") -> None:
        self._bar.progressed(self.tr("照片"), done, total)

    def _sent(self, reported: Reported) -> None:
        self._bar.end(self.tr("照片"))
        self.sending, self.open, self._kept = False, False, None
        self.changed.emit()
        closed = reported.state is TicketState.CLOSED
        words = (
            self.tr("已现场办结，工单 {0}。")
            if closed
            else self.tr("已上报，工单 {0}，待热线受理。")
        )
        self.said.emit(words.format(reported.number), Tone.OK)
        self.done.emit(reported)

    def _refused(self, error: Exception) -> None:
        if self.sending:
            self.sending = False
            self._bar.end(self.tr("照片"))
            self.changed.emit()
            if isinstance(error, Cancelled):
                self.said.emit(self.tr("已停止上报，填写的内容还在。"), Tone.NEUTRAL)
            elif self.panel.show_error(error) is not None:
                self._jobs.unhandled.emit(error)
        elif isinstance(error, UserError):
            self.failed.emit(error)
        else:
            self._jobs.unhandled.emit(error)

    @Slot(str)
    def _ask_place(self, text: str) -> None:
        work = partial(self._reporting.place, text)
        shown = partial(self.panel.show_place, text)
        self._jobs.read(self, work, shown, self._refused, "place")

    @Slot(object)
    def _want(self, line: AttachmentLine) -> None:
        shown = self.panel.evidence.show_image
        self._jobs.read(self, partial(load_local, line), shown, self._refused)
