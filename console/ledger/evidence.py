"""Pictures and papers of a work order as rows: the same file once per kind, its content gone with its last row."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.records import AttachmentLine
from console.domain.verifying import VERIFY_PICTURES
from console.ledger.cases import ATTACHMENT_KINDS
from console.ledger.files import Progress, Stop, Taken, store
from console.ledger.seat import Seat
from db.models import Attachment, StoredFile


def keep(
    session: Session, seat: Seat, ticket_id: int, seq: int | None, kind: str, file: Taken,
    progress: Progress, cancelled: Stop,
) -> tuple[Attachment, bool]:  # fmt: skip
    """Store a file under a kind; True when the work order had it already. Raises Cancelled."""
    same = select(Attachment).where(
        Attachment.ticket_id == ticket_id, Attachment.kind == kind, Attachment.sha256 == file.sha256
    )
    row = session.scalars(same.limit(1)).first()
    if row is not None:
        return row, True
    store(session, file, progress, cancelled)
    row = Attachment(
        ticket_id=ticket_id,
        share_seq=seq,
        kind=kind,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        look=file.look,
        added_at=seat.now(session),
        added_by=seat.operator.signature,
    )
    session.add(row)
    session.flush()
    return row, False


def line(row: Attachment) -> AttachmentLine:
    """As every window shows it."""
    return AttachmentLine(
        id=row.id,
        name=row.name,
        kind=row.kind,
        kind_name=kind_name(row.kind),
        size=row.size,
        sha256=row.sha256,
        media_type=row.media_type,
        added_at=row.added_at,
        added_by=row.added_by,
    )


def kind_name(kind: str) -> str:
    return VERIFY_PICTURES.get(kind) or ATTACHMENT_KINDS.get(kind, "其他")


def remove(session: Session, row: Attachment) -> None:
    """Take the row away; its content goes when no other work order has it."""
    sha256 = row.sha256
    session.delete(row)
    session.flush()
    others = select(func.count()).select_from(Attachment).where(Attachment.sha256 == sha256)
    if not session.scalar(others):
        for piece in session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)):
            session.delete(piece)
