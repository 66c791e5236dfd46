"""更正: the facts as they should be; the new limit is shown before anything is saved."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.domain.corrections import (
    CAPTIONS,
    Amendable,
    AmendForm,
    AmendPreview,
    Clashing,
    merged,
)
from console.domain.errors import Invalid, UserError
from console.domain.moves import Move
from console.domain.orders import Pick
from console.domain.records import CaseFile
from console.domain.states import NATURE_NAMES, URGENCY_NAMES
from console.jobs import Jobs
from console.theme import mark
from console.views.cases.clash_strip import ClashStrip, Pair
from console.views.cases.services import AmendDesk
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.card import label
from console.views.parts.clock import grouped_number, long_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.type_ahead import Suggestion, TypeAhead

SEEN_AFTER_MS = 250


class AmendDialog(WriteDialog):
    """What differs from what is stored is corrected, with one reason for all."""

    def __init__(self, jobs: Jobs, desk: AmendDesk, case: CaseFile, parent: QWidget) -> None:
        title = self.tr("更正　{0}").format(case.row.title)
        accept = self.tr("保存更正")
        super().__init__(jobs, Move.AMEND, case, title, accept, width=720, parent=parent)
        self._desk = desk
        self._stored: AmendForm | None = None
        self._opened_as: Amendable | None = None
        self._clash: Clashing | None = None
        self._mine: dict[str, Any] = {}
        self._soon = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._make_fields()
        self._fill_body()
        self._listen()
        self.wait(True)
        jobs.read(self, partial(desk.open, case.row.id), self._opened, self._not_read, key="open")

    def _make_fields(self) -> None:
        self.title_line, self.address = QLineEdit(), QLineEdit()
        self.nature = Segmented(list(NATURE_NAMES.items()), self.tr("性质"), numbers=False)
        self.urgency = Segmented(list(URGENCY_NAMES.items()), self.tr("紧急程度"))
        self.category = TypeAhead(self.tr("名称、首字母或编码"), name=self.tr("分类"))
        self.grid = TypeAhead(self.tr("名称、首字母或编码"), name=self.tr("网格"))
        self.hard, self.dispute = QCheckBox(self.tr("疑难")), QCheckBox(self.tr("矛盾件"))
        self.secret, self.legacy = QCheckBox(self.tr("保密")), QCheckBox(self.tr("历史遗留"))
        self.reason = QLineEdit()
        self.marks = QWidget()
        line = QHBoxLayout(self.marks)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        for box in (self.hard, self.dispute, self.secret, self.legacy):
            line.addWidget(box)
        line.addStretch(1)
        self.fields = Fields(
            Field(self.tr("标题"), self.title_line, "title", required=True),
            Field(self.tr("性质"), self.nature, "nature"),
            Field(self.tr("紧急程度"), self.urgency, "urgency"),
            Field(self.tr("分类"), self.category, "category_code"),
            Field(self.tr("地点"), self.address, "address", self.tr("不动则保留原文")),
            Field(self.tr("网格"), self.grid, "grid_id"),
            Field(self.tr("标记"), self.marks, "marks"),
            Field(self.tr("更正理由"), self.reason, "reason", required=True),
        )

    def _fill_body(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        places = (
            ("title", 0, 0, 2), ("nature", 1, 0, 2), ("urgency", 2, 0, 1), ("marks", 2, 1, 1),
            ("category_code", 3, 0, 1), ("grid_id", 3, 1, 1), ("address", 4, 0, 2), ("reason", 5, 0, 2),
        )  # fmt: skip
        for name, line, column, wide in places:
            grid.addWidget(self.fields[name], line, column, 1, wide)
        self.body.addLayout(grid)
        self.seen = QFrame()
        mark(self.seen, kind="strip", tone="neutral")
        column = QVBoxLayout(self.seen)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(3)
        self.changes, self.limit = label("", wrap=True), label("", "strong", wrap=True)
        self.lines = label("", "muted", wrap=True)
        for widget in (self.changes, self.limit, self.lines):
            column.addWidget(widget)
        self.clashes = ClashStrip()
        self.clashes.chosen.connect(self._clash_chosen)
        self.body.addWidget(self.clashes)
        self.body.addWidget(self.seen)
        self.seen.hide()

    def _listen(self) -> None:
        self._soon.timeout.connect(self._preview)
        for text in (self.title_line, self.address):
            text.textEdited.connect(self._soon.start)
        for few in (self.nature, self.urgency):
            few.chosen.connect(self._soon.start)
        for box in (self.hard, self.dispute, self.secret, self.legacy):
            box.toggled.connect(self._soon.start)
        for pick in (self.category, self.grid):
            pick.chosen.connect(self._soon.start)
        self.category.text_edited.connect(self._ask_category)
        self.grid.text_edited.connect(self._ask_grid)

    # --- filling

    def _opened(self, opened: Amendable) -> None:
        self._stored, self._opened_as = opened.form, opened
        for name, value in _values(opened).items():
            self._put(name, value)
        for name, control in self._controls().items():
            control.setEnabled(name in opened.editable)
        self._soon.stop()
        self.wait(False)

    def _put(self, name: str, value: Any) -> None:
        control = self._controls()[name]
        if isinstance(control, TypeAhead):
            control.put(_name_of(value), value)
        elif isinstance(control, QLineEdit):
            control.setText(value)
        elif isinstance(control, QCheckBox):
            control.setChecked(value)
        else:
            control.choose(value)

    def _value(self, name: str) -> Any:
        """What the control holds: a Pick, a text, a mark or a choice."""
        control = self._controls()[name]
        if isinstance(control, QLineEdit) and not isinstance(control, TypeAhead):
            return control.text()
        return control.isChecked() if isinstance(control, QCheckBox) else control.value

    def _controls(self) -> dict[str, Any]:
        return {
            "title": self.title_line, "nature": self.nature, "urgency": self.urgency,
            "category_code": self.category, "address": self.address, "grid_id": self.grid,
            "complex": self.hard, "dispute": self.dispute, "confidential": self.secret,
            "legacy_issue": self.legacy,
        }  # fmt: skip

    def _not_read(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.fail(error.text)

    # --- what it would change

    def form(self) -> AmendForm | None:
        """None when a category or grid is half typed: that is said beside it."""
        stored = self._stored
        if stored is None:
            return None
        category, grid = self.category.value, self.grid.value
        for line, name, picked in (
            (self.category, "category_code", category), (self.grid, "grid_id", grid),
        ):  # fmt: skip
            if line.text().strip() and not isinstance(picked, Pick):
                hint = self.tr("输入名称、拼音首字母或编码")
                self.fields[name].show_error(Invalid(self.tr("请从列表中选择"), hint, name))
                return None
        return replace(
            stored,
            title=self.title_line.text(),
            nature=self.nature.value or stored.nature,
            urgency=self.urgency.value or stored.urgency,
            category_code=category.code if isinstance(category, Pick) else "",
            address=self.address.text(),
            grid_id=int(grid.code) if isinstance(grid, Pick) else None,
            complex=self.hard.isChecked(),
            dispute=self.dispute.isChecked(),
            confidential=self.secret.isChecked(),
            legacy_issue=self.legacy.isChecked(),
            reason=self.reason.text(),
        )

    @Slot()
    def _preview(self) -> None:
        self.fields.clear_errors()
        form = self.form()
        if form is not None:
            read = partial(self._desk.preview, form)
            self._jobs.read(self, read, self._previewed, self._refused, key="preview")

    def _previewed(self, seen: AmendPreview) -> None:
        self.seen.setVisible(bool(seen.changes))
        self.changes.setText("；".join(str(change) for change in seen.changes))
        before, after = long_time(seen.due_before), long_time(seen.due_after)
        words = self.tr("办结时限不变：{0}").format(after)
        if seen.moves_limit:
            words = self.tr("办结时限 {0} → {1}").format(before, after)
        self.limit.setText(words)
        mark(self.seen, tone="warn" if seen.moves_limit else "neutral")
        self.lines.setText("　".join(seen.lines) if seen.moves_limit else "")
        self.lines.setVisible(seen.moves_limit)

    # --- choosing

    @Slot(str)
    def _ask_category(self, typed: str) -> None:
        done = partial(self._offer, self.category, typed)
        self._jobs.read(self, partial(self._desk.categories, typed), done, key="category")

    @Slot(str)
    def _ask_grid(self, typed: str) -> None:
        done = partial(self._offer, self.grid, typed)
        self._jobs.read(self, partial(self._desk.grids, typed), done, key="grid")

    def _offer(self, line: TypeAhead, typed: str, picks: tuple[Pick, ...]) -> None:
        line.set_suggestions([Suggestion(p.name, p, p.detail) for p in picks], typed)

    # --- somebody else corrected it meanwhile

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, Clashing):
            super()._refused(error)
            return
        self._clash = error
        read = partial(self._desk.open, self._case.row.id)
        self._jobs.read(self, read, self._meet, self._not_read, key="open")

    def _meet(self, now: Amendable) -> None:
        """What I did not touch becomes as it stands now, what I typed stays; both are shown where they clash."""
        form, stored, error = self.form(), self._stored, self._clash
        self.wait(False)
        if form is None or stored is None or error is None:
            return
        _together, clashing = merged(stored, form, now.form)
        theirs = _values(now)
        self._mine = {name: self._value(name) for name in clashing}
        for name, value in theirs.items():
            if getattr(form, name) == getattr(stored, name):
                self._put(name, value)
        self._stored, self._opened_as, self._clash = now.form, now, None
        pairs = [Pair(n, CAPTIONS[n], _words(self._mine[n]), _words(theirs[n])) for n in clashing]
        self.clashes.show_pairs(error.by, pairs)
        self._soon.start()

    @Slot(str, bool)
    def _clash_chosen(self, name: str, mine: bool) -> None:
        if self._opened_as is not None:
            self._put(name, self._mine[name] if mine else _values(self._opened_as)[name])
            self._soon.start()

    def work(self) -> Callable[[], Any] | None:
        form = self.form()
        if form is None:
            return None
        if self.clashes.open_names:
            self.fail(self.tr("请先逐项选定用哪一个"))
            self.clashes.choices[self.clashes.open_names[0]].setFocus()
            return None
        return partial(self._desk.amend, form, self._stored)

    def sentence(self, _result: Any) -> str:
        return self.tr("已更正　{0}").format(grouped_number(self._case.row.number))


def _values(opened: Amendable) -> dict[str, Any]:
    """Each fact as its control holds it."""
    form = opened.form
    values: dict[str, Any] = {name: getattr(form, name) for name in CAPTIONS}
    values["category_code"] = Pick(form.category_code, opened.category_path)
    values["grid_id"] = Pick(str(form.grid_id), opened.grid_name) if form.grid_id else None
    return values


def _name_of(pick: Pick | None) -> str:
    return pick.name.rsplit(" › ", 1)[-1] if pick is not None else ""


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Pick):
        return _name_of(value)
    return str(NATURE_NAMES.get(value) or URGENCY_NAMES.get(value) or value or "")
