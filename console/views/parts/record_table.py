"""A table model over frozen records: columns are data, rows are whole records."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from console.theme import Tone
from console.views.parts.light_delegate import BOLD_ROLE, ID_ROLE, MARK_ROLE, TONE_ROLE
from console.views.parts.light_label import Mark

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole + 5


@dataclass(frozen=True)
class Column:
    """A column: `getter` gives the text or a `Mark`; `sort_key` a raw value, so that 10 comes after 9.

    `tone` is a Tone or a callable of the record. Width 0 takes what is left. `tip` gives a tooltip.
    """

    title: str
    getter: Callable[[Any], str | Mark]
    tone: Tone | Callable[[Any], Tone | None] | None = None
    sort_key: Callable[[Any], Any] | None = None
    width: int = 0
    right: bool = False
    bold: bool | Callable[[Any], bool] = False
    tip: Callable[[Any], str] | None = None
    name: str = ""


class RecordTable(QAbstractTableModel):
    """Shows records; `row(index)` gives the record back.

    With `checkable`, the first column carries tick boxes and `checked()` the ticked records.
    With `has_more`, the view's scrolling emits `more_wanted` once per page; answer with `append`.
    Sorting: with `server_sorts`, `sort_wanted(column name, descending)` is emitted instead of sorting here.
    """

    more_wanted = Signal()
    sort_wanted = Signal(str, bool)
    checks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        identity: Callable[[Any], Any] = attrgetter("id"),
        checkable: bool = False,
        server_sorts: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns, self._identity = tuple(columns), identity
        self._checkable, self._server_sorts = checkable, server_sorts
        self._rows: list[Any] = []
        self._checked: set[Any] = set()
        self._more = self._asked = False
        self._sorted: tuple[int, Qt.SortOrder] | None = None

    def show(self, rows: Sequence[Any], has_more: bool = False) -> None:
        """Replace everything; the view restores selection by id (parts.table)."""
        self.beginResetModel()
        self._rows, self._more, self._asked = list(rows), has_more, False
        self._checked &= {self._identity(row) for row in rows}
        self._sort_rows()
        self.endResetModel()

    def append(self, rows: Sequence[Any], has_more: bool = False) -> None:
        """The next page."""
        self._more, self._asked = has_more, False
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows.extend(rows)
            self.endInsertRows()

    def replace(self, record: Any) -> bool:
        """Put a newer version of one record in its place; False when it is not here."""
        at = self.find(self._identity(record))
        if at < 0:
            return False
        self._rows[at] = record
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(self.columns) - 1))
        return True

    def row(self, index: Index) -> Any:
        return self._rows[index.row()] if index.isValid() else None

    @property
    def rows(self) -> tuple[Any, ...]:
        return tuple(self._rows)

    def find(self, identity: Any) -> int:
        """The row number of a record, or -1."""
        return next(
            (at for at, row in enumerate(self._rows) if self._identity(row) == identity), -1
        )

    def identity(self, index: Index) -> Any:
        return self._identity(self._rows[index.row()]) if index.isValid() else None

    def checked(self) -> tuple[Any, ...]:
        return tuple(row for row in self._rows if self._identity(row) in self._checked)

    def rename(self, at: int, title: str) -> None:
        """Another heading: the same column tells of something else now."""
        if self.columns[at].title != title:
            named = replace(self.columns[at], title=title)
            self.columns = (*self.columns[:at], named, *self.columns[at + 1 :])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, at, at)

    def set_checkable(self, on: bool) -> None:
        """Offer tick boxes or take them away, ticks and all."""
        if on != self._checkable:
            self._checkable = on
            self.check_all(False)

    def check_all(self, on: bool) -> None:
        self._checked = {self._identity(row) for row in self._rows} if on else set()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.checks_changed.emit()

    def check(self, identities: Iterable[Any]) -> None:
        """Tick exactly these."""
        self._checked = set(identities) & {self._identity(row) for row in self._rows}
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))
        self.checks_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        give = self._GIVERS.get(role)
        return (
            give(self, self._rows[index.row()], self.columns[index.column()], index.column())
            if give
            else None
        )

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self._checkable or index.column():
            return False
        identity = self._identity(self._rows[index.row()])
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._checked.add(identity)
        else:
            self._checked.discard(identity)
        self.dataChanged.emit(index, index)
        self.checks_changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        ticks = self._checkable and index.isValid() and index.column() == 0
        return flags | Qt.ItemFlag.ItemIsUserCheckable if ticks else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight
                if self.columns[section].right
                else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        descending = order == Qt.SortOrder.DescendingOrder
        self._sorted = (column, order) if 0 <= column < len(self.columns) else None
        if self._server_sorts:
            if self._sorted:
                self.sort_wanted.emit(
                    self.columns[column].name or self.columns[column].title, descending
                )
            return
        self.layoutAboutToBeChanged.emit()
        before = [
            (index, self._identity(self._rows[index.row()])) for index in self.persistentIndexList()
        ]
        self._sort_rows()
        places = {self._identity(row): at for at, row in enumerate(self._rows)}
        for index, identity in before:
            self.changePersistentIndex(index, self.index(places[identity], index.column()))
        self.layoutChanged.emit()

    def _sort_rows(self) -> None:
        if self._sorted is None or self._server_sorts:
            return
        number, order = self._sorted
        column = self.columns[number]
        key = column.sort_key or column.getter
        # None sorts last whichever way: "no deadline" is not "due first".
        full = [row for row in self._rows if key(row) is not None]
        empty = [row for row in self._rows if key(row) is None]
        full.sort(
            key=lambda row: _sortable(key(row)), reverse=order == Qt.SortOrder.DescendingOrder
        )
        self._rows = full + empty

    def _text(self, row: Any, column: Column, _at: int) -> str:
        found = column.getter(row)
        return found.words if isinstance(found, Mark) else str(found)

    def _mark(self, row: Any, column: Column, _at: int) -> Mark | None:
        found = column.getter(row)
        return found if isinstance(found, Mark) else None

    def _tone(self, row: Any, column: Column, _at: int) -> Tone | None:
        return column.tone(row) if callable(column.tone) else column.tone

    def _bold(self, row: Any, column: Column, _at: int) -> bool:
        return column.bold(row) if callable(column.bold) else column.bold

    def _tip(self, row: Any, column: Column, at: int) -> str:
        return column.tip(row) if column.tip else self._text(row, column, at)

    def _side(self, _row: Any, column: Column, _at: int) -> int:
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        return (side | Qt.AlignmentFlag.AlignVCenter).value

    def _tick(self, row: Any, _column: Column, at: int) -> Qt.CheckState | None:
        if at or not self._checkable:
            return None
        return (
            Qt.CheckState.Checked
            if self._identity(row) in self._checked
            else Qt.CheckState.Unchecked
        )

    def _id(self, row: Any, _column: Column, _at: int) -> Any:
        return self._identity(row)

    def _raw(self, row: Any, column: Column, _at: int) -> Any:
        return (column.sort_key or column.getter)(row)

    _GIVERS: dict[int, Callable[..., Any]] = {
        Qt.ItemDataRole.DisplayRole: _text,
        Qt.ItemDataRole.AccessibleTextRole: _text,
        Qt.ItemDataRole.ToolTipRole: _tip,
        Qt.ItemDataRole.TextAlignmentRole: _side,
        Qt.ItemDataRole.CheckStateRole: _tick,
        MARK_ROLE: _mark,
        TONE_ROLE: _tone,
        BOLD_ROLE: _bold,
        ID_ROLE: _id,
        SORT_ROLE: _raw,
    }


def _sortable(value: Any) -> Any:
    return value.words if isinstance(value, Mark) else value
