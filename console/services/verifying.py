"""核查: a grid's own worker looks on site whether what a unit claims is so, and signs (field-facts 3.3, H17, H18)."""

from pathlib import Path

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.codes import code_range
from console.domain.effects import HANDLING
from console.domain.errors import Invalid, InvalidForm, NotAllowed, NotFound
from console.domain.inbox import Attached, Desk, Duty, InboxRow
from console.domain.masking import mask_text
from console.domain.moves import Move
from console.domain.records import AttachmentLine
from console.domain.roles import Operator
from console.domain.states import TicketState
from console.domain.verifying import VERIFY_PICTURES, CheckLine, VerifyForm
from console.domain.wording import check_length, clean
from console.ledger import Entry, Ledger, Seat, case_file
from console.ledger.desk_rows import desk_columns, desk_row
from console.ledger.evidence import keep, line, remove
from console.ledger.files import Progress, Stop, halves, taken
from console.ledger.scope import VERIFIERS
from console.ledger.uploads import send
from console.ledger.withheld import withhold_titles
from db.models import Attachment, Ticket, TicketEvent, Verification

MOST = 500
LONGEST = 1000


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


class Verifying:
    """The verification pile of a grid's desk.

    Writes raise NotFound, Conflict, NotAllowed, Invalid and InvalidForm; `field` is one of VerifyForm's or `photos`.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def queue(self) -> tuple[InboxRow, ...]:
        """What waits for a look on site in this operator's grids, what is due first on top.

        One statement, one more where confidential ones wait.
        """
        with self._seat.db.reading() as session:
            now = self._seat.now(session)
            query = select(*desk_columns(), Ticket.moved_at).where(*waiting(self._seat.operator))
            found = session.execute(query.order_by(Ticket.finish_due, Ticket.id).limit(MOST))
            rules = self._seat.rules
            rows = [desk_row(row, now, rules, Duty.VERIFY, row.moved_at) for row in found]
            return withhold_titles(session, self._seat, rows)

    def count(self) -> int:
        """How many wait. One statement."""
        with self._seat.db.reading() as session:
            query = select(func.count(Ticket.id)).where(*waiting(self._seat.operator))
            return session.scalar(query) or 0

    def open(self, ticket_id: int) -> Desk:
        """The case with what the unit claims and the pictures of both. Raises NotFound."""
        with self._seat.db.reading() as session:
            case = case_file(session, self._seat, ticket_id)
            ticket = session.get_one(Ticket, ticket_id)
            now, rules = self._seat.now(session), self._seat.rules
            row = desk_row(ticket, now, rules, Duty.VERIFY, ticket.moved_at)
            return Desk(
                case=case,
                own=withhold_titles(session, self._seat, (row,))[0],
                photos=picture_lines(session, ticket_id),
                needs_photo=rules.pack.reply.site_photos and ticket.needs_site_proof,
                checks=check_lines(session, ticket_id),
            )

    def attach(
        self, ticket_id: int, kind: str, path: Path, progress: Progress = _quiet, cancelled: Stop = _never
    ) -> Attached:  # fmt: skip
        """Add a picture of one's own. Raises Invalid (`photos`), Cancelled."""
        if kind not in VERIFY_PICTURES:
            raise Invalid("请选择照片种类", field="photos")
        with self._seat.db.reading() as session:
            # Before a film of 50 MB is sent; asked again under the lock.
            self._check_mine(session, ticket_id)
        reading, sending = halves(progress)
        with taken(Path(path), reading, cancelled) as file:
            if not file.media_type.startswith(("image/", "video/")):
                raise Invalid(f"“{file.name}”不是照片或视频", "请另选照片", "photos")
            send(self._seat, file, sending, cancelled)
            with self._seat.db.writing.begin() as session:
                ticket = self._mine(session, ticket_id)
                row, again = keep(session, self._seat, ticket.id, None, kind, file)
                return Attached(line(row), again, self._ledger.changed(ticket))

    def detach(self, ticket_id: int, attachment_id: int) -> Changed:
        """Take away a picture one has added oneself, until the verification is made."""
        with self._seat.db.writing.begin() as session:
            ticket = self._mine(session, ticket_id)
            row = session.get(Attachment, attachment_id)
            if row is None or row.ticket_id != ticket.id:
                raise NotFound("这张照片已不在工单上")
            if row.kind not in VERIFY_PICTURES or row.added_by != self._seat.operator.signature:
                raise NotAllowed("这张照片是他人添加的，不能删除")
            remove(session, self._seat, row)
            return self._ledger.changed(ticket)

    def decide(self, ticket_id: int, form: VerifyForm, version: int | None = None) -> Changed:
        """核查通过 to the callback, or 核查退回 to be done again; writes the verification with the move."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            result = clean(form.result).text.strip()
            photos = own_photos(session, ticket)
            self._check(ticket, form, result, photos)
            now, operator = self._seat.now(session), self._seat.operator
            passed = bool(form.passed)
            move = Move.PASS_VERIFY if passed else Move.FAIL_VERIFY
            inputs = {
                "result": mask_text(result), "photos": photos, "signed_off": form.signed_off,
            }  # fmt: skip
            note = f"{'核查通过' if passed else '核查退回'}：{result}"
            ticket = self._ledger.move(session, ticket_id, Entry(move, inputs, note))
            session.add(
                Verification(
                    ticket_id=ticket.id, verifier_id=operator.account_id, verifier_name=operator.signature,
                    at=now, passed=passed, result=result, signed_off=form.signed_off,
                )
            )  # fmt: skip
            return self._ledger.changed(ticket)

    def _check(self, ticket: Ticket, form: VerifyForm, result: str, photos: int) -> None:
        """Every fault of the form at once, as it is read from top to bottom."""
        faults = []
        if form.passed is None:
            faults.append(Invalid("请选择核查结论", field="passed"))
        if not result:
            faults.append(Invalid("请写明现场看到的情况", field="result"))
        else:
            check_length(result, LONGEST, "核查情况", "result")
        site = self._seat.rules.pack.reply.site_photos and ticket.needs_site_proof
        if form.passed and site and not photos:
            faults.append(Invalid("现场类诉求须附核查时拍的处置后照片", "请先添加照片", "photos"))
        signs = self._seat.rules.pack.verify.disputes and ticket.dispute
        if form.passed and signs and not form.signed_off:
            faults.append(
                Invalid("矛盾件须当事人认可、核查人签字后才能通过", "请勾选", "signed_off")
            )
        if faults:
            raise InvalidForm(tuple(faults))

    def _mine(self, session: Session, ticket_id: int) -> Ticket:
        ticket = self._ledger.lock(session, ticket_id)
        self._check_mine(session, ticket_id)
        return ticket

    def _check_mine(self, session: Session, ticket_id: int) -> None:
        query = select(Ticket.id).where(Ticket.id == ticket_id, *waiting(self._seat.operator))
        if session.scalar(query) is None:
            raise NotAllowed("这张工单现在不由您核查", "已为您刷新，请核对后再操作")


def waiting(operator: Operator) -> tuple[ColumnElement[bool], ...]:
    """Waiting in this operator's grids, and not handled by this operator (巡办分离)."""
    if operator.role not in VERIFIERS:
        raise NotAllowed("只有网格长和网格员核查", "请到“工单”中查看")
    low, high = code_range(operator.unit_code)
    inside = and_(Ticket.grid_code >= low, Ticket.grid_code < high)
    return (Ticket.state == TicketState.PENDING_VERIFY, inside, ~_handled_by(operator))


