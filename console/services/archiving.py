"""The clerk's archive: closed work orders become read-only under an archive number and a seal (field-facts 3.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain import archiving
from console.domain.archiving import Proof
from console.domain.case import Step
from console.domain.changes import Changed, Topic
from console.domain.desks import BulkResult, Queue
from console.domain.errors import Conflict, NotFound, UserError
from console.domain.moves import Move
from console.domain.states import TicketState
from console.ledger import Ledger, Seat, visible
from console.ledger.archiving import archive_ticket
from console.ledger.queues import waiting
from console.ledger.writing import case_of
from db.manifests import broken_seals
from db.models import Assignment, Ticket
from db.models.handling import ArchiveManifest

_TRIES = 8


class Archiving:
    """Archive one or many; each succeeds or says why not."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def queue(self) -> Queue:
        """Closed work orders not yet archived, each with what stands against archiving it."""
        with self._seat.db.reading() as session:
            found = waiting(session, self._seat, TicketState.CLOSED)
            against = self._obstacles(session, [row.id for row in found.rows])
        waits = tuple(replace(w, note="；".join(against[w.ticket_id])) for w in found.waits)
        return replace(found, waits=waits)

    def _obstacles(self, session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Two statements however many there are."""
        shares: dict[int, list[Assignment]] = defaultdict(list)
        query = select(Assignment).where(Assignment.ticket_id.in_(ids)).order_by(Assignment.seq)
        for row in session.scalars(query):
            shares[row.ticket_id].append(row)
        step = Step(Move.ARCHIVE, self._seat.operator, self._seat.now(session))
        return {
            ticket.id: archiving.obstacles(
                case_of(ticket, tuple(shares[ticket.id])), step, self._seat.rules
            )
            for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(ids)))
        }

    def archive(self, ticket_id: int, version: int | None = None) -> Changed:
        """Give the archive number and close the file for good. Raises NotAllowed while something stands against it."""
        for left in reversed(range(_TRIES)):
            try:
                return self._archive(ticket_id, version)
            except IntegrityError as error:
                # Another clerk took the same number a moment before; the next one is free.
                if not left:
                    raise Conflict("别处正在归档", "请稍等几秒再试") from error
        raise AssertionError("unreachable")

    def _archive(self, ticket_id: int, version: int | None) -> Changed:
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(archive_ticket(session, self._seat, ticket_id, version))

    def archive_many(self, ticket_ids: tuple[int, ...]) -> BulkResult:
        """Archive several; a refusal stops none of the others."""
        done, failed, ids = [], [], []
        for ticket_id in ticket_ids:
            try:
                done.append(self.archive(ticket_id).number)
                ids.append(ticket_id)
            except UserError as error:
                failed.append((self._number(ticket_id), error.text))
        return BulkResult(
            Changed(frozenset({Topic.TICKETS}), tuple(ids)), tuple(done), tuple(failed)
        )

    def prove(self, ticket_id: int) -> Proof:
        """Whether an archived work order is still what was sealed, file by file. Raises NotFound."""
        with self._seat.db.reading() as session:
            query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
            ticket = session.scalar(query)
            if ticket is None:
                raise NotFound("没有找到这张工单，或不在您的查看范围内")
            sealed = select(ArchiveManifest).where(ArchiveManifest.ticket_id == ticket_id)
            manifest = session.scalar(sealed)
            if manifest is None:
                return Proof(ticket.number, ticket.archive_no)
            faults = next((b.faults for b in broken_seals(session, [ticket_id])), ())
            files = len(manifest.body["files"])
            rows = sum(len(part["rows"]) for part in manifest.body["parts"].values())
            return Proof(
                ticket.number, manifest.archive_no, manifest.sealed_at, manifest.sealed_by, rows,
                files, manifest.digest, faults,
            )  # fmt: skip

    def _number(self, ticket_id: int) -> str:
        with self._seat.db.reading() as session:
            return session.scalar(select(Ticket.number).where(Ticket.id == ticket_id)) or "—"
