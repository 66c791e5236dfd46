"""Left: the unit's piles and what lies in the chosen one, with the unit's own clocks."""

from collections.abc import Sequence

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
from PySide6.QtGui import QAction, QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from console.domain.inbox import DUTY_NAMES, Duty, InboxRow, InboxTab
from console.domain.records import LightText
from console.domain.states import ASSIGNMENT_NAMES, STATE_NAMES, AssignmentState
from console.theme import SMALL, body_font, colour, colours
from console.views.inbox.countdown import countdown_words
from console.views.inbox.marks import row_marks
from console.views.inbox.pile_tabs import PileTabs
from console.views.parts.card import Card
from console.views.parts.clock import short_time
from console.views.parts.key_cap import ActionButton
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.light_label import GAP, SIDE, Mark, draw_shape, mark_of
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

translate = QCoreApplication.translate
ROW_HEIGHT, _SIDE_PAD = 54, 12
ROW_ROLE = Qt.ItemDataRole.UserRole + 20


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

    def __init__(
        self,
        tabs: Sequence[InboxTab] = tuple(InboxTab),
        report: QAction | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`report`: the action of the button that opens a report from the grid; None without."""
        super().__init__(padding=0, spacing=0, parent=parent)
        self.setAccessibleName(self.tr("承办件"))
        self.tabs = PileTabs(tabs)
        self._report = report
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

    def show_rows(
        self, rows: Sequence[InboxRow], select: int | None = None, go_on: bool = True
    ) -> None:
        """Keep the same work order current; when it is gone, the one that took its place, unless not to `go_on`."""
        before = self.table.currentIndex().row()
        wanted = select if select is not None else self.model.identity(self.table.currentIndex())
        self.table.show_rows(rows)
        self._say_empty()
        if rows and (wanted is None or not self.table.select_id(wanted)) and go_on:
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
        # Four piles a line with their counts; wider only where the case has more than it needs.
        self.setMinimumWidth(344)
        self.setMaximumWidth(440)
        inner = QWidget()
        inner.setProperty("kind", "clear")
        head = QVBoxLayout(inner)
        head.setContentsMargins(4, 4, 4, 0)
        head.addWidget(self.tabs)
        self.add(inner)
        self.body.addWidget(self.table, 1)
        if self._report is not None:
            foot = QHBoxLayout()
            foot.setContentsMargins(8, 6, 8, 4)
            foot.addWidget(ActionButton(self._report, ""))
            self.body.addLayout(foot)
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
            InboxTab.TO_VERIFY: (
                self.tr("没有等您到现场核查的工单"),
                self.tr("承办单位回复后，需要到现场看的会出现在这里。"),
            ),
            InboxTab.COPIES: (
                self.tr("没有要阅知的抄告"),
                self.tr("抄告给本单位的工单在这里看，按 F8 阅知。"),
            ),
            InboxTab.REPORTED: (
                self.tr("近 30 天没有上报过事项"),
                self.tr("按 Ctrl+N 上报，在这里看办到哪一步。"),
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
        used = self._draw_countdown(painter, lower, record)
        lower = self._draw_marks(painter, lower.adjusted(0, 0, -used, 0), record)
        self._draw(painter, lower, where_words(record), self._small, QColor(colours().muted))
        painter.restore()

    def _draw_light(self, painter: QPainter, area: QRect, record: InboxRow) -> int:
        mark = mark_of(pile_light(record))
        if not mark.words:
            return 0
        return self._mark(painter, area, mark) + 12

    def _mark(self, painter: QPainter, area: QRect, mark: Mark) -> int:
        width = QFontMetrics(body_font(bold=True)).horizontalAdvance(mark.words) + SIDE + GAP
        self._light(
            painter, QRect(area.right() - width, area.top(), width + 1, area.height()), mark
        )
        return width

    def _draw_countdown(self, painter: QPainter, area: QRect, record: InboxRow) -> int:
        """The clock of the first answer, apart from the finishing light (field-facts H1)."""
        if not record.answer_owed:
            return self._right(painter, area, due_words(record))
        mark = mark_of(record.response_light)
        words, ink = countdown_words(record), colour(mark.tone)
        self._draw(painter, area, words, self._small_bold, ink, right=True)
        used = QFontMetrics(self._small_bold).horizontalAdvance(words)
        box = QRectF(area.right() - used - 13, area.center().y() - 4, 9, 9)
        draw_shape(painter, box, mark.shape, ink)
        return used + 25

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


def pile_light(record: InboxRow) -> LightText:
    """Not signed yet: the clock of signing. From then on the finishing light; the answer has a clock of its own."""
    return record.light if record.duty is Duty.SIGN else record.finish_light


def where_words(record: InboxRow) -> str:
    """For what was passed down: whom it is with; otherwise category and place."""
    if record.share_state is None:
        if record.duty is Duty.VERIFY:
            return " · ".join(filter(None, (record.place, record.unit)))
        return " · ".join(filter(None, (STATE_NAMES[record.state], record.unit, record.place)))
    if record.below and record.share_state is not AssignmentState.REPLIED:
        state = ASSIGNMENT_NAMES[record.below_state] if record.below_state else ""
        if record.below_count > 1:
            return translate("inbox", "{0}等 {1} 家办理中").format(record.below, record.below_count)
        return " · ".join(filter(None, (record.below, state)))
    return " · ".join(filter(None, (record.category, record.place)))


def due_words(record: InboxRow) -> str:
    """今天 10:54 前签收; for a reply when it was given, for a copy when it came."""
    if record.replied_at is not None:
        return translate("inbox", "{0} 回复").format(short_time(record.replied_at))
    if record.share_state is None and record.duty is not Duty.VERIFY:
        came = translate("inbox", "{0} 抄告") if record.duty is Duty.READ else "{0}"
        return came.format(short_time(record.dispatched_at))
    if record.due is None:
        return ""
    words = translate("inbox", "{0} 前{1}")
    return words.format(short_time(record.due), DUTY_NAMES[record.duty])


def _spoken(record: InboxRow) -> str:
    """The row as a screen reader says it."""
    marks = "、".join(mark.words for mark in row_marks(record))
    answer = countdown_words(record) if record.answer_owed else due_words(record)
    parts = (record.title, pile_light(record).words, marks, where_words(record), answer)
    return "，".join(filter(None, parts))
