"""Measures an import: `python -m tests.bench_import [--rows 100000] [--villages 620000] [--server [--guarded 20000]]`.

Residents as a GB18030 CSV and as a workbook; the whole country's table of villages with its repeated names.
"""

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import make_url

from console.domain.importing.headers import match
from console.domain.importing.kinds import KINDS
from console.domain.importing.records import Standing
from console.domain.roles import Role
from console.services.importing import Importing
from db.engine import Database, open_database
from db.models import Unit
from tests.importing.files import GRID, OTHER_GRID, PEOPLE, identity, write_csv, write_xlsx
from tests.server import server_url
from tests.world import GUARDED, make_guarded_world, make_world, seat_for


def residents(count: int) -> Iterator[list[str]]:
    yield [*PEOPLE, "民族", "核实日期"]
    for n in range(count):
        name = f"王㛃{chr(0x4E00 + n % 8000)}"
        home = f"宝丽小区{n % 40 + 1}栋{n % 4 + 1}单元{n % 20 + 1:02d}01"
        grid = GRID if n % 2 else OTHER_GRID
        yield [name, identity(n), f"1990{n % 10**7:07d}", home, grid, "汉族", "2026/1/3"]


def villages(count: int) -> Iterator[list[str]]:
    """Provinces, cities, counties, streets and villages as the statistics office lists them, padded to 12 digits."""
    yield ["统计用区划代码", "城乡分类代码", "名称"]
    streets = range((count + 14) // 15)
    above: dict[str, str] = {}
    for n in streets:
        province, city, county = 11 + n // 8000, 1 + n // 400 % 20, 1 + n // 20 % 20
        code = f"{province:02d}{city:02d}{county:02d}{100 + n % 20:03d}"
        for length, name in ((2, "省"), (4, "市"), (6, "县")):
            above.setdefault(code[:length].ljust(12, "0"), f"示范{name}{code[:length]}")
        above[code.ljust(12, "0")] = f"石桥镇{n % 37}"
    for code, name in above.items():
        yield [code, "", name]
    made = 0
    for code in [code for code in above if code[6:9] != "000"]:
        for place in range(15):
            if made < count:
                yield [
                    f"{code[:9]}{200 + place}",
                    "220",
                    ("新华村", "河口村", f"石桥{place}村")[place % 3],
                ]
                made += 1


def run(database: Database, kind: str, path: Path, role: Role = Role.SUPERVISOR) -> None:
    desk = Importing(seat_for(database, role, 10 if role is Role.STREET_DESK else None))
    times: dict[str, float] = {}
    before = _work_done(database)
    source = _timed(times, "read", lambda: desk.read(path, kind))
    columns = match(source.headers, KINDS[kind])
    checked = _timed(times, "check", lambda: desk.check(source, kind, columns))
    if checked.to_write:
        _timed(times, "write", lambda: desk.load(checked))
    said = "  ".join(f"{name} {seconds:5.1f} s" for name, seconds in times.items())
    whole, worked = sum(times.values()), _work_done(database) - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = checked.counts
    _say(f"{path.name:16}{len(source.rows):>9,} rows  {said}  all {whole:5.1f} s  processor {worked:5.1f} s  "
         f"peak {memory} MB  new {counts[Standing.NEW]:,} failed {counts[Standing.FAILED]:,}")  # fmt: skip
    for note in checked.notes:
        _say(f"    {note}")


def _timed(times: dict[str, float], name: str, work: Callable):
    start = perf_counter()
    made = work()
    times[name] = perf_counter() - start
    return made


def _work_done(database: Database) -> float:
    """Seconds of processor this program and the server's own processes have used: what a busy machine does not blur."""
    folder = make_url(database.url).query.get("host", "")
    papers = Path(str(folder)) / "postmaster.pid"
    if database.is_sqlite or not papers.exists():
        return process_time()
    father, ticks = papers.read_text("utf-8").split()[0], os.sysconf("SC_CLK_TCK")
    used = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = stat.read_text("utf-8").rpartition(")")[2].split()
            used += int(words[11]) + int(words[12]) if words[1] == father else 0
    return process_time() + used / ticks


@contextmanager
def city(folder: Path, server: str, guarded: bool = False) -> Iterator[Database]:
    """A small city of its own for each run; `guarded`: everybody with the database login of his own."""
    if not server:
        database = make_world(folder / f"{len(list(folder.iterdir()))}.db")
        yield database
        database.close()
        return
    name = f"bench_import_{len(list(folder.iterdir()))}"
    owner = create_engine(server, isolation_level="AUTOCOMMIT")
    with owner.connect() as raw:
        raw.execute(text(f"drop database if exists {name}"))
        raw.execute(text(f"create database {name}"))
    url = make_url(server).set(database=name).render_as_string(False)
    # With every right stated, as `main.py db init` does; whoever is not in GUARDED works as the owner.
    make_guarded_world(url)
    database = open_database(url)
    if guarded:
        GUARDED[database.url] = {}
    yield database
    for login in GUARDED.pop(database.url, {}).values():
        login.close()
    database.close()
    owner.dispose()


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--villages", type=int, default=620_000)
    parser.add_argument("--server", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument(
        "--guarded",
        type=int,
        default=20_000,
        help="rows through an operator's own login, with --server",
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(server_url()) if options.server else ""
        if options.rows:
            table = list(residents(options.rows))
            files = (
                write_csv(folder / "residents.csv", table, "gb18030"),
                write_xlsx(folder / "residents.xlsx", table),
            )
            for path in files:
                with city(folder, server) as database:
                    run(database, "persons", path)
        if server and options.guarded:
            path = write_csv(folder / "street.csv", list(residents(options.guarded)), "gb18030")
            with city(folder, server, guarded=True) as database:
                for again in ("", " again"):
                    _say(f"a street's own login{again}")
                    run(database, "persons", path, Role.STREET_DESK)
        if options.villages:
            path = write_csv(folder / "villages.csv", list(villages(options.villages)), "gb18030")
            with city(folder, server) as database:
                run(database, "units", path)
                with database.reading() as session:
                    _say(
                        f"    units on the register: {session.scalar(select(func.count(Unit.id))):,}"
                    )


if __name__ == "__main__":
    main()
