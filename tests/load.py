"""Load: a database of any size, and crowds on a real PostgreSQL server of their own.

`python -m tests.load writers|consoles|failover` measures and says what it found; it fails when a work order
is lost, written twice or locked for good. Everybody has a guarded login of his own. The short runs of the same are
in `tests/faults`. `python -m tests.load million` makes a guarded city with a million work orders and asks every
desk's hot questions under each role's login; it fails when one reads a table of the million through, or is refused.
`--folder DIR` keeps the server's files there, so that a second run only asks.
"""

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

# For a server with a million work orders on an office machine; lost power costs nothing but the run.
_ROOMY = """
shared_buffers = 1GB
work_mem = 16MB
max_wal_size = 8GB
effective_cache_size = 4GB
fsync = off
"""
# Far beyond any key of the demo.
APART = 1_000_000
# Tables that hang on a work order, with the columns that name it or must differ.
CHILDREN = ("assignment", "ticket_event", "promise", "suspension", "urging", "supervision")


def multiply(path: Path, wanted: int) -> int:
    """Copy the work orders of the demo until there are at least `wanted`; returns how many there are."""
    database = sqlite3.connect(path)
    database.execute("pragma synchronous=off")
    (there,) = database.execute("select count(*) from ticket").fetchone()
    for time in range(1, -(-wanted // there)):
        for table in ("ticket", *CHILDREN):
            _copy(database, table, time * APART)
        database.commit()
    database.execute("analyze")
    (now,) = database.execute("select count(*) from ticket").fetchone()
    database.close()
    return int(now)


def _copy(database: sqlite3.Connection, table: str, apart: int) -> None:
    columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
    values = ", ".join(_value(table, column, apart) for column in columns)
    into = f"insert into {table} ({', '.join(columns)})"
    database.execute(f"{into} select {values} from {table} where id < {APART}")


def _value(table: str, column: str, apart: int) -> str:
    if column in ("id", "ticket_id"):
        return f"{column} + {apart}"
    if (table, column) == ("ticket", "number"):
        return f"printf('%017d', id + {apart})"
    if column in ("form_key", "light_key"):
        return "null"
    if column in ("archive_no", "document_no"):
        return f"case {column} when '' then '' else {column} || '-{apart // APART}' end"
    return column


def _writers(options: argparse.Namespace) -> tuple[Iterable[str], bool]:
    from tests.faults.writers import write_together

    found = write_together(options.people or 50, options.tickets or 200, options.seconds)
    return found.lines(), found.sound


def _consoles(options: argparse.Namespace) -> tuple[Iterable[str], bool]:
    from tests.faults.consoles import Crowd, sit

    found, most = sit(Crowd(options.people or 200, options.seconds, options.pause))
    return (*found.lines(), f"connections at most {most}"), found.sound


def _failover(options: argparse.Namespace) -> tuple[Iterable[str], bool]:
    from tests.faults.failover import fail_over

    third = options.seconds / 3
    found = fail_over(options.people or 12, before=third, dark=third / 2, after=third * 1.5)
    return found.lines(), found.sound


def _million(options: argparse.Namespace) -> tuple[Iterable[str], bool]:
    from tests.faults.pair import kept_server
    from tests.hot import ask_all
    from tests.million import make_million

    given = options.folder or tempfile.mkdtemp(prefix="hotline-million-")
    folder = Path(given)
    there = (folder / "made").exists()
    try:
        with kept_server(folder, _ROOMY) as server:
            if not there:
                make_million(server.url, options.tickets or 1_000_000)
                (folder / "made").touch()
            return ask_all(server.url)
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.load", description=__doc__)
    crowds = {
        "writers": _writers,
        "consoles": _consoles,
        "failover": _failover,
        "million": _million,
    }
    parser.add_argument("crowd", choices=crowds)
    parser.add_argument("--people", type=int, help="writers 50, consoles 200, failover 12")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--tickets", type=int, help="writers share 200; the million")
    parser.add_argument("--folder", help="where the million stays")
    parser.add_argument(
        "--pause", type=float, default=8.0, help="seconds between a console's calls"
    )
    options = parser.parse_args(arguments)
    lines, sound = crowds[options.crowd](options)
    cores, load = os.cpu_count(), os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    for line in (*lines, f"on {cores} cores, load {load:.1f}, server on the same machine"):
        print(line)  # noqa: T201
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
