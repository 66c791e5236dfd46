"""What is done with the entry in sight: an opinion, a review, what needs a reason; and sending it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from console.domain.changes import Changed
from console.domain.errors import Conflict, NotAllowed, NotFound, UserError
from console.domain.knowledge import Deed, EntryFile, Opinion
from console.jobs import Jobs
from console.theme import Tone
from console.views.knowledge.entry_card import EntryCard
from console.views.knowledge.reason import ReasonBox
from console.views.knowledge.services import KnowledgeDesk

Refused = Callable[[Exception], None]
Done = Callable[[Changed], None]


class Doing(QObject):
    """`said(sentence, tone)`, `failed(error)`; `moved(again)` whenever what may be pressed changes."""

    said = Signal(str, object)
    failed = Signal(object)
    moved = Signal(bool)

    def __init__(self, jobs: Jobs, desk: KnowledgeDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._desk = jobs, desk
        self.under_way = False

    def attach(self, card: EntryCard, reason: ReasonBox) -> None:
        """Where the entry is, and where a reason is asked for."""
        self._card, self._reason = card, reason
        card.opinion.given.connect(self._opinion_given)
        reason.given.connect(self._reason_given)

    def publish(self, file: EntryFile) -> None:
        """Publishes, or hands in what may not be published by its writer."""
        if Deed.PUBLISH in file.deeds:
            work = partial(self._desk.publish, file.id, file.updated_at)
            self.send(work, self.tr("已发布：{0}").format(file.text.title))
        else:
            work = partial(self._desk.save, file.text, file.id, file.updated_at, True)
            self.send(work, self.tr("已提交审核，由另一位编辑发布"))

    @Slot()
    def confirm(self) -> None:
        if self._card.file is not None:
            work = partial(self._desk.confirm, self._card.file.id)
            self.send(work, self.tr("已复核，到期再提醒"))

    # --- an opinion

    @Slot(object, str)
    def _opinion_given(self, kind: Opinion, words: str) -> None:
        if self._card.file is not None:
            work = partial(self._desk.say, self._card.file.id, kind, words)
            said = self.tr("已反馈，编辑会核实")
            self.send(work, said, self._opinion_done, self._opinion_refused)

    def _opinion_done(self, _changed: Changed) -> None:
        self._card.opinion.done()
        self.moved.emit(True)

    def _opinion_refused(self, error: Exception) -> None:
        rest = self._card.opinion.fields.show_errors(error)
        if rest is not None:
            self.failed.emit(rest)

    # --- what needs a reason

    @Slot()
    def send_back(self) -> None:
        self._reason.ask(self._desk.send_back, self.tr("要修改什么"), self.tr("退回修改"))

    @Slot()
    def withdraw(self) -> None:
        self._reason.ask(self._desk.withdraw, self.tr("撤下的理由"), self.tr("撤下"))

    @Slot()
    def settle(self) -> None:
        self._reason.ask(self._desk.settle, self.tr("核实结果"), self.tr("反馈已核实"))

    @Slot(object, str)
    def _reason_given(self, write: Callable[[int, str], Changed], words: str) -> None:
        if self._card.file is not None:
            said = self.tr("已办：{0}").format(self._reason.deed)
            work = partial(write, self._card.file.id, words)
            self.send(work, said, self._reason_done, self._reason_refused)

    def _reason_done(self, _changed: Changed) -> None:
        self._reason.done()
        self.moved.emit(True)

    def _reason_refused(self, error: Exception) -> None:
        rest = self._reason.fields.show_errors(error)
        if rest is not None:
            self.failed.emit(rest)

    # --- sending

    def send(
        self,
        work: Callable[[], Changed],
        said: str,
        done: Done | None = None,
        refused: Refused | None = None,
    ) -> None:
        """Run a write once; nothing else may be pressed until the answer is here."""
        self.under_way = True
        self.moved.emit(False)
        answer = partial(self._sent, said, done)
        self._jobs.write(self, work, answer, partial(self._not_sent, refused))

    def _sent(self, said: str, done: Done | None, changed: Changed) -> None:
        self.under_way = False
        self.moved.emit(False)
        self.said.emit(said, Tone.OK)
        if done is not None:
            done(changed)

    def _not_sent(self, refused: Refused | None, error: Exception) -> None:
        self.under_way = False
        stale = isinstance(error, Conflict | NotAllowed | NotFound)
        self.moved.emit(stale)
        if isinstance(error, UserError) and refused is not None:
            refused(error)
        else:
            self.failed.emit(error)
