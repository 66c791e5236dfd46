"""Defects: logged without citizens' data, shown once, from any thread."""

import logging
import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget

from console.domain.errors import Cancelled, Conflict
from console.faults import FaultDialog, Faults, mask_everything


@pytest.fixture
def faults(qapp, tmp_path):
    before = logging.getLogger().level
    made = Faults(tmp_path)
    made.install()
    yield made
    made.uninstall()
    logging.getLogger().setLevel(before)
    if made._dialog is not None:
        made._dialog.close()


def raise_and_catch(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_a_defect_is_logged_masked_and_shown_once(qtbot, faults):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    with qtbot.waitSignal(faults.raised) as raised:
        raise_and_catch("no row for 13812345678 '叶建国'")
    raise_and_catch("again")
    qtbot.waitUntil(lambda: faults._dialog is not None and "2" in faults._dialog.windowTitle())
    written = faults.file.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "138****" in written
    for told in (written, raised.args[1], faults._dialog.details.toPlainText()):
        assert "13812345678" not in told
        assert "叶建国" not in told


def test_threads_report_too(qtbot, faults):
    with qtbot.waitSignal(faults.raised) as raised:
        thread = threading.Thread(target=int, args=("x",))
        thread.start()
        thread.join()
    assert "ValueError" in raised.args[1]


def test_a_cancelled_job_is_nothing_and_a_refusal_no_defect(qtbot, faults):
    faults.report(Cancelled())
    with qtbot.waitSignal(faults.raised) as raised:
        faults.report(Conflict("刚被他人修改。", "已刷新。"))
    assert raised.args == ["刚被他人修改。 已刷新。", ""]


def test_what_is_shown_can_be_copied(qtbot, qapp):
    dialog = FaultDialog("出错", "details", "file")
    qtbot.addWidget(dialog)
    dialog._copy()
    assert qapp.clipboard().text() == "details"


def test_the_mask_leaves_short_numbers():
    assert mask_everything("line 421 of 5") == "line 421 of 5"
    assert mask_everything("430602199001011234X") == "430****"


@pytest.mark.parametrize(
    "said",
    [
        "KeyError: 叶建国",
        "阿卜杜·买买提 at home",
        "from 199 0000 1234",
        "called 0990-8812345",
        "𡐓某",
    ],
)
def test_the_mask_takes_out_names_without_quotes_and_numbers_with_blanks(said):
    left = mask_everything(said)
    assert not set(left) & set("叶建国阿卜杜买提𡐓某")
    assert "1234" not in left.replace("****1234", "")
    assert "8812345" not in left
