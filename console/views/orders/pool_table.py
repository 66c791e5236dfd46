"""The list of the pool: what columns there are, which are shown and in what order, badges before the title."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import QMenu, QStyleOptionViewItem, QWidget

from console.domain.orders import Sort
from console.domain.records import TicketRow
from console.domain.states import (
    CHANNEL_NAMES,
    NATURE_NAMES,
    STATE_NAMES,
    URGENCY_NAMES,
    SupervisionLevel,
    TicketState,
    Urgency,
)
from console.settings import COLUMNS, Settings
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.clock import grouped_number, long_time, short_time
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.light_label import Mark, Shape, draw_shape, mark_of
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

_STATES = {
    TicketState.PENDING_SIGN: Tone.WARN, TicketState.PENDING_DISPATCH: Tone.WARN, TicketState.PENDING_ACCEPT: Tone.WARN,
    TicketState.RETURN_REVIEW: Tone.WARN, TicketState.REDO: Tone.BAD, TicketState.CLOSED: Tone.MUTED,
    TicketState.ARCHIVED: Tone.MUTED, TicketState.ANSWERED: Tone.MUTED, TicketState.MERGED: Tone.MUTED,
    TicketState.VOID: Tone.MUTED, TicketState.REJECTED: Tone.MUTED,
}  # fmt: skip
_HIDDEN_AT_FIRST = ("nature", "category", "place", "channel", "finish")
# Below these widths of the list the title needs the room more.
_GIVES_WAY = (("newest", 760), ("unit", 560))
_TITLE, _TICK = 1, 24
# Shorter than the names of the levels: the title must keep its room.
_SUPERVISED = {
    SupervisionLevel.NORMAL: "督办",
    SupervisionLevel.YELLOW: "黄牌",
    SupervisionLevel.RED: "红牌",
}


class PoolTable(TableView):
    """`sort_wanted(Sort, reverse)`; the row at the top stays at the top when rows come in above it."""

    sort_wanted = Signal(object, bool)

    def __init__(self, settings: Settings | None = None, parent: QWidget | None = None) -> None:
        model = RecordTable(self._columns(), server_sorts=True)
        self._top_id: int | None = None
        self._batch = self._ticking = False
        self._unwanted: set[str] = set()
        super().__init__(model, "orders", settings, parent)
        model.setParent(self)
        self.setAccessibleName(self.tr("工单列表"))
        self.delegate = PoolDelegate(self)
        self.setItemDelegate(self.delegate)
        self.columns_menu = QMenu(self)
        self._fill_menu()
        self._restore_layout()
        model.sort_wanted.connect(self._sort)
        header = self.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)
        header.sectionMoved.connect(self._save_layout)
        self.columns_menu.triggered.connect(self._toggle)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("工单编号"), _number, Tone.MUTED, width=156, name="number"),
            Column(self.tr("事项"), _title, name="title", tip=_said),
            Column(self.tr("承办单位"), _unit, width=124, name="unit"),
            Column(self.tr("状态"), _state, _state_tone, width=68, name="state"),
            Column(self.tr("时限"), _light, width=112, name="due"),
            Column(self.tr("受理时间"), _accepted, Tone.MUTED, width=94, name="newest"),
            Column(self.tr("性质"), _nature, width=60, name="nature"),
            Column(self.tr("分类"), _category, width=120, name="category"),
            Column(self.tr("地点"), _place, width=180, name="place"),
            Column(self.tr("渠道"), _channel, width=84, name="channel"),
            Column(self.tr("办结时限"), _finish, Tone.MUTED, width=124, name="finish"),
        )

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """Names of the columns in sight, from left to right."""
        header, columns = self.horizontalHeader(), self.records.columns
        order = (header.logicalIndex(at) for at in range(header.count()))
        return tuple(columns[at].name for at in order if not self.isColumnHidden(at))

    def show_sort(self, sort: Sort, falling: bool) -> None:
        """The arrow in the header, without sorting again."""
        names = [column.name for column in self.records.columns]
        header = self.horizontalHeader()
        blocked = header.blockSignals(True)
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        header.setSortIndicator(names.index(sort.value), order)
        header.blockSignals(blocked)

    # --- several at once

    def offer_batch(self) -> None:
        """Space ticks, Shift and the arrows tick a range, Ctrl+A all that are listed."""
        self._batch = True
        self.selectionModel().selectionChanged.connect(self._range_marked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._batch and event.key() == Qt.Key.Key_Space and self.current is not None:
            self.set_ticking(True)
        elif self._batch and event.matches(QKeySequence.StandardKey.SelectAll):
            self.set_ticking(True)
            self.records.check_all(True)
            return
        super().keyPressEvent(event)

    def set_ticking(self, on: bool) -> None:
        """Tick boxes, and the room for them in the first column."""
        if on == self._ticking:
            return
        self._ticking = on
        self.records.set_checkable(on)
        header = self.horizontalHeader()
        header.resizeSection(0, header.sectionSize(0) + (_TICK if on else -_TICK))

    @Slot()
    def _range_marked(self) -> None:
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        if len(rows) > 1:
            self.set_ticking(True)
            self.records.check(self.records.rows[at].id for at in rows)

    # --- which columns

    def _fill_menu(self) -> None:
        for column in self.records.columns:
            action = self.columns_menu.addAction(column.title)
            action.setCheckable(True)
            action.setData(column.name)
            action.setEnabled(column.name != "title")

    @Slot(QPoint)
    def _header_menu(self, at: QPoint) -> None:
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(at))

    @Slot(QAction)
    def _toggle(self, action: QAction) -> None:
        if action.isChecked():
            self._unwanted.discard(action.data())
        else:
            self._unwanted.add(action.data())
        self._hide_columns()
        self._save_layout()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._hide_columns()

    def _hide_columns(self) -> None:
        """What is not wanted, and what gives way to the title where the list is narrow."""
        narrow = {name for name, least in _GIVES_WAY if self.width() < least}
        for at, column in enumerate(self.records.columns):
            hidden = column.name in self._unwanted or column.name in narrow
            if hidden != self.isColumnHidden(at):
                self.setColumnHidden(at, hidden)

    def _restore_layout(self) -> None:
        stored = self._settings.get(COLUMNS).get("orders.layout", {}) if self._settings else {}
        self._unwanted = set(stored.get("hidden", _HIDDEN_AT_FIRST)) - {"title"}
        names = [column.name for column in self.records.columns]
        header = self.horizontalHeader()
        for place, name in enumerate(stored.get("order", ())):
            if name in names:
                last = header.count() - 1
                header.moveSection(header.visualIndex(names.index(name)), min(place, last))
        self._hide_columns()
        for action in self.columns_menu.actions():
            action.setChecked(action.data() not in self._unwanted)

    @Slot()
    def _save_layout(self) -> None:
        if self._settings is None:
            return
        header, columns = self.horizontalHeader(), self.records.columns
        every = self._settings.get(COLUMNS)
        every["orders.layout"] = {
            "order": [columns[header.logicalIndex(at)].name for at in range(header.count())],
            "hidden": sorted(self._unwanted),
        }
        self._settings.put(COLUMNS, every)

    # --- order, and staying where one was

    @Slot(str, bool)
    def _sort(self, name: str, falling: bool) -> None:
        if name in tuple(Sort):
            sort = Sort(name)
            self.sort_wanted.emit(sort, falling != (sort is Sort.NEWEST))

    def _remember(self) -> None:
        super()._remember()
        self._top_id = self.records.identity(self.indexAt(QPoint(4, 4)))

    def _restore(self) -> None:
        super()._restore()
        at = self.records.find(self._top_id) if self._top_id is not None else -1
        if at > 0 and self._scroll > 0:
            self.verticalScrollBar().setValue(at)


class PoolDelegate(LightDelegate):
    """Urgent, supervised, confidential and repeated matters carry a word before their title."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if index.column() != _TITLE:
            super().paint(painter, option, index)
            return
        painter.save()
        self._ground(painter, option, index)
        area = option.rect.adjusted(8, 0, -8, 0)
        for badge in badges(index.model().row(index)):
            area = _draw_badge(painter, area, badge)
        self._words(painter, area, index)
        painter.restore()


