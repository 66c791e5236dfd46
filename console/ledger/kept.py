"""Things read once and kept in memory, so that typing costs no statement."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """What `load` gives, loaded by whoever asks first and again after `forget` or when it is too old.

    Used on several read lanes at once; a second asker waits for the first one's answer.
    """

    def __init__(self, load: Callable[[], T], seconds: float = 600.0) -> None:
        self._load, self._seconds = load, seconds
        self._lock = Lock()
        self._found: T | None = None
        self._at = 0.0

    def get(self) -> T:
        with self._lock:
            if self._found is None or monotonic() - self._at > self._seconds:
                self._found, self._at = self._load(), monotonic()
            return self._found

    def forget(self) -> None:
        """The next asker loads it again."""
        with self._lock:
            self._found = None
