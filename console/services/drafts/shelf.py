"""Leased ticket numbers over a restart: each is taken off the shelf before anybody hears it (peers 6.13)."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import finalize

from console.services.drafts.disk import lock, write_whole

NUMBERS, LOCK = ".numbers", ".numbers-lock"


class Shelf:
    """One file an operator and database, held by one running program at a time; the others find nothing here
    and keep theirs in memory. Safe under the lock of whoever uses it."""

    def __init__(self, folder: Path, database: str, fernet: Any) -> None:
        name = hashlib.sha256(database.encode()).hexdigest()[:16]
        self._path, self._fernet = folder / f"{name}{NUMBERS}", fernet
        self._beside, self._lock = folder / f"{name}{NUMBERS}.new", folder / f"{name}{LOCK}"
        self._hold: Any = None
        self._trusted = True

    def load(self) -> dict[str, list[int]]:
        """What lies there, by the name it was put under; nothing when it is another program's or unreadable."""
        from cryptography.fernet import InvalidToken

        try:
            if not self._take_hold():
                return {}
            kept: dict[str, list[int]] = json.loads(self._fernet.decrypt(self._path.read_bytes()))
        except (OSError, InvalidToken, ValueError):
            # Numbers lost are gaps, and gaps are allowed.
            return {}
        return kept

    def save(self, numbers: Mapping[str, list[int]]) -> bool:
        """Put down what is still free; False when the disk may still hold more than that, so that nothing of
        what was read here may be given out any more."""
        if self._hold is None:
            return self._trusted
        if not self._hold.alive:
            return False
        token = self._fernet.encrypt(json.dumps(dict(numbers)).encode())
        try:
            write_whole(self._path, token, self._beside)
        except OSError:
            self._trusted = self._forget()
        return self._trusted

    def release(self) -> None:
        """The next program may have it."""
        if self._hold is None:
            self._trusted = False
        else:
            self._hold()

    def _take_hold(self) -> bool:
        if self._hold is None:
            handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
            if not lock(handle):
                os.close(handle)
                return False
            # Also when the program ends without a word; a killed one's lock is let go by the system.
            self._hold = finalize(self, os.close, handle)
        return bool(self._hold.alive)

    def _forget(self) -> bool:
        """A disk that takes nothing more can mostly still let go; then numbers live in memory."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            return False
        return True
