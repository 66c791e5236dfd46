"""The whole case on the real windows, as `main.py tour` leaves it behind."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ("ticket-form.pdf", "handling-sheet.pdf", "closure-report.pdf")
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tour")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "main.py", "tour", "--out", str(out)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def transcript(tour: Path) -> dict[str, Any]:
    return json.loads((tour / "transcript.json").read_text("utf-8"))


def text_of(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout


def test_every_step_came_to_stand_in_the_database(transcript: dict[str, Any]) -> None:
    assert transcript["verdict"] == "完成"
    names = [step["step"] for step in transcript["steps"]]
    assert names[0] == "来电"
    assert names[-1] == "归档"
    assert {"派单", "街道签收", "下派社区", "社区办理", "审核", "回访"} <= set(names)
    assert transcript["steps"][-1]["in_database"] == "ticket.state=archived"


def test_a_plain_complaint_is_dispatched_in_twelve_keys(transcript: dict[str, Any]) -> None:
    assert 0 < transcript["totals"]["keys_from_ring_to_dispatched"] <= 12


def test_each_step_says_who_what_and_how_long(transcript: dict[str, Any]) -> None:
    for step in transcript["steps"]:
        assert step["role"]
        assert step["milliseconds"] >= 0
        assert len(step["pressed"]) == step["keys"]
    assert transcript["totals"]["longest_stall_ms"] > 0


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_can_be_read_and_carry_their_fonts(
    tour: Path, name: str, transcript: dict[str, Any]
) -> None:
    number = transcript["steps"][-1]["ticket"]
    words = text_of(tour / name)
    assert number in words.replace(" ", "")
    assert "烧烤摊出店经营" in words
    fonts = subprocess.run(
        ["pdffonts", str(tour / name)], capture_output=True, text=True, check=True
    ).stdout
    rows = fonts.splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows), fonts


def test_the_closure_report_answers_the_four_questions(tour: Path) -> None:
    words = "".join(text_of(tour / "closure-report.pdf").split())
    for heading in (
        "一、基本情况",
        "二、调查核实",
        "三、办理措施",
        "四、办理结果及效果",
        "五、群众意见",
    ):
        assert heading in words
    assert "把烤炉和桌椅摆到人行道" in words
    assert "办理流程" in words


def test_there_is_a_picture_of_every_workplace_in_both_themes(tour: Path) -> None:
    screens = {path.stem for path in (tour / "screens").glob("*.png")}
    for name in (
        "sign-in",
        "intake",
        "orders-agent",
        "dispatch-dispatcher",
        "inbox-street",
        "review",
        "callback",
        "reports",
    ):
        assert {f"{name}-light", f"{name}-dark"} <= screens
