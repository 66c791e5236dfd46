"""Attachments as thumbnails. Pictures are read and decoded on a lane; the window only draws them."""

from functools import partial

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from console.domain.records import AttachmentLine
from console.jobs import Jobs
from console.theme import SMALL, Tone, body_font, colours, icon
from console.views.cases.services import CaseDesk
from console.views.parts.dialog import Dialog
from console.views.parts.flow import Flow
from console.views.parts.wrapped import draw_wrapped

THUMB = QSize(132, 88)
# Pictures that show who the citizen is are opened on purpose, with a reason; never as a thumbnail.
PRIVATE = frozenset({"identity", "recording"})
LARGEST_THUMB = 12 * 1024 * 1024


def read_picture(desk: CaseDesk, attachment_id: int, most: QSize, reason: str = "") -> QImage:
    """Decode on the lane; a null image when the file is no picture Qt knows."""
    image = QImage.fromData(desk.attachment(attachment_id, reason))
    if image.isNull() or (image.width() <= most.width() and image.height() <= most.height()):
        return image
    return image.scaled(
        most, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


class AttachmentStrip(QWidget):
    """`show_lines(ticket id, lines)`; a click opens the picture. `failed(error)` for what could not be read."""

    failed = Signal(object)

    def __init__(self, jobs: Jobs, desk: CaseDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self._lines: tuple[AttachmentLine, ...] = ()
        self._thumbs: dict[int, Thumb] = {}
        self._viewer: PictureDialog | None = None
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
                work = partial(read_picture, self._desk, thumb.line.id, THUMB * 2)
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
        thumb = self.sender()
        if isinstance(thumb, Thumb) and thumb.wants_picture:
            screen = self.screen().availableSize() * 0.8
            work = partial(read_picture, self._desk, thumb.line.id, screen)
            self._jobs.read(
                self, work, partial(self._show, thumb.line), self.failed.emit, key="picture"
            )
        elif isinstance(thumb, Thumb):
            self.failed.emit(thumb.refusal())

    def _show(self, line: AttachmentLine, image: QImage) -> None:
        self._viewer = PictureDialog(line, image, self.window())
        self._viewer.open()


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

    def refusal(self) -> Exception:
        from console.domain.errors import NotAllowed

        if self.line.kind in PRIVATE:
            return NotAllowed(
                self.tr("证件和录音不在这里打开"), self.tr("需要时由承办单位在办理页查看")
            )
        return NotAllowed(self.tr("这个文件不能在这里预览"), self.tr("可在办理页另存后打开"))

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
        glyph = "fa6s.user-shield" if self.line.kind in PRIVATE else "fa6s.file"
        icon(glyph, Tone.MUTED).paint(painter, frame.adjusted(52, 18, -52, -42))
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


class PictureDialog(Dialog):
    """One picture as large as the screen allows."""

    def __init__(self, line: AttachmentLine, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(line.name, "", line.kind_name + "　" + line.added_by, parent=parent)
        self.accept_button.hide()
        self.cancel_button.set_words(self.tr("关闭"))
        picture = PictureLabel(QPixmap.fromImage(image))
        picture.setAccessibleName(line.name)
        self.body.addWidget(picture)


class PictureLabel(QWidget):
    def __init__(self, picture: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture

    def sizeHint(self) -> QSize:
        return self._picture.size() if not self._picture.isNull() else QSize(320, 80)

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        if self._picture.isNull():
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("这张图片打不开"))
            return
        scaled = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - scaled.width()) // 2, (self.height() - scaled.height()) // 2
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRect(left, top, scaled.width(), scaled.height()), self._picture)
