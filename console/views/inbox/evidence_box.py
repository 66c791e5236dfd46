"""Photos before and after and papers: dropped, picked or pasted in, seen at once, taken away again."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QImage, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from console.domain.records import AttachmentLine
from console.theme import Tone, colours, icon, mark
from console.views.cases.attachments import glyph_of
from console.views.cases.file_viewer import PRIVATE
from console.views.inbox.sending_bar import SendingBar
from console.views.parts.card import label
from console.views.parts.key_cap import KeyButton

THUMB = QSize(84, 60)
# The zone of papers also shows what was added elsewhere as proof of contact or identity.
SHOWN_IN = {"contact": "handling", "identity": "handling", "other": "handling"}


# A picture is kept this large, for the zones that show it larger than a thumbnail.
LOADED = QSize(336, 240)


def is_picture(line: AttachmentLine) -> bool:
    """Whether it may be seen without a reason; who the citizen is never shows as a thumbnail."""
    return line.media_type.startswith("image/") and line.kind not in PRIVATE


class EvidenceBox(QWidget):
    """Zones side by side; without `addable` to be looked at only.

    `added(kind, paths)`, `removed(attachment id)`, `opened(AttachmentLine)`, `wanted(AttachmentLine)` for a picture.
    """

    added = Signal(str, object)
    removed = Signal(int)
    opened = Signal(object)
    wanted = Signal(object)

    def __init__(
        self,
        zones: Mapping[str, str] | None = None,
        thumb: QSize = THUMB,
        addable: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`zones`: captions by kind of attachment; without, the three of a unit's case."""
        super().__init__(parent)
        self._images: dict[str, QImage] = {}
        self._narrow = zones is not None
        names = zones or {
            "before": self.tr("处置前照片"),
            "after": self.tr("处置后照片"),
            "handling": self.tr("其他材料"),
        }
        self.zones = {kind: _Zone(kind, name, thumb, addable) for kind, name in names.items()}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        for zone in self.zones.values():
            line.addWidget(zone, 1)
            zone.added.connect(self.added)
            zone.removed.connect(self.removed)
            zone.opened.connect(self.opened)

    def show_files(self, lines: Sequence[AttachmentLine], needs_photo: bool) -> None:
        for kind, zone in self.zones.items():
            mine = [line for line in lines if SHOWN_IN.get(line.kind, line.kind) == kind]
            zone.show_files(mine, self._images)
        after = next(zone for kind, zone in self.zones.items() if kind.endswith("after"))
        missing = needs_photo and not after.count
        words = self.tr("须附") if self._narrow else self.tr("现场类诉求须附")
        after.say(words if missing else "", "warn" if missing else "")
        for line in lines:
            if is_picture(line) and line.sha256 not in self._images:
                self._images[line.sha256] = QImage()
                self.wanted.emit(line)

    @property
    def lines(self) -> tuple[AttachmentLine, ...]:
        """Every file shown, zone by zone."""
        return tuple(line for zone in self.zones.values() for line in zone.lines)

    def show_image(self, found: tuple[str, QImage]) -> None:
        sha256, image = found
        self._images[sha256] = image
        for zone in self.zones.values():
            zone.show_image(sha256, image)

    def sending(self, kind: str) -> SendingBar:
        """Where the files put into this zone say how far they are."""
        return self.zones[SHOWN_IN.get(kind, kind)].sending

    def show_error(self, kind: str, words: str) -> None:
        self.zones[SHOWN_IN.get(kind, kind)].show_error(words)

    def pick(self, kind: str = "after") -> None:
        """The file dialog for one zone."""
        (self.zones.get(kind) or next(iter(self.zones.values()))).pick()

    def pick_missing(self) -> None:
        """The file dialog for the picture that is still owed: afterwards before beforehand."""
        shown = [zone for zone in reversed(self.zones.values()) if not zone.isHidden()]
        pictures = [zone for zone in shown if zone.kind.endswith(("after", "before"))]
        next((zone for zone in pictures if not zone.count), pictures[0]).pick()


