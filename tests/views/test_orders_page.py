"""The pool in front of people: keys, selection, lights, scroll, notes, reveal."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import select, update

from console.domain.changes import Changed, Topic
from console.domain.moves import Move
from console.domain.orders import Criteria, Period, Sort, Stage
from console.domain.roles import Role
from console.domain.states import Nature
from console.jobs import Jobs
from console.ledger import Entry
from console.services.orders import Orders, listing
from console.settings import COLUMNS, Settings
from console.theme import Scheme, Theme, Tone, colour
from console.views.cases import CaseView
from console.views.orders import OrdersPage
from db.models import Appellant, AuditEntry, Ticket, TicketEvent
from tests.desks import move, replied
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket
from tests.world import seat_for

TICKETS = Changed(frozenset({Topic.TICKETS}))


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    made.faults = []
    made.unhandled.connect(made.faults.append)
    yield made
    made.close()
    assert made.faults == []


@pytest.fixture
def city(world):
    """Five work orders: two late, one of them supervised, one without a unit."""
    made = [dispatched(world, STREET) for _ in range(3)] + [open_ticket(world), replied(world)]
    with world.writing.begin() as session:
        now = seat_for(world, Role.AGENT).now(session)
        for at, ticket_id in enumerate(made):
            due = now + timedelta(hours=at - 1, minutes=30)
            session.execute(
                update(Ticket).where(Ticket.id == ticket_id)
                .values(finish_due=due, total_due=due, title=f"下水道堵塞之{at}")
            )  # fmt: skip
        session.add(
            Appellant(
                ticket_id=made[0],
                name="叶长青",
                phone="19900001234",
                joined_at=now,
            )
        )
    return world, made


def shown(qtbot, widget, size=(1440, 860)):
    Theme(QApplication.instance(), Scheme.LIGHT)
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


@pytest.fixture
def page(qtbot, jobs, city, tmp_path):
    db, _made = city
    made = OrdersPage(jobs, Orders(seat_for(db, Role.SUPERVISOR)), Settings(tmp_path / "s.json"))
    made.failures = []
    made.failed.connect(made.failures.append)
    shown(qtbot, made)
    qtbot.waitUntil(lambda: made.table.records.rowCount() == 5)
    qtbot.waitUntil(lambda: made.counters.chosen == "" and bool(made.counters._buttons))
    yield made
    assert made.failures == []


@pytest.fixture
def case(qtbot, jobs, city):
    db, made = city
    view = CaseView(jobs, Orders(seat_for(db, Role.SUPERVISOR)))
    shown(qtbot, view, (520, 860))
    with qtbot.waitSignal(view.loaded):
        view.open_case(made[0])
    return view


def ids(page: OrdersPage) -> list[int]:
    return [row.id for row in page.table.records.rows]


# --- the list


def test_open_work_due_first_and_the_counters_agree(page, city) -> None:
    _db, made = city
    assert ids(page) == made
    assert page.total.text() == "在办 5 件"
    every = page.counters._buttons["every"].counter
    assert (every.number, every.label) == (5, "在办和今日办结")
    assert page.counters._buttons["red"].counter.number == 1
    assert page.counters._buttons["closed"].counter.label == "今日办结"


def test_arrows_open_the_case_beside_the_list(qtbot, page, city) -> None:
    _db, made = city
    page.table.setFocus()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.case.loaded):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.case.case.row.id == made[1]
    assert page.table.hasFocus()


def test_running_down_the_list_reads_only_where_one_stops(qtbot, page, city, monkeypatch) -> None:
    _db, made = city
    opened: list[int] = []
    read = page._orders.open
    monkeypatch.setattr(
        page._orders, "open", lambda ticket_id: (opened.append(ticket_id), read(ticket_id))[1]
    )
    page.table.setFocus()
    page.table.selectRow(0)
    for _ in range(3):
        qtbot.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page.case.case is not None and page.case.case.row.id == made[3])
    assert opened == [made[3]]


def test_enter_goes_on_into_the_case(qtbot, page) -> None:
    page.table.setFocus()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.case.loaded):
        qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.case.isAncestorOf(QApplication.focusWidget())


def test_a_counter_is_a_filter_and_again_is_none(qtbot, page, city) -> None:
    _db, made = city
    page.counters._buttons["red"].click()
    qtbot.waitUntil(lambda: ids(page) == made[:1])
    assert page.total.text() == "共 1 件"
    page.counters._buttons["red"].click()
    qtbot.waitUntil(lambda: ids(page) == made)


def test_a_selected_row_keeps_the_colour_of_its_light(qtbot, page) -> None:
    page.table.selectRow(0)
    due = [c.name for c in page.table.records.columns].index("due")
    picture = (
        page.table.viewport()
        .grab(page.table.visualRect(page.table.records.index(0, due)))
        .toImage()
    )
    assert _has(picture, colour(Tone.BAD))
    assert not _has(picture, QColor("#FFFFFF"))


def _has(picture: QImage, wanted: QColor) -> bool:
    points = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return any(picture.pixelColor(x, y) == wanted for x, y in points)


def test_a_reload_keeps_selection_and_place_by_id(qtbot, page, jobs, city) -> None:
    db, made = city
    page.table.setFixedHeight(30 + 2 * 28 + 10)
    page.table.select_id(made[3])
    qtbot.waitUntil(lambda: page.case.case is not None)
    page.table.verticalScrollBar().setValue(2)
    top = page.table.records.identity(page.table.indexAt(QPoint(4, 4)))
    assert top == made[2]
    new = dispatched(db, STREET)
    with db.writing.begin() as session:
        early = session.get_one(Ticket, made[0]).finish_due - timedelta(days=1)
        session.execute(
            update(Ticket).where(Ticket.id == new).values(finish_due=early, total_due=early)
        )
    jobs.changed.emit(TICKETS)
    qtbot.waitUntil(lambda: ids(page)[0] == new)
    assert page.table.current.id == made[3]
    assert page.table.records.identity(page.table.indexAt(QPoint(4, 4))) == top
    assert page.case.ticket_id == made[3]


def test_a_row_that_leaves_the_list_stays_in_sight_at_the_right(qtbot, page, jobs, city) -> None:
    db, made = city
    page.table.select_id(made[3])
    qtbot.waitUntil(lambda: page.case.case is not None)
    move(db, made[3], Role.SUPERVISOR, Entry(Move.VOID, {"reason": "重复登记"}))
    jobs.changed.emit(TICKETS)
    qtbot.waitUntil(lambda: made[3] not in ids(page))
    assert page.case.ticket_id == made[3]


def test_the_next_page_comes_by_scrolling(qtbot, page, jobs, city, monkeypatch) -> None:
    _db, made = city
    monkeypatch.setattr(listing, "ROWS", 2)
    page.table.setFixedHeight(30 + 28 + 10)
    page.reload()
    qtbot.waitUntil(lambda: ids(page)[:2] == made[:2] and len(ids(page)) < 5)
    for count in (4, 5):
        page.table.scrollToBottom()
        qtbot.waitUntil(lambda count=count: len(ids(page)) == count)
    assert ids(page) == made
    jobs.changed.emit(TICKETS)
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert ids(page) == made


def test_the_header_sorts_on_the_server(qtbot, page, city) -> None:
    _db, made = city
    page.table.sort_wanted.emit(Sort.NEWEST, False)
    qtbot.waitUntil(lambda: ids(page) == made[::-1])
    header = page.table.horizontalHeader()
    assert page.table.records.columns[header.sortIndicatorSection()].name == "newest"


def test_conditions_by_chip_text_and_unit(qtbot, page, city) -> None:
    db, made = city
    with db.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == made[2]).values(nature=Nature.COMPLAINT))
    action = next(a for a in page.filters.natures.menu.actions() if a.data() == Nature.COMPLAINT)
    action.trigger()
    qtbot.waitUntil(lambda: ids(page) == [made[2]])
    assert page.filters.natures.text() == "投诉"
    qtbot.mouseClick(page.filters.clear_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ids(page) == made)
    page.filters.unit.setFocus()
    qtbot.keyClicks(page.filters.unit, "qh")
    qtbot.waitUntil(lambda: page.filters.unit.is_open)
    qtbot.keyClick(page.filters.unit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made[3] not in ids(page))
    assert page.criteria.unit_code == "990101001"
    page.filters.text.setText("没有这种事")
    qtbot.waitUntil(lambda: ids(page) == [])
    assert page.table.empty.isVisible()
    page.table.empty.button.click()
    qtbot.waitUntil(lambda: ids(page) == made)
    assert page.filters.unit.text() == ""


def test_the_history_is_not_counted(qtbot, page) -> None:
    page.show_criteria(Criteria(stage=Stage.EVERY, period=Period.ALL))
    qtbot.waitUntil(lambda: page.total.text() == "已显示 5 件")
    qtbot.waitUntil(lambda: "every" not in page.counters._buttons)


def test_columns_are_chosen_and_remembered(qtbot, page, jobs, city, tmp_path) -> None:
    db, _made = city
    assert page.table.shown_columns == ("number", "title", "unit", "state", "due", "newest")
    action = next(a for a in page.table.columns_menu.actions() if a.data() == "place")
    action.trigger()
    page.table.horizontalHeader().moveSection(8, 2)
    settings = Settings(tmp_path / "s.json")
    assert "place" not in settings.get(COLUMNS)["orders.layout"]["hidden"]
    again = OrdersPage(jobs, Orders(seat_for(db, Role.AGENT)), settings)
    shown(qtbot, again, (1900, 900))
    assert again.table.shown_columns[:3] == ("number", "title", "place")


def test_where_the_list_is_narrow_the_title_keeps_its_room(qtbot, page) -> None:
    page.resize(1020, 640)
    qtbot.waitUntil(lambda: "newest" not in page.table.shown_columns)
    page.resize(1900, 640)
    qtbot.waitUntil(lambda: "newest" in page.table.shown_columns)


def test_a_filter_is_kept_under_a_name(qtbot, page) -> None:
    page.show_criteria(Criteria(stage=Stage.LIT))
    page.filters.saved.save_wanted.emit()
    page._dialog.try_accept()
    qtbot.waitUntil(lambda: page._dialog.field.has_error)
    page._dialog.name.setText("今天盯的")
    with qtbot.waitSignal(page.said):
        page._dialog.try_accept()
    assert page.filters.saved.text() == "今天盯的"
    page.filters.clear()
    page.filters.saved.picked.emit(Criteria(stage=Stage.LIT))


def test_a_ticket_from_elsewhere_is_shown_whether_listed_or_not(qtbot, page, city) -> None:
    db, made = city
    with qtbot.waitSignal(page.case.loaded):
        page.show_ticket(made[2])
    assert page.table.current.id == made[2]
    move(db, made[3], Role.SUPERVISOR, Entry(Move.VOID, {"reason": "重复登记"}))
    with qtbot.waitSignal(page.case.loaded):
        page.show_ticket(made[3])
    assert page.case.case.row.id == made[3]


# --- the case


def test_a_note_is_typed_in_peace_and_stored(qtbot, page, jobs, city) -> None:
    db, made = city
    with qtbot.waitSignal(page.case.loaded):
        page.show_ticket(made[0])
    edit = page.case.foot.note.edit
    edit.setFocus()
    qtbot.keyClicks(edit, "note")
    move(db, made[0], Role.SUPERVISOR, Entry(Move.NOTE, {"note": 2}, "别人的备注"))
    new = open_ticket(db)
    jobs.changed.emit(TICKETS)
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert new not in ids(page)
    assert not any(e.note == "别人的备注" for e in page.case.case.events)
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: edit.text == "")
    qtbot.waitUntil(lambda: [e.note for e in page.case.case.events][-2:] == ["别人的备注", "note"])
    qtbot.waitUntil(lambda: new in ids(page))


def test_a_half_written_note_waits_for_its_work_order(qtbot, case, city) -> None:
    _db, made = city
    case.foot.note.edit.put("半句")
    with qtbot.waitSignal(case.loaded):
        case.open_case(made[1])
    assert case.foot.note.edit.text == ""
    with qtbot.waitSignal(case.loaded):
        case.open_case(made[0])
    assert case.foot.note.edit.text == "半句"


def test_a_refused_note_stays(qtbot, case, city) -> None:
    db, made = city
    move(db, made[0], Role.SUPERVISOR, Entry(Move.VOID, {"reason": "重复登记"}))
    case.foot.note.edit.put("晚了一步")
    case.foot.note.store()
    qtbot.waitUntil(lambda: not case.foot.note.error.isHidden())
    assert case.foot.note.edit.text == "晚了一步"
    assert "不能备注" in case.foot.note.error.text()


def test_ctrl_r_two_keys_and_the_number_is_there_for_a_minute(qtbot, case, city) -> None:
    db, _made = city
    contact = case.content.contact
    assert contact.phone.text() == "199****1234"
    qtbot.keyClick(case, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(contact._menu.isVisible)
    qtbot.keyClick(contact._menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: contact.phone.text() == "19900001234")
    with db.reading() as session:
        line = session.scalars(select(AuditEntry)).one()
        assert (line.action, line.reason) == ("reveal", "联系诉求人办理")
    case.reload()
    with qtbot.waitSignal(case.loaded):
        pass
    assert contact.phone.text() == "19900001234"
    contact._mask_again.timeout.emit()
    assert contact.phone.text() == "199****1234"


def test_leaving_hides_the_number_at_once(qtbot, case, city) -> None:
    _db, made = city
    case._reveal("phone", "回访核实")
    qtbot.waitUntil(lambda: case.content.contact.phone.text() == "19900001234")
    with qtbot.waitSignal(case.loaded):
        case.open_case(made[1])
    assert case.content.contact.phone.text() == "199****1234"


def test_who_may_not_see_is_told_why(qtbot, jobs, city) -> None:
    db, made = city
    view = CaseView(jobs, Orders(seat_for(db, Role.INSPECTOR)))
    shown(qtbot, view, (520, 860))
    with qtbot.waitSignal(view.loaded):
        view.open_case(made[0])
    view._ask_reveal()
    assert "不能由您查看" in view.content.contact.error.text()


def test_ctrl_l_and_the_light_explain_the_deadline(qtbot, case) -> None:
    qtbot.keyClick(case, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: case.content.is_explaining)
    assert "办结时限" in case.content.panel.panel.text()
    qtbot.keyClick(case, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not case.content.is_explaining)
    qtbot.mouseClick(case.head.light, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: case.content.is_explaining)


def test_a_colleague_who_looks_is_named(qtbot, case, city) -> None:
    db, made = city
    Orders(seat_for(db, Role.DISPATCHER)).set_presence(made[0])
    case._look()
    qtbot.waitUntil(lambda: case.head.presence.text() == "孙岚 正在查看")
    assert Orders(seat_for(db, Role.DISPATCHER)).present(made[0]) == ("周正 正在查看",)
    case.close_case()
    qtbot.waitUntil(lambda: Orders(seat_for(db, Role.DISPATCHER)).present(made[0]) == ())


def test_only_offered_and_permitted_moves_have_a_button(qtbot, jobs, city) -> None:
    db, made = city
    view = CaseView(jobs, Orders(seat_for(db, Role.SUPERVISOR)))
    view.offer((Move.URGE, Move.DISPATCH, Move.NOTE))
    shown(qtbot, view, (520, 860))
    with qtbot.waitSignal(view.loaded):
        view.open_case(made[0])
    buttons = view.foot.moves.findChildren(type(view.foot.note.button))
    qtbot.waitUntil(buttons[0].isVisible)
    assert [b.objectName() for b in buttons] == ["urge"]
    with qtbot.waitSignal(view.act) as told:
        buttons[0].click()
    assert told.args[0] is Move.URGE
    assert told.args[1].row.id == made[0]


def test_facts_of_one_work_order_do_not_linger_at_the_next(qtbot, case, city) -> None:
    db, made = city
    with db.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == made[1]).values(wanted="", grid_id=None))
    shown_facts = case.content.facts.findChildren(QLabel)
    assert "尽快疏通并清理路面" in [x.text() for x in shown_facts if x.isVisible()]
    with qtbot.waitSignal(case.loaded):
        case.open_case(made[1])
    words = [x.text() for x in case.content.facts.findChildren(QLabel) if x.isVisible()]
    assert "尽快疏通并清理路面" not in words
    assert "网格长" not in words
    assert "分类" in words


def test_a_work_order_out_of_reach_says_so(qtbot, jobs, city) -> None:
    db, made = city
    view = CaseView(jobs, Orders(seat_for(db, Role.LIAISON, DEPARTMENT)))
    shown(qtbot, view, (520, 860))
    view.open_case(made[0])
    qtbot.waitUntil(lambda: "不在您的查看范围内" in view.empty.title.text())
    assert view.case is None


def test_a_change_elsewhere_is_read_again_in_place(qtbot, case, jobs, city) -> None:
    db, made = city
    case.content.area.verticalScrollBar().setValue(40)
    before = case.content.area.verticalScrollBar().value()
    move(db, made[0], Role.STREET_DESK, Entry(Move.SIGN), STREET)
    with qtbot.waitSignal(case.loaded):
        jobs.changed.emit(Changed(frozenset({Topic.TICKETS}), (made[0],)))
    assert case.head.state.text() == "处理中"
    assert case.content.area.verticalScrollBar().value() == before
    with db.reading() as session:
        assert (
            session.scalars(select(TicketEvent.move).where(TicketEvent.ticket_id == made[0])).all()[
                -1
            ]
            == "sign"
        )
