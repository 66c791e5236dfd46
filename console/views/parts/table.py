"""The house table: 28 px rows, hover, widths remembered, selection kept by id, no reload under one's hands."""

from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from console.settings import COLUMNS, Settings
from console.theme import ROW
from console.views.parts.empty_state import EmptyState
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.record_table import RecordTable

_MARK = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_ALSO = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
# So many of the rows in sight may vanish at once before the view moves.
_ANCHORS = 8


class TableView(QTableView):
    """Shows a `RecordTable`. `selected(record or None)` on every move, `opened(record)` on Enter or double click.

    After a reset the row with the same id is current again, what was selected still is, and the rows in sight have
    not moved, whatever came in above them. A current row that is gone leaves nothing current: the next key is
    never for another one. While an editor is open, `show_rows` waits for it to close.
    """

    selected = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        model: RecordTable,
        name: str = "",
        settings: Settings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._name = settings, name
        self._kept: Any = None
        self._selected: frozenset[Any] = frozenset()
        self._top: list[tuple[Any, int]] = []
        self._scroll = 0
        self._waiting: tuple[Any, bool] | None = None
        self.empty = EmptyState(parent=self.viewport())
        self.empty.hide()
        self._save_soon = QTimer(self, singleShot=True, interval=500)
        self._save_soon.timeout.connect(self._save_widths)
        self._dress()
        self.setModel(model)
        self._size_columns()
        self._connect(model)

    @property
    def records(self) -> RecordTable:
        model = self.model()
        assert isinstance(model, RecordTable)
        return model

    @property
    def current(self) -> Any:
        """The record under the cursor, or None."""
        return self.records.row(self.currentIndex())

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The ticked records if any, otherwise the selected ones, top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return self.records.checked() or tuple(self.records.rows[at] for at in rows)

    def show_rows(self, rows: Any, has_more: bool = False) -> None:
        """The way to fill the table: defers itself while a cell is being edited."""
        if self.state() == QAbstractItemView.State.EditingState:
            self._waiting = (rows, has_more)
            return
        self.records.show(rows, has_more)

    def select_id(self, identity: Any) -> bool:
        """Make the record with this id current; False when it is not in the list."""
        at = self.records.find(identity)
        if at < 0:
            return False
        # Never by the modifiers held down at the moment: with Ctrl Qt would move without marking.
        self.selectionModel().setCurrentIndex(self.records.index(at, 0), _MARK)
        return True

    def closeEditor(self, editor, hint) -> None:
        super().closeEditor(editor, hint)
        if self._waiting is not None:
            (rows, has_more), self._waiting = self._waiting, None
            self.records.show(rows, has_more)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        elif event.key() == Qt.Key.Key_Space and self._flip_tick():
            event.accept()
        elif event.key() == Qt.Key.Key_Home:
            self.selectRow(0)
        elif event.key() == Qt.Key.Key_End:
            self.selectRow(self.records.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def mousePressEvent(self, event) -> None:
        index = self.indexAt(event.position().toPoint())
        inside = event.position().x() - self.columnViewportPosition(0)
        if index.isValid() and index.column() == 0 and 0 <= inside < 28 and self._flip_tick(index):
            return
        super().mousePressEvent(event)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.viewport().rect())

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not current.isValid():
            self.selected.emit(self.records.row(current))

    def _dress(self) -> None:
        self.delegate = LightDelegate(self)
        self.setItemDelegate(self.delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setMinimumSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(40)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _size_columns(self) -> None:
        stored = self._settings.get(COLUMNS).get(self._name, {}) if self._settings else {}
        header = self.horizontalHeader()
        for at, column in enumerate(self.records.columns):
            stretch = column.width == 0
            header.setSectionResizeMode(
                at,
                QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive,
            )
            if not stretch:
                header.resizeSection(at, int(stored.get(column.title, column.width)))

    def _connect(self, model: RecordTable) -> None:
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.rowsInserted.connect(self._show_whether_empty)
        self.doubleClicked.connect(self._double_clicked)
        self.horizontalHeader().sectionResized.connect(self._resized)

    @Slot()
    def _remember(self) -> None:
        self._kept = self.records.identity(self.currentIndex())
        chosen = self.selectionModel().selectedRows()
        self._selected = frozenset(self.records.identity(index) for index in chosen)
        self._scroll = self.verticalScrollBar().value()
        first = max(0, self.rowAt(0))
        places = range(first, min(first + _ANCHORS, self.records.rowCount()))
        self._top = [(self.records.identity(self.records.index(at, 0)), at) for at in places]

    @Slot()
    def _restore(self) -> None:
        self._show_whether_empty()
        at = self.records.find(self._kept) if self._kept is not None else -1
        if at >= 0:
            self.selectionModel().setCurrentIndex(self.records.index(at, 0), _MARK)
            self._select_again()
        elif self._kept is not None:
            self.selected.emit(None)
        self._scroll_back()

    def _select_again(self) -> None:
        """Several were marked for one key: they still are."""
        if len(self._selected) < 2:
            return
        for identity in self._selected:
            at = self.records.find(identity)
            if at >= 0:
                self.selectionModel().select(self.records.index(at, 0), _ALSO)

    def _scroll_back(self) -> None:
        """The first row in sight that is still there comes to where it was; at the very top new ones are seen."""
        found = ((self.records.find(identity), before) for identity, before in self._top)
        moved = next((at - before for at, before in found if at >= 0), 0) if self._scroll else 0
        by_row = self.verticalScrollMode() == QAbstractItemView.ScrollMode.ScrollPerItem
        step = 1 if by_row else self.verticalHeader().defaultSectionSize()
        self.verticalScrollBar().setValue(max(0, self._scroll + moved * step))

    @Slot()
    def _show_whether_empty(self) -> None:
        self.empty.setVisible(self.records.rowCount() == 0 and bool(self.empty.title.text()))

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.records.row(index))

    @Slot()
    def _resized(self) -> None:
        if self._settings is not None and self._name:
            self._save_soon.start()

    @Slot()
    def _save_widths(self) -> None:
        if self._settings is None:
            return
        every = self._settings.get(COLUMNS)
        columns = enumerate(self.records.columns)
        # A column out of sight is 0 wide; that is not the width anybody chose for it.
        widths = {
            column.title: self.columnWidth(at)
            for at, column in columns
            if column.width and not self.isColumnHidden(at)
        }
        every[self._name] = every.get(self._name, {}) | widths
        self._settings.put(COLUMNS, every)

    def _flip_tick(self, index: QModelIndex | None = None) -> bool:
        index = (index or self.currentIndex()).siblingAtColumn(0)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return False
        checked = Qt.CheckState(state) == Qt.CheckState.Checked
        after = Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked
        return self.records.setData(index, after, Qt.ItemDataRole.CheckStateRole)

    def _hover(self, row: int) -> None:
        if row != self.delegate.hovered_row:
            self.delegate.hovered_row = row
            self.viewport().update()
