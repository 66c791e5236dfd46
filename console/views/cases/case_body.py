"""The reading part of a case, scrolling by itself."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from console.domain.errors import UserError
from console.domain.orders import OpenedCase
from console.domain.records import CaseFile
from console.domain.states import OPEN_STATES
from console.jobs import Jobs
from console.theme import mark
from console.views.cases.attachments import AttachmentStrip
from console.views.cases.contact_card import ContactCard
from console.views.cases.sections import CaseFacts, ResultBox, callback_sentence
from console.views.cases.services import CaseDesk
from console.views.parts.assignment_tree import AssignmentTree
from console.views.parts.card import label, scrolled
from console.views.parts.explain_panel import ExplainPanel
from console.views.parts.timeline import Timeline


class CaseBody(QWidget):
    """Contact, content, facts, who has it, what came of it, files, what happened."""

    def __init__(
        self, jobs: Jobs, desk: CaseDesk, reveal: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ticket_id = 0
        self.contact = ContactCard(reveal)
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = CaseFacts()
        self.tree, self.result = AssignmentTree(), ResultBox()
        self.checks, self.callbacks = label("", wrap=True), label("", wrap=True)
        self.attachments = AttachmentStrip(jobs, desk)
        self.events = Timeline()
        self.panel = Explanation()
        self.refusal = label("", "error", wrap=True)
        inner = QWidget()
        self._fill(QVBoxLayout(inner))
        self.area = scrolled(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)
        self.panel.closed.connect(self.hide_explanation)
        self._holds_more = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.area.verticalScrollBar().rangeChanged.connect(self._grown)

    def _fill(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        self.sections = {
            name: Section(words, widget)
            for name, words, widget in (
                ("tree", self.tr("承办"), self.tree),
                ("result", self.tr("办理结果"), self.result),
                ("checks", self.tr("审核与核查"), self.checks),
                ("callbacks", self.tr("回访"), self.callbacks),
                ("attachments", self.tr("附件"), self.attachments),
                ("events", self.tr("经过"), self.events),
            )
        }
        for widget in (
            self.panel,
            self.refusal,
            self.contact,
            self.words,
            self.facts,
            *self.sections.values(),
        ):
            column.addWidget(widget)
        column.addStretch(1)
        self.panel.hide()
        self.refusal.hide()

    def lead_with_result(self) -> None:
        """For a desk that judges the result: its photographs with it, right under what was asked."""
        column = self._column
        facts = Section(self.tr("登记情况"), self.facts)
        led = (self.sections["result"], self.sections["attachments"], facts)
        for at, widget in enumerate(led, column.indexOf(self.words) + 1):
            column.insertWidget(at, widget)

    def take_in(self, strips: Sequence[QWidget], note: QWidget) -> None:
        """For a low window: the content first, and what stands around it otherwise scrolls with it."""
        column = self._column
        column.removeWidget(self.words)
        column.insertWidget(column.indexOf(self.contact), self.words)
        for at, strip in enumerate(strips, column.indexOf(self.contact) + 1):
            column.insertWidget(at, strip)
        # Before the stretch.
        column.insertWidget(column.count() - 1, note)
        self._holds_more = True

    def give_back(self) -> None:
        """There is room again; whoever lent the strips and the note has put them back."""
        self._column.removeWidget(self.words)
        self._column.insertWidget(self._column.indexOf(self.contact) + 1, self.words)
        self._holds_more = False

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """What scrolls here and was opened by its key is seen."""
        if self._holds_more and new is not None and self.area.widget().isAncestorOf(new):
            self.area.ensureWidgetVisible(new, 0, 24)

    @Slot()
    def _grown(self) -> None:
        self._focus_moved(None, QApplication.focusWidget())

    @property
    def _column(self) -> QVBoxLayout:
        column = self.area.widget().layout()
        assert isinstance(column, QVBoxLayout)
        return column

    def show_opened(self, opened: OpenedCase) -> None:
        """Another work order begins at its top; the same one stays where it was read."""
        case = opened.case
        self.contact.show_contact(opened)
        self.words.setText(case.content)
        self.facts.show_case(case, opened.split_from, opened.merged)
        self.tree.show_lines(case.assignments)
        self.result.show_result(case.result)
        self.checks.setText("\n".join(filter(None, (_review(case), case.verify_result))))
        self.callbacks.setText("\n".join(callback_sentence(line) for line in case.callbacks))
        self.attachments.show_lines(case.attachments)
        self.events.show_events(case.events)
        self._show_sections(case)
        self.refusal.hide()
        if case.row.id != self._ticket_id:
            self._ticket_id = case.row.id
            self.area.verticalScrollBar().setValue(0)

    def _show_sections(self, case: CaseFile) -> None:
        filled = {
            "tree": bool(case.assignments) or case.row.state in OPEN_STATES,
            "result": case.result is not None,
            "checks": bool(self.checks.text()),
            "callbacks": bool(case.callbacks),
            "attachments": bool(case.attachments),
        }
        for name, section in self.sections.items():
            section.setVisible(filled.get(name, True))

    # --- the panel on top

    @property
    def is_explaining(self) -> bool:
        return not self.panel.isHidden()

    def show_explanation(self, title: str, lines: Sequence[str]) -> None:
        """Above everything else, and scrolled to; the keyboard stays where it is."""
        self.panel.show_lines(title, lines)
        self.panel.show()
        self.area.verticalScrollBar().setValue(0)

    @Slot()
    def hide_explanation(self) -> None:
        self.panel.hide()

    def show_contact(self) -> None:
        self.area.ensureWidgetVisible(self.contact)

    def show_refusal(self, error: UserError) -> None:
        self.refusal.setText(" ".join(filter(None, (error.text, error.hint))))
        self.refusal.show()
        self.area.verticalScrollBar().setValue(0)


class Section(QWidget):
    """A caption and what is under it."""

    def __init__(self, caption: str, widget: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(caption, "caption"))
        column.addWidget(widget)


class Explanation(QFrame):
    """The arithmetic in a box that Esc closes."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone="accent")
        self.panel = ExplainPanel(closable=True)
        self.panel.closed.connect(self.closed)
        self._escape = QShortcut(QKeySequence("Esc"), self)
        self._escape.activated.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 4)
        column.addWidget(self.panel)

    def show_lines(self, title: str, lines: Sequence[str]) -> None:
        self.panel.show_lines(title, lines)


def _review(case: CaseFile) -> str:
    if not (case.review_comment or case.reviewer):
        return ""
    return "　".join(filter(None, ("审核", case.reviewer, case.review_comment)))
