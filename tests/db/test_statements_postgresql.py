"""What a list, a counter or a card costs on PostgreSQL under guard: as many statements as on SQLite, the key aside."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text

from console.domain.inbox import InboxTab
from console.domain.orders import Criteria, Period, Stage
from console.domain.reports import Criteria as Asked
from console.domain.roles import Role
from console.domain.supervision import Watch, WatchCriteria
from console.ledger import Seat
from console.services.callbacks import Callbacks
from console.services.dispatching import Dispatching
from console.services.finding import Finding
from console.services.handling import Handling
from console.services.intake import Intake
from console.services.orders import Orders
from console.services.promises import Promises
from console.services.reports.finding import find
from console.services.supervising import Supervising
from db.engine import Database
from tests.journeys import GRID, STREET, dispatched, open_ticket
from tests.services.intake_desk import PHONE
from tests.world import GUARDED, seat_for

Ask = Callable[[Seat], object]
HISTORY = Criteria(stage=Stage.EVERY, period=Period.ALL)


@pytest.fixture
def city(guarded_world: Database) -> Database:
    """Some work orders at every desk."""
    for _ in range(3):
        open_ticket(guarded_world)
        dispatched(guarded_world)
    return guarded_world


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SELECT clock_timestamp"):
            sent.append(statement)

    engine = db.reading.kw["bind"]
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _reports(seat: Seat) -> object:
    with seat.db.reading() as session:
        return find(session, seat, Asked(since=date(2026, 1, 1)), None, 50)


def _watched(seat: Seat) -> object:
    return Supervising(seat, lambda *_: b"").watch(WatchCriteria(Watch.EVERY))


@pytest.mark.parametrize(
    ("role", "unit", "ask", "most"),
    [
        (Role.AGENT, None, lambda s: Orders(s).page(Criteria()), 1),
        (Role.AGENT, None, lambda s: Orders(s).counters(Criteria()), 1),
        (Role.STREET_DESK, STREET, lambda s: Orders(s).page(HISTORY), 1),
        (Role.GRID_WORKER, GRID, lambda s: Orders(s).page(HISTORY), 1),
        (Role.GRID_WORKER, GRID, lambda s: Orders(s).counters(Criteria()), 1),
        (Role.AGENT, None, lambda s: Promises(s).overdue(), 1),
        (Role.DISPATCHER, None, lambda s: Dispatching(s).counts(), 1),
        (Role.DISPATCHER, None, lambda s: Dispatching(s).queue(), 2),
        (Role.STREET_DESK, STREET, lambda s: Handling(s).tab_counts(), 1),
        (Role.STREET_DESK, STREET, lambda s: Handling(s).inbox(InboxTab.TO_SIGN), 1),
        (Role.REVISITOR, None, lambda s: Callbacks(s).queue(), 2),
        (Role.OVERSEER, None, lambda s: Supervising(s, lambda *_: b"").board(), 1),
        (Role.OVERSEER, None, _watched, 1),
        (Role.CLERK, None, _reports, 1),
        (Role.AGENT, None, lambda s: Finding(s).find("路灯不亮"), 5),
    ],
)
def test_lists_and_counters(
    city: Database, role: Role, unit: int | None, ask: Ask, most: int
) -> None:
    seat = seat_for(city, role, unit)
    with statements(seat.db) as sent:
        ask(seat)
    assert 0 < len(sent) <= most, sent


def test_who_calls_costs_one_more_for_a_number_not_asked_for_yet(city: Database) -> None:
    seat = seat_for(city, Role.AGENT)
    desk = Intake(seat)
    desk.warm()
    with statements(seat.db) as first:
        desk.caller(PHONE)
    with statements(seat.db) as again:
        desk.caller(PHONE)
    assert [s for s in first if "key_of" in s] != []
    assert len(again) == len(first) - 1 <= 5


def test_a_search_looks_the_scope_up_at_once(city: Database) -> None:
    """Asked row by row, a search in a grid took twelve seconds of a million work orders."""
    with city.reading() as session:
        query = "select prosrc from pg_proc where proname in ('find_tickets', 'find_in_branch', 'find_in_city')"
        sources = list(session.scalars(text(query)))
    assert len(sources) == 3
    assert not [source for source in sources if "hotline.sees" in source]


def test_every_seat_has_a_login_of_its_own(city: Database) -> None:
    for role in (Role.AGENT, Role.GRID_WORKER):
        assert seat_for(city, role).db.guarded
    assert len(GUARDED[city.url]) >= 2
