"""The lanes: order, latest read wins, owners that are gone, errors, cancelling, closing."""

import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from console.domain.changes import Changed, Topic
from console.domain.errors import Cancelled, Conflict
from console.jobs import Jobs, StallMeter

CHANGED = Changed(frozenset({Topic.TICKETS}), (7,))


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


class Desk(QObject):
    """An owner that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.got, self.errors, self.reports = [], [], []
        self.threads = set()

    def take(self, result) -> None:
        self.got.append(result)
        self.threads.add(threading.current_thread())

    def refuse(self, error) -> None:
        self.errors.append(error)

    def progressed(self, done, total, words) -> None:
        self.reports.append((done, total, words))

    def stumble(self, _result) -> None:
        raise RuntimeError("slot")


def test_a_result_comes_back_on_the_gui_thread(qtbot, jobs):
    desk = Desk()
    jobs.read(desk, partial(int, "42"), desk.take)
    qtbot.waitUntil(lambda: desk.got == [42])
    assert desk.threads == {threading.main_thread()}


def test_writes_keep_their_order_and_say_what_changed(qtbot, jobs):
    desk, heard = Desk(), []
    jobs.changed.connect(heard.append)
    for _ in range(5):
        jobs.write(desk, partial(Changed, frozenset({Topic.TICKETS}), (len(heard),)), desk.take)
    qtbot.waitUntil(lambda: len(desk.got) == 5)
    assert heard == desk.got


def test_of_twenty_reads_under_one_key_the_last_is_delivered_once(qtbot, jobs):
    desk = Desk()
    for number in range(20):
        jobs.read(desk, partial(int, number), desk.take, key="list")
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert desk.got == [19]


def test_reads_of_other_keys_and_owners_are_left_alone(qtbot, jobs):
    one, two = Desk(), Desk()
    jobs.read(one, partial(int, 1), one.take, key="a")
    jobs.read(one, partial(int, 2), one.take, key="b")
    jobs.read(two, partial(int, 3), two.take, key="a")
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert sorted(one.got) == [1, 2]
    assert two.got == [3]


def test_an_owner_that_is_gone_gets_nothing_but_others_hear_of_its_write(qtbot, jobs):
    gate, owner = threading.Event(), QWidget()
    got, heard = [], []
    jobs.changed.connect(heard.append)
    jobs.write(owner, partial(_wait_then, gate, CHANGED), got.append)
    import shiboken6

    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: heard == [CHANGED])
    assert got == []


def test_errors_reach_failed_or_unhandled(qtbot, jobs):
    desk, unhandled = Desk(), []
    jobs.unhandled.connect(unhandled.append)
    jobs.read(desk, partial(_fail, Conflict("x")), desk.take, desk.refuse)
    jobs.read(desk, partial(_fail, KeyError("y")), desk.take)
    jobs.read(desk, partial(_fail, Cancelled()), desk.take)
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert [type(e) for e in desk.errors] == [Conflict]
    assert [type(e) for e in unhandled] == [KeyError]


def test_a_callback_that_raises_does_not_hold_up_the_next(qtbot, jobs):
    desk = Desk()
    with qtbot.captureExceptions() as raised:
        jobs.write(desk, partial(int, 1), desk.stumble)
        jobs.write(desk, partial(int, 2), desk.take)
        qtbot.waitUntil(lambda: desk.got == [2])
    assert len(raised) == 1


def test_a_long_job_reports_and_is_cancelled(qtbot, jobs):
    desk, started = Desk(), threading.Event()
    job = jobs.long(
        desk, partial(_count_until_cancelled, started), desk.take, desk.refuse, desk.progressed
    )
    assert started.wait(5)
    qtbot.waitUntil(lambda: bool(desk.reports))
    with qtbot.waitSignal(job.finished):
        job.cancel()
    assert desk.got == []
    assert [type(e) for e in desk.errors] == [Cancelled]
    assert desk.reports[-1][1:] == (0, "行")


def test_work_that_holds_a_widget_is_refused(jobs, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    with pytest.raises(TypeError):
        jobs.read(widget, widget.update, print)
    with pytest.raises(TypeError):
        jobs.read(widget, lambda: widget.width(), print)
    with pytest.raises(TypeError):
        jobs.read(widget, partial(print, widget), print)


def test_a_named_lane_is_one_thread_and_has_the_last_word(qtbot, qapp):
    jobs, desk, last = Jobs(), Desk(), []
    for _ in range(3):
        jobs.on_lane("speech", desk, threading.get_ident, desk.take)
    jobs.at_close("speech", partial(_append_thread, last))
    qtbot.waitUntil(lambda: len(desk.got) == 3)
    jobs.close()
    assert set(desk.got) == set(last)


def test_a_listener_announces_until_closing(qtbot, qapp):
    jobs, heard, ended = Jobs(), [], threading.Event()
    jobs.changed.connect(heard.append)
    jobs.listen("changes", partial(_listen, ended))
    qtbot.waitUntil(lambda: heard == [CHANGED])
    jobs.close()
    assert ended.is_set()


def test_busy_is_told_at_both_ends(qtbot, jobs):
    told, desk = [], Desk()
    jobs.busy.connect(told.append)
    jobs.read(desk, partial(int, 1), desk.take)
    jobs.read(desk, partial(int, 2), desk.take)
    qtbot.waitUntil(lambda: told == [True, False])


def test_closing_finishes_writes_and_refuses_new_ones(qapp):
    jobs, desk, done = Jobs(), Desk(), []
    jobs.write(desk, partial(done.append, 1))
    jobs.close()
    jobs.write(desk, partial(done.append, 2))
    assert done == [1]


def test_two_thousand_jobs_are_all_delivered(qtbot, jobs):
    desk = Desk()
    for number in range(2000):
        jobs.read(desk, partial(int, number), desk.take)
    qtbot.waitUntil(lambda: len(desk.got) == 2000, timeout=20_000)
    assert sorted(desk.got) == list(range(2000))


def test_the_stall_meter_sees_a_stall(qtbot, qapp):
    meter = StallMeter()
    meter.reset()
    QTimer.singleShot(0, _dawdle)
    qtbot.waitUntil(lambda: meter.longest_ms >= 40)
    meter.reset()
    assert meter.longest_ms < 40
    meter.stop()


def _dawdle() -> None:
    threading.Event().wait(0.06)


def _wait_then(gate, result):
    gate.wait(5)
    return result


def _fail(error):
    raise error


def _append_thread(where):
    where.append(threading.get_ident())


def _listen(ended, announce, cancelled):
    announce(CHANGED)
    while not cancelled():
        threading.Event().wait(0.01)
    ended.set()


def _count_until_cancelled(started, progress, cancelled):
    for number in range(100_000):
        progress(number, 0, "行")
        started.set()
        if cancelled():
            raise Cancelled
        threading.Event().wait(0.001)
    return "all"
