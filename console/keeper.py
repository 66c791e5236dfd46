"""`main.py keeper`: the system's sweep as a program of its own, for a server without a desk (product.md Programs)."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from console.domain.errors import NotAllowed, Unavailable, UserError
from console.domain.keeping import Sweep
from console.ledger import open_seat
from console.services.keeping import Keeping
from db.door import login_of
from db.engine import Database, open_database
from db.security.logins import KEEPER
from db.setup import fits

# Shorter than that only burdens the database; longer, a 30-minute limit is noticed late.
SHORTEST, LONGEST, USUAL = 5, 600, 60
Say = Callable[[str], None]


def keep(url: str, say: Say, complain: Say, once: bool = False, every: int = USUAL) -> int:
    """Sweep once, or again and again until told to stop; the exit code. One line a sweep, counts only.

    Asked to stop (Ctrl+C, SIGTERM) it finishes the work order in hand, leaves the keeper's place and ends with 0.
    """
    if not SHORTEST <= every <= LONGEST:
        raise UserError(f"间隔应为 {SHORTEST} 至 {LONGEST} 秒")
    database, stop = open_database(url), Event()
    try:
        keeping = _open(database)
        with _told_to_stop(stop):
            if once:
                _once(keeping, say, stop)
            else:
                _again_and_again(keeping, say, complain, every, stop)
    finally:
        database.close()
    return 0


def _open(database: Database) -> Keeping:
    if not fits(database):
        raise Unavailable("数据库还没有建好或版本较旧", "请先运行 main.py db upgrade")
    if database.guarded and login_of(database) != KEEPER:
        raise NotAllowed("这个账号不能值守", "请用 main.py user keeper 设置的账号 hl_keeper")
    return Keeping(open_seat(database))


def _once(keeping: Keeping, say: Say, stop: Event) -> None:
    try:
        say(_words(keeping.round(stop.is_set), keeping))
    finally:
        _leave(keeping)


def _again_and_again(keeping: Keeping, say: Say, complain: Say, every: int, stop: Event) -> None:
    """A database that is away is said and asked again next time."""
    while not stop.is_set():
        try:
            say(_words(keeping.round(stop.is_set), keeping))
        except UserError as error:
            complain(f"{error.text}。{error.hint}".rstrip("。"))
        _rest(every, stop)
    _leave(keeping)


def _rest(seconds: int, stop: Event) -> None:
    """By the second: on Windows a wait is deaf to Ctrl+C until it is over."""
    for _ in range(seconds):
        if stop.wait(1):
            return


def _words(done: Sweep | None, keeping: Keeping) -> str:
    return done.words if done is not None else f"{keeping.keeper() or '另一处'} 正在值守，本次未做"


def _leave(keeping: Keeping) -> None:
    try:
        keeping.release()
    except UserError:
        # Away with the database: the place is free as soon as nobody has spoken for three minutes.
        return


@contextmanager
def _told_to_stop(stop: Event) -> Iterator[None]:
    def told(_number: int, _frame: object) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
