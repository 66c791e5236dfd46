"""导入: file, columns, what it would do, and the writing itself in one window. Nothing is written before F8."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.domain.errors import Cancelled, UserError
from console.domain.importing.headers import as_toml, from_toml, match, missing
from console.domain.importing.records import EXISTING_NAMES, Checked, Loaded, Source, Standing
from console.jobs import Jobs
from console.theme import Tone, mark
from console.views.importing import services
from console.views.importing.mapping_list import MappingList
from console.views.importing.outcome import CheckOutcome
from console.views.importing.picker import FilePicker
from console.views.importing.services import ImportDesk
from console.views.parts.card import Card, label, row
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.progress_bar import LongJobBar

SIZE = (1160, 760)
_FILES = "表格和数据 (*.xlsx *.xls *.csv *.txt *.json *.geojson *.zip);;全部文件 (*)"


class ImportDialog(QDialog):
    """`said(sentence, tone)` when rows were written; `failed(error)` for defects."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: ImportDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._kinds = desk.kinds()
        self._source: Source | None = None
        self._checked: Checked | None = None
        self._running = False
        self._pick = FilePicker(self)
        self.setWindowTitle(self.tr("导入"))
        self.setAccessibleName(self.tr("导入"))
        self._make_parts()
        self._lay_out()
        self._listen()
        self._follow()

    # --- parts

    def _make_parts(self) -> None:
        self.kind = QComboBox()
        for kind in self._kinds:
            self.kind.addItem(kind.title, kind.name)
        self.kind.setMinimumContentsLength(8)
        self.path = QLineEdit()
        self.path.setPlaceholderText(
            self.tr("xlsx、xls、csv、GeoJSON、JSON、zip，或放着 JSON 和照片的文件夹")
        )
        self.browse, self.folder = (
            KeyButton(self.tr("选文件"), "Ctrl+O"),
            KeyButton(self.tr("选文件夹")),
        )
        self.template = KeyButton(self.tr("空白表"), kind="quiet")
        self.template.setToolTip(self.tr("存一张表头齐全、各列都是文本格式的空白表"))
        self.sheet = QComboBox()
        self.existing = QComboBox()
        for way, words in EXISTING_NAMES.items():
            self.existing.addItem(words, way)
        self.facts = label("", "muted", wrap=True)
        self.mapping, self.outcome = MappingList(), CheckOutcome()
        self.check_button = KeyButton(self.tr("检查"), "F5")
        self.save_mapping = KeyButton(self.tr("另存"), kind="quiet")
        self.save_mapping.setToolTip(self.tr("存下这份列对照，下次取用或给命令行用"))
        self.use_mapping = KeyButton(self.tr("取用"), kind="quiet")
        self.use_mapping.setToolTip(self.tr("取用存过的列对照"))
        self.save_failed = KeyButton(self.tr("存有错的行"), "Ctrl+S")
        self.go = KeyButton(self.tr("导入"), "F8", "primary")
        self.close_button = KeyButton(self.tr("关闭"), "Esc")
        self.bar = LongJobBar()
        self.error = label("", "error", wrap=True)
        for button in self.findChildren(KeyButton):
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.kind_field = Field(self.tr("导入什么"), self.kind, "kind")
        self.path_field = Field(
            self.tr("文件"), row(self.path, self.browse, self.folder, self.template), "file"
        )
        self.sheet_field = Field(self.tr("工作表"), self.sheet, "sheet")
        self.existing_field = Field(self.tr("已登记的"), self.existing, "existing")
        head.addWidget(self.kind_field)
        head.addWidget(self.path_field, 1)
        head.addWidget(self.sheet_field)
        head.addWidget(self.existing_field)
        left = Card(self.tr("列对照"), row(self.use_mapping, self.save_mapping))
        left.add(self.mapping)
        right = Card(self.tr("检查结果"), self.check_button)
        right.body.addWidget(self.outcome, 1)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(left, 4)
        middle.addWidget(right, 7)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.facts, 1)
        for button in (self.close_button, self.save_failed, self.go):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self.error)
        column.addWidget(self.bar)
        column.addLayout(foot)
        self.error.hide()

    def _listen(self) -> None:
        self.kind.currentIndexChanged.connect(self._again)
        self.path.returnPressed.connect(self.read)
        self.sheet.activated.connect(self.read)
        self.existing.currentIndexChanged.connect(self._stale)
        self.mapping.edited.connect(self._stale)
        for button, slot in (
            (self.browse, self.browse_file), (self.folder, self.browse_folder), (self.template, self.browse_template),
            (self.check_button, self.check), (self.save_mapping, self.browse_mapping),
            (self.use_mapping, self.browse_saved), (self.save_failed, self.browse_failed), (self.go, self.load),
            (self.close_button, self.reject),
        ):  # fmt: skip
            button.clicked.connect(slot)
        for keys, slot in (
            ("Ctrl+O", self.browse_file), ("F5", self.check), ("F8", self.load), ("Ctrl+S", self.browse_failed),
        ):  # fmt: skip
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    @property
    def _kind(self):
        return self._kinds[self.kind.currentIndex()]

    # --- reading

    def choose_kind(self, name: str) -> None:
        """Open at a register: its own page knows which."""
        self.kind.setCurrentIndex(max(self.kind.findData(name), 0))

    def choose_file(self, path: Path) -> None:
        """The file, as picked or dropped."""
        self.path.setText(str(path))
        self.read()

    @Slot()
    def _again(self) -> None:
        if self._source is not None:
            self.read()

    @Slot()
    def read(self) -> None:
        """Read the file named in the line and check it at once."""
        if self._running or not self.path.text().strip():
            return
        self._forget()
        sheet = self.sheet.currentText() if self.sender() is self.sheet else ""
        path = Path(self.path.text().strip()).expanduser()
        work = partial(services.read, self._desk, path, self._kind.name, sheet)
        self._run(self.tr("正在读取"), work, self._read_done)

    def _read_done(self, source: Source) -> None:
        self._stop()
        self._source = source
        self.sheet.clear()
        self.sheet.addItems(list(source.sheets))
        self.sheet.setCurrentText(source.sheet)
        self.mapping.show_mapping(self._kind, source, match(source.headers, self._kind))
        self.facts.setText(self._facts(source))
        self._follow()
        if missing(self.mapping.columns, self._kind):
            self.outcome.clear(ready=True)
            self.mapping.setFocus()
        else:
            self.check()

    def _facts(self, source: Source) -> str:
        words = self.tr("{0}，{1}，{2} 行").format(
            source.name, source.encoding, f"{len(source.rows):,}"
        )
        if source.header_line:
            words += self.tr("，表头在第 {0} 行").format(source.header_line)
        return words

    # --- checking

    @Slot()
    def _stale(self) -> None:
        """What was found no longer holds."""
        self._checked = None
        self.outcome.clear(ready=self._source is not None)
        self._follow()

    @Slot()
    def check(self) -> None:
        if self._running or self._source is None:
            return
        self._stale()
        work = partial(
            services.check, self._desk, self._source, self._kind.name, self.mapping.columns,
            self.existing.currentData(),
        )  # fmt: skip
        self._run(self.tr("正在检查"), work, self._check_done)

    def _check_done(self, checked: Checked) -> None:
        self._stop()
        self._checked = checked
        self.outcome.show_checked(self._kind, checked)
        self._follow()
        (self.go if self.go.isEnabled() else self.check_button).setFocus()

    # --- writing

    @Slot()
    def load(self) -> None:
        if self._running or self._checked is None or not self._checked.to_write:
            return
        self._run(
            self.tr("正在写入"), partial(services.load, self._desk, self._checked), self._load_done
        )

    def _load_done(self, loaded: Loaded) -> None:
        checked = self._checked
        self._stop()
        counts = loaded.counts
        words = self.tr("已导入{0}：新增 {1}，更新 {2}，批次 {3}").format(
            self._kind.title,
            f"{counts[Standing.NEW]:,}",
            f"{counts[Standing.CHANGED]:,}",
            loaded.batch,
        )
        left = counts[Standing.FAILED]
        if left:
            words += self.tr("；{0} 行有错没有导入，请存下来改好再导入").format(f"{left:,}")
        self.bar.show()
        self.bar.finish(words, can_open=False)
        self.said.emit(words, Tone.WARN if left else Tone.OK)
        self._checked = checked
        self._follow()
        self.go.setEnabled(False)
        (self.save_failed if left else self.close_button).setFocus()

    # --- running

    def _run(self, words: str, work, done) -> None:
        self.error.hide()
        self._running = True
        self._follow()
        job = self._jobs.long(self, work, done, self._failed, self.bar.progressed)
        self.bar.start(words, job)

    def _stop(self) -> None:
        self._running = False
        self.bar.hide()

    def _failed(self, error: Exception) -> None:
        self._stop()
        self._follow()
        if isinstance(error, Cancelled):
            self._say(self.tr("已停止，什么都没有写入"))
        elif isinstance(error, UserError) and error.field in ("file", "sheet", "header"):
            self.path_field.show_error(error)
            self.path.setFocus()
        elif isinstance(error, UserError):
            self._say(error.sentence)
        else:
            self.failed.emit(error)

    def _say(self, sentence: str, tone: str = "") -> None:
        self.error.setText(sentence)
        mark(self.error, tone=tone)
        self.error.show()

    def _forget(self) -> None:
        self._source = self._checked = None
        self.path_field.clear_error()
        self.mapping.clear()
        self.outcome.clear()
        self.facts.setText("")

    def _follow(self) -> None:
        """Only what can be done now can be pressed."""
        idle, checked = not self._running, self._checked
        ready = idle and self._source is not None
        lacking = bool(missing(self.mapping.columns, self._kind)) if self._source else False
        self.check_button.setEnabled(ready and not lacking)
        self.save_mapping.setEnabled(ready)
        self.use_mapping.setEnabled(ready)
        self.save_failed.setEnabled(idle and checked is not None and bool(checked.faults))
        self.save_failed.setVisible(checked is not None and bool(checked.faults))
        self.go.setEnabled(idle and checked is not None and bool(checked.to_write))
        count = checked.to_write if checked else 0
        words = self.tr("导入 {0} {1}").format(f"{count:,}", self._kind.unit)
        self.go.set_words(words if count else self.tr("导入"))
        for part in (self.path_field.control, self.kind, self.sheet, self.existing, self.mapping):
            part.setEnabled(idle)
        self.sheet_field.setVisible(self._source is not None and len(self._source.sheets) > 1)
        self.folder.setVisible(self._kind.matters)
        self.existing_field.setVisible(not self._kind.matters)

    def reject(self) -> None:
        """Esc while it runs stops it first; the window stays to say so."""
        if self._running:
            self.bar.cancel_button.click()
            return
        self._desk.close()
        super().reject()

    # --- files

    @Slot()
    def browse_file(self) -> None:
        self._pick.file(self.tr("选择要导入的文件"), _FILES, self.path.text(), self._picked)

    @Slot()
    def browse_folder(self) -> None:
        self._pick.folder(self.tr("选择文件夹"), self.path.text(), self._picked)

    @Slot()
    def browse_template(self) -> None:
        name = self.tr("{0}导入表.xlsx").format(self._kind.title)
        self._pick.save(self.tr("存空白表"), name, self.path.text(), self._template_picked)

    @Slot()
    def browse_failed(self) -> None:
        if self._checked is None or not self._checked.faults or self._running:
            return
        name = self.tr("{0}-有错的行.xlsx").format(Path(self._checked.source.name).stem)
        self._pick.save(self.tr("存有错的行"), name, self.path.text(), self._failed_picked)

    @Slot()
    def browse_mapping(self) -> None:
        name = self.tr("{0}列对照.toml").format(self._kind.title)
        self._pick.save(self.tr("存列对照"), name, self.path.text(), self._mapping_picked)

    @Slot()
    def browse_saved(self) -> None:
        kinds = self.tr("列对照 (*.toml)")
        self._pick.file(self.tr("选择存过的列对照"), kinds, self.path.text(), self._saved_picked)

    @Slot(str)
    def _picked(self, name: str) -> None:
        self.choose_file(Path(name))

    @Slot(str)
    def _template_picked(self, name: str) -> None:
        self._write(partial(self._desk.save_template, self._kind.name, Path(name)))

    @Slot(str)
    def _failed_picked(self, name: str) -> None:
        if self._checked is not None:
            self._write(partial(self._desk.save_failed, self._checked, Path(name)))

    @Slot(str)
    def _mapping_picked(self, name: str) -> None:
        if self._source is not None:
            text = as_toml(self._source.headers, self._kind, self.mapping.columns)
            self._write(partial(services.save_text, Path(name), text))

    @Slot(str)
    def _saved_picked(self, name: str) -> None:
        self._jobs.read(
            self, partial(services.read_text, Path(name)), self._use_mapping, self._failed
        )

    def _use_mapping(self, text: str) -> None:
        if self._source is None:
            return
        try:
            columns = from_toml(text, self._source.headers, self._kind)
        except UserError as error:
            self._say(error.sentence)
            return
        self.mapping.show_mapping(self._kind, self._source, columns)
        self._stale()

    def _write(self, work) -> None:
        self._jobs.read(self, work, self._written, self._failed)

    def _written(self, path: Path) -> None:
        self._say(self.tr("已存为 {0}").format(path.name), tone="ok")
