"""Work off the GUI thread. The one place where threads are made."""

import contextlib
import logging
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from console.domain.changes import Changed, Link
from console.domain.errors import Cancelled, Unavailable, Unsure

log = logging.getLogger(__name__)

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
Progress = Callable[[int, int, str], None]
IsCancelled = Callable[[], bool]


class _Wait(NamedTuple):
    owner: QObject
    done: Done | None
    failed: Failed | None
    key: str = ""
    progressed: Progress | None = None


class LongJob(QObject):
    """The view's handle on a long job; `cancel` asks, the job ends when it next looks."""

    finished = Signal()

    def __init__(self, flag: threading.Event, parent: QObject) -> None:
        super().__init__(parent)
        self._flag = flag

    @Slot()
    def cancel(self) -> None:
        self._flag.set()

    @property
    def is_cancelled(self) -> bool:
        return self._flag.is_set()


class Jobs(QObject):
    """Runs service calls on lanes and brings the outcome back to the GUI thread.

    Writes go one at a time, in order. Reads run side by side; of several reads under one owner and
    key only the latest is delivered. `on_lane` gives a named one-thread lane to an engine that must
    stay on one thread (speech). An outcome whose owner is gone is dropped. An error nobody takes is
    emitted as `unhandled`; `Cancelled` never is. `linked(Link)` is what a listener says of its line;
    `missed` after every job for which something outside did not answer, whoever takes its error, and
    `unsure(error)` when nobody knows whether a write was saved.
    """

    changed = Signal(object)
    linked = Signal(object)
    missed = Signal()
    unsure = Signal(object)
    unhandled = Signal(object)
    busy = Signal(bool)
    _ready = Signal()

    def __init__(self, parent: QObject | None = None, readers: int = 4) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, "write")
        self._readers = ThreadPoolExecutor(readers, "read")
        self._long = ThreadPoolExecutor(2, "long")
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._last_words: dict[str, Callable[[], Any]] = {}
        self._flags: dict[int, threading.Event] = {}
        self._handles: dict[int, LongJob] = {}
        self._listeners: list[tuple[Future[None], threading.Event]] = []
        self._tickets = count()
        self._waiting: dict[int, _Wait] = {}
        self._futures: dict[int, Future[None]] = {}
        self._latest: dict[tuple[int, str], int] = {}
        self._outcomes: deque[tuple[int, Any, Exception | None]] = deque()
        self._progress: dict[int, tuple[int, int, str]] = {}
        self._announced: deque[Changed | Link] = deque()
        self._closing = False
        # Queued by hand: an emit on the GUI thread itself must not deliver inside the caller.
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Done,
        failed: Failed | None = None,
        key: str = "",
    ) -> None:
        """Run a read; an earlier read of the same owner and key is dropped, unstarted if possible."""
        self._submit(self._readers, work, _Wait(owner, done, failed, key))

    def write(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run a write after those before it; what it changed is emitted as `changed` even when the owner is gone."""
        self._submit(self._writer, work, _Wait(owner, done, failed))

    def on_lane(
        self,
        name: str,
        owner: QObject,
        work: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Run on the one thread called `name`, in order."""
        self._submit(self._lane(name), work, _Wait(owner, done, failed))

    def at_close(self, name: str, work: Callable[[], Any]) -> None:
        """The last job of a lane, run on its own thread while closing: stop the engine there."""
        self._lane(name)
        self._last_words[name] = work

    def long(
        self,
        owner: QObject,
        work: Callable[[Progress, IsCancelled], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        progressed: Progress | None = None,
    ) -> LongJob:
        """Run export, batch print or import; `work(progress, cancelled)` reports done, total, words."""
        flag = threading.Event()
        ticket = next(self._tickets)
        job = LongJob(flag, self)
        self._handles[ticket], self._flags[ticket] = job, flag
        _refuse_widgets(work)
        bound = partial(work, partial(self._report, ticket), flag.is_set)
        self._submit(self._long, bound, _Wait(owner, done, failed, "", progressed), ticket)
        return job

    def listen(
        self, name: str, work: Callable[[Callable[[Changed | Link], None], IsCancelled], Any]
    ) -> Callable[[], None]:
        """Run `work(announce, cancelled)` on its own thread: changes of other workstations.

        It runs until closing, or until what is returned is called; that does not wait for it.
        """
        _refuse_widgets(work)
        lane, flag = ThreadPoolExecutor(1, name), threading.Event()
        self._listeners = [one for one in self._listeners if not one[0].done()]
        self._listeners.append((lane.submit(self._run_listener, work, flag), flag))
        lane.shutdown(wait=False)
        return flag.set

    def announce(self, news: Changed | Link) -> None:
        """Tell every panel of a change made elsewhere; may be called on any thread."""
        self._announced.append(news)
        self._wake()

    @property
    def is_busy(self) -> bool:
        return bool(self._waiting)

    @Slot()
    def close(self) -> None:
        """Refuse new jobs, cancel reads and long jobs, finish writes, then end the lanes (models.md 5.4.7)."""
        if self._closing:
            return
        self._closing = True
        for flag in (*self._flags.values(), *(flag for _, flag in self._listeners)):
            flag.set()
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._long.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
        for name, lane in self._lanes.items():
            if name in self._last_words:
                lane.submit(self._last_words[name])
            lane.shutdown(wait=True)
        futures.wait([ended for ended, _flag in self._listeners])
        self._waiting.clear()

    def _lane(self, name: str) -> ThreadPoolExecutor:
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, name)
        return self._lanes[name]

    def _submit(
        self,
        lane: ThreadPoolExecutor,
        work: Callable[[], Any],
        wait: _Wait,
        ticket: int | None = None,
    ) -> None:
        if self._closing:
            return
        _refuse_widgets(work)
        ticket = next(self._tickets) if ticket is None else ticket
        if wait.key:
            self._supersede((id(wait.owner), wait.key), ticket)
        self._waiting[ticket] = wait
        if len(self._waiting) == 1:
            self.busy.emit(True)
        self._futures[ticket] = lane.submit(self._run, ticket, work)

    def _supersede(self, key: tuple[int, str], ticket: int) -> None:
        earlier = self._latest.get(key)
        self._latest[key] = ticket
        future = self._futures.get(earlier) if earlier is not None else None
        if future is not None and future.cancel():
            self._forget(earlier)

    def _forget(self, ticket: int) -> None:
        self._waiting.pop(ticket, None)
        self._futures.pop(ticket, None)

    # Runs on a worker. It holds no widget, so none can die off the GUI thread.
    def _run(self, ticket: int, work: Callable[[], Any]) -> None:
        try:
            outcome = (ticket, work(), None)
        except Exception as error:  # noqa: BLE001 - carried to the GUI thread, where `failed` or `unhandled` takes it
            outcome = (ticket, None, error)
        self._outcomes.append(outcome)
        self._wake()

    def _run_listener(self, work: Callable[..., Any], flag: threading.Event) -> None:
        try:
            work(partial(self._pass_on, flag), flag.is_set)
        except Exception:
            log.exception("a listener ended")

    def _pass_on(self, flag: threading.Event, news: Changed | Link) -> None:
        if not flag.is_set():
            self.announce(news)

    def _report(self, ticket: int, done: int, total: int, words: str = "") -> None:
        self._progress[ticket] = (done, total, words)
        self._wake()

    def _wake(self) -> None:
        # Closing may have destroyed this object while a worker was still on its last job.
        with contextlib.suppress(RuntimeError):
            self._ready.emit()

    @Slot()
    def _deliver(self) -> None:
        self._deliver_progress()
        while self._announced:
            news = self._announced.popleft()
            (self.linked if isinstance(news, Link) else self.changed).emit(news)
        try:
            while self._outcomes:
                self._deliver_one(*self._outcomes.popleft())
        finally:
            # A callback that raised must not hold up the outcomes behind it.
            if self._outcomes:
                self._ready.emit()

    def _deliver_progress(self) -> None:
        while self._progress:
            ticket, report = self._progress.popitem()
            wait = self._waiting.get(ticket)
            if wait is not None and wait.progressed is not None and isValid(wait.owner):
                wait.progressed(*report)

    def _deliver_one(self, ticket: int, result: Any, error: Exception | None) -> None:
        wait = self._waiting.get(ticket)
        self._forget(ticket)
        self._flags.pop(ticket, None)
        handle = self._handles.pop(ticket, None)
        if wait is None:
            return
        if not self._waiting:
            self.busy.emit(False)
        if isinstance(error, Unavailable):
            self.missed.emit()
        if isinstance(error, Unsure):
            self.unsure.emit(error)
        stale = self._is_stale(wait, ticket)
        change = _change_in(result)
        if change is not None:
            self.changed.emit(change)
        if not stale and isValid(wait.owner):
            self._hand_over(wait, result, error)
        if handle is not None:
            handle.finished.emit()
            handle.deleteLater()

    def _is_stale(self, wait: _Wait, ticket: int) -> bool:
        key = (id(wait.owner), wait.key)
        if not wait.key or self._latest.get(key) == ticket:
            self._latest.pop(key, None)
            return False
        return True

    def _hand_over(self, wait: _Wait, result: Any, error: Exception | None) -> None:
        if error is None:
            if wait.done is not None:
                wait.done(result)
        elif wait.failed is not None:
            wait.failed(error)
        elif not isinstance(error, Cancelled):
            self.unhandled.emit(error)


def _change_in(result: Any) -> Changed | None:
    """A write returns what it changed, alone or as the `changed` of a larger answer."""
    found = result if isinstance(result, Changed) else getattr(result, "changed", None)
    return found if isinstance(found, Changed) else None


def _refuse_widgets(work: Callable[..., Any]) -> None:
    """Work must not hold a QObject: the worker could be the last to let it go, and destroy it there."""
    inner = work.func if isinstance(work, partial) else work
    held = (getattr(inner, "__self__", None), *(work.args if isinstance(work, partial) else ()))
    cells = getattr(inner, "__closure__", None) or ()
    if any(isinstance(thing, QObject) for thing in (*held, *(_content(cell) for cell in cells))):
        raise TypeError(
            "work for a lane must not hold a QObject; give it a service method and plain values"
        )


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


class _Pulse:
    """What the GUI thread and its watcher share; no QObject, so the watcher can never destroy one."""

    def __init__(self) -> None:
        self.last, self.gui_thread, self.over = (
            perf_counter(),
            threading.get_ident(),
            threading.Event(),
        )


class StallMeter(QObject):
    """Measures the longest time the GUI thread did not come round, in milliseconds.

    With `watch` a second thread looks over its shoulder and logs what the GUI thread is doing
    whenever a stall passes 200 ms (debug builds).
    """

    TICK_MS = 5

    def __init__(self, parent: QObject | None = None, watch: bool = False) -> None:
        super().__init__(parent)
        self._longest, self._pulse = 0.0, _Pulse()
        self._timer = QTimer(self, interval=self.TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        if watch:
            threading.Thread(target=_watch, args=(self._pulse,), name="stalls", daemon=True).start()

    @property
    def longest_ms(self) -> float:
        """The longest gap since `reset`, the one under way included, less the tick itself."""
        gap = max(self._longest, perf_counter() - self._pulse.last)
        return max(0.0, gap * 1000 - self.TICK_MS)

    @Slot()
    def reset(self) -> None:
        self._longest, self._pulse.last = 0.0, perf_counter()

    @Slot()
    def stop(self) -> None:
        self._timer.stop()
        self._pulse.over.set()

    @Slot()
    def _tick(self) -> None:
        now = perf_counter()
        self._longest, self._pulse.last = max(self._longest, now - self._pulse.last), now


def _watch(pulse: _Pulse, limit: float = 0.2) -> None:
    told = 0.0
    while not pulse.over.wait(0.05):
        if perf_counter() - pulse.last > limit and told != pulse.last:
            told = pulse.last
            frame = sys._current_frames().get(pulse.gui_thread)
            log.warning(
                "the GUI thread has stood still for over %d ms\n%s",
                limit * 1000,
                "".join(traceback.format_stack(frame)),
            )
