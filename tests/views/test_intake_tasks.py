"""The other ends of a call, each as a card that never blocks the form."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.domain.states import Nature
from console.views.call_bar import PhoneState
from console.views.intake.record_fields import NATURES
from console.views.parts.segmented import Segmented
from tests.views.fake_intake import ANSWERS
from tests.views.intake_bench import Bench


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.close()


def done(bench) -> None:
    bench.keys("Ctrl+Enter")


def test_a_knowledge_answer_is_searched_read_aloud_and_cited(bench, qtbot):
    bench.complaint()
    bench.keys("F6")
    bench.words("油污")
    bench.settle()
    bench.keys("Down", "Down", "Ctrl+T")
    assert bench.spoken == [bench.page.assist.answers.current.short_answer]
    with qtbot.waitSignal(bench.page.hush):
        bench.keys("Down")
    bench.keys("F4")
    task = bench.page.assist.task
    assert task.text.text == bench.page.assist.answers.current.short_answer
    assert bench.focus is task.text
    done(bench)
    bench.until(lambda: bool(bench.registered))
    kind, form, answer, knowledge = bench.desk.filed[0]
    assert kind == "answer"
    assert answer
    assert knowledge in (1, 2)
    assert form.content.startswith("门面")


def test_a_question_answered_from_an_entry_is_closed_in_three_keys(bench):
    """F6, the question, Enter, Ctrl+Enter: what was asked and its nature follow from the entry (knowledge.md)."""
    bench.keys("F6")
    bench.words("下水道")
    bench.until(lambda: bench.page.assist.answers.current)
    bench.keys("Enter", "Ctrl+Enter")
    bench.until(lambda: bool(bench.registered))
    kind, form, answer, knowledge = bench.desk.filed[0]
    cited = ANSWERS[0]
    assert (kind, answer, knowledge) == ("answer", cited.short_answer, cited.id)
    assert (form.nature, form.content) == (Nature.INQUIRY, f"咨询：{cited.title}")


def test_in_a_low_window_the_answers_come_into_sight(bench):
    bench.complaint()
    bench.window.resize(1280, 640)
    bench.settle()
    column = bench.page.assist
    bench.keys("F6")
    bench.words("油污")
    bench.until(lambda: column.answers.current)

    def in_sight(widget) -> bool:
        top = widget.mapTo(column.area.viewport(), widget.rect().topLeft()).y()
        return top >= 0 and top + widget.height() <= column.area.viewport().height()

    bench.until(lambda: in_sight(column.answers.box) and in_sight(column.answers.list))


def test_an_answer_under_way_keeps_its_words_and_its_key(bench):
    bench.complaint()
    bench.keys("F4")
    bench.words("已告知由物业疏通。")
    task = bench.page.assist.task
    bench.record.content.setFocus()
    bench.keys("F4")
    assert bench.page.assist.task is task
    assert (task.text.text, bench.focus) == ("已告知由物业疏通。", task.text)
    bench.record.content.setFocus()
    done(bench)
    bench.until(lambda: bool(bench.registered))
    assert bench.desk.filed[0][2] == "已告知由物业疏通。"


def test_a_fault_of_the_nature_goes_when_it_is_chosen(bench):
    bench.record.content.setFocus()
    bench.words("请问几点开门")
    bench.settle()
    bench.record.suggest("nature", Nature.INQUIRY, "话里有“请问”")
    bench.record.by_name["nature"].show_error("请选择诉求性质")
    bench.keys("Alt+Z")
    assert not bench.record.by_name["nature"].has_error
    assert not bench.record.is_suggested("nature")


def test_a_direct_answer_wants_words(bench):
    bench.complaint()
    bench.keys("F4")
    done(bench)
    assert bench.page.assist.task.fields["answer"].has_error
    bench.words("已告知由物业疏通。")
    done(bench)
    bench.until(lambda: bool(bench.registered))
    assert bench.desk.filed[0][2] == "已告知由物业疏通。"


def test_an_emergency_is_hinted_at_and_handed_over(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab")
    bench.words("楼下店里着火了，烟很大")
    bench.settle()
    assert bench.page.assist.emergency.isVisible()
    assert "119" in bench.page.assist.emergency.words.text()
    bench.keys("F9")
    bench.latin("6021")
    done(bench)
    bench.until(lambda: bool(bench.registered))
    kind, form, service, receiver, three_way = bench.desk.filed[0]
    assert (kind, service, receiver, three_way) == (
        "police",
        "119",
        "6021",
        True,
    )
    assert "着火" in form.content


def test_not_accepting_wants_reason_words_and_supervisor(bench):
    bench.complaint()
    bench.keys("Ctrl+Shift+J")
    bench.until(lambda: bench.page.assist.task is not None)
    bench.keys("Down", "Tab")
    done(bench)
    assert bench.page.assist.task.fields["told"].has_error
    bench.words("已告知向法院反映。")
    done(bench)
    bench.until(lambda: bool(bench.registered))
    kind, _form, reason, told, supervisor = bench.desk.filed[0]
    assert (kind, reason, told, supervisor) == ("reject", "4", "已告知向法院反映。", 2)


def test_harassment_marks_the_call_and_ends_it(bench):
    bench.ring("19911112222")
    bench.keys("F2", "Ctrl+Shift+H", "Enter")
    bench.until(lambda: bench.phone_state is PhoneState.IDLE)
    bench.settle()
    assert ("harassment", 101, "多次无诉求拨打") in bench.desk.calls


def test_the_full_number_is_shown_for_a_logged_reason(bench):
    bench.complaint()
    assert bench.page.callers.caller.number.text() == "199****1234"
    bench.keys("Ctrl+R", "Enter")
    bench.until(lambda: bench.page.callers.caller.number.text() == "19900001234")
    assert (1, "回拨核实") in bench.desk.reveals
    assert bench.focus is bench.record.content


def test_a_strangers_number_is_shown_for_a_logged_reason_too(bench):
    bench.ring("19911112222")
    bench.keys("F2", "Ctrl+R", "Enter")
    bench.until(lambda: bench.page.callers.caller.number.text() == "19911112222")
    assert ("call 101", "回拨核实") in bench.desk.reveals


def test_the_card_says_that_a_block_is_asked_for(bench):
    bench.ring("19911112222")
    bench.keys("F2", "Ctrl+Shift+H")
    words = " ".join(label.text() for label in bench.page.assist.task.findChildren(QLabel))
    assert "只标记" not in words
    assert "申请标记此号码，由值班长批准" in words


def test_a_promise_is_one_line_shown_back_and_goes_with_the_record(bench):
    bench.complaint()
    bench.keys("Ctrl+M")
    bench.words("回电告知进展")
    done(bench)
    assert "没看出" in bench.page.assist.task.line.understood.text()
    bench.words("，明天下午五点前")
    assert "17:00 前：回电告知进展" in bench.page.assist.task.line.understood.text()
    done(bench)
    assert any("承诺已记下" in words for words in bench.said)
    bench.keys("F8")
    bench.until(lambda: bool(bench.desk.submitted))
    (what, due) = bench.desk.submitted[0][0].promises[0]
    assert what == "回电告知进展"
    assert datetime.fromisoformat(due) > datetime.now(UTC)


def test_a_promise_is_in_the_journal_before_the_record_has_a_number(bench):
    bench.complaint()
    bench.keys("Ctrl+M")
    bench.words("两小时内回电")
    bench.keys("Enter")
    bench.until(lambda: bench.page.assist.task is None)
    bench.page.journal.keep_now()
    bench.until(lambda: any(d.form.promises for d in bench.drafts.all()))


def test_campaigns_are_ticked_by_key_and_go_with_the_record(bench):
    bench.complaint()
    bench.keys("Ctrl+Shift+T")
    bench.until(lambda: bench.page.assist.task is not None)
    bench.keys("Space")
    done(bench)
    bench.keys("F8")
    bench.until(lambda: bool(bench.desk.submitted))
    assert bench.desk.submitted[0][0].campaigns == ("battles",)


def test_the_deadline_explains_itself_and_goes_away_by_the_same_key(bench):
    bench.complaint()
    assert bench.page.deadline.words.text().startswith("签收 今天 16:30")
    bench.keys("Ctrl+L")
    assert bench.page.assist.task is not None
    bench.keys("Ctrl+L")
    bench.until(lambda: bench.page.assist.task is None)


def test_the_record_is_read_back(bench):
    bench.complaint()
    bench.keys("Ctrl+T")
    bench.until(lambda: bool(bench.spoken))
    assert bench.spoken[0].startswith("您反映的是：门面下水道堵塞")


def test_what_was_typed_while_the_record_was_on_its_way_stays(bench):
    bench.complaint()
    bench.page.submit_and_dispatch()
    bench.words("还有井盖破了。")
    bench.until(lambda: bool(bench.registered))
    assert bench.form.content.endswith("还有井盖破了。")
    assert bench.form.key != bench.desk.submitted[0][0].key


def test_confidential_asks_why(bench):
    bench.record.confidential.setFocus()
    bench.keys("Space", "Tab", "Tab")
    assert bench.focus is bench.record.confidential_reason
    bench.words("举报邻居")
    assert bench.form.confidential
    assert bench.form.confidential_reason == "举报邻居"


def test_co_units_collect_and_the_last_goes_with_backspace(bench):
    bench.record.co_units.line.setFocus()
    for initials in ("gs", "cs"):
        bench.latin(initials)
        bench.until(lambda: bench.record.co_units.line.is_open)
        bench.keys("Enter")
    assert bench.form.co_unit_ids == (41, 40)
    bench.keys("Backspace")
    assert bench.form.co_unit_ids == (41,)


def test_the_caller_number_stands_masked_and_counts_in_full(bench):
    bench.ring()
    bench.keys("F2", "Tab")
    assert bench.record.contact_phone.text() == "199****1234"
    assert bench.form.contact_phone == "19900001234"
    bench.words("19911112222")
    assert bench.form.contact_phone == "19911112222"
    assert bench.form.full_phone == "19900001234"


def test_snippets_expand_in_the_content(bench):
    bench.until(lambda: bool(bench.record.content._snippets))
    bench.keys("Tab", "Tab", "Tab", "Tab")
    bench.latin("::xsd ")
    assert bench.form.content == "下水道堵塞，污水外溢，"


@pytest.mark.parametrize(("letter", "nature"), list(zip("ZQTJYB", NATURES, strict=True)))
def test_alt_letters_choose_the_nature_from_anywhere(bench, letter: str, nature: Nature):
    bench.keys(f"Alt+{letter}")
    assert bench.form.nature is nature


def test_segments_may_carry_letters(qtbot):
    segments = Segmented([(1, "咨询"), (2, "求助")], "性质", letters="ZQ")
    qtbot.addWidget(segments)
    segments.show()
    qtbot.waitUntil(segments.isActiveWindow)
    segments.setFocus()
    qtbot.keyClick(segments, Qt.Key.Key_Q, Qt.KeyboardModifier.AltModifier)
    assert segments.value == 2
    qtbot.keyClick(segments, Qt.Key.Key_1)
    assert segments.value == 1
