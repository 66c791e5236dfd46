"""The hot questions of every desk, asked through the services under each role's own login, with the server's plans."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import event, select

from console.domain import reports as paper
from console.domain.city_map import PinSet
from console.domain.errors import Unavailable, UserError
from console.domain.inbox import InboxTab
from console.domain.linkage import Pile as Handed
from console.domain.orders import Criteria, Period, Sort, Stage, Whose
from console.domain.piles import Pile
from console.domain.roles import Role
from console.domain.states import Channel, Nature
from console.domain.supervision import Watch, WatchCriteria
from console.domain.worktime import civil_date
from console.ledger import Numbers, Seat
from console.services.archiving import Archiving
from console.services.callbacks import Callbacks
from console.services.dispatching import Dispatching
from console.services.finding import Finding
from console.services.handling import Handling
from console.services.handover import Handover
from console.services.intake import Intake
from console.services.linkage import Linkage
from console.services.mapping import Mapping
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.promises import Promises
from console.services.reports import Reports
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from console.services.verifying import Verifying
from db.engine import Database, open_database
from db.models import Appellant, Ticket
from tests.faults.crowd import rules
from tests.faults.guarded import own_url
from tests.million import RARE
from tests.services.intake_desk import form
from tests.world import operator

# What a sequential read of a million rows would be; everything else is a few thousand at most.
BIG = frozenset(
    {"ticket", "assignment", "ticket_event", "appellant", "ticket_text", "ticket_scope", "call", "callback",
     "handling_result", "promise", "person"}
)  # fmt: skip
TIMES = 5
HEADING = (
    "who            what                          statements, ms (median of 5), rows, found by"
)


@dataclass(frozen=True)
class Question:
    """What is asked, by whom."""

    role: Role
    unit: int | None
    what: str
    ask: Callable[["Desks"], object]


@dataclass
class Answer:
    """What it cost: milliseconds (median), statements, rows; `scans`: how the server found them, by table."""

    question: Question
    ms: float
    statements: int
    rows: int
    scans: dict[str, set[str]] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")

    @property
    def read_through(self) -> set[str]:
        return {table for table, how in self.scans.items() if table in BIG and "Seq Scan" in how}

    def line(self) -> str:
        used = " ".join(
            f"{table}:{'+'.join(sorted(how))}"
            for table, how in sorted(self.scans.items())
            if table in BIG
        )
        who = f"{self.question.role.value}{self.question.unit or ''}"
        return f"{who:<14} {self.question.what:<28} {self.statements:>2} {self.ms:>8.1f} {self.rows:>5} {used}"


class Desks:
    """Every service of one person, through that person's own login."""

    def __init__(self, url: str, role: Role, unit: int | None) -> None:
        who = operator(role, unit)
        self.database: Database = open_database(own_url(url, who))
        self.seat = Seat(self.database, rules(), "WS-HOT", Numbers("WS-HOT"))
        self.seat.sit(who)

    @cached_property
    def intake(self) -> Intake:
        made = Intake(self.seat)
        made.warm()
        return made

    def __getattr__(self, name: str) -> Any:
        kinds: dict[str, Callable[[Seat], object]] = {
            "orders": Orders, "dispatching": Dispatching, "handling": Handling, "callbacks": Callbacks,
            "finding": Finding, "archiving": Archiving, "mapping": Mapping, "promises": Promises,
            "verifying": Verifying, "merging": Merging, "linkage": Linkage, "tallies": Tallies,
            "supervising": lambda seat: Supervising(seat, lambda *_: b""),
            "handover": lambda seat: Handover(seat, None, None),  # type: ignore[arg-type]
            "reports": lambda seat: Reports(seat, None, None),  # type: ignore[arg-type]
        }  # fmt: skip
        if name not in kinds:
            raise AttributeError(name)
        made = kinds[name](self.seat)
        setattr(self, name, made)
        return made


@dataclass(frozen=True)
class Known:
    """Somebody and something in the million to ask after."""

    ticket: int
    number: str
    phone: str
    newest: int


def known(owner: Database) -> Known:
    with owner.reading() as session:
        mine = select(Ticket.id, Ticket.number).where(
            Ticket.holder_code == "990101001", Ticket.state == "in_progress"
        )
        id_, number = session.execute(mine.order_by(Ticket.id.desc()).limit(1)).one()
        phone = session.scalar(select(Appellant.phone).where(Appellant.ticket_id == id_))
        newest = session.scalar(
            select(Ticket.id)
            .where(Ticket.state == "pending_dispatch")
            .order_by(Ticket.id.desc())
            .limit(1)
        )
    return Known(id_, number, str(phone), int(newest or 0))