def _handled_by(operator: Operator) -> ColumnElement[bool]:
    """By the log, as `Case.handler_ids` is kept: a list inside a row cannot be asked."""
    return exists().where(
        TicketEvent.ticket_id == Ticket.id,
        TicketEvent.actor_id == operator.account_id,
        TicketEvent.move.in_(sorted(move.value for move in HANDLING)),
    )


def own_photos(session: Session, ticket: Ticket) -> int:
    """Verifier's pictures of afterwards, taken since the reply that is being verified."""
    passed = select(func.max(TicketEvent.at)).where(
        TicketEvent.ticket_id == ticket.id, TicketEvent.move == Move.PASS_REVIEW.value
    )
    query = select(func.count(Attachment.id)).where(
        Attachment.ticket_id == ticket.id,
        Attachment.kind == "verify_after",
        Attachment.media_type.startswith("image/"),
        Attachment.added_at >= func.coalesce(passed.scalar_subquery(), ticket.created_at),
    )
    return session.scalar(query) or 0


def picture_lines(session: Session, ticket_id: int) -> tuple[AttachmentLine, ...]:
    kinds = ("before", "after", *VERIFY_PICTURES)
    query = select(Attachment).where(Attachment.ticket_id == ticket_id, Attachment.kind.in_(kinds))
    return tuple(line(row) for row in session.scalars(query.order_by(Attachment.id)))


def check_lines(session: Session, ticket_id: int) -> tuple[CheckLine, ...]:
    query = select(Verification).where(Verification.ticket_id == ticket_id)
    return tuple(
        CheckLine(v.at, v.verifier_name, v.passed, mask_text(v.result), v.signed_off)
        for v in session.scalars(query.order_by(Verification.id))
    )
