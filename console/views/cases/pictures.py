"""Pictures out of private files, decoded off the GUI thread and never larger than memory bears."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from console.domain.errors import NotAllowed
from console.domain.file_names import MOST_PIXELS
from console.domain.records import AttachmentLine
from console.views.cases.services import CaseDesk

# Qt decodes what it is told, not what it finds: a drawing with scripts called .jpg is no picture here.
FORMATS = {
    "image/jpeg": b"jpeg", "image/png": b"png", "image/gif": b"gif", "image/webp": b"webp",
}  # fmt: skip
# Larger ones are read smaller: nobody sees more points than that, and four bytes each add up.
SHOWN_PIXELS = 40_000_000
Progress = Callable[..., None]
Stop = Callable[[], bool]


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


def picture_of(
    desk: CaseDesk, line: AttachmentLine, most: QSize | None = None, reason: str = "",
    progress: Progress = _quiet, cancelled: Stop = _never,
) -> QImage:  # fmt: skip
    """Fetch and decode on a lane, at most `most` large; a null image when it cannot be shown. Leaves no file behind."""
    path = desk.fetch(line.id, reason, False, progress, cancelled)
    try:
        return decoded(path, line.media_type, most)
    finally:
        forget(path)


def thumbnail_of(desk: CaseDesk, line: AttachmentLine, most: QSize) -> tuple[str, QImage]:
    """The picture under the hash of its file, for lists that show it in several places."""
    return line.sha256, picture_of(desk, line, most)


def decoded(path: Path, media_type: str, most: QSize | None = None) -> QImage:
    """Raises NotAllowed for a picture that would unfold to gigabytes."""
    reader = QImageReader(str(path), FORMATS.get(media_type, b"jpeg"))
    reader.setAutoDetectImageFormat(False)
    # Phones store pictures lying on their side and say so.
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        pixels = size.width() * size.height()
        if pixels > MOST_PIXELS:
            raise NotAllowed("这张图片展开后过大，已停止打开", "请让添加的单位缩小后重新添加")
        reader.setScaledSize(_smaller(size, pixels, most))
    return reader.read()


def _smaller(size: QSize, pixels: int, most: QSize | None) -> QSize:
    if most is not None and (size.width() > most.width() or size.height() > most.height()):
        return size.scaled(most, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    if pixels > SHOWN_PIXELS:
        return size * (SHOWN_PIXELS / pixels) ** 0.5
    return size


def forget(path: Path) -> None:
    """Off the disk as soon as it has been read; what Windows still holds goes with the program's folder."""
    with suppress(OSError):
        path.chmod(0o600)
        path.unlink()
        path.parent.rmdir()
