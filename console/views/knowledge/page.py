"""知识库: find while talking at the left, the answer to read out at the right; editors write in its place."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed, Topic
from console.domain.errors import NotFound
from console.domain.intake import KnowledgeCard
from console.domain.knowledge import Deed, EntryFile, EntryLine, EntryText, Pile, Standing
from console.domain.roles import Role
from console.jobs import Jobs
from console.theme import Tone
from console.views.knowledge.deed_bar import DeedBar, Deeds
from console.views.knowledge.doing import Doing
from console.views.knowledge.entry_card import EntryCard
from console.views.knowledge.entry_form import EntryForm
from console.views.knowledge.finding_panel import FindingPanel
from console.views.knowledge.reason import ReasonBox
from console.views.knowledge.services import KnowledgeDesk
from console.views.knowledge.writing_card import WritingCard
from console.views.parts.key_cap import ActionButton, KeyButton
from console.views.parts.page import Page

# Arrowing through the list must not read every entry on the way.
OPEN_AFTER_MS = 90


class KnowledgePage(Page):
    """`look_for(words)`, `show_entry(id)`; `cited(KnowledgeCard)` answers a caller with it, `hush()` falls silent."""

    topics: ClassVar[frozenset[Topic]] = frozenset({Topic.KNOWLEDGE})
    cited = Signal(object)
    hush = Signal()

    def __init__(
        self, jobs: Jobs, desk: KnowledgeDesk, role: Role, parent: QWidget | None = None
    ) -> None:
        super().__init__(jobs, parent)
        self._desk, self._role = desk, role
        self._entry_id: int | None = None
        self._speaking = self._listing = False
        self._wanted: int | None = None
        self.doing = Doing(jobs, desk, self)
        self._make_actions()
        self.panel = FindingPanel(desk.piles, self._new_button())
        self.bar = DeedBar(Deeds(self.publish, self.edit, self.confirm, self.back, self.withdraw))
        self.card, self.reason = EntryCard(self._answer_buttons(), self.bar), ReasonBox()
        self.doing.attach(self.card, self.reason)
        self.form = EntryForm(jobs, desk)
        self.writing = WritingCard(self.form, self._form_buttons())
        self._open_soon = QTimer(self, singleShot=True, interval=OPEN_AFTER_MS)
        self._lay_out()
        self._connect()
        self._enable()

    # --- making

    def _make_actions(self) -> None:
        made = partial(add_action, self)
        self.find = made(ActionId.KNOWLEDGE, self.focus_search)
        self.aloud = made(ActionId.READ_ALOUD, self.read_aloud)
        self.take = made(ActionId.TAKE_ANSWER, self._take_answer)
        self.opine = made(ActionId.OPINION, self._opine)
        self.new = made(ActionId.NEW_ENTRY, self.begin_new)
        self.edit = made(ActionId.EDIT_ENTRY, self._edit)
        self.store = made(ActionId.SAVE_DRAFT, self._store)
        self.publish = made(ActionId.PUBLISH_ENTRY, self._go_on)
        self.back = made(ActionId.SEND_BACK_ENTRY, self.doing.send_back)
        self.confirm = made(ActionId.CONFIRM_ENTRY, self.doing.confirm)
        self.withdraw = made(ActionId.WITHDRAW_ENTRY, self.doing.withdraw)
        made(ActionId.NEXT_PILE, self._next_pile)
        made(ActionId.REFRESH, self.reload)

    def _new_button(self) -> KeyButton | None:
        words = self.tr("写新条目")
        return ActionButton(self.new, "quiet", words) if self._desk.may_propose() else None

    def _answer_buttons(self) -> list[QWidget]:
        self.speak_button = ActionButton(self.aloud, text=self.tr("朗读"))
        self.hush_button = KeyButton(self.tr("停"), "Esc")
        self.hush_button.clicked.connect(self.be_silent)
        self.hush_button.hide()
        buttons: list[QWidget] = [self.speak_button, self.hush_button]
        if self._role in (Role.AGENT, Role.SUPERVISOR):
            buttons.insert(0, ActionButton(self.take, "primary"))
        return [*buttons, ActionButton(self.opine, "quiet", self.tr("反馈"))]

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.stack.addWidget(self.card)
        self.stack.addWidget(self.writing)
        self.card.body.insertWidget(2, self.reason)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(12)
        for widget in (self.panel, self.stack):
            self.splitter.addWidget(widget)
        self.splitter.setSizes([460, 780])
        self.splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self.splitter)

    def _form_buttons(self) -> list[QWidget]:
        self.cancel = KeyButton(self.tr("放下"), "Esc")
        self.cancel.clicked.connect(self._cancel)
        self.hand_in = ActionButton(self.publish, "primary", self.tr("提交审核"))
        return [self.cancel, ActionButton(self.store), self.hand_in]

    def _connect(self) -> None:
        self.panel.asked.connect(self._ask)
        self.panel.pile_chosen.connect(self._pile_chosen)
        self.panel.picked.connect(self._picked)
        self.panel.entered.connect(self._entered)
        self._open_soon.timeout.connect(self._open)
        self.doing.said.connect(self.said)
        self.doing.failed.connect(self.failed)
        self.doing.moved.connect(self._moved)
        self.bar.settle.connect(self.doing.settle)

    # --- the page

    def home(self) -> QWidget:
        return self.panel.box

    def holds_back(self) -> bool:
        return self.is_editing or self.reason.isVisible() or self.card.opinion.is_typing

    @property
    def is_editing(self) -> bool:
        return self.stack.currentIndex() == 1

    def why_not(self, action: QAction) -> str:
        if self.is_editing:
            return self.tr("正在写条目：Ctrl+S 存草稿，F8 提交审核，Esc 放下")
        return self.tr("“{0}”不适用于这一条，或不归您的岗位").format(action.text())

    @Slot()
    def focus_search(self) -> None:
        self.panel.focus_box()

    @Slot(str)
    def look_for(self, words: str) -> None:
        """From another workplace, with what is being talked about."""
        self.panel.ask(words)
        self.panel.focus_box()

    @Slot(int)
    def show_entry(self, entry_id: int) -> None:
        """Open this one, whatever the list says."""
        self._wanted, self._entry_id = entry_id, entry_id
        self._open()
        self.panel.focus_box()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if self._speaking:
            self.be_silent()
        elif self.reason.isVisible():
            self.reason.hide()
        elif self.is_editing:
            self._cancel()
        else:
            self.panel.focus_box()

    # --- lists

    @Slot()
    def reload(self) -> None:
        self._read_list(keep=True)
        if self._desk.piles:
            self.jobs.read(
                self, self._desk.counts, self.panel.show_counts, self.failed.emit, key="n"
            )
        if self._entry_id is not None:
            self._open()

    @Slot(str)
    def _ask(self, _words: str) -> None:
        self._wanted = None
        self._read_list(keep=False)

    @Slot(object)
    def _pile_chosen(self, _pile: Pile | None) -> None:
        self._wanted = None
        self._read_list(keep=False)

    def _read_list(self, keep: bool) -> None:
        pile, words = self.panel.pile, self.panel.box.text()
        work: Callable[[], Any] = (
            partial(self._desk.pile, pile) if pile else partial(self._desk.find, words)
        )
        self.jobs.read(self, work, partial(self._listed, keep), self.failed.emit, key="list")

    def _listed(self, keep: bool, lines: tuple[EntryLine, ...]) -> None:
        self._listing = True
        self.panel.show_lines(lines, keep)
        self._listing = False

    @Slot()
    def _next_pile(self) -> None:
        self.panel.next_pile()

    @Slot(object)
    def _picked(self, line: EntryLine | None) -> None:
        # What was opened from elsewhere stays until somebody moves in the list.
        if self.is_editing or (self._listing and self._wanted is not None):
            return
        self._wanted = None
        self._entry_id = line.id if line is not None else None
        self._open_soon.start()

    @Slot()
    def _entered(self) -> None:
        """Enter: into the answer, from where Tab goes on to its keys."""
        self.speak_button.setFocus(Qt.FocusReason.TabFocusReason)

    # --- one entry

    @Slot()
    def _open(self) -> None:
        if self._entry_id is None:
            self._show(None)
            return
        work = partial(self._desk.open, self._entry_id)
        self.jobs.read(self, work, self._opened, self._lost, key="entry")

    def _opened(self, file: EntryFile) -> None:
        if file.id == self._entry_id:
            self._show(file)

    def _lost(self, error: Exception) -> None:
        self._show(None)
        if isinstance(error, NotFound):
            self.card.empty.say(error.text, error.hint)
        else:
            self.failed.emit(error)

    def _show(self, file: EntryFile | None) -> None:
        if file is None or self.card.file is None or file.id != self.card.file.id:
            self.reason.hide()
            self.be_silent()
        self.card.show_file(file)
        self._enable()

    def _enable(self) -> None:
        file, editing = self.card.file, self.is_editing
        free = not self.doing.under_way and not editing
        deeds = file.deeds if file is not None and free else frozenset()
        told = file is not None and free
        in_force = told and file is not None and file.standing is Standing.IN_FORCE
        self.aloud.setEnabled(told)
        self.take.setEnabled(in_force)
        self.opine.setEnabled(in_force)
        self.new.setEnabled(free and self._desk.may_propose())
        self.store.setEnabled(editing and not self.doing.under_way)
        self.bar.show_deeds(file, deeds)
        if editing:
            self.publish.setEnabled(not self.doing.under_way)

    # --- reading out

    @Slot()
    def read_aloud(self) -> None:
        """Ctrl+T reads the short answer out, again falls silent."""
        file = self.card.file
        if self._speaking:
            self.be_silent()
        elif file is not None:
            self._speaking = True
            self.hush_button.show()
            self.speak.emit(file.text.short_answer)
            if file.standing is Standing.IN_FORCE:
                self.jobs.write(self, partial(self._desk.used, file.id), None, self.failed.emit)

    def fell_silent(self) -> None:
        """The next Ctrl+T reads again."""
        self._speaking = False
        self.hush_button.hide()

    @Slot()
    def be_silent(self) -> None:
        if self._speaking:
            self.fell_silent()
            self.hush.emit()

    @Slot()
    def _take_answer(self) -> None:
        file = self.card.file
        if file is not None:
            text = file.text
            self.be_silent()
            self.cited.emit(KnowledgeCard(
                file.id, text.title, text.short_answer, text.long_answer, text.basis,
                text.responsible_unit, file.validity,
            ))  # fmt: skip

    @Slot()
    def _opine(self) -> None:
        self.card.opinion.ask()

    @Slot(bool)
    def _moved(self, again: bool) -> None:
        """Something is under way, or over; `again`: what is in sight is no longer what stands there."""
        self._enable()
        if again and not self.is_editing:
            self.reload()

    # --- writing

    @Slot()
    def begin_new(self) -> None:
        """Ctrl+N: an empty form; what was being looked for is its first title."""
        self._begin(None, EntryText(title=self.panel.box.text().strip()), "")

    @Slot()
    def _edit(self) -> None:
        file = self.card.file
        if file is None:
            return
        if Deed.EDIT in file.deeds:
            self._begin(file, file.text, file.category)
        else:
            work = partial(self._desk.revise, file.id)
            said = self.tr("下一版的草稿已建好，旧版在发布前照常可查")
            self.doing.send(work, said, self._revised)

    def _revised(self, changed: Changed) -> None:
        work = partial(self._desk.open, changed.ids[0])
        self.jobs.read(self, work, self._begin_file, self.failed.emit, key="entry")

    def _begin_file(self, file: EntryFile) -> None:
        self._entry_id = self._wanted = file.id
        self._show(file)
        self._begin(file, file.text, file.category)

    def _begin(self, file: EntryFile | None, text: EntryText, category: str) -> None:
        self.stack.setCurrentIndex(1)
        self.writing.begin(file, text, category)
        self._enable()

    @Slot()
    def _cancel(self) -> None:
        """Esc never loses text."""
        text = self.writing.given()
        if text is None:
            return
        if self.writing.keep(text):
            self.said.emit(self.tr("改动还没有存，再打开时还在"), Tone.WARN)
        self._leave_form()

    def _leave_form(self) -> None:
        self.stack.setCurrentIndex(0)
        self._enable()
        self.panel.focus_box()
        self.reload()

    @Slot()
    def _store(self) -> None:
        self._save(submit=False)

    def _save(self, submit: bool) -> None:
        text = self.writing.given()
        if text is None:
            return
        file = self.writing.file
        stamp, entry_id = (file.updated_at, file.id) if file else (None, None)
        work = partial(self._desk.save, text, entry_id, stamp, submit)
        said = self.tr("已提交审核，由另一位编辑发布") if submit else self.tr("草稿已保存")
        self.doing.send(work, said, self._saved, self._not_saved)

    def _saved(self, changed: Changed) -> None:
        self._entry_id = self._wanted = changed.ids[0]
        self._leave_form()

    def _not_saved(self, error: Exception) -> None:
        rest = self.form.fields.show_errors(error)
        if rest is not None:
            self.failed.emit(rest)

    @Slot()
    def _go_on(self) -> None:
        """F8: hands in what is being written; publishes, or hands in, what is looked at."""
        file = self.card.file
        if self.is_editing:
            self._save(submit=True)
        elif file is not None:
            self.doing.publish(file)
