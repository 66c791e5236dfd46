"""The grouped results: part of the window itself, so that it cannot take the keyboard from anyone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from console.domain.finding import KIND_NAMES, Group, Hit, Kind
from console.theme import ROW, SMALL, Tone, body_font, colour, colours
from console.views.parts.clock import grouped_number

_HEAD, _MARGIN, _PAD = 24, 6, 10
_LEAST, _MOST = 480, 620
_BADGES = {Kind.OPEN: Tone.ACCENT, Kind.ENDED: Tone.MUTED}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a heading, a remark, or a hit with its place among the hits."""

    words: str
    hit: Hit | None = None
    at: int = -1
    warns: bool = False


class ResultList(QWidget):
    """`show_groups`, `step(±1)`, `current`; `picked(Hit)` by mouse."""

    picked = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.hide()
        self._lines: tuple[Line, ...] = ()
        self._hits: tuple[Hit, ...] = ()
        self.at, self._scroll = -1, 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("查找结果"))

    @property
    def current(self) -> Hit | None:
        return self._hits[self.at] if 0 <= self.at < len(self._hits) else None

    @property
    def hits(self) -> tuple[Hit, ...]:
        return self._hits

    def show_groups(self, groups: Sequence[Group], typed: str) -> None:
        """The first hit is at hand; with nothing found the list says what else to try."""
        self._hits = tuple(hit for group in groups for hit in group.hits)
        self._lines = tuple(self._made(groups)) or (
            Line(self.tr("没有找到“{0}”").format(typed)),
            Line(self.tr("可以输完整号码、尾号、姓名、首字母、地址、工单号，或 > 加命令")),
        )
        self.at, self._scroll = 0 if self._hits else -1, 0
        self._tell()
        self.update()

    def step(self, by: int) -> None:
        """The next hit or the one before, headings skipped; stops at the ends."""
        if self._hits:
            self.at = max(0, min(self.at + by, len(self._hits) - 1))
            self._bring_in_sight()
            self._tell()
            self.update()

    def place(self, line: QWidget) -> None:
        """Under the line it belongs to, inside the window."""
        window = self.parentWidget()
        corner = line.mapTo(window, QPoint(0, line.height() + 2))
        width = min(max(line.width(), _LEAST), _MOST, window.width() - 16)
        height = min(self._full_height(), window.height() - corner.y() - 40)
        corner.setX(max(8, min(corner.x(), window.width() - width - 8)))
        self.setGeometry(QRect(corner, QSize(width, height)))
        self.raise_()
        self.show()

    def _made(self, groups: Sequence[Group]) -> Iterator[Line]:
        at = 0
        for group in groups:
            yield Line(KIND_NAMES[group.kind])
            if group.note:
                yield Line(group.note, warns=True)
            for hit in group.hits:
                yield Line(hit.text, hit, at)
                at += 1
            if group.more:
                yield Line(self.tr("还有更多，多输几个字可缩小范围"))

    def _height(self, line: Line) -> int:
        return ROW if line.hit is not None else _HEAD

    def _full_height(self) -> int:
        return sum(map(self._height, self._lines)) + 2 * _MARGIN

    def _placed(self) -> Iterator[tuple[Line, QRect]]:
        y = _MARGIN - self._scroll
        for line in self._lines:
            yield line, QRect(_MARGIN, y, self.width() - 2 * _MARGIN, self._height(line))
            y += self._height(line)

    def _bring_in_sight(self) -> None:
        box = next((rect for line, rect in self._placed() if line.at == self.at), QRect())
        if box.bottom() > self.height() - _MARGIN:
            self._scroll += box.bottom() - self.height() + _MARGIN
        elif box.top() < _MARGIN + _HEAD:
            # With its heading, so that one sees what kind of thing it is.
            self._scroll = max(0, self._scroll + box.top() - _MARGIN - _HEAD)

    def mouseMoveEvent(self, event) -> None:
        at = self._at_point(event.position().toPoint())
        if at >= 0 and at != self.at:
            self.at = at
            self.update()

    def mousePressEvent(self, event) -> None:
        at = self._at_point(event.position().toPoint())
        if at >= 0:
            self.picked.emit(self._hits[at])
        event.accept()

    def wheelEvent(self, event) -> None:
        most = max(0, self._full_height() - self.height())
        self._scroll = max(0, min(self._scroll - event.angleDelta().y() // 4, most))
        self.update()
        event.accept()

    def _at_point(self, point: QPoint) -> int:
        return next((line.at for line, rect in self._placed() if rect.contains(point)), -1)

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(now.strong), 1))
        painter.setBrush(QColor(now.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setClipRect(self.rect().adjusted(1, 2, -1, -2))
        for line, rect in self._placed():
            if rect.bottom() < 0 or rect.top() > self.height():
                continue
            if line.hit is None:
                self._draw_words(painter, rect, line)
            else:
                self._draw_hit(painter, rect, line.hit, line.at == self.at)

    def _draw_words(self, painter: QPainter, rect: QRect, line: Line) -> None:
        painter.setFont(body_font(SMALL, line.words in KIND_NAMES.values()))
        painter.setPen(colour(Tone.WARN if line.warns else Tone.MUTED))
        painter.drawText(
            rect.adjusted(_PAD, 0, -_PAD, 0), Qt.AlignmentFlag.AlignVCenter, line.words
        )

    def _draw_hit(self, painter: QPainter, rect: QRect, hit: Hit, here: bool) -> None:
        now = colours()
        if here:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(now.soft))
            painter.drawRoundedRect(rect, 5, 5)
        area = self._draw_badge(painter, rect.adjusted(_PAD, 0, -_PAD, 0), hit, here)
        small, body = body_font(SMALL), body_font(bold=here)
        told = area.adjusted(area.width() - self._detail_width(hit.kind, area.width()), 0, 0, 0)
        detail = QFontMetrics(small).elidedText(
            _detail(hit), Qt.TextElideMode.ElideRight, told.width()
        )
        painter.setFont(small)
        painter.setPen(QColor(now.muted))
        painter.drawText(told, Qt.AlignmentFlag.AlignVCenter, detail)
        text = QFontMetrics(body).elidedText(
            hit.text, Qt.TextElideMode.ElideRight, area.width() - told.width() - 12
        )
        painter.setFont(body)
        painter.setPen(QColor(now.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)

    def _detail_width(self, kind: Kind, room: int) -> int:
        """The details of one kind begin below each other."""
        metrics = QFontMetrics(body_font(SMALL))
        widest = max(metrics.horizontalAdvance(_detail(hit)) for hit in self._of(kind))
        return min(widest + 2, room * 3 // 5)

    def _of(self, kind: Kind) -> Iterator[Hit]:
        return (hit for hit in self._hits if hit.kind is kind)

    def _draw_badge(self, painter: QPainter, area: QRect, hit: Hit, here: bool) -> QRect:
        font, tone = body_font(SMALL, True), _BADGES.get(hit.kind, Tone.MUTED)
        metrics = QFontMetrics(font)
        width = max(metrics.horizontalAdvance(one.badge) for one in self._of(hit.kind))
        if not width:
            return area
        if not hit.badge:
            return area.adjusted(0, 0, -width - 20, 0)
        box = QRect(area.right() - width - 11, area.center().y() - 8, width + 12, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().surface if here else colours().wash(tone)))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour(tone))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, hit.badge)
        return area.adjusted(0, 0, -width - 20, 0)

    def _tell(self) -> None:
        hit = self.current
        words = f"{KIND_NAMES[hit.kind]} {hit.text} {_detail(hit)}" if hit is not None else ""
        self.setAccessibleDescription(words or "".join(line.words for line in self._lines))


def _detail(hit: Hit) -> str:
    if hit.kind in (Kind.OPEN, Kind.ENDED):
        # The number is what is read out: of the two it is not the one to be cut.
        return "　".join(filter(None, (grouped_number(hit.key), hit.detail)))
    return hit.detail