class _Zone(QFrame):
    added = Signal(str, object)
    removed = Signal(int)
    opened = Signal(object)

    def __init__(self, kind: str, name: str, thumb: QSize = THUMB, addable: bool = True) -> None:
        super().__init__()
        self.kind, self.count = kind, 0
        self._thumb, self._addable = thumb, addable
        self._over = False
        self._thumbs: list[_Thumb] = []
        self.setAcceptDrops(addable)
        self.setAccessibleName(name)
        self.caption, self.hint = label(name, "caption"), label("", "muted")
        self.button = KeyButton(self.tr("添加…"), kind="quiet")
        self.button.setAccessibleName(self.tr("添加{0}").format(name))
        self.button.clicked.connect(self.pick)
        if not addable:
            # Zones beside each other are equally high, with the button or without.
            policy = self.button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            self.button.setSizePolicy(policy)
            self.button.hide()
        self.empty = label(self._nothing, "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.sending = SendingBar()
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.caption)
        head.addWidget(self.hint, 1)
        head.addWidget(self.button)
        inner = QWidget()
        inner.setProperty("kind", "clear")
        self.strip = QHBoxLayout(inner)
        self.strip.setContentsMargins(0, 0, 0, 0)
        self.strip.setSpacing(6)
        self.strip.addWidget(self.empty, 1)
        self.area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.area.setWidget(inner)
        self.area.setFixedHeight(self._thumb.height() + 12)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setProperty("kind", "clear")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 6, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.area)
        column.addWidget(self.sending)
        column.addWidget(self.error)
        # Beside a zone that grows, the others keep their heads at the top.
        column.addStretch(1)

    def show_files(self, lines: Sequence[AttachmentLine], images: dict[str, QImage]) -> None:
        if self._thumbs and [thumb.line for thumb in self._thumbs] == list(lines):
            # Read again and the same: a focused thumbnail keeps the focus.
            return
        for thumb in self._thumbs:
            self.strip.removeWidget(thumb)
            thumb.deleteLater()
        self._thumbs = [_Thumb(line, self._thumb, self._addable) for line in lines]
        self.count = len(lines)
        for at, thumb in enumerate(self._thumbs):
            self.strip.insertWidget(at, thumb)
            thumb.show_image(images.get(thumb.line.sha256))
            thumb.removed.connect(self.removed)
            thumb.opened.connect(self.opened)
        self.empty.setVisible(not lines)
        self.strip.setAlignment(
            Qt.AlignmentFlag.AlignLeft if lines else Qt.AlignmentFlag.AlignHCenter
        )

    @property
    def lines(self) -> tuple[AttachmentLine, ...]:
        return tuple(thumb.line for thumb in self._thumbs)

    def show_image(self, sha256: str, image: QImage) -> None:
        for thumb in self._thumbs:
            if thumb.line.sha256 == sha256:
                thumb.show_image(image)

    def say(self, words: str, tone: str) -> None:
        self.hint.setText(words)
        mark(self.hint, tone=tone)

    @property
    def _nothing(self) -> str:
        return self.tr("把文件拖到这里") if self._addable else self.tr("没有照片")

    def show_error(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))
        self.update()

    @Slot()
    def pick(self) -> None:
        kinds = (
            self.tr(
                "所有可添加的文件 (*.jpg *.jpeg *.png *.gif *.webp *.mp4 *.amr *.mp3 *.wav *.pdf *.docx *.xlsx)"
            )
            if self.kind == "handling"
            else self.tr("照片和视频 (*.jpg *.jpeg *.png *.gif *.webp *.mp4)")
        )
        names, _filter = QFileDialog.getOpenFileNames(self, self.button.accessibleName(), "", kinds)
        if names:
            self.add([Path(name) for name in names])

    def add(self, paths: list[Path]) -> None:
        self.show_error("")
        self.added.emit(self.kind, tuple(paths))

    def dragEnterEvent(self, event) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._over = True
            self.update()

    def dragLeaveEvent(self, _event) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event) -> None:
        self._over = False
        self.update()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add(paths)

    def paintEvent(self, _event) -> None:
        painter, now = QPainter(self), colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = now.accent if self._over else now.bad if self.error.isVisible() else now.strong
        style = Qt.PenStyle.DashLine if not self.count or self._over else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(edge), 1, style))
        painter.setBrush(QColor(now.soft if self._over else now.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


class _Thumb(QToolButton):
    """Enter opens, Delete takes away."""

    removed = Signal(int)
    opened = Signal(object)

    def __init__(self, line: AttachmentLine, size: QSize = THUMB, removable: bool = True) -> None:
        super().__init__()
        self.line, self._size, self._removable = line, size, removable
        self.setFixedSize(size + QSize(8, 8))
        self.setIconSize(size)
        keys = self.tr("Enter 打开，Delete 删除") if removable else self.tr("Enter 打开")
        self.setToolTip("\n".join((line.name, f"{line.kind_name}　{line.added_by}", keys)))
        self.setAccessibleName(f"{line.kind_name} {line.name}")
        self.clicked.connect(self._open)

    def show_image(self, image: QImage | None) -> None:
        if image is None or image.isNull():
            self.setIcon(icon(glyph_of(self.line), Tone.MUTED))
            self.setIconSize(QSize(24, 24))
            return
        self.setIconSize(self._size)
        self.setIcon(QIcon(_cropped(image, self._size, self.devicePixelRatioF())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self._removable:
            self.removed.emit(self.line.id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _open(self) -> None:
        self.opened.emit(self.line)


def _cropped(image: QImage, shape: QSize, ratio: float) -> QPixmap:
    """The middle of the picture in the thumbnail's shape."""
    size = shape * ratio
    filled = image.scaled(
        size,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (filled.width() - size.width()) // 2, (filled.height() - size.height()) // 2
    pixmap = QPixmap.fromImage(filled.copy(QRect(left, top, size.width(), size.height())))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
