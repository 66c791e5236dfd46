"""Who saw whom, from every page of an auditor; and a line for what anybody takes out by the clipboard."""

import re
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from console.actions import BY_ID, ActionId, add_action
from console.desks import Desks
from console.domain.auditing import About
from console.domain.errors import UserError
from console.domain.phones import is_phone
from console.domain.records import CaseFile
from console.domain.registers.kinds import Register
from console.domain.roles import Workplace
from console.jobs import Jobs
from console.views.auditing import AuditDialog
from console.views.cases import CaseView
from console.views.main_window import MainWindow
from console.views.parts.clock import grouped_number
from console.views.parts.copies import Copies
from console.views.registers import RegistersPage

# A number in full among other words: eleven digits of a mobile, a fixed line with its area, an identity number.
_FULL = re.compile(r"(?<![\dA-Za-z])(?:1\d{10}|0\d{2,3}-?\d{7,8}|\d{17}[\dXx])(?![\dA-Za-z])")


class WhoSaw(QObject):
    """Joins the pages of a window with 查阅记录. `said(sentence, tone)`, `failed(error)`."""

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(self, window: MainWindow, desks: Desks, jobs: Jobs, copies: Copies) -> None:
        super().__init__(window)
        self._window, self._desks, self._jobs = window, desks, jobs
        copies.taken.connect(self._taken)
        action = BY_ID[ActionId.AUDIT]
        if window.operator.role not in action.roles:
            return
        for place, page in window.pages.items():
            if place in action.workplaces:
                add_action(page, ActionId.AUDIT, self.show)
        for view in window.findChildren(CaseView):
            view.viewers_wanted.connect(self.show)

    @Slot()
    def show(self) -> None:
        """In a window beside the work; asked at once about whoever is in sight."""
        desks = self._desks
        dialog = AuditDialog(self._jobs, desks.auditing, desks.exporting, self._window)
        dialog.said.connect(self.said)
        dialog.failed.connect(self.failed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        about = self.in_sight()
        if about is not None:
            dialog.ask_about(about)

    def in_sight(self) -> About | None:
        """Whoever asked in the work order that is open, or the resident whose card is."""
        page = self._window.stack.currentWidget()
        if isinstance(page, RegistersPage):
            card = page.browse.card
            if card is None or card.register is not Register.PERSONS or not page.browse.isVisible():
                return None
            return About(self.tr("居民 {0}").format(card.title), person_id=card.id)
        case = self._case()
        if case is None:
            return None
        words = self.tr("{0} 的诉求人").format(grouped_number(case.row.number))
        return About(words, ticket_id=case.row.id)

    def _case(self) -> CaseFile | None:
        page = self._window.stack.currentWidget()
        views = page.findChildren(CaseView) if page is not None else []
        return next((view.case for view in views if view.isVisible() and view.case), None)

    # --- taken out by the clipboard

    @Slot(str, str)
    def _taken(self, text: str, code: str) -> None:
        """Words of a case, or somebody's number in full, may be pasted elsewhere now."""
        case = self._case()
        number = case.row.number if case is not None else ""
        found = [one for one in _FULL.findall(text) if len(one) == 18 or is_phone(one)]
        citizen = found[0] if found else ""
        if number or citizen or self._window.place is Workplace.INTAKE:
            work = partial(self._desks.auditing.copied, number, citizen, code)
            self._jobs.write(self, work, None, self._not_noted)

    def _not_noted(self, error: Exception) -> None:
        """The line was cut just then; what was copied stays marked. Only a defect is said."""
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
