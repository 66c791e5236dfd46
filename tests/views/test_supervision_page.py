"""督办 by keyboard alone, on real services and a real database."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from console.actions import ActionId
from console.domain.forms import FormKind
from console.domain.moves import Move
from console.domain.roles import Operator, Role, Workplace
from console.domain.states import SupervisionLevel, TicketState
from console.domain.supervision import UrgeForm, Watch
from console.jobs import Jobs
from console.ledger import Entry
from console.services.orders import Orders
from console.services.supervising import Supervising
from console.views.supervision import SupervisionPage
from db.models import Account, GateOverride, Supervision, Suspension, Ticket, Urging
from tests.desks import closed, move, replied
from tests.journeys import DEPARTMENT, STREET, dispatched
from tests.views.test_desks import Stage
from tests.world import seat_for


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.close()


def signed(db, **changes: Any) -> int:
    ticket_id = dispatched(db, **changes)
    move(db, ticket_id, Role.STREET_DESK, Entry(Move.SIGN, note="签收"), STREET)
    return ticket_id


def late(db, ticket_id: int, days: int = 9) -> int:
    ago = datetime.now(UTC) - timedelta(days=days)
    with db.writing.begin() as session:
        values = {"finish_due": ago, "total_due": ago, "yellow_at": ago - timedelta(days=1)}
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))
    return ticket_id


@pytest.fixture
def watch(qtbot, jobs, world):
    def make(role: Role = Role.OVERSEER, seat: Any = None) -> Stage:
        seat = seat or seat_for(world, role)
        page = SupervisionPage(jobs, Supervising(seat), Orders(seat), role)
        return Stage(qtbot, jobs, world, Role.OVERSEER, Workplace.SUPERVISION, page)

    return make


def opened(stage: Stage, ticket_id: int) -> None:
    """Wait until the case and what was done about it are there."""
    side = stage.page.board.side
    stage.until(lambda: side._dossier is not None and side._dossier.ticket_id == ticket_id)


def rows(db, table: Any) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(select(table).order_by(table.id)))


def test_two_keys_urge_with_a_numbered_letter(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    opened(stage, ticket_id)
    stage.press("F8")
    form = stage.page.board.side.forms["urge"]
    assert form.isVisible()
    assert form.text.hasFocus()
    assert form.text.text == "超期未办结，请立即办理并答复诉求人。"
    assert form.copies.text() == "分管负责人、督查组"
    stage.press("F8")
    stage.until(lambda: len(rows(world, Urging)) == 1)
    stage.until(lambda: "第 1 次" in stage.said)
    stage.until(lambda: not form.isVisible() and stage.page.board.side.dossier.isVisible())
    opened(stage, ticket_id)
    stage.until(lambda: "示政热催" in stage.page.board.side.dossier.words)


def test_a_notice_goes_out_with_what_the_ladder_suggests(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    opened(stage, ticket_id)
    stage.press("F4")
    form = stage.page.board.side.forms["supervise"]
    stage.until(form.isVisible)
    assert form.level.hasFocus()
    assert form.unit.text() == "清河街道办事处"
    stage.press("2")
    assert form.level.value is SupervisionLevel.YELLOW
    assert form.copies.text() == "主要负责人、督查组"
    assert form.fields["level"].hint.text() == "扣 5 分"
    assert not form.lead_leader.isVisible()
    form.more.click()
    assert form.lead_leader.isVisible()
    form.lead_leader.setText("吴局")
    form.co_leader.setText("孙主任")
    stage.press("F4")
    stage.until(lambda: len(rows(world, Supervision)) == 1)
    notice = rows(world, Supervision)[0]
    assert (notice.level, notice.lead_leader, notice.co_leader) == (100, "吴局", "孙主任")
    stage.until(lambda: "已发黄牌督办单" in stage.said)
    stage.until(lambda: stage.page.board._board.cards(SupervisionLevel.YELLOW) == 1)


def test_a_faulty_notice_says_so_beside_its_fields_and_keeps_what_was_typed(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    opened(stage, ticket_id)
    stage.press("F4")
    form = stage.page.board.side.forms["supervise"]
    form.unit.put("")
    form.demands.put("")
    form.contact.setText("郑督")
    stage.press("F4")
    stage.until(lambda: form.fields["lead_unit"].has_error and form.fields["demands"].has_error)
    assert form.contact.text() == "郑督"
    assert form.isVisible()
    assert not stage.errors
    form.unit.setFocus()
    stage.type("csglj")
    stage.until(lambda: form.unit.is_open)
    stage.press("Return")
    form.demands.setFocus()
    stage.type("finish it")
    stage.press("Ctrl+Return")
    stage.until(lambda: len(rows(world, Supervision)) == 1)
    assert rows(world, Supervision)[0].unit_id == DEPARTMENT


def test_esc_puts_a_form_away_and_what_was_typed_stays_with_its_work_order(world, watch) -> None:
    first, second = late(world, signed(world), 12), late(world, signed(world), 6)
    stage = watch()
    opened(stage, first)
    stage.press("F8")
    form = stage.page.board.side.forms["urge"]
    form.text.put("half said")
    stage.press("Esc")
    assert not form.isVisible()
    stage.page.board.table.select_id(second)
    opened(stage, second)
    stage.press("F8")
    assert form.text.text != "half said"
    stage.press("Esc")
    stage.page.board.table.select_id(first)
    opened(stage, first)
    stage.press("F8")
    assert form.text.text == "half said"


def test_several_are_urged_at_once_with_a_result_for_each(world, watch) -> None:
    for days in (12, 9, 6):
        late(world, signed(world), days)
    ended = closed(world)
    with world.writing.begin() as session:
        session.execute(
            update(Ticket).where(Ticket.id == ended).values(satisfaction="dissatisfied")
        )
    stage = watch()
    table = stage.page.board.table
    stage.until(lambda: table.records.rowCount() == 4)
    table.setFocus()
    stage.press("Home", "Space", "Down", "Space", "Down", "Space", "Down", "Space")
    side = stage.page.board.side
    assert side.is_bulk
    stage.press("F8")
    assert side.forms["urge"].many.text() == "已勾选 4 件"
    stage.press("F8")
    stage.until(lambda: all(outcome.done is not None for outcome in side.many.outcomes))
    results = {outcome.row.id: outcome.done for outcome in side.many.outcomes}
    assert list(results.values()).count(True) == 3
    assert results[ended] is False
    assert stage.said == "已催办 3 件，1 件未催办，原因见列表"
    assert len(rows(world, Urging)) == 3


def test_suspending_lifting_and_resuming_by_key(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    side = stage.page.board.side
    opened(stage, ticket_id)
    stage.press("Ctrl+G")
    form = side.forms["suspend"]
    stage.until(form.isVisible)
    stage.press("Ctrl+G")
    stage.until(lambda: form.fields["reason_code"].has_error)
    form.code.setCurrentIndex(2)
    form.reason.setFocus()
    stage.type("rain")
    stage.press("Ctrl+G")
    stage.until(lambda: stage.row(ticket_id).state is TicketState.SUSPENDED)
    assert rows(world, Suspension)[0].reason_kind == "3"
    stage.until(lambda: stage.page.acts[ActionId.SUSPEND].text() == "恢复办理")
    stage.until(stage.page.acts[ActionId.SUSPEND].isEnabled)
    stage.press("Ctrl+G")
    stage.until(side.forms["resume"].isVisible)
    stage.press("Ctrl+G")
    stage.is_now(ticket_id, TicketState.IN_PROGRESS)


def test_a_counter_filters_and_a_unit_narrows(world, watch) -> None:
    red = late(world, signed(world))
    calm = signed(world)
    stage = watch()
    board = stage.page.board
    stage.until(lambda: board.table.records.rowCount() == 1)
    board.show_watch(Watch.YELLOW)
    stage.until(lambda: board.table.records.rowCount() == 0)
    assert board.table.empty.title.text() == "这一类没有工单"
    board.show_watch(Watch.RED)
    stage.until(lambda: [r.id for r in board.table.records.rows] == [red])
    assert board.total.text() == "红灯 1 件"
    board.units.select_id("990101001")
    stage.until(lambda: board.criteria.unit_name == "清河街道办事处")
    stage.until(lambda: [r.id for r in board.table.records.rows] == [red])
    assert board.total.text() == "清河街道办事处 · 红灯 1 件"
    assert calm


def test_the_board_is_live_but_holds_still_while_a_form_is_open(world, watch, jobs) -> None:
    first = late(world, signed(world), 12)
    stage = watch()
    board = stage.page.board
    opened(stage, first)
    stage.press("F8")
    second = late(world, signed(world), 3)
    change = partial(
        Supervising(seat_for(world, Role.SUPERVISOR)).urge, UrgeForm((second,), "请办")
    )
    jobs.write(stage.page, change)
    stage.until(lambda: len(rows(world, Urging)) == 1)
    assert board.table.records.rowCount() == 1
    stage.press("Esc")
    stage.until(lambda: board.table.records.rowCount() == 2)


def test_an_inspector_has_no_button_and_no_key_that_writes(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch(Role.INSPECTOR)
    opened(stage, ticket_id)
    assert stage.page.acts == {}
    assert stage.page.board.side.forms == {}
    assert not stage.page.board.table.records._checkable
    stage.press("F8", "F4", "Ctrl+U", "Ctrl+G", "Alt+1", "Ctrl+B")
    assert not rows(world, Urging)
    assert not rows(world, Supervision)
    assert stage.row(ticket_id).supervision == 0


def test_a_leader_instructs_with_f8_and_it_comes_first(world, watch) -> None:
    other, ticket_id = late(world, signed(world), 30), late(world, signed(world), 3)
    with world.writing.begin() as session:
        session.add(
            Account(id=99, login="l001", agent_no="L001", name="市长", role="leader", unit_id=1)
        )
    seat = seat_for(world)
    seat.sit(Operator(99, "L001", "市长", Role.LEADER, 1, "示范市12345热线中心", "990101"))
    stage = watch(Role.LEADER, seat)
    board = stage.page.board
    stage.until(lambda: board.table.records.rowCount() == 2)
    board.table.select_id(ticket_id)
    opened(stage, ticket_id)
    assert set(stage.page.acts) == {ActionId.INSTRUCT}
    stage.press("F8")
    stage.type("three days")
    stage.press("F8")
    stage.until(lambda: stage.row(ticket_id).leader_instructed)
    stage.until(lambda: [r.id for r in board.table.records.rows] == [ticket_id, other])
    stage.until(lambda: "three days" in board.side.dossier.words)


def test_an_override_is_accepted_with_alt_1_and_sent_back_with_a_reason(world, watch) -> None:
    ids = [replied(world), replied(world)]
    with world.writing.begin() as session:
        for ticket_id in ids:
            session.add(GateOverride(
                ticket_id=ticket_id, finding="签收数秒即回复", explanation="电话里已说清",
                at=datetime.now(UTC), by="王街 S101",
            ))  # fmt: skip
    stage = watch()
    view = stage.page.overrides
    stage.until(lambda: stage.page.tabs.tabText(1) == "越关复核 2")
    stage.press("Ctrl+Tab")
    stage.until(lambda: view.table.hasFocus() and view.table.current is not None)
    stage.press("Alt+1")
    stage.until(lambda: view.table.records.rowCount() == 1)
    stage.until(lambda: stage.said.startswith("已认可"))
    stage.press("Ctrl+B")
    stage.until(lambda: view.fields["words"].has_error)
    stage.type("no call on record")
    stage.press("Ctrl+B")
    stage.until(lambda: view.table.records.rowCount() == 0)
    assert stage.row(ids[0]).state is TicketState.REDO
    stage.until(lambda: stage.page.tabs.tabText(1) == "越关复核")


def test_the_accountability_list_shows_units_persons_and_goes_into_a_file(
    world, watch, tmp_path
) -> None:
    late(world, signed(world))
    stage = watch()
    stage.press("Ctrl+Tab", "Ctrl+Tab")
    view = stage.page.accountability
    stage.until(lambda: view.units.records.rowCount() == 1)
    assert view.units.current.unit == "清河街道办事处"
    assert view.persons_title.text() == "清河街道办事处 · 1 人"
    view.export_to(tmp_path / "问责.csv")
    stage.until(lambda: (tmp_path / "问责.csv").exists())
    stage.until(lambda: stage.said.startswith("已导出到"))


def test_a_letter_written_can_be_printed_at_once(world, watch, qtbot) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    stage.page.offer_print()
    opened(stage, ticket_id)
    stage.press("F8")
    with qtbot.waitSignal(stage.page.step_offered) as offered:
        stage.press("F8")
    assert offered.args[2:] == ["打印催办通知书", "print"]
    with qtbot.waitSignal(stage.page.print_wanted) as wanted:
        stage.page.take_step("print")
    assert wanted.args[0].row.id == ticket_id
    assert wanted.args[1] is FormKind.URGING_NOTICE


def test_ctrl_l_explains_the_light_and_each_counter_says_what_it_counts(world, watch) -> None:
    ticket_id = late(world, signed(world))
    stage = watch()
    opened(stage, ticket_id)
    button = stage.page.board.counters._buttons[Watch.LEVEL.value]
    assert "既没有办结，也没有上报" in button.toolTip()
    stage.page.board.table.setFocus()
    stage.press("Ctrl+L")
    stage.until(lambda: stage.page.board.side.case_view.content.is_explaining)


def test_another_workplace_leads_here_with_the_form_open(world, watch) -> None:
    late(world, signed(world))
    calm = signed(world)
    stage = watch()
    stage.until(lambda: stage.page.board.table.records.rowCount() == 1)
    assert Move.URGE in stage.page.moves
    stage.page.begin(calm, Move.SUPERVISE)
    form = stage.page.board.side.forms["supervise"]
    stage.until(form.isVisible)
    assert stage.page.board.side.case.row.id == calm
    assert form.unit.text() == "清河街道办事处"


def test_in_a_low_window_what_the_citizen_said_is_seen(world, watch) -> None:
    """1080 lines at 150 % leave 690: the content stands above the fold, the record in one line below."""
    ticket_id = late(world, signed(world))
    stage = watch()
    opened(stage, ticket_id)
    stage.window.resize(1280, 690)
    side = stage.page.board.side
    case, record = side.case_view, side.dossier
    stage.until(lambda: record.is_folded and not record._area.isVisible())
    words, seen = case.content.words, case.content.area.viewport()
    stage.until(lambda: seen.height() > 150)
    top = words.mapTo(seen, words.rect().topLeft()).y()
    assert 0 <= top < seen.height() - words.height()
    assert top < case.content.contact.mapTo(seen, case.content.contact.rect().topLeft()).y()
    assert record.gist.isVisible()
    assert record.words
    record.fold.click()
    assert record._area.isVisible()
    record.fold.click()
    # The note is further down, and seen by whoever goes to it.
    note = case.foot.note
    note.edit.setFocus()
    stage.until(lambda: 0 <= note.edit.mapTo(seen, note.edit.rect().topLeft()).y() < seen.height())
    note.edit.put("已电话告知")
    note.edit.hurried.emit()
    stage.until(lambda: any("已电话告知" in e.note for e in case.case.events))
    # With room again everything stands where it stood.
    stage.window.resize(1440, 1000)
    stage.until(lambda: not record.is_folded)
    assert case.foot.isAncestorOf(note)
    column = case.content._column
    assert column.indexOf(case.content.contact) < column.indexOf(words)
