"""What follows a look at the place: inspections and rectification, rosters, a number put right."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from console.actions import ActionId
from console.domain.changes import Changed
from console.domain.registers.duty import Candidate
from console.domain.registers.inspections import InspectionLine, Inspector
from console.domain.registers.kinds import Register
from console.domain.registers.records import RegisterCard
from console.domain.registers.visits import Reminder
from console.jobs import Jobs
from console.theme import Tone
from console.views.registers.correct_dialog import CorrectDialog
from console.views.registers.duty_dialog import DutyDialog
from console.views.registers.duty_view import DutyView
from console.views.registers.hazards_view import HazardsView
from console.views.registers.inspection_dialogs import InspectionDialog, RectifyDialog
from console.views.registers.services import RegisterDesk

HAZARDS, DUTY = "hazards", "duty"
_A = ActionId


class FollowUp(QObject):
    """A part of the registers' page with places, keys and forms of its own. `page` gives it the card in sight."""

    def __init__(self, page: Any, jobs: Jobs, desk: RegisterDesk) -> None:
        super().__init__(page)
        self._page, self._jobs, self._desk = page, jobs, desk
        self.inspect = page.make_action(_A.INSPECT, self._inspect)
        self.rectify = page.make_action(_A.RECTIFY, self._rectify)
        self.correct = page.make_action(_A.CORRECT_ID, self._correct)
        self.copy_week = page.make_action(_A.COPY_WEEK, self._copy_week)
        self.remove_duty = page.make_action(_A.REMOVE_DUTY, self._remove_duty)
        self.card_actions = ((self.inspect, self.tr("检查")), (self.rectify, self.tr("整改")))
        self.hazards = HazardsView(jobs, desk, self.rectify)
        self.duty = DutyView(
            jobs, desk,
            ((page.add, self.tr("排值班")), (page.edit, self.tr("修改")), (self.copy_week, ""), (self.remove_duty, "")),
        )  # fmt: skip
        self.views = {HAZARDS: self.hazards, DUTY: self.duty}
        self.hazards.table.opened.connect(self._rectify)
        self.duty.table.opened.connect(self._row_opened)

    # --- what can be done now

    def enable(self) -> None:
        """After the page has settled its own actions."""
        page, card = self._page, self._card()
        firm = card is not None and card.register is Register.ENTERPRISES
        page.allow(self.inspect, firm and card.may_edit)
        page.allow(self.rectify, bool(self._hazards()))
        page.allow(self.correct, card is not None and card.may_correct)
        at_duty = page.view is self.duty
        row = self.duty.row if at_duty and self.duty.may_edit else None
        changes = row is not None and row.line is not None and row.open
        page.allow(self.copy_week, row is not None)
        page.allow(self.remove_duty, changes)
        if at_duty:
            page.allow(page.add, row is not None and row.open)
            page.allow(page.edit, changes)

    def _card(self) -> RegisterCard | None:
        browse = self._page.browse
        here = self._page.view is browse and not browse.at_form
        found: RegisterCard | None = browse.card if here else None
        return found

    def _hazards(self) -> tuple[InspectionLine, ...]:
        """Open ones: of the list the one under the cursor, of a card all."""
        if self._page.view is self.hazards:
            line = self.hazards.table.current
            return (line,) if line is not None else ()
        card = self._card()
        if card is None or not card.may_edit:
            return ()
        return tuple(one for one in card.inspections if one.is_open)

    @staticmethod
    def place_of(reminder: Reminder) -> str:
        """Where what is reminded of is worked off; nothing when it is not here."""
        visits = reminder.overdue or (reminder.soon and not reminder.hazards_overdue)
        return HAZARDS if not visits and (reminder.hazards_overdue or reminder.hazards_soon) else ""

    def arrive(self, place: str) -> None:
        """From a unit's card to its roster."""
        card = self._page.browse.card
        if place == DUTY and card is not None and card.register is Register.UNITS:
            self.duty.show_unit(card.id)

    # --- inspections

    @Slot()
    def _inspect(self) -> None:
        card = self._card()
        if card is not None:
            work = partial(self._desk.inspecting.inspectors, card.id)
            self._jobs.read(self, work, self._inspectors_read, self._failed, key="inspectors")

    def _inspectors_read(self, people: tuple[Inspector, ...]) -> None:
        card = self._card()
        if card is not None and card.register is Register.ENTERPRISES:
            firm = (card.id, card.title)
            dialog = InspectionDialog(self._jobs, self._desk.inspecting, firm, people, self._page)
            self._page.open_form(dialog, self._inspected)

    @Slot(object)
    def _inspected(self, changed: Changed) -> None:
        self._say(self.tr("已登记检查，{0}").format(changed.note))

    @Slot()
    def _rectify(self, *_row: object) -> None:
        lines = self._hazards()
        if lines and self.rectify.isEnabled():
            dialog = RectifyDialog(self._jobs, self._desk.inspecting, lines, self._page)
            self._page.open_form(dialog, self._rectified)

    @Slot(object)
    def _rectified(self, changed: Changed) -> None:
        self._say(self.tr("已登记整改，{0}").format(changed.note))

    # --- an identity number

    @Slot()
    def _correct(self) -> None:
        card = self._card()
        if card is not None and card.may_correct:
            dialog = CorrectDialog(self._jobs, self._desk, card, self._page)
            dialog.open_wanted.connect(self._page.browse.open_row)
            self._page.open_form(dialog, self._corrected)

    @Slot(object)
    def _corrected(self, _changed: Changed) -> None:
        self._say(self.tr("已更正身份证号，性别和出生日期随之更新"))

    # --- rosters

    def add(self) -> bool:
        """Whether Ctrl+N was the roster's."""
        return self._page.view is self.duty and self._ask_people(self._add_duty)

    def edit(self) -> bool:
        """Whether F4 was the roster's."""
        return self._page.view is self.duty and self._ask_people(self._edit_duty)

    def _ask_people(self, then: Any) -> bool:
        roster = self.duty.roster
        if roster is not None:
            work = partial(self._desk.duties.candidates, roster.unit_id)
            self._jobs.read(self, work, then, self._failed, key="candidates")
        return True

    def _add_duty(self, people: tuple[Candidate, ...]) -> None:
        self._open_duty(people, change=False)

    def _edit_duty(self, people: tuple[Candidate, ...]) -> None:
        self._open_duty(people, change=True)

    def _open_duty(self, people: tuple[Candidate, ...], change: bool) -> None:
        roster, row = self.duty.roster, self.duty.row
        if roster is None or row is None:
            return
        unit, line = (roster.unit_id, roster.unit), row.line if change else None
        dialog = DutyDialog(
            self._jobs, self._desk.duties, unit, people, row.on_day, line, self._page
        )
        self._page.open_form(dialog, self._arranged)

    @Slot()
    def _row_opened(self, *_row: object) -> None:
        """Enter: who has the day is changed, a day nobody has is filled."""
        row = self.duty.row
        if row is not None and row.line is None and self._page.add.isEnabled():
            self.add()
        elif self._page.edit.isEnabled():
            self.edit()

    @Slot(object)
    def _arranged(self, _changed: Changed) -> None:
        self._say(self.tr("已排值班"))

    @Slot()
    def _copy_week(self) -> None:
        roster, row = self.duty.roster, self.duty.row
        if roster is not None and row is not None:
            work = partial(self._desk.duties.copy_week, roster.unit_id, row.on_day)
            self._jobs.write(self, work, self._copied, self._failed)

    def _copied(self, changed: Changed) -> None:
        self._say(changed.note)

    @Slot()
    def _remove_duty(self) -> None:
        row = self.duty.row
        if row is not None and row.line is not None:
            work = partial(self._desk.duties.remove, row.line.id, row.line.version)
            self._jobs.write(self, work, self._removed, self._failed)

    def _removed(self, _changed: Changed) -> None:
        self._say(self.tr("已撤下这一班"))

    def _say(self, words: str) -> None:
        self._page.said.emit(words, Tone.OK)

    def _failed(self, error: Exception) -> None:
        self._page.reload()
        self._page.failed.emit(error)
