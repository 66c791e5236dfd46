"""F6: answers to read out while talking; searched with what is being told, or with words of one's own."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot

from console.domain.intake import KnowledgeCard
from console.jobs import Jobs
from console.theme import Tone
from console.views.intake.pick_list import Line, ListCard, PickList
from console.views.intake.services import IntakeDesk
from console.views.parts.card import label, row
from console.views.parts.key_cap import KeyButton, KeyCap
from console.views.parts.type_ahead import TypeAhead


class AnswersCard(ListCard):
    """`cited(KnowledgeCard)` to answer with it (F4), `aloud(text)` to have it read to the caller."""

    cited = Signal(object)
    aloud = Signal(str)
    left = Signal()

    def __init__(self, jobs: Jobs, desk: IntakeDesk) -> None:
        super().__init__(self.tr("知识答案"), KeyCap("F6"))
        self._jobs, self._desk = jobs, desk
        self.box = TypeAhead(
            self.tr("问什么；不填时按诉求内容查"), free=True, name=self.tr("查知识")
        )
        self.list = PickList(self.tr("知识答案"), picks_on_click=False, marks_current=True)
        self.answer, self.source = label("", wrap=True), label("", "muted", wrap=True)
        self.read_button = KeyButton(self.tr("朗读"), "Ctrl+T")
        self.cite_button = KeyButton(self.tr("引用答复"), "Enter")
        for button in (self.read_button, self.cite_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.buttons = row(self.read_button, self.cite_button, None)
        self.pad(self.box)
        self.add(self.list)
        self.pad(self.answer, self.source, self.buttons)
        self._connect()
        self.show_found(())

    @property
    def current(self) -> KnowledgeCard | None:
        return self.list.current.value if self.list.current else None

    @property
    def has_focus(self) -> bool:
        return self.list.hasFocus() or self.box.hasFocus()

    def show_found(self, found: Sequence[KnowledgeCard]) -> None:
        """Answers to the content being typed; a search of one's own is left alone."""
        if not self.box.text():
            self._show(found)

    @Slot()
    def focus_box(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def clear(self) -> None:
        self.box.put("")
        self._show(())

    def _connect(self) -> None:
        self.box.text_edited.connect(self._look)
        self.box.entered.connect(self._cite)
        self.box.let_down.connect(self._into_list)
        self.list.moved.connect(self._show_answer)
        self.list.picked.connect(self.cited)
        self.list.left.connect(self.left)
        self.read_button.clicked.connect(self.read_current)
        self.cite_button.clicked.connect(self._cite)

    @Slot(str)
    def _look(self, text: str) -> None:
        if text.strip():
            self._jobs.read(
                self, partial(self._desk.knowledge, text.strip()), self._show, key="knowledge"
            )

    def _show(self, found: Sequence[KnowledgeCard]) -> None:
        self.list.show_lines(
            [
                Line(card.title, card, card.unit if card.unit else "", card.expires, Tone.WARN)
                for card in found[:5]
            ]
        )
        if found and self.list.current is not None:
            self._show_answer(self.list.current.value)
        for part in (self.answer, self.source, self.buttons):
            part.setVisible(bool(found))

    @Slot(object)
    def _show_answer(self, card: KnowledgeCard) -> None:
        self.answer.setText(card.short_answer)
        source = self.tr("依据：{0}").format(card.basis) if card.basis else ""
        self.source.setText(source)
        self.source.setVisible(bool(source))

    @Slot()
    def _into_list(self) -> None:
        if self.list.lines:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def read_current(self) -> None:
        if self.current is not None:
            self.aloud.emit(self.current.short_answer)

    @Slot()
    def _cite(self, *_typed: str) -> None:
        if self.current is not None:
            self.cited.emit(self.current)
