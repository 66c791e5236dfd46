"""A number is given once, whatever is rolled back and whoever else is leasing, on both databases."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import delete

from console.domain.errors import Unavailable
from console.domain.roles import Role
from console.domain.states import Channel
from console.ledger import Seat
from console.ledger.numbers import BLOCK
from console.services.drafts import Drafts, Shelf
from console.services.intake.registering import Registrar
from db.engine import Database, open_database
from db.models import NumberLease
from db.setup import upgrade
from tests import server
from tests.world import operator, seat_for

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
    with opened[0].writing.begin() as session:
        session.execute(delete(NumberLease))
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


def test_a_server_too_busy_to_lease_gives_no_number_that_nobody_leased(shop, monkeypatch) -> None:
    """Busy once and free a moment later: what is leased without a commit would be given to the next as well."""
    seat = seat_for(shop(), Role.AGENT)
    registrar = Registrar(seat, lambda: None)
    registrar.stock()
    given = held(seat, datetime.now(UTC))
    stock, times = seat.numbers.stock, iter([1])

    def busy(*arguments: object) -> None:
        if next(times, None):
            raise Unavailable("数据库正忙")
        stock(*arguments)

    monkeypatch.setattr(seat.numbers, "stock", busy)
    with pytest.raises(Unavailable, match="正忙"):
        registrar.take_number(Channel.PHONE)
    given += [registrar.take_number(Channel.PHONE)]
    given += [Registrar(seat_for(shop(), Role.AGENT), lambda: None).take_number(Channel.PHONE)]
    assert len(set(given)) == len(given)


# over a restart


def shelf(folder: Path, url: str = "x") -> tuple[Drafts, Shelf]:
    drafts = Drafts(folder)
    return drafts, drafts.shelf(url)


def stocked(shop, folder: Path, url: str = "x") -> tuple[Seat, Drafts]:
    """A seat whose numbers lie in that folder."""
    seat = seat_for(shop(), Role.AGENT)
    drafts, kept = shelf(folder, url)
    seat.numbers.keep_on(kept)
    stock(seat)
    return seat, drafts


def stock(seat: Seat, at: datetime = AT) -> None:
    with seat.db.writing.begin() as session:
        seat.numbers.stock(session, at, Channel.PHONE)


def held(seat: Seat, at: datetime = AT) -> list[str]:
    """Everything still in hand, taken without the database."""
    return list(iter(lambda: seat.numbers.in_hand(at, Channel.PHONE), ""))


def test_what_is_in_hand_outlasts_the_program(shop, tmp_path: Path) -> None:
    seat, drafts = stocked(shop, tmp_path)
    given = [take(seat) for _ in range(5)]
    drafts.close()
    again, _drafts = stocked(shop, tmp_path)
    left = held(again)
    assert len(left) == BLOCK - 5
    assert not set(given) & set(left)
    assert given[-1] < left[0]


def test_a_program_killed_between_lease_and_use_costs_no_number_and_gives_none_twice(
    shop, tmp_path: Path
) -> None:
    url = shop().url
    code = KILLED.format(url=url, folder=str(tmp_path))
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    given = child.stdout.split()
    assert (child.returncode, len(given)) == (-signal.SIGKILL, 3), child.stderr
    seat, _drafts = stocked(shop, tmp_path)
    left = held(seat)
    assert len(left) == BLOCK - 3
    assert not set(given) & set(left)


KILLED = """
import os, signal
from datetime import UTC, datetime
from pathlib import Path
from console.domain.errors import Unavailable
from console.domain.roles import Role
from console.domain.states import Channel
from console.services.drafts import Drafts
from db.engine import open_database
from tests.world import operator, seat_for
seat = seat_for(open_database({url!r}), Role.AGENT)
seat.numbers.keep_on(Drafts(Path({folder!r})).shelf("x"))
at = datetime(2026, 11, 22, 2, tzinfo=UTC)
with seat.db.writing.begin() as session:
    seat.numbers.stock(session, at, Channel.PHONE)
