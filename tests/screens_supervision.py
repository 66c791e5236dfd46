"""督办 on the demo city: board, forms, ticked rows, review of overrides, accountability; as an inspector sees it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from console.actions import ActionId
from console.domain.roles import WORKPLACES, Role, Workplace
from console.domain.states import OPEN_STATES, SupervisionLevel, TicketState
from console.domain.supervision import SuperviseForm, UrgeForm, Watch
from console.jobs import Jobs
from console.ledger import Seat
from console.services.orders import Orders
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from console.views.cases.tag_strip import TagStrip
from console.views.main_window import MainWindow
from console.views.parts.empty_state import EmptyState
from console.views.reports.period import Span
from console.views.supervision import SupervisionPage
from db.models import GateOverride, Ticket
from tests.screens import _settle, register
from tests.screens_orders import demo_seat

_SEATS: dict[Role, Seat] = {}


def seat_of(role: Role) -> Seat:
    """The demo city with some supervision in it, one copy for all pictures of a role."""
    if role not in _SEATS:
        _SEATS[role] = demo_seat(role)
        _fill(_SEATS[role])
    return _SEATS[role]


def _fill(seat: Seat) -> None:
    """Cards, urgings, an instruction and overrides on the first overdue work orders."""
    sitting = seat.operator
    now = datetime.now(UTC)
    with seat.db.writing.begin() as session:
        query = select(Ticket).where(Ticket.state.in_([s.value for s in OPEN_STATES]))
        tickets = list(
            session.scalars(
                query.where(Ticket.finish_due < now).order_by(Ticket.finish_due).limit(9)
            )
        )
        for ticket in tickets[3:6]:
            session.add(GateOverride(
                ticket_id=ticket.id, finding="称已联系，无通话记录", at=now - timedelta(hours=ticket.id % 9),
                explanation="上门时当面联系，未用热线电话，社区网格员在场可证明。", by="王街 S101",
            ))  # fmt: skip
    desk = Supervising(seat)
    seat.sit(demo_person(seat, Role.LEADER))
    for ticket in tickets[2:3]:
        words = "群众利益无小事，请住建局牵头，三日内拿出办法并当面答复。"
        desk.instruct(ticket.id, _version(desk, ticket.id), words)
    seat.sit(demo_person(seat, Role.OVERSEER))
    for at, ticket in enumerate(t for t in tickets if t.state is not TicketState.SUSPENDED):
        _act(desk, ticket, at)
    seat.sit(sitting)


def _act(desk: Supervising, ticket: Ticket, at: int) -> None:
    levels = (SupervisionLevel.RED, SupervisionLevel.YELLOW, SupervisionLevel.NORMAL)
    if ticket.state in (TicketState.IN_PROGRESS, TicketState.PENDING_SIGN, TicketState.REDO):
        desk.urge(UrgeForm((ticket.id,), "已超过办结时限，请立即办理并答复诉求人。", "分管负责人"))
    if at < 3 and ticket.holder_unit_id and levels[at] > ticket.supervision:
        desk.supervise(SuperviseForm(
            ticket.id, _version(desk, ticket.id), levels[at], "超期未办结",
            "请立即核实办理，书面反馈落实情况和完成时限。", ticket.holder_unit_id, (), "主要负责人、督查组",
            datetime.now(UTC) + timedelta(days=2), 0, "郑督", "",
        ))  # fmt: skip


def _version(desk: Supervising, ticket_id: int) -> int:
    with desk._seat.db.reading() as session:
        return session.get_one(Ticket, ticket_id).version


def demo_person(seat: Seat, role: Role):
    from console.services.reception import Reception
    from console.services.vault import Vault

    return next(p for p in Reception(seat, Vault()).demo_people() if p.role is role)


def page_of(
    size: tuple[int, int], role: Role, *steps: Callable[[SupervisionPage], None]
) -> QWidget:
    seat, jobs = seat_of(role), Jobs(QApplication.instance())
    page = SupervisionPage(jobs, Supervising(seat), Orders(seat), role)
    page.offer_print()
    # As `console.routes` joins them.
    for view in (page.board.side.case_view, page.overrides.case_view):
        view.add_strip(TagStrip(jobs, Tallies(seat), view))
    pages: dict[Workplace, QWidget] = {place: EmptyState() for place in WORKPLACES[role]}
    pages[Workplace.SUPERVISION] = page
    window = MainWindow(seat.operator, pages)
    page.said.connect(window.message.say)
    page.failed.connect(window.message.say_error)
    window.resize(*size)
    window.show()
    window.show_place(Workplace.SUPERVISION)
    _settle(900)
    for step in steps:
        step(page)
        _settle(700)
    return window


def _watch(watch: Watch, page: SupervisionPage) -> None:
    page.board.show_watch(watch)


def _row(at: int, page: SupervisionPage) -> None:
    page.board.table.selectRow(at)


def _unfold(page: SupervisionPage) -> None:
    page.board.side.dossier.fold.click()


def _press(action: ActionId, page: SupervisionPage) -> None:
    page.act(action)


def _tick(page: SupervisionPage) -> None:
    records = page.board.table.records
    records._checked = {row.id for row in records.rows[:6]}
    records.checks_changed.emit()


def _view(at: int, page: SupervisionPage) -> None:
    page.tabs.setCurrentIndex(at)


def _span(page: SupervisionPage) -> None:
    page.accountability.period.choose(Span.YEAR)


def _spoil(page: SupervisionPage) -> None:
    form = page.board.side.open_form
    # A card that is red already has no higher one: then there is no form to spoil.
    if form is None:
        return
    form.demands.put("")
    form.unit.put("")
    page.act(ActionId.SUPERVISE)


STEPS: dict[str, tuple[Role, tuple[Callable[[SupervisionPage], None], ...]]] = {
    "board": (Role.OVERSEER, ()),
    "red": (Role.OVERSEER, (partial(_watch, Watch.RED), partial(_row, 2))),
    "unfolded": (Role.OVERSEER, (partial(_watch, Watch.RED), partial(_row, 2), _unfold)),
    "urge": (Role.OVERSEER, (partial(_watch, Watch.RED), partial(_row, 4), partial(_press, ActionId.URGE))),
    "notice": (Role.OVERSEER, (partial(_watch, Watch.RED), partial(_row, 6), partial(_press, ActionId.SUPERVISE))),
    "errors": (
        Role.OVERSEER,
        (partial(_watch, Watch.RED), partial(_row, 6), partial(_press, ActionId.SUPERVISE), _spoil),
    ),
    "suspend": (Role.OVERSEER, (partial(_watch, Watch.RED), partial(_row, 5), partial(_press, ActionId.SUSPEND))),
    "many": (Role.OVERSEER, (partial(_watch, Watch.YELLOW), _tick, partial(_press, ActionId.URGE))),
    "overrides": (Role.OVERSEER, (partial(_view, 1),)),
    "blame": (Role.OVERSEER, (partial(_view, 2), _span)),
    "inspector": (Role.INSPECTOR, (partial(_watch, Watch.SUPERVISED),)),
    "leader": (Role.LEADER, (partial(_press, ActionId.INSTRUCT),)),
}  # fmt: skip
# 1080 lines at 150 %: what is left of them under a task bar.
SIZES = {"low": (1280, 690), "1280": (1280, 720), "1440": (1440, 900), "1920": (1920, 1080)}


def _make(what: str, size: str) -> QWidget:
    role, steps = STEPS[what]
    return page_of(SIZES[size], role, *steps)


for _what in STEPS:
    register(f"supervision-{_what}-1440", partial(_make, _what, "1440"))
for _what in ("board", "notice", "urge", "blame"):
    register(f"supervision-{_what}-1280", partial(_make, _what, "1280"))
for _what in ("red", "urge", "leader", "unfolded"):
    register(f"supervision-{_what}-low", partial(_make, _what, "low"))
register("supervision-red-1920", partial(_make, "red", "1920"))
