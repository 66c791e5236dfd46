"""The sheet itself: drag and wheel, or arrows, + and −; a click or Enter picks a point; N and P go from pin to pin."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from console.domain.city_map import Box, CityMap, Pin
from console.theme import SMALL, Tone, body_font, colour, colours
from console.views.map.layers import (
    HEAP_SIDE,
    PIN_ROOM,
    Heap,
    PinPictures,
    heap_radius,
    heaped,
    in_order,
    paint_heap,
)
from console.views.map.map_sheet import MapSheet
from console.views.map.view_box import ViewBox, round_length

_STEP, _FAR, _ZOOM = 60, 240, 1.4
_RING = 11
_HIT = 10.0
# After the last turn or pull the sheet is painted sharp.
SETTLE_MS = 90
_BAR = 110.0
# Wheels that roll smoothly send many small turns; one notch is 120.
_NOTCH = 120.0


class MapCanvas(QWidget):
    """`picked(x, y, metres a pixel)`; `pin_chosen(Pin)` by click or N and P; `pin_opened(ticket id)` by O or twice."""

    picked = Signal(float, float, float)
    pin_chosen = Signal(object)
    pin_opened = Signal(int)

    def __init__(self, own: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map = CityMap()
        self._pins: list[Pin] = []
        self._pictures = PinPictures()
        self._sheet = MapSheet(own)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settling.timeout.connect(self.update)
        self._singles: list[Pin] = []
        self._heaps: list[Heap] = []
        self._heaped_at = 0.0
        self._chosen: int | None = None
        self._point: tuple[float, float] | None = None
        self._pin: Pin | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self._fitted = False
        self._waiting_box: Box | None = None
        self.view = ViewBox()
        self.by_keys = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(360, 260)
        self.setAccessibleName(self.tr("地图"))
        self.setCursor(Qt.CursorShape.CrossCursor)

    def sizeHint(self) -> QSize:
        return QSize(820, 620)

    # --- what is shown

    def show_map(self, city: CityMap) -> None:
        """The areas; the first time the whole city is fitted in."""
        self._map = city
        self._sheet.show_map(city)
        self.view = ViewBox(self.width(), self.height(), *self._middle(), self.view.scale, city.box)
        self._refit()

    def show_pins(self, pins: Sequence[Pin]) -> None:
        self._pins = in_order(pins)
        self._heaped_at = 0.0
        ids = {pin.ticket_id: pin for pin in self._pins}
        self._pin = ids.get(self._pin.ticket_id) if self._pin else None
        self._tell()
        self.update()

    def show_point(self, x: float, y: float) -> None:
        """A mark where somebody pointed."""
        self._point = (x, y)
        self.update()

    def choose_area(self, unit_id: int | None) -> None:
        """Light up one area."""
        self._chosen = unit_id
        self.update()

    def go(self, box: Box) -> None:
        """Bring a part of the city into sight."""
        if self._fitted:
            self.view = self.view.fitted(box)
            self.update()
        else:
            self._waiting_box = box

    def choose_pin(self, pin: Pin) -> None:
        self._pin = pin
        if not self._heaped_at or pin not in self._singles:
            # Out of the heap: near enough to stand alone, unless several are at one door.
            half = HEAP_SIDE * 4
            self.view = self.view.fitted((pin.x - half, pin.y - half, pin.x + half, pin.y + half))
        left, low, right, high = self.view.seen
        if not (left <= pin.x <= right and low <= pin.y <= high):
            at = self.view.to_pixels(pin.x, pin.y)
            self.view = self.view.moved(self.width() / 2 - at.x(), self.height() / 2 - at.y())
        self._tell()
        self.pin_chosen.emit(pin)
        self.update()

    @property
    def pin(self) -> Pin | None:
        return self._pin

    @property
    def pins(self) -> list[Pin]:
        return self._pins

    def _middle(self) -> tuple[float, float]:
        if self._fitted:
            return self.view.x, self.view.y
        left, low, right, high = self._map.box
        return (left + right) / 2, (low + high) / 2

    def _refit(self) -> None:
        if not self._fitted and self._map.shapes and self.isVisible():
            self._fitted = True
            self.view = self.view.sized(self.width(), self.height()).fitted(self._map.box)
            if self._waiting_box is not None:
                self.view = self.view.fitted(self._waiting_box)
        self.update()

    # --- painting

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        self._sheet.prepare(
            self.size(),
            self.devicePixelRatioF(),
            self.view,
            self._chosen,
            self._settling.isActive(),
        )
        painter.fillRect(self.rect(), QColor(colours().bg))
        self._sheet.draw_ground(painter, self.view)
        self._draw_pins(painter)
        self._sheet.draw_names(painter, self.view)
        self._draw_marks(painter)
        self._draw_scale(painter)
        painter.setPen(QPen(QColor(colours().accent if self.hasFocus() else colours().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _draw_pins(self, painter: QPainter) -> None:
        if self._heaped_at != self.view.scale:
            self._singles, self._heaps = heaped(self._pins, self.view.scale)
            self._heaped_at = self.view.scale
        view, half, ratio = self.view, PIN_ROOM / 2, self.devicePixelRatioF()
        left, low, right, high = view.seen
        middle_x, middle_y = view.width / 2 - half, view.height / 2 - half
        for pin in self._singles:
            if left <= pin.x <= right and low <= pin.y <= high:
                x = middle_x + (pin.x - view.x) * view.scale
                y = middle_y - (pin.y - view.y) * view.scale
                painter.drawPixmap(QPointF(x, y), self._pictures.picture(pin, ratio))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for heap in self._heaps:
            if left <= heap.x <= right and low <= heap.y <= high:
                paint_heap(painter, heap, view.to_pixels(heap.x, heap.y))

    def _draw_marks(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._pin is not None:
            painter.setPen(QPen(colour(Tone.ACCENT), 2))
            painter.drawEllipse(self.view.to_pixels(self._pin.x, self._pin.y), _RING, _RING)
        if self._point is not None:
            _target(painter, self.view.to_pixels(*self._point))
        if self.by_keys and self.hasFocus():
            middle = QPointF(self.width() / 2, self.height() / 2)
            _cross(painter, middle, self._around(middle))

    def _around(self, middle: QPointF) -> int:
        """What is left free at the cross: the light of the work order one stands at is read, not crossed out."""
        if self._pin is None:
            return 0
        off = self.view.to_pixels(self._pin.x, self._pin.y) - middle
        return _RING + 2 if max(abs(off.x()), abs(off.y())) < _RING else 0

    def _draw_scale(self, painter: QPainter) -> None:
        metres = round_length(_BAR / self.view.scale)
        length, now = metres * self.view.scale, colours()
        words = (
            self.tr("{0} 公里").format(f"{metres / 1000:g}")
            if metres >= 1000
            else self.tr("{0} 米").format(f"{metres:g}")
        )
        box = QRectF(10, self.height() - 36, length + 16, 28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.surface))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QPen(QColor(now.text), 1.5))
        y, x = box.bottom() - 7, box.left() + 8
        painter.drawPolyline(
            [QPointF(x, y - 4), QPointF(x, y), QPointF(x + length, y), QPointF(x + length, y - 4)]
        )
        painter.setFont(body_font(SMALL))
        painter.drawText(box.adjusted(0, 1, 0, -9), Qt.AlignmentFlag.AlignCenter, words)

    # --- mouse

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / _NOTCH
        self._set_view(self.view.zoomed(_ZOOM**turns, event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position(), False
        self.by_keys = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(event)
            return
        far = (event.position() - self._pressed).manhattanLength()
        if self._dragged or far >= QApplication.startDragDistance():
            self._dragged = True
            moved = event.position() - self._pressed
            self._pressed = event.position()
            self._set_view(self.view.moved(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        clicked = self._pressed is not None and not self._dragged
        self._pressed = None
        if clicked and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())

    def _click(self, at: QPointF) -> None:
        heap, pin = self.heap_at(at), self.pin_at(at)
        if heap is not None:
            # So near that the heap comes apart, or at least a good deal nearer.
            self._set_view(self.view.zoomed(3.0, at))
        elif pin is not None:
            self.choose_pin(pin)
        else:
            self._pick(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pin = self.pin_at(event.position())
        if pin is not None:
            self.pin_opened.emit(pin.ticket_id)

    def _hover(self, event: QMouseEvent) -> None:
        pin, heap = self.pin_at(event.position()), self.heap_at(event.position())
        words = f"{pin.light.words}　{pin.title}\n{pin.place}".strip() if pin else ""
        if heap is not None:
            words = self.tr("{0} 件，点一下放大").format(heap.count)
        QToolTip.showText(event.globalPosition().toPoint() + QPoint(0, 8), words, self)

    def pin_at(self, at: QPointF) -> Pin | None:
        """The pin under the pointer: the nearest, the topmost of equals."""
        x, y = self.view.to_metres(at)
        reach = _HIT / self.view.scale
        near = [p for p in self._singles if abs(p.x - x) <= reach and abs(p.y - y) <= reach]
        return min(reversed(near), key=lambda p: (p.x - x) ** 2 + (p.y - y) ** 2, default=None)

    def heap_at(self, at: QPointF) -> Heap | None:
        """The heap of pins under the pointer."""
        for heap in self._heaps:
            far = self.view.to_pixels(heap.x, heap.y) - at
            if far.x() ** 2 + far.y() ** 2 <= heap_radius(heap.count) ** 2:
                return heap
        return None

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        moves = {
            Qt.Key.Key_Left: (step, 0), Qt.Key.Key_Right: (-step, 0),
            Qt.Key.Key_Up: (0, step), Qt.Key.Key_Down: (0, -step),
        }  # fmt: skip
        zooms = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
        does = {
            Qt.Key.Key_Home: self.show_whole, Qt.Key.Key_0: self.show_whole,
            Qt.Key.Key_Return: self._pick_middle, Qt.Key.Key_Enter: self._pick_middle,
            Qt.Key.Key_Space: self._pick_middle, Qt.Key.Key_N: self.next_pin,
            Qt.Key.Key_P: self.previous_pin, Qt.Key.Key_O: self._open_pin,
        }  # fmt: skip
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if not plain or key not in (*moves, *zooms, *does):
            super().keyPressEvent(event)
            return
        self.by_keys = True
        if key in moves:
            self._set_view(self.view.moved(*moves[key]))
        elif key in zooms:
            self._set_view(self.view.zoomed(zooms[key]))
        else:
            does[key]()

    def show_whole(self) -> None:
        self._set_view(self.view.fitted(self._map.box))

    def next_pin(self) -> None:
        self._step(1)

    def previous_pin(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        """Through the pins from the most urgent down."""
        listed = self._pins[::-1]
        if listed:
            at = listed.index(self._pin) if self._pin in listed else (-1 if by > 0 else 0)
            self.choose_pin(listed[(at + by) % len(listed)])

    def _open_pin(self) -> None:
        if self._pin is not None:
            self.pin_opened.emit(self._pin.ticket_id)

    def _pick_middle(self) -> None:
        self._pick(QPointF(self.width() / 2, self.height() / 2))

    def _pick(self, at: QPointF) -> None:
        x, y = self.view.to_metres(at)
        self.show_point(x, y)
        self.picked.emit(x, y, 1 / self.view.scale)

    # --- window

    def _set_view(self, view: ViewBox) -> None:
        if view != self.view:
            self.view = view
            self._settling.start()
            self.update()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.view = self.view.sized(self.width(), self.height())
        self._refit()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._refit()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.by_keys = self.by_keys or event.reason() in (
            Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
        )  # fmt: skip
        self.update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.update()

    def _tell(self) -> None:
        count = self.tr("{0} 件工单").format(len(self._pins))
        here = f"{self._pin.light.words} {self._pin.title} {self._pin.place}" if self._pin else ""
        self.setAccessibleDescription("，".join(filter(None, (count, here))))


def _target(painter: QPainter, at: QPointF) -> None:
    for width, ink in ((5, QColor(colours().surface)), (2, colour(Tone.ACCENT))):
        painter.setPen(QPen(ink, width))
        painter.drawEllipse(at, 8, 8)
        for across, down in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawLine(
                at + QPointF(5 * across, 5 * down), at + QPointF(14 * across, 14 * down)
            )


def _cross(painter: QPainter, at: QPointF, gap: int = 0) -> None:
    reach = gap + 9
    for width, ink in ((4, QColor(colours().surface)), (1.5, QColor(colours().text))):
        painter.setPen(QPen(ink, width))
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(across, down)
            painter.drawLine(at + way * gap, at + way * reach)
