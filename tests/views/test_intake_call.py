"""A call at the intake desk: keys only, a ring that disturbs nobody, answers that never overwrite."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from console.domain.intake import PastMatter, Suggested
from console.domain.states import Nature, TicketState
from console.theme import Tone
from console.views.call_bar import PhoneState
from console.views.intake.caller_column import matter_line
from tests.views.fake_intake import PEOPLE, FakeIntake
from tests.views.intake_bench import Bench


@pytest.fixture
def bench(qtbot):
    made = Bench(qtbot)
    yield made
    made.close()


def test_a_plain_complaint_costs_few_keys_besides_its_words(bench):
    bench.complaint()
    bench.keys("F8")
    bench.until(lambda: bench.desk.submitted)
    bench.until(lambda: bench.registered)
    bench.keys("F12")
    (form, dispatched) = bench.desk.submitted[0]
    assert dispatched
    assert form.unit_id == 10
    assert form.category_code == "010304"
    assert form.nature is Nature.HELP
    assert (form.name, form.address, form.title) == ("叶长青", "宝丽西街123号", "门面下水道堵塞")
    assert form.full_phone == "19900001234"
    assert form.grid_id == 30
    assert form.grid_rule
    keys, clicks, besides_words = bench.page.last_count
    assert clicks == 0
    assert keys < 20
    assert besides_words == 4  # F2, Alt+1, Tab, F8; F12 is the fifth
    bench.until(lambda: [what for what, *_ in bench.desk.calls] == ["ring", "answer", "end"])


def test_an_unknown_caller_costs_at_most_twelve(bench):
    bench.ring("19911112222")
    bench.keys("F2")
    assert bench.focus is bench.record.name
    bench.words("欧阳春")
    bench.keys("Tab", "Tab")
    bench.words("昨天晚上")
    bench.keys("Tab")
    bench.words("宝丽西街105号")
    bench.keys("Tab")
    bench.words("下水道堵塞，油污外溢到人行道。")
    bench.settle()
    bench.keys("F8")
    bench.until(lambda: bench.registered)
    assert bench.page.last_count[2] + 1 <= 12  # and F12
    assert bench.desk.submitted[0][0].contact_phone == "19911112222"


def test_a_ring_takes_neither_focus_nor_letters(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab")
    bench.words("路灯不亮")
    bench.compose("hen hei")
    bench.ring()
    assert bench.focus is bench.record.content
    assert bench.phone_state is PhoneState.RINGING
    event_text = bench.record.content.toPlainText()
    assert event_text == "路灯不亮"
    bench.words("，很黑")
    assert bench.record.content.toPlainText() == "路灯不亮，很黑"
    assert bench.form.call_id is None, "the half-typed form is not the ringing caller's"


def test_answering_waits_for_the_end_of_a_composition(bench):
    bench.keys("Tab", "Tab", "Tab", "Tab")
    bench.compose("lu deng")
    bench.ring()
    bench.page.answer()
    assert bench.phone_state is PhoneState.RINGING
    bench.words("路灯")
    bench.until(lambda: bench.phone_state is PhoneState.TALKING)
    bench.until(lambda: bool(bench.page.found.drafts))
    assert bench.page.found.drafts[0].form.content == "路灯"


def test_the_next_call_keeps_the_half_typed_form(bench):
    bench.complaint()
    before = bench.form
    bench.keys("F12")
    bench.ring("19911112222")
    assert bench.form.content == before.content
    bench.keys("F2")
    assert bench.form.blank
    assert bench.form.full_phone == "19911112222"
    assert any("已保留" in words for words in bench.said)
    bench.until(lambda: bool(bench.page.found.drafts))
    bench.keys("Ctrl+O")
    assert bench.form.content == before.content
    assert bench.form.key == before.key
    assert bench.focus is bench.record.content


def test_one_registered_resident_is_filled_in_on_answering(bench):
    bench.desk.people = PEOPLE[:1]
    bench.ring()
    bench.keys("F2")
    assert bench.focus is bench.record.address
    bench.until(lambda: bench.record.address.text() != "")
    assert bench.record.name.text() == "叶长青"
    assert bench.record.address.text() == "宝丽小区3栋2单元501"
    assert bench.desk.reveals, "a full name is a logged look-up"
    bench.words("宝丽西街9号")
    assert bench.record.address.text() == "宝丽西街9号", (
        "the home is selected: the first word replaces it"
    )


def test_a_late_name_does_not_overwrite_a_typed_one(bench):
    gate = bench.desk.gates["full_person"] = threading.Event()
    bench.ring()
    bench.keys("F2", "Alt+1")
    bench.record.name.setFocus()
    bench.words("叶大爷")
    gate.set()
    bench.settle()
    assert bench.record.name.text() == "叶大爷"


def test_late_suggestions_leave_chosen_and_focused_fields_alone(bench):
    gate = bench.desk.gates["suggest"] = threading.Event()
    bench.ring()
    bench.keys("F2", "Tab", "Tab", "Tab", "Tab")
    bench.words("小区里下水道堵塞很久了")
    bench.until(lambda: not bench.page.lookups._delay.isActive())
    bench.keys("Alt+T")
    bench.record.category.setFocus()
    bench.latin("jgqs")
    bench.until(lambda: bench.record.category.is_open)
    bench.keys("Enter")
    bench.record.unit.setFocus()
    gate.set()
    bench.settle()
    assert bench.form.nature is Nature.COMPLAINT
    assert bench.form.category_code == "010305"
    assert bench.record.unit.text() == "", "nothing is filled in under the operator's hands"
    bench.keys("Tab")
    assert bench.record.unit.text() == "清河街道办事处"
    assert bench.form.unit_id == 10
    assert bench.record.is_suggested("unit_id")
    assert not bench.record.is_suggested("nature")


def test_an_answer_for_another_form_is_dropped(bench):
    gate = bench.desk.gates["place"] = threading.Event()
    bench.ring()
    bench.keys("F2", "Tab", "Tab", "Tab")
    bench.words("宝丽西街123号")
    bench.until(lambda: not bench.page.lookups._delay.isActive())
    bench.keys("Ctrl+N")
    gate.set()
    bench.settle()
    assert bench.form.grid_id is None
    assert bench.form.address == ""


def test_nothing_is_looked_up_in_the_middle_of_a_composition(bench):
    asked = []
    bench.desk.suggest = lambda form: asked.append(form.content) or Suggested()
    bench.keys("Tab", "Tab", "Tab", "Tab")
    bench.words("路灯不亮")
    bench.compose("le")
    bench.until(lambda: not bench.page.lookups._delay.isActive())
    assert asked == []
    bench.words("了")
    bench.settle()
    assert asked
    assert asked[-1] == "路灯不亮了"


def test_an_ambiguous_place_is_asked_about_and_chosen_by_key(bench):
    bench.ring()
    bench.keys("F2", "Tab", "Tab", "Tab")
    bench.words("宝丽西街")
    bench.settle()
    card = bench.page.assist.place
    assert card.ask.text() == "请问门牌是单号还是双号？"
    assert bench.form.grid_id is None
    bench.keys("Alt+G", "2")
    assert bench.form.grid_id == 31
    assert "来电人确认" in bench.form.grid_rule
    assert bench.focus is bench.record.address
    bench.settle()
    assert bench.form.grid_id == 31, "looking up again does not take the choice back"


def test_a_place_outside_says_so(bench):
    bench.keys("Tab", "Tab", "Tab")
    bench.words("火星大道")
    bench.settle()
    assert "不在本市" in bench.page.assist.place.path.text()


def test_a_work_order_named_as_a_reason_can_be_opened_and_words_stay_words(bench):
    bench.words("下水道<b>堵塞</b>，油污外溢到人行道")
    suggestion, opened = bench.page.assist.suggestion, []
    bench.page.open_ticket.connect(opened.append)
    found = replace(bench.desk.suggested, category_reason="像20261103010000217；按关键词“<b>堵”")
    suggestion.show_suggested(found)
    reason = suggestion.lines[1].reason
    assert "&lt;b&gt;堵" in reason.text()
    assert ">20261103010000217<" in reason.text()
    reason.linkActivated.emit("20261103010000217")
    bench.until(lambda: opened == [217])


def test_joining_a_duplicate_takes_three_keys(bench):
    bench.complaint()
    bench.page.begin_count()
    bench.keys("F7")
    assert bench.page.assist.duplicates.facts.isVisible()
    bench.keys("Enter")
    bench.until(lambda: bench.registered)
    kind, form, ticket = bench.desk.filed[0]
    assert (kind, ticket) == ("join", 77)
    assert form.content.startswith("门面")
    assert bench.page.last_count[0] <= 3


def test_a_malformed_number_rings_all_the_same(bench):
    bench.ring("1990000")
    bench.keys("F2")
    assert bench.page.callers.caller.fault.isVisible()
    assert bench.phone_state is PhoneState.TALKING


def test_no_state_of_the_desk_opens_a_window(bench):
    bench.complaint()
    for key in ("F4", "F9", "Ctrl+R", "Ctrl+M", "Ctrl+L", "Ctrl+Shift+H", "Ctrl+Shift+J"):
        bench.keys(key)
        bench.settle()
        shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
        assert shown == [bench.window], key
        assert bench.page.assist.task is not None, key
        assert bench.page.assist.task.isAncestorOf(bench.focus), key
        bench.keys("Esc")
        bench.until(lambda: bench.page.assist.task is None)
        assert bench.focus is bench.record.content, key


def test_open_matters_come_first_and_enter_opens_them(bench, qtbot):
    bench.ring()
    bench.keys("F2", "Alt+H")
    with qtbot.waitSignal(bench.page.open_ticket) as opened:
        bench.keys("Enter")
    assert opened.args == [12]


def test_other_residents_are_found_by_name_and_picked(bench):
    bench.ring("19911112222")
    bench.keys("F2", "Alt+R")
    bench.latin("oyc")
    bench.until(lambda: bool(bench.page.callers.finder.list.lines))
    bench.keys("Enter", "1")
    bench.until(lambda: bench.record.name.text() == "欧阳春")
    assert bench.form.person_id == 3


def test_a_wrong_identity_number_is_said_beside_the_find_box(bench):
    bench.keys("Alt+R")
    bench.latin("990101196001010012")
    bench.until(lambda: bench.page.callers.finder.nothing.isVisible())
    assert bench.page.callers.finder.nothing.text()


def test_the_desk_starts_with_a_fake_that_answers_nothing(qtbot):
    made = Bench(qtbot, FakeIntake())
    made.keys("F8")
    made.until(lambda: made.record.by_name["name"].has_error)
    assert made.focus is made.record.name
    made.close()


def test_whose_grid_it_is_stands_beside_the_one_picked(bench):
    """Of several grids the caller names one: its people are shown, and the others are not."""
    bench.record.address.setFocus()
    bench.words("宝丽西街")
    bench.settle()
    card = bench.page.assist.place
    assert len(card.candidates.lines) == 2
    bench.keys("Alt+G")
    bench.keys("Enter")
    bench.until(lambda: card.people.isVisible())
    bench.until(lambda: "孙**" in shown_words(card.people))
    assert card.rule_chip.text() == "来电人确认"
    assert not card.ask.isVisible()


def shown_words(widget) -> str:
    return " ".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def test_the_next_call_begins_without_the_last_ones_search(bench):
    finder = bench.page.callers.finder
    finder.box.setFocus()
    bench.words("周")
    bench.page.matter.begin()
    assert finder.box.text() == ""
    assert finder.list.lines == ()
    assert "Alt+" not in bench.record.name.placeholderText()


def test_a_matter_that_ended_badly_is_not_green(bench):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    ended = PastMatter(1, "2026", "路灯不亮", TicketState.CLOSED, at, outcome="不满意", open=False)
    assert matter_line(ended).tone is Tone.BAD
    assert matter_line(replace(ended, outcome="满意")).tone is Tone.OK
