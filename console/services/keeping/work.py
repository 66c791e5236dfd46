"""One piece of the keeper's work: a work order to lock, and what to look at again once it is."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from console.domain.keeping import Duty
from console.ledger import Seat
from console.services.keeping.records import Records
from db.models import Ticket

Find = Callable[[Session, Seat], Iterator["Work"]]
Settle = Callable[[Session, Records, Ticket], Counter[Duty]]


@dataclass(frozen=True, slots=True)
class Work:
    """`settle` decides anew under the lock, so that whoever comes second finds nothing left to do."""

    ticket_id: int
    settle: Settle
