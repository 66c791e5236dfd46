"""A stored file's way out: a megabyte at a time into a private file, and to nobody before its hash is right."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from sqlalchemy import func, select

from console.domain.errors import Cancelled, NotFound
from console.ledger.files import Progress, Stop, damaged, never, quiet
from console.ledger.private_files import PrivateFolder, mark_as_from_elsewhere, unwritable
from console.ledger.seat import Seat
from console.ledger.uploads import patient
from db.contents import AT_ONCE, count_of, key_of, pieces

# One for the running program; it makes nothing on the disk before the first file.
FOLDER = PrivateFolder()


@dataclass(frozen=True)
class Wanted:
    """What to fetch. `private_id`: the attachment asked for with a reason, where it shows who the citizen is."""

    sha256: str
    name: str
    media_type: str
    size: int
    private_id: int = 0


def fetch(
    seat: Seat, wanted: Wanted, progress: Progress = quiet, cancelled: Stop = never,
    folder: PrivateFolder = FOLDER,
) -> Path:  # fmt: skip
    """The file on this computer's disk, readable for this person only and gone at the end of the program.

    Raises NotFound, Cancelled, Unavailable (cut line, full disk, content no longer what was registered);
    nothing stays on the disk then.
    """
    path, out = folder.new_file(wanted.name, wanted.media_type)
    try:
        with out:
            _copy(seat, wanted, out, progress, cancelled)
    except BaseException as fault:
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()
        if isinstance(fault, OSError):
            raise unwritable() from fault
        raise
    mark_as_from_elsewhere(path)
    path.chmod(0o400)
    return path


def _copy(seat: Seat, wanted: Wanted, out: IO[bytes], progress: Progress, cancelled: Stop) -> None:
    digest, done = hashlib.sha256(), 0
    for first in range(0, count_of(wanted.size), AT_ONCE):
        if cancelled():
            raise Cancelled
        some = patient(partial(_read, seat, wanted, first), cancelled)
        if not some:
            break
        for content in some:
            digest.update(content)
            out.write(content)
            done += len(content)
        progress(done, wanted.size)
    if not done:
        raise NotFound("没有找到这个附件的内容", "请联系系统管理员核对备份")
    if digest.hexdigest() != wanted.sha256:
        raise damaged()


def _read(seat: Seat, wanted: Wanted, first: int) -> tuple[bytes, ...]:
    """Each in a transaction of its own: a slow line keeps no snapshot open."""
    with seat.db.reading() as session:
        if wanted.private_id and seat.db.guarded:
            asked = func.hotline.private_pieces(wanted.private_id, first, AT_ONCE)
            return tuple(session.scalars(select(asked)))
        key = key_of(session, wanted.sha256)
        return pieces(session, key, first) if key else ()
