"""Final ticket numbers from blocks leased in advance, so that no number is ever given twice (peers 6.13)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.numbering import ticket_number
from console.domain.states import Channel
from console.domain.worktime import civil_date
from db.models import NumberLease

BLOCK = 10


@dataclass
class Numbers:
    """The blocks this workstation holds, by day and channel. Used on the write lane only."""

    workstation: str
    _held: dict[tuple[date, Channel], list[int]] = field(default_factory=dict)

    def next_number(self, session: Session, at: datetime, channel: Channel) -> str:
        """A number for a ticket received at `at`; leases a new block when the last one is used up."""
        day = civil_date(at)
        block = self._held.setdefault((day, channel), [])
        if not block:
            block.extend(self._lease(session, day, at, channel))
        return ticket_number(day, channel.value, block.pop(0))

    def _lease(self, session: Session, day: date, at: datetime, channel: Channel) -> range:
        key = f"{day:%Y%m%d}"
        mine = (NumberLease.kind == "ticket", NumberLease.day == key)
        last = session.scalar(
            select(func.max(NumberLease.high)).where(*mine, NumberLease.channel == channel.value)
        )
        low = (last or 0) + 1
        session.add(
            NumberLease(
                kind="ticket",
                day=key,
                channel=channel.value,
                workstation=self.workstation,
                low=low,
                high=low + BLOCK - 1,
                leased_at=at,
            )
        )
        session.flush()
        return range(low, low + BLOCK)
