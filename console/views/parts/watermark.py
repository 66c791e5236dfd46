"""The faint mark over every window: any corner of a screenshot tells whose screen it was, and when (peers 6.8)."""

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QPen, QPixmap, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from console.domain.mark import ROWS, SIDE, Mark, tile
from console.domain.trace import trace_code
from console.views.parts.clock import database_now

# In pixels of the screen whatever its scale: a cut of a screenshot is measured in them too.
CELL = 12
TILE = SIDE * CELL
# As faint as can still be read out of a cut that a chat program has halved and packed:
# docs/guide/privacy.md says how that was measured. Broad strokes live through it as well as thin ones a third darker.
_STROKE, _LETTERS = 0.0315, 0.05
_REACH, _THICK = 0.30 * CELL, 3.6
_LOOK_MS, _SETTLE_MS = 5_000, 60
# Fainter still where people write and where they read row by row; what lies around is strong enough for both.
_IN_FIELDS, _IN_LISTS = 0.75, 0.88
_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox)


@lru_cache(maxsize=16)
def tile_picture(mark: Mark, words: str, light: bool) -> QImage:
    """One tile; `light` for dark windows. The letters are for people, the strokes for `main.py trace`."""
    picture = QImage(TILE, TILE, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(Qt.GlobalColor.white if light else Qt.GlobalColor.black)
    ink.setAlphaF(_STROKE)
    painter.setPen(QPen(ink, _THICK, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    for row, cells in enumerate(tile(mark)):
        for col, cell in enumerate(cells):
            if cell:
                middle = QPointF((col + 0.5) * CELL, (row + 0.5) * CELL)
                along = QPointF(_REACH, cell * _REACH)
                painter.drawLine(middle - along, middle + along)
    _letter(painter, ink, words)
    painter.end()
    return picture


def _letter(painter: QPainter, ink: QColor, words: str) -> None:
    ink = QColor(ink)
    ink.setAlphaF(_LETTERS)
    painter.setPen(ink)
    font = QFont(painter.font())
    font.setPixelSize(CELL - 1)
    painter.setFont(font)
    room = QRect(0, ROWS * CELL, TILE, CELL)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def paint_over(painter: QPainter, room: QRect, mark: Mark, words: str, light: bool) -> None:
    """Tiles without end over `room`, whose corner begins the first."""
    pixmap = QPixmap.fromImage(tile_picture(mark, words, light))
    pixmap.setDevicePixelRatio(painter.device().devicePixelRatioF())
    painter.drawTiledPixmap(room, pixmap)


class Watermark(QWidget):
    """Lies over one window and is neither clicked nor focused. `show_mark` when the minute has changed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._mark: Mark | None = None
        self._words, self._pixmap = "", QPixmap()
        self._shown_for: tuple[object, ...] = ()
        self._fields, self._lists = QRegion(), QRegion()
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self.setObjectName("watermark")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)
        self._cover()
        self.show()

    def show_mark(self, mark: Mark, words: str) -> None:
        if (mark, words) != (self._mark, self._words):
            self._mark, self._words = mark, words
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded, QEvent.Type.Show):
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        window = self.parentWidget()
        if window is not None:
            self.setGeometry(window.rect())
            self.raise_()

    def paintEvent(self, event) -> None:
        if self._mark is None:
            return
        painter = QPainter(self)
        # Only what is painted anew.
        room = QRegion(event.rect())
        fields = self._fields & room
        lists = (self._lists & room) - fields
        for region, part in ((room - fields - lists, 1), (lists, _IN_LISTS), (fields, _IN_FIELDS)):
            self._paint(painter, region, part)
        painter.end()
        if event.rect().height() * 4 > self.height():
            # Another page, or one that was scrolled.
            self._settle.start()

    def _paint(self, painter: QPainter, region: QRegion, part: float) -> None:
        """In step with the whole."""
        if region.isEmpty():
            return
        pixmap, room = self._tile(), region.boundingRect()
        side = TILE / pixmap.devicePixelRatio()
        painter.setClipRegion(region)
        painter.setOpacity(part)
        shift = QPointF(room.x() % side, room.y() % side)
        painter.drawTiledPixmap(room.toRectF(), pixmap, shift)

    @Slot()
    def look(self) -> None:
        """Where fields and lists are now."""
        window = self.parentWidget()
        if window is None or not window.isVisible():
            return
        fields = _covered(window, _FIELDS)
        lists = _covered(window, (QAbstractItemView,))
        if (fields, lists) != (self._fields, self._lists):
            self._fields, self._lists = fields, lists
            self.update()

    def _tile(self) -> QPixmap:
        light = self.palette().window().color().lightness() < 128
        wanted = (self._mark, self._words, light, self.devicePixelRatioF())
        if wanted != self._shown_for and self._mark is not None:
            self._pixmap = QPixmap.fromImage(tile_picture(self._mark, self._words, light))
            self._pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            self._shown_for = wanted
        return self._pixmap


class Watermarks(QObject):
    """Every window and dialog of whoever is signed in carries the mark; `end` before the next person sits down."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mark: Mark | None = None
        self._agent_no = ""
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(self.look)
        QGuiApplication.instance().focusWindowChanged.connect(self.look)

    def begin(self, account_id: int, agent_no: str, training: bool) -> None:
        """From now on every window is this person's."""
        self._mark = Mark(account_id, database_now(), training=training)
        self._agent_no = agent_no
        self._clock.start()
        self.look()

    @Slot()
    def end(self) -> None:
        self._mark = None
        self._clock.stop()
        for window in QApplication.topLevelWidgets():
            cover = _cover_of(window)
            if cover is not None:
                cover.deleteLater()

    @property
    def mark(self) -> Mark | None:
        """Who and which minute, now; None while nobody is signed in."""
        if self._mark is None:
            return None
        now = replace(self._mark, at=database_now())
        return replace(now, at=now.minute)

    @property
    def words(self) -> str:
        """The same for people to read."""
        mark = self.mark
        return trace_code(self._agent_no, mark.at) if mark is not None else ""

    @Slot()
    def look(self) -> None:
        """New windows, a new minute."""
        mark, words = self.mark, self.words
        if mark is None:
            return
        for window in QApplication.topLevelWidgets():
            if _carries(window):
                cover = _cover_of(window) or Watermark(window)
                cover.show_mark(mark, words)
                cover.look()


def _covered(window: QWidget, kinds: tuple[type[QWidget], ...]) -> QRegion:
    """What of the window such widgets take up, as far as they are in sight."""
    found = QRegion()
    for widget in window.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible():
            seen = widget.visibleRegion().boundingRect()
            found += seen.translated(widget.mapTo(window, QPoint(0, 0)))
    return found


def _carries(window: QWidget) -> bool:
    """Windows and dialogs; menus and hints come and go over a window that carries it."""
    kinds = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet)
    return window.isVisible() and window.windowType() in kinds


def _cover_of(window: QWidget) -> Watermark | None:
    found = window.findChild(Watermark, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Watermark) else None


__all__ = ["TILE", "Watermark", "Watermarks", "paint_over", "tile_picture"]
