"""Pages as they will be printed, one below the other, sharp at whatever scale the screen has."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from console.domain.reports import PageImage
from console.theme import body_font, colours

A4_WIDTH, A4_HEIGHT = 595.2756, 841.8898
POINTS, SCREEN = 72, 96
MARGIN, GAP = 16, 16
# Pages kept as pixels before and after those in sight.
NEAR = 1


class Fit(StrEnum):
    """How large a page is shown: as wide as the view, whole, or as large as on paper."""

    WIDTH = "width"
    PAGE = "page"
    ACTUAL = "actual"


@dataclass(frozen=True)
class _Kept:
    image: QImage
    dpi: int


class PaperView(QAbstractScrollArea):
    """`show_pages(n)`, then answer every `image_wanted(page, dpi)` with `show_image`.

    PgUp and PgDn turn the page, arrows scroll. `turned(page)` tells the first page in sight, from 0.
    """

    image_wanted = Signal(int, int)
    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages, self._page, self._fit = 0, 0, Fit.WIDTH
        self._images: dict[int, _Kept] = {}
        self._asked: dict[int, int] = {}
        self._words = ""
        self._sheet = (A4_WIDTH, A4_HEIGHT)
        # A splitter being dragged asks once, when it rests.
        self._settle = QTimer(self, singleShot=True, interval=60)
        self._settle.timeout.connect(self._ask)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("打印预览"))
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().setSingleStep(24)
        self.verticalScrollBar().setSingleStep(48)
        self.setCornerWidget(QWidget())
        self._arrange()

    @property
    def pages(self) -> int:
        return self._pages

    @property
    def page(self) -> int:
        """The page in sight, from 0."""
        return self._page

    @property
    def is_complete(self) -> bool:
        """Whether every page in sight is drawn sharp."""
        dpi = self._dpi()
        return all(at in self._images and self._images[at].dpi == dpi for at in self._in_sight())

    def show_pages(self, pages: int, across: bool = False) -> None:
        """A new document, from its first page; `across` when its sheets lie on their side."""
        self._pages, self._words = pages, ""
        self._sheet = (A4_HEIGHT, A4_WIDTH) if across else (A4_WIDTH, A4_HEIGHT)
        self._images.clear()
        self._asked.clear()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._set_page(0)
        self._ask()

    def say(self, words: str) -> None:
        """No pages: one sentence in the middle."""
        self.show_pages(0)
        self._words = words
        self.setAccessibleDescription(words)
        self.viewport().update()

    def show_image(self, drawn: PageImage) -> None:
        if not 0 <= drawn.page < self._pages:
            return
        line = 4 * drawn.width
        # The bytes belong to the record; the copy belongs to us.
        image = QImage(
            drawn.pixels, drawn.width, drawn.height, line, QImage.Format.Format_RGB32
        ).copy()
        self._images[drawn.page] = _Kept(image, drawn.dpi)
        self._asked.pop(drawn.page, None)
        self.viewport().update()

    @Slot(object)
    def show_as(self, fit: Fit) -> None:
        page = self._page
        self._fit = fit
        self._arrange()
        self.turn_to(page)
        across = self.horizontalScrollBar()
        across.setValue(across.maximum() // 2)
        self._settle.start()

    def turn_to(self, page: int) -> None:
        if 0 <= page < self._pages:
            self.verticalScrollBar().setValue(self._top(page) - MARGIN)

    @Slot()
    def next_page(self) -> None:
        self.turn_to(min(self._page + 1, self._pages - 1))

    @Slot()
    def previous_page(self) -> None:
        inside = self.verticalScrollBar().value() > self._top(self._page)
        self.turn_to(self._page if inside else max(self._page - 1, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        step = {
            Qt.Key.Key_PageDown: self.next_page,
            Qt.Key.Key_Space: self.next_page,
            Qt.Key.Key_PageUp: self.previous_page,
        }.get(Qt.Key(event.key()))
        if step is not None:
            step()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar.setValue(bar.minimum() if event.key() == Qt.Key.Key_Home else bar.maximum())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        page = self._page
        self._arrange()
        self.turn_to(page)
        self._settle.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._settle.start()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self.viewport()), colours()
        painter.fillRect(event.rect(), QColor(now.bg))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._pages:
            self._draw_words(painter, self.viewport().rect().adjusted(24, 24, -24, -24))
        for page in range(self._pages):
            box = self._box(page)
            if box.intersects(event.rect()):
                self._draw_page(painter, page, box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(now.accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def _draw_words(self, painter: QPainter, box: QRect) -> None:
        painter.setFont(body_font())
        painter.setPen(QColor(colours().muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._words)

    def _draw_page(self, painter: QPainter, page: int, box: QRect) -> None:
        kept = self._images.get(page)
        # Paper is white in the dark as well: what is seen is what is printed.
        painter.fillRect(box, Qt.GlobalColor.white)
        if kept is not None:
            ratio = self.devicePixelRatioF()
            if kept.dpi == self._dpi():
                kept.image.setDevicePixelRatio(ratio)
                painter.drawImage(box.topLeft(), kept.image)
            else:
                painter.drawImage(box, kept.image)
        painter.setPen(QColor(colours().strong))
        painter.drawRect(box.adjusted(-1, -1, 0, 0))

    def _dpi(self) -> int:
        ratio = self.devicePixelRatioF()
        if self._fit is Fit.ACTUAL:
            return round(SCREEN * ratio)
        dpi = (self.viewport().width() - 2 * MARGIN) * ratio * POINTS / self._sheet[0]
        if self._fit is Fit.PAGE:
            high = (self.viewport().height() - 2 * MARGIN) * ratio * POINTS / self._sheet[1]
            dpi = min(dpi, high)
        return max(36, int(dpi))

    def _size(self) -> tuple[int, int]:
        """A page in logical pixels, rounded as PDFium rounds it."""
        scale, ratio = self._dpi() / POINTS, self.devicePixelRatioF()
        width, height = self._sheet
        return ceil(ceil(width * scale) / ratio), ceil(ceil(height * scale) / ratio)

    def _top(self, page: int) -> int:
        return MARGIN + page * (self._size()[1] + GAP)

    def _box(self, page: int) -> QRect:
        width, height = self._size()
        left = max(MARGIN, (self.viewport().width() - width) // 2)
        return QRect(
            left - self.horizontalScrollBar().value(),
            self._top(page) - self.verticalScrollBar().value(),
            width,
            height,
        )

    def _arrange(self) -> None:
        """The bar is always there beside pages, or fitting the width would make it come and go."""
        on, off = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(on if self._pages else off)
        self.setHorizontalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded if self._fit is Fit.ACTUAL and self._pages else off
        )
        room, (width, _height) = self.viewport().size(), self._size()
        long = self._top(self._pages) - GAP + MARGIN if self._pages else 0
        self.verticalScrollBar().setRange(0, max(0, long - room.height()))
        self.verticalScrollBar().setPageStep(room.height())
        wide = width + 2 * MARGIN - room.width() if self._fit is Fit.ACTUAL else 0
        self.horizontalScrollBar().setRange(0, max(0, wide))
        self.horizontalScrollBar().setPageStep(room.width())
        self.viewport().update()

    def _in_sight(self) -> list[int]:
        view = self.viewport().rect()
        return [page for page in range(self._pages) if self._box(page).intersects(view)]

    @Slot()
    def _ask(self) -> None:
        """Want the pages in sight and their neighbours at the resolution of now; let go of the rest."""
        sight, dpi = self._in_sight(), self._dpi()
        if not sight:
            return
        near = range(max(0, sight[0] - NEAR), min(self._pages, sight[-1] + NEAR + 1))
        self._images = {page: kept for page, kept in self._images.items() if page in near}
        for page in sorted(near, key=lambda page: page not in sight):
            kept = self._images.get(page)
            if (kept is None or kept.dpi != dpi) and self._asked.get(page) != dpi:
                self._asked[page] = dpi
                self.image_wanted.emit(page, dpi)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        step = self._size()[1] + GAP
        at_end = value >= self.verticalScrollBar().maximum() > 0
        middle = value + self.viewport().height() // 3 - MARGIN
        self._set_page(self._pages - 1 if at_end else max(0, middle) // step)
        self._ask()
        self.viewport().update()

    def _set_page(self, page: int) -> None:
        self._page = max(0, min(page, self._pages - 1))
        if self._pages:
            self.setAccessibleDescription(
                self.tr("第 {0} 页，共 {1} 页").format(self._page + 1, self._pages)
            )
        self.turned.emit(self._page)
