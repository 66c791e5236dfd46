"""The right side of the board: the case, what was done about it, and the form that is being filled in."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.actions import ActionId
from console.domain.changes import Changed
from console.domain.desks import BulkResult, UnitChoice
from console.domain.errors import Conflict, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.records import CaseFile, TicketRow
from console.domain.states import TicketState
from console.domain.supervision import Dossier, SuperviseForm, SuspendForm, UrgeForm
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases import CaseView
from console.views.cases.services import CaseDesk
from console.views.parts.clock import grouped_number
from console.views.parts.outcome_list import OutcomeList
from console.views.parts.type_ahead import Suggestion, TypeAhead
from console.views.supervision.dossier_card import DossierCard
from console.views.supervision.forms import (
    ActForm,
    InstructCard,
    LiftCard,
    ResumeCard,
    SuspendCard,
    UrgeCard,
)
from console.views.supervision.notice_form import SuperviseCard, Unit
from console.views.supervision.services import SupervisionDesk

# Lower than this the content of the case comes first (1080 lines at 150 %; the desk of 720 lines).
LOW = 560

# Which move each key makes; suspending and resuming share one.
MOVES = {
    ActionId.URGE: Move.URGE, ActionId.SUPERVISE: Move.SUPERVISE, ActionId.LIFT: Move.LIFT_SUPERVISION,
    ActionId.INSTRUCT: Move.INSTRUCT,
}  # fmt: skip


class CaseSide(QWidget):
    """`open_case(id)`, `show_ticked(rows)`, `press(action)`: the first press opens the form, the second sends it.

    `said(sentence, tone)`, `failed(error)`, `sent()` after a write, `left()` when a form is put away,
    `print_wanted(CaseFile, FormKind)`, `printable(sentence, form)` after a letter was written.
    """

    said = Signal(str, object)
    failed = Signal(object)
    sent = Signal()
    left = Signal()
    print_wanted = Signal(object, object)
    letter_written = Signal(str, object)

    def __init__(
        self,
        jobs: Jobs,
        desk: SupervisionDesk,
        orders: CaseDesk,
        actions: dict[ActionId, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._actions = jobs, desk, actions
        self._dossier: Dossier | None = None
        self._kept: dict[tuple[int, str], Any] = {}
        self._wanted: ActionId | None = None
        self._sending = False
        self.open_form: ActForm | None = None
        self.case_view = CaseView(jobs, orders)
        self.many = OutcomeList(self.tr("批量催办"))
        self.many.table.horizontalHeader().resizeSection(2, 180)
        self.many.hide()
        self.dossier = DossierCard(list(actions.values()))
        self.forms = self._make_forms()
        self._lay_out()
        self._connect()
        self.set_ready()

    def _make_forms(self) -> dict[str, ActForm]:
        makers: dict[ActionId, tuple[type[ActForm], ...]] = {
            ActionId.URGE: (UrgeCard,),
            ActionId.SUPERVISE: (SuperviseCard,),
            ActionId.LIFT: (LiftCard,),
            ActionId.SUSPEND: (SuspendCard, ResumeCard),
            ActionId.INSTRUCT: (InstructCard,),
        }
        made = [
            kind(action) for name, action in self._actions.items() for kind in makers.get(name, ())
        ]
        return {form.name: form for form in made}

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.case_view, 5)
        column.addWidget(self.many, 5)
        column.addWidget(self.dossier, 3)
        for form in self.forms.values():
            form.hide()
            column.addWidget(form)
        self.dossier.hide()

    def _connect(self) -> None:
        self.case_view.loaded.connect(self._loaded)
        self.case_view.failed.connect(self.failed)
        self.case_view.settled.connect(self.left)
        self.dossier.print_wanted.connect(self._print)
        for form in self.forms.values():
            form.submitted.connect(self._submit)
            form.closed.connect(self.close_form)
        notice = self.forms.get("supervise")
        if isinstance(notice, SuperviseCard):
            notice.units_wanted.connect(self._ask_units)

    @property
    def case(self) -> CaseFile | None:
        return self.case_view.case

    @property
    def is_bulk(self) -> bool:
        return not self.many.isHidden()

    @property
    def is_typing(self) -> bool:
        return self.open_form is not None or self.case_view.is_typing

    # --- one work order

    def open_case(self, ticket_id: int) -> None:
        """Show it; the form of the one before is put away with what was typed."""
        if ticket_id != self.case_view.ticket_id:
            self.close_form()
            self._dossier = self._wanted = None
            self.dossier.hide()
            self.expect()
        self.case_view.open_case(ticket_id)

    def expect(self) -> None:
        """Another one is about to be read: a key pressed meanwhile waits for it, see `press`."""
        if not self.is_bulk and not self._sending:
            for action in self._actions.values():
                action.setEnabled(True)

    @Slot(object)
    def _loaded(self, case: CaseFile) -> None:
        work = partial(self._desk.dossier, case.row.id)
        self._jobs.read(self, work, self._dossier_read, self.failed.emit, key="dossier")

    def _dossier_read(self, dossier: Dossier) -> None:
        if self.case is None or dossier.ticket_id != self.case.row.id:
            return
        self._dossier = dossier
        self.dossier.show_dossier(dossier)
        self.dossier.setVisible(self.open_form is None and not self.is_bulk)
        for form in self.forms.values():
            form.set_snippets(dossier.snippets)
        self.set_ready()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            if wanted in self._actions and self._actions[wanted].isEnabled():
                self.press(wanted)
            else:
                words = self.tr("“{0}”对这张工单现在用不上").format(self._actions[wanted].text())
                self.said.emit(words, Tone.WARN)

    # --- several

    def show_ticked(self, rows: list[TicketRow]) -> None:
        """The ticked work orders in place of the case; none leaves the case."""
        entering = bool(rows) and not self.is_bulk
        if entering:
            self.close_form()
        self.many.setVisible(bool(rows))
        self.case_view.setHidden(bool(rows))
        self.dossier.setVisible(not rows and self.open_form is None and self._dossier is not None)
        form = self.forms.get("urge")
        if isinstance(form, UrgeCard):
            form.start_many(len(rows), entering)
        if rows:
            self.many.show_rows(rows)
        elif self.open_form is form:
            self.close_form()
        self.set_ready()

    # --- forms

    def set_ready(self) -> None:
        """Only what this person may do with this work order now."""
        may = self.case.permitted if self.case is not None and self._dossier is not None else ()
        for name, action in self._actions.items():
            able = self._fits(name, may) if not self.is_bulk else name is ActionId.URGE
            action.setEnabled(able and not self._sending)
            if name is ActionId.SUSPEND:
                action.setText(self.tr("恢复办理") if Move.RESUME in may else self.tr("挂起"))

    @staticmethod
    def _fits(name: ActionId, may: Any) -> bool:
        if name is ActionId.SUSPEND:
            return Move.SUSPEND in may or Move.RESUME in may
        return name in MOVES and MOVES[name] in may

    def press(self, name: ActionId) -> None:
        """A key of this desk: open its form, or send the form that is open."""
        if self._dossier is None and not self.is_bulk:
            self._wanted = name
            return
        form = self._form_of(name)
        if form is None or self._sending:
            return
        if self.open_form is form:
            self._submit()
        else:
            self._open(form)

    def _form_of(self, name: ActionId) -> ActForm | None:
        suspended = self.case is not None and self.case.row.state is TicketState.SUSPENDED
        names = {
            ActionId.URGE: "urge", ActionId.SUPERVISE: "supervise", ActionId.LIFT: "lift",
            ActionId.SUSPEND: "resume" if suspended else "suspend", ActionId.INSTRUCT: "instruct",
        }  # fmt: skip
        return self.forms.get(names.get(name, ""))

    def _open(self, form: ActForm) -> None:
        self.close_form()
        if not self.is_bulk and self._dossier is not None:
            form.start(self._dossier)
            kept = self._kept.get((self._dossier.ticket_id, form.name))
            if kept is not None:
                form.put(kept)
        form.clear_errors()
        self.open_form = form
        self.dossier.hide()
        form.show()
        self._make_room()
        form.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_form(self) -> None:
        """Put the form away; what was typed stays with its work order."""
        form, self.open_form = self.open_form, None
        if form is None:
            return
        if self._dossier is not None and not self.is_bulk:
            self._kept[self._dossier.ticket_id, form.name] = form.values()
        form.hide()
        self.case_view.setHidden(self.is_bulk)
        self.dossier.setVisible(self._dossier is not None and not self.is_bulk)
        self.left.emit()

    def _make_room(self) -> None:
        form = self.open_form
        if form is None or self.is_bulk:
            return
        needed = max(form.least, form.sizeHint().height())
        form.setMinimumHeight(needed)
        left = self.height() - needed - self.layout().spacing()
        beside = left >= self.case_view.minimumSizeHint().height()
        self.case_view.setVisible(beside)
        if not beside and self.case is not None:
            form.hint.setText(self.case.row.title)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.dossier.set_room(self.height(), self.height() < LOW)
        self.case_view.set_low(self.height() < LOW)
        self._make_room()

    # --- sending

    @Slot()
    def _submit(self) -> None:
        form = self.open_form
        if form is None or self._sending:
            return
        work = self._work(form)
        if work is None:
            return
        self._sending = True
        self.set_ready()
        done = self._many_done if self.is_bulk else partial(self._done, form)
        self._jobs.write(self, work, done, partial(self._refused, form))

    def _work(self, form: ActForm) -> Any:
        """What writes this form down."""
        values = form.values()
        if self.is_bulk:
            ids = tuple(o.row.id for o in self.many.outcomes if o.done is None)
            return partial(self._desk.urge_many, UrgeForm(ids, *values)) if ids else None
        if self.case is None:
            return None
        row = self.case.row
        return {
            "urge": partial(_urging, self._desk, row, values),
            "supervise": partial(_supervising, self._desk, row, values),
            "suspend": partial(_suspending, self._desk, row, values),
            "lift": partial(self._desk.lift, row.id, row.version, values),
            "resume": partial(self._desk.resume, row.id, row.version, values),
            "instruct": partial(self._desk.instruct, row.id, row.version, values),
        }[form.name]

    def _done(self, form: ActForm, changed: Changed) -> None:
        self._sending = False
        if self.open_form is form:
            self.close_form()
        for ticket_id in changed.ids:
            self._kept.pop((ticket_id, form.name), None)
        sentence = f"{changed.note}　{grouped_number(changed.number)}"
        self.letter_written.emit(sentence, form.name)
        self.set_ready()
        self.sent.emit()

    def _many_done(self, result: BulkResult) -> None:
        self._sending = False
        self.many.show_result(result, self.tr("已催办"))
        self.set_ready()
        words = self.tr("已催办 {0} 件，{1} 件未催办，原因见列表")
        said = words if result.failed else self.tr("已催办 {0} 件")
        tone = Tone.WARN if result.failed else Tone.OK
        self.said.emit(said.format(len(result.done), len(result.failed)), tone)
        self.sent.emit()

    def _refused(self, form: ActForm, error: Exception) -> None:
        """Beside its field; somebody else's change is read again and what was typed stays."""
        self._sending = False
        self.set_ready()
        if isinstance(error, Conflict | NotFound | NotAllowed):
            self.case_view.reload()
        rest = form.show_error(error)
        if rest is not None:
            self.failed.emit(rest)

    # --- units, printing

    @Slot(object, str)
    def _ask_units(self, line: TypeAhead, text: str) -> None:
        done = partial(self._show_units, line, text)
        self._jobs.read(self, partial(self._desk.units, text), done, self.failed.emit, key="units")

    @staticmethod
    def _show_units(line: TypeAhead, text: str, found: tuple[UnitChoice, ...]) -> None:
        offers = [Suggestion(u.name, Unit(u.id, u.name), u.reason, u.hint) for u in found]
        line.set_suggestions(offers, text)

    @Slot(object)
    def _print(self, form: Any) -> None:
        if self.case is not None:
            self.print_wanted.emit(self.case, form)


def _urging(desk: SupervisionDesk, row: TicketRow, values: tuple[str, str]) -> Changed:
    return desk.urge(UrgeForm((row.id,), *values, version=row.version))


def _supervising(desk: SupervisionDesk, row: TicketRow, values: Any) -> Changed:
    return desk.supervise(
        SuperviseForm(
            row.id,
            row.version,
            values.level,
            values.reason,
            values.demands,
            values.unit[0] if values.unit else None,
            tuple(unit for unit, _name in values.co_units),
            values.copies,
            values.due,
            values.every,
            values.contact,
            values.phone,
            values.lead_leader,
            values.co_leader,
        )
    )


def _suspending(desk: SupervisionDesk, row: TicketRow, values: Any) -> Changed:
    form = SuspendForm(row.id, row.version, values.code, values.reason, values.resume_on)
    return desk.suspend(form)
