"""A file's way into the database: piece by piece in small transactions, taken up again where it broke off.

Nobody waits for it: no transaction carries more than a megabyte, and the work order is touched only when all is
there. Whoever adds a file must have sent every piece of it once, or see a work order that holds it: a hash alone
opens nothing (docs/decisions/013). What nobody puts on a work order the keeper sweeps away.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count, islice
from time import sleep
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from console.domain.errors import Cancelled, Conflict, NotAllowed, Unavailable, UserError
from console.ledger.files import Progress, Stop, Taken, never, quiet
from console.ledger.seat import Seat
from db.contents import AT_ONCE, PIECE, digest_at, drop, key_of
from db.models import Attachment, FilePiece, StoredFile, Upload

# An upload nobody has touched for so long is nobody's; a cut line or a free weekend must not cost it.
ABANDONED = timedelta(days=3)
SWEPT_AT_ONCE = 8
# A line that comes back within seconds is not worth a sentence.
WAITS = (0.5, 2.0)
T = TypeVar("T")


@dataclass(frozen=True)
class _Piece:
    piece: int
    digest: str
    content: bytes = field(repr=False)


def send(seat: Seat, file: Taken, progress: Progress = quiet, cancelled: Stop = never) -> None:
    """Bring a file into the database, only the pieces that are missing there. Outside any transaction.

    Raises Cancelled (what has arrived stays for the next try), Unavailable when the line stays cut or what
    arrived is not what was sent.
    """
    if patient(lambda: _is_there(seat, file), cancelled):
        progress(file.size, file.size)
        return
    upload = patient(lambda: _begun(seat, file), cancelled)
    if upload.finished_at is None:
        _send_missing(seat, file, upload, progress, cancelled)
        patient(lambda: _finish(seat, upload), cancelled)
    progress(file.size, file.size)


def patient(work: Callable[[], T], cancelled: Stop = never) -> T:
    """Do it again after a short while when the line breaks; each try must be whole in itself."""
    for wait in WAITS:
        try:
            return work()
        except Unavailable:
            if cancelled():
                raise Cancelled from None
            sleep(wait)
    return work()


def _is_there(seat: Seat, file: Taken) -> bool:
    """Stored, and on a work order one sees; on a guarded database the policies say which."""
    with seat.db.reading() as session:
        held = select(Attachment.id).where(Attachment.sha256 == file.sha256).limit(1)
        return bool(key_of(session, file.sha256)) and session.scalar(held) is not None


def _begun(seat: Seat, file: Taken) -> Upload:
    """One's own upload of this content, begun now or on another day, here or at another desk."""
    mine = select(Upload).where(
        Upload.account_id == seat.operator.account_id, Upload.sha256 == file.sha256
    )
    with seat.db.reading() as session:
        found = session.scalar(mine)
    if found is not None:
        return found
    try:
        with refusals(), seat.db.writing.begin() as session:
            row = Upload(
                account_id=seat.operator.account_id, key=uuid4().hex, sha256=file.sha256,
                size=file.size, touched_at=seat.now(session),
            )  # fmt: skip
            session.add(row)
        return row
    except IntegrityError:
        # The same person began the same file at another desk in this very moment.
        with seat.db.reading() as session:
            return session.scalars(mine).one()


def _send_missing(
    seat: Seat, file: Taken, upload: Upload, progress: Progress, cancelled: Stop
) -> None:
    missing = _missing(file, patient(lambda: _arrived(seat, upload), cancelled))
    while some := list(islice(missing, AT_ONCE)):
        if cancelled():
            raise Cancelled
        patient(partial(_put, seat, upload, some), cancelled)
        progress(some[-1].piece * PIECE + len(some[-1].content), file.size)


def _arrived(seat: Seat, upload: Upload) -> dict[int, str]:
    with seat.db.reading() as session:
        query = select(FilePiece.piece, FilePiece.digest).where(FilePiece.key == upload.key)
        return {row.piece: row.digest for row in session.execute(query)}


def _missing(file: Taken, there: dict[int, str]) -> Iterator[_Piece]:
    file.content.seek(0)
    for number in count():
        content = file.content.read(PIECE)
        if not content:
            return
        digest = hashlib.sha256(content).hexdigest()
        if there.get(number) != digest:
            yield _Piece(number, digest, content)


