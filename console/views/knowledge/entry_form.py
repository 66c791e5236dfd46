"""A version being written: what is read out first, everything else below."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from console.domain.errors import Invalid, InvalidForm
from console.domain.knowledge import SHORT_LIMIT, VARIANTS_LIMIT, EntryText, Named, read_day
from console.jobs import Jobs
from console.views.knowledge.services import KnowledgeDesk
from console.views.parts.card import column
from console.views.parts.field import Field, Fields
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead

CYCLES = (30, 90, 180, 365)


class EntryForm(QWidget):
    """`put(EntryText)`, `collect()`, `is_changed`. In `short`, only what a proposal needs."""

    def __init__(self, jobs: Jobs, desk: KnowledgeDesk, short: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self._jobs, self._desk, self._short = jobs, desk, short
        self._before = EntryText()
        self.title = QLineEdit()
        self.short_answer = SnippetEdit(limit=SHORT_LIMIT, rows=3)
        self.variants = SnippetEdit(limit=VARIANTS_LIMIT, rows=3)
        self.long_answer = SnippetEdit(rows=5)
        self.basis, self.region = QLineEdit(), QLineEdit()
        self.unit = TypeAhead(self.tr("单位名称或首字母"))
        self.category = TypeAhead(self.tr("分类或首字母"))
        self.effective, self.expires = QLineEdit(), QLineEdit()
        self.effective.setPlaceholderText(self.tr("发布即生效"))
        self.expires.setPlaceholderText(self.tr("长期"))
        self.cycle = QComboBox()
        self.fields = Fields(*self._fields())
        self._lay_out()
        self._connect()
        self.put(EntryText())

    def _fields(self) -> Sequence[Field]:
        day = self.tr("如 2026-12-31")
        said, lines = self.tr("读给来电人听的话"), self.tr("一行一种问法")
        return (
            Field(
                self.tr("标题"), self.title, "title", self.tr("来电人会问的一句话"), required=True
            ),
            Field(self.tr("简短答复"), self.short_answer, "short_answer", said, required=True),
            Field(self.tr("其他问法"), self.variants, "question_variants", lines),
            Field(self.tr("详细说明"), self.long_answer, "long_answer"),
            Field(self.tr("依据"), self.basis, "basis", self.tr("文件名与文号")),
            Field(self.tr("责任单位"), self.unit, "responsible_unit"),
            Field(self.tr("适用范围"), self.region, "region"),
            Field(self.tr("分类"), self.category, "category_code"),
            Field(self.tr("生效日期"), self.effective, "effective_on", day),
            Field(self.tr("失效日期"), self.expires, "expires_on", day),
            Field(self.tr("复核周期"), self.cycle, "review_every_days"),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        named = self.fields
        for at, (left, right) in enumerate((
            ("responsible_unit", "category_code"), ("basis", "region"), ("effective_on", "expires_on"),
        )):  # fmt: skip
            grid.addWidget(named[left], at, 0)
            grid.addWidget(named[right], at, 1)
        grid.addWidget(named["review_every_days"], 3, 0)
        for side in (0, 1):
            grid.setColumnStretch(side, 1)
        if self._short:
            for name in ("region", "effective_on", "expires_on", "review_every_days"):
                named[name].hide()
            grid.removeWidget(named["basis"])
            grid.addWidget(named["basis"], 1, 0, 1, 2)
        lines = [named[n] for n in ("title", "short_answer", "question_variants", "long_answer")]
        whole = column(*lines, spacing=10)
        whole.layout().addLayout(grid)  # type: ignore[attr-defined]
        outer = QGridLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)

    def _connect(self) -> None:
        self.short_answer.counted.connect(self._count)
        self.unit.text_edited.connect(self._look_for_unit)
        self.category.text_edited.connect(self._look_for_category)
        self.category.chosen.connect(self._category_chosen)
        self.category.textEdited.connect(self._category_typed)

    # --- the text

    def put(self, text: EntryText, category: str = "") -> None:
        """Another text to work on."""
        self._before = text
        self.fields.clear_errors()
        for edit, words in (
            (self.title, text.title), (self.basis, text.basis), (self.region, text.region),
            (self.effective, text.effective_on.isoformat() if text.effective_on else ""),
            (self.expires, text.expires_on.isoformat() if text.expires_on else ""),
        ):  # fmt: skip
            edit.setText(words)
            edit.setCursorPosition(0)
        self.short_answer.put(text.short_answer)
        self.variants.put(text.question_variants)
        self.long_answer.put(text.long_answer)
        self.unit.put(text.responsible_unit)
        self.category.put(category or text.category_code, text.category_code)
        self.cycle.clear()
        for days in sorted({*CYCLES, text.review_every_days}):
            self.cycle.addItem(self.tr("每 {0} 天").format(days), days)
        self.cycle.setCurrentIndex(self.cycle.findData(text.review_every_days))

    def collect(self) -> EntryText:
        """What stands in the form. Raises InvalidForm for a day or a category that is none."""
        faults: list[Invalid] = []
        days = {}
        for name, edit in (("effective_on", self.effective), ("expires_on", self.expires)):
            try:
                days[name] = read_day(edit.text(), name)
            except Invalid as fault:
                faults.append(fault)
        if self.category.text().strip() and self.category.value is None:
            words, hint = self.tr("没有这个分类"), self.tr("请从列表中选择，或清空")
            faults.append(Invalid(words, hint, "category_code"))
        if faults:
            raise InvalidForm(tuple(faults))
        return EntryText(
            title=self.title.text(),
            question_variants=self.variants.text,
            short_answer=self.short_answer.text,
            long_answer=self.long_answer.text,
            basis=self.basis.text(),
            responsible_unit=self.unit.text(),
            region=self.region.text(),
            category_code=self.category.value or "",
            review_every_days=self.cycle.currentData(),
            **days,
        )

    @property
    def is_changed(self) -> bool:
        try:
            return self.collect() != self._before
        except Invalid:
            return True

    # --- helping while typing

    @Slot(int)
    def _count(self, _characters: int) -> None:
        length = len(self.short_answer.text)
        words = self.tr("读给来电人听的话　{0}/{1} 字").format(length, SHORT_LIMIT)
        self.fields["short_answer"].say(words, "bad" if length > SHORT_LIMIT else "")

    @Slot(object)
    def _category_chosen(self, _code: object) -> None:
        self.fields["category_code"].clear_error()

    @Slot(str)
    def _category_typed(self, typed: str) -> None:
        if not typed.strip():
            self.fields["category_code"].clear_error()

    @Slot(str)
    def _look_for_unit(self, typed: str) -> None:
        self._look(self.unit, typed, partial(self._desk.units, typed), "unit")

    @Slot(str)
    def _look_for_category(self, typed: str) -> None:
        self._look(self.category, typed, partial(self._desk.categories, typed), "category")

    def _look(self, box: TypeAhead, typed: str, work: partial[tuple[Named, ...]], key: str) -> None:
        show = partial(_offer, box, typed)
        self._jobs.read(self, work, show, self._jobs.unhandled.emit, key=key)


def _offer(box: TypeAhead, typed: str, found: Sequence[Named]) -> None:
    box.set_suggestions([Suggestion(one.name, one.code) for one in found], typed)
