"""拆分: every sentence to this work order, to the new one, or to both; both halves in sight."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.domain.corrections import Half, SplitForm, SplitView
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.orders import Pick
from console.domain.records import CaseFile
from console.jobs import Jobs
from console.views.cases.services import AmendDesk, SplitDesk
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.card import label, scrolled
from console.views.parts.clock import grouped_number
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.type_ahead import Suggestion, TypeAhead


class Sentence(QWidget):
    """One sentence and where it goes: keys 1, 2, 3."""

    def __init__(self, at: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        options = (
            (Half.KEPT, self.tr("原单")),
            (Half.NEW, self.tr("新单")),
            (Half.BOTH, self.tr("两件都要")),
        )
        self.half = Segmented(options, self.tr("第 {0} 句归入").format(at + 1))
        self.half.choose(Half.KEPT)
        self.words = words
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(12)
        line.addWidget(self.half, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(words, wrap=True), 1)


class SplitDialog(WriteDialog):
    """The new work order has the same caller, its own number, and the clock the citizen has been waiting by."""

    def __init__(
        self, jobs: Jobs, desk: SplitDesk, picks: AmendDesk, case: CaseFile, parent: QWidget
    ) -> None:
        title = self.tr("拆分　{0}").format(case.row.title)
        hint = self.tr(
            "逐句归入原单或新单：左右键或 1 2 3，Tab 到下一句；新单到待派单，时限从原单受理时算起"
        )
        accept = self.tr("拆成两件")
        super().__init__(jobs, Move.SPLIT, case, title, accept, hint, width=820, parent=parent)
        self._desk, self._picks, self._view = desk, picks, None
        self._sentences: list[Sentence] = []
        self.kept_title, self.title_line = QLineEdit(case.row.title), QLineEdit()
        self.category = TypeAhead(self.tr("名称、首字母或编码"), name=self.tr("新单分类"))
        self.kept, self.content = label("", wrap=True), label("", wrap=True)
        self.fields = Fields(
            Field(self.tr("原单标题"), self.kept_title, "kept_title", required=True),
            Field(self.tr("新单标题"), self.title_line, "title", required=True),
            Field(self.tr("新单分类"), self.category, "category_code"),
            Field(self.tr("原单内容"), self.kept, "kept"),
            Field(self.tr("新单内容"), self.content, "content"),
        )
        self._fill_body()
        self.category.text_edited.connect(self._ask_category)
        jobs.read(self, partial(desk.view, case.row.id), self._shown, self._not_shown, key="split")

    def _fill_body(self) -> None:
        self._list = QWidget()
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(2)
        area = scrolled(self._list)
        area.setFixedHeight(190)
        self.body.addWidget(area)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for at, names in enumerate((("kept_title", "kept"), ("title", "content"))):
            grid.setColumnStretch(at, 1)
            for line, name in enumerate(names):
                grid.addWidget(self.fields[name], line, at)
        grid.addWidget(self.fields["category_code"], 2, 1)
        self.body.addLayout(grid)
        for words in (self.kept, self.content):
            words.setMinimumHeight(64)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _shown(self, view: SplitView) -> None:
        self._view = view
        self.kept_title.setText(view.title)
        self._sentences = [Sentence(at, words) for at, words in enumerate(view.sentences)]
        for one in self._sentences:
            self._list.layout().addWidget(one)
            # Shown at once: nothing that is still hidden can take the focus.
            one.show()
            one.half.chosen.connect(self._divide)
        self._list.layout().addStretch(1)
        # They came after everything else, but Tab goes through them first and on to the titles.
        halves = [one.half for one in self._sentences]
        for before, after in pairwise([*halves, self.kept_title, self.title_line, self.category]):
            self.setTabOrder(before, after)
        self.category.put(
            view.category_path.rsplit(" › ", 1)[-1], Pick(view.category_code, view.category_path)
        )
        self._divide()
        if self._sentences:
            self._sentences[0].half.setFocus(Qt.FocusReason.TabFocusReason)

    def _not_shown(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.fail(error.text)

    @Slot()
    def _divide(self) -> None:
        told = [(one.words, one.half.value) for one in self._sentences]
        nothing = self.tr("（还没有归入）")
        kept = "".join(words for words, half in told if half is not Half.NEW)
        new = "".join(words for words, half in told if half is not Half.KEPT)
        self.kept.setText(kept or nothing)
        self.content.setText(new or nothing)

    @Slot(str)
    def _ask_category(self, typed: str) -> None:
        done = partial(self._show_categories, typed)
        self._jobs.read(self, partial(self._picks.categories, typed), done, key="category")

    def _show_categories(self, typed: str, picks: tuple[Pick, ...]) -> None:
        self.category.set_suggestions([Suggestion(p.name, p, p.detail) for p in picks], typed)

    def work(self) -> Callable[[], Any] | None:
        if self._view is None:
            return None
        chosen = self.category.value
        form = SplitForm(
            self._view.ticket_id,
            self._view.version,
            self.kept_title.text(),
            self.title_line.text(),
            tuple(one.half.value for one in self._sentences),
            chosen.code if isinstance(chosen, Pick) else "",
        )
        return partial(self._desk.split, form)

    def sentence(self, result: Any) -> str:
        return self.tr("已拆出新单 {0}，在待派单").format(grouped_number(result.number))
