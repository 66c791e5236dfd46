"""A number is given once, whatever is rolled back and whoever else is leasing, on both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from console.domain.roles import Role
from console.domain.states import Channel
from console.ledger import Seat
from db.engine import Database, open_database
from db.setup import upgrade
from tests import server
from tests.world import seat_for

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    with server.server_url() as url:
        upgrade(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Opens the same database once more for each workstation."""
    if request.param == "postgresql":
        url = request.getfixturevalue("server_url")
    else:
        url = f"sqlite:///{tmp_path / 'numbers.db'}"
        upgrade(url)
    opened: list[Database] = []

    def another() -> Database:
        opened.append(open_database(url))
        return opened[-1]

    yield another
    for database in opened:
        database.close()


def take(seat: Seat, session=None, channel: Channel = Channel.PHONE) -> str:
    if session is not None:
        return seat.numbers.next_number(session, AT, channel)
    with seat.db.writing.begin() as own:
        return seat.numbers.next_number(own, AT, channel)


def test_a_lease_rolled_back_is_not_held(shop) -> None:
    one, other = seat_for(shop(), Role.AGENT), seat_for(shop(), Role.AGENT)
    with one.db.writing() as session:
        take(one, session), take(one, session)
        session.rollback()
    given = [take(seat) for _ in range(25) for seat in (other, one)]
    assert len(set(given)) == len(given)


def test_numbers_of_a_committed_block_are_not_given_again_after_a_rollback(shop) -> None:
    one = seat_for(shop(), Role.AGENT)
    given = [take(one)]
    with one.db.writing() as session:
        lost = take(one, session)
    given += [take(one) for _ in range(20)]
    assert lost not in given
    assert len(set(given)) == len(given)


def test_a_savepoint_rolled_back_lets_go_of_its_lease(shop) -> None:
    one, other = seat_for(shop(), Role.AGENT), seat_for(shop(), Role.AGENT)
    with one.db.writing.begin() as session:
        given = [take(one, session, Channel.WEB)]
        inner = session.begin_nested()
        take(one, session)
        inner.rollback()
        with session.begin_nested():
            given.append(take(one, session, Channel.APP))
    given += [take(seat, channel=Channel.PHONE) for _ in range(15) for seat in (other, one)]
    given += [take(seat, channel=Channel.APP) for _ in range(15) for seat in (other, one)]
    assert len(set(given)) == len(given)


def test_one_transaction_may_take_more_than_a_block(shop) -> None:
    one = seat_for(shop(), Role.AGENT)
    with one.db.writing.begin() as session:
        given = [take(one, session) for _ in range(25)]
    given += [take(one) for _ in range(25)]
    assert len(set(given)) == 50


def test_two_seats_leasing_at_once_get_different_blocks_and_no_error(shop) -> None:
    seats = [seat_for(shop(), Role.AGENT) for _ in range(2)]
    together = Barrier(2)

    def work(seat: Seat) -> list[str]:
        together.wait()
        return [take(seat) for _ in range(60)]

    with ThreadPoolExecutor(2) as lanes:
        given = [number for numbers in lanes.map(work, seats) for number in numbers]
    assert len(set(given)) == 120


def test_one_seat_on_several_threads_gives_no_number_twice(shop) -> None:
    seat = seat_for(shop(), Role.AGENT)
    with ThreadPoolExecutor(4) as lanes:
        given = list(lanes.map(lambda _: take(seat), range(80)))
    assert len(set(given)) == 80
