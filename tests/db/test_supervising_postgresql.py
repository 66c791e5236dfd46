"""The supervision desk on a real PostgreSQL server: counters, lists, and two overseers at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text, update

from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import SupervisionLevel
from console.domain.supervision import SuperviseForm, UrgeForm, Watch, WatchCriteria
from console.domain.worktime import civil_date
from console.ledger import Entry
from console.services.supervising import Supervising
from db.engine import Database, open_database
from db.models import Supervision, Ticket, Urging
from db.setup import upgrade
from tests import server
from tests.desks import move
from tests.journeys import STREET, dispatched, version_of
from tests.world import fill_world, seat_for

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with server.server_url() as url:
        yield url


@pytest.fixture(scope="module")
def city(server_url: str) -> Iterator[tuple[Database, list[int]]]:
    upgrade(server_url)
    database = open_database(server_url)
    fill_world(database)
    with database.writing.begin() as session:
        for table in ("unit", "account", "staff", "person", "ticket"):
            session.execute(text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)"))
    made = [dispatched(database, STREET) for _ in range(6)]
    ago = datetime.now(UTC) - 9 * DAY
    with database.writing.begin() as session:
        values = {"finish_due": ago, "total_due": ago, "yellow_at": ago - DAY}
        session.execute(update(Ticket).where(Ticket.id.in_(made)).values(values))
    for ticket_id in made:
        move(database, ticket_id, Role.STREET_DESK, Entry(Move.SIGN, note="签收"), STREET)
    yield database, made
    database.close()


def test_counters_and_lists_agree(city: tuple[Database, list[int]]) -> None:
    database, made = city
    desk = Supervising(seat_for(database, Role.OVERSEER))
    board = desk.board()
    assert board.number(Watch.RED) == len(made)
    for watch in Watch:
        assert board.number(watch) == len(desk.watch(WatchCriteria(watch)).rows)
    assert desk.watch(WatchCriteria(Watch.RED)).rows[0].ladder.startswith("第")


def test_two_overseers_at_once_get_numbers_of_their_own(city: tuple[Database, list[int]]) -> None:
    database, made = city

    def act(ticket_id: int) -> None:
        desk = Supervising(seat_for(database, Role.OVERSEER))
        desk.urge(UrgeForm((ticket_id,), "请立即办理"))
        desk.supervise(
            SuperviseForm(
                ticket_id, version_of(database, ticket_id), SupervisionLevel.YELLOW, "超期未办结",
                "请书面反馈", STREET, due=datetime.now(UTC) + DAY,
            )
        )  # fmt: skip

    with ThreadPoolExecutor(6) as crowd:
        list(crowd.map(partial(act), made))
    with database.reading() as session:
        for table in (Supervision, Urging):
            numbers = session.scalars(select(table.document_no)).all()
            assert len(set(numbers)) == len(made)
    today = civil_date(datetime.now(UTC))
    list_ = Supervising(seat_for(database, Role.INSPECTOR)).accountability(today - DAY, today + DAY)
    assert list_.units[0].cards == {SupervisionLevel.YELLOW: len(made)}
    assert list_.units[0].points == 5 * len(made)
