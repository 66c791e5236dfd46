"""报表: printing and saving in one tab, archiving in the next, ledgers in the last."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from console.actions import ActionId
from console.domain.forms import FormKind
from console.jobs import Jobs
from console.settings import Settings
from console.views.archive.archive_panel import Archive, ArchivePanel
from console.views.parts.page import Page
from console.views.reports.ledger_desk import LedgerDesk
from console.views.reports.print_desk import SAVE, PrintDesk
from console.views.reports.services import ReportDesk, SheetDesk


class ReportsPage(Page):
    """Opened for one work order from anywhere with `show_ticket`; no tab for what is not given."""

    def __init__(
        self,
        jobs: Jobs,
        desk: ReportDesk,
        archiving: Archive | None = None,
        settings: Settings | None = None,
        sheets: SheetDesk | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self.ledgers = LedgerDesk(jobs, sheets, settings) if sheets is not None else None
        self.print_desk = PrintDesk(jobs, desk, settings)
        self.archive = ArchivePanel(jobs, archiving) if archiving is not None else None
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self._lay_out()
        self._connect()

    def show_ticket(self, ticket_id: int, form: FormKind = FormKind.CLOSURE_REPORT) -> None:
        """This work order's form in the preview, ready to print."""
        self.tabs.setCurrentIndex(0)
        self.print_desk.show_ticket(ticket_id, form)

    @Slot()
    def reload(self) -> None:
        self.print_desk.reload()
        if self.ledgers is not None and self.ledgers.isVisible():
            self.ledgers.reload()

    def home(self) -> QWidget:
        if self.archive is not None and self.stack.currentWidget().focusProxy() is self.archive:
            return self.archive.table
        if self.ledgers is not None and self.stack.currentWidget() is self.ledgers:
            return self.ledgers.kind
        return self.print_desk.finder.table

    @Slot(str)
    def take_step(self, step: str) -> None:
        if step == SAVE:
            self.print_desk.save_now()

    @Slot(object)
    def act(self, action_id: ActionId) -> None:
        """The keys live on the tab they belong to, so that F8 archives in the one and previews in the other."""
        desks = (self.print_desk, *((self.ledgers,) if self.ledgers is not None else ()))
        for desk in (desk for desk in desks if desk.isVisible()):
            for action in desk.actions():
                if action.objectName() == action_id:
                    action.trigger()

    def _lay_out(self) -> None:
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("报表"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 0)
        outer.setSpacing(0)
        # Its first word stands over the words of the cards below, its line begins with their edge.
        beside = QHBoxLayout()
        beside.setContentsMargins(12, 0, 12, 0)
        beside.addWidget(self.tabs)
        beside.addStretch(1)
        outer.addLayout(beside)
        outer.addWidget(self.stack, 1)
        self.tabs.addTab(self.tr("打印与导出"))
        self.stack.addWidget(self.print_desk)
        if self.archive is not None:
            self.tabs.addTab(self.tr("办结归档"))
            self.stack.addWidget(self._framed(self.archive))
        if self.ledgers is not None:
            self.tabs.addTab(self.tr("台账"))
            self.stack.addWidget(self.ledgers)
        self.tabs.setVisible(self.tabs.count() > 1)

    def _framed(self, panel: QWidget) -> QWidget:
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 10, 12, 12)
        column.addWidget(panel)
        frame.setFocusProxy(panel)
        return frame

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.print_desk.said.connect(self.said)
        self.print_desk.failed.connect(self.failed)
        self.print_desk.step_offered.connect(self.step_offered)
        if self.ledgers is not None:
            self.ledgers.said.connect(self.said)
            self.ledgers.failed.connect(self.failed)
        if self.archive is not None:
            self.archive.said.connect(self.said)
            self.archive.failed.connect(self.failed)
            self.archive.open_ticket.connect(self.open_ticket)
            self.archive.report_wanted.connect(self._report_wanted)
            self.archive.index_wanted.connect(self._index_wanted)

    @Slot(int)
    def _tab_chosen(self, at: int) -> None:
        self.stack.setCurrentIndex(at)
        if self.ledgers is not None and self.stack.currentWidget() is self.ledgers:
            self.ledgers.reload()
        self.home().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _report_wanted(self, ticket_ids: tuple[int, ...]) -> None:
        """Just archived: their closure reports, ticked and in sight."""
        self.tabs.setCurrentIndex(0)
        self.print_desk.show_ticked(tuple(ticket_ids), FormKind.CLOSURE_REPORT)

    @Slot(object)
    def _index_wanted(self, ticket_ids: tuple[int, ...]) -> None:
        """Just archived: what their files hold, to be put on top of them."""
        self.tabs.setCurrentIndex(0)
        self.print_desk.show_ticked(tuple(ticket_ids), FormKind.ARCHIVE_INDEX)
