"""From the call into the knowledge base and back: F6, F6, F4, Ctrl+Enter closes the call with the entry cited."""

import sys

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from console.domain.knowledge import EntryText
from console.domain.roles import Role, Workplace
from console.domain.states import Nature, TicketState
from console.services.knowledge import KnowledgeBase
from console.views.knowledge.proposing import ProposalDialog
from db.models import KnowledgeEntry, Ticket
from tests.journeys import open_ticket
from tests.views.ime import commit
from tests.world import seat_for

ANSWER = "带户口簿到就近派出所户籍窗口补领，工本费四十元。"


@pytest.fixture
def entry(world) -> int:
    text = EntryText("身份证遗失后怎么补领", short_answer=ANSWER)
    made = KnowledgeBase(seat_for(world, Role.KB_EDITOR)).save(text, submit=True).ids[0]
    KnowledgeBase(seat_for(world, Role.SUPERVISOR)).publish(made)
    return made


@pytest.fixture
def window(running, qtbot):
    def sit(role: Role):
        running.open(role)
        made = running.console.window
        made.activateWindow()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    return sit


def press(window, *keys: str) -> None:
    for key in keys:
        combination = QKeySequence(key)[0]
        where = QApplication.focusWidget() or window
        QTest.keyClick(where, combination.key(), combination.keyboardModifiers())


def test_a_question_is_answered_with_a_cited_entry_in_few_keys(
    running, window, world, entry, qtbot
) -> None:
    desk = window(Role.AGENT)
    intake, page = desk.pages[Workplace.INTAKE], desk.pages[Workplace.KNOWLEDGE]
    press(desk, "F2")
    intake.record.content.put("来电人咨询身份证遗失以后应当怎样补领，需要带什么材料。")
    intake.record.name.setText("叶长青")
    intake.record.by_name["contact_phone"].control.setText("19900001234")
    intake.record.nature.choose(Nature.INQUIRY)
    press(desk, "F6")
    commit(intake.assist.answers.box, "身份证丢了")
    qtbot.waitUntil(lambda: intake.assist.answers.current is not None)
    press(desk, "F6")
    assert desk.place is Workplace.KNOWLEDGE
    qtbot.waitUntil(lambda: page.card.file is not None and page.card.file.id == entry)
    qtbot.waitUntil(page.take.isEnabled)
    press(desk, "F4")
    assert desk.place is Workplace.INTAKE
    task = intake.assist.task
    assert task.text.text == ANSWER
    press(desk, "Ctrl+Return")

    def answered() -> Ticket | None:
        with world.reading() as session:
            return session.scalar(select(Ticket).where(Ticket.knowledge_id == entry))

    qtbot.waitUntil(lambda: answered() is not None)
    row = answered()
    assert (row.state, row.direct_answer) == (TicketState.ANSWERED, ANSWER)
    with world.reading() as session:
        assert session.get_one(KnowledgeEntry, entry).hit_count == 1


def test_f6_opens_it_from_any_other_desk(running, window, entry, qtbot) -> None:
    desk = window(Role.DISPATCHER)
    press(desk, "F6")
    assert desk.place is Workplace.KNOWLEDGE
    assert desk.pages[Workplace.KNOWLEDGE].panel.box.hasFocus()


def test_a_closed_case_in_the_pool_becomes_a_proposal(running, window, world, qtbot) -> None:
    ticket_id = open_ticket(world, title="咨询身份证遗失补领")
    with world.writing.begin() as session:
        row = session.get_one(Ticket, ticket_id)
        row.state, row.direct_answer = TicketState.ANSWERED, ANSWER
    desk = window(Role.AGENT)
    running.console.frame.routes.open_ticket(ticket_id)
    pool = desk.pages[Workplace.ORDERS]
    qtbot.waitUntil(lambda: pool.case.case is not None and pool.case.case.row.id == ticket_id)
    press(desk, "Ctrl+Shift+N")
    qtbot.waitUntil(lambda: bool(desk.findChildren(ProposalDialog)))
    dialog = desk.findChildren(ProposalDialog)[0]
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.form.short_answer.text == ANSWER
    press(dialog, "Ctrl+Return")
    qtbot.waitUntil(lambda: "已提出知识条目" in running.told)


def test_without_a_voice_a_sentence_says_so_and_the_work_goes_on(
    running, window, entry, qtbot, monkeypatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyttsx3", None)
    desk = window(Role.AGENT)
    page = desk.pages[Workplace.KNOWLEDGE]
    press(desk, "F6", "F6")
    page.look_for("身份证丢了")
    qtbot.waitUntil(lambda: page.card.file is not None and page.card.file.id == entry)
    press(desk, "Ctrl+T")
    qtbot.waitUntil(lambda: "不能朗读" in running.told)
    assert not page.hush_button.isVisible()
    press(desk, "F4")
    assert desk.place is Workplace.INTAKE


def test_what_was_read_to_its_end_is_read_again_by_the_same_key(
    running, window, entry, qtbot, monkeypatch
) -> None:
    said: list[str] = []
    desk = window(Role.AGENT)
    monkeypatch.setattr(running.console.desks.speech, "say", said.append)
    page = desk.pages[Workplace.KNOWLEDGE]
    press(desk, "F6", "F6")
    page.look_for("身份证丢了")
    qtbot.waitUntil(lambda: page.card.file is not None and page.card.file.id == entry)
    for times in (1, 2):
        press(desk, "Ctrl+T")
        qtbot.waitUntil(lambda times=times: len(said) == times)
        qtbot.waitUntil(page.hush_button.isHidden)
