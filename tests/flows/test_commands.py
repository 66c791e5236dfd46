"""`main.py` as an administrator types it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=typed, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("db",),
        ("db", "init"),
        ("db", "demo"),
        ("user", "add"),
        ("tour",),
        ("call",),
        ("check",),
    ],
)
def test_everything_answers_help(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert "usage" in done.stdout


def test_a_new_database_is_made_checked_and_given_a_user(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'hotline.db'}"
    assert run("db", "init", "--url", url).returncode == 0
    assert "完好" in run("db", "check", "--url", url).stdout
    person = ("0017", "--name", "李敏", "--role", "agent", "--unit", "9801")
    missing = run("user", "add", "--database", url, *person, typed="long enough\n")
    assert missing.returncode == 1
    assert missing.stderr.strip() == "没有编码为 9801 的单位"


def test_a_short_password_is_refused_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    assert run("db", "demo", "--url", f"sqlite:///{path}").returncode == 0
    done = run("user", "reset", "--database", f"sqlite:///{path}", "0017", typed="short\n")
    assert done.returncode == 1
    assert "8 位" in done.stderr
    assert "short" not in done.stdout + done.stderr
    assert (
        run(
            "user", "reset", "--database", f"sqlite:///{path}", "0017", typed="long enough\n"
        ).returncode
        == 0
    )
    assert "0017" in run("user", "list", "--database", f"sqlite:///{path}").stdout


def test_a_missing_database_is_one_plain_sentence(tmp_path: Path) -> None:
    done = run("db", "check", "--url", f"sqlite:///{tmp_path / 'nothing.db'}")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "没有这个数据库文件" in done.stderr


def test_a_call_without_a_console_says_so() -> None:
    done = run("call", "13800000000")
    assert done.returncode == 1
    assert "没有正在运行的工作台" in done.stderr
    assert "13800000000" not in done.stderr
