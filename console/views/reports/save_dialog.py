"""Where the files go, and one for each or one for all."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from console.theme import mark
from console.views.parts.card import row
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented


class SaveDialog(Dialog):
    """`wanted(folder, one file for all)`; the folder is checked when something is written to it."""

    wanted = Signal(object, bool)

    def __init__(
        self,
        what: str,
        count: int,
        folder: Path,
        together: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            self.tr("生成{0}").format(what),
            self.tr("生成 {0} 件").format(count) if count > 1 else self.tr("保存"),
            self.tr("每份文件都登记份号、经手人和时间；文件名只含工单编号，不含市民信息。"),
            width=520,
            parent=parent,
        )
        self._browser: QFileDialog | None = None
        self.folder = QLineEdit(str(folder))
        self.browse = KeyButton(self.tr("浏览…"))
        self.browse.setAutoDefault(False)
        self.each = Segmented(
            [(False, self.tr("每件一个文件")), (True, self.tr("合成一个文件"))],
            self.tr("文件"),
            alt_keys=True,
        )
        self.each.choose(together)
        self.folder.setAccessibleName(self.tr("文件夹"))
        self.folder_field = Field(self.tr("文件夹"), row(self.folder, self.browse), "folder")
        self.each_field = Field(self.tr("文件"), self.each)
        self.each_field.setVisible(count > 1)
        self.body.addWidget(self.each_field)
        self.body.addWidget(self.folder_field)
        self.browse.clicked.connect(self._browse)
        self.folder.textEdited.connect(self._edited)

    @Slot()
    def try_accept(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser()
        if not self.folder.text().strip() or not folder.is_dir():
            self.folder_field.show_error(self.tr("没有这个文件夹，请重新选择"))
            mark(self.folder, bad=True)
            self.folder.setFocus()
            return
        self.wanted.emit(folder, bool(self.each.value))
        self.accept()

    @Slot()
    def _edited(self) -> None:
        self.folder_field.clear_error()
        mark(self.folder, bad=False)

    @Slot()
    def _browse(self) -> None:
        browser = QFileDialog(self, self.tr("选择文件夹"), self.folder.text())
        browser.setFileMode(QFileDialog.FileMode.Directory)
        browser.setOption(QFileDialog.Option.ShowDirsOnly)
        browser.fileSelected.connect(self._picked)
        browser.finished.connect(browser.deleteLater)
        self._browser = browser
        browser.open()

    @Slot(str)
    def _picked(self, folder: str) -> None:
        self.folder.setText(folder)
        self._edited()