def questions(of: Known) -> Iterator[Question]:
    """Every list, counter and card that somebody waits for."""
    everybody = (
        (Role.AGENT, None), (Role.DISPATCHER, None), (Role.SUPERVISOR, None), (Role.OVERSEER, None),
        (Role.STREET_DESK, 10), (Role.GRID_LEADER, 20), (Role.GRID_WORKER, 30), (Role.LIAISON, 40),
    )  # fmt: skip
    for role, unit in everybody:
        for what, ask in _of_pool(of):
            yield Question(role, unit, what, ask)
        for what, ask in _of_box(of):
            yield Question(role, unit, what, ask)
    for role, unit in everybody[4:]:
        for what, ask in _of_unit(of):
            yield Question(role, unit, what, ask)
    for role, what, ask in _of_centre(of):
        yield Question(role, None, what, ask)


def _of_pool(of: Known) -> Iterator[tuple[str, Callable[[Desks], object]]]:
    def page(**said: Any) -> Callable[[Desks], object]:
        return lambda d: d.orders.page(Criteria(**said)).rows

    def second(**said: Any) -> Callable[[Desks], object]:
        def ask(d: Desks) -> object:
            first = d.orders.page(Criteria(**said))
            return d.orders.page(Criteria(**said), first.next).rows if first.next else ()

        return ask

    yield "pool", page()
    yield "pool next page", second()
    yield "pool counters", lambda d: d.orders.counters(Criteria())
    yield "pool counters month", lambda d: d.orders.counters(Criteria(period=Period.MONTH))
    for stage in _STAGES:
        yield f"pool {stage.value}", page(stage=stage)
    yield "pool closed month", page(stage=Stage.CLOSED, period=Period.MONTH)
    yield "pool every, all history", page(stage=Stage.EVERY, period=Period.ALL)
    yield "pool every, by number", page(stage=Stage.EVERY, period=Period.ALL, sort=Sort.NUMBER)
    yield "pool history next page", second(stage=Stage.EVERY, period=Period.ALL)
    yield "pool mine", page(whose=Whose.MINE)
    yield "pool my unit", page(whose=Whose.UNIT)
    yield "pool filters", page(natures=(Nature.HELP,), channels=(Channel.PHONE,), category="0103")
    yield "pool unit, history", page(stage=Stage.EVERY, period=Period.ALL, unit_code="990101001")
    yield "pool category, history", page(stage=Stage.EVERY, period=Period.ALL, category="050101")
    yield "pool number", page(text=of.number, stage=Stage.EVERY, period=Period.ALL)
    yield "pool words frequent", page(text="下水道", stage=Stage.EVERY, period=Period.ALL)
    yield "pool words rare", page(text=RARE, stage=Stage.EVERY, period=Period.ALL)
    yield "case", lambda d: (d.orders.open(of.ticket),)
    yield "promises", lambda d: d.promises.open()
    yield "promise counts", lambda d: d.promises.overdue()
    yield "map pins open", lambda d: d.mapping.pins(PinSet.OPEN).pins
    yield "reports month", lambda d: d.reports.orders(paper.Criteria(since=_month(d))).rows
    yield (
        "reports archived",
        lambda d: d.reports.orders(paper.Criteria(stage=paper.Stage.ARCHIVED)).rows,
    )
    yield (
        "reports number end",
        lambda d: d.reports.orders(paper.Criteria(stage=paper.Stage.ANY, text=of.number[-7:])).rows,
    )
    yield (
        "reports unit",
        lambda d: d.reports.orders(paper.Criteria(stage=paper.Stage.ANY, unit_id=10)).rows,
    )
    yield "platform tiles month", lambda d: d.tallies.platforms(_since(d))


_STAGES = (
    Stage.TO_DISPATCH, Stage.IN_HAND, Stage.TO_CALL_BACK, Stage.RED, Stage.LIT, Stage.CLOSED, Stage.EVERY,
    Stage.DRAFTS,
)  # fmt: skip


def _of_box(of: Known) -> Iterator[tuple[str, Callable[[Desks], object]]]:
    for what, said in (
        ("number", of.number), ("number's end", of.number[-7:]), ("phone", of.phone), ("phone's end", of.phone[-4:]),
        ("name", "叶长青"), ("words frequent", "路灯不亮"), ("words rare", RARE), ("address", "桂园小区1期"),
        ("initials", "ycq"),
    ):  # fmt: skip
        yield f"F3 {what}", lambda d, said=said: [h for g in d.finding.find(said) for h in g.hits]


def _of_unit(of: Known) -> Iterator[tuple[str, Callable[[Desks], object]]]:
    for tab in InboxTab:
        yield f"inbox {tab.value}", lambda d, tab=tab: d.handling.inbox(tab)
    yield "inbox counts", lambda d: d.handling.tab_counts()
    yield "verifying", lambda d: d.verifying.queue()
    yield "verifying count", lambda d: (d.verifying.count(),)


