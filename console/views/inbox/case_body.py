"""What the citizen asked for, who else has it and what happened so far: to be read before acting."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.domain.inbox import CalledUnit, Desk, Round
from console.domain.records import CaseFile
from console.domain.states import Light
from console.theme import Tone
from console.views.inbox.scene_forms import called_words
from console.views.parts.assignment_tree import AssignmentTree
from console.views.parts.card import label, scrolled
from console.views.parts.step_bar import StepBar
from console.views.parts.timeline import Timeline


class CaseBody(QWidget):
    """Scrolls by itself; `show_desk` keeps the place when it is the same work order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self.steps = StepBar()
        self.content = label("", wrap=True)
        self.content.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(14)
        self.facts.setVerticalSpacing(4)
        self.facts.setColumnStretch(1, 1)
        self.facts.setColumnStretch(3, 1)
        self.tree, self.events = AssignmentTree(), Timeline()
        self.scene_title = label(self.tr("现场"), "caption")
        self.scene = label("", wrap=True)
        inner = QWidget()
        self._fill(QVBoxLayout(inner))
        self.area = scrolled(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    def _fill(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 4, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.steps)
        column.addWidget(self.content)
        column.addLayout(self.facts)
        column.addWidget(label(self.tr("承办"), "caption"))
        column.addWidget(self.tree)
        column.addWidget(self.scene_title)
        column.addWidget(self.scene)
        column.addWidget(label(self.tr("经过"), "caption"))
        column.addWidget(self.events)
        column.addStretch(1)

    def show_desk(self, desk: Desk) -> None:
        case = desk.case
        late = desk.own.light.light is Light.RED
        self.steps.show_steps(case.steps, case.step_at, Tone.BAD if late else Tone.ACCENT)
        self.content.setText(case.content)
        self._show_facts(case)
        self.tree.show_lines(case.assignments)
        self.events.show_events(case.events)
        words = scene_words(desk.called, desk.rounds)
        self.scene.setText(words)
        self.scene.setVisible(bool(words))
        self.scene_title.setVisible(bool(words))
        if case.row.number != self._number:
            self._number = case.row.number
            self.area.verticalScrollBar().setValue(0)

    def _show_facts(self, case: CaseFile) -> None:
        while self.facts.count():
            item = self.facts.takeAt(0)
            if item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        phone = self.tr("保密，经中心联系") if case.phone_hidden else case.phone
        pairs = (
            (self.tr("来电人"), "　".join(filter(None, (case.appellant, phone, case.caller_kind)))),
            (self.tr("诉求"), case.wanted),
            (self.tr("地点"), case.address),
            (self.tr("网格"), case.grid.path if case.grid else ""),
            (self.tr("时间"), case.occurred),
            (self.tr("分类"), " › ".join(case.category_path)),
        )
        for at, (caption, words) in enumerate(pair for pair in pairs if pair[1]):
            line, side = divmod(at, 2)
            self.facts.addWidget(label(caption, "muted"), line, side * 2, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(label(words, wrap=True), line, side * 2 + 1)


def scene_words(called: tuple[CalledUnit, ...], rounds: tuple[Round, ...]) -> str:
    """Who was whistled to the scene, and how mediation went."""
    lines = [f"吹哨 {called_words(call)}" for call in called]
    for turn in rounds:
        agreed = "达成一致" if turn.agreed else "未达成一致"
        lines.append(
            f"第 {turn.number} 次调解 {turn.on_day}　{turn.participants}　{agreed}：{turn.result}"
        )
    return "\n".join(lines)
