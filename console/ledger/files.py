"""A file on its way in: copied off its stick or share into a private temporary file, checked and hashed there.

Only then is the database spoken to (console.ledger.uploads), so nobody waits for a slow device.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy.orm import Session

from console.domain.errors import Cancelled, Invalid, NotFound, Unavailable
from console.domain.file_names import safe_name
from console.ledger.file_types import media_type
from console.ledger.looks import look_of
from console.ledger.traces import without_traces
from db.contents import LARGEST, MEGABYTE, PIECE, every_piece, key_of

# What stays in memory while it is checked; larger files go to an unnamed temporary file.
IN_MEMORY = 8 * MEGABYTE

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


def quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def never() -> bool:
    return False


@dataclass(frozen=True)
class Taken:
    """A file checked and ready to be stored. Lives as long as the `with taken(…)` around it."""

    name: str
    size: int
    sha256: str
    media_type: str
    content: IO[bytes] = field(repr=False)
    # What a photograph looks like, so that it is known again when it was saved anew (console.ledger.looks).
    look: str = ""


@contextmanager
def taken(path: Path, progress: Progress = quiet, cancelled: Stop = never) -> Iterator[Taken]:
    """Copy and check a file before any transaction.

    Raises Invalid (field `attachment`) when it is empty, larger than 50 MB or no picture, sound,
    film or document; Unavailable when it cannot be read; Cancelled.
    """
    size = _size(path)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        done = 0
        for piece in _pieces(path):
            _go_on(cancelled)
            done += len(piece)
            _fits(path, done)
            copy.write(piece)
            progress(done, size)
        kind = media_type(copy, path.name)
        with without_traces(copy, kind) as clean:
            look = look_of(clean) if kind.startswith("image/") else ""
            length, sha256 = _measured(clean)
            yield Taken(safe_name(path.name, kind), length, sha256, kind, clean, look)


def _measured(content: IO[bytes]) -> tuple[int, str]:
    digest, length = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(PIECE):
        digest.update(piece)
        length += len(piece)
    return length, digest.hexdigest()


def halves(progress: Progress) -> tuple[Progress, Progress]:
    """Reading a file and sending it are two halves of one way: the bar goes to its end once."""

    def reading(done: int, of: int) -> None:
        progress(done, 2 * of)

    def sending(done: int, of: int) -> None:
        progress(of + done, 2 * of)

    return reading, sending


def _size(path: Path) -> int:
    """Refuse by the size the system reports, so that a film of gigabytes is not read first."""
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError as fault:
        raise _unreadable(path) from fault
    if size < 0:
        raise _unreadable(path)
    if size == 0:
        raise Invalid(f"“{path.name}”是空文件", "请重新选择", "attachment")
    _fits(path, size)
    return size


def _fits(path: Path, size: int) -> None:
    if size > LARGEST:
        raise Invalid(
            f"“{path.name}”有 {size / MEGABYTE:.0f} MB，超过 50 MB",
            "请压缩或截取后再添加",
            "attachment",
        )


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
    except OSError as fault:
        raise _unreadable(path) from fault


def _unreadable(path: Path) -> Unavailable:
    return Unavailable(
        f"读不到文件“{path.name}”", "请确认文件还在、U 盘或共享目录已接好", "attachment"
    )


def _go_on(cancelled: Stop) -> None:
    if cancelled():
        raise Cancelled


def read_file(session: Session, sha256: str) -> bytes:
    """The whole content of a small stored file. Raises NotFound, or Unavailable when it no longer matches its hash."""
    key = key_of(session, sha256)
    content = b"".join(every_piece(session, key)) if key else b""
    if not content:
        raise NotFound("没有找到这个附件的内容", "请联系系统管理员核对备份")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise damaged()
    return content


def damaged() -> Unavailable:
    return Unavailable("附件内容与登记的不一致，已停止打开", "请联系系统管理员核对备份")
