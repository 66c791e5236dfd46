"""What the keys do on the unit's page: signing, forms, and what comes back from the service."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction

from console.actions import ActionId
from console.domain.changes import Changed
from console.domain.court import Grounds
from console.domain.errors import Conflict, UserError
from console.domain.inbox import SHARELESS, Desk, Duty, InboxRow, InboxTab, SignedMany
from console.domain.states import AssignmentState
from console.theme import Tone
from console.views.inbox.desk_side import PANEL_OF, DeskSide
from console.views.inbox.drafts import Drafts
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.panels import Panels
from console.views.inbox.piles import Pile
from console.views.inbox.reports import Reports
from console.views.inbox.services import Beside, HandlingDesk
from console.views.inbox.steps import declines, withdraws
from console.views.parts.page import Page


class Acting(Page):
    """The half of the page that writes. `print_wanted(CaseFile)` after `offer_print()`."""

    print_wanted = Signal(object)

    acts: dict[ActionId, QAction]
    drafts: Drafts
    panels: Panels
    pile: Pile
    reports: Reports | None
    side: DeskSide
    _beside: Beside
    _handling: HandlingDesk
    _down: tuple[int | None, InboxTab] = (None, InboxTab.IN_HAND)
    # What was just done may take the work order out of its pile: the next one comes in its place.
    _going_on = False
    # On the way into another pile: the case in sight is not the one that comes.
    _following = False
    _just_signed: int | None
    _last_panel: dict[int, str]
    _version: int | None

    @property
    def ticket_id(self) -> int | None:
        """The work order at the right."""
        return self.side.desk.own.id if self.side.desk is not None else None

    def _read_desk(self, ticket_id: int) -> None:
        raise NotImplementedError

    def show_ticket(self, ticket_id: int, tab: InboxTab = InboxTab.IN_HAND) -> None:
        raise NotImplementedError

    def _show_desk(self, desk: Desk) -> None:
        raise NotImplementedError

    def _catch_up(self) -> None:
        raise NotImplementedError

    @Slot()
    def _act(self) -> None:
        action = ActionId(self.sender().objectName())
        if action is ActionId.NEXT_STEP:
            self._next()
        elif action is ActionId.REPORT_MATTER:
            self._begin_report()
        elif action is ActionId.ATTACH and self._open_evidence is not None:
            self._open_evidence.pick_missing()
        elif not self.side.reporting:
            self._do(action)

    @property
    def _open_evidence(self) -> EvidenceBox | None:
        """Where pictures go in the form that is open, the report from the grid among them."""
        if self.side.reporting and self.reports is not None:
            return self.reports.panel.evidence
        return getattr(self.side.panel, "evidence", None)

    @Slot(object)
    def _opened(self, _row: InboxRow) -> None:
        """Enter in the list is the blue button, but never a second one in a form."""
        if self.side.panel is None and not self.side.reporting:
            self._next()

    def _begin_report(self) -> None:
        if self.reports is not None:
            self._keep_draft()
            self.reports.begin()

    def _next(self) -> None:
        if self.side.reporting and self.reports is not None:
            self.reports.send()
        elif self.side.panel is not None:
            self._submit()
        elif len(self._to_sign) > 1:
            self._sign_many()
        elif self._still_opening():
            pass
        elif self.side.step.action is not None:
            self._do(self.side.step.action)
        elif self.side.step.panel == "read_copy":
            self._read_copy()
        elif self.side.step.panel:
            self._open_panel(self.side.step.panel)

    def _read_copy(self) -> None:
        desk = self.side.desk
        if desk is not None:
            self._write("", partial(self._handling.read_copy, desk.own.id), self.tr("已阅知。"))

    def _still_opening(self) -> bool:
        """Said: what is in sight is the case before, and no key is meant for that one."""
        opening = not self.side.isEnabled()
        if opening:
            self.said.emit(self.tr("正在打开这一件，请稍候再按。"), Tone.ACCENT)
        return opening

    def _do(self, action: ActionId) -> None:
        desk = self.side.desk
        if action is ActionId.SIGN and len(self._to_sign) > 1:
            self._sign_many()
        elif desk is None or self._still_opening():
            return
        elif action is ActionId.SIGN:
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
        elif action is ActionId.RETURN and withdraws(desk):
            self._open_panel("undo_return")
        else:
            self._open_panel(PANEL_OF[action])

    @property
    def _to_sign(self) -> tuple[InboxRow, ...]:
        return self.pile.chosen if self.pile.tab is InboxTab.TO_SIGN else ()

    @Slot()
    def _say_marked(self) -> None:
        if (number := len(self._to_sign)) > 1 and self.side.panel is None:
            self.side.say_next(self.tr("签收 {0} 件").format(number), True)
        else:
            self.side.show_actions()

    def _sign(self) -> None:
        desk = self.side.desk
        if desk is not None:
            self._just_signed = desk.own.id
            self._write(
                "", partial(self._handling.sign, desk.own.id, self._version), self.tr("已签收。")
            )

    def _sign_many(self) -> None:
        rows = self._to_sign
        self._just_signed, self._going_on = rows[0].id, True
        work = partial(self._handling.sign_many, tuple(row.id for row in rows))
        done = partial(self._signed_many, rows[0].id)
        self.jobs.write(self, work, done, self._not_signed)

    def _not_signed(self, error: Exception) -> None:
        self._just_signed, self._going_on = None, False
        self._failed(error)

    def _signed_many(self, first: int, result: SignedMany) -> None:
        signed = len(result.outcomes) - len(result.refused)
        if not result.refused:
            words = self.tr("已签收 {0} 件，都在“办理中”，按 F8 登记联系。").format(signed)
            self.said.emit(words, Tone.OK)
            if self.pile.tab is InboxTab.TO_SIGN:
                # A list read between two of them has been shown: this one is read after the last.
                self._just_signed, self._going_on = first, True
                self.reload()
            return
        self._just_signed = None
        why = "；".join(f"{o.number} {o.words}" for o in result.refused[:3])
        words = self.tr("已签收 {0} 件，{1} 件未签收：{2}").format(signed, len(result.refused), why)
        self.said.emit(words, Tone.WARN)

    def _write(self, panel: str, work: Any, words: str) -> None:
        desk = self.side.desk
        if desk is None:
            return
        self._going_on = True
        done = partial(self._sent, desk.own.id, panel, words)
        self.jobs.write(self, work, done, partial(self._refused, desk.own.id, panel))

    def _sent(self, ticket_id: int, panel: str, words: str, _changed: Changed) -> None:
        seconds = self._handling.rules().undo_seconds
        if panel == "return":
            # Ten seconds to think again; later Ctrl+B takes it back as long as nobody has decided.
            self.undo_offered.emit(words, self.tr("撤回退单申请"), ticket_id, seconds)
        elif panel == "sub_dispatch":
            # Out of sight in another pile by now: the wrong community is one key to mend.
            self.undo_offered.emit(words, self.tr("收回下派"), (ticket_id, *self._down), seconds)
        else:
            self.said.emit(words, Tone.OK)
        self.drafts.drop(ticket_id, panel)
        self._last_panel.pop(ticket_id, None)
        self.pile.show_drafts(self.drafts.tickets)
        if self.ticket_id == ticket_id:
            self._waiting(False)
            if self.side.panel is not None and self.side.panel.name == panel:
                self.side.close_panel()
                self.pile.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self._catch_up()
            self._read_desk(ticket_id)

    @Slot(object)
    def undo(self, subject: object) -> None:
        """Take back a return that was just asked for, or what was just passed down."""
        if isinstance(subject, tuple):
            ticket_id, unit_id, tab = subject
            reason = self.tr("下派有误，即时收回")
            work = partial(self._handling.take_back, ticket_id, reason, None, unit_id)
            words = self.tr("已收回下派，仍由本单位办理。")
            done = partial(self._taken_back, ticket_id, tab, words)
            self.jobs.write(self, work, done, self._failed)
        elif isinstance(subject, int):
            work = partial(self._handling.undo_return, subject)
            words = self.tr("已撤回退单申请，由本单位继续承办。")
            self.jobs.write(self, work, partial(self._undone, subject, words), self._failed)

    def _taken_back(self, ticket_id: int, tab: InboxTab, words: str, _changed: Changed) -> None:
        self.said.emit(words, Tone.OK)
        self.show_ticket(ticket_id, tab)

    def _undone(self, ticket_id: int, words: str, _changed: Changed) -> None:
        self.said.emit(words, Tone.OK)
        if self.ticket_id == ticket_id:
            self._read_desk(ticket_id)

    def _refused(self, ticket_id: int, panel: str, error: Exception) -> None:
        self._just_signed, self._going_on = None, False
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
            work = self._opening(ticket_id)
            self.jobs.read(self, work, self._caught_up, self._failed, "desk")

    def _opening(self, ticket_id: int) -> Any:
        """How the case at the right is read: with a share, to be verified, or to be read only."""
        desk = self.side.desk
        shareless = desk is not None and desk.own.share_state is None
        tab = self.pile.tab if desk is None or desk.own.id != ticket_id else None
        if tab is None:
            tab = InboxTab.TO_VERIFY if shareless and desk.own.duty is Duty.VERIFY else None
            tab = tab or (InboxTab.COPIES if shareless else InboxTab.IN_HAND)
        if tab is InboxTab.TO_VERIFY and self._beside.verifying is not None:
            return partial(self._beside.verifying.open, ticket_id)
        read = self._handling.open_other if tab in SHARELESS else self._handling.open
        return partial(read, ticket_id)

    def _caught_up(self, desk: Desk) -> None:
        if self.ticket_id == desk.own.id:
            self._version = desk.own.version
            self._show_desk(desk)

    def _failed(self, error: Exception) -> None:
        self._following = False
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
        if name == "promise":
            self._show_promises()
        if name == "return":
            self._show_grounds(desk.own.id)
        first = panel.first_field()
        if focus and first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_promises(self) -> None:
        desk, form = self.side.desk, self.panels["promise"]
        if desk is not None and self._beside.promises is not None:
            form.show_promises(())
            work = partial(self._beside.promises.of, desk.own.id)
            self.jobs.read(self, work, form.show_promises, self._failed, "promises")

    def _show_grounds(self, ticket_id: int) -> None:
        form = self.panels["return"]
        form.show_grounds(Grounds(()))
        if self._beside.deciding is not None:
            work = partial(self._beside.deciding.bases, ticket_id)
            self.jobs.read(self, work, form.show_grounds, self._failed, "grounds")

    @Slot(int)
    def _keep_promise(self, promise_id: int) -> None:
        if self._beside.promises is not None:
            work = partial(self._beside.promises.keep, promise_id)
            self.jobs.write(self, work, self._promise_kept, self._failed)

    def _promise_kept(self, _changed: Changed) -> None:
        self.said.emit(self.tr("已登记兑现。"), Tone.OK)
        self._show_promises()

    @Slot()
    def _open_arrival(self) -> None:
        self._open_panel("arrival")

    @Slot()
    def _leave_panel(self) -> None:
        """Esc: the form goes, its words stay."""
        if self.ticket_id is not None:
            self._put_away()
            self._last_panel.pop(self.ticket_id, None)
            self._catch_up()
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
            self._note_down(panel)
            self._write(panel.name, work, words)

    def _note_down(self, panel: FormPanel) -> None:
        """What Ctrl+Z would take back, and where the work order lies then: others may have it from us too."""
        desk = self.side.desk
        if panel.name == "sub_dispatch" and desk is not None:
            unit = panel.values().unit
            down = desk.own.share_state is AssignmentState.PASSED_DOWN
            tab = InboxTab.PASSED_DOWN if down else InboxTab.IN_HAND
            self._down = (unit.id if unit is not None else None, tab)

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
