"""Who a caller is, in full: always logged, and counted unless it is the caller of one's own call (product.md 8)."""

from console.domain.errors import NotFound
from console.ledger import Seat, contacts
from console.ledger.audit import need_reason
from console.ledger.contacts import Wanted
from console.services.intake import calls
from db.models import Person


def person(seat: Seat, person_id: int, reason: str) -> tuple[str, str]:
    """Name and home address. Raises Invalid, NotFound, NotAllowed."""
    need_reason(reason)
    with seat.db.reading() as session:
        found = session.get(Person, person_id)
        if found is None:
            raise NotFound("没有找到这位居民")
        own = calls.took_call_from(session, seat, found.phone_key)
    name, home = contacts.disclose(
        seat, Wanted("person", person_id, ("name", "home_address"), own=own), reason
    )
    return name, home


def number(seat: Seat, call_id: int, reason: str) -> str:
    """The number a call came from. Raises Invalid, NotFound, NotAllowed."""
    need_reason(reason)
    with seat.db.reading() as session:
        call = calls.find(session, call_id)
        mine = call.account_id == seat.operator.account_id
        own = mine and calls.took_call_from(session, seat, call.caller_key)
    return contacts.disclose(seat, Wanted("call", call_id, ("phone",), own=own), reason)[0]
