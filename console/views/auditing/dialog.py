"""查阅记录: a citizen, a work order or a colleague goes in; who saw what, when and why comes out."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.auditing import HEADERS, About, Answer, Question, Seen, Traced, lines
from console.domain.errors import UserError
from console.jobs import Jobs
from console.theme import Tone
from console.views.auditing.watch_dialog import WatchDesk, WatchDialog
from console.views.importing.picker import FilePicker
from console.views.importing.second import SecondDialog
from console.views.parts.card import Card, label
from console.views.parts.clock import grouped_number, local, long_time
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.reports.period import Period, Span

SIZE = (1120, 680)
_BEGAN = date(2020, 1, 1)
# So many of its last deeds are named beside a copy that was read.
_DEEDS = 3


class AuditDesk(Protocol):
    """console.services.auditing.Auditing, as far as the window uses it."""

    def search(self, question: Question) -> Answer: ...
    def identify(self, path: Path) -> Traced: ...
    @property
    def watching(self) -> WatchDesk: ...


class TableDesk(Protocol):
    """console.services.exporting.Exporting, as far as the window uses it."""

    def table(self, title: str, headers: Any, rows: Any, path: Path, second: Any = None) -> Any: ...
    def second(self, login: str, password: str) -> Any: ...


class AuditDialog(QDialog):
    """`said(sentence, tone)` when a list was written; `failed(error)` for defects. Takes a file dropped on it."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: AuditDesk, exporting: TableDesk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._exporting = jobs, desk, exporting
        self._answer, self._pick = Answer(()), FilePicker(self)
        self._taking_out: partial[Any] = partial(exporting.table)
        self.second: SecondDialog | None = None
        self._about: About | None = None
        self.setWindowTitle(self.tr("查阅记录"))
        self.setAccessibleName(self.tr("查阅记录"))
        self.setAcceptDrops(True)
        self.citizen, self.number, self.operator = QLineEdit(), QLineEdit(), QLineEdit()
        self.period = Period()
        self.period.choose(Span.THIRTY)
        self.unusual = QCheckBox(self.tr("只看异常"))
        self.table = TableView(RecordTable(_columns()))
        self.table.setAccessibleName(self.tr("查阅记录"))
        self.count, self.error = label("", "muted"), label("", "error", wrap=True)
        self.copy = label("", wrap=True)
        self.copy.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._make_buttons()
        self._make_fields()
        self._lay_out()
        self._connect()
        self.table.empty.say(
            self.tr("输入条件后按 Enter"), self.tr("都不填则列出所选日期内的全部查阅")
        )
        self.table.empty.show()

    def _make_buttons(self) -> None:
        self.find = KeyButton(self.tr("查找"), "Enter", "primary")
        self.export = KeyButton(self.tr("导出"), "Ctrl+Shift+E")
        self.identify = KeyButton(self.tr("识别副本"), "Ctrl+O")
        self.watch = KeyButton(self.tr("关注号码"), "Ctrl+G")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        for button in (self.find, self.export, self.identify, self.watch, self.close_button):
            button.setAutoDefault(False)
        self.export.setEnabled(False)

    def _make_fields(self) -> None:
        self.citizen.setPlaceholderText(self.tr("完整号码、身份证号或居民姓名"))
        self.number.setPlaceholderText(self.tr("17 位工单编号"))
        self.operator.setPlaceholderText(self.tr("工号或姓名"))
        self.fields = {
            field.name: field
            for field in (
                Field(self.tr("谁被查看"), self.citizen, "citizen"),
                Field(self.tr("工单编号"), self.number, "number"),
                Field(self.tr("操作人"), self.operator, "operator"),
                Field(self.tr("日期"), self.period, "period"),
            )
        }

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        asked = QHBoxLayout()
        asked.setSpacing(12)
        for name, wide in (("citizen", 3), ("number", 2), ("operator", 2), ("period", 2)):
            asked.addWidget(self.fields[name], wide)
        asked.addWidget(self.period.exact, 0, Qt.AlignmentFlag.AlignBottom)
        told = QHBoxLayout()
        told.setSpacing(12)
        for widget in (self.unusual, self.count):
            told.addWidget(widget)
        told.addStretch(1)
        told.addWidget(self.export)
        told.addWidget(self.find)
        lists = Card(padding=1, spacing=0)
        lists.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.identify)
        foot.addWidget(self.watch)
        foot.addWidget(self.copy, 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(label(self.tr("查阅记录"), "title"))
        column.addLayout(asked)
        column.addLayout(told)
        column.addWidget(self.error)
        column.addWidget(lists, 1)
        column.addLayout(foot)
        self.error.hide()
        self._say_hint()

    def _say_hint(self) -> None:
        self.copy.setText(
            self.tr("把外流的截图、扫描件、PDF 或导出文件拖进来，可查出是谁、哪一分钟的副本")
        )

    def _connect(self) -> None:
        for line in (self.citizen, self.number, self.operator):
            line.returnPressed.connect(self.search)
        self.find.clicked.connect(self.search)
        self.period.changed.connect(self._again)
        self.unusual.toggled.connect(self._again)
        self.export.clicked.connect(self._ask_place)
        self.identify.clicked.connect(self._ask_copy)
        self.close_button.clicked.connect(self.reject)
        self.watch.clicked.connect(self._watch)
        QShortcut(QKeySequence("Ctrl+G"), self).activated.connect(self._watch)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self._ask_copy)
        QShortcut(QKeySequence("Ctrl+Shift+E"), self).activated.connect(self.export.click)

    @Slot()
    def _watch(self) -> None:
        """The list of watched numbers; a search that stands is asked again when it was changed."""
        dialog = WatchDialog(self._jobs, self._desk.watching, self)
        dialog.finished.connect(self._again)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- searching

    def question(self) -> Question:
        since, until = self.period.days
        citizen = self.citizen.text().strip()
        # Typed over, it is another question.
        about = self._about if self._about is not None and citizen == self._about.words else None
        return Question(
            "" if about else citizen,
            self.number.text().strip(),
            self.operator.text().strip(),
            since or _BEGAN,
            until,
            self.unusual.isChecked(),
            about,
        )

    def ask_about(self, about: About) -> None:
        """Everybody who saw whoever this is, asked at once; nobody is told his number."""
        self._about = about
        self.citizen.setText(about.words)
        self.period.choose(Span.ALWAYS)
        self.search()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def search(self) -> None:
        for field in self.fields.values():
            field.clear_error()
        self.error.hide()
        self.count.setText(self.tr("正在查找"))
        # It writes its own line into the audit: the write lane.
        self._jobs.write(self, partial(self._desk.search, self.question()), self._found, self._not)

    @Slot()
    def _again(self) -> None:
        """Another condition; not before the first search, which the operator begins."""
        if self.count.text():
            self.search()

    def _found(self, answer: Answer) -> None:
        self._answer = answer
        self.table.show_rows(answer.seen)
        self.table.empty.say(self.tr("没有查阅记录"), answer.note or self.tr("换一个条件或日期"))
        self.table.empty.setVisible(not answer.seen)
        self.export.setEnabled(bool(answer.seen))
        words = self.tr("共 {0} 条，异常 {1} 条").format(len(answer.seen), answer.unusual)
        more = self.tr("；只列最近 500 条，请缩小范围") if answer.cut else ""
        note = f"；{answer.note}" if answer.note and answer.seen else ""
        self.count.setText(words + more + note)

    def _not(self, error: Exception) -> None:
        self.count.setText("")
        if not isinstance(error, UserError):
            self.failed.emit(error)
            return
        field = self.fields.get(error.field)
        if field is not None:
            field.show_error(error)
        else:
            self._say_error(error)

    def _say_error(self, error: UserError) -> None:
        self.error.setText(error.sentence)
        self.error.show()

    # --- taking out

    @Slot()
    def _ask_place(self) -> None:
        self._pick.save(self.tr("导出查阅记录"), self.tr("查阅记录.xlsx"), "", self._export_to)

    def _export_to(self, name: str) -> None:
        path = Path(name)
        path = path if path.suffix.lower() in (".xlsx", ".csv") else path.with_suffix(".xlsx")
        title, rows = self.tr("查阅记录"), lines(self._answer.seen)
        self._taking_out = partial(self._exporting.table, title, HEADERS, rows, path)
        self._jobs.write(self, self._taking_out, self._exported, self._not_alone)

    def _not_alone(self, error: Exception) -> None:
        """A long list leaves with a second person beside the auditor, as every other does."""
        if not isinstance(error, UserError) or error.field != "second":
            self._not(error)
            return
        asked = SecondDialog(self._jobs, self._exporting, error.sentence, self._taking_out, self)
        asked.done.connect(self._exported)
        asked.broken.connect(self.failed)
        asked.finished.connect(asked.deleteLater)
        self.second = asked
        asked.open()

    def _exported(self, made: Any) -> None:
        words = self.tr("已导出 {0} 行到 {1}，追溯码 {2}")
        self.said.emit(words.format(f"{made.rows:,}", made.path.name, made.trace), Tone.OK)

    # --- whose copy

    @Slot()
    def _ask_copy(self) -> None:
        kinds = "*.png *.jpg *.jpeg *.bmp *.tif *.tiff *.webp *.pdf *.xlsx *.csv *.txt"
        filters = self.tr("图片、PDF、导出文件 ({0})").format(kinds)
        self._pick.file(self.tr("识别副本"), filters, "", self.read_copy)

    def read_copy(self, name: str) -> None:
        """Whose copy the file is; said below the list."""
        self.copy.setText(self.tr("正在识别 {0}").format(Path(name).name))
        self.error.hide()
        self._jobs.write(self, partial(self._desk.identify, Path(name)), self._traced, self._unread)

    def _traced(self, traced: Traced) -> None:
        self.copy.setText(traced_words(traced))
        if traced.seen:
            self.table.show_rows(traced.seen)
            self.table.empty.hide()
            self.count.setText(self.tr("这份副本前后，该账号的操作"))

    def _unread(self, error: Exception) -> None:
        self._say_hint()
        if isinstance(error, UserError):
            self._say_error(error)
        else:
            self.failed.emit(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.read_copy(paths[0])


def traced_words(traced: Traced) -> str:
    """纸面 · 周正 0002（热线中心） · 2026-11-22 10:24 · 追溯码 …"""
    who = traced.who or f"账号编号 {traced.account_id}（本库没有此账号）"
    unit = f"（{traced.unit}）" if traced.unit else ""
    parts = [traced.medium_words, f"{who}{unit}", long_time(traced.at)]
    parts += [f"追溯码 {traced.code}"] if traced.code else []
    parts += ["演练或演示"] if traced.training else []
    parts += ["；".join(traced.copies[:_DEEDS])] if traced.copies else []
    return "　".join(parts)


def _columns() -> tuple[Column, ...]:
    return (
        Column("时间", _when, width=140, name="at"),
        Column("操作人", _who, width=110, bold=True, name="who"),
        Column("动作", _action, width=100, name="action"),
        Column("内容", _what, width=170, name="what"),
        Column("工单编号", _number, width=150, name="number"),
        Column("理由", _reason, name="reason", tip=_reason),
        Column("工作站", _workstation, width=84, name="workstation"),
        Column("异常", _unusual, Tone.BAD, width=180, bold=True, name="unusual"),
    )


def _when(seen: Seen) -> str:
    return f"{local(seen.at):%Y-%m-%d %H:%M}"


def _who(seen: Seen) -> str:
    return seen.who


def _action(seen: Seen) -> str:
    return seen.action_words


def _what(seen: Seen) -> str:
    return seen.what


def _number(seen: Seen) -> str:
    return grouped_number(seen.number) if seen.number else ""


def _reason(seen: Seen) -> str:
    return seen.reason


def _workstation(seen: Seen) -> str:
    return seen.workstation


def _unusual(seen: Seen) -> str:
    return seen.unusual_words


__all__ = ["AuditDialog", "traced_words"]
