"""Two people correct one work order at once: what only one changed stands, what both changed is shown side by side."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest

from console.domain.changes import Changed
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import TicketState, Urgency
from console.jobs import Jobs
from console.services.amending import Amending
from tests.journeys import dispatched, open_ticket
from tests.views.test_dispatch_court import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def stage(qtbot, jobs, world):
    return Stage(qtbot, jobs, world, Role.DISPATCHER)


@pytest.fixture
def dialog(stage, world):
    ticket_id = dispatched(world)
    stage.page.begin(ticket_id)
    stage.until(stage.may(Move.AMEND))
    stage.press("Ctrl+G")
    made = stage.dialog("AmendDialog")
    stage.until(lambda: made.title_line.text() != "")
    return made


def colleague(world, **facts) -> Changed:
    desk = Amending(seat_for(world, Role.SUPERVISOR))
    base = desk.open(1).form
    return desk.amend(replace(base, reason="属实", **facts), base)


def retype(line, words: str) -> None:
    line.selectAll()
    QTest.keyClicks(line, words)


def test_different_facts_are_put_together_without_a_question(world, stage, dialog) -> None:
    retype(dialog.title_line, "drain blocked")
    dialog.reason.setText("标题过长")
    colleague(world, urgency=Urgency.URGENT, dispute=True)
    stage.press("Ctrl+Return")
    stage.until(lambda: stage.row(1).title == "drain blocked")
    assert (stage.row(1).urgency, stage.row(1).dispute) == (Urgency.URGENT, True)
    stage.until(lambda: stage.said.startswith("已更正"))


def test_a_clash_is_shown_side_by_side_and_decided_by_keys(world, stage, dialog) -> None:
    retype(dialog.title_line, "drain blocked")
    dialog.dispute.setChecked(True)
    dialog.reason.setText("标题过长")
    colleague(world, urgency=Urgency.URGENT, title="污水外溢")
    stage.press("Ctrl+Return")
    stage.until(dialog.clashes.isVisible)
    assert "同时改了" in dialog.clashes.says.text()
    assert seat_for(world, Role.SUPERVISOR).operator.name in dialog.clashes.says.text()
    assert list(dialog.clashes.choices) == ["title"], "only what both changed"
    assert dialog.title_line.text() == "drain blocked", "what was typed stays"
    assert dialog.reason.text() == "标题过长"
    assert dialog.urgency.value == Urgency.URGENT, "what only the other one changed is taken in"
    assert dialog.dispute.isChecked()
    stage.press("Ctrl+Return")
    assert "逐项选定" in dialog.error.text()
    assert stage.row(1).title == "污水外溢"
    stage.until(lambda: dialog.clashes.choices["title"].hasFocus())
    stage.press("2")
    assert dialog.title_line.text() == "污水外溢"
    stage.press("1")
    assert dialog.title_line.text() == "drain blocked"
    stage.press("Ctrl+Return")
    stage.until(lambda: stage.row(1).title == "drain blocked")
    assert (stage.row(1).urgency, stage.row(1).dispute) == (Urgency.URGENT, True)


def test_theirs_can_be_kept(world, stage, dialog) -> None:
    retype(dialog.title_line, "drain blocked")
    dialog.legacy.setChecked(True)
    dialog.reason.setText("标题过长")
    colleague(world, title="污水外溢")
    stage.press("Ctrl+Return")
    stage.until(dialog.clashes.isVisible)
    stage.press("2", "Ctrl+Return")
    stage.until(lambda: stage.row(1).legacy_issue)
    assert stage.row(1).title == "污水外溢"


def test_other_forms_say_who_did_what_and_the_next_press_goes_through(world, stage) -> None:
    ticket_id = dispatched(world)
    stage.page.case_view.open_case(ticket_id)
    stage.until(lambda: stage.page.case_view.case is not None)
    stage.moves.act(Move.RECALL, stage.page.case_view.case)
    form = stage.dialog("ReasonDialog")
    colleague(world, title="污水外溢")
    form.reason.setFocus()
    QTest.keyClicks(form.reason, "wrong unit")
    stage.press("Ctrl+Return")
    stage.until(lambda: "刚被他人修改" in form.error.text())
    assert seat_for(world, Role.SUPERVISOR).operator.name in form.error.text()
    assert "更正" in form.error.text()
    assert form.reason.text == "wrong unit", "what was typed stays"
    stage.press("Ctrl+Return")
    stage.is_now(ticket_id, TicketState.PENDING_DISPATCH)


def test_a_dispatcher_at_work_is_told_who_changed_what_and_keeps_what_was_typed(
    world, stage, jobs
) -> None:
    ticket_id = open_ticket(world)
    stage.take()
    form = stage.page.form
    stage.until(lambda: form.unit.value is not None)
    form.opinion.setFocus()
    QTest.keyClicks(form.opinion, "quickly")
    jobs.announce(colleague(world, title="污水外溢"))
    who = seat_for(world, Role.SUPERVISOR).operator.name
    stage.until(lambda: who in stage.said)
    assert "刚更正" in stage.said
    assert stage.page.case_view.head.title.text() == "污水外溢"
    assert form.opinion.text == "quickly"
    stage.press("F8")
    stage.is_now(ticket_id, TicketState.PENDING_SIGN)
