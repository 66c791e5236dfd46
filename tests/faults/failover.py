"""The primary loses its power under load; the standby takes over (architecture.md 'The database')."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from console.domain.roles import Role
from db.engine import open_database
from tests.faults.crowd import Console, Findings, drain_all, findings, work
from tests.faults.guarded import make_city, people
from tests.faults.pair import Pair, running_pair


def fail_over(workers: int, before: float, dark: float, after: float) -> Findings:
    """`workers` consoles take calls; the primary is killed, `dark` seconds later the standby is promoted."""
    with running_pair() as pair, tempfile.TemporaryDirectory() as name:
        crowd = people([(Role.AGENT, None)] * workers)
        make_city(pair.url, crowd)
        database = open_database(pair.url)
        consoles = [Console(pair.url, f"WS-{n}", Path(name), who) for n, who in enumerate(crowd)]
        for console in consoles:
            console.intake.warm()
        start = time.monotonic()
        _run(pair, consoles, (before, dark, after))
        drain_all(consoles)
        found = findings(consoles, database, time.monotonic() - start)
        with ExitStack() as ends:
            for one in (*consoles, database):
                ends.callback(one.close)
        return found


def _run(pair: Pair, consoles: list[Console], times: tuple[float, float, float]) -> None:
    before, dark, after = times
    over = Event()
    with ThreadPoolExecutor(1) as lane:
        crowd = lane.submit(work, consoles, over)
        try:
            over.wait(before)
            pair.primary.kill()
            over.wait(dark)
            pair.standby.promote()
            over.wait(after)
        finally:
            over.set()
        crowd.result()
