"""What came of a record: said in one sentence with its number, undone within ten seconds, a fresh form."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from console.domain.errors import UserError
from console.domain.intake import IntakeForm, Registered
from console.theme import Tone
from console.views.intake.filing import Filed, Undo
from console.views.intake.record_form import fresh
from console.views.parts.clock import SHANGHAI, grouped_number

if TYPE_CHECKING:
    from console.views.intake.page import IntakePage

_OPEN = "intake open "


class Outcome(QObject):
    """Listens to filing and outbox; talks to the message strip through the page's signals."""

    def __init__(self, page: "IntakePage") -> None:
        super().__init__(page)
        self._page = page
        page.filing.filed.connect(self._filed)
        page.filing.stored.connect(self._stored)
        page.filing.refused.connect(self._refused)
        page.filing.busy.connect(self._busy)
        page.filing.undone.connect(self._undone)
        page.outbox.sent.connect(self._sent)
        page.outbox.refused.connect(self._sent_back)
        page.tasks.troubled.connect(self.say_trouble)
        page.tasks.revealed.connect(self._revealed)
        page.tasks.harassed.connect(self._harassed)
        page.lookups.troubled.connect(self.say_trouble)
        page.journal.kept.connect(self._kept)
        page.journal.troubled.connect(self.say_trouble)

    def undo(self, subject: object) -> None:
        """Ctrl+Z in time: the dispatch is taken back and the form returns."""
        if isinstance(subject, Undo):
            self._page.filing.undo(subject)

    def take_step(self, step: str) -> None:
        if step.startswith(_OPEN):
            self._page.open_ticket.emit(int(step.removeprefix(_OPEN)))

    def say_trouble(self, error: Exception) -> None:
        """A sentence for the operator; a defect goes to the fault log."""
        if isinstance(error, UserError):
            self._page.failed.emit(error)
        else:
            self._page.jobs.unhandled.emit(error)

    @Slot(object)
    def _filed(self, filed: Filed) -> None:
        page, registered = self._page, filed.registered
        left_over = self._left_over(filed.form)
        page.matter.begin(page.calls.talking)
        if left_over is not None:
            page.matter.bring_back(left_over)
        else:
            page.matter.ask_caller_again()
            page.record.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(filed, self._page.tr("途中的改动没有算进去，还在表单里") if left_over else "")
        page.begin_count()
        page.registered.emit(registered)

    def _left_over(self, sent: IntakeForm) -> IntakeForm | None:
        """What was typed while the record was on its way is not in it: it stays on the desk under a key of its own."""
        now = replace(self._page.record.form(), screen=())
        if now == replace(sent, screen=()):
            return None
        return replace(self._page.record.form(), key=fresh().key)

    def _say(self, filed: Filed, besides: str) -> None:
        page, registered = self._page, filed.registered
        words = "　".join(filter(None, (self._sentence(filed), besides)))
        seconds = _seconds_left(registered)
        if filed.how == "dispatched" and seconds > 0:
            page.undo_offered.emit(
                words, page.tr("撤销派单"), Undo(registered.ticket_id, filed.form), seconds
            )
        else:
            page.step_offered.emit(
                words, Tone.OK, page.tr("查看"), f"{_OPEN}{registered.ticket_id}"
            )

    def _sentence(self, filed: Filed) -> str:
        page, registered = self._page, filed.registered
        told = {
            "dispatched": page.tr("已派给{0}").format(registered.unit)
            if registered.unit
            else page.tr("已登记，待派单"),
            "submitted": page.tr("已登记，待派单"),
            "answered": page.tr("已直接答复"),
            "joined": page.tr("已并入同一事项"),
            "rejected": page.tr("已登记为不予受理"),
            "handed over": page.tr("已登记转接"),
            "saved": page.tr("已存为暂存单"),
        }[filed.how]
        code = (
            page.tr("查询码 {0}").format(registered.lookup_code) if registered.lookup_code else ""
        )
        # The code is what is read to the caller: it must not be what a narrow window cuts off.
        return "　".join(filter(None, (told, code, grouped_number(registered.number))))

    @Slot(object)
    def _stored(self, form: IntakeForm) -> None:
        page = self._page
        page.matter.begin(page.calls.talking)
        page.record.name.setFocus(Qt.FocusReason.OtherFocusReason)
        number = page.tr("编号 {0}　").format(grouped_number(form.number)) if form.number else ""
        page.said.emit(
            page.tr("数据库暂时连不上。{0}已存在本机待上传，恢复后自动上传一次。").format(number),
            Tone.WARN,
        )

    @Slot(object)
    def _refused(self, error: UserError) -> None:
        if not isinstance(error, UserError) or not self._page.tasks.refuse(error):
            self.say_trouble(error)

    @Slot(bool)
    def _busy(self, busy: bool) -> None:
        for action in self._page.made.values():
            if action.objectName() in ("submit", "submit_only", "save_draft"):
                action.setEnabled(not busy)

    @Slot(object)
    def _undone(self, form: IntakeForm) -> None:
        self._page.matter.park()
        self._page.matter.bring_back(form)
        self._page.said.emit(self._page.tr("派单已撤回，内容都还在，改好再派。"), Tone.OK)

    @Slot(object)
    def _sent(self, registered: Registered) -> None:
        words = self._page.tr("待上传的记录已上传　{0}").format(grouped_number(registered.number))
        self._page.step_offered.emit(
            words, Tone.OK, self._page.tr("查看"), f"{_OPEN}{registered.ticket_id}"
        )
        self._page.registered.emit(registered)

    @Slot(object, object)
    def _sent_back(self, form: IntakeForm, error: UserError) -> None:
        """The server, back again, finds the form wrong: it comes to the desk, or waits if the desk is in use."""
        page = self._page
        if page.record.form().blank:
            page.matter.bring_back(form)
            page.record.fields.show_errors(error)
        else:
            page.journal.keep(form)
        self.say_trouble(error)

    @Slot()
    def _revealed(self) -> None:
        page = self._page
        if page.tasks.caller is not None:
            page.callers.show_full_number(page.tasks.caller.full_phone)
        page.matter.go_back()

    @Slot()
    def _harassed(self) -> None:
        page = self._page
        page.calls.end("harassment")
        page.matter.call_over()
        page.said.emit(page.tr("已标为骚扰电话，并申请标记此号码，由值班长批准。"), Tone.OK)

    @Slot()
    def _kept(self) -> None:
        self._page.noted.emit(
            self._page.tr("草稿已保存 {0}").format(f"{datetime.now(SHANGHAI):%H:%M:%S}")
        )


def _seconds_left(registered: Registered) -> int:
    if registered.undo_until is None:
        return 0
    return min(10, round((registered.undo_until - datetime.now(UTC)).total_seconds()))
