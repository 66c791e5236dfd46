"""Small files that outlast a power cut, and locks that end with the program that took them."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from console.domain.errors import Unavailable


def write_whole(path: Path, content: bytes, beside: Path) -> None:
    """Written beside and renamed over: the file is the old one or the new one, never half of either."""
    try:
        write_through(beside, content)
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def is_held(path: Path) -> bool:
    """Whether another living process holds the marker's lock."""
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return path.exists()
    try:
        return not lock(handle)
    finally:
        os.close(handle)


def lock(handle: int) -> bool:
    """Take the lock if it is free; let go when the file is closed."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def key_from(path: Path, new: bytes) -> bytes:
    """The key in a file only this user may read, made the first time."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes().strip()
    with os.fdopen(handle, "wb") as file:
        file.write(new)
        file.flush()
        os.fsync(file.fileno())
    return new


def write_through(path: Path, content: bytes) -> None:
    """Written and on the disk, readable by this user only."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The new name is on the disk too; Windows has no such call and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def refusals_said(what: str) -> Iterator[None]:
    """A disk's refusal as the sentence the operator reads."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "本机磁盘已满" if full else "本机磁盘不可写"
        hint = (
            "输入的内容还在窗口里，请先提交，并通知管理员清理磁盘"
            if full
            else "输入的内容还在窗口里，请通知管理员"
        )
        raise Unavailable(f"{why}，{what}", hint) from error
