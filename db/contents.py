"""Contents of files in pieces: put in, read out a few at a time, hashed where they lie."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import LargeBinary, delete, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from db.models.handling import FilePiece, StoredFile

# db/security/75_uploads.sql says the same numbers.
PIECE = 256 * 1024
MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
# How many pieces one statement carries: a megabyte neither fills memory nor holds anybody up.
AT_ONCE = 4


def count_of(size: int) -> int:
    """How many pieces a file of this size has."""
    return -(-size // PIECE)


def key_of(session: Session, sha256: str) -> str:
    """Where the content of a stored file lies; empty when it is not there, or not for the asker."""
    return session.scalar(select(StoredFile.key).where(StoredFile.sha256 == sha256)) or ""


def pieces(session: Session, key: str, first: int = 0, most: int = AT_ONCE) -> tuple[bytes, ...]:
    """Some pieces in order, from `first` on."""
    query = select(FilePiece.content).where(
        FilePiece.key == key, FilePiece.piece >= first, FilePiece.piece < first + most
    )
    return tuple(session.scalars(query.order_by(FilePiece.piece)))


def every_piece(session: Session, key: str) -> Iterator[bytes]:
    """All of them, never many at once in memory."""
    first = 0
    while some := pieces(session, key, first):
        yield from some
        first += len(some)


def digest_of(session: Session, sha256: str) -> str:
    """What the stored content hashes to now; empty when there is none."""
    return digest_at(session, key_of(session, sha256))


def digest_at(session: Session, key: str) -> str:
    """The hash of all pieces under a key, counted by the server where it can; empty when there are none."""
    if session.get_bind().dialect.name == "postgresql":
        # Nothing travels: the server reads and hashes where the pieces lie.
        whole = func.string_agg(
            FilePiece.content, aggregate_order_by(literal(b""), FilePiece.piece), type_=LargeBinary
        )
        query = select(func.encode(func.sha256(whole), "hex")).where(FilePiece.key == key)
        return session.scalar(query) or ""
    found, there = hashlib.sha256(), False
    for content in every_piece(session, key):
        found.update(content)
        there = True
    return found.hexdigest() if there else ""


def drop(session: Session, key: str) -> None:
    """Take the pieces under a key away."""
    session.execute(delete(FilePiece).where(FilePiece.key == key))


def put(session: Session, content: bytes) -> str:
    """Store a small content at once, as the program's own material is; its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not key_of(session, sha256):
        key = uuid4().hex
        at = datetime.now(UTC)
        session.add(StoredFile(sha256=sha256, key=key, size=len(content), stored_at=at))
        for number in range(count_of(len(content))):
            some = content[number * PIECE : (number + 1) * PIECE]
            session.add(FilePiece(key=key, piece=number, digest=digest(some), content=some))
        session.flush()
    return sha256


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
