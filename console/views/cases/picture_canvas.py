"""One picture to look into: larger, smaller, turned, moved about."""

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.theme import colours

STEP, LEAST, MOST = 1.25, 0.05, 8.0


class PictureCanvas(QWidget):
    """Fits the picture into the window until somebody asks for more; the wheel zooms where the mouse is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._turns = QPixmap(), 0
        # No scale: as large as the window allows.
        self._scale: float | None = None
        self._middle = QPointF()
        self._held: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)

    def sizeHint(self) -> QSize:
        return QSize(640, 420)

    def show_image(self, image: QImage) -> None:
        self._picture, self._turns = QPixmap.fromImage(image), 0
        self.fit()

    @property
    def has_picture(self) -> bool:
        return not self._picture.isNull()

    @property
    def percent(self) -> int:
        """How large it is shown now, against its own points."""
        return round(self.scale * 100)

    @property
    def turned(self) -> int:
        """Degrees clockwise."""
        return self._turns * 90

    @property
    def scale(self) -> float:
        return self._scale if self._scale is not None else self._fitting()

    def _fitting(self) -> float:
        size = self._picture.size()
        if size.isEmpty():
            return 1.0
        if self._turns % 2:
            size.transpose()
        return min(1.0, self.width() / size.width(), self.height() / size.height())

    @Slot()
    def fit(self) -> None:
        self._scale, self._middle = None, QPointF()
        self.update()

    @Slot()
    def natural(self) -> None:
        """One point of the picture on one of the screen."""
        self._zoom_to(1.0)

    @Slot()
    def larger(self) -> None:
        self._zoom_to(self.scale * STEP)

    @Slot()
    def smaller(self) -> None:
        self._zoom_to(self.scale / STEP)

    @Slot()
    def turn_right(self) -> None:
        self._turn(1)

    @Slot()
    def turn_left(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._turns = (self._turns + by) % 4
        self.fit()

    def _zoom_to(self, scale: float, around: QPointF | None = None) -> None:
        scale = min(MOST, max(LEAST, scale))
        at = (around or QPointF(self.rect().center())) - QPointF(self.rect().center())
        self._middle = at - (at - self._middle) * (scale / self.scale)
        self._scale = scale
        self._hold_in()

    def move_by(self, by: QPointF) -> None:
        self._middle += by
        self._hold_in()

    def _hold_in(self) -> None:
        """Never out of sight: its edge stops at the window's."""
        size = self._picture.size() * self.scale
        if self._turns % 2:
            size.transpose()
        across = max(0.0, (size.width() - self.width()) / 2)
        down = max(0.0, (size.height() - self.height()) / 2)
        self._middle = QPointF(
            min(across, max(-across, self._middle.x())), min(down, max(-down, self._middle.y()))
        )
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.has_picture and event.angleDelta().y():
            by = STEP if event.angleDelta().y() > 0 else 1 / STEP
            self._zoom_to(self.scale * by, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self.move_by(event.position() - self._held)
            self._held = event.position()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None
        self.unsetCursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hold_in()

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().raised))
        if not self.has_picture:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < 2)
        middle = QPointF(self.rect().center()) + self._middle
        placed = QTransform().translate(middle.x(), middle.y()).rotate(self.turned)
        painter.setTransform(placed.scale(self.scale, self.scale))
        size = self._picture.size()
        painter.drawPixmap(QPointF(-size.width() / 2, -size.height() / 2), self._picture)
