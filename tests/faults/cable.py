"""A cable between the program and a server that a test can pull, let hang, slow down, or cut at a chosen word."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

Watch = Callable[[bytes], bool]


@dataclass
class Cable:
    """Listens on a port of this machine and hands everything on to `server` (host and port, or a socket's path)."""

    server: tuple[str, int] | str
    hanging: bool = False
    refusing: bool = False
    delay: float = 0.0
    cut_before: Watch | None = None
    cut_after: Watch | None = None
    cuts: int = 0
    calls: int = 0
    _forgotten: set[socket.socket] = field(default_factory=set)
    _pairs: list[tuple[socket.socket, socket.socket]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Every connection is reset at once, on both sides."""
        for pair in self._pairs:
            _shut(*pair)
        self._pairs.clear()

    def forget(self) -> None:
        """What is joined now stays so, but nothing gets through any more; new calls do."""
        for near, far in self._pairs:
            self._forgotten |= {near, far}
        self._pairs.clear()

    def close(self) -> None:
        self.hanging = False
        forgotten, self._forgotten = self._forgotten, set()
        _shut(*forgotten)
        self._door.close()
        self.pull()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = self._call()
        except OSError:
            _shut(near)
            return
        self.calls += 1
        pair = (near, far)
        self._pairs.append(pair)
        for sender, receiver in (pair, pair[::-1]):
            threading.Thread(
                target=self._carry, args=(sender, receiver, sender is near), daemon=True
            ).start()

    def _call(self) -> socket.socket:
        if self.refusing:
            raise ConnectionRefusedError
        if isinstance(self.server, tuple):
            return socket.create_connection(self.server, 5)
        far = socket.socket(socket.AF_UNIX)
        far.connect(self.server)
        return far

    def _carry(self, sender: socket.socket, receiver: socket.socket, asking: bool) -> None:
        with contextlib.suppress(OSError):
            while data := sender.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                while self.hanging or sender in self._forgotten:
                    # Nothing is refused and nothing arrives: a switch without power, a sleeping firewall.
                    time.sleep(0.02)
                    if sender.fileno() < 0:
                        return
                if asking and self._cut(data, receiver):
                    break
                receiver.sendall(data)
        _shut(sender, receiver)

    def _cut(self, data: bytes, server: socket.socket) -> bool:
        """Cut before the server hears the word, or when it has heard it and before its answer."""
        if self.cut_before is not None and self.cut_before(data):
            self.cuts += 1
            return True
        if self.cut_after is not None and self.cut_after(data):
            self.cuts += 1
            # Its answer is not to slip through before the cut.
            self._forgotten.add(server)
            with contextlib.suppress(OSError):
                server.sendall(data)
                time.sleep(0.2)
            return True
        return False


def commits(data: bytes) -> bool:
    """The word after which only the server knows."""
    return b"COMMIT" in data


def once(watch: Watch) -> Watch:
    """Only the first time."""
    left = [1]

    def seen(data: bytes) -> bool:
        return bool(watch(data) and left and left.pop())

    return seen


def behind(url: str) -> tuple[str, int] | str:
    """Where the server of an SQLAlchemy URL listens."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    if folder.startswith("/"):
        return os.path.join(folder, f".s.PGSQL.{parts.port or 5432}")
    return (parts.hostname or folder or "127.0.0.1", parts.port or 5432)


def _shut(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            # A reset, not a farewell.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            end.shutdown(socket.SHUT_RDWR)
        end.close()
