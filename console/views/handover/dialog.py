"""交接班 in a window of its own: what the next shift must know, a line to leave for it, the sheet to sign."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from console.domain.changes import Changed, Topic
from console.domain.errors import UserError
from console.domain.forms import Document
from console.domain.handover import LONGEST_NOTE, Shift, lit_words
from console.domain.records import TicketRow
from console.domain.reports import PageImage
from console.jobs import Jobs
from console.theme import Tone
from console.views.handover import columns
from console.views.parts.card import Card, label, scrolled
from console.views.parts.clock import long_time, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.table import TableView
from console.views.parts.type_ahead import TypeAhead
from console.views.reports.printing import ask_printer, has_printer, make_printer, spool

SIZE = (1080, 640)


class HandoverDesk(Protocol):
    """console.services.handover.Handover, as far as the dialog uses it."""

    def shift(self) -> Shift: ...
    def leave_note(self, text: str) -> Changed: ...
    def issue(self, taken_by: str) -> Document: ...
    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage: ...


class HandoverDialog(QDialog):
    """Reads anew when somebody writes. `open_ticket(id)`, `said(sentence, tone)`, `failed(error)`."""

    open_ticket = Signal(int)
    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: HandoverDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._printer: QPrinter | None = None
        self.shift: Shift | None = None
        self.setWindowTitle(self.tr("交接班"))
        self.setAccessibleName(self.tr("交接班"))
        self.title, self.times = label(self.tr("交接班"), "title"), label("", "muted")
        self.figures = Figures()
        self.promises = _table(self.tr("待兑现承诺"), columns.promises())
        self.lit = _table(self.tr("黄灯与红灯"), columns.lit())
        self.held = _table(self.tr("到期恢复的挂起件"), columns.held(), "ticket_id")
        self.missed = _table(self.tr("未接通、没有回拨的来电"), columns.missed())
        self.notes = label("", wrap=True)
        self.notes.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note = SnippetEdit(self.tr("留给下一班的话"), LONGEST_NOTE, rows=3)
        self.taken_by = TypeAhead(self.tr("接班人姓名、工号"), free=True)
        self.fields = Fields(
            Field(self.tr("留给下一班的话"), self.note, "note"),
            Field(self.tr("接班人"), self.taken_by, "taken_by", self.tr("可不填，纸上签字")),
        )
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.reload()

    def _make_buttons(self) -> None:
        self.store = KeyButton(self.tr("留言"), "Ctrl+Enter")
        self.print_button = KeyButton(self.tr("打印交接班表"), "Ctrl+P", "primary")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self.store.setShortcut("Ctrl+Return")
        self.print_button.setShortcut("Ctrl+P")
        for button in (self.store, self.print_button, self.close_button):
            button.setAutoDefault(False)
        self.error = label("", "error", wrap=True)

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.times)
        head.addStretch(1)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for table in (self.promises, self.lit, self.held, self.missed):
            self.tabs.addTab(table.accessibleName())
            self.stack.addWidget(table)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        lists = Card(padding=1, spacing=0)
        lists.body.setContentsMargins(1, 6, 1, 1)
        lists.body.addWidget(self.tabs)
        lists.body.addWidget(self.stack, 1)
        work = QHBoxLayout()
        work.setSpacing(12)
        work.addWidget(lists, 1)
        work.addWidget(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.figures)
        column.addLayout(work, 1)

    def _side(self) -> QWidget:
        card = Card(self.tr("交给下一班"), padding=14, spacing=10)
        card.setFixedWidth(300)
        card.body.addWidget(scrolled(self.notes), 1)
        card.add(self.fields["note"])
        line = QHBoxLayout()
        line.addWidget(self.error, 1)
        line.addWidget(self.store)
        card.body.addLayout(line)
        card.add(self.fields["taken_by"])
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.print_button)
        card.body.addLayout(foot)
        return card

    def _connect(self) -> None:
        self.store.clicked.connect(self._store)
        self.print_button.clicked.connect(self.print_now)
        self.close_button.clicked.connect(self.reject)
        for table in (self.promises, self.lit, self.held):
            table.opened.connect(self._opened)
        self._jobs.changed.connect(self._changed)

    # --- reading

    @Slot()
    def reload(self) -> None:
        self._jobs.read(self, self._desk.shift, self._read, self._failed, key="shift")

    @Slot(object)
    def _changed(self, changed: Changed) -> None:
        if changed.topics & {Topic.TICKETS, Topic.CALLS, Topic.KNOWLEDGE}:
            self.reload()

    def _read(self, shift: Shift) -> None:
        self.shift = shift
        since, until = long_time(shift.since), long_time(shift.until)
        words = self.tr("{0}　{1} 至 {2}　交班人 {3}")
        self.times.setText(words.format(shift.name, since, until, shift.handed_by))
        self.figures.show_figures(shift.figures)
        self.promises.show_rows(shift.promises)
        self.lit.show_rows(shift.lit)
        self.held.show_rows(shift.held)
        self.missed.show_rows(shift.missed)
        self._name_tabs(shift)
        lines = (f"{note.text}\n{note.by}　{short_time(note.at)}" for note in shift.notes)
        self.notes.setText("\n\n".join(lines) or self.tr("还没有留言"))

    def _name_tabs(self, shift: Shift) -> None:
        overdue = self.tr("，超时 {0}").format(shift.counts.overdue) if shift.counts.overdue else ""
        words = (
            f"{len(shift.promises)}{overdue}", lit_words(shift), f"{len(shift.held)}",
            f"{len(shift.missed)}",
        )  # fmt: skip
        for at, (table, number) in enumerate(
            zip((self.promises, self.lit, self.held, self.missed), words, strict=True)
        ):
            self.tabs.setTabText(at, f"{table.accessibleName()} {number}")
            table.empty.say(self.tr("没有{0}").format(table.accessibleName()))
            table.empty.setVisible(table.records.rowCount() == 0)

    @Slot(object)
    def _opened(self, record: Any) -> None:
        ticket_id = record.id if isinstance(record, TicketRow) else record.ticket_id
        self.open_ticket.emit(ticket_id)
        self.accept()

    # --- leaving a line

    @Slot()
    def _store(self) -> None:
        self.fields.clear_errors()
        self.store.setEnabled(False)
        self._jobs.write(
            self, partial(self._desk.leave_note, self.note.text), self._stored, self._failed
        )

    def _stored(self, _changed: Changed) -> None:
        self.store.setEnabled(True)
        self.note.put("")
        self.reload()

    # --- the sheet

    @Slot()
    def print_now(self) -> None:
        """Ctrl+P. Without a printer nothing is numbered."""
        if not has_printer():
            self.error.setText(self.tr("这台电脑没有可用的打印机"))
            return
        self._printer = make_printer()
        ask_printer(self._printer, self, self._printer_chosen)

    @Slot()
    def _printer_chosen(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def print_on(self, printer: QPrinter) -> None:
        """Number, log and print."""
        self.print_button.setEnabled(False)
        work = partial(_print, self._desk, self.taken_by.text(), printer)
        self._jobs.write(self, work, self._printed, self._failed)

    def _printed(self, document: Document) -> None:
        self.print_button.setEnabled(True)
        self.said.emit(self.tr("交接班表已送往打印机，共 {0} 页").format(document.pages), Tone.OK)
        self.reload()

    def _failed(self, error: Exception) -> None:
        self.store.setEnabled(True)
        self.print_button.setEnabled(True)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        rest = self.fields.show_errors(error)
        self.error.setText(rest.sentence if rest is not None else "")


class Figures(Card):
    """Captions and values in one line, wrapping into a second where the window is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, parent=parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(2)
        self.body.addLayout(self._grid)

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for at, (name, value) in enumerate(figures):
            self._grid.addWidget(label(name, "muted"), 0, at)
            self._grid.addWidget(label(value, "strong"), 1, at)
        self._grid.setColumnStretch(max(0, len(figures) - 1), 1)


def _print(desk: HandoverDesk, taken_by: str, printer: QPrinter) -> Document:
    document = desk.issue(taken_by)
    spool(desk, [document], printer, _quiet, _never)
    return document


def _quiet(_done: int, _total: int, _words: str) -> None:
    """Two pages need no progress."""


def _never() -> bool:
    return False


def _table(name: str, shown: Sequence[Column], identity: str = "id") -> TableView:
    table = TableView(RecordTable(shown, identity=attrgetter(identity)))
    table.setAccessibleName(name)
    return table
