"""知识库 by keyboard alone: found while typing, read out, taken into the answer; written, handed in, published."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from console.domain.knowledge import EntryState, EntryText, Opinion, Pile
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.jobs import Jobs
from console.services.intake import Intake
from console.services.knowledge import KnowledgeBase
from console.services.orders import Orders
from console.views.knowledge import KnowledgePage
from console.views.knowledge.proposing import ProposalDialog, ProposalStrip
from db.models import KnowledgeEntry, KnowledgeFeedback, Ticket
from tests.journeys import open_ticket
from tests.views.ime import commit
from tests.views.test_desks import Stage
from tests.world import seat_for

LOST = EntryText(
    title="身份证遗失后怎么补领",
    short_answer="带户口簿到就近派出所户籍窗口补领，工本费四十元。",
    responsible_unit="公安局",
)
WALL = EntryText(title="违法建设怎么举报", short_answer="请说明地点，登记后由城管部门核查。")


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def desk(world, role: Role) -> KnowledgeBase:
    return KnowledgeBase(seat_for(world, role))


@pytest.fixture
def filled(world) -> list[int]:
    ids = [desk(world, Role.KB_EDITOR).save(text, submit=True).ids[0] for text in (LOST, WALL)]
    for entry_id in ids:
        desk(world, Role.SUPERVISOR).publish(entry_id)
    return ids


@pytest.fixture
def sit(qtbot, jobs, world):
    def make(role: Role) -> Stage:
        page = KnowledgePage(jobs, desk(world, role), role)
        stage = Stage(qtbot, jobs, world, role, Workplace.KNOWLEDGE, page)
        stage.until(lambda: page.panel.table.records.rowCount() > 0)
        return stage

    return make


def title(stage) -> str:
    return stage.page.card.file.text.title if stage.page.card.file is not None else ""


def row(world, entry_id: int) -> KnowledgeEntry:
    with world.reading() as session:
        return session.get_one(KnowledgeEntry, entry_id)


def look(stage, words: str, title: str) -> None:
    """Typed as an input method commits it."""
    stage.press("F6")
    commit(stage.page.panel.box, words)
    stage.until(
        lambda: stage.page.card.file is not None and stage.page.card.file.text.title == title
    )


def test_found_while_typing_read_out_and_taken_without_leaving_the_line(sit, filled, world) -> None:
    stage = sit(Role.AGENT)
    page, spoken, cited, silent = stage.page, [], [], []
    page.speak.connect(spoken.append)
    page.cited.connect(cited.append)
    page.hush.connect(lambda: silent.append(True))
    look(stage, "sfzys", LOST.title)
    assert page.panel.box.hasFocus()
    stage.press("Ctrl+T")
    assert spoken == [LOST.short_answer]
    stage.until(lambda: row(world, filled[0]).hit_count == 1)
    stage.press("Escape")
    assert silent == [True]
    stage.press("F4")
    assert (cited[0].id, cited[0].short_answer) == (filled[0], LOST.short_answer)
    assert stage.errors == []


def test_arrows_move_in_what_was_found_while_the_typing_goes_on(sit, filled) -> None:
    stage = sit(Role.AGENT)
    stage.press("F6")
    stage.until(lambda: stage.page.card.file is not None)
    before = stage.page.panel.table.current.id
    stage.press("Down")
    assert stage.page.panel.table.current.id != before
    stage.until(lambda: stage.page.card.file.id == stage.page.panel.table.current.id)
    assert stage.page.panel.box.hasFocus()


def test_a_complaint_wants_words_and_stays_open_until_they_are_there(sit, filled, world) -> None:
    stage = sit(Role.AGENT)
    look(stage, "身份证", LOST.title)
    stage.press("Ctrl+J", "2", "Ctrl+Return")
    box = stage.page.card.opinion
    stage.until(lambda: box.fields["text"].has_error)
    box.words.setFocus()
    commit(box.words, "工本费已改为三十元")
    stage.press("Ctrl+Return")
    stage.until(lambda: not box.isVisible())
    with world.reading() as session:
        (said,) = session.scalars(select(KnowledgeFeedback)).all()
    assert (said.kind, said.text, said.by) == (Opinion.WRONG, "工本费已改为三十元", "李敏 0017")


def test_written_handed_in_and_published_by_somebody_else(sit, world) -> None:
    stage = sit(Role.KB_EDITOR)
    stage.press("Ctrl+N")
    stage.page.form.title.setText(LOST.title)
    stage.press("F8")
    stage.until(lambda: stage.page.form.fields["short_answer"].has_error)
    assert stage.page.form.title.text() == LOST.title
    stage.page.form.short_answer.put(LOST.short_answer)
    stage.press("F8")
    stage.until(lambda: not stage.page.is_editing)
    stage.until(lambda: title(stage) == LOST.title)
    assert not stage.page.publish.isEnabled()
    made = stage.page.card.file.id
    chief = sit(Role.SUPERVISOR)
    chief.press("F6", "Ctrl+Tab")
    chief.until(lambda: chief.page.panel.pile is Pile.REVIEW)
    chief.until(lambda: chief.page.card.file is not None and chief.page.card.file.id == made)
    chief.press("F8")
    chief.until(lambda: row(world, made).state == EntryState.PUBLISHED)
    assert stage.errors == chief.errors == []


def test_a_next_version_is_written_beside_the_one_in_force(sit, filled, world) -> None:
    stage = sit(Role.KB_EDITOR)
    look(stage, "身份证", LOST.title)
    stage.press("Ctrl+E")
    stage.until(
        lambda: stage.page.is_editing and stage.page.form.short_answer.text == LOST.short_answer
    )
    stage.page.form.short_answer.put("工本费三十元。")
    stage.page.form.expires.setText("明天")
    stage.press("Ctrl+S")
    assert stage.page.form.fields["expires_on"].has_error
    stage.page.form.expires.setText("2099年12月31日")
    stage.press("Ctrl+S")
    stage.until(lambda: not stage.page.is_editing)
    stage.until(lambda: stage.page.card.file.text.short_answer == "工本费三十元。")
    assert stage.page.card.file.versions[0].changes[0].after == "工本费三十元。"
    assert row(world, filled[0]).state == EntryState.PUBLISHED


def test_escape_from_the_form_loses_nothing(sit, filled) -> None:
    stage = sit(Role.KB_EDITOR)
    stage.press("F6", "Ctrl+N")
    stage.page.form.title.setText("写了一半")
    stage.press("Escape")
    assert not stage.page.is_editing
    stage.press("Ctrl+N")
    assert stage.page.form.title.text() == "写了一半"


def test_withdrawn_with_a_reason(sit, filled, world) -> None:
    stage = sit(Role.KB_EDITOR)
    look(stage, "违法建设", WALL.title)
    stage.press("Ctrl+Shift+B", "Ctrl+Return")
    stage.until(lambda: stage.page.reason.fields["note"].has_error)
    stage.type("out of date")
    stage.press("Ctrl+Return")
    stage.until(lambda: row(world, filled[1]).state == EntryState.WITHDRAWN)
    stage.until(lambda: stage.page.panel.table.records.find(filled[1]) < 0)


def test_others_have_none_of_the_editors_keys(sit, filled) -> None:
    stage = sit(Role.AGENT)
    look(stage, "身份证", LOST.title)
    page = stage.page
    assert not any(
        a.isEnabled() for a in (page.edit, page.publish, page.back, page.confirm, page.withdraw)
    )
    assert not any(b.isVisible() for b in page.bar.buttons)
    inspector = sit(Role.INSPECTOR)
    assert not inspector.page.new.isEnabled()


# --- from a finished work order


@pytest.fixture
def answered(world) -> int:
    ticket_id = open_ticket(world, title="咨询身份证遗失补领")
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.state, ticket.direct_answer = TicketState.ANSWERED, LOST.short_answer
    return ticket_id


def test_a_finished_case_is_proposed_and_an_open_one_is_not(qtbot, jobs, world, answered) -> None:
    seat = seat_for(world, Role.AGENT)
    owner = QWidget()
    qtbot.addWidget(owner)
    strip = ProposalStrip(owner)
    strip.show_case(Orders(seat).open(open_ticket(world)).case)
    assert not strip.propose.isEnabled()
    case = Orders(seat).open(answered).case
    wanted = []
    strip.wanted.connect(wanted.append)
    strip.show_case(case)
    strip.propose.trigger()
    assert wanted == [case]
    dialog = ProposalDialog(jobs, desk(world, Role.AGENT), case)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.proposed):
        dialog.begin()
        qtbot.waitUntil(lambda: dialog.form.short_answer.text == LOST.short_answer)
        dialog.try_accept()
    with world.reading() as session:
        row = session.scalars(select(KnowledgeEntry).order_by(KnowledgeEntry.id.desc())).first()
    assert (row.state, row.proposed_from) == ("review", case.row.number)


def test_what_the_page_cites_the_intake_desk_takes(sit, filled, world) -> None:
    stage = sit(Role.AGENT)
    cited = []
    stage.page.cited.connect(cited.append)
    look(stage, "身份证", LOST.title)
    stage.press("F4")
    cards = Intake(seat_for(world, Role.AGENT)).knowledge("身份证遗失")
    assert cited == [cards[0]]


def test_tab_takes_the_offered_unit_and_a_valid_category_ends_its_complaint(sit, filled) -> None:
    stage = sit(Role.KB_EDITOR)
    stage.press("Ctrl+N")
    form = stage.page.writing.form
    form.unit.setFocus()
    form.unit.clear()
    stage.qtbot.keyClicks(form.unit, "csgl")
    stage.until(lambda: form.unit.is_open)
    stage.qtbot.keyClick(form.unit, Qt.Key.Key_Tab)
    assert form.unit.text() == "城市管理局"
    assert form.collect().responsible_unit == "城市管理局"
    # Words of one's own are kept with the list put away.
    form.unit.setFocus()
    form.unit.selectAll()
    stage.qtbot.keyClicks(form.unit, "csg")
    stage.until(lambda: form.unit.is_open)
    stage.qtbot.keyClick(form.unit, Qt.Key.Key_Escape)
    stage.qtbot.keyClick(form.unit, Qt.Key.Key_Tab)
    assert form.unit.text() == "csg"
    category = form.fields["category_code"]
    form.category.setFocus()
    stage.qtbot.keyClicks(form.category, "xsd")
    assert stage.page.writing.given() is None
    assert category.has_error
    form.category.setFocus()
    stage.until(lambda: form.category.is_open)
    stage.qtbot.keyClick(form.category, Qt.Key.Key_Tab)
    assert form.category.text().endswith("下水道堵塞")
    assert not category.has_error
