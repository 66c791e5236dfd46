"""Pictures and papers of a work order as rows: the same file once per kind, its content gone with its last row."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.file_names import safe_name
from console.domain.masking import mask_text
from console.domain.records import AttachmentLine
from console.domain.verifying import VERIFY_PICTURES
from console.ledger.cases import ATTACHMENT_KINDS
from console.ledger.files import Taken
from console.ledger.seat import Seat
from console.ledger.uploads import let_go, refusals, use_up
from db.models import Attachment

# What shows who the citizen is: opened with a reason only, and never under the name it came with.
PRIVATE = frozenset({"identity", "recording"})


def keep(
    session: Session, seat: Seat, ticket_id: int, seq: int | None, kind: str, file: Taken
) -> tuple[Attachment, bool]:
    """Put a file that has been sent (console.ledger.uploads) under a kind; True when the work order had it already.

    Raises Conflict when its content was swept away meanwhile.
    """
    same = select(Attachment).where(
        Attachment.ticket_id == ticket_id, Attachment.kind == kind, Attachment.sha256 == file.sha256
    )
    row = session.scalars(same.limit(1)).first()
    if row is not None:
        return row, True
    row = Attachment(
        ticket_id=ticket_id,
        share_seq=seq,
        kind=kind,
        name=shown_name(kind, file.name, file.media_type),
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        look=file.look,
        added_at=seat.now(session),
        added_by=seat.operator.signature,
    )
    session.add(row)
    with refusals():
        session.flush()
    # After the row: on a guarded database the upload is what allows it.
    use_up(session, seat, file.sha256)
    return row, False


def shown_name(kind: str, name: str, media_type: str) -> str:
    """A file's name is read by everybody who sees the work order, 王某身份证.jpg and a telephone number, too."""
    return safe_name(kind_name(kind) if kind in PRIVATE else mask_text(name), media_type)


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


def remove(session: Session, seat: Seat, row: Attachment) -> None:
    """Take the row away; its content goes when no other work order has it."""
    sha256 = row.sha256
    session.delete(row)
    session.flush()
    let_go(session, seat, sha256)