def _put(seat: Seat, upload: Upload, some: Sequence[_Piece]) -> None:
    """A megabyte at most. Nothing to do when the same person's other desk has finished it meanwhile."""
    rows = [vars(piece) | {"key": upload.key} for piece in some]
    numbers = [piece.piece for piece in some]
    with refusals(), seat.db.writing.begin() as session:
        # First, for the lock on the row: finishing takes the same.
        touched = update(Upload).where(Upload.id == upload.id, Upload.finished_at.is_(None))
        touched = touched.values(touched_at=seat.now(session)).returning(Upload.id)
        if session.scalar(touched) is None:
            return
        # There already when it lies there damaged, or when a try was cut off after the server had it.
        gone = delete(FilePiece).where(FilePiece.key == upload.key, FilePiece.piece.in_(numbers))
        session.execute(gone)
        session.execute(insert(FilePiece), rows)


def _finish(seat: Seat, upload: Upload) -> None:
    """The database counts the whole file's hash itself before it takes it for stored."""
    if seat.db.guarded:
        with seat.db.writing.begin() as session:
            good = session.scalar(select(func.hotline.finish_upload(upload.key)))
    else:
        good = _finish_here(seat, upload)
    if not good:
        raise Unavailable(
            "文件传到数据库后与原件不一致，已作废",
            "请重新添加；再次出现请联系系统管理员",
            "attachment",
        )


def _finish_here(seat: Seat, upload: Upload) -> bool:
    """The same as hotline.finish_upload, where the program itself is the server. Hashed before anybody is held up."""
    with seat.db.reading() as session:
        good = digest_at(session, upload.key) == upload.sha256
    with seat.db.writing.begin() as session:
        row = session.get(Upload, upload.id)
        if row is None or row.finished_at is not None:
            return True
        if not good:
            drop(session, upload.key)
            return False
        row.finished_at = seat.now(session)
        if not _store(session, row):
            # The other desk was first with the same content; one is enough.
            drop(session, row.key)
        return True


def _store(session: Session, upload: Upload) -> bool:
    if key_of(session, upload.sha256):
        return False
    try:
        with session.begin_nested():
            session.add(
                StoredFile(
                    sha256=upload.sha256, key=upload.key, size=upload.size,
                    stored_at=upload.finished_at,
                )
            )  # fmt: skip
    except IntegrityError:
        return False
    return True


def use_up(session: Session, seat: Seat, sha256: str) -> None:
    """The file is on a work order now: its upload has done its work. Raises Conflict when it is not stored."""
    if not seat.db.guarded and not key_of(session, sha256):
        raise _swept()
    mine = (Upload.account_id == seat.operator.account_id, Upload.sha256 == sha256)
    session.execute(delete(Upload).where(*mine, Upload.finished_at.is_not(None)))


def _swept() -> Conflict:
    return Conflict("这个文件刚被清理，没有加到工单上", "请再添加一次", "attachment")


# What db/security/75_uploads.sql refuses and may happen to somebody honest.
_REFUSALS: dict[str, Callable[[], UserError]] = {
    "HL010": lambda: Unavailable("文件在路上损坏了", "请重新添加", "attachment"),
    "HL012": lambda: NotAllowed(
        "您有太多文件传到一半没有用上", "请先把要用的文件加到工单上，或三天后再试", "attachment"
    ),
    "HL013": _swept,
}


@contextmanager
def refusals() -> Iterator[None]:
    """The database's own refusals as sentences."""
    try:
        yield
    except DBAPIError as error:
        said = _REFUSALS.get(str(getattr(error.orig, "sqlstate", "")))
        if said is None:
            raise
        raise said() from error


def let_go(session: Session, seat: Seat, sha256: str) -> None:
    """After an attachment was taken away: its content goes when nothing holds it any more."""
    if seat.db.guarded:
        session.execute(select(func.hotline.drop_file(sha256)))
    else:
        _drop_unheld(session, sha256)


def _drop_unheld(session: Session, sha256: str) -> None:
    held = select(Attachment.id).where(Attachment.sha256 == sha256).limit(1)
    wanted = select(Upload.id).where(Upload.sha256 == sha256, Upload.finished_at.is_not(None))
    if session.scalar(held) is not None or session.scalar(wanted.limit(1)) is not None:
        return
    row = session.get(StoredFile, sha256)
    if row is not None:
        drop(session, row.key)
        session.delete(row)
        session.flush()


def sweep(session: Session, seat: Seat) -> int:
    """Uploads nobody came back to, with what had arrived; how many. A few at a time."""
    if seat.db.guarded:
        return session.scalar(select(func.hotline.sweep_uploads())) or 0
    old = select(Upload).where(Upload.touched_at < seat.now(session) - ABANDONED)
    gone = list(session.scalars(old.order_by(Upload.touched_at).limit(SWEPT_AT_ONCE)))
    for upload in gone:
        session.delete(upload)
        session.flush()
        if upload.finished_at is None:
            drop(session, upload.key)
        else:
            _drop_unheld(session, upload.sha256)
    return len(gone)
