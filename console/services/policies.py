"""A planned policy pack held against the work orders in hand; nothing is written (peers 6.7)."""

from pathlib import Path

from sqlalchemy import select

from console.domain.errors import Invalid
from console.domain.policy import PACKS, PolicyPack, load_pack, pack_names
from console.domain.policy_change import PolicyChange, would_move
from console.domain.rules import Rules
from console.domain.states import OPEN_STATES, TicketState
from console.ledger import Seat
from console.ledger.writing import case_of
from db.models import Assignment, Ticket

AT_ONCE = 500


class Policies:
    """What a changed rule would move."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def would_move(self, pack: str) -> PolicyChange:
        """Every open work order whose finish would move. Raises Invalid for no pack, PolicyFault for a faulty one."""
        planned = _read(pack)
        rules = Rules(planned, planned.calendar())
        with self._seat.db.reading() as session:
            now, at, looked, moved = self._seat.now(session), 0, 0, []
            query = select(Ticket).where(
                Ticket.state.in_(OPEN_STATES - {TicketState.DRAFT}), Ticket.training.is_(False)
            )
            while page := session.scalars(
                query.where(Ticket.id > at).order_by(Ticket.id).limit(AT_ONCE)
            ).all():
                at, looked = page[-1].id, looked + len(page)
                shares: dict[int, list[Assignment]] = {}
                rows = select(Assignment).where(Assignment.ticket_id.in_([t.id for t in page]))
                for row in session.scalars(rows.order_by(Assignment.seq)):
                    shares.setdefault(row.ticket_id, []).append(row)
                for ticket in page:
                    case = case_of(ticket, tuple(shares.get(ticket.id, ())))
                    moved.append(would_move(case, ticket.holder_name, self._seat.rules, rules))
            found = sorted((m for m in moved if m is not None), key=lambda m: m.after)
            return PolicyChange(planned.name, looked, now, tuple(found))


def _read(pack: str) -> PolicyPack:
    path = PACKS / pack if pack in pack_names() else Path(pack)
    if not path.exists():
        raise Invalid(
            f"没有规则包“{pack}”", f"可用：{'、'.join(pack_names())}，或写文件路径", "pack"
        )
    return load_pack(path)
