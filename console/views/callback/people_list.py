"""Everyone a work order calls back, one line each: who, on which number, and how far it is with them."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from console.domain.callback import Callee, clock_words
from console.domain.states import SATISFACTION_NAMES
from console.theme import Tone, body_font, colour, colours
from console.views.parts.queue_table import write_line

ROW, MOST_ROWS, PAD = 30, 4, 10
_CALLEE = Qt.ItemDataRole.UserRole
_NOW = Qt.ItemDataRole.UserRole + 1


class PeopleList(QListWidget):
    """`show_people(callees, now, at)`; `picked(callee id)` when the operator moves to another person."""

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.setAccessibleName(self.tr("诉求人"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(PersonDelegate(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(self._moved)

    def show_people(self, callees: Sequence[Callee], now: datetime, at: int) -> None:
        """Fill the list and stand on the person with this id; the page is not told again."""
        self._quiet = True
        self.clear()
        for callee in callees:
            item = QListWidgetItem(_sentence(callee, now), self)
            item.setData(_CALLEE, callee)
            item.setData(_NOW, now)
            item.setToolTip(callee.said)
            if callee.id == at:
                self.setCurrentItem(item)
        self._quiet = False
        self.setFixedHeight(ROW * min(len(callees), MOST_ROWS) + 2)

    @property
    def callee(self) -> Callee | None:
        item = self.currentItem()
        return item.data(_CALLEE) if item is not None else None

    @Slot(int)
    def _moved(self, _row: int) -> None:
        if not self._quiet and self.callee is not None:
            self.picked.emit(self.callee.id)


class PersonDelegate(QStyledItemDelegate):
    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        callee, now = index.data(_CALLEE), index.data(_NOW)
        here = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if here:
            painter.fillRect(option.rect, QColor(colours().soft))
            edge = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
            painter.fillRect(edge, QColor(colours().accent))
        line = option.rect.adjusted(PAD, 0, -PAD, 0)
        words, tone = standing(callee, now)
        used = write_line(painter, line, words, colour(tone), right=True)
        left = line.adjusted(0, 0, -used - 12, 0)
        name = write_line(painter, left, callee.name, QColor(colours().text), body_font(bold=here))
        rest = "　".join(filter(None, (callee.phone, _role(callee))))
        write_line(painter, left.adjusted(name + 10, 0, 0, 0), rest, QColor(colours().muted))
        painter.restore()


def standing(callee: Callee, now: datetime) -> tuple[str, Tone]:
    """How far it is with one person, and its colour."""
    if callee.heard is not None:
        happy = callee.heard.satisfaction
        bad = happy is not None and "dissatisfied" in happy.value
        tone = Tone.BAD if bad else Tone.OK
        return f"已回访 {SATISFACTION_NAMES[happy] if happy else ''}".rstrip(), tone
    if callee.excused:
        return f"{callee.excused}，不回访", Tone.MUTED
    if callee.enough:
        return f"已拨满 {callee.tries} 次未通", Tone.WARN
    if callee.waits(now) and callee.ring_from is not None:
        return f"{callee.tries} 次未通，下次可拨 {clock_words(callee.ring_from, now)}", Tone.WARN
    if callee.tries:
        return f"{callee.tries} 次未通，可再拨", Tone.ACCENT
    return "待回访", Tone.ACCENT


def _role(callee: Callee) -> str:
    return "来电人" if callee.main else "后来反映"


def _sentence(callee: Callee, now: datetime) -> str:
    """What a screen reader says."""
    words, _tone = standing(callee, now)
    return "，".join(filter(None, (callee.name, callee.phone, _role(callee), words)))
