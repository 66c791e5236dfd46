"""From one workplace to another: what F3 found, what is to be printed, a draft to go on with, a decision to make."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from console.actions import ActionId
from console.desks import Desks
from console.domain.finding import LANDMARK, Hit, Kind
from console.domain.forms import FormKind
from console.domain.intake import IntakeForm, Resident
from console.domain.moves import Move
from console.domain.orders import Criteria, Stage
from console.domain.records import CaseFile
from console.domain.registers.kinds import Register
from console.domain.roles import Role, Workplace
from console.domain.states import TicketState
from console.jobs import Jobs
from console.side_windows import SideWindows
from console.views.callback import CallbackPage
from console.views.callback.reopen import ReopenDialog
from console.views.cases import CaseView
from console.views.cases.case_moves import CORRECTIONS, ENDINGS, REVIEWS, CaseMoves
from console.views.cases.decision import DECISIONS
from console.views.cases.promise_strip import PromiseStrip
from console.views.cases.tag_strip import TagStrip
from console.views.dispatch import DispatchPage
from console.views.finder import Finder
from console.views.inbox import InboxPage
from console.views.intake.page import IntakePage
from console.views.linkage import LinkagePage
from console.views.main_window import MainWindow
from console.views.orders import OrdersPage
from console.views.parts.page import Page
from console.views.registers import RegistersPage
from console.views.reports.page import ReportsPage
from console.views.supervision import SupervisionPage

# What F3 finds and 居民与网格 has a card of.
CARDS = {
    Kind.RESIDENT: Register.PERSONS, Kind.ENTERPRISE: Register.ENTERPRISES,
    Kind.GRID: Register.GRIDS, Kind.UNIT: Register.UNITS,
}  # fmt: skip
# Chosen in the pool, these are made at the linkage desk, where the other side's name is asked for.
WITH_POLICE = (Move.HAND_TO_POLICE, Move.POLICE_REFUSED)


class Routes(QObject):
    """Follows the wishes of pages that lead into another page. `said(sentence, tone)`, `failed(error)`."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, window: MainWindow, desks: Desks, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._desks, self._jobs = window, desks, jobs
        self.moves = CaseMoves(jobs, desks, window)
        self.moves.said.connect(self.said)
        self.beside = SideWindows(window, desks, jobs)
        self.beside.open_ticket.connect(self.open_ticket)
        self.beside.criteria_wanted.connect(self._show)
        self.beside.said.connect(self.said)
        self.beside.failed.connect(self.failed)
        self._join_orders()
        self._join_dispatch()
        self._join_callback()
        self._join_inbox()
        self._join_supervision()
        self._join_finder()
        self._join_cases()
        self._join_linkage()

    def _page(self, place: Workplace) -> Page | None:
        page = self._window.pages.get(place)
        return page if isinstance(page, Page) else None

    @property
    def orders(self) -> OrdersPage | None:
        page = self._page(Workplace.ORDERS)
        return page if isinstance(page, OrdersPage) else None

    @property
    def intake(self) -> IntakePage | None:
        page = self._page(Workplace.INTAKE)
        return page if isinstance(page, IntakePage) else None

    @property
    def reports(self) -> ReportsPage | None:
        page = self._page(Workplace.REPORTS)
        return page if isinstance(page, ReportsPage) else None

    @property
    def supervision(self) -> SupervisionPage | None:
        page = self._page(Workplace.SUPERVISION)
        return page if isinstance(page, SupervisionPage) else None

    @Slot(int)
    def open_ticket(self, ticket_id: int) -> None:
        """Show a work order in the pool."""
        if self.orders is not None:
            self._window.show_place(Workplace.ORDERS)
            self.orders.show_ticket(ticket_id)

    @property
    def linkage(self) -> LinkagePage | None:
        page = self._page(Workplace.LINKAGE)
        return page if isinstance(page, LinkagePage) else None

    def _join_cases(self) -> None:
        """Wherever a case is shown: its platform and campaigns, and what was promised."""
        inbox = self._page(Workplace.INBOX)
        for view in self._window.findChildren(CaseView):
            # The unit inbox promises in a panel of its own; two of the same key would cancel each other.
            if inbox is None or not inbox.isAncestorOf(view):
                view.add_strip(PromiseStrip(self._jobs, self._desks.promises, view))
            view.add_strip(TagStrip(self._jobs, self._desks.tallies, view))

    def _join_linkage(self) -> None:
        if self.linkage is not None and self.reports is not None:
            self.linkage.case_view.offer_print()
            self.linkage.case_view.print_wanted.connect(self._print_transfer)

    @Slot(object)
    def _print_transfer(self, case: CaseFile) -> None:
        self._print(case, FormKind.POLICE_HANDOVER)

    # --- from the pool and the inbox

    def _join_orders(self) -> None:
        if self.orders is None:
            return
        moves = (*DECISIONS, *CORRECTIONS, Move.REOPEN, Move.DISCARD)
        if self.intake is not None:
            moves = (*DECISIONS, Move.REGISTER, *CORRECTIONS, Move.REOPEN, Move.DISCARD)
        moves = (*moves, *ENDINGS)
        if self._window.operator.role is Role.LEADER:
            # The centre reviews at its own desk, side by side; a unit's leader where he reads the case.
            moves = (*REVIEWS, *moves)
        if self.linkage is not None:
            moves = (*moves, *WITH_POLICE)
        if self.supervision is not None:
            moves = (*moves, *self.supervision.moves)
        self.orders.case.offer(moves)
        self.orders.act.connect(self._act)
        if self.reports is not None:
            self.orders.case.offer_print()
            self.orders.case.print_wanted.connect(self._print_ticket)

    def _join_dispatch(self) -> None:
        page = self._page(Workplace.DISPATCH)
        if isinstance(page, DispatchPage):
            page.case_view.offer(CORRECTIONS)
            page.case_view.act.connect(self.moves.act)
            self.moves.made.connect(page.made_elsewhere)

    def _join_callback(self) -> None:
        page = self._page(Workplace.CALLBACK)
        if isinstance(page, CallbackPage) and self.reports is not None:
            page.case_view.offer_print()
            page.case_view.print_wanted.connect(self._print_callback)

    def _join_inbox(self) -> None:
        page = self._page(Workplace.INBOX)
        if isinstance(page, InboxPage) and self.reports is not None:
            page.offer_print()
            page.print_wanted.connect(self._print_handling)

    def _join_supervision(self) -> None:
        if self.supervision is not None and self.reports is not None:
            self.supervision.offer_print()
            self.supervision.print_wanted.connect(self._print_letter)

    @Slot(object, object)
    def _print_letter(self, case: CaseFile, form: FormKind) -> None:
        self._print(case, form)

    @Slot(object)
    def _print_ticket(self, case: CaseFile) -> None:
        closed = case.closed_at is not None and case.result is not None
        self._print(case, FormKind.CLOSURE_REPORT if closed else FormKind.TICKET_FORM)

    @Slot(object)
    def _print_handling(self, case: CaseFile) -> None:
        # What a unit takes along or hands in depends on where the matter stands.
        forms = {
            TicketState.PENDING_VERIFY: FormKind.VERIFICATION,
            TicketState.RETURN_REVIEW: FormKind.RETURN_REQUEST,
        }
        self._print(case, forms.get(case.row.state, FormKind.HANDLING_SHEET))

    @Slot(object)
    def _print_callback(self, case: CaseFile) -> None:
        """The record while the citizens are called; afterwards the letter, one for each of them."""
        closed = case.closed_at is not None
        self._print(case, FormKind.REPLY_LETTER if closed else FormKind.CALLBACK_RECORD)

    def _print(self, case: CaseFile, form: FormKind) -> None:
        if self.reports is not None:
            self._window.show_place(Workplace.REPORTS)
            self.reports.show_ticket(case.row.id, form)

    @Slot(object, object)
    def _act(self, move: Move, case: CaseFile) -> None:
        if move is Move.REGISTER:
            self._go_on_with(case.row.id)
            return
        if move in WITH_POLICE and self.linkage is not None:
            self._window.show_place(Workplace.LINKAGE)
            self.linkage.show_ticket(case.row.id)
            return
        if move is Move.REOPEN:
            self._reopen(case)
            return
        if self.supervision is not None and move in self.supervision.moves:
            self._window.show_place(Workplace.SUPERVISION)
            self.supervision.begin(case.row.id, move)
            return
        self.moves.act(move, case)

    def _reopen(self, case: CaseFile) -> None:
        """A closed matter with a new fact; the new limit is said first."""
        dialog = ReopenDialog(self._jobs, self._desks.callbacks, case, self._window)
        dialog.decided.connect(self.said)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _go_on_with(self, ticket_id: int) -> None:
        """A record put aside with 存草稿: back into the form."""
        work = partial(self._desks.intake.reopen, ticket_id)
        self._jobs.read(self, work, self._reopened, self.failed.emit)

    def _reopened(self, form: IntakeForm) -> None:
        if self.intake is not None:
            self._window.show_place(Workplace.INTAKE)
            self.intake.matter.park()
            self.intake.matter.bring_back(form)

    # --- from F3

    def _join_finder(self) -> None:
        finder = self.finder = Finder(
            self._jobs, self._desks.finding, self._window.call_bar.find, self._window
        )
        finder.open_ticket.connect(self.open_ticket)
        finder.fill_caller.connect(self._fill_caller)
        finder.show_unit.connect(self._show_unit)
        finder.show_place.connect(self._show_place)
        finder.show_enterprise.connect(self._show_enterprise)
        finder.go.connect(self._window.show_place)
        finder.command.connect(self._command)
        finder.failed.connect(self.failed)

    @property
    def registers(self) -> RegistersPage | None:
        page = self._page(Workplace.REGISTERS)
        return page if isinstance(page, RegistersPage) else None

    def _show_card(self, kind: Kind, row_id: int) -> bool:
        """Whoever looks things up among the registers wants the card, not a form or the work orders."""
        if self.registers is None or self._window.stack.currentWidget() is not self.registers:
            return False
        self.registers.show_row(CARDS[kind], row_id)
        return True

    @Slot(int)
    def _fill_caller(self, person_id: int) -> None:
        if self.intake is None and self.registers is not None:
            self._window.show_place(Workplace.REGISTERS)
        if self._show_card(Kind.RESIDENT, person_id) or self.intake is None:
            return
        work = partial(self._desks.intake.resident, person_id)
        self._jobs.read(self, work, self._resident_read, self.failed.emit, key="resident")

    def _resident_read(self, resident: Resident) -> None:
        if self.intake is not None:
            self._window.show_place(Workplace.INTAKE)
            self.intake.matter.pick_resident(resident)
            self.intake.matter.focus_first()

    @Slot(object)
    def _show_unit(self, hit: Hit) -> None:
        """A unit's or a grid's community's open work orders."""
        if self._show_card(hit.kind, hit.id):
            return
        if hit.kind is Kind.UNIT:
            self._show(Criteria(unit_code=hit.key, unit_name=hit.text))
        else:
            self._show_words(hit)

    @Slot(object)
    def _show_enterprise(self, hit: Hit) -> None:
        if not self._show_card(hit.kind, hit.id):
            self._show_words(hit)

    @Slot(object)
    def _show_place(self, hit: Hit) -> None:
        """A school, a stop, a market on the map with who answers for it; of a street or an estate the work orders."""
        if hit.key == LANDMARK:
            self.beside.show_landmark(hit.id, hit.text)
        else:
            self._show_words(hit)

    @Slot(object)
    def _show_words(self, hit: Hit) -> None:
        """Work orders that name this place, shop or grid, whatever their state."""
        self._show(Criteria(text=hit.text, stage=Stage.EVERY))

    @Slot(object)
    def _show(self, criteria: Criteria) -> None:
        if self.orders is not None:
            self._window.show_place(Workplace.ORDERS)
            self.orders.show_criteria(criteria)

    @Slot(object)
    def _command(self, action: ActionId) -> None:
        page = self._window.stack.currentWidget()
        if isinstance(page, Page):
            page.act(action)
