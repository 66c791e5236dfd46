"""Measures the console on this machine: `python -m tests.bench [--json FILE]`. Reports; never fails on a time.

Figures are medians (and p95) of real calls on the demo database, a fresh copy of it for writes.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    what: str
    median_ms: float
    p95_ms: float
    runs: int
    limit_ms: float


def measure(what: str, work: Callable[[], object], runs: int, limit_ms: float) -> Figure:
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return _figure(what, times, limit_ms)


def _figure(what: str, times: list[float], limit_ms: float) -> Figure:
    times = sorted(times)
    return Figure(
        what, statistics.median(times), times[int(len(times) * 0.95)], len(times), limit_ms
    )


USABLE = """
import sys, time
from pathlib import Path
from console.app import Console, Settings, make_application
app = make_application(["bench"])
folder = Path(sys.argv[2])
console = Console(app, sys.argv[1], True, Settings(folder / "settings.json"), folder, "-bench")
console.open_window(next(p for p in console.desks.reception.demo_people() if p.role == "agent"))
app.processEvents()
print(time.time() - float(sys.argv[3]), flush=True)
console.close()
"""
BARE = """
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
import sqlalchemy.orm, PySide6.QtNetwork, PySide6.QtPrintSupport
app = QApplication([])
window = QMainWindow()
window.show()
app.processEvents()
print(time.time() - float(sys.argv[1]), flush=True)
"""


def start_up(runs: int = 7) -> Figure:
    """Process start to a usable main window, warm: what the child says once its window stands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        demo = f"sqlite:///{_copy_demo(folder)}"
        times = [_child(USABLE, demo, str(folder)) for _ in range(runs + 1)][1:]
    return _figure("process start → usable window", times, 1500)


def bare_window(runs: int = 7) -> Figure:
    """A bare PySide6 window with the same imports, for comparison."""
    return _figure(
        "bare PySide6 window, same imports", [_child(BARE) for _ in range(runs + 1)][1:], 0
    )


def _child(script: str, *arguments: str) -> float:
    command = [sys.executable, "-c", script, *arguments, str(time.time())]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    return float(done.stdout.split()[-1]) * 1000


def _copy_demo(folder: Path) -> Path:
    from console.commands import demo_path
    from db.demo.build import build_demo

    target = folder / "demo.db"
    if demo_path().exists():
        shutil.copy(demo_path(), target)
    else:
        build_demo(target)
    return target


def service_figures() -> Iterator[Figure]:
    from console.desks import Desks
    from console.domain.orders import Criteria
    from console.domain.roles import Role
    from console.ledger import open_seat
    from db.engine import open_database

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = open_database(f"sqlite:///{_copy_demo(folder)}")
        desks = Desks(open_seat(database), folder)
        agent = next(p for p in desks.reception.demo_people() if p.role is Role.AGENT)
        desks.reception.sit_as(agent)
        phone = desks.reception.demo_caller()
        yield measure("caller card by full phone", lambda: desks.intake.caller(phone), 200, 20)
        yield measure("resident by name piece", lambda: desks.intake.residents("王"), 200, 20)
        yield measure(
            "grid owner of an address", lambda: desks.intake.place("宝丽西街101号", None), 200, 20
        )
        yield measure("category type-ahead", lambda: desks.intake.categories("xsd"), 200, 20)
        yield measure(
            "work orders, first page", lambda: desks.orders.page(Criteria(), None), 200, 50
        )
        yield measure("all counters", lambda: desks.orders.counters(Criteria()), 200, 50)
        yield measure("F3 find a word", lambda: desks.finding.find("下水道"), 100, 150)
        database.close()


def keeper_figures(tickets: int = 100_000) -> Iterator[Figure]:
    """The keeper over a year of a large city: what a record costs, and a sweep that finds nothing to do."""
    from console.ledger import open_seat
    from console.services.keeping import Keeping
    from db.engine import open_database
    from tests.load import multiply

    with tempfile.TemporaryDirectory() as name:
        path = _copy_demo(Path(name))
        many = multiply(path, tickets)
        database = open_database(f"sqlite:///{path}")
        keeping = Keeping(open_seat(database))
        first = keeping.sweep()
        each = first.seconds * 1000 / max(1, first.total)
        yield Figure(f"keeper: one record of {first.total}", each, each, 1, 50)
        yield measure(f"keeper: idle sweep of {many} tickets", keeping.sweep, 20, 500)
        database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    figures = [bare_window(), start_up(), *service_figures(), *keeper_figures()]
    print(f"{'what':40}{'median ms':>12}{'p95 ms':>12}{'limit':>9}{'runs':>7}")
    for figure in figures:
        limit = f"{figure.limit_ms:.0f}" if figure.limit_ms else "—"
        print(
            f"{figure.what:40}{figure.median_ms:12.1f}{figure.p95_ms:12.1f}{limit:>9}{figure.runs:7}"
        )
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(
        json.dumps([asdict(f) for f in figures], ensure_ascii=False, indent=1), "utf-8"
    )


if __name__ == "__main__":
    main()