def badges(row: TicketRow) -> tuple[Mark, ...]:
    """What sets this one apart, the gravest first."""
    found = []
    if row.urgency is not Urgency.NORMAL:
        tone = Tone.BAD if row.urgency is Urgency.CRITICAL else Tone.WARN
        found.append(Mark(Shape.NONE, tone, URGENCY_NAMES[row.urgency]))
    if row.supervision:
        found.append(Mark(Shape.TRIANGLE, Tone.VIOLET, _SUPERVISED[row.supervision]))
    if row.confidential:
        found.append(Mark(Shape.NONE, Tone.VIOLET, "保密"))
    if row.repeat:
        found.append(Mark(Shape.NONE, Tone.WARN, "重复"))
    return tuple(found)


def _draw_badge(painter: QPainter, area: QRect, badge: Mark) -> QRect:
    font = body_font(SMALL, True)
    side = 13 if badge.shape else 0
    width = QFontMetrics(font).horizontalAdvance(badge.words) + side + 10
    if width > area.width() // 2:
        return area
    box = QRect(area.left(), area.center().y() - 9, width, 19)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours().wash(badge.tone))
    painter.drawRoundedRect(box, 4, 4)
    if badge.shape:
        draw_shape(
            painter,
            QRectF(box.left() + 5, box.center().y() - 4, 9, 9),
            badge.shape,
            colour(badge.tone),
        )
    painter.setFont(font)
    painter.setPen(colour(badge.tone))
    painter.drawText(box.adjusted(5 + side, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, badge.words)
    return area.adjusted(width + 6, 0, 0, 0)


def _said(row: TicketRow) -> str:
    marks = "、".join(str(mark) for mark in badges(row))
    return "\n".join(filter(None, (marks, row.title, row.place, f"{row.unit}　{row.light.words}")))


def _number(row: TicketRow) -> str:
    return grouped_number(row.number)


def _title(row: TicketRow) -> str:
    return row.title


def _unit(row: TicketRow) -> str:
    return row.unit or "—"


def _state(row: TicketRow) -> str:
    return STATE_NAMES[row.state]


def _state_tone(row: TicketRow) -> Tone | None:
    return _STATES.get(row.state)


def _light(row: TicketRow) -> Mark:
    return mark_of(row.light)


def _accepted(row: TicketRow) -> str:
    return short_time(row.accepted_at)


def _nature(row: TicketRow) -> str:
    return NATURE_NAMES[row.nature]


def _category(row: TicketRow) -> str:
    return row.category


def _place(row: TicketRow) -> str:
    return row.place


def _channel(row: TicketRow) -> str:
    return CHANNEL_NAMES[row.channel]


def _finish(row: TicketRow) -> str:
    return long_time(row.finish_due)
