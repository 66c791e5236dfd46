"""承办: the unit's piles at the left, the case and its forms at the right, everything by keyboard."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.errors import NotFound
from console.domain.inbox import Desk, InboxRow, InboxTab
from console.domain.reporting import Reported
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.last_deed import last_deed
from console.views.inbox.acting import Acting
from console.views.inbox.desk_side import BAR, DeskSide
from console.views.inbox.drafts import Drafts
from console.views.inbox.files import Files
from console.views.inbox.panels import Panels
from console.views.inbox.piles import Pile
from console.views.inbox.reports import Reports
from console.views.inbox.services import Beside, HandlingDesk
from console.views.inbox.steps import why_not

MINUTE = 60_000


class InboxPage(Acting):
    """The half of the page that reads. `beside`: what else this operator's desk can do."""

    def __init__(
        self,
        jobs: Jobs,
        handling: HandlingDesk,
        orders: object = None,
        parent: QWidget | None = None,
        beside: Beside | None = None,
    ) -> None:
        super().__init__(jobs, parent)
        self._handling, self._beside = handling, beside or Beside()
        self._version: int | None = None
        self._just_signed: int | None = None
        self._last_panel: dict[int, str] = {}
        self.drafts = Drafts()
        self.acts = self._make_actions()
        rules = handling.rules()
        verifies = self._beside.verifying is not None
        tabs = [t for t in rules.tabs if t is not InboxTab.TO_VERIFY or verifies]
        self.pile = Pile(tabs, self.acts.get(ActionId.REPORT_MATTER))
        self.side = DeskSide(self.acts, jobs, orders)
        self.side.never = self._never()
        self.panels = Panels(handling, self, self._beside)
        self.files = Files(jobs, handling, orders, self)
        self.reports = None
        if self._beside.reporting is not None and rules.reports:
            self.reports = Reports(jobs, self._beside.reporting, self)
            self.reports.panel.set_least(rules.length_min)
        self._lay_out()
        self._connect()
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self._minute_passed)
        self._minute.start()

    def _make_actions(self) -> dict[ActionId, QAction]:
        wanted = [*BAR, ActionId.SIGN, ActionId.PRINT, ActionId.EXPLAIN, ActionId.NEXT_STEP]
        if self._beside.reporting is not None and self._handling.rules().reports:
            wanted.append(ActionId.REPORT_MATTER)
        made = {action: add_action(self, action, self._act) for action in wanted}
        add_action(self, ActionId.REFRESH, self.reload)
        add_action(self, ActionId.NEXT_PILE, self._next_pile)
        return made

    def _never(self) -> frozenset[ActionId]:
        needs = {
            ActionId.PROMISE: self._beside.promises,
            ActionId.FEEDBACK: self._beside.supervising,
        }
        return frozenset(action for action, service in needs.items() if service is None)

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
        self.files.serve(self.panels.verifying.evidence, self._beside.verifying)
        self.files.serve(self.panels.verifying.claimed)
        self.panels["return"].asked.connect(self._want_units)
        self.panels["notify"].asked.connect(self._want_units)
        self.panels["promise"].kept.connect(self._keep_promise)
        self.panels["mediate"].dispute_wanted.connect(self._mark_dispute)
        if self.reports is not None:
            self.reports.said.connect(self.said)
            self.reports.failed.connect(self.failed)
            self.reports.changed.connect(self._show_report)
            self.reports.done.connect(self._reported)
        self.panels["whistle"].asked.connect(self._want_units)
        self.panels["whistle"].arrival_wanted.connect(self._open_arrival)

    # Reading

    @Slot()
    def reload(self) -> None:
        """Counts, the pile in sight, and the case unless somebody is writing about it."""
        self.jobs.read(
            self, self._handling.tab_counts, self.pile.tabs.show_counts, self._failed, "counts"
        )
        if InboxTab.TO_VERIFY in self.pile.tabs.tabs and self._beside.verifying is not None:
            work = self._beside.verifying.count
            self.jobs.read(self, work, self._show_verify_count, self._failed, "to verify")
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
        if tab is InboxTab.TO_VERIFY and self._beside.verifying is not None:
            work = self._beside.verifying.queue
        self.jobs.read(self, work, partial(self._show_rows, tab), self._failed, "rows")

    def _show_verify_count(self, number: int) -> None:
        self.pile.tabs.show_counts({InboxTab.TO_VERIFY: number})

    @Slot()
    def _show_report(self) -> None:
        """The report opens over the case, or gives it back."""
        if self.reports is None:
            return
        was = self.side.reporting
        self.side.show_report(
            self.reports.panel if self.reports.open else None, self.reports.sending
        )
        if was and not self.reports.open:
            self._catch_up()
            self.pile.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _reported(self, reported: Reported) -> None:
        self.show_ticket(reported.ticket_id, InboxTab.REPORTED)

    def _show_rows(self, tab: InboxTab, rows: tuple[InboxRow, ...]) -> None:
        if tab is not self.pile.tab:
            return
        signed = self._just_signed
        # A list read before the signing was stored says nothing of what comes after it.
        before = tab is InboxTab.TO_SIGN and any(row.id == signed for row in rows)
        self._just_signed = signed if before else None
        self._following = False
        self.side.setEnabled(True)
        if not rows and tab is InboxTab.TO_SIGN and signed is not None:
            # The last one was signed: go on with it where it now lies.
            self._follow(InboxTab.IN_HAND, signed)
            return
        # Somebody else took it away: nothing comes in its place under the next key.
        go_on = self._going_on or self.ticket_id is None or tab is not self._listed
        self.pile.show_rows(rows, self._wanted_row, go_on)
        self._wanted_row, self._listed = None, tab
        self._going_on = self._going_on and before
        if not rows and self.side.panel is None:
            self._show_nothing()

    _wanted_row: int | None = None
    _listed: InboxTab | None = None

    def holds_back(self) -> bool:
        """The pile does not move under a form."""
        return self.side.panel is not None or self.side.reporting

    @Slot()
    def _catch_up(self) -> None:
        if self._stale and self.isVisible() and not self.holds_back():
            self._stale = False
            self.reload()

    @Slot()
    def _next_pile(self) -> None:
        """Ctrl+Tab, as at the dispatch desk; a report that is being written stays."""
        if not self.side.reporting:
            self.pile.tabs.choose_next()
            self.pile.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self, tab: InboxTab, ticket_id: int) -> None:
        self._wanted_row, self._following = ticket_id, True
        self.side.setEnabled(False)
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
        lost = partial(self._lost, ticket_id)
        self.jobs.read(self, self._opening(ticket_id), self._show_desk, lost, "desk")

    def _lost(self, ticket_id: int, error: Exception) -> None:
        """Verified, read or given up, it is out of our sight: the pile goes on with the next one."""
        shown, current = self.ticket_id, self.pile.current
        if not isinstance(error, NotFound):
            self._failed(error)
        elif shown == ticket_id:
            self._show_nothing()
        elif current is not None and current.id == ticket_id:
            self._failed(error)

    def _show_desk(self, desk: Desk) -> None:
        self.side.setEnabled(not self._following)
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
            words = self.tr("{0}，已更新显示；您输入的内容还在。")
            self.side.say_stale(words.format(last_deed(desk.case)))

    def _show_nothing(self) -> None:
        self._put_away()
        self._version = None
        self.side.setEnabled(True)
        self.side.show_desk(None)

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

    def why_not(self, action: QAction) -> str:
        if self.side.reporting:
            return self.tr("正在写上报事项：先按 F8 交，或按 Esc 收起")
        words = self.side.buttons.get(ActionId(action.objectName()))
        name = words.text() if words is not None else action.text()
        return why_not(self.side.desk, ActionId(action.objectName()), name)

    @Slot(bool)
    def _mark_dispute(self, dispute: bool) -> None:
        desk = self.side.desk
        if desk is not None:
            work = partial(self._handling.mark_dispute, desk.own.id, dispute)
            words = self.tr("已标为矛盾件。") if dispute else self.tr("已取消矛盾件标记。")
            self.jobs.write(self, work, partial(self._marked, words), self._failed)

    def _marked(self, words: str, _changed: Changed) -> None:
        self.said.emit(words, Tone.OK)

    @Slot()
    def _minute_passed(self) -> None:
        if self.isVisible() and not self.holds_back():
            self.reload()
