"""110, promises, campaigns and the hand-over on a real PostgreSQL server: the statements SQLite forgives."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from console.domain.linkage import Basis, Incoming, Pile, Span
from console.domain.orders import Criteria, Stage
from console.domain.roles import Role
from console.domain.states import Platform
from console.services.handover import Handover
from console.services.linkage import Linkage
from console.services.orders import Orders
from console.services.paper import preview
from console.services.promises import Promises
from console.services.tallies import Tallies
from db.engine import Database, open_database
from db.models import Campaign
from db.setup import upgrade
from tests import server
from tests.journeys import dispatched, open_ticket
from tests.services.test_handover import Press
from tests.world import fill_world, seat_for

SAID = "宝丽西街123号门面前路面井盖缺失，希望尽快修复。"


@pytest.fixture(scope="module")
def world() -> Iterator[Database]:
    with server.server_url() as url:
        upgrade(url)
        database = open_database(url)
        fill_world(database)
        with database.writing.begin() as session:
            for table in ("unit", "account", "staff", "person", "ticket"):
                session.execute(
                    text(f"select setval(pg_get_serial_sequence('{table}','id'), 1000)")
                )
        yield database
        database.close()


def test_both_ways_and_the_counts(world: Database) -> None:
    agent = Linkage(seat_for(world, Role.AGENT))
    came = agent.take_in(
        Incoming("k1", "JQ1", content=SAID, name="叶长青", full_phone="19900001234")
    )
    assert agent.take_in(Incoming("k1", content=SAID)).ids == came.ids
    assert [row.id for row in agent.queue(Pile.INCOMING).rows] == list(came.ids)
    agent.accept(came.ids[0])
    given = open_ticket(world)
    agent.give(given, "0231", Basis.DUTY)
    agent.handed_back(given, "非警务", "0231")
    made = agent.statement(Span.YEAR).now
    assert (made.came, made.accepted, made.given, made.given_back) == (1, 1, 1, 1)


def test_promises_and_the_hand_over(world: Database) -> None:
    ticket_id = dispatched(world)
    agent = Promises(seat_for(world, Role.AGENT))
    agent.promise(ticket_id, "回电", datetime.now(UTC) + timedelta(hours=2))
    assert agent.overdue().open == 1
    press = Press()
    desk = Handover(seat_for(world, Role.SUPERVISOR), press.draw, preview)
    desk.leave_note("今晚停水")
    desk.issue("李娜")
    assert [p.what for p in press.records[0].promises] == ["回电"]
    agent.keep(agent.of(ticket_id)[0].id)
    assert agent.overdue().open == 0


def test_a_campaign_met_by_many_at_once_is_one_row(world: Database) -> None:
    tickets = [open_ticket(world) for _ in range(6)]
    desk = Tallies(seat_for(world, Role.DISPATCHER))

    def tag(ticket_id: int) -> None:
        Tallies(seat_for(world, Role.DISPATCHER)).tag(ticket_id, Platform.OVERSIGHT, ("smoke",))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(tag, tickets))
    with world.reading() as session:
        assert session.scalar(select(func.count(Campaign.id))) == 1
    assert desk.campaign_table().tickets == 6
    assert {tile.platform: tile.total for tile in desk.platforms()}[Platform.OVERSIGHT] == 6
    pool_desk = Orders(seat_for(world, Role.DISPATCHER))
    assert pool_desk.counters(Criteria(campaign="smoke"))[Stage.OPEN] == 6
