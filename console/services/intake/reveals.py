"""Who a caller is, in full: always logged, and counted unless it is the caller of one's own call (product.md 8)."""

from sqlalchemy.orm import Session

from console.domain.errors import NotFound
from console.ledger import Seat
from console.ledger.audit import CALLER, REVEAL, allow_reveal, need_reason, record
from console.services.intake import calls
from db.models import Person


def person(session: Session, seat: Seat, person_id: int, reason: str) -> tuple[str, str]:
    """Name and home address. Raises Invalid, NotFound, NotAllowed."""
    need_reason(reason)
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound("没有找到这位居民")
    own = calls.took_call_from(session, seat, found.phone)
    shown = ("name", "home_address")
    _log(session, seat, own, ("person", str(person_id)), reason, found.phone, shown)
    return found.name, found.home_address


def number(session: Session, seat: Seat, call_id: int, reason: str) -> str:
    """The number a call came from. Raises Invalid, NotFound, NotAllowed."""
    need_reason(reason)
    call = calls.find(session, call_id)
    mine = call.account_id == seat.operator.account_id
    own = mine and calls.took_call_from(session, seat, call.caller_no)
    _log(session, seat, own, ("call", str(call_id)), reason, call.caller_no, ("phone",))
    return call.caller_no


def _log(
    session: Session,
    seat: Seat,
    own: bool,
    subject: tuple[str, str],
    reason: str,
    phone: str,
    shown: tuple[str, ...],
) -> None:
    if not own:
        allow_reveal(session, seat, reason)
    action = CALLER if own else REVEAL
    record(session, seat, action, subject, reason, phone, {"fields": list(shown)})
