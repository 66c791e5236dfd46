"""Starts the small tasks of a call and hands their answers on to the service."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot

from console.domain.errors import Unavailable, UserError
from console.domain.intake import CallerCard, DeadlinePreview, KnowledgeCard
from console.domain.promises import Promised
from console.domain.tallies import CampaignChoice
from console.domain.worktime import moment_words
from console.jobs import Jobs
from console.theme import Tone
from console.views.intake.assist_column import AssistColumn
from console.views.intake.filing import Filing
from console.views.intake.record_form import RecordForm
from console.views.intake.services import IntakeDesk
from console.views.intake.tasks import (
    HARASSMENT_REASONS,
    REVEAL_REASONS,
    Answered,
    AnswerTask,
    DeadlineTask,
    Emergency,
    EmergencyTask,
    PromiseTask,
    ReasonTask,
    Rejected,
    RejectTask,
    TagTask,
    Task,
)


class TaskDesk(QObject):
    """`said(words, tone)`, `revealed()` when the full number may be shown, `harassed()`, `troubled(error)`."""

    said = Signal(str, object)
    revealed = Signal()
    harassed = Signal()
    troubled = Signal(object)

    def __init__(
        self, jobs: Jobs, desk: IntakeDesk, form: RecordForm, assist: AssistColumn, filing: Filing
    ) -> None:
        super().__init__(form)
        self._jobs, self._desk, self._form = jobs, desk, form
        self._assist, self._filing = assist, filing
        self.preview = DeadlinePreview("", ())
        self.caller: CallerCard | None = None
        self._choices: tuple = ()

    @Slot()
    def answer(self) -> None:
        """F4, with the knowledge answer that has the focus, if one has."""
        self.answer_with(self._assist.answers.current if self._assist.answers.has_focus else None)

    @Slot(object)
    def answer_with(self, cited: KnowledgeCard | None) -> None:
        under_way = self._assist.task
        if cited is None and isinstance(under_way, AnswerTask):
            # What was typed or cited stays.
            under_way.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        task = AnswerTask(cited)
        task.done.connect(self._answered)
        if cited is not None:
            self._form.put_inquiry(cited.title)
        self._start(task)

    @Slot()
    def emergency(self) -> None:
        """F9."""
        task = EmergencyTask(self._assist.emergency.line)
        task.done.connect(self._handed_over)
        self._start(task)

    @Slot()
    def reject(self) -> None:
        self._jobs.read(
            self, partial(_both, self._desk), self._choices_came, self.troubled.emit, key="choices"
        )

    @Slot()
    def harassment(self) -> None:
        if self.caller is None or self.caller.call_id is None:
            self.said.emit(self.tr("没有可标记的来电。"), Tone.ACCENT)
            return
        hint = self.tr(
            "这次来电记为骚扰，并申请标记此号码，由值班长批准；此号码再来电仍会响铃，涉及险情照常受理。"
        )
        task = ReasonTask(
            self.tr("标为骚扰电话"), self.tr("标为骚扰"), HARASSMENT_REASONS, hint, danger=True
        )
        task.done.connect(self._harassment)
        self._start(task)

    @Slot()
    def reveal(self) -> None:
        """Ctrl+R: a full number is shown for a reason, and the reason is logged (product.md 8)."""
        if self.caller is None:
            self.said.emit(self.tr("没有来电号码可显示。"), Tone.ACCENT)
            return
        hint = self.tr("查看人、时间、理由与工作站会记入日志。")
        task = ReasonTask(self.tr("显示完整号码"), self.tr("显示"), REVEAL_REASONS, hint)
        task.done.connect(self._reveal)
        self._start(task)

    @Slot()
    def promise(self) -> None:
        noted = (
            moment_words(datetime.fromisoformat(due)) + " 前：" + what
            for what, due in self._form.ids.promises
        )
        task = PromiseTask(tuple(noted))
        task.done.connect(self._promised)
        self._start(task)

    @Slot()
    def tag(self) -> None:
        work = partial(self._desk.campaigns, self._form.form().content)
        self._jobs.read(self, work, self._campaigns_came, self.troubled.emit, key="campaigns")

    def _campaigns_came(self, offered: Sequence[CampaignChoice]) -> None:
        chosen = self._form.ids.campaigns
        if chosen is not None:
            offered = [replace(choice, chosen=choice.code in chosen) for choice in offered]
        task = TagTask(offered)
        task.done.connect(self._tagged)
        self._start(task)

    @Slot(object)
    def _tagged(self, codes: tuple[str, ...]) -> None:
        self._form.set_ids(campaigns=codes)
        self._form.changed.emit("campaigns")
        self._put_away()
        self.said.emit(self.tr("专项活动已选 {0} 项").format(len(codes)), Tone.OK)

    @Slot()
    def explain(self) -> None:
        """Ctrl+L, again to put it away."""
        if isinstance(self._assist.task, DeadlineTask):
            self._assist.task.put_away.emit()
        elif not self.preview.lines:
            self.said.emit(self.tr("先选性质，才有时限可说明。"), Tone.ACCENT)
        else:
            task = DeadlineTask(self.preview)
            task.done.connect(self._put_away)
            self._start(task)

    def refuse(self, error: UserError) -> bool:
        """Show a fault beside a field of the task under way; False when it is not the task's."""
        task = self._assist.task
        return task is not None and task.fail(error)

    def _start(self, task: Task) -> None:
        self._assist.start_task(task)

    @Slot(object)
    def _answered(self, answer: Answered) -> None:
        self._filing.file(self._desk.answer, "answered", answer.text, answer.knowledge_id)

    @Slot(object)
    def _handed_over(self, answer: Emergency) -> None:
        self._filing.file(
            self._desk.hand_to_police,
            "handed over",
            answer.service,
            answer.receiver_no,
            answer.three_way,
        )

    def _choices_came(self, found: tuple) -> None:
        task = RejectTask(*found)
        task.done.connect(self._rejected)
        self._start(task)

    @Slot(object)
    def _rejected(self, answer: Rejected) -> None:
        self._filing.file(
            self._desk.reject, "rejected", answer.reason_code, answer.told, answer.confirmed_by
        )

    @Slot(object)
    def _harassment(self, reason: str) -> None:
        if self.caller is not None and self.caller.call_id is not None:
            self._jobs.write(
                self,
                partial(self._desk.harassment, self.caller.call_id, reason),
                self._harassed,
                self._failed,
            )

    def _harassed(self, _changed: object) -> None:
        self._assist.end_task()
        self.harassed.emit()

    @Slot(object)
    def _reveal(self, reason: str) -> None:
        person = self._form.ids.person_id
        if person is None and self.caller is not None and self.caller.residents:
            person = self.caller.residents[0].person_id
        if person is None:
            self._reveal_number(reason)
            return
        self._jobs.write(
            self, partial(self._desk.full_person, person, reason), self._revealed, self._failed
        )

    def _reveal_number(self, reason: str) -> None:
        """Nobody registered on it: whose number it is may be seen for a reason all the same."""
        if self.caller is None or self.caller.call_id is None:
            # Typed by the operator's own hand: there is nothing to reveal.
            self._revealed(None)
            return
        work = partial(self._desk.reveal_number, self.caller.call_id, reason)
        self._jobs.write(self, work, self._revealed, self._failed)

    def _revealed(self, _person: object) -> None:
        self._assist.end_task()
        self.revealed.emit()

    @Slot(object)
    def _promised(self, promised: Promised) -> None:
        said = (promised.what, promised.due.isoformat())
        self._form.set_ids(promises=(*self._form.ids.promises, said))
        # Kept with the form from now on: in the journal, in the outbox, with the record.
        self._form.changed.emit("promises")
        self._put_away()
        self.said.emit(self.tr("承诺已记下：{0}").format(promised.words), Tone.OK)

    @Slot()
    def _put_away(self, *_nothing: object) -> None:
        if self._assist.task is not None:
            self._assist.task.put_away.emit()

    def _failed(self, error: Exception) -> None:
        if (
            not isinstance(error, UserError)
            or isinstance(error, Unavailable)
            or not self.refuse(error)
        ):
            self.troubled.emit(error)


def _both(desk: IntakeDesk) -> tuple:
    return tuple(desk.rejection_reasons()), tuple(desk.supervisors())
