"""Pictures that still lie on this computer, shown like stored ones until the report is sent."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QImageReader

from console.domain.file_names import MOST_PIXELS
from console.domain.inbox import ATTACHMENT_CHOICES
from console.domain.records import AttachmentLine
from console.views.inbox.evidence_box import LOADED
from console.views.parts.clock import database_now

FILMS = frozenset({".mp4"})


def local_lines(photos: Mapping[str, Sequence[Path]]) -> tuple[AttachmentLine, ...]:
    """One line a file, numbered through in the order of the kinds."""
    every = [(kind, path) for kind, paths in photos.items() for path in paths]
    return tuple(_line(number, kind, path) for number, (kind, path) in enumerate(every))


def _line(number: int, kind: str, path: Path) -> AttachmentLine:
    media = "video/mp4" if path.suffix.lower() in FILMS else "image/jpeg"
    return AttachmentLine(
        id=number,
        name=path.name,
        kind=kind,
        kind_name=ATTACHMENT_CHOICES[kind],
        size=0,
        sha256=str(path),
        media_type=media,
        added_at=database_now(),
        added_by="",
        path=str(path),
    )


def load_local(line: AttachmentLine) -> tuple[str, QImage]:
    """A small picture, decoded off the GUI thread; null when it is none."""
    reader = QImageReader(line.path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        if size.width() * size.height() > MOST_PIXELS:
            # Refused when it is sent; not unfolded here either.
            return line.sha256, QImage()
        reader.setScaledSize(size.scaled(LOADED, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return line.sha256, reader.read()
