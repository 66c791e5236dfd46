"""What a large file costs: `python -m tests.bench_files [--megabytes 50]`, on SQLite and on PostgreSQL under guard.

Prints seconds, the memory this program took more than before, and how long somebody else waited to write meanwhile.
"""

import argparse
import os
import resource
import sys
import tempfile
import threading
from pathlib import Path
from time import monotonic, sleep

from sqlalchemy import text
from sqlalchemy.engine import make_url

from console.domain.roles import Role
from console.services.handling import Handling
from console.services.orders import Orders
from db.engine import Database, open_database
from tests.journeys import STREET
from tests.server import server_url
from tests.units import signed
from tests.world import GUARDED, make_guarded_world, make_world, seat_for


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=50)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), default="")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-files-"))
    film = folder / "film.mp4"
    with film.open("wb") as out:
        out.write(b"\x00\x00\x00\x18ftypisom" + bytes(12))
        for _ in range(wanted.megabytes):
            out.write(os.urandom(1024 * 1024))
        out.truncate(wanted.megabytes * 1024 * 1024)
    if wanted.only != "postgresql":
        _measure("sqlite", make_world(folder / "bench.db"), film)
    if wanted.only != "sqlite":
        with server_url() as url:
            base = make_url(url).set(database="bench_files").render_as_string(False)
            _make(url)
            make_guarded_world(base)
            database = open_database(base)
            GUARDED[base] = {}
            _measure("postgresql", database, film)
            for login in GUARDED.pop(base).values():
                login.close()
            database.close()
    return 0


def _make(url: str) -> None:
    import psycopg

    with psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True
    ) as raw:
        raw.execute("drop database if exists bench_files")
        raw.execute("create database bench_files")


def _measure(name: str, database: Database, film: Path) -> None:
    ticket_id = signed(database)
    street = Handling(seat_for(database, Role.STREET_DESK, STREET))
    other = seat_for(database, Role.DISPATCHER)
    waits, over = [0.0], threading.Event()
    watcher = threading.Thread(target=_write_meanwhile, args=(other.db, waits, over))
    watcher.start()
    before, begun = _peak(), monotonic()
    line = street.attach(ticket_id, "handling", film).line
    sent, memory = monotonic() - begun, _peak() - before
    over.set()
    watcher.join()
    before, begun = _peak(), monotonic()
    path = Orders(seat_for(database, Role.STREET_DESK, STREET)).fetch(line.id)
    fetched, more = monotonic() - begun, _peak() - before
    assert path.stat().st_size == film.stat().st_size
    sys.stdout.write(
        f"{name}: {line.size / 1048576:.0f} MB in {sent:.1f} s, +{memory:.0f} MB; longest wait of another writer "
        f"{max(waits) * 1000:.0f} ms in {len(waits)} writes; out in {fetched:.1f} s, +{more:.0f} MB\n"
    )


def _write_meanwhile(database: Database, waits: list[float], over: threading.Event) -> None:
    while not over.is_set():
        begun = monotonic()
        with database.writing.begin() as session:
            session.execute(text("select 1"))
        waits.append(monotonic() - begun)
        sleep(0.01)


def _peak() -> float:
    """The most this program ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
