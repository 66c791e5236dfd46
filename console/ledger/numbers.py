"""Final ticket numbers from blocks leased in advance, so that no number is ever given twice (peers 6.13)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from console.domain.numbering import ticket_number
from console.domain.states import Channel
from console.domain.worktime import civil_date
from db.models import NumberLease

BLOCK = 10
# Any number that nothing else locks: who leases on PostgreSQL waits for whoever leased a moment before.
_LEASING = 12345_01
_Key = tuple[date, Channel]
_Blocks = dict[_Key, list[int]]


@dataclass
class Numbers:
    """The blocks this workstation holds, by day and channel. Safe on any thread.

    A block is held only once the transaction that leased it is committed. Rolled back, or its fate
    unknown, it is let go with every number taken from it: a gap is allowed, a number twice is not.
    """

    workstation: str
    _held: _Blocks = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def next_number(self, session: Session, at: datetime, channel: Channel) -> str:
        """A number for a ticket received at `at`; leases a new block when the last one is used up."""
        key = (civil_date(at), channel)
        with self._lock:
            sequence = _take(self._fresh(session), key) or _take(self._held, key)
        # Not under the lock: leasing may wait for another workstation.
        return ticket_number(key[0], channel.value, sequence or self._lease(session, key, at))

    def _lease(self, session: Session, key: _Key, at: datetime) -> int:
        """The first number of a block leased in this transaction; the others wait for its commit."""
        day, channel = key[0].strftime("%Y%m%d"), key[1].value
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_LEASING)))
        last = session.scalar(
            select(func.max(NumberLease.high)).where(
                NumberLease.kind == "ticket",
                NumberLease.day == day,
                NumberLease.channel == channel,
            )
        )
        low = (last or 0) + 1
        high = low + BLOCK - 1
        session.add(
            NumberLease(
                kind="ticket", day=day, channel=channel, workstation=self.workstation,
                low=low, high=high, leased_at=at,
            )
        )  # fmt: skip
        session.flush()
        self._fresh(session).setdefault(key, []).extend(range(low + 1, high + 1))
        return low

    def _fresh(self, session: Session) -> _Blocks:
        """What this session has leased and not yet committed."""
        mark = f"leases {id(self)}"
        if mark not in session.info:
            session.info[mark] = fresh = _Fresh(self)
            event.listen(session, "after_commit", fresh.committed)
            event.listen(session, "after_soft_rollback", fresh.rolled_back)
        found: _Fresh = session.info[mark]
        return found.blocks

    def hold(self, blocks: _Blocks) -> None:
        """Blocks whose lease is in the database for good."""
        with self._lock:
            for key, numbers in blocks.items():
                self._held.setdefault(key, []).extend(numbers)


@dataclass
class _Fresh:
    """Blocks of a transaction under way, until its end is known."""

    numbers: Numbers
    blocks: _Blocks = field(default_factory=dict)

    def committed(self, session: Session) -> None:
        # A savepoint's release is no commit yet.
        if not session.in_nested_transaction():
            leased, self.blocks = self.blocks, {}
            self.numbers.hold(leased)

    def rolled_back(self, _session: Session, _transaction: object) -> None:
        self.blocks = {}


def _take(blocks: _Blocks, key: _Key) -> int:
    """The next number of a block; 0 when there is none."""
    return blocks[key].pop(0) if blocks.get(key) else 0
