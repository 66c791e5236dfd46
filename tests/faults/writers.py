"""Many people at many desks writing on the same few work orders, through the services, with what they last saw."""

import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from console.domain.desks import CallbackAnswers, DispatchForm
from console.domain.errors import UserError
from console.domain.inbox import ReplyForm
from console.domain.roles import Operator, Role
from console.domain.states import Resolution, Satisfaction, TicketState
from console.domain.supervision import UrgeForm
from console.ledger import Numbers, Seat
from console.services.callbacks import Callbacks
from console.services.dispatching import Dispatching
from console.services.handling import Handling
from console.services.orders import Orders
from console.services.reviewing import Reviewing
from console.services.supervising import Supervising
from db.engine import Database, open_database
from db.models import Ticket, TicketEvent
from tests.faults.crowd import rules
from tests.faults.guarded import make_city, own_url, people
from tests.faults.pair import running_server
from tests.journeys import STREET, open_ticket

S = TicketState
ROLES = (
    (Role.AGENT, None), (Role.DISPATCHER, None), (Role.STREET_DESK, STREET), (Role.STREET_DESK, STREET),
    (Role.REVISITOR, None), (Role.SUPERVISOR, None),
)  # fmt: skip
REPLY = ReplyForm(
    true_appeal=True, resolution=Resolution.RESOLVED, contacted=True, signed_off_by="分管负责人",
    public_reply="已于当日疏通下水道并清理路面，请您放心，如再堵塞请随时来电。",
    result="当日派人到场疏通堵塞管段，清掏淤泥并冲洗路面，复查排水正常。",
    explanation="养护人员就在附近巡查，当场处理完毕。",
)  # fmt: skip
ANSWERS = CallbackAnswers(
    True, Resolution.RESOLVED.value, Satisfaction.SATISFIED, Satisfaction.SATISFIED, "", "感谢"
)


