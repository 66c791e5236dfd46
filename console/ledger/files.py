"""Files kept in the database in pieces, once per content, so that every workstation can read them.

A file is first copied off its stick or share into a private temporary file, checked and hashed there;
only then is a transaction opened, so nobody waits for a slow device while the database is locked.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.errors import Cancelled, Invalid, NotFound, Unavailable
from console.ledger.file_types import media_type
from console.ledger.looks import look_of
from db.models import StoredFile

PIECE = 256 * 1024
MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
# What stays in memory while it is checked; larger files go to an unnamed temporary file.
IN_MEMORY = 8 * MEGABYTE

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
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
def taken(path: Path, progress: Progress = _quiet, cancelled: Stop = _never) -> Iterator[Taken]:
    """Copy and check a file before any transaction.

    Raises Invalid (field `attachment`) when it is empty, larger than 50 MB or no picture, sound,
    film or document; Unavailable when it cannot be read; Cancelled.
    """
    size = _size(path)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        digest = hashlib.sha256()
        done = 0
        for piece in _pieces(path):
            _go_on(cancelled)
            done += len(piece)
            _fits(path, done)
            digest.update(piece)
            copy.write(piece)
            progress(done, size)
        kind = media_type(copy, path.name)
        look = look_of(copy) if kind.startswith("image/") else ""
        yield Taken(path.name[-200:], done, digest.hexdigest(), kind, copy, look)


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


def store(
    session: Session, file: Taken, progress: Progress = _quiet, cancelled: Stop = _never
) -> None:
    """Write the pieces, unless the same content is already there. Raises Cancelled; then nothing stays."""
    if is_stored(session, file.sha256):
        progress(file.size, file.size)
        return
    try:
        with session.begin_nested():
            _write(session, file, progress, cancelled)
    except IntegrityError:
        # Another workstation stored the same content between our look and our write: it is there.
        if not is_stored(session, file.sha256):
            raise


def _write(session: Session, file: Taken, progress: Progress, cancelled: Stop) -> None:
    file.content.seek(0)
    number = done = 0
    while piece := file.content.read(PIECE):
        _go_on(cancelled)
        row = {"sha256": file.sha256, "piece": number, "content": piece}
        session.execute(insert(StoredFile), row)
        number, done = number + 1, done + len(piece)
        progress(done, file.size)


def is_stored(session: Session, sha256: str) -> bool:
    """Pieces are written in one transaction, so the first one stands for all."""
    query = select(StoredFile.piece).where(StoredFile.sha256 == sha256).limit(1)
    return session.scalar(query) is not None


def read_file(session: Session, sha256: str) -> bytes:
    """The whole content of a stored file. Raises NotFound, or Unavailable when it no longer matches its hash."""
    query = select(StoredFile.content).where(StoredFile.sha256 == sha256)
    content = b"".join(session.scalars(query.order_by(StoredFile.piece)))
    if not content:
        raise NotFound("没有找到这个附件的内容", "请联系系统管理员核对备份")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Unavailable("附件内容与登记的不一致，已停止打开", "请联系系统管理员核对备份")
    return content
