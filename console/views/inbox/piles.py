"""Left: the unit's piles and what lies in the chosen one, with the unit's own clocks."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QTabBar, QVBoxLayout, QWidget

from console.domain.inbox import DUTY_NAMES, TAB_NAMES, InboxRow, InboxTab
from console.domain.states import ASSIGNMENT_NAMES, AssignmentState
from console.theme import SMALL, body_font, colour, colours
from console.views.inbox.marks import row_marks
from console.views.parts.card import Card
from console.views.parts.clock import short_time
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.light_label import GAP, SIDE, draw_shape, mark_of
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

translate = QCoreApplication.translate
ROW_HEIGHT, _SIDE_PAD = 54, 12
ROW_ROLE = Qt.ItemDataRole.UserRole + 20


class PileTabs(QTabBar):
    """The five piles with their counts; arrows move, `picked(InboxTab)` tells."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "piles")
        self.setAccessibleName(self.tr("承办件分类"))
        self.setDrawBase(False)
        self.setExpanding(True)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self._tabs = tuple(InboxTab)
        for tab in self._tabs:
            at = self.addTab(self._short(tab))
            self.setTabToolTip(at, TAB_NAMES[tab])
            self.setAccessibleTabName(at, TAB_NAMES[tab])
        self.currentChanged.connect(self._changed)

    @property
    def tab(self) -> InboxTab:
        return self._tabs[max(0, self.currentIndex())]

    def choose(self, tab: InboxTab) -> None:
        self.setCurrentIndex(self._tabs.index(tab))

    def show_counts(self, counts: Mapping[InboxTab, int]) -> None:
        for at, tab in enumerate(self._tabs):
            number = counts.get(tab, 0)
            words = f"{self._short(tab)} {number}" if number else self._short(tab)
            if words != self.tabText(at):
                self.setTabText(at, words)
                self.setAccessibleTabName(at, f"{TAB_NAMES[tab]} {number}")

    def _short(self, tab: InboxTab) -> str:
        return self.tr("待审核") if tab is InboxTab.TO_REVIEW else TAB_NAMES[tab]

    @Slot(int)
    def _changed(self, at: int) -> None:
        if at >= 0:
            self.picked.emit(self._tabs[at])


class _Rows(RecordTable):
    """Gives the delegate the whole record: a row here is two lines, not cells."""

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ):
        return self.row(index) if role == ROW_ROLE else super().data(index, role)


class Pile(Card):
    """`selected(row or None)`, `opened(row)` on Enter, `picked(InboxTab)`."""

    selected = Signal(object)
    opened = Signal(object)
    picked = Signal(object)
    marked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, spacing=0, parent=parent)
        self.setAccessibleName(self.tr("承办件"))
        self.tabs = PileTabs()
        self.model = _Rows([Column(self.tr("承办件"), _spoken, name="row")])
        self.table = TableView(self.model, "inbox")
        self.model.setParent(self.table)
        self._dress()
        self.tabs.picked.connect(self.picked)
        self.table.selected.connect(self.selected)
        self.table.opened.connect(self.opened)
        self.table.selectionModel().selectionChanged.connect(self._marked)

    @property
    def tab(self) -> InboxTab:
        return self.tabs.tab

    @property
    def current(self) -> InboxRow | None:
        return self.table.current

    @property
    def chosen(self) -> tuple[InboxRow, ...]:
        """The selected rows, top to bottom."""
        return self.table.chosen

    @property
    def rows(self) -> tuple[InboxRow, ...]:
        return self.model.rows

    def show_rows(self, rows: Sequence[InboxRow], select: int | None = None) -> None:
        """Keep the same work order current; when it is gone, the one that took its place."""
        before = self.table.currentIndex().row()
        wanted = select if select is not None else self.model.identity(self.table.currentIndex())
        self.table.show_rows(rows)
        self._say_empty()
        if rows and (wanted is None or not self.table.select_id(wanted)):
            self.table.setCurrentIndex(self.model.index(min(max(before, 0), len(rows) - 1), 0))

    def show_drafts(self, tickets: frozenset[int]) -> None:
        """Work orders with something typed and not sent yet."""
        if tickets != self._delegate.drafts:
            self._delegate.drafts = tickets
            self.table.viewport().update()

    def _dress(self) -> None:
        self._delegate = _TwoLines(self.table)
        self.table.delegate = self._delegate
        self.table.setItemDelegate(self._delegate)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.table.setAccessibleName(self.tr("承办件列表"))
        # Five tabs with their counts; wider only where the case has more than it needs.
        self.setMinimumWidth(344)
        self.setMaximumWidth(440)
        inner = QWidget()
        inner.setProperty("kind", "clear")
        head = QVBoxLayout(inner)
        head.setContentsMargins(4, 4, 4, 0)
        head.addWidget(self.tabs)
        self.add(inner)
        self.body.addWidget(self.table, 1)
        self.body.setContentsMargins(1, 0, 1, 4)

    def _say_empty(self) -> None:
        title, hint = {
            InboxTab.TO_SIGN: (
                self.tr("没有待签收的工单"),
                self.tr("派给本单位的工单会出现在这里，按 F8 签收。"),
            ),
            InboxTab.IN_HAND: (
                self.tr("手上没有在办的工单"),
                self.tr("签收后的工单在这里联系、到场、回复。"),
            ),
            InboxTab.PASSED_DOWN: (
                self.tr("没有下派中的工单"),
                self.tr("下派后在这里看下级是否签收、何时回复。"),
            ),
            InboxTab.TO_REVIEW: (
                self.tr("没有等您审核的回复"),
                self.tr("下级回复后在这里审核，再向上回复。"),
            ),
            InboxTab.REPLIED: (
                self.tr("近 30 天没有回复的工单"),
                self.tr("回复后在这里看审核和回访结果。"),
            ),
        }[self.tab]
        self.table.empty.say(title, hint)
        self.table.empty.setVisible(not self.model.rowCount())

    @Slot()
    def _marked(self) -> None:
        self.marked.emit()


