"""The right column: a task under way, an emergency, then grid, duplicates, suggestion, knowledge."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.domain.intake import PlaceAnswer, Suggested
from console.jobs import Jobs
from console.views.intake.assist_cards import DuplicatesCard, PlaceCard, SuggestionCard
from console.views.intake.knowledge_card import AnswersCard
from console.views.intake.services import IntakeDesk
from console.views.intake.side_column import SideColumn
from console.views.intake.tasks import Task
from console.views.parts.card import label
from console.views.parts.key_cap import KeyCap


class AssistColumn(SideColumn):
    """Only what is known takes room. `left` when the operator goes back to the form with Esc."""

    left = Signal()

    def __init__(self, jobs: Jobs, desk: IntakeDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task: Task | None = None
        self.emergency = _EmergencyHint()
        self.place, self.suggestion = PlaceCard(), SuggestionCard()
        self.duplicates, self.answers = DuplicatesCard(), AnswersCard(jobs, desk)
        for part in (self.emergency, self.place, self.duplicates, self.suggestion, self.answers):
            self.column.addWidget(part)
        self.column.addStretch(1)
        for part in (self.place, self.duplicates, self.suggestion, self.answers):
            part.left.connect(self.left)

    def clear(self) -> None:
        """For the next matter; a task under way is put away with it."""
        self.end_task()
        self.place.show_answer(PlaceAnswer())
        self.suggestion.show_suggested(Suggested())
        self.duplicates.show_duplicates((), None)
        self.emergency.say("")
        self.answers.clear()

    def start_task(self, task: Task) -> None:
        """Show a task at the top; another one that was there is put away."""
        self.end_task()
        self.task = task
        task.put_away.connect(self._put_away)
        self.column.insertWidget(0, task)
        task.show()
        self.emergency.hide()
        if task.first is not None:
            task.first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.area.verticalScrollBar().setValue(0)

    def end_task(self) -> None:
        if self.task is not None:
            self.task.hide()
            self.task.deleteLater()
            self.task = None
            self.emergency.setVisible(bool(self.emergency.line))

    @Slot()
    def _put_away(self) -> None:
        # The key press that asked for it is still being delivered to a child of the task.
        QTimer.singleShot(0, self, self._end_and_leave)

    @Slot()
    def _end_and_leave(self) -> None:
        self.end_task()
        self.left.emit()


class _EmergencyHint(QFrame):
    """Life, fire, police, medical: one key away."""

    def __init__(self) -> None:
        super().__init__()
        self.line = ""
        self.setProperty("kind", "strip")
        self.setProperty("tone", "bad")
        self.words = label("", "strong", wrap=True, tone="bad")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self.words, 1)
        row.addWidget(KeyCap("F9"))
        self.hide()

    def say(self, line: str) -> None:
        """`line` as the service gives it, such as `119 火警`; empty hides the hint."""
        self.line = next((number for number in ("110", "119", "120", "122") if number in line), "")
        self.words.setText(self.tr("疑似紧急，先问清是否要转 {0}").format(line) if line else "")
        self.setVisible(bool(line))
