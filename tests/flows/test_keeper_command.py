"""`main.py keeper` as an administrator or a timer runs it."""

import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from console.services.keeping import Keeping
from db.models import KeeperLease, Ticket, Urging
from tests.journeys import dispatched
from tests.world import seat_for

ROOT = Path(__file__).resolve().parents[2]


def command(url: str, *more: str) -> list[str]:
    return [sys.executable, "main.py", "keeper", "--database", url, *more]


def once(url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(url, "--once"), cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def due(world):
    """Two work orders just turned yellow, with a citizen's data in them."""
    for _ in range(2):
        dispatched(world)
    with world.writing.begin() as session:
        for ticket in session.scalars(select(Ticket)):
            ticket.yellow_at = ticket.accepted_at - timedelta(minutes=1)
    return world


def test_one_sweep_says_one_line_of_counts(due) -> None:
    done = once(due.url)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r".+ 值守：黄灯 2，用时 [\d.]+ 秒\n", done.stdout)
    assert "没有到时的事项" in once(due.url).stdout
    with due.reading() as session:
        assert len(session.scalars(select(Urging.id)).all()) == 2
        assert session.get(KeeperLease, "keeper") is None


def test_while_another_keeps_it_says_who_and_does_nothing(due) -> None:
    other = Keeping(seat_for(due))
    with due.writing.begin() as session:
        for ticket in session.scalars(select(Ticket)):
            ticket.yellow_at = ticket.accepted_at + timedelta(days=1)
    other.round()
    done = once(due.url)
    assert (done.returncode, done.stdout) == (0, "WS-TEST 正在值守，本次未做\n")
    other.release()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_cleanly_and_leaves_its_place(due, told) -> None:
    running = subprocess.Popen(
        command(due.url, "--every", "60"), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert "黄灯 2" in running.stdout.readline()
    begun = time.monotonic()
    running.send_signal(told)
    said, complained = running.communicate(timeout=20)
    assert (running.returncode, said, complained) == (0, "", "")
    assert time.monotonic() - begun < 10
    with due.reading() as session:
        assert session.get(KeeperLease, "keeper") is None


@pytest.mark.parametrize(
    ("url", "more", "reason"),
    [
        ("sqlite:///{0}/none.db", ["--once"], "数据库还没有建好或版本较旧。请先运行 main.py db upgrade"),
        ("sqlite:///{0}/none.db", ["--every", "1"], "间隔应为 5 至 600 秒"),
        ("postgresql+psycopg://postgres@127.0.0.1:1/none", ["--once"], "数据库连接中断。"),
    ],
)  # fmt: skip
def test_a_failure_is_one_line_and_not_zero(tmp_path, url, more, reason) -> None:
    done = subprocess.run(
        command(url.format(tmp_path), *more), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(reason)
    assert done.stderr.count("\n") == 1


def test_it_answers_help() -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "keeper", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "--once" in done.stdout
    assert "--every" in done.stdout


def test_check_says_who_keeps(due) -> None:
    def said() -> str:
        done = subprocess.run(
            [sys.executable, "main.py", "--database", due.url, "check"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return next(line for line in done.stdout.splitlines() if "系统值守" in line)

    assert said().startswith("✗ 系统值守：现在没有程序值守")
    other = Keeping(seat_for(due))
    other.round()
    assert said() == "✓ 系统值守：WS-TEST 正在值守"
    other.release()