class _TwoLines(LightDelegate):
    """Title and light above; what is special, the place and the due time below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drafts: frozenset[int] = frozenset()
        self._small = body_font(SMALL)
        self._small_bold = body_font(SMALL, True)

    def sizeHint(self, option: QStyleOptionViewItem, index) -> QSize:
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:
        record = index.data(ROW_ROLE)
        painter.save()
        self._ground(painter, option, index)
        area = option.rect.adjusted(_SIDE_PAD, 7, -_SIDE_PAD, -7)
        upper = QRect(area.left(), area.top(), area.width(), 20)
        lower = QRect(area.left(), area.bottom() - 18, area.width(), 19)
        used = self._draw_light(painter, upper, record)
        title = record.title or record.category
        self._write(painter, upper.adjusted(0, 0, -used, 0), title, QColor(colours().text), True)
        used = self._right(painter, lower, due_words(record))
        lower = self._draw_marks(painter, lower.adjusted(0, 0, -used, 0), record)
        self._draw(painter, lower, where_words(record), self._small, QColor(colours().muted))
        painter.restore()

    def _draw_light(self, painter: QPainter, area: QRect, record: InboxRow) -> int:
        mark = mark_of(record.light)
        if not mark.words:
            return 0
        width = QFontMetrics(body_font(bold=True)).horizontalAdvance(mark.words) + SIDE + GAP
        self._light(
            painter, QRect(area.right() - width, area.top(), width + 1, area.height()), mark
        )
        return width + 12

    def _draw_marks(self, painter: QPainter, area: QRect, record: InboxRow) -> QRect:
        for mark in row_marks(record, record.id in self.drafts):
            ink = colour(mark.tone)
            if mark.shape:
                box = QRectF(area.left(), area.center().y() - 4, 9, 9)
                draw_shape(painter, box, mark.shape, ink)
                area = area.adjusted(12, 0, 0, 0)
            self._draw(painter, area, mark.words, self._small_bold, ink)
            used = QFontMetrics(self._small_bold).horizontalAdvance(mark.words) + 8
            area = area.adjusted(used, 0, 0, 0)
        return area

    def _right(self, painter: QPainter, area: QRect, words: str) -> int:
        self._draw(painter, area, words, self._small, QColor(colours().muted), right=True)
        return QFontMetrics(self._small).horizontalAdvance(words) + 12 if words else 0

    @staticmethod
    def _draw(
        painter: QPainter, area: QRect, words: str, font, ink: QColor, right: bool = False
    ) -> None:
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(font)
        painter.setPen(ink)
        short = QFontMetrics(font).elidedText(
            words, Qt.TextElideMode.ElideRight, max(0, area.width())
        )
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)


def where_words(record: InboxRow) -> str:
    """For what was passed down: whom it is with; otherwise category and place."""
    if record.below and record.share_state is not AssignmentState.REPLIED:
        state = ASSIGNMENT_NAMES[record.below_state] if record.below_state else ""
        return " · ".join(filter(None, (record.below, state)))
    return " · ".join(filter(None, (record.category, record.place)))


def due_words(record: InboxRow) -> str:
    """今天 10:54 前签收; for a reply when it was given."""
    if record.replied_at is not None:
        return translate("inbox", "{0} 回复").format(short_time(record.replied_at))
    if record.due is None:
        return ""
    words = translate("inbox", "{0} 前{1}")
    return words.format(short_time(record.due), DUTY_NAMES[record.duty])


def _spoken(record: InboxRow) -> str:
    """The row as a screen reader says it."""
    marks = "、".join(mark.words for mark in row_marks(record))
    parts = (record.title, record.light.words, marks, where_words(record), due_words(record))
    return "，".join(filter(None, parts))
