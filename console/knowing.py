"""The knowledge base from everywhere: F6 opens it, its answer goes into the call, a finished case becomes an entry."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.actions import ActionId, add_action
from console.domain.errors import UserError
from console.domain.intake import KnowledgeCard
from console.domain.records import CaseFile
from console.domain.roles import Workplace
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases import CaseView
from console.views.intake.page import IntakePage
from console.views.knowledge.page import KnowledgePage
from console.views.knowledge.proposing import ProposalDialog, ProposalStrip
from console.views.knowledge.services import KnowledgeDesk
from console.views.main_window import MainWindow
from console.views.parts.page import Page

# A lane of its own: a large knowledge base takes a second to read, and no list waits for it.
WARMING = "knowledge"


class Knowing(QObject):
    """Joins the pages of a window with its knowledge base. `said(sentence, tone)`, `failed(error)`, `hush()`."""

    said = Signal(str, object)
    failed = Signal(object)
    hush = Signal()

    def __init__(self, window: MainWindow, desk: KnowledgeDesk, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._desk, self._jobs = window, desk, jobs
        if self.page is not None:
            self._join(self.page)
        if desk.may_propose():
            self._offer_proposals()

    @property
    def page(self) -> KnowledgePage | None:
        page = self._window.pages.get(Workplace.KNOWLEDGE)
        return page if isinstance(page, KnowledgePage) else None

    @property
    def intake(self) -> IntakePage | None:
        page = self._window.pages.get(Workplace.INTAKE)
        return page if isinstance(page, IntakePage) else None

    @Slot()
    def _warm(self) -> None:
        """After the first paint; whoever asks earlier waits for the same reading."""
        self._jobs.on_lane(WARMING, self, self._desk.warm, None, self._not_warmed)

    def _not_warmed(self, error: Exception) -> None:
        """Whoever asks first is told; only a defect is said now."""
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)

    def _join(self, knowledge: KnowledgePage) -> None:
        QTimer.singleShot(0, self._warm)
        knowledge.hush.connect(self.hush)
        knowledge.cited.connect(self._answer)
        for page in self._window.pages.values():
            if isinstance(page, IntakePage):
                page.knowledge_wanted.connect(self._look)
            elif isinstance(page, Page) and page is not knowledge:
                add_action(page, ActionId.KNOWLEDGE, self.open)

    @Slot()
    def open(self) -> None:
        """F6 anywhere."""
        if self.page is not None:
            self._window.show_place(Workplace.KNOWLEDGE)
            self.page.focus_search()

    @Slot(int, str)
    def _look(self, entry_id: int, words: str) -> None:
        if self.page is None:
            return
        self._window.show_place(Workplace.KNOWLEDGE)
        if words:
            self.page.look_for(words)
        if entry_id:
            self.page.show_entry(entry_id)
        self.page.focus_search()

    @Slot(object)
    def _answer(self, card: KnowledgeCard) -> None:
        """F4 in the knowledge base: back to the record, the answer cited and ready to be sent."""
        if self.intake is not None:
            self._window.show_place(Workplace.INTAKE)
            self.intake.tasks.answer_with(card)

    # --- from a finished case

    def _offer_proposals(self) -> None:
        for view in self._window.findChildren(CaseView):
            strip = ProposalStrip(view)
            strip.wanted.connect(self.propose)
            view.add_strip(strip)

    @Slot(object)
    def propose(self, case: CaseFile) -> None:
        """What the finished work order suggests, to be made an entry of; nobody's name is in it."""
        dialog = ProposalDialog(self._jobs, self._desk, case, self._window)
        dialog.proposed.connect(self._proposed)
        dialog.failed.connect(self.failed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.begin()

    @Slot(str)
    def _proposed(self, title: str) -> None:
        words = self.tr("已提出知识条目“{0}”，由知识库管理员审核发布").format(title)
        self.said.emit(words, Tone.OK)
