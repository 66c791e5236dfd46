"""Attachments as thumbnails. Pictures are read and decoded on a lane; the window only draws them."""

from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from console.domain.records import AttachmentLine
from console.jobs import Jobs
from console.theme import SMALL, Tone, body_font, colours, icon
from console.views.cases.file_viewer import PRIVATE, FileViewer
from console.views.cases.pictures import picture_of
from console.views.cases.services import CaseDesk, CopyDesk
from console.views.parts.flow import Flow
from console.views.parts.wrapped import draw_wrapped

THUMB = QSize(132, 88)
LARGEST_THUMB = 12 * 1024 * 1024


class AttachmentStrip(QWidget):
    """`show_lines(lines)`; a click opens the file in the viewer. `failed(error)` for what could not be read."""

    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._lines: tuple[AttachmentLine, ...] = ()
        self._thumbs: dict[int, Thumb] = {}
        self.viewer: FileViewer | None = None
        # Who may write copies; nobody where the case is only looked at.
        self.saver: CopyDesk | None = None
        self.flow = Flow(gap=8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.flow)

    def show_lines(self, lines: tuple[AttachmentLine, ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        self._thumbs = {line.id: Thumb(line) for line in lines}
        self.flow.show_widgets(tuple(self._thumbs.values()))
        for thumb in self._thumbs.values():
            thumb.clicked.connect(self._clicked)
            if thumb.wants_picture:
                work = partial(picture_of, self._desk, thumb.line, THUMB * 2)
                self._jobs.read(
                    self,
                    work,
                    partial(self._read, thumb.line.id),
                    partial(self._lost, thumb.line.id),
                )

    def _read(self, attachment_id: int, image: QImage) -> None:
        thumb = self._thumbs.get(attachment_id)
        if thumb is not None:
            thumb.show_picture(image)

    def _lost(self, attachment_id: int, _error: Exception) -> None:
        """A thumbnail that cannot be read says so itself; opening it tells why."""
        thumb = self._thumbs.get(attachment_id)
        if thumb is not None:
            thumb.show_lost()

    @Slot()
    def _clicked(self) -> None:
        """Whatever it is: the viewer shows it, hands it over or says why not."""
        thumb = self.sender()
        if isinstance(thumb, Thumb):
            at = self._lines.index(thumb.line)
            self.viewer = FileViewer(
                self._jobs, self._desk, self._lines, at, self.saver, self.window()
            )
            self.viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.viewer.open()


def glyph_of(line: AttachmentLine) -> str:
    """What stands for a file without a picture."""
    if line.kind in PRIVATE:
        return "fa6s.user-shield"
    kinds = {"image": "fa6s.image", "video": "fa6s.film", "audio": "fa6s.volume-high"}
    return kinds.get(line.media_type.partition("/")[0], "fa6s.file-lines")


class Thumb(QAbstractButton):
    """One file: its picture or its kind, its name below."""

    def __init__(self, line: AttachmentLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line, self._picture, self._lost = line, QPixmap(), False
        self.setAccessibleName(f"{line.kind_name} {line.name}")
        self.setToolTip(f"{line.kind_name}　{line.name}\n{line.added_by}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def wants_picture(self) -> bool:
        line = self.line
        return (
            line.media_type.startswith("image/")
            and line.kind not in PRIVATE
            and line.size <= LARGEST_THUMB
        )

    def show_picture(self, image: QImage) -> None:
        self._picture, self._lost = QPixmap.fromImage(image), image.isNull()
        self.update()

    def show_lost(self) -> None:
        self._lost = True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(THUMB.width(), THUMB.height() + 22)

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRect(0, 0, THUMB.width(), THUMB.height())
        outline = QPainterPath()
        outline.addRoundedRect(frame.toRectF().adjusted(1, 1, -1, -1), 6, 6)
        painter.fillPath(outline, QColor(now.raised))
        painter.save()
        painter.setClipPath(outline)
        self._draw_content(painter, frame)
        painter.restore()
        painter.setPen(QColor(now.accent if self.hasFocus() or self.underMouse() else now.line))
        painter.drawPath(outline)
        self._draw_name(painter)

    def _draw_content(self, painter: QPainter, frame: QRect) -> None:
        if not self._picture.isNull():
            scaled = self._picture.size().scaled(
                frame.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding
            )
            at = QRect(
                frame.center().x() - scaled.width() // 2,
                frame.center().y() - scaled.height() // 2,
                0,
                0,
            )
            painter.drawPixmap(QRect(at.topLeft(), scaled), self._picture)
            return
        icon(glyph_of(self.line), Tone.MUTED).paint(painter, frame.adjusted(52, 18, -52, -42))
        painter.setPen(QColor(colours().muted))
        words = self.tr("读不出") if self._lost else self.line.kind_name
        draw_wrapped(painter, frame.adjusted(8, 56, -8, 0), words, body_font(SMALL))

    def _draw_name(self, painter: QPainter) -> None:
        font = body_font(SMALL)
        painter.setFont(font)
        painter.setPen(QColor(colours().muted))
        line = QRect(0, THUMB.height() + 2, THUMB.width(), 18)
        words = f"{self.line.kind_name}　{self.line.name}"
        short = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)
