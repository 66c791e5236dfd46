"""The page of each workplace. Imported where it is made: an agent's start does not pay for the clerk's report desk."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from console.desks import Desks
from console.domain.roles import WORKPLACES, Role, Workplace
from console.jobs import Jobs
from console.services.drafts import Drafts
from console.settings import Settings


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Makes the pages of one role; `drafts` is the journal of whoever takes calls."""

    role: Role
    jobs: Jobs
    desks: Desks
    settings: Settings
    drafts: Drafts | None

    def make(self) -> dict[Workplace, QWidget]:
        """Every page this role works at, in the rail's order."""
        makers: dict[Workplace, Callable[[], QWidget]] = {
            Workplace.INTAKE: self._intake,
            Workplace.ORDERS: self._orders,
            Workplace.DISPATCH: self._dispatch,
            Workplace.INBOX: self._inbox,
            Workplace.CALLBACK: self._callback,
            Workplace.SUPERVISION: self._supervision,
            Workplace.LINKAGE: self._linkage,
            Workplace.REPORTS: self._reports,
            Workplace.KNOWLEDGE: self._knowledge,
            Workplace.REGISTERS: self._registers,
        }
        return {place: makers[place]() for place in WORKPLACES[self.role] if place in makers}

    def _intake(self) -> QWidget:
        from console.views.intake.page import IntakePage

        if self.drafts is None:
            raise ValueError("an intake desk needs its journal")
        return IntakePage(self.jobs, self.desks.intake, self.drafts)

    def _orders(self) -> QWidget:
        from console.views.orders import OrdersPage

        return OrdersPage(self.jobs, self.desks.orders, self.settings, self.desks, self.role)

    def _dispatch(self) -> QWidget:
        from console.views.dispatch.dispatch_page import DispatchPage

        return DispatchPage(
            self.jobs,
            self.desks.dispatching,
            self.desks.reviewing,
            self.desks.deciding,
            self.desks.orders,
        )

    def _inbox(self) -> QWidget:
        from console.views.inbox import Beside, InboxPage

        beside = Beside(
            verifying=self.desks.verifying,
            reporting=self.desks.reporting,
            promises=self.desks.promises,
            supervising=self.desks.supervising,
            deciding=self.desks.deciding,
        )
        return InboxPage(self.jobs, self.desks.handling, self.desks.orders, beside=beside)

    def _callback(self) -> QWidget:
        from console.views.callback.callback_page import CallbackPage

        return CallbackPage(self.jobs, self.desks.callbacks, self.desks.orders)

    def _supervision(self) -> QWidget:
        from console.views.supervision import SupervisionPage

        return SupervisionPage(self.jobs, self.desks.supervising, self.desks.orders, self.role)

    def _linkage(self) -> QWidget:
        from console.views.linkage import LinkagePage

        return LinkagePage(self.jobs, self.desks.linkage, self.desks.orders)

    def _reports(self) -> QWidget:
        from console.views.reports.page import ReportsPage

        sheets = self.desks.sheets if self.desks.sheets.allowed else None
        return ReportsPage(
            self.jobs, self.desks.reports, self.desks.archiving, self.settings, sheets
        )

    def _knowledge(self) -> QWidget:
        from console.views.knowledge import KnowledgePage

        return KnowledgePage(self.jobs, self.desks.knowledge, self.role)

    def _registers(self) -> QWidget:
        from console.views.registers import RegistersPage

        return RegistersPage(
            self.jobs, self.desks.registers, self.role, settings=self.settings, maps=self.desks.mapping,
            own=self.desks.seat.operator.unit_code,
        )  # fmt: skip
