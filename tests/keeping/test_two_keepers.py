"""Two keepers at once, and one killed half-way: real processes on real databases (product.md 5: once each)."""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.moves import Move
from db.engine import Database
from db.models import KeeperLease, Supervision, Ticket, TicketEvent, Urging
from tests.journeys import GRID, dispatched
from tests.keeper_city import keeping, signed, stored_and_replayed

ROOT = Path(__file__).resolve().parents[2]
SWEEPS = """
import sys
from console.ledger import open_seat
from console.services.keeping import Keeping
from db.engine import open_database
url, name = sys.argv[1:]
keeping = Keeping(open_seat(open_database(url), name))
keeping.sweep(stop=lambda: True)  # everything loaded, nothing done
if name == "WS-2":
    # From the other end, or the second only ever follows the first.
    found = Keeping._found
    Keeping._found = staticmethod(lambda find, records: found(find, records)[::-1])
print("ready", flush=True)
sys.stdin.readline()
total = sum(keeping.sweep().total for _ in range(3))
print(total)
"""
KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.orm import Session
from console.ledger import Ledger, open_seat
from console.services.keeping import Keeping
from db.engine import open_database
url, moment, left = sys.argv[1], sys.argv[2], int(sys.argv[3])
keeping = Keeping(open_seat(open_database(url), "WS-KILLED"))
moves, made = Ledger.move, 0

def die_before_the_move(self, session, ticket_id, entry):
    # The row of the record stands in the transaction, the move and its line in the log do not.
    global made
    made += 1
    if made > left and moment == "row":
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    return moves(self, session, ticket_id, entry)

def die_before_the_commit(session):
    if made > left and moment == "commit":
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)

Ledger.move = die_before_the_move
event.listen(Session, "before_commit", die_before_the_commit)
keeping.round()
"""


@pytest.fixture
def long_ago(city: Database, monkeypatch: pytest.MonkeyPatch):
    """Makes work orders three weeks ago, so that their time has come by the real clock."""

    def make(how_many: int) -> list[int]:
        then = datetime.now(UTC) - timedelta(days=21)
        with monkeypatch.context() as patch:
            patch.setattr("console.ledger.seat.Seat.now", lambda _seat, _session: then)
            return [dispatched(city, GRID) if n % 2 else signed(city) for n in range(how_many)]

    return make


def start(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def start_together(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, complained = process.communicate(timeout=90)
    assert "Traceback" not in complained, complained
    return process.returncode, said.strip()


def check_whole(db: Database) -> int:
    """Every record has its line in the log and the other way round, once; how many records there are."""
    with db.reading() as session:
        urged = [row.light_key for row in session.scalars(select(Urging)) if row.rung]
        noted = session.scalars(select(Supervision)).all()
        log = session.scalars(select(TicketEvent).where(TicketEvent.actor_role == "keeper")).all()
        tickets = session.scalars(select(Ticket)).all()
        everything = len(session.scalars(select(Urging.id)).all()) + len(noted)
    said = {
        move: Counter(e.inputs["light_key"] for e in log if e.move == move.value)
        for move in (Move.URGE, Move.SUPERVISE)
    }
    assert said[Move.URGE] == Counter(urged)
    assert said[Move.SUPERVISE] == Counter(row.light_key for row in noted)
    assert all(n == 1 for counts in said.values() for n in counts.values())
    assert len({row.document_no for row in noted}) == len(noted)
    urges = Counter(e.ticket_id for e in log if e.move == Move.URGE.value)
    assert {t.id: t.urge_count for t in tickets} == {t.id: urges[t.id] for t in tickets}
    levels = {row.ticket_id: row.level for row in noted}
    assert {t.id: t.supervision for t in tickets} == {t.id: levels.get(t.id, 0) for t in tickets}
    return everything


def test_two_keepers_started_together_write_each_record_once(city, long_ago) -> None:
    """Without the lock, the worst case: it saves work and makes nothing true."""
    before = 0
    for _round in range(3):
        long_ago(10)
        both = [start(SWEEPS, city.url, f"WS-{n}") for n in (1, 2)]
        start_together(*both)
        done = [ended(process) for process in both]
        assert [code for code, _said in done] == [0, 0]
        now = check_whole(city)
        assert sum(int(said) for _code, said in done) == now - before
        assert now - before >= 20
        before = now
    assert keeping(city).sweep().total == 0


@pytest.mark.parametrize("moment", ["row", "commit"])
def test_a_keeper_killed_half_way_leaves_nothing_half_written(city, long_ago, moment) -> None:
    tickets = long_ago(6)
    code, _said = ended(start(KILLED, city.url, moment, "4"))
    assert code == -signal.SIGKILL
    left = check_whole(city)
    assert left < 10
    if city.is_sqlite:
        # Nobody can see that the holder is dead: its lease has to grow old. On PostgreSQL its lock died with it.
        assert keeping(city).round() is None
        with city.writing.begin() as session:
            session.get_one(KeeperLease, "keeper").seen_at -= timedelta(minutes=4)
    next_one = keeping(city)
    _wait_for_the_lock(next_one)
    assert check_whole(city) > left
    assert next_one.sweep().total == 0
    next_one.release()
    for ticket_id in tickets:
        stored, told = stored_and_replayed(city, ticket_id)
        assert told == stored


def _wait_for_the_lock(keeper) -> None:
    """A server takes a moment to notice that a client is gone."""
    until = time.monotonic() + 10
    while keeper.round() is None:
        assert time.monotonic() < until
        time.sleep(0.1)
