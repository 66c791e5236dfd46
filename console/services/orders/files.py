"""Files of a work order on their way to somebody's eyes: scope, reason, log, and proof that they are what they were."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound, Unavailable
from console.ledger import Seat, visible
from console.ledger.audit import record
from console.ledger.evidence import PRIVATE
from console.ledger.fetching import Wanted, fetch
from console.ledger.file_types import media_type
from console.ledger.files import Progress, Stop, never, quiet
from console.services.orders import contacts
from db.models import Attachment, Ticket

OPEN_FILE = "open_file"
# What the system's own player or reader is given. Word and Excel papers are saved first, marked as from elsewhere.
HANDED_OUT = ("audio/", "video/", "application/pdf")


@dataclass(frozen=True)
class _Asked:
    row: Attachment
    ticket: Ticket

    @property
    def private(self) -> bool:
        return self.row.kind in PRIVATE


def content(seat: Seat, attachment_id: int, reason: str) -> bytes:
    """The whole of a small file, as a thumbnail needs it."""
    path = fetched(seat, attachment_id, reason, False)
    try:
        return path.read_bytes()
    finally:
        path.chmod(0o600)
        path.unlink()
        path.parent.rmdir()


def fetched(
    seat: Seat, attachment_id: int, reason: str, outside: bool,
    progress: Progress = quiet, cancelled: Stop = never,
) -> Path:  # fmt: skip
    asked = _permitted(seat, attachment_id, reason, outside)
    row = asked.row
    wanted = Wanted(row.sha256, row.name, row.media_type, row.size, row.id if asked.private else 0)
    path = fetch(seat, wanted, progress, cancelled)
    _prove(path, row.media_type)
    return path


def _permitted(seat: Seat, attachment_id: int, reason: str, outside: bool) -> _Asked:
    """In scope, with its reason where it takes one, and logged. Logged before it is read: who looks is known first."""
    with seat.db.reading() as session:
        asked = _asked(session, seat, attachment_id)
    if outside and not asked.row.media_type.startswith(HANDED_OUT):
        raise NotAllowed("这类文件不直接打开", "请另存后，用办公软件打开")
    if asked.private:
        _check_private(seat, asked, reason)
    if asked.private or outside:
        with seat.db.writing.begin() as session:
            _log(session, seat, asked, reason)
    return asked


def _asked(session: Session, seat: Seat, attachment_id: int) -> _Asked:
    query = select(Attachment, Ticket).join(Ticket, Ticket.id == Attachment.ticket_id)
    query = query.where(Attachment.id == attachment_id, visible(seat.operator))
    found = session.execute(query).first()
    if found is None:
        raise NotFound("没有找到这个附件，或不在您的查看范围内")
    return _Asked(found[0], found[1])


def _check_private(seat: Seat, asked: _Asked, reason: str) -> None:
    """Whoever may not see the citizen's number may not see the citizen's papers; but what one added oneself."""
    refused = contacts.refusal(asked.ticket, seat.operator)
    if refused is not None and asked.ticket.confidential:
        raise NotAllowed("这是保密件，不提供诉求人的证件和录音")
    if refused is not None and asked.row.added_by != seat.operator.signature:
        raise NotAllowed("您不能查看诉求人的完整信息，也不能打开证件和录音", "需要时请通过热线中心")
    if not reason.strip():
        raise Invalid("请选择查看理由", field="reason")


def _log(session: Session, seat: Seat, asked: _Asked, reason: str) -> None:
    if asked.private and seat.db.guarded:
        # There the database checks once more, writes the line and lets the pieces be read for a while.
        opened = func.hotline.open_private_file(asked.row.id, reason, seat.workstation)
        session.execute(select(opened))
        return
    subject = ("attachment", str(asked.row.id))
    record(session, seat, OPEN_FILE, subject, reason, details={"ticket": asked.ticket.number})


def _prove(path: Path, registered: str) -> None:
    """What was registered as a picture must be one: nobody is handed a program under another name."""
    try:
        with path.open("rb") as file:
            found = media_type(file, path.name)
    except Invalid:
        found = ""
    if found != registered:
        path.chmod(0o600)
        path.unlink()
        raise Unavailable("附件内容不是登记的类型，已停止打开", "请联系系统管理员核对")
