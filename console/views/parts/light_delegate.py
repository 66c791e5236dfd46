"""Paints the rows of every table: hover, selection, tones and lights; a selected row keeps its light's colour."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.theme import ROW, Tone, body_font, colour, colours
from console.views.parts.light_label import GAP, SIDE, Mark, Shape, draw_shape

MARK_ROLE = Qt.ItemDataRole.UserRole + 1
TONE_ROLE = Qt.ItemDataRole.UserRole + 2
BOLD_ROLE = Qt.ItemDataRole.UserRole + 3
ID_ROLE = Qt.ItemDataRole.UserRole + 4
_PAD = 8


class LightDelegate(QStyledItemDelegate):
    """For any model answering MARK_ROLE (a `Mark`), TONE_ROLE (a `Tone`) and BOLD_ROLE."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self._fonts = {False: body_font(), True: body_font(bold=True)}
        self._metrics = {bold: QFontMetrics(font) for bold, font in self._fonts.items()}

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        self._ground(painter, option, index)
        area = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            area = self._tick_box(painter, option, index, area)
        mark = index.data(MARK_ROLE)
        if isinstance(mark, Mark):
            self._light(painter, area, mark)
        else:
            self._words(painter, area, index)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        mark = index.data(MARK_ROLE)
        words = mark.words if isinstance(mark, Mark) else str(index.data() or "")
        extra = SIDE + GAP if isinstance(mark, Mark) and mark.shape else 0
        return QSize(self._metrics[bool(extra)].horizontalAdvance(words) + extra + 2 * _PAD, ROW)

    def _ground(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        now = colours()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = (
            now.selected
            if selected
            else now.hover
            if index.row() == self.hovered_row
            else now.surface
        )
        painter.fillRect(option.rect, QColor(ground))
        line = option.rect
        painter.fillRect(QRect(line.left(), line.bottom(), line.width(), 1), QColor(now.line))
        if selected and index.column() == self._first_column(option.widget):
            painter.fillRect(QRect(line.left(), line.top(), 3, line.height()), QColor(now.accent))

    @staticmethod
    def _first_column(view: QWidget | None) -> int:
        header = view.horizontalHeader() if hasattr(view, "horizontalHeader") else None
        return header.logicalIndex(0) if header is not None else 0

    def _tick_box(
        self, painter: QPainter, option: QStyleOptionViewItem, index, area: QRect
    ) -> QRect:
        checked = index.data(Qt.ItemDataRole.CheckStateRole) in (
            Qt.CheckState.Checked,
            Qt.CheckState.Checked.value,
        )
        now, box = colours(), QRectF(area.left(), option.rect.center().y() - 6.5, 14, 14)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(now.accent if checked else now.muted))
        painter.setBrush(QColor(now.accent if checked else now.surface))
        painter.drawRoundedRect(box, 4, 4)
        if checked:
            draw_shape(
                painter, box.adjusted(2.5, 2.5, -2.5, -2.5), Shape.TICK, QColor(now.on_accent)
            )
        return area.adjusted(22, 0, 0, 0)

    def _light(self, painter: QPainter, area: QRect, mark: Mark) -> None:
        ink, x = colour(mark.tone), area.left()
        if mark.shape:
            draw_shape(
                painter, QRectF(x, area.center().y() - SIDE / 2 + 0.5, SIDE, SIDE), mark.shape, ink
            )
            x += SIDE + GAP
        self._write(
            painter,
            QRect(x, area.top(), area.right() - x + 1, area.height()),
            mark.words,
            ink,
            mark.tone is not Tone.MUTED,
        )

    def _words(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tone = index.data(TONE_ROLE)
        # Qt hands a string enum back as a plain string.
        ink = colour(Tone(tone)) if tone else QColor(colours().text)
        align = index.data(Qt.ItemDataRole.TextAlignmentRole)
        right = bool(int(align) & Qt.AlignmentFlag.AlignRight.value) if align is not None else False
        self._write(painter, area, str(index.data() or ""), ink, bool(index.data(BOLD_ROLE)), right)

    def _write(
        self,
        painter: QPainter,
        area: QRect,
        words: str,
        ink: QColor,
        bold: bool,
        right: bool = False,
    ) -> None:
        painter.setFont(self._fonts[bold])
        painter.setPen(ink)
        short = self._metrics[bold].elidedText(
            words.replace("\n", " "), Qt.TextElideMode.ElideRight, area.width()
        )
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, short)
