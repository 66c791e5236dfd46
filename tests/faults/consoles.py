"""Many consoles connected to one server, each taking calls at a person's pace."""

import os
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Event

from sqlalchemy import text

from console.domain.roles import Role
from db.engine import CONNECTIONS, Database, open_database
from tests.faults.crowd import Console, Findings, Heard, drain_all, findings
from tests.faults.guarded import make_city, people
from tests.faults.pair import running_server

PROCESSES = os.cpu_count() or 2


@dataclass(frozen=True)
class Crowd:
    """How many sat there, for how long, and how long a person takes between two calls, in seconds."""

    consoles: int
    seconds: float
    pause: float


def sit(crowd: Crowd) -> tuple[Findings, int]:
    """What the crowd came to, and the most connections it held at once."""
    with running_server(crowd.consoles * CONNECTIONS + 20) as server:
        make_city(server.url, people([(Role.AGENT, None)] * crowd.consoles))
        database = open_database(server.url)
        with tempfile.TemporaryDirectory() as folder:
            heard, most = _in_processes(crowd, server.url, folder, database)
            found = findings(heard, database, crowd.seconds)
        database.close()
        return found, most


def _in_processes(
    crowd: Crowd, url: str, folder: str, database: Database
) -> tuple[list[Heard], int]:
    """Shared out over a few programs, so that one program's lock is not what is measured."""
    shares = [range(n, crowd.consoles, PROCESSES) for n in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as programs:
        running = [
            programs.submit(_program, crowd, url, folder, list(share)) for share in shares if share
        ]
        most = 0
        while not all(one.done() for one in running):
            most = max(most, _connected(database))
            time.sleep(0.5)
        return [heard for one in running for heard in one.result()], most


def _connected(database: Database) -> int:
    with database.reading() as session:
        asked = "select count(*) from pg_stat_activity where backend_type = 'client backend'"
        return int(session.scalar(text(asked))) - 1


def _program(crowd: Crowd, url: str, folder: str, numbers: list[int]) -> list[Heard]:
    crowd_of_all = people([(Role.AGENT, None)] * crowd.consoles)
    consoles = [Console(url, f"WS-{n}", Path(folder), crowd_of_all[n]) for n in numbers]
    over = Event()

    def one(console: Console) -> None:
        chance = random.Random(console.name)
        over.wait(chance.uniform(0, crowd.pause))
        console.sit_down()
        while not over.is_set():
            console.drain()
            console.look_up()
            console.take_call()
            over.wait(chance.uniform(0.5, 1.5) * crowd.pause)

    with ThreadPoolExecutor(len(consoles)) as lanes:
        running = [lanes.submit(one, console) for console in consoles]
        over.wait(crowd.seconds)
        over.set()
    for lane in running:
        lane.result()
    drain_all(consoles)
    with ExitStack() as ends:
        for console in consoles:
            ends.callback(console.close)
    return [console.heard for console in consoles]
