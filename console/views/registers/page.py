"""居民与网格: every register by one box, and what is due in them."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QWidget

from console.actions import BY_ID, ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.registers.kinds import FOUNDED, KINDS, Register
from console.domain.registers.rounds import Worker
from console.domain.registers.visits import Reminder, VisitLine
from console.domain.roles import Role
from console.jobs import Jobs
from console.settings import Settings
from console.theme import Tone
from console.views.map.services import MapDesk
from console.views.parts.card import Card
from console.views.parts.page import Page
from console.views.registers.beside import Beside
from console.views.registers.browse import Browse
from console.views.registers.dialogs import (
    BirthDialog,
    LifeFormDialog,
    RevealForm,
    VisitDialog,
    WriteForm,
)
from console.views.registers.family import Family
from console.views.registers.follow_up import DUTY, HAZARDS, FollowUp
from console.views.registers.nav_list import NavList
from console.views.registers.rounds_dialogs import CheckDialog, PatrolDialog, TaskDialog
from console.views.registers.services import RegisterDesk
from console.views.registers.worklists import PatrolsView, StaffingView, TasksView, VisitsView

VISITS, STAFFING, TASKS, PATROLS = "visits", "staffing", "tasks", "patrols"
# Who is reminded at the desk: whose grids they are.
_REMINDED = frozenset({Role.GRID_WORKER, Role.GRID_LEADER})
_A = ActionId
NAV_WIDTH = 112


class RegistersPage(Page):
    """Ctrl+N adds, F4 edits, F8 saves, Ctrl+J verified, Ctrl+E life event, Ctrl+K visit, Ctrl+B building."""

    topics = frozenset({Topic.PEOPLE, Topic.PLACES, Topic.ACCOUNTS})

    def __init__(
        self, jobs: Jobs, desk: RegisterDesk, role: Role, parent: QWidget | None = None,
        settings: Settings | None = None, maps: MapDesk | None = None, own: str = "",
    ) -> None:  # fmt: skip
        super().__init__(jobs, parent)
        self._desk, self._role = desk, role
        self._make_actions()
        self.beside = Beside(self, jobs, desk, settings, maps, own)
        self.follow_up = FollowUp(self, jobs, desk)
        self.family = Family(self)
        # A keeper's buttons; whoever only looks has none of them.
        card_actions = (
            (self.edit, self.tr("修改")), self.family.card_action, *self.follow_up.card_actions,
            (self.verified, self.tr("核实无误")), (self.life, self.tr("变动")), (self.visit, self.tr("走访")),
            (self.building, self.tr("楼栋图")), (self.reveal, self.tr("完整信息")),
            (self.follow_up.correct, self.tr("更正证号")),
        )  # fmt: skip
        self.browse = Browse(
            jobs, desk, self.save, self.reveal, self.beside.print, card_actions, self.add
        )
        self.beside.join()
        self.visits = VisitsView(jobs, desk, self.visit)
        self.staffing = StaffingView(jobs, desk)
        self.tasks = TasksView(
            jobs, desk, (self.add, self.tr("派任务")), (self.give_visits, self.tr("派到期走访")),
            (self.done, ""), (self.check, ""),
        )  # fmt: skip
        self.patrols = PatrolsView(jobs, desk, (self.add, self.tr("登记巡查")))
        self.nav, self.stack = NavList(), QStackedWidget()
        self._views: dict[str, Any] = {
            VISITS: self.visits, STAFFING: self.staffing, TASKS: self.tasks, PATROLS: self.patrols,
            **self.follow_up.views,
        }  # fmt: skip
        self._lay_out()
        self._connect()
        self.nav.setCurrentRow(0)
        self.browse.left.read_grids()
        if role in _REMINDED:
            jobs.read(self, desk.visiting.reminder, self._reminded, self.failed.emit, key="remind")

    def _make_actions(self) -> None:
        self.add = self.make_action(_A.ADD_ROW, self._add)
        self.edit = self.make_action(_A.EDIT_ROW, self._edit)
        self.save = self.make_action(_A.SAVE_ROW, self._save)
        self.verified = self.make_action(_A.VERIFY_ROW, self._verify)
        self.life = self.make_action(_A.LIFE_EVENT, self._life)
        self.visit = self.make_action(_A.VISIT, self._visit)
        self.building = self.make_action(_A.BUILDING, self._building)
        self.reveal = self.make_action(_A.REVEAL, self._reveal)
        self.done = self.make_action(_A.TASK_DONE, self._done)
        self.check = self.make_action(_A.TASK_CHECK, self._check)
        self.give_visits = self.make_action(_A.GIVE_VISITS, self._give_visits)
        add_action(self, _A.REFRESH, self.reload)
        add_action(self, _A.LOOK_UP, self._look_up)

    def make_action(self, action_id: ActionId, slot: Any) -> QAction:
        made = add_action(self, action_id, slot)
        if self._role not in BY_ID[action_id].roles:
            made.setVisible(False)
            made.setEnabled(False)
        return made

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("居民与网格"))
        self.nav.setAccessibleName(self.tr("登记种类"))
        self.nav.setFrameShape(QFrame.Shape.NoFrame)
        self.nav.setSpacing(1)
        holder = self._side = Card(padding=6)
        holder.setFixedWidth(NAV_WIDTH)
        holder.add(self.nav)
        for register in Register:
            self.nav.add(KINDS[register].title, register.value)
        for words, name in (
            (self.tr("走访"), VISITS), (self.tr("隐患整改"), HAZARDS), (self.tr("编配核对"), STAFFING),
            (self.tr("值班表"), DUTY), (self.tr("每日任务"), TASKS), (self.tr("巡查记录"), PATROLS),
        ):  # fmt: skip
            self.nav.add(words, name)
        for view in (self.browse, *self._views.values()):
            self.stack.addWidget(view)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 12, 12, 12)
        line.setSpacing(12)
        line.addWidget(holder)
        line.addWidget(self.stack, 1)

    def add_tool(self, button: QWidget) -> None:
        """Under the list of registers: what is done with a whole register."""
        self._side.add(button)

    def _connect(self) -> None:
        self.nav.currentRowChanged.connect(self._place_chosen)
        self.nav.entered.connect(self._to_rows)
        self.browse.said.connect(self.said)
        self.browse.failed.connect(self.failed)
        self.browse.moved.connect(self._enable)
        self.browse.moved.connect(self._catch_up)
        for view in self._views.values():
            view.failed.connect(self.failed)
            view.table.selected.connect(self._enable)
        self.visits.table.opened.connect(self._visit)
        self.follow_up.duty.moved.connect(self._enable)

    # --- where we are

    @property
    def place(self) -> str:
        return self.nav.place or Register.PERSONS.value

    @property
    def view(self) -> Any:
        return self.stack.currentWidget()

    def home(self) -> QWidget:
        return self.view.home()

    def holds_back(self) -> bool:
        """A form in another of the page's views is out of sight and loses nothing."""
        return self.view is self.browse and self.browse.is_typing

    def go(self, place: str) -> None:
        self.nav.go(place)

    @Slot()
    def _to_rows(self) -> None:
        self.view.table.setFocus(Qt.FocusReason.TabFocusReason)

    def show_row(self, register: Register, row_id: int) -> None:
        """The card of one row, found elsewhere; what is being typed stays where it is."""
        if self.browse.is_typing:
            self.said.emit(self.tr("先按 F8 保存，或按 Esc 放下（内容会留着）"), Tone.WARN)
            return
        self.go(register.value)
        self.browse.open_row(register, row_id)

    @Slot(int)
    def _place_chosen(self, _at: int) -> None:
        view = self._views.get(self.place)
        if view is None:
            self.stack.setCurrentWidget(self.browse)
            if self.browse.at_form:
                self.browse.leave_form()
            self.browse.show_register(Register(self.place))
        else:
            self.stack.setCurrentWidget(view)
            self.follow_up.arrive(self.place)
            view.reload()
        self._enable()

    @Slot()
    def reload(self) -> None:
        self.view.reload()

    @Slot()
    def _catch_up(self) -> None:
        """What others changed while something was typed here."""
        if self._stale and self.isVisible() and not self.holds_back():
            self._stale = False
            self.reload()

    def _reminded(self, reminder: Reminder) -> None:
        if not reminder.is_empty:
            tone = Tone.WARN if reminder.is_late else Tone.ACCENT
            self.step_offered.emit(
                reminder.words,
                tone,
                self.tr("看名单"),
                self.follow_up.place_of(reminder)
                or (VISITS if reminder.overdue or reminder.soon else TASKS),
            )

    @Slot(str)
    def take_step(self, step: str) -> None:
        self.go(step)

    @Slot()
    def _look_up(self) -> None:
        if self.place in self._views:
            self.go(Register.PERSONS.value)
        self.browse.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.browse.box.selectAll()

    # --- what can be done now

    @Slot()
    def _enable(self, *_what: object) -> None:
        card, at_form = self.browse.card, self.browse.at_form
        here = self.view is self.browse
        mine = here and card is not None and card.may_edit and not at_form
        register = Register(self.place) if here else None
        keeps = register is not None and self._desk.may_write(register) and register not in FOUNDED
        task = self.tasks.table.current if self.view is self.tasks else None
        self.allow(self.add, (keeps and not at_form) or self.view in (self.tasks, self.patrols))
        self.allow(self.edit, mine)
        self.allow(self.save, here and at_form)
        self.allow(self.verified, mine and card is not None and card.checked is not None)
        self.allow(
            self.life,
            mine
            and card is not None
            and (bool(card.offered) or card.register is Register.HOUSEHOLDS),
        )
        self.allow(self.visit, self._line() is not None)
        self.allow(
            self.building,
            here and not at_form and card is not None and card.building_id is not None,
        )
        self.allow(self.reveal, here and card is not None and card.may_reveal)
        self.allow(self.done, task is not None and task.done_at is None)
        self.allow(self.check, task is not None)
        self.allow(self.give_visits, self.view is self.tasks)
        self.follow_up.enable()
        self.family.enable()
        self.beside.enable()

    def allow(self, action: QAction, on: bool) -> None:
        action.setEnabled(on and self._role in BY_ID[ActionId(action.objectName())].roles)

    def _line(self) -> VisitLine | None:
        if self.view is self.visits:
            return self.visits.table.current
        card = self.browse.card
        live = [one for one in card.members if one.words != "已解除"] if card is not None else []
        return live[0] if live and self.view is self.browse and not self.browse.at_form else None

    def why_not(self, action: QAction) -> str:
        if action is self.beside.print:
            return self.tr("打印楼栋表：先按 Ctrl+B 打开楼栋图")
        if self.browse.card is None and self.view is self.browse:
            return self.tr("先在列表里选一条登记")
        return self.tr("“{0}”现在用不上：这条登记不能这样办，或您没有权限").format(action.text())

    # --- doing

    def open_form(self, dialog: WriteForm, done: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.written.connect(done)
        dialog.open()

    @Slot()
    def _add(self) -> None:
        if self.view is self.browse:
            self.browse.add()
        elif not self.follow_up.add():
            self.jobs.read(
                self, self._desk.rounds.workers, self._workers_read, self.failed.emit, key="workers"
            )

    def _workers_read(self, workers: tuple[Worker, ...]) -> None:
        if self.view is self.tasks:
            self.open_form(TaskDialog(self.jobs, self._desk.rounds, workers, self), self._given)
        elif self.view is self.patrols:
            self.open_form(
                PatrolDialog(self.jobs, self._desk.rounds, workers, self), self._patrolled
            )

    @Slot(object)
    def _given(self, changed: Changed) -> None:
        self.said.emit(changed.note, Tone.OK)

    @Slot(object)
    def _patrolled(self, changed: Changed) -> None:
        self.said.emit(self.tr("已登记巡查 {0}").format(changed.number), Tone.OK)

    @Slot()
    def _edit(self) -> None:
        if not self.follow_up.edit():
            self.browse.edit()

    @Slot()
    def _save(self) -> None:
        self.browse.save()

    @Slot()
    def _verify(self) -> None:
        card = self.browse.card
        if card is not None:
            work = partial(self._desk.saving.verify, card.register, card.id, card.version)
            self.jobs.write(self, work, self._was_verified, self._refused)

    def _was_verified(self, _changed: Changed) -> None:
        self.said.emit(self.tr("已记下今天核实无误"), Tone.OK)

    def _refused(self, error: Exception) -> None:
        self.browse.reload()
        self.failed.emit(error)

    @Slot()
    def _life(self) -> None:
        card = self.browse.card
        if card is None:
            return
        if card.register is Register.HOUSEHOLDS:
            number = next((fact.shown for fact in card.facts if fact.name == "number"), "")
            self.open_form(BirthDialog(self.jobs, self._desk.lives, number, self), self._happened)
        elif card.offered:
            self.open_form(LifeFormDialog(self.jobs, self._desk, card, self), self._happened)

    @Slot(object)
    def _happened(self, changed: Changed) -> None:
        self.said.emit(changed.note or self.tr("已登记变动"), Tone.OK)

    @Slot()
    def _visit(self, *_row: object) -> None:
        line = self._line()
        if line is not None and self.visit.isEnabled():
            self.open_form(VisitDialog(self.jobs, self._desk.visiting, line, self), self._visited)

    @Slot(object)
    def _visited(self, changed: Changed) -> None:
        self.said.emit(changed.note, Tone.OK)

    @Slot()
    def _building(self) -> None:
        card = self.browse.card
        if card is not None and card.building_id is not None:
            self.browse.show_building(card.building_id)

    @Slot()
    def _reveal(self) -> None:
        card = self.browse.card
        form = self.browse.form_view.form if self.browse.at_form else None
        if form is not None and form.id is not None:
            which = (form.register, form.id, form.title)
        elif card is not None:
            which = (card.register, card.id, card.title)
        else:
            return
        work = partial(self._desk.reveal, which[0], which[1])
        self.open_form(RevealForm(self.jobs, work, which[2], self), self.browse.show_full)

    @Slot()
    def _done(self) -> None:
        task = self.tasks.table.current
        if task is not None:
            self.jobs.write(self, partial(self._desk.rounds.done, task.id), None, self.failed.emit)

    @Slot()
    def _check(self) -> None:
        task = self.tasks.table.current
        if task is not None:
            self.open_form(CheckDialog(self.jobs, self._desk.rounds, task, self), self._checked)

    @Slot(object)
    def _checked(self, _changed: Changed) -> None:
        self.said.emit(self.tr("已登记抽查"), Tone.OK)

    @Slot()
    def _give_visits(self) -> None:
        self.jobs.write(self, self._desk.rounds.give_visits, self._given, self.failed.emit)