for _ in range(3):
    print(seat.numbers.in_hand(at, Channel.PHONE), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_second_program_at_the_same_shelf_leases_its_own(shop, tmp_path: Path) -> None:
    one, _one = stocked(shop, tmp_path)
    two, _two = stocked(shop, tmp_path)
    assert not set(held(one)) & set(held(two))


def test_signing_in_again_gives_nothing_twice(shop, tmp_path: Path) -> None:
    """The former journal is closed only after the new one was opened."""
    seat, before = stocked(shop, tmp_path)
    given = [take(seat) for _ in range(3)]
    after, kept = shelf(tmp_path)
    seat.numbers.keep_on(kept)
    before.close()
    stock(seat)
    given += [take(seat) for _ in range(30)]
    given += held(seat)
    after.close()
    third, _drafts = stocked(shop, tmp_path)
    given += held(third)
    assert len(set(given)) == len(given)


def test_nobody_uses_up_what_another_leased(shop, tmp_path: Path) -> None:
    seat, _drafts = stocked(shop, tmp_path)
    first = take(seat)
    seat.sit(operator(Role.SUPERVISOR))
    second = take(seat)
    assert abs(int(second[10:16]) - int(first[10:16])) >= BLOCK - 1


def test_after_the_journal_is_closed_nothing_on_its_shelf_is_given_out(shop, tmp_path) -> None:
    seat, drafts = stocked(shop, tmp_path)
    given = [take(seat)]
    drafts.close()
    given += [take(seat) for _ in range(3)]
    again, _drafts = stocked(shop, tmp_path)
    given += held(again)
    assert len(set(given)) == len(given)


@pytest.mark.parametrize("refused", ["write", "write and delete"])
def test_a_full_disk_gives_no_number_twice(shop, tmp_path: Path, monkeypatch, refused: str) -> None:
    seat, drafts = stocked(shop, tmp_path)
    given = [take(seat)]
    with monkeypatch.context() as patched:
        patched.setattr("console.services.drafts.disk.write_through", no_space)
        if "delete" in refused:
            patched.setattr(Path, "unlink", no_space)
        given += [take(seat) for _ in range(4)]
    given += [take(seat) for _ in range(4)]
    drafts.close()
    again, _drafts = stocked(shop, tmp_path)
    given += held(again)
    assert len(set(given)) == len(given)


def no_space(*_arguments: object, **_named: object) -> None:
    raise OSError(28, "no space")


def test_numbers_of_another_database_are_not_used(shop, tmp_path) -> None:
    seat, drafts = stocked(shop, tmp_path)
    drafts.close()
    other, _drafts = stocked(shop, tmp_path, "y")
    assert not set(held(other)) & set(held(seat))


def test_numbers_a_restored_database_knows_nothing_of_are_not_used(shop, tmp_path) -> None:
    seat, drafts = stocked(shop, tmp_path)
    drafts.close()
    with seat.db.writing.begin() as session:
        session.execute(delete(NumberLease))
    elsewhere = seat_for(shop(), Role.SUPERVISOR)
    given = [take(elsewhere) for _ in range(3)]
    restored, _drafts = stocked(shop, tmp_path)
    assert not set(held(restored)) & set(given)


def test_yesterdays_are_left_and_before_midnight_tomorrows_are_leased(shop, tmp_path) -> None:
    seat, drafts = stocked(shop, tmp_path)
    late = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    stock(seat, late)
    assert {key[0].day for key in seat.numbers._held} == {22, 23}
    drafts.close()
    again = seat_for(shop(), Role.AGENT)
    _drafts, kept = shelf(tmp_path)
    again.numbers.keep_on(kept)
    stock(again, late + timedelta(hours=2))
    assert {key[0].day for key in again.numbers._held} == {23}


@pytest.mark.parametrize("content", [b"", b"HCJ1 nothing", b"\xff" * 300])
def test_a_damaged_shelf_is_a_gap(shop, tmp_path: Path, content: bytes) -> None:
    seat, drafts = stocked(shop, tmp_path)
    given = [take(seat)]
    drafts.close()
    (path,) = tmp_path.glob("*.numbers")
    assert given[0].encode() not in path.read_bytes()
    path.write_bytes(content)
    again, _drafts = stocked(shop, tmp_path)
    given += held(again)
    assert len(set(given)) == len(given) == BLOCK + 1
