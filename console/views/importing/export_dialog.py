"""导出: which table, where to; many rows ask for a second person beside the operator."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from console.domain.errors import Cancelled, UserError
from console.jobs import Jobs
from console.theme import Tone
from console.views.importing.picker import FilePicker
from console.views.importing.services import Progress, Stop
from console.views.parts.card import row
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.progress_bar import LongJobBar

LISTED = "listed"


class ExportDesk(Protocol):
    """console.services.exporting.Exporting, as far as the window uses it."""

    def names(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def alone(self) -> int: ...
    def second(self, login: str, password: str) -> Any: ...
    def export(
        self, name: str, path: Path, second: Any = None, progress: Progress = ..., cancelled: Stop = ...
    ) -> Any: ...  # fmt: skip
    def listed(
        self, rows: Callable[[], Iterable[Any]], path: Path, second: Any = None, progress: Progress = ...,
        cancelled: Stop = ...,
    ) -> Any: ...  # fmt: skip


class ExportDialog(Dialog):
    """`said(sentence, tone)` when a file was written; `failed(error)` for defects."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: ExportDesk, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("导出"),
            self.tr("导出"),
            self.tr(
                "只含您有权查看的内容；姓名、号码、证件号和住址遮蔽，文件上有您的工号、时间和追溯码。"
            ),
            width=560,
            parent=parent,
        )
        self._jobs, self._desk, self._pick = jobs, desk, FilePicker(self)
        self._running = False
        self._rows: Callable[[], Iterable[Any]] = tuple
        self.kind = QComboBox()
        for name, title in desk.names():
            self.kind.addItem(title, name)
        self.path = QLineEdit()
        self.browse = KeyButton(self.tr("选位置"), "Ctrl+O")
        self.browse.setAutoDefault(False)
        self.login, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.bar = LongJobBar()
        self._fill()
        self.browse.clicked.connect(self._browse)
        self.kind.currentIndexChanged.connect(self._rename)
        self._rename()

    def _fill(self) -> None:
        self.path_field = Field(
            self.tr("文件"), row(self.path, self.browse), "file", self.tr("扩展名 .xlsx 或 .csv")
        )
        self.path.setAccessibleName(self.tr("文件"))
        self.login.setPlaceholderText(self.tr("账号"))
        self.login.setAccessibleName(self.tr("第二人的账号"))
        self.password.setPlaceholderText(self.tr("密码"))
        self.password.setAccessibleName(self.tr("第二人的密码"))
        self.second_field = Field(self.tr("第二人"), row(self.login, self.password), "second")
        self.second_field.say(
            self.tr("超过 {0} 行须值班长、督办员、领导或管理员在场").format(self._desk.alone)
        )
        self.body.addWidget(Field(self.tr("导出什么"), self.kind, "kind"))
        self.body.addWidget(self.path_field)
        self.body.addWidget(self.second_field)
        self.body.addWidget(self.bar)

    def offer_listed(self, words: str, rows: Callable[[], Iterable[Any]]) -> None:
        """What the page behind lists just now comes first; `rows` reads all of it on a lane."""
        self._rows = rows
        self.kind.insertItem(0, words, LISTED)
        self.kind.setCurrentIndex(0)

    def choose(self, name: str) -> None:
        """Open at a table: its own page knows which."""
        self.kind.setCurrentIndex(max(self.kind.findData(name), 0))

    @Slot()
    def _rename(self) -> None:
        """A name to begin with; one that was typed stays."""
        old = Path(self.path.text().strip() or Path.home() / "x.xlsx")
        titles = {self.kind.itemText(at) for at in range(self.kind.count())}
        if old.stem in titles | {self._plain(title) for title in titles} or old.name == "x.xlsx":
            name = self._plain(self.kind.currentText())
            self.path.setText(str(old.with_name(f"{name}{old.suffix}")))

    @staticmethod
    def _plain(title: str) -> str:
        return title.split("：")[0]

    @Slot()
    def _browse(self) -> None:
        plain = self._plain(self.kind.currentText())
        name = Path(self.path.text().strip()).name or f"{plain}.xlsx"
        self._pick.save(self.tr("导出到"), name, self.path.text(), self.path.setText)

    @Slot()
    def try_accept(self) -> None:
        path = Path(self.path.text().strip()).expanduser()
        for field in (self.path_field, self.second_field):
            field.clear_error()
        if path.suffix.lower() not in (".xlsx", ".csv") or not path.parent.is_dir():
            self.path_field.show_error(self.tr("请给出文件夹和以 .xlsx 或 .csv 结尾的文件名"))
            return
        second = None
        if self.login.text().strip():
            second = self._desk.second(self.login.text().strip(), self.password.text())
        self.wait(True)
        self._running = True
        name = self.kind.currentData()
        work = partial(_export, self._desk, name, path, second)
        if name == LISTED:
            work = partial(_export_listed, self._desk, self._rows, path, second)
        job = self._jobs.long(self, work, self._done, self._broke_off, self.bar.progressed)
        self.bar.start(self.tr("正在导出"), job)

    def _done(self, made: Any) -> None:
        self._running = False
        words = self.tr("已导出 {0} 行到 {1}，追溯码 {2}").format(
            f"{made.rows:,}", made.path.name, made.trace
        )
        self.said.emit(words, Tone.OK)
        self.accept()

    def _broke_off(self, error: Exception) -> None:
        self._running = False
        self.bar.hide()
        self.password.clear()
        self.wait(False)
        if isinstance(error, Cancelled):
            self.fail(self.tr("已停止，没有留下文件"))
        elif isinstance(error, UserError) and error.field == "second":
            self.second_field.show_error(error)
            self.login.setFocus()
        elif isinstance(error, UserError):
            self.fail(error.sentence)
        else:
            self.failed.emit(error)

    def reject(self) -> None:
        """Esc while it runs stops it first."""
        if self._running:
            self.bar.cancel_button.click()
            return
        super().reject()


def _export(
    desk: ExportDesk, name: str, path: Path, second: Any, progress: Progress, cancelled: Stop
) -> Any:
    return desk.export(name, path, second, progress, cancelled)


def _export_listed(
    desk: ExportDesk, rows: Callable[[], Iterable[Any]], path: Path, second: Any, progress: Progress,
    cancelled: Stop,
) -> Any:  # fmt: skip
    return desk.listed(rows, path, second, progress, cancelled)
