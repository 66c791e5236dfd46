"""The list under a type-ahead line: part of the window itself, so it cannot take the keyboard from anyone."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from console.theme import ROW, SMALL, Tone, body_font, colour, colours

_PAD, _MARGIN, _MOST = 10, 4, 8


class Offer(Protocol):
    text: str
    detail: str
    badge: str
    tone: Tone


class SuggestionList(QWidget):
    """Up to eight rows; scrolls with the highlight. `picked(index)` by mouse."""

    picked = Signal(int)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.hide()
        self._offers: list[Offer] = []
        self.at, self._top = -1, 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("建议"))

    def show_offers(self, offers: Sequence[Offer], at: int) -> None:
        self._offers, self.at, self._top = list(offers), at, 0
        self._tell()
        self.update()

    def step(self, by: int) -> None:
        """Highlight the next or the one before; stops at the ends."""
        self.at = max(0, min(self.at + by, len(self._offers) - 1))
        self._top = min(max(self._top, self.at - _MOST + 1), self.at)
        self._tell()
        self.update()

    def place(self, line: QWidget) -> None:
        """Below the line, or above it where the window ends; as wide as the line or as the words need."""
        window = self.parentWidget()
        size = self._wanted(line.width(), window.width() - 16)
        corner = line.mapTo(window, QPoint(0, line.height() + 2))
        if corner.y() + size.height() > window.height():
            corner = line.mapTo(window, QPoint(0, -size.height() - 2))
        corner.setX(max(8, min(corner.x(), window.width() - size.width() - 8)))
        self.setGeometry(QRect(corner, size))
        self.raise_()
        self.show()

    def mouseMoveEvent(self, event) -> None:
        at = self._row_at(event.position().y())
        if at >= 0 and at != self.at:
            self.at = at
            self.update()

    def mousePressEvent(self, event) -> None:
        at = self._row_at(event.position().y())
        if at >= 0:
            self.picked.emit(at)
        event.accept()

    def wheelEvent(self, event) -> None:
        step = -1 if event.angleDelta().y() > 0 else 1
        self._top = max(0, min(self._top + step, len(self._offers) - _MOST))
        self.update()
        event.accept()

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.strong), 1))
        painter.setBrush(QColor(now.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        for slot, offer in enumerate(self._offers[self._top : self._top + _MOST]):
            self._draw(
                painter,
                QRect(_MARGIN, _MARGIN + slot * ROW, self.width() - 2 * _MARGIN, ROW),
                offer,
                self._top + slot == self.at,
            )

    def _draw(self, painter: QPainter, rect: QRect, offer: Offer, here: bool) -> None:
        now = colours()
        if here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.soft))
            painter.drawRoundedRect(rect, 5, 5)
        area = rect.adjusted(_PAD, 0, -_PAD, 0)
        area = self._draw_badge(painter, area, offer, now.surface if here else now.wash(offer.tone))
        small, body = body_font(SMALL), body_font(bold=here)
        detail = QFontMetrics(small).elidedText(
            offer.detail, Qt.TextElideMode.ElideMiddle, area.width() * 3 // 5
        )
        used = QFontMetrics(small).horizontalAdvance(detail) + 12 if detail else 0
        self._write(painter, small, now.muted, area, detail, Qt.AlignmentFlag.AlignRight)
        words = QFontMetrics(body).elidedText(
            offer.text, Qt.TextElideMode.ElideRight, area.width() - used
        )
        self._write(painter, body, now.text, area, words, Qt.AlignmentFlag.AlignLeft)

    @staticmethod
    def _draw_badge(painter: QPainter, area: QRect, offer: Offer, ground: str) -> QRect:
        if not offer.badge:
            return area
        font = body_font(SMALL, True)
        width = QFontMetrics(font).horizontalAdvance(offer.badge)
        box = QRect(area.right() - width - 11, area.center().y() - 8, width + 12, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour(offer.tone))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, offer.badge)
        return area.adjusted(0, 0, -width - 20, 0)

    @staticmethod
    def _write(
        painter: QPainter, font, ink: str, area: QRect, words: str, side: Qt.AlignmentFlag
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _wanted(self, least: int, most: int) -> QSize:
        body, small = QFontMetrics(body_font(bold=True)), QFontMetrics(body_font(SMALL, True))
        widest = max(
            body.horizontalAdvance(o.text) + small.horizontalAdvance(o.detail + o.badge)
            for o in self._offers
        )
        rows = min(_MOST, len(self._offers))
        return QSize(min(max(least, widest + 60), max(least, 560), most), rows * ROW + 2 * _MARGIN)

    def _row_at(self, y: float) -> int:
        at = self._top + int(y - _MARGIN) // ROW
        return at if self._top <= at < min(len(self._offers), self._top + _MOST) else -1

    def _tell(self) -> None:
        if 0 <= self.at < len(self._offers):
            offer = self._offers[self.at]
            self.setAccessibleDescription(f"{offer.text} {offer.detail}")
