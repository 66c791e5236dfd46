"""Photos and papers of a case: stored once, shown under what they prove."""

import os
import shutil
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from console.domain.file_names import safe_name
from console.domain.inbox import ATTACHMENT_CHOICES, Attached
from console.domain.lifecycle import UNCLOSED
from console.domain.states import AssignmentState
from console.ledger import Ledger, Seat, visible
from console.ledger.audit import record
from console.ledger.evidence import PRIVATE, keep, line, remove
from console.ledger.fetching import Wanted, fetch
from console.ledger.files import Progress, Stop, halves, taken
from console.ledger.private_files import mark_as_from_elsewhere
from console.ledger.uploads import send
from db.models import Attachment, Ticket

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
    """Check and copy the file, send it (`console.ledger.uploads`), then put it on the work order in one transaction."""
    if kind not in ATTACHMENT_CHOICES:
        raise Invalid("请选择附件种类", field="attachment")
    with seat.db.reading() as session:
        # Before a film of 50 MB is sent; asked again under the lock.
        _working_share(session, seat, ledger, _seen(session, seat, ticket_id))
    reading, sending = halves(progress)
    with taken(path, reading, cancelled) as file:
        if kind in PICTURES_ONLY and not file.media_type.startswith(("image/", "video/")):
            raise Invalid(f"“{file.name}”不是照片或视频", "请作为“办理附件”添加", "attachment")
        send(seat, file, sending, cancelled)
        with seat.db.writing.begin() as session:
            ticket = ledger.lock(session, ticket_id)
            seq = _working_share(session, seat, ledger, ticket)
            row, again = keep(session, seat, ticket.id, seq, kind, file)
            return Attached(line(row), again, ledger.changed(ticket))


def _seen(session: Session, seat: Seat, ticket_id: int) -> Ticket:
    query = select(Ticket).where(Ticket.id == ticket_id, visible(seat.operator))
    ticket = session.scalar(query)
    if ticket is None:
        raise NotFound("没有找到这张工单，或不在您的查看范围内")
    return ticket


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
    remove(session, seat, row)
    return ticket


def take_out(session: Session, seat: Seat, attachment_id: int) -> Wanted:
    """What to fetch for a copy outside the program; the line in the audit chain that says so is written first."""
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
    return Wanted(row.sha256, row.name, row.media_type, row.size)


def write_out(seat: Seat, wanted: Wanted, path: Path, progress: Progress, cancelled: Stop) -> Path:
    """The copy under the name chosen, with the suffix of what it is; whole or not at all."""
    source = fetch(seat, wanted, progress, cancelled)
    place = path.with_name(safe_name(path.name, wanted.media_type))
    beside = place.with_name(f".{uuid4().hex}.part")
    try:
        shutil.copyfile(source, beside)
        os.replace(beside, place)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        raise Unavailable(f"写不进“{place.name}”", "请换一个文件夹，或确认磁盘未满") from fault
    finally:
        source.chmod(0o600)
        source.unlink()
        source.parent.rmdir()
    mark_as_from_elsewhere(place)
    return place
