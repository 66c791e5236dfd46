"""承办: the unit's piles at the left, the case and its forms at the right, everything by keyboard."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, UserError
from console.domain.inbox import Desk, InboxRow, InboxTab, SignedMany
from console.jobs import Jobs
from console.theme import Tone
from console.views.inbox.desk_side import BAR, PANEL_OF, DeskSide
from console.views.inbox.drafts import Drafts
from console.views.inbox.files import Files
from console.views.inbox.panels import Panels
from console.views.inbox.piles import Pile
from console.views.inbox.services import HandlingDesk
from console.views.inbox.steps import declines
from console.views.parts.page import Page

MINUTE = 60_000


class InboxPage(Page):
    """`print_wanted(CaseFile)` after `offer_print()`: somebody prints handling sheets."""

    print_wanted = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        handling: HandlingDesk,
        orders: object = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self._handling = handling
        self._version: int | None = None
        self._just_signed: int | None = None
        self._last_panel: dict[int, str] = {}
        self.drafts = Drafts()
        self.acts = self._make_actions()
        self.pile = Pile()
        self.side = DeskSide(self.acts, jobs, orders)
        self.panels = Panels(handling, self)
        self.files = Files(jobs, handling, orders, self)
        self._lay_out()
        self._connect()
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self._minute_passed)
        self._minute.start()

    def _make_actions(self) -> dict[ActionId, QAction]:
        wanted = (*BAR, ActionId.SIGN, ActionId.PRINT, ActionId.EXPLAIN, ActionId.NEXT_STEP)
        made = {action: add_action(self, action, self._act) for action in wanted}
        add_action(self, ActionId.REFRESH, self.reload)
        return made

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 12, 12, 12)
        line.setSpacing(12)
        line.addWidget(self.pile, 3)
        line.addWidget(self.side, 10)
        self.setAccessibleName(self.tr("承办"))

    def _connect(self) -> None:
        self.jobs.changed.connect(self._case_changed)
        self.pile.picked.connect(self._load)
        self.pile.selected.connect(self._selected)
        self.pile.opened.connect(self._opened)
        self.pile.marked.connect(self._say_marked)
        self.side.case.failed.connect(self.failed)
        self.files.said.connect(self.said)
        self.files.failed.connect(self.failed)
        for panel in self.panels.all:
            panel.submitted.connect(self._submit)
            panel.closed.connect(self._leave_panel)
            panel.edited.connect(self._keep_draft)
        for box in self.panels.boxes:
            self.files.serve(box)
        self.panels["return"].asked.connect(self._want_units)
        self.panels["whistle"].asked.connect(self._want_units)
        self.panels["whistle"].arrival_wanted.connect(self._open_arrival)

    # Reading

    @Slot()
    def reload(self) -> None:
        """Counts, the pile in sight, and the case unless somebody is writing about it."""
        self.jobs.read(
            self, self._handling.tab_counts, self.pile.tabs.show_counts, self._failed, "counts"
        )
        self._load(self.pile.tab)
        if not self.panels.ready:
            self.panels.ready = True
            self.jobs.read(
                self, self._handling.children, self.panels.set_children, self._failed, "children"
            )
            self.jobs.read(
                self, self._handling.snippets, self.panels.set_snippets, self._failed, "snippets"
            )

    @Slot(object)
    def _load(self, tab: InboxTab) -> None:
        work = partial(self._handling.inbox, tab)
        self.jobs.read(self, work, partial(self._show_rows, tab), self._failed, "rows")

    def _show_rows(self, tab: InboxTab, rows: tuple[InboxRow, ...]) -> None:
        if tab is not self.pile.tab:
            return
        signed, self._just_signed = self._just_signed, None
        if not rows and tab is InboxTab.TO_SIGN and signed is not None:
            # The last one was signed: go on with it where it now lies.
            self._follow(InboxTab.IN_HAND, signed)
            return
        self.pile.show_rows(rows, self._wanted_row)
        self._wanted_row = None
        if not rows:
            self._show_nothing()

    _wanted_row: int | None = None

    def _follow(self, tab: InboxTab, ticket_id: int) -> None:
        self._wanted_row = ticket_id
        self.pile.tabs.choose(tab)

    def show_ticket(self, ticket_id: int, tab: InboxTab = InboxTab.IN_HAND) -> None:
        """Bring a work order to the front, from a search or a notice."""
        if self.pile.tab is tab:
            self._wanted_row = ticket_id
            self._load(tab)
        else:
            self._follow(tab, ticket_id)

    @Slot(object)
    def _selected(self, row: InboxRow | None) -> None:
        if row is None:
            return
        if self.ticket_id != row.id:
            self._put_away()
            self.side.setEnabled(False)
        self._read_desk(row.id)

    def _read_desk(self, ticket_id: int) -> None:
        work = partial(self._handling.open, ticket_id)
        self.jobs.read(self, work, self._show_desk, self._failed, "desk")

    def _show_desk(self, desk: Desk) -> None:
        self.side.setEnabled(True)
        same = self.ticket_id == desk.own.id
        if same and self.side.panel is not None:
            self._refresh_panel(desk)
            return
        self._version = desk.own.version
        self.files.ticket_id = desk.own.id
        self.side.show_desk(desk)
        again = self._last_panel.get(desk.own.id)
        if again is not None and self.drafts.find(desk.own.id, again) is not None:
            self._open_panel(again, focus=False)

    def _refresh_panel(self, desk: Desk) -> None:
        """New facts beside the fields; what was typed and the version it was typed against stay."""
        panel = self.side.panel
        self.side.show_desk(desk)
        if panel is not None:
            panel.show_desk(desk)
        if desk.own.version != self._version:
            self.side.say_stale(self.tr("这张工单刚有变动，已更新显示；您输入的内容还在。"))

    def _show_nothing(self) -> None:
        self._put_away()
        self._version = None
        self.side.setEnabled(True)
        self.side.show_desk(None)

    @property
    def ticket_id(self) -> int | None:
        """The work order at the right."""
        return self.side.desk.own.id if self.side.desk is not None else None

    # A slot of its own: an override of `take_change` stays connected after this page is gone (seen with
    # PySide6 6.11.3: the base class connects it, and the connection outlives the receiver).
    @Slot(object)
    def _case_changed(self, changed: Changed) -> None:
        """The case too, with a word when a form stands open over it."""
        mine = not changed.ids or self.ticket_id in changed.ids
        if Topic.TICKETS in changed.topics and self.ticket_id is not None and mine:
            self._read_desk(self.ticket_id)

    def offer_print(self) -> None:
        """Somebody listens to `print_wanted`: show the button."""
        self.side.prints = True
        self.side.show_actions()

    def home(self) -> QWidget:
        return self.pile.table

    @Slot()
    def _minute_passed(self) -> None:
        if self.isVisible():
            self.reload()

    # Acting

    @Slot()
    def _act(self) -> None:
        action = ActionId(self.sender().objectName())
        if action is ActionId.NEXT_STEP:
            self._next()
        else:
            self._do(action)

    @Slot(object)
    def _opened(self, _row: InboxRow) -> None:
        """Enter in the list is the blue button, but never a second one in a form."""
        if self.side.panel is None:
            self._next()

    def _next(self) -> None:
        if self.side.panel is not None:
            self._submit()
        elif len(self._to_sign) > 1:
            self._sign_many()
        elif self.side.step.action is not None:
            self._do(self.side.step.action)

    def _do(self, action: ActionId) -> None:
        desk = self.side.desk
        if desk is None:
            return
        if action is ActionId.SIGN:
            self._sign()
        elif action is ActionId.ARRIVE:
            self._write(
                "",
                partial(self._handling.arrive, desk.own.id, self._version),
                self.tr("已登记到场。"),
            )
        elif action is ActionId.PRINT:
            self.print_wanted.emit(desk.case)
        elif action is ActionId.RETURN and declines(desk):
            self._open_panel("decline")
        else:
            self._open_panel(PANEL_OF[action])

    @property
    def _to_sign(self) -> tuple[InboxRow, ...]:
        return self.pile.chosen if self.pile.tab is InboxTab.TO_SIGN else ()

    @Slot()
    def _say_marked(self) -> None:
        number = len(self._to_sign)
        if number > 1 and self.side.panel is None:
            self.side.say_next(self.tr("签收 {0} 件").format(number), True)
        else:
            self.side.show_actions()

    def _sign(self) -> None:
        if len(self._to_sign) > 1:
            self._sign_many()
            return
        desk = self.side.desk
        if desk is not None:
            self._just_signed = desk.own.id
            self._write(
                "", partial(self._handling.sign, desk.own.id, self._version), self.tr("已签收。")
            )

    def _sign_many(self) -> None:
        work = partial(self._handling.sign_many, tuple(row.id for row in self._to_sign))
        self.jobs.write(self, work, self._signed_many, self._failed)

    def _signed_many(self, result: SignedMany) -> None:
        signed = len(result.outcomes) - len(result.refused)
        if not result.refused:
            self.said.emit(self.tr("已签收 {0} 件。").format(signed), Tone.OK)
            return
        why = "；".join(f"{o.number} {o.words}" for o in result.refused[:3])
        words = self.tr("已签收 {0} 件，{1} 件未签收：{2}")
        self.said.emit(words.format(signed, len(result.refused), why), Tone.WARN)

    def _write(self, panel: str, work: Any, words: str) -> None:
        desk = self.side.desk
        if desk is None:
            return
        done = partial(self._sent, desk.own.id, panel, words)
        self.jobs.write(self, work, done, partial(self._refused, desk.own.id, panel))

    def _sent(self, ticket_id: int, panel: str, words: str, _changed: Changed) -> None:
        self.said.emit(words, Tone.OK)
        self.drafts.drop(ticket_id, panel)
        self._last_panel.pop(ticket_id, None)
        self.pile.show_drafts(self.drafts.tickets)
        if self.ticket_id == ticket_id:
            self._waiting(False)
            if self.side.panel is not None and self.side.panel.name == panel:
                self.side.close_panel()
                self.pile.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._read_desk(ticket_id)

    def _refused(self, ticket_id: int, panel: str, error: Exception) -> None:
        self._just_signed = None
        shown = self.side.panel
        if self.ticket_id != ticket_id or shown is None or shown.name != panel:
            self._failed(error)
        else:
            self._waiting(False)
            if shown.show_error(error) is not None:
                self.jobs.unhandled.emit(error)
        if isinstance(error, Conflict) and self.ticket_id == ticket_id:
            # Shown and said: the next press goes against what is there now.
            self._version = None
            work = partial(self._handling.open, ticket_id)
            self.jobs.read(self, work, self._caught_up, self._failed, "desk")

    def _caught_up(self, desk: Desk) -> None:
        if self.ticket_id == desk.own.id:
            self._version = desk.own.version
            self._show_desk(desk)

    def _failed(self, error: Exception) -> None:
        self.side.setEnabled(True)
        if isinstance(error, UserError):
            self.failed.emit(error)
        else:
            self.jobs.unhandled.emit(error)

    # Panels

    def _open_panel(self, name: str, focus: bool = True) -> None:
        desk, panel = self.side.desk, self.panels[name]
        if desk is None:
            return
        if self.side.panel is not panel:
            self._put_away()
            panel.begin(desk, self.drafts.find(desk.own.id, name))
            self.side.open_panel(panel)
            self._last_panel[desk.own.id] = name
        if name == "explain":
            work = partial(self._handling.explain, desk.own.id)
            self.jobs.read(
                self, work, partial(self.panels.explain, desk.own.number), self._failed, "explain"
            )
        first = panel.first_field()
        if focus and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _open_arrival(self) -> None:
        self._open_panel("arrival")

    @Slot()
    def _leave_panel(self) -> None:
        """Esc: the form goes, its words stay."""
        if self.ticket_id is not None:
            self._put_away()
            self._last_panel.pop(self.ticket_id, None)
            self._read_desk(self.ticket_id)
        self.pile.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_away(self) -> None:
        self._keep_draft()
        self.side.close_panel()

    @Slot()
    def _keep_draft(self) -> None:
        panel, ticket_id = self.side.panel, self.ticket_id
        if panel is None or ticket_id is None:
            return
        self.drafts.keep(ticket_id, panel.name, None if panel.is_empty else panel.values())
        self.pile.show_drafts(self.drafts.tickets)

    @Slot()
    def _submit(self) -> None:
        panel, ticket_id = self.side.panel, self.ticket_id
        if panel is None or ticket_id is None or not self.acts[ActionId.NEXT_STEP].isEnabled():
            return
        self._keep_draft()
        panel.clear_errors()
        work, words = self.panels.work(panel, ticket_id, self._version)
        if work is not None:
            self._waiting(True)
            self._write(panel.name, work, words)

    def _waiting(self, on: bool) -> None:
        """Between the key and the answer no second press; typing goes on."""
        if on:
            self.acts[ActionId.NEXT_STEP].setEnabled(False)
        else:
            self.side.show_actions()

    @Slot(str)
    def _want_units(self, text: str) -> None:
        work = partial(self._handling.units, text)
        self.jobs.read(self, work, partial(self.panels.show_units, text), self._failed, "units")
