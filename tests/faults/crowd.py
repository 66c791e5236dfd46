"""Consoles that take calls one after another as the intake desk does, outbox and all; and what became of each call."""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Event

from sqlalchemy import select

from console.domain.errors import Unavailable
from console.domain.intake import IntakeForm
from console.domain.policy import default_pack
from console.domain.roles import Operator
from console.domain.rules import Rules
from console.ledger import Numbers, Seat
from console.services.drafts import Drafts
from console.services.intake import Intake
from db.engine import Database, open_database
from db.models import Ticket
from tests.faults.guarded import own_url
from tests.services.intake_desk import form


@cache
def rules() -> Rules:
    """Read once: a crowd in one program shares them."""
    pack = default_pack()
    return Rules(pack, pack.calendar())


@dataclass
class Heard:
    """What the server said and the citizen heard: ticket numbers by form."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    queued: set[str] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)
    why: Counter[str] = field(default_factory=Counter)


class Console(Heard):
    """One workstation: its own connections, numbers and journal."""

    def __init__(self, url: str, name: str, folder: Path, who: Operator) -> None:
        super().__init__()
        self._chance = random.Random(name)
        self.url, self.name, self.folder, self.who = own_url(url, who), name, folder, who
        self.database = open_database(self.url)
        seat = Seat(self.database, rules(), self.name, Numbers(self.name), demo=True)
        seat.sit(self.who)
        self.intake = Intake(seat)
        self.drafts = Drafts(self.folder / self.name)
        seat.numbers.keep_on(self.drafts.shelf(self.database.place))

    def take_call(self) -> None:
        """A call is registered and dispatched, or waits in the outbox under its final number."""
        asked = self._caller()
        start = time.perf_counter()
        try:
            self._submit(asked)
            self.seconds.append(time.perf_counter() - start)
        except Unavailable as error:
            self.why[error.text] += 1
            self.queued.add(asked.key)
            self.drafts.queue(self._numbered(asked), True)

    def drain(self) -> bool:
        """Send what waits, in order; False while the server is away."""
        for waiting in self.drafts.waiting():
            try:
                self._submit(waiting.form)
            except Unavailable:
                return False
            self.drafts.sent(waiting.key)
        return True

    def sit_down(self) -> None:
        """What is read and leased beforehand, over both connections."""
        with suppress(Unavailable):
            self.intake.warm()
            with self.database.reading() as one, self.database.reading() as two:
                one.execute(select(1)), two.execute(select(1))

    def look_up(self) -> None:
        """What the window asks while the caller speaks; busy, the card stays empty and the call goes on."""
        with suppress(Unavailable):
            self._look_up(self._caller())

    def _look_up(self, asked: IntakeForm) -> None:
        self.intake.caller(asked.full_phone)
        self.intake.place(asked.address, None)
        self.intake.suggest(asked)
        self.intake.duplicates(asked)

    def _caller(self) -> IntakeForm:
        """Somebody else each time, at another door."""
        phone, door = (
            f"1990000{self._chance.randrange(10_000):04d}",
            self._chance.randrange(101, 199, 2),
        )
        return form(full_phone=phone, person_id=None, address=f"宝丽西街{door}号")

    @property
    def heard(self) -> Heard:
        return Heard(self.acknowledged, self.told, self.queued, self.seconds, self.why)

    def close(self) -> None:
        self.drafts.close()
        self.database.close()

    def _submit(self, asked: IntakeForm) -> None:
        self.acknowledged[asked.key] = self.intake.submit(asked, True).number

    def _numbered(self, asked: IntakeForm) -> IntakeForm:
        try:
            number = self.intake.take_number()
        except Unavailable:
            return asked
        self.told[asked.key] = number
        return replace(asked, number=number)


@dataclass(frozen=True)
class Findings:
    """What a crowd came to."""

    seconds: float
    calls: int
    acknowledged: int
    through_the_outbox: int
    told_while_cut_off: int
    lost: int
    twice: int
    other_number: int
    why: Counter[str]
    median_ms: float
    p95_ms: float
    longest_ms: float

    @property
    def a_second(self) -> float:
        return self.acknowledged / self.seconds

    @property
    def sound(self) -> bool:
        """Every call is there once, under the number that was told."""
        faults = self.lost + self.twice + self.other_number
        return faults == 0 and self.acknowledged == self.calls

    def lines(self) -> Iterable[str]:
        yield f"{self.calls} calls in {self.seconds:.1f} s, {self.a_second:.0f} work orders a second"
        yield f"p50 {self.median_ms:.0f} ms, p95 {self.p95_ms:.0f} ms, longest {self.longest_ms:.0f} ms"
        yield f"through the outbox {self.through_the_outbox}, with a final number {self.told_while_cut_off}"
        yield "away because: " + (", ".join(f"{why} {n}" for why, n in self.why.items()) or "never")
        yield f"lost {self.lost}, twice {self.twice}, under another number than told {self.other_number}"


def work(consoles: list[Console], over: Event, pause: float = 0.0) -> None:
    """All of them take calls until it is over; a fault that is no `Unavailable` comes out."""

    def one(console: Console) -> None:
        while not over.is_set():
            if console.drain():
                console.take_call()
            else:
                console.take_call()
                over.wait(0.2)
            if pause:
                over.wait(pause)

    _together(one, consoles)


def drain_all(consoles: list[Console], limit: float = 60.0) -> None:
    """Every outbox is emptied, as the consoles do by themselves. Raises TimeoutError."""

    def one(console: Console) -> None:
        until = time.monotonic() + limit
        while not console.drain():
            if time.monotonic() > until:
                raise TimeoutError(console.name)
            time.sleep(0.2)

    _together(one, consoles)


def _together(one: Callable[[Console], None], consoles: list[Console]) -> None:
    with ThreadPoolExecutor(len(consoles)) as lanes:
        list(lanes.map(one, consoles))


def findings(consoles: Sequence[Heard], database: Database, seconds: float) -> Findings:
    """Every call looked up in the database."""
    with database.reading() as session:
        stored = session.execute(select(Ticket.form_key, Ticket.number)).all()
    count, number = Counter(key for key, _ in stored), dict(stored)
    answered = {k: v for console in consoles for k, v in console.acknowledged.items()}
    told = {k: v for console in consoles for k, v in console.told.items()}
    calls = answered.keys() | {key for console in consoles for key in console.queued}
    times = sorted(s for console in consoles for s in console.seconds)
    given = Counter(n for _, n in stored)
    return Findings(
        seconds=seconds,
        calls=len(calls),
        acknowledged=len(answered),
        through_the_outbox=sum(len(console.queued) for console in consoles),
        told_while_cut_off=len(told),
        lost=len(calls - count.keys()),
        twice=sum(n > 1 for n in (count & Counter(dict.fromkeys(calls, 10**6))).values())
        + sum(n > 1 for n in given.values()),
        other_number=sum(number.get(k) != v for k, v in (*answered.items(), *told.items())),
        why=sum((console.why for console in consoles), Counter()),
        median_ms=statistics.median(times) * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        longest_ms=times[-1] * 1000,
    )
