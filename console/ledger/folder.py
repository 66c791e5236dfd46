"""Files written whole or not at all, under names without a citizen's data."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from console.domain.errors import Unavailable
from console.domain.forms import FORM_NAMES, FormKind
from console.domain.reports import Copy
from console.domain.worktime import civil

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_GONE = {errno.ENOENT, errno.ENOTDIR}
# ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL, which Windows does not always translate.
_FULL_ON_WINDOWS = {39, 112}


@dataclass
class Staged:
    """A file lying complete beside its place, waiting to be given its name."""

    beside: Path
    published: Path | None = None

    def publish(self, name: str, other_name: str) -> Path:
        """Give it its name; the other one when the first is taken. One step, so nobody sees half a file."""
        place = self.beside.parent / name
        if place.exists():
            place = self.beside.parent / other_name
        with _sentences():
            os.replace(self.beside, place)
        self.published = place
        return place


@contextmanager
def staged(folder: Path, content: bytes) -> Iterator[Staged]:
    """The content on the disk under a passing name; removed again unless published. Raises Unavailable."""
    with _sentences():
        beside = _beside(folder)
    file = Staged(beside)
    try:
        with _sentences():
            _write(beside, content)
        yield file
    finally:
        if file.published is None:
            with suppress(OSError):
                beside.unlink()


def check_folder(folder: Path) -> None:
    """Raises Unavailable before any work is done when nothing can be written there."""
    with staged(folder, b"?"):
        pass


def _beside(folder: Path) -> Path:
    handle, name = mkstemp(prefix=".", suffix=".part", dir=folder)
    os.close(handle)
    return Path(name)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as out:
        out.write(content)
        out.flush()
        # A stick pulled out a second later must hold the file, not its promise.
        os.fsync(out.fileno())


@contextmanager
def _sentences() -> Iterator[None]:
    """What the system says about a file, in words for the operator."""
    try:
        yield
    except OSError as fault:
        raise _sentence(fault) from fault


def _sentence(fault: OSError) -> Unavailable:
    if fault.errno in _FULL or getattr(fault, "winerror", None) in _FULL_ON_WINDOWS:
        return Unavailable("磁盘已满，文件没有写完", "请清理磁盘，或换一个文件夹再试", "folder")
    if fault.errno in _CLOSED:
        return Unavailable("这个文件夹不允许写入", "请换一个文件夹", "folder")
    if fault.errno in _GONE:
        return Unavailable(
            "没有找到这个文件夹", "请确认 U 盘或共享目录已接好，或换一个文件夹", "folder"
        )
    return Unavailable("文件没有写成", "请换一个文件夹再试", "folder")


def names(form: FormKind, copies: Sequence[Copy], at: datetime) -> tuple[str, str]:
    """The name and the one to use when it is taken: number, form and copy, nothing about the citizen."""
    what = FORM_NAMES[form]
    if len(copies) == 1:
        stem = f"{copies[0].number}-{what}"
        return f"{stem}.pdf", f"{stem}-第{copies[0].copy_no}份.pdf"
    stem = f"{what}-共{len(copies)}件-{civil(at):%Y%m%d-%H%M}"
    return f"{stem}.pdf", f"{stem}{civil(at):%S-%f}.pdf"
