"""Nothing typed at the intake desk is lost: faults, undo, journal, outbox, a killed process."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.domain.errors import Conflict, Unavailable
from console.domain.intake import Draft, IntakeForm
from console.services.drafts import Drafts
from tests.views.fake_intake import PHONE, FakeDrafts
from tests.views.intake_bench import Bench


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.close()


def errors(bench) -> dict[str, str]:
    return {
        name: field.error.text() for name, field in bench.record.by_name.items() if field.has_error
    }


def test_every_fault_stands_beside_its_field_and_nothing_is_lost(bench):
    bench.ring("1990000")
    bench.keys("F2")
    bench.words("叶😀")
    bench.keys("Tab")
    bench.words("12345678901234567")
    bench.keys("Tab")
    bench.words("明天下午3点")
    bench.keys("Tab", "Tab")
    bench.paste("路灯\x00不亮\x07" + "很黑" * 6000)
    bench.settle()
    before = bench.form
    bench.keys("F8")
    bench.until(lambda: bool(errors(bench)))
    assert set(errors(bench)) == {"name", "contact_phone", "occurred", "content"}
    assert "超出" in errors(bench)["content"]
    assert "还没到" in errors(bench)["occurred"]
    assert bench.focus is bench.record.name
    after = bench.form
    assert (after.name, after.content, after.occurred) == (
        before.name,
        before.content,
        before.occurred,
    )
    assert len(after.content) > 12_000


def test_a_mended_field_loses_its_fault(bench):
    bench.keys("F8")
    bench.until(lambda: "name" in errors(bench))
    bench.words("王")
    assert "name" not in errors(bench)
    assert "content" in errors(bench)


def test_a_half_typed_category_is_a_fault_and_stays(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
    assert bench.focus is bench.record.category
    bench.latin("zzz")
    bench.settle()
    bench.keys("F8")
    assert "还没有选定" in errors(bench)["category_code"]
    assert bench.record.category.text() == "zzz"


def test_undo_brings_the_form_back_to_the_character(bench):
    bench.complaint()
    bench.keys("Tab")
    bench.words("尽快疏通")
    bench.record.content.setFocus()
    cursor = bench.record.content.textCursor()
    cursor.setPosition(5)
    bench.record.content.setTextCursor(cursor)
    bench.settle()
    before = bench.form
    bench.keys("F8")
    bench.until(lambda: bool(bench.registered))
    assert bench.form.blank
    assert "撤销派单" in bench.window.message.button.text()
    assert "482913" in bench.window.message.sentence.text()
    bench.keys("Ctrl+Z")
    bench.until(lambda: bench.form.content == before.content)
    after = bench.form
    assert (after.ticket_id, after.version) == (501, 7), (
        "what a colleague changes meanwhile is not written over"
    )
    assert ("undo", 501) in bench.desk.filed
    for name in (
        "key",
        "name",
        "address",
        "wanted",
        "title",
        "nature",
        "category_code",
        "unit_id",
        "contact_phone",
        "grid_id",
        "person_id",
    ):
        assert getattr(after, name) == getattr(before, name), name
    assert bench.focus is bench.record.content
    assert bench.record.content.textCursor().position() == 5


def test_what_was_begun_meanwhile_survives_the_undo(bench):
    bench.complaint()
    bench.keys("F8")
    bench.until(lambda: bool(bench.registered))
    bench.words("李先生")
    bench.window.message.take_undo()
    bench.until(lambda: bench.form.name == "叶长青")
    bench.until(lambda: bool(bench.page.found.drafts))
    assert bench.page.found.drafts[0].form.name == "李先生"


def test_an_undo_that_comes_too_late_says_so(bench):
    bench.complaint()
    bench.keys("F8")
    bench.until(lambda: bool(bench.registered))
    bench.desk.fail = Conflict("已被签收，不能撤销")
    bench.keys("Ctrl+Z")
    bench.until(lambda: bool(bench.errors))
    assert bench.form.blank


def test_typing_is_kept_within_a_second_and_dropped_when_filed(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab")
    start = time.monotonic()
    bench.words("路灯不亮")
    bench.until(lambda: bool(bench.drafts.forms))
    assert time.monotonic() - start < 1
    assert bench.drafts.forms[bench.form.key].form.content == "路灯不亮"
    bench.keys("Ctrl+S")
    bench.until(lambda: bool(bench.registered))
    bench.until(lambda: not bench.drafts.forms)


def test_typing_without_a_pause_is_kept_all_the_same(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab")
    kept = []
    bench.page.journal.kept.connect(lambda: kept.append(1))

    def typing_on() -> bool:
        bench.words("字")
        return len(kept) >= 2

    bench.until(typing_on)


def test_a_full_disk_is_said_and_typing_goes_on(bench):
    bench.drafts.fail = Unavailable("本机磁盘已满，草稿未能存到本机")
    bench.words("王")
    bench.until(lambda: bool(bench.errors))
    bench.words("女士")
    assert bench.form.name == "王女士"


def test_drafts_left_by_a_crash_are_offered_and_restored(qtbot):
    form = IntakeForm(
        "old",
        full_phone=PHONE,
        contact_phone=PHONE,
        content="小区路灯不亮，晚上很黑",
        category_code="010305",
        unit_id=41,
        screen=(
            ("category", "井盖缺失"),
            ("unit", "供水集团"),
            ("mine", "category_code unit_id"),
            ("cursor", "content:4"),
            ("masked", "199****1234"),
        ),
    )
    bench = Bench(
        qtbot,
        drafts=FakeDrafts(
            Draft("old", form, datetime.now(UTC) - timedelta(minutes=5), "199****1234", True)
        ),
    )
    bench.until(bench.page.found.isVisible)
    assert "找回 1 份" in bench.page.found.words.text()
    assert "199****1234" in bench.page.found.words.text()
    bench.keys("Ctrl+O")
    assert (bench.form.content, bench.form.key, bench.form.contact_phone) == (
        form.content,
        "old",
        PHONE,
    )
    assert (bench.record.category.text(), bench.form.category_code, bench.form.unit_id) == (
        "井盖缺失",
        "010305",
        41,
    )
    assert bench.focus is bench.record.content
    assert bench.record.content.textCursor().position() == 4
    bench.settle()
    assert bench.form.category_code == "010305", "a chosen category is not suggested away"
    assert bench.page.callers.card is not None
    assert bench.page.callers.card.phone == "199****1234"
    bench.close()


def test_the_untouched_desk_starts_in_the_name_and_enter_takes_up_what_was_found(qtbot):
    form = IntakeForm("old", content="路灯不亮")
    bench = Bench(
        qtbot, drafts=FakeDrafts(Draft("old", form, datetime.now(UTC), "", True)), focus=False
    )
    bench.until(bench.page.found.isVisible)
    assert bench.focus is bench.record.name
    bench.keys("Enter")
    assert bench.form.content == "路灯不亮"
    bench.close()


def test_later_puts_the_strip_away_but_not_the_draft(qtbot):
    form = IntakeForm("old", content="路灯不亮")
    bench = Bench(qtbot, drafts=FakeDrafts(Draft("old", form, datetime.now(UTC), "", True)))
    bench.until(bench.page.found.isVisible)
    bench.page.found.put_off()
    bench.words("王")
    bench.settle()
    assert not bench.page.found.isVisible()
    bench.keys("Ctrl+O")
    assert bench.form.content == "路灯不亮"
    bench.close()


def test_the_outbox_takes_what_the_server_cannot_and_sends_it_once(bench):
    bench.complaint()
    bench.desk.fail = Unavailable("数据库连不上")
    bench.keys("F8")
    bench.until(lambda: bool(bench.drafts.queued))
    bench.until(lambda: bench.page.bar.waiting.text() == "待上传 1")
    assert bench.form.blank
    assert any("20261122 01 000999 2" in words for words in bench.said)
    bench.page.outbox.look()
    bench.page.outbox.look()
    bench.until(lambda: bool(bench.registered))
    bench.until(lambda: not bench.drafts.queued and bench.page.bar.waiting.text() == "")
    assert len(bench.desk.submitted) == 1
    assert bench.desk.submitted[0][0].number == "20261122010009992"


def test_what_the_server_refuses_from_the_outbox_comes_back_to_the_desk(bench):
    bench.drafts.queue(IntakeForm("old", content="路灯不亮了很久"), True)
    bench.page.outbox.look()
    bench.until(lambda: bench.form.key == "old")
    bench.until(lambda: "name" in errors(bench))
    assert not bench.drafts.queued


def test_escape_loses_nothing(bench):
    bench.complaint()
    before = bench.form.content
    for _ in range(4):
        bench.keys("Esc")
    assert bench.form.content == before


def test_a_second_press_while_one_is_on_its_way_does_nothing(bench):
    bench.complaint()
    bench.page.submit_and_dispatch()
    bench.page.submit_and_dispatch()
    bench.until(lambda: bool(bench.registered))
    bench.settle()
    assert len(bench.desk.submitted) == 1


CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from console.jobs import Jobs
from console.services.drafts import Drafts
from console.views.intake.page import IntakePage
from tests.views.fake_intake import FakeIntake, PHONE

app = QApplication([])
page = IntakePage(Jobs(app), FakeIntake(), Drafts(Path(sys.argv[1])))
page.show()
page.activateWindow()
page.ringing(page.desk.caller(PHONE, None))
page.answer()
page.record.content.setFocus()

def type_in():
    event = QInputMethodEvent("", [])
    event.setCommitString("门面下水道堵塞，油污外溢𡐓。")
    QApplication.sendEvent(page.record.content, event)
    cursor = page.record.content.textCursor()
    cursor.setPosition(7)
    page.record.content.setTextCursor(cursor)
    print("typed", flush=True)

QTimer.singleShot(200, type_in)
app.exec()
"""


def test_a_killed_process_loses_nothing(qtbot, tmp_path: Path):
    """kill -9 one second after the last key; a new window finds everything (peers 6.13)."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "typed"
    time.sleep(1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    bench = Bench(qtbot, drafts=Drafts(tmp_path))
    bench.until(bench.page.found.isVisible)
    assert "找回 1 份" in bench.page.found.words.text()
    bench.keys("Ctrl+O")
    assert bench.form.content == "门面下水道堵塞，油污外溢𡐓。"
    assert bench.form.full_phone == PHONE
    assert bench.record.content.textCursor().position() == 7
    bench.drafts.close()
    bench.close()
