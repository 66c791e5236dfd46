"""Photos and papers of a case: stored once, shown under what they prove."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from console.domain.inbox import ATTACHMENT_CHOICES, Attached
from console.domain.lifecycle import UNCLOSED
from console.domain.states import AssignmentState
from console.ledger import Ledger, Seat, visible
from console.ledger.audit import record
from console.ledger.evidence import keep, line, remove
from console.ledger.files import Progress, Stop, read_file, taken
from db.models import Attachment, Ticket

# What shows who the citizen is never leaves as a file.
PRIVATE = frozenset({"identity", "recording"})
PICTURES_ONLY = frozenset({"before", "after"})
# Once the unit has answered, its evidence is part of the record.
CHANGEABLE = frozenset(
    {
        AssignmentState.PENDING_SIGN,
        AssignmentState.IN_PROGRESS,
        AssignmentState.PASSED_DOWN,
        AssignmentState.RETURN_REVIEW,
    }
)


def attach_file(
    seat: Seat,
    ledger: Ledger,
    ticket_id: int,
    kind: str,
    path: Path,
    progress: Progress,
    cancelled: Stop,
) -> Attached:
    """Check and copy the file first, then store it in one transaction (`console.ledger.files`)."""
    if kind not in ATTACHMENT_CHOICES:
        raise Invalid("请选择附件种类", field="attachment")
    with taken(path, progress, cancelled) as file:
        if kind in PICTURES_ONLY and not file.media_type.startswith(("image/", "video/")):
            raise Invalid(f"“{file.name}”不是照片或视频", "请作为“办理附件”添加", "attachment")
        with seat.db.writing.begin() as session:
            ticket = ledger.lock(session, ticket_id)
            seq = _working_share(session, seat, ledger, ticket)
            row, again = keep(session, seat, ticket.id, seq, kind, file, progress, cancelled)
            return Attached(line(row), again, ledger.changed(ticket))


def _working_share(session: Session, seat: Seat, ledger: Ledger, ticket: Ticket) -> int:
    share = ledger.case(session, ticket).share_of(seat.operator.unit_id)
    if share is None:
        raise NotAllowed("这张工单不在您单位手上，不能增减附件")
    if share.state not in CHANGEABLE or ticket.state not in UNCLOSED:
        raise NotAllowed("本单位已回复，不能再增减附件", "发回重办后可以补充")
    return share.id


def detach_file(
    session: Session, seat: Seat, ledger: Ledger, ticket_id: int, attachment_id: int
) -> Ticket:
    """Take away an attachment of one's own unit; its content goes when no other work order has it."""
    ticket = ledger.lock(session, ticket_id)
    seq = _working_share(session, seat, ledger, ticket)
    row = session.get(Attachment, attachment_id)
    if row is None or row.ticket_id != ticket.id:
        raise NotFound("这个附件已不在工单上")
    if row.share_seq != seq:
        raise NotAllowed("这个附件是其他单位添加的，不能删除")
    remove(session, row)
    return ticket


def take_out(session: Session, seat: Seat, attachment_id: int) -> bytes:
    """The content for a copy outside the program, and the line in the audit chain that says so."""
    query = select(Attachment, Ticket).join(Ticket, Ticket.id == Attachment.ticket_id)
    query = query.where(Attachment.id == attachment_id, visible(seat.operator))
    found = session.execute(query).first()
    if found is None:
        raise NotFound("没有找到这个附件，或不在您的查看范围内")
    row, ticket = found
    if row.kind in PRIVATE:
        raise NotAllowed("证件和录音不能另存", "请在程序内查看")
    subject = ("attachment", str(attachment_id))
    record(session, seat, "save_file", subject, details={"ticket": ticket.number})
    return read_file(session, row.sha256)


def write_out(content: bytes, path: Path) -> None:
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise Unavailable(f"写不进“{path.name}”", "请换一个文件夹，或确认磁盘未满") from fault
