"""Filters kept under a name, one's own and shared, in one menu."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLineEdit, QMenu, QWidget

from console.domain.orders import Criteria, Filter
from console.views.orders.filter_chip import FilterChip
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field


class SavedFilters(FilterChip):
    """`picked(Criteria)`, `save_wanted()`, `delete_wanted(id)`; `show_filters` as often as wanted."""

    picked = Signal(object)
    save_wanted = Signal()
    delete_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("常用筛选"), QMenu(), parent)
        self._filters: tuple[Filter, ...] = ()
        self.menu.triggered.connect(self._triggered)
        self._fill()

    def show_filters(self, filters: Sequence[Filter]) -> None:
        self._filters = tuple(filters)
        self._fill()

    def show_current(self, criteria: Criteria) -> None:
        """Which of them the list shows now."""
        name = next((f.name for f in self._filters if f.criteria == criteria), "")
        self.show_value(name)

    def _fill(self) -> None:
        menu = self.menu
        menu.clear()
        for found in self._filters:
            self._add(
                menu, found.name + ("" if found.mine else self.tr("（共用）")), found.criteria
            )
        if self._filters:
            menu.addSeparator()
        self._add(menu, self.tr("保存当前条件…"), "save")
        mine = [found for found in self._filters if found.mine]
        if mine:
            removing = menu.addMenu(self.tr("删除"))
            for found in mine:
                self._add(removing, found.name, found.id)

    @staticmethod
    def _add(menu: QMenu, words: str, data: object) -> None:
        action = menu.addAction(words)
        action.setData(data)

    @Slot(QAction)
    def _triggered(self, action: QAction) -> None:
        data = action.data()
        if isinstance(data, Criteria):
            self.picked.emit(data)
        elif isinstance(data, int):
            self.delete_wanted.emit(data)
        elif data == "save":
            self.save_wanted.emit()


class SaveDialog(Dialog):
    """A name, and whether everybody sees it."""

    chosen = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_title(), _accept(), width=380, parent=parent)
        self.name = QLineEdit()
        self.field = Field(self.tr("名称"), self.name, "name")
        self.shared = QCheckBox(self.tr("全班共用"))
        self.body.addWidget(self.field)
        self.body.addWidget(self.shared)

    @Slot()
    def try_accept(self) -> None:
        self.field.clear_error()
        self.wait(True)
        self.chosen.emit(self.name.text(), self.shared.isChecked())


def _title() -> str:
    from PySide6.QtCore import QCoreApplication

    return QCoreApplication.translate("SaveDialog", "保存当前筛选条件")


def _accept() -> str:
    from PySide6.QtCore import QCoreApplication

    return QCoreApplication.translate("SaveDialog", "保存筛选")
