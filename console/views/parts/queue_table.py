"""What waits at a desk: three quiet lines a work order, its light and how long it has waited at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QWidget

from console.domain.desks import Queue
from console.domain.records import TicketRow
from console.domain.states import NATURE_NAMES, URGENCY_NAMES, Urgency
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.parts.clock import database_now, grouped_number
from console.views.parts.light_delegate import LightDelegate
from console.views.parts.light_label import GAP, SIDE, Mark, draw_shape, mark_of, supervision_mark
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView

ROW_HEIGHT, _PAD, _LINE = 70, 12, 19
_URGENT = {Urgency.CRITICAL: Tone.BAD, Urgency.URGENT: Tone.WARN}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of a queue; `held_by` names the colleague who has taken it, `note` says how far it is."""

    row: TicketRow
    since: datetime | None = None
    held_by: str = ""
    note: str = ""

    @property
    def id(self) -> int:
        return self.row.id


def waiting_rows(queue: Queue) -> tuple[Waiting, ...]:
    """The rows of a queue with what is known of their waiting."""
    waits = {wait.ticket_id: wait for wait in queue.waits}
    known = ((row, waits.get(row.id)) for row in queue.rows)
    return tuple(
        Waiting(row, w.since, w.held_by, w.note) if w else Waiting(row) for row, w in known
    )


def waited(since: datetime | None, now: datetime) -> str:
    """等12分, 等3小时, 等2天; empty when unknown."""
    if since is None:
        return ""
    minutes = max(0, int((now - since) / timedelta(minutes=1)))
    if minutes < 60:
        return f"等{minutes}分" if minutes else "刚到"
    return f"等{minutes // 60}小时" if minutes < 24 * 60 else f"等{minutes // (24 * 60)}天"


class QueueTable(TableView):
    """`show_queue(queue)`; `selected`, `opened`, ticks and the empty state are those of every table."""

    def __init__(
        self, name: str = "", checkable: bool = False, parent: QWidget | None = None
    ) -> None:
        model = RecordTable([Column(name, _sentence)], checkable=checkable)
        super().__init__(model, "", None, parent)
        model.setParent(self)
        self.setAccessibleName(name)
        self.delegate = QueueDelegate(self)
        self.setItemDelegate(self.delegate)
        self.horizontalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setSortingEnabled(False)
        # Several are ticked, never selected; so Ctrl+End marks the row it opens.
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def show_queue(self, queue: Queue) -> None:
        self.show_rows(waiting_rows(queue))


class QueueDelegate(LightDelegate):
    """Title and light, number and waiting, then what kind of matter and where."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        record = index.model().row(index)
        painter.save()
        self._ground(painter, option, index)
        area = option.rect.adjusted(_PAD, 7, -_PAD, -6)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            area = self._tick_box(painter, option, index, area)
        self._first(painter, line_of(area, 0), record.row)
        self._second(painter, line_of(area, 1), record)
        kind = " · ".join(filter(None, (NATURE_NAMES[record.row.nature], record.row.category)))
        words = "　".join(filter(None, (kind, record.row.place)))
        self._third(painter, line_of(area, 2), words, record.note)
        painter.restore()

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(280, ROW_HEIGHT)

    def _first(self, painter: QPainter, line: QRect, row: TicketRow) -> None:
        line = draw_mark(painter, line, supervision_mark(row.supervision) or mark_of(row.light))
        tone = _URGENT.get(row.urgency)
        if tone is not None:
            line = draw_word(painter, line, URGENCY_NAMES[row.urgency], tone)
        if row.confidential:
            line = draw_word(painter, line, "保密", Tone.VIOLET)
        write_line(painter, line, row.title, QColor(colours().text), body_font(bold=True))

    @staticmethod
    def _second(painter: QPainter, line: QRect, record: Waiting) -> None:
        muted = QColor(colours().muted)
        if record.held_by:
            words, ink = f"{record.held_by} 办理中", colour(Tone.VIOLET)
        else:
            words, ink = waited(record.since, database_now()), muted
        used = write_line(painter, line, words, ink, right=True)
        number = grouped_number(record.row.number)
        write_line(painter, line.adjusted(0, 0, -used - 8, 0), number, muted)

    @staticmethod
    def _third(painter: QPainter, line: QRect, words: str, note: str) -> None:
        """How far it is at the right, what kind of matter and where in what is left of the line."""
        ink = colour(Tone.BAD if "超时" in note else Tone.ACCENT)
        used = write_line(painter, line, note, ink, right=True) + 8 if note else 0
        write_line(painter, line.adjusted(0, 0, -used, 0), words, QColor(colours().muted))


def line_of(area: QRect, at: int) -> QRect:
    return QRect(area.left(), area.top() + at * _LINE, area.width(), _LINE)


def draw_mark(painter: QPainter, line: QRect, mark: Mark) -> QRect:
    """The light at the right end; returns what is left of the line."""
    font, ink = body_font(SMALL, mark.tone is not Tone.MUTED), colour(mark.tone)
    width = QFontMetrics(font).horizontalAdvance(mark.words)
    side = SIDE + GAP if mark.shape else 0
    left = line.right() - width - side
    if mark.shape:
        box = QRectF(left, line.center().y() - SIDE / 2 + 0.5, SIDE, SIDE)
        draw_shape(painter, box, mark.shape, ink)
    painter.setFont(font)
    painter.setPen(ink)
    words = QRect(left + side, line.top(), width + 2, line.height())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, mark.words)
    return line.adjusted(0, 0, -width - side - 10, 0)


def draw_word(painter: QPainter, line: QRect, word: str, tone: Tone) -> QRect:
    """A word in its wash before the title."""
    font = body_font(SMALL, True)
    width = QFontMetrics(font).horizontalAdvance(word)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours().wash(tone)))
    box = QRect(line.left(), line.top() + 1, width + 10, line.height() - 2)
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(font)
    painter.setPen(colour(tone))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)
    return line.adjusted(width + 16, 0, 0, 0)


def write_line(
    painter: QPainter, line: QRect, words: str, ink: QColor, font=None, right: bool = False
) -> int:
    """One elided line; returns the pixels used."""
    font = font or body_font(SMALL)
    metrics = QFontMetrics(font)
    short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(ink)
    # Three dots alone say nothing.
    if len(short) > 1 or short == words:
        painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, short)
    return metrics.horizontalAdvance(short)


def _sentence(record: Waiting) -> str:
    """What a screen reader says, and the tooltip shows."""
    row = record.row
    urgent = URGENCY_NAMES[row.urgency] if row.urgency is not Urgency.NORMAL else ""
    held = f"{record.held_by} 办理中" if record.held_by else ""
    parts: Sequence[str] = (
        urgent, row.title, row.light.words, NATURE_NAMES[row.nature], row.category, row.place,
        grouped_number(row.number), held, record.note,
    )  # fmt: skip
    return "，".join(part for part in parts if part)
