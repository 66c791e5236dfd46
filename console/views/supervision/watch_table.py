"""The list behind a counter: two lines a work order, its light and its card at the right."""

from datetime import date, datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from console.domain.states import STATE_NAMES, URGENCY_NAMES, Urgency
from console.domain.supervision import WatchRow
from console.theme import Tone, body_font, colour, colours
from console.views.parts.clock import database_now, grouped_number, local, short_time
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.light_label import mark_of, supervision_mark
from console.views.parts.queue_table import draw_mark, draw_word, line_of, write_line
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

ROW_HEIGHT, _PAD = 52, 10
_URGENT = {Urgency.CRITICAL: Tone.BAD, Urgency.URGENT: Tone.WARN}


class WatchTable(TableView):
    """`show_rows(rows)`; several are ticked with Space, never selected."""

    def __init__(self, name: str, checkable: bool, parent: QWidget | None = None) -> None:
        model = RecordTable([Column(name, sentence)], checkable=checkable)
        super().__init__(model, "", None, parent)
        model.setParent(self)
        self.setAccessibleName(name)
        self.delegate = WatchDelegate(self)
        self.setItemDelegate(self.delegate)
        self.horizontalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setSortingEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)


class WatchDelegate(LightDelegate):
    """Instruction, title and time light; below them the unit, what has happened, and card or rung."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        record: WatchRow = index.model().row(index)
        painter.save()
        self._ground(painter, option, index)
        area = option.rect.adjusted(_PAD, 7, -_PAD, -6)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            area = self._tick_box(painter, option, index, area)
        self._first(painter, line_of(area, 0), record)
        self._second(painter, line_of(area, 1), record)
        painter.restore()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(280, ROW_HEIGHT)

    @staticmethod
    def _first(painter: QPainter, line: QRect, record: WatchRow) -> None:
        row = record.row
        line = draw_mark(painter, line, mark_of(row.light))
        if record.instructed:
            line = draw_word(painter, line, "批示", Tone.VIOLET)
        tone = _URGENT.get(row.urgency)
        if tone is not None:
            line = draw_word(painter, line, URGENCY_NAMES[row.urgency], tone)
        if row.confidential:
            line = draw_word(painter, line, "保密", Tone.VIOLET)
        write_line(painter, line, row.title, QColor(colours().text), body_font(bold=True))

    @staticmethod
    def _second(painter: QPainter, line: QRect, record: WatchRow) -> None:
        card = supervision_mark(record.row.supervision)
        muted = QColor(colours().muted)
        if card is not None:
            line = draw_mark(painter, line, card)
        elif record.ladder:
            used = write_line(painter, line, record.ladder, colour(Tone.BAD), right=True)
            line = line.adjusted(0, 0, -used - 10, 0)
        write_line(painter, line, " · ".join(facts(record)), muted)


def facts(record: WatchRow, now: datetime | None = None) -> tuple[str, ...]:
    """Unit and state, then whatever brought it here, in as few words as will do."""
    now = now or database_now()
    counts = (("催", record.urged), ("退", record.returned), ("重", record.redone))
    tried = " ".join(f"{word}{number}" for word, number in counts if number)
    found = (
        record.row.unit or "尚未派出",
        STATE_NAMES[record.row.state],
        tried,
        _promise(record.promise_due, now),
        _resume(record.resume_on, local(now).date()),
    )
    return tuple(filter(None, found))


def _promise(due: datetime | None, now: datetime) -> str:
    return f"承诺 {short_time(due)} 兑现" if due is not None and due < now else ""


def _resume(day: date | None, today: date) -> str:
    if day is None:
        return ""
    return f"{day:%m-%d} 应恢复" if day <= today else f"{day:%m-%d} 恢复"


def sentence(record: WatchRow) -> str:
    """What a screen reader says, and the tooltip shows."""
    row = record.row
    card = supervision_mark(row.supervision)
    parts = (
        "领导批示" if record.instructed else "",
        row.title,
        row.light.words,
        card.words if card else "",
        *facts(record),
        record.ladder,
        f"下一步 {record.next_step}" if record.next_step else "",
        grouped_number(row.number),
    )
    return "，".join(filter(None, parts))