def _of_centre(of: Known) -> Iterator[tuple[Role, str, Callable[[Desks], object]]]:
    asked = form(full_phone=of.phone, person_id=None, address="宝丽西街123号")
    yield Role.AGENT, "caller card", lambda d: (d.intake.caller(of.phone),)
    yield Role.AGENT, "caller unknown", lambda d: (d.intake.caller("19911112222"),)
    yield Role.AGENT, "residents by name", lambda d: d.intake.residents("叶长")
    yield Role.AGENT, "residents by end", lambda d: d.intake.residents(of.phone[-4:])
    yield Role.AGENT, "duplicates", lambda d: d.intake.duplicates(asked)
    yield Role.AGENT, "suggest", lambda d: (d.intake.suggest(asked),)
    yield Role.AGENT, "place", lambda d: (d.intake.place("宝丽西街123号", None),)
    for pile in Pile:
        yield (
            Role.DISPATCHER,
            f"dispatch {pile.value}",
            lambda d, pile=pile: d.dispatching.queue(pile).rows,
        )
    yield Role.DISPATCHER, "dispatch counts", lambda d: d.dispatching.counts()
    yield Role.DISPATCHER, "dispatch help", lambda d: (d.dispatching.help(of.newest),)
    yield Role.DISPATCHER, "dispatch take next", lambda d: (d.dispatching.take_next(),)
    yield Role.DISPATCHER, "merge offer", lambda d: (d.merging.offer(of.newest),)
    yield Role.REVISITOR, "callback queue", lambda d: d.callbacks.queue().rows
    yield Role.REVISITOR, "callback take next", lambda d: (d.callbacks.take_next(),)
    for role in (Role.OVERSEER, Role.SUPERVISOR):
        yield role, "board", lambda d: d.supervising.board().units
        for watch in Watch:
            yield (
                role,
                f"watch {watch.value}",
                lambda d, watch=watch: d.supervising.watch(WatchCriteria(watch)).rows,
            )
        yield (
            role,
            "accountability month",
            lambda d: (d.supervising.accountability(_month(d), civil_date(_now(d))),),
        )
    for role in (Role.SUPERVISOR, Role.DISPATCHER, Role.AGENT):
        yield role, "handover", lambda d: (d.handover.shift(),)
    yield Role.CLERK, "archive desk", lambda d: d.archiving.queue().rows
    for handed in Handed:
        yield (
            Role.DISPATCHER,
            f"linkage {handed.value}",
            lambda d, handed=handed: d.linkage.queue(handed).rows,
        )


def _now(d: Desks) -> Any:
    with d.database.reading() as session:
        return d.seat.now(session)


def _since(d: Desks) -> Any:
    return _now(d) - timedelta(days=30)


def _month(d: Desks) -> Any:
    return civil_date(_since(d))


def ask_all(url: str) -> tuple[list[str], bool]:
    """A line a question, and whether none read a big table through and none was refused as too slow."""
    owner = open_database(url)
    of = known(owner)
    owner.close()
    desks: dict[tuple[Role, int | None], Desks] = {}
    lines, sound = [HEADING], True
    for question in questions(of):
        who = (question.role, question.unit)
        desks[who] = desks.get(who) or Desks(url, *who)
        found = answer(question, desks[who])
        if isinstance(found, Answer):
            sound = sound and not found.read_through
            mark = "READ THROUGH " if found.read_through else ""
            lines.append(mark + found.line())
        else:
            # What is not somebody's to see, or not his desk's, is said; a busy database is a fault.
            sound = sound and not isinstance(found, Unavailable)
            lines.append(f"{question.role.value} {question.what}: {found.text}")
    for one in desks.values():
        one.database.close()
    return lines, sound


def answer(question: Question, desks: Desks) -> Answer | UserError:
    """Asked once to see the statements and their plans, then `TIMES` times against the clock."""
    try:
        question.ask(desks)
        with _statements(desks.database) as sent:
            found = question.ask(desks)
    except UserError as error:
        return error
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        question.ask(desks)
        took.append(time.perf_counter() - start)
    rows = len(found) if hasattr(found, "__len__") else 1
    made = Answer(question, statistics.median(took) * 1000, len(sent), rows)
    for statement, parameters in sent:
        _explain(desks.database, statement, parameters, made)
    return made


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("SELECT clock_timestamp"):
            sent.append((statement, parameters))

    engine = database.reading.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _explain(database: Database, statement: str, parameters: Any, into: Answer) -> None:
    """The plan as the asker's own login gets it; nothing is written."""
    with database.reading() as session:
        asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
        raw = session.connection().exec_driver_sql(asked, parameters).scalar()
        session.rollback()
    top = (json.loads(raw) if isinstance(raw, str) else raw)[0]
    took = top["Execution Time"] + top["Planning Time"]
    if took > into.slowest[0]:
        into.slowest = (took, f"{statement}\n{parameters}\n{json.dumps(top, ensure_ascii=False)}")
    _walk(top["Plan"], into.scans)


def _walk(node: dict[str, Any], scans: dict[str, set[str]]) -> None:
    if not node.get("Actual Loops"):
        # Planned for a case that did not come.
        return
    kind, table = node["Node Type"], node.get("Relation Name")
    if table:
        scans.setdefault(table, set()).add(node.get("Index Name") or kind)
    elif "Index Name" in node:
        scans.setdefault("by bitmap", set()).add(node["Index Name"])
    for below in node.get("Plans", ()):
        _walk(below, scans)
