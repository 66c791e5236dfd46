"""Final ticket numbers from blocks leased in advance, so that no number is ever given twice (peers 6.13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Protocol

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from console.domain.numbering import ticket_number
from console.domain.states import Channel
from console.domain.worktime import civil_date
from db.engine import OPERATOR
from db.models import NumberLease

BLOCK = 20
# So many are in hand whenever the connection goes: some hours of calls for one operator.
RESERVE = 10
# From so long before midnight tomorrow's are leased too: a night cut off has numbers of its own day.
BEFOREHAND = timedelta(hours=3)
# Any number that nothing else locks: who leases on PostgreSQL waits for whoever leased a moment before.
_LEASING = 12345_01
_Key = tuple[date, Channel]
_Blocks = dict[_Key, list[int]]


class Shelf(Protocol):
    """Where numbers outlast the program; `save` says whether what was read there may still be given out."""

    def load(self) -> Mapping[str, list[int]]: ...
    def save(self, numbers: Mapping[str, list[int]]) -> bool: ...


@dataclass
class Numbers:
    """The blocks this workstation holds for whoever sits here, by day and channel. Safe on any thread.

    A block is held only once the transaction that leased it is committed. Rolled back, or its fate
    unknown, it is let go with every number taken from it: a gap is allowed, a number twice is not.
    """

    workstation: str
    account_id: int | None = None
    _held: _Blocks = field(default_factory=dict)
    _shelf: Shelf | None = None
    _unread: bool = False
    _lock: Lock = field(default_factory=Lock)

    def belong_to(self, account_id: int | None) -> None:
        """Somebody else sits down: nobody uses up what another has leased."""
        with self._lock:
            if account_id != self.account_id:
                self.account_id, self._held, self._shelf = account_id, {}, None

    def keep_on(self, shelf: Shelf) -> None:
        """What is leased from now on outlasts the program; what lies there is taken up at the next `stock`."""
        with self._lock:
            self._held, self._shelf, self._unread = {}, shelf, True

    def stock(self, session: Session, at: datetime, channel: Channel) -> None:
        """See to it that enough numbers are in hand if the connection goes."""
        self._take_up(session, at)
        for moment in dict.fromkeys((civil_date(at), civil_date(at + BEFOREHAND))):
            key = (moment, channel)
            with self._lock:
                in_hand = [*self._held.get(key, ()), *self._fresh(session).get(key, ())]
            if len(in_hand) < RESERVE:
                first = self._lease(session, key, at)
                self._fresh(session)[key].insert(0, first)

    def next_number(self, session: Session, at: datetime, channel: Channel) -> str:
        """A number for a ticket received at `at`; leases a new block when the last one is used up."""
        key = (civil_date(at), channel)
        with self._lock:
            sequence = _take(self._fresh(session), key) or self._take_held(key)
        # Not under the lock: leasing may wait for another workstation.
        return ticket_number(key[0], channel.value, sequence or self._lease(session, key, at))

    def in_hand(self, at: datetime, channel: Channel) -> str:
        """A number without the database; empty when none is left. Never leases: nobody would commit it."""
        key = (civil_date(at), channel)
        with self._lock:
            sequence = self._take_held(key)
        return ticket_number(key[0], channel.value, sequence) if sequence else ""

    def _take_held(self, key: _Key) -> int:
        """Off the shelf before anybody hears it."""
        sequence = _take(self._held, key)
        if sequence and not self._put_down():
            self._held, self._shelf = {}, None
            return 0
        return sequence

    def _put_down(self) -> bool:
        if self._shelf is None or self._unread:
            return True
        return self._shelf.save({_name(key): left for key, left in self._held.items() if left})

    def _take_up(self, session: Session, at: datetime) -> None:
        """What the program before left lying: only what this database knows as leased here, for today or later."""
        with self._lock:
            shelf = self._shelf if self._unread else None
        if shelf is None:
            return
        lying = {key: left for name, left in shelf.load().items() if (key := _key(name))}
        sound = {
            key: self._sound(session, key, left)
            for key, left in lying.items()
            if key[0] >= civil_date(at)
        }
        with self._lock:
            self._unread = False
            for key, left in sound.items():
                # Those first: each was leased before what is in hand now.
                self._held[key] = [*left, *self._held.get(key, ())]
            if not self._put_down():
                self._held, self._shelf = {}, None

    def _sound(self, session: Session, key: _Key, left: list[int]) -> list[int]:
        query = select(NumberLease.low, NumberLease.high).where(
            NumberLease.kind == "ticket",
            NumberLease.day == _day(key),
            NumberLease.channel == key[1].value,
            NumberLease.workstation == self.workstation,
            NumberLease.account_id == self.account_id,
        )
        leased = [(low, high) for low, high in session.execute(query)]
        return [number for number in left if any(low <= number <= high for low, high in leased)]

    def _lease(self, session: Session, key: _Key, at: datetime) -> int:
        """The first number of a block leased in this transaction; the others wait for its commit."""
        if _guarded(session):
            asked = func.hotline.lease_block(_day(key), key[1].value, self.workstation, BLOCK)
            low = int(session.scalar(select(asked)) or 0)
        else:
            low = self._lease_step_by_step(session, key, at)
        self._fresh(session).setdefault(key, []).extend(range(low + 1, low + BLOCK))
        return low

    def _lease_step_by_step(self, session: Session, key: _Key, at: datetime) -> int:
        day, channel = _day(key), key[1].value
        if session.get_bind().dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_LEASING)))
        last = session.scalar(
            select(func.max(NumberLease.high)).where(
                NumberLease.kind == "ticket",
                NumberLease.day == day,
                NumberLease.channel == channel,
            )
        )
        low: int = (last or 0) + 1
        session.add(
            NumberLease(
                kind="ticket", day=day, channel=channel, workstation=self.workstation,
                account_id=self.account_id, low=low, high=low + BLOCK - 1, leased_at=at,
            )
        )  # fmt: skip
        session.flush()
        return low

    def _fresh(self, session: Session) -> _Blocks:
        """What this session has leased and not yet committed."""
        mark = f"leases {id(self)}"
        if mark not in session.info:
            session.info[mark] = fresh = _Fresh(self, self.account_id)
            event.listen(session, "after_commit", fresh.committed)
            event.listen(session, "after_soft_rollback", fresh.rolled_back)
        found: _Fresh = session.info[mark]
        return found.blocks

    def hold(self, blocks: _Blocks, account_id: int | None) -> None:
        """Blocks whose lease is in the database for good; those of somebody who has left are a gap."""
        with self._lock:
            if account_id != self.account_id or not blocks:
                return
            for key, numbers in blocks.items():
                self._held.setdefault(key, []).extend(numbers)
            if not self._put_down():
                self._held, self._shelf = blocks, None


@dataclass
class _Fresh:
    """Blocks of a transaction under way, until its end is known."""

    numbers: Numbers
    account_id: int | None
    blocks: _Blocks = field(default_factory=dict)

    def committed(self, session: Session) -> None:
        # A savepoint's release is no commit yet.
        if not session.in_nested_transaction():
            leased, self.blocks = self.blocks, {}
            self.numbers.hold(leased, self.account_id)

    def rolled_back(self, _session: Session, _transaction: object) -> None:
        self.blocks = {}


def _guarded(session: Session) -> bool:
    """Connected as an operator (`db.security`): the server leases in one breath."""
    return (session.get_bind().engine.url.username or "").startswith(OPERATOR)


def _take(blocks: _Blocks, key: _Key) -> int:
    """The next number of a block; 0 when there is none."""
    return blocks[key].pop(0) if blocks.get(key) else 0


def _day(key: _Key) -> str:
    return key[0].strftime("%Y%m%d")


def _name(key: _Key) -> str:
    return f"{_day(key)}-{key[1].value}"


def _key(name: str) -> _Key | None:
    """The day and channel that `_name` wrote; None for what another version of the program wrote."""
    try:
        day, channel = name.split("-")
        return date.fromisoformat(day), Channel(channel)
    except ValueError:
        return None
