"""Where a file lies while somebody looks at it: a folder for this person alone, emptied at the end.

Citizens' photos and recordings must not stay on a shared desk's disk: the folder goes when the program ends, and
what a killed program left goes at the next start. A folder in use is known by the lock its program holds.
"""

import atexit
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO
from uuid import uuid4

from console.domain.errors import Unavailable
from console.domain.file_names import safe_name
from console.settings import data_folder

MARK = "in-use"
# Windows asks before it opens, and Word and Excel open it with everything switched off.
FROM_ELSEWHERE = b"[ZoneTransfer]\r\nZoneId=3\r\n"


class PrivateFolder:
    """One running program's folder below `root`; made when first needed."""

    def __init__(self, root: Path | None = None) -> None:
        self._root = root or data_folder() / "looking-at"
        self._folder: Path | None = None
        self._mark: IO[bytes] | None = None
        self._turn = Lock()

    def new_file(self, name: str, media_type: str) -> tuple[Path, IO[bytes]]:
        """An empty file only this person can read, in a folder of its own so that it keeps its name.

        Raises Unavailable when the disk refuses.
        """
        try:
            inside = self._place() / uuid4().hex[:12]
            inside.mkdir(mode=0o700)
            path = inside / safe_name(name, media_type)
            return path, os.fdopen(_open_alone(path), "wb")
        except OSError as fault:
            raise unwritable() from fault

    def _place(self) -> Path:
        with self._turn:
            if self._folder is None:
                sweep(self._root)
                folder = self._root / uuid4().hex
                folder.mkdir(mode=0o700, parents=True)
                self._root.chmod(0o700)
                self._mark = os.fdopen(_open_alone(folder / MARK), "wb")
                _lock(self._mark)
                self._folder = folder
                atexit.register(self.close)
            return self._folder

    def close(self) -> None:
        """Take everything away. What another program still plays stays until the next start."""
        with self._turn:
            folder, self._folder = self._folder, None
            if self._mark is not None:
                self._mark.close()
            if folder is not None:
                _remove(folder)
                atexit.unregister(self.close)


def sweep(root: Path | None = None) -> int:
    """Folders of programs that no longer run; how many are gone. Never raises: the next start tries again."""
    gone = 0
    for folder in _folders(root or data_folder() / "looking-at"):
        if not _is_in_use(folder):
            _remove(folder)
            gone += not folder.exists()
    return gone


def _folders(root: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from [entry for entry in root.iterdir() if entry.is_dir() and not entry.is_symlink()]


def _is_in_use(folder: Path) -> bool:
    try:
        with (folder / MARK).open("r+b") as mark:
            _lock(mark)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, onerror=_make_writable)


def _make_writable(remove, path: str, _info: object) -> None:  # type: ignore[no-untyped-def]
    """Handed-out files are read-only, which Windows refuses to delete."""
    with suppress(OSError):
        os.chmod(path, 0o700)
        remove(path)


def _open_alone(path: Path) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)


def _lock(mark: IO[bytes]) -> None:
    """Raises OSError when another program holds it; gone with its program however that ends."""
    if sys.platform == "win32":
        import msvcrt

        mark.seek(0)
        msvcrt.locking(mark.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)


def mark_as_from_elsewhere(path: Path) -> None:
    """So that Windows treats it as it treats a file from the internet. Elsewhere there is no such mark."""
    if sys.platform == "win32":
        with suppress(OSError):
            Path(f"{path}:Zone.Identifier").write_bytes(FROM_ELSEWHERE)


def unwritable() -> Unavailable:
    return Unavailable("本机磁盘写不进，附件没有打开", "请清理磁盘后再试")