@dataclass
class Writer:
    """Somebody at a desk of his or her own, with connections of its own."""

    database: Database
    who: Operator
    chance: random.Random
    done: list[tuple[str, int, int]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seat = Seat(self.database, rules(), "WS-CROWD", Numbers("WS-CROWD"), demo=True)
        self.seat.sit(self.who)
        self.orders, self.handling = Orders(self.seat), Handling(self.seat)
        self.dispatching, self.reviewing = Dispatching(self.seat), Reviewing(self.seat)
        self.callbacks = Callbacks(self.seat)
        self.supervising = Supervising(self.seat, lambda *_: b"")

    def step(self, ids: list[int]) -> None:
        """Look at one of them, think, do what this desk does with it as it was seen."""
        seen: tuple[int, int, TicketState] | None = None
        for _ in range(4):
            seen = self._look(self.chance.choice(ids)) or seen
            if seen and self._own_work(*seen):
                break
        if not seen:
            # A unit before anything was dispatched to it.
            return
        name, move = self._choose(*seen)
        start = time.perf_counter()
        try:
            move()
        except UserError as error:
            why = re.split("[：；]", error.text)[0]
            self.refused[f"{type(error).__name__} {why}"] += 1
        else:
            self.done.append((name, seen[0], seen[1]))
        self.seconds.append(time.perf_counter() - start)

    def _look(self, ticket_id: int) -> tuple[int, int, TicketState] | None:
        """None for what is not this desk's to see."""
        with self.database.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            return (ticket.id, ticket.version, ticket.state) if ticket else None

    def _choose(
        self, id_: int, version: int, state: TicketState
    ) -> tuple[str, Callable[[], object]]:
        mine = self._own_work(id_, version, state)
        if mine and self.chance.random() < 0.85:
            return self.chance.choice(mine)
        return "note", lambda: self.orders.note(id_, "来电补充：仍在等候处理。", version)

    def _own_work(
        self, id_: int, version: int, state: TicketState
    ) -> list[tuple[str, Callable[[], object]]]:
        form = DispatchForm(id_, version, STREET, (), "请按职责办理")
        work: dict[tuple[Role, TicketState], list[tuple[str, Callable[[], object]]]] = {
            (Role.DISPATCHER, S.PENDING_DISPATCH): [
                ("dispatch", lambda: self.dispatching.dispatch(form))
            ],
            (Role.AGENT, S.PENDING_SIGN): [
                ("note", lambda: self.orders.note(id_, "来电人补充了联系方式。", version))
            ],
            (Role.DISPATCHER, S.PENDING_REVIEW): [
                ("pass", lambda: self.reviewing.pass_reply(id_, version, "情况清楚", False)),
                ("send back", lambda: self.reviewing.send_back(id_, version, "请补充现场照片说明")),
            ],
            (Role.STREET_DESK, S.PENDING_SIGN): [
                ("sign", lambda: self.handling.sign(id_, version))
            ],
            (Role.STREET_DESK, S.IN_PROGRESS): [
                ("contact", lambda: self._contact(id_, version)),
                ("reply", lambda: self.handling.reply(id_, REPLY, version)),
            ],
            (Role.REVISITOR, S.PENDING_CALLBACK): [
                ("close", lambda: self.callbacks.close(id_, ANSWERS, version))
            ],
            (Role.SUPERVISOR, S.IN_PROGRESS): [
                ("urge", lambda: self.supervising.urge(UrgeForm((id_,), "群众再次来电", "", version)))
            ],
        }  # fmt: skip
        work[Role.STREET_DESK, S.REDO] = work[Role.STREET_DESK, S.IN_PROGRESS]
        return work.get((self.who.role, state), [])

    def _contact(self, id_: int, version: int) -> object:
        with self.database.reading() as session:
            at = self.seat.now(session)
        return self.handling.contact(id_, at, "电话", "已向群众说明情况", version)


@dataclass(frozen=True)
class Outcome:
    """What the writers came to. `same_version`: moves both acknowledged on one version, a lost update."""

    seconds: float
    done: Counter[str]
    refused: Counter[str]
    same_version: int
    events: int
    broken: int
    deadlocks: int
    median_ms: float
    p95_ms: float

    @property
    def sound(self) -> bool:
        """Nothing overwritten, nothing unlogged, nobody in anybody's way for good."""
        busy = sum(n for name, n in self.refused.items() if name.startswith("Unavailable"))
        return self.same_version + self.broken + self.deadlocks + busy == 0

    def lines(self) -> Iterable[str]:
        moves = self.done.total()
        yield f"{moves} moves in {self.seconds:.1f} s ({moves / self.seconds:.0f} a second), {self.events} log lines"
        yield f"p50 {self.median_ms:.0f} ms, p95 {self.p95_ms:.0f} ms"
        yield f"two on one version {self.same_version}, rows that differ from their log {self.broken}"
        yield f"deadlocks {self.deadlocks}"
        yield "done: " + ", ".join(f"{name} {count}" for name, count in self.done.most_common())
        yield "refused: " + ", ".join(f"{name} {n}" for name, n in self.refused.most_common())


def write_together(writers: int, tickets: int, seconds: float) -> Outcome:
    """So many writers on the same so many work orders, for so long."""
    with running_server(writers * 2 + 20) as server:
        crowd = people([ROLES[n % len(ROLES)] for n in range(writers)])
        make_city(server.url, crowd)
        database = open_database(server.url)
        ids = [open_ticket(database) for _ in range(tickets)]
        before = _events(database)
        desks = [
            Writer(open_database(own_url(server.url, who)), who, random.Random(n))
            for n, who in enumerate(crowd)
        ]
        start = time.monotonic()
        _all_write(desks, ids, start + seconds)
        found = _outcome(desks, database, before, time.monotonic() - start)
        for one in (*(writer.database for writer in desks), database):
            one.close()
        return found


def _all_write(crowd: list[Writer], ids: list[int], until: float) -> None:
    def one(writer: Writer) -> None:
        while time.monotonic() < until:
            writer.step(ids)

    with ThreadPoolExecutor(len(crowd)) as lanes:
        list(lanes.map(one, crowd))


def _events(database: Database) -> int:
    with database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(TicketEvent)) or 0)


def _outcome(crowd: list[Writer], database: Database, before: int, seconds: float) -> Outcome:
    times = sorted(s for writer in crowd for s in writer.seconds)
    on = Counter((id_, version) for writer in crowd for _name, id_, version in writer.done)
    with database.reading() as session:
        deadlocks = session.scalar(text("select sum(deadlocks) from pg_stat_database"))
        broken = _broken(session)
    return Outcome(
        seconds=seconds,
        done=Counter(name for writer in crowd for name, _id, _version in writer.done),
        refused=sum((writer.refused for writer in crowd), Counter()),
        same_version=sum(n > 1 for n in on.values()),
        events=_events(database) - before,
        broken=broken,
        deadlocks=int(deadlocks or 0),
        median_ms=statistics.median(times) * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
    )


def _broken(session: Session) -> int:
    """Work orders that are not in the state their last log line says."""
    last = select(func.max(TicketEvent.id)).group_by(TicketEvent.ticket_id)
    query = select(func.count()).select_from(Ticket).join(TicketEvent)
    differ = query.where(TicketEvent.id.in_(last), TicketEvent.state_after != Ticket.state)
    return int(session.scalar(differ) or 0)
