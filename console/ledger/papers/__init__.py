"""What each printed form needs beyond the case file, read from the rows (field-facts 9.3 to 9.7).

A form whose rows do not exist yet gets None and is printed with blanks to write in.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from console.domain.forms import FormDetails, FormKind
from console.domain.withholding import rewrite
from console.ledger.cases import contact_hidden, known_people
from console.ledger.papers import archive, asked, centre, unit
from console.ledger.seat import Seat
from db.models import Ticket

Details = FormDetails | tuple[FormDetails, ...] | None
# Staff's own names and the centre's numbers: a citizen of the same name must not blot them out.
_SIGNED = frozenset(
    "document_no task_no by handler reviewer decided_by asked_by opened_by chaired_by handed_by receiver_no "
    "signed_by signed_off_by worker contact contact_phone leader lead_leader co_leader arrived_by read_by "
    "call_no direction service got_it_first police_no settled_by receiver_back agreed "
    "archive_no archived_by digest mark number".split()
)


def form_details(session: Session, seat: Seat, ticket_id: int, form: FormKind) -> Details:
    """The form's own records; the caller has already found the ticket in scope.

    As on the case file for paper, the appellants of a confidential ticket are struck out of every text.
    """
    read = _READERS.get(form)
    ticket = session.get(Ticket, ticket_id)
    if read is None or ticket is None:
        return None
    found = read(session, seat, ticket)
    if found and (ticket.confidential or contact_hidden(ticket, seat.operator)):
        known = known_people(session, seat, ticket_id)
        return rewrite(found, lambda _name, text: known.strike(text), _SIGNED)
    return found


_READERS: dict[FormKind, Callable[[Session, Seat, Ticket], Details]] = {
    FormKind.HANDLING_SHEET: unit.handling,
    FormKind.GRID_TASK: unit.grid_tasks,
    FormKind.URGING_NOTICE: centre.urging,
    FormKind.SUPERVISION_NOTICE: centre.supervision,
    FormKind.RETURN_REQUEST: asked.return_request,
    FormKind.EXTENSION_REQUEST: asked.extension,
    FormKind.REJECTION_NOTICE: centre.rejection,
    FormKind.DESIGNATION_NOTICE: centre.designation,
    FormKind.VERIFICATION: unit.verification,
    FormKind.JOINT_SHEET: asked.joint,
    FormKind.COPY_NOTICE: centre.copies,
    FormKind.POLICE_HANDOVER: centre.police,
    FormKind.ARCHIVE_INDEX: archive.index,
    FormKind.REPLY_LETTER: archive.letters,
}
