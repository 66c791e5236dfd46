"""上报事项 on one screen: where, what, pictures, and whether it is done (field-facts Y5, Y13, K10)."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from console.domain.errors import InvalidForm
from console.domain.reporting import CategoryChoice, GridChoice, ReportForm
from console.domain.states import URGENCY_NAMES, Urgency
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.local_files import local_lines
from console.views.inbox.phrases import Phrases
from console.views.parts.card import column, scrolled
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead

MOST_OFFERED = 8
PICTURES = ("before", "after")
LOOK_AFTER_MS = 400


class ReportPanel(FormPanel):
    """`place_given(text)` a moment after the place was typed: whose grid is it?"""

    name = "report"
    wide = True
    place_given = Signal(str)

    def __init__(self) -> None:
        super().__init__(self.tr("上报事项"), self.tr("上报"))
        self.hint.setText(self.tr("能现场办的现场办结，办不了的上报热线，编号不变"))
        self._grids: tuple[GridChoice, ...] = ()
        self._categories: tuple[CategoryChoice, ...] = ()
        self._key, self._photos = "", {"before": (), "after": ()}
        self._least = 0
        self._make()
        self.fields = Fields(
            Field(self.tr("地点"), self.place, "place", required=True),
            Field(self.tr("网格"), self.grid, "grid_id", required=True),
            Field(self.tr("事项类别"), self.category, "category_code", required=True),
            Field(self.tr("紧急程度"), self.urgency, "urgency"),
            Field(self.tr("情况说明"), self.content, "content", required=True),
            Field(self.tr("怎么办"), self.settled, "settled", required=True),
            Field(self.tr("处置结果"), self.result, "result", required=True),
        )
        self._arrange()
        self._connect()

    def _make(self) -> None:
        self.place = QLineEdit()
        self.place.setPlaceholderText(self.tr("路名门牌，或小区楼栋；店名也写上"))
        self.grid = TypeAhead(self.tr("名称或拼音首字母，↓ 看全部"), name=self.tr("网格"))
        self.category = TypeAhead(self.tr("名称或拼音首字母"), name=self.tr("事项类别"))
        self.urgency = Segmented(
            [(urgency, words) for urgency, words in URGENCY_NAMES.items()], self.tr("紧急程度")
        )
        self.content = SnippetEdit(self.tr("情况说明"), 2000, rows=3)
        self.content.setPlaceholderText(self.tr("什么事、多久了、影响到谁"))
        self.settled = Segmented(
            [(True, self.tr("现场办结（小事）")), (False, self.tr("上报热线（大事）"))],
            self.tr("怎么办"),
        )
        self.result = SnippetEdit(self.tr("处置结果"), 1000, rows=2)
        self.result.setPlaceholderText(self.tr("怎么处理的，现在怎样，当事人怎么说"))
        self.phrases = Phrases(
            self.result,
            (
                self.tr("已当场清理干净。"),
                self.tr("已劝离，当事人答应不再占道。"),
                self.tr("已联系物业当场修好。"),
            ),
        )
        self.evidence = EvidenceBox(
            {"before": self.tr("处置前照片"), "after": self.tr("处置后照片")}
        )
        self._look = QTimer(self, singleShot=True, interval=LOOK_AFTER_MS)

    def _arrange(self) -> None:
        f = self.fields
        inner = QWidget()
        sides = QHBoxLayout(inner)
        sides.setContentsMargins(0, 0, 6, 0)
        sides.setSpacing(20)
        found = column(
            f["place"],
            f["grid_id"],
            f["category_code"],
            f["urgency"],
            f["content"],
            None,
            spacing=10,
        )
        done = column(f["settled"], f["result"], self.phrases, self.evidence, None, spacing=10)
        sides.addWidget(found, 1)
        sides.addWidget(done, 1)
        self.body.addWidget(scrolled(inner), 1)

    def _connect(self) -> None:
        self.place.textEdited.connect(self._place_typed)
        self._look.timeout.connect(self._place_said)
        self.grid.text_edited.connect(self._offer_grids)
        self.category.text_edited.connect(self._offer_categories)
        self.category.chosen.connect(self._category_chosen)
        self.settled.chosen.connect(self._follow)
        self.result.textChanged.connect(self._count_result)
        self.evidence.added.connect(self._add)
        self.evidence.removed.connect(self._remove)
        self.watch(
            self.place,
            self.grid,
            self.category,
            self.urgency,
            self.content,
            self.settled,
            self.result,
        )

    # Choices

    def set_grids(self, grids: Sequence[GridChoice]) -> None:
        """With only one grid there is nothing to choose; of several the reporter's own comes first."""
        self._grids, untouched = tuple(grids), self.is_empty
        if self._usual is not None and self.grid.value is None:
            self._take_grid(self._usual)
            if untouched:
                self._fresh = self.values()

    @property
    def _usual(self) -> GridChoice | None:
        only = self._grids if len(self._grids) == 1 else [g for g in self._grids if g.own]
        return only[0] if only else None

    def set_least(self, characters: int) -> None:
        """How long a result must be: said before it is written, not when it is refused."""
        self._least = characters
        self._count_result()

    @Slot()
    def _count_result(self) -> None:
        there, field = len(self.result.text.strip()), self.fields["result"]
        if there < self._least:
            words = self.tr("{0} / 至少 {1} 字") if there else self.tr("至少 {1} 字")
            field.say(words.format(there, self._least), "warn" if there else "")
        else:
            field.say(self.tr("{0} 字").format(there) if there else "")

    def set_categories(self, categories: Sequence[CategoryChoice]) -> None:
        self._categories = tuple(categories)

    def show_place(self, asked: str, found: Sequence[GridChoice]) -> None:
        """What the address book says; one grid is taken, of several the operator chooses."""
        if asked != self.place.text():
            return
        if len(found) == 1:
            self._take_grid(found[0])
        elif len(found) > 1:
            self.fields["grid_id"].say(
                self.tr("可能在 {0} 个网格，请选").format(len(found)), "warn"
            )
        elif len(self._grids) > 1 and self.grid.value is None:
            self.fields["grid_id"].say(self.tr("按地点查不到，请选网格"))

    def _take_grid(self, grid: GridChoice) -> None:
        self.grid.put(grid.path, grid)
        self.fields["grid_id"].say(grid.rule)

    @Slot(str)
    def _offer_grids(self, typed: str) -> None:
        found = [g for g in self._grids if _fits(typed, g.path, g.initials)]
        offers = [Suggestion(g.path, g) for g in found[:MOST_OFFERED]]
        self.grid.set_suggestions(offers, typed)

    @Slot(str)
    def _offer_categories(self, typed: str) -> None:
        found = [c for c in self._categories if _fits(typed, c.path, c.initials)]
        found.sort(key=partial(_distance, typed))
        offers = [Suggestion(c.name, c, c.path) for c in found[:MOST_OFFERED]]
        self.category.set_suggestions(offers, typed)

    @Slot(object)
    def _category_chosen(self, category: CategoryChoice | None) -> None:
        if category is not None:
            self.fields["category_code"].say(category.path)
            self.urgency.choose(category.urgency)

    @Slot()
    def _place_typed(self) -> None:
        self._look.start()

    @Slot()
    def _place_said(self) -> None:
        if self.place.text().strip():
            self.place_given.emit(self.place.text())

    @Slot()
    def _follow(self) -> None:
        """A result and pictures of afterwards only for what is done."""
        done = bool(self.settled.value)
        self.fields["result"].setVisible(done)
        self.phrases.setVisible(done)
        self.evidence.zones["after"].setVisible(done)
        self.accept_words = self.tr("现场办结") if done else self.tr("上报")

    # Pictures, not stored before the report is sent

    @Slot(str, object)
    def _add(self, kind: str, paths: Sequence[Path]) -> None:
        self._photos[kind] = tuple(dict.fromkeys((*self._photos[kind], *paths)))
        self._show_photos()
        self.edited.emit()

    @Slot(int)
    def _remove(self, number: int) -> None:
        paths = [(kind, path) for kind, these in self._photos.items() for path in these]
        kind, gone = paths[number]
        self._photos[kind] = tuple(path for path in self._photos[kind] if path != gone)
        self._show_photos()
        self.edited.emit()

    def _show_photos(self) -> None:
        self.evidence.show_files(local_lines(self._photos), False)

    # Values

    def begin_report(self, kept: ReportForm | None) -> None:
        """A new report, or the one that was being written."""
        self.clear_errors()
        self.put(ReportForm(key=uuid4().hex))
        if self._usual is not None:
            self._take_grid(self._usual)
        self._fresh = self.values()
        if kept is not None:
            self.put(kept)

    def values(self) -> ReportForm:
        grid, category = self.grid.value, self.category.value
        return ReportForm(
            key=self._key,
            place=self.place.text(),
            grid_id=grid.id if grid is not None else None,
            category_code=category.code if category is not None else "",
            content=self.content.text,
            urgency=self.urgency.value or Urgency.NORMAL,
            settled=self.settled.value,
            result=self.result.text,
            before=self._photos["before"],
            after=self._photos["after"],
        )

    def to_send(self) -> ReportForm:
        """A matter pushed up has no result and no pictures of afterwards, whatever was typed before."""
        form = self.values()
        if form.settled:
            return form
        return ReportForm(
            form.key, form.place, form.grid_id, form.category_code, form.content, form.urgency,
            form.settled, before=form.before,
        )  # fmt: skip

    def put(self, values: ReportForm) -> None:
        self._key = values.key
        self.place.setText(values.place)
        grid = next((g for g in self._grids if g.id == values.grid_id), None)
        self.grid.put(grid.path if grid else "", grid)
        category = next((c for c in self._categories if c.code == values.category_code), None)
        self.category.put(category.name if category else "", category)
        self.fields["category_code"].say(category.path if category else "")
        self.urgency.choose(values.urgency)
        self.content.put(values.content)
        self.settled.choose(values.settled)
        self.result.put(values.result)
        self._photos = {"before": values.before, "after": values.after}
        self._show_photos()
        self._follow()

    def show_error(self, error: Exception) -> Exception | None:
        rest = super().show_error(error)
        faults = error.faults if isinstance(error, InvalidForm) else ()
        for fault in faults:
            if fault.field in PICTURES:
                self.evidence.show_error(fault.field, fault.text)
        if len(faults) > 1:
            self.say(self.tr("还有 {0} 处要补充，已在各栏下注明").format(len(faults)))
        return rest

    def clear_errors(self) -> None:
        super().clear_errors()
        for kind in PICTURES:
            self.evidence.show_error(kind, "")

    def first_field(self) -> QWidget:
        return self.place


def _distance(typed: str, category: CategoryChoice) -> int:
    """What begins as typed comes before what only has it somewhere inside."""
    text = typed.strip().lower()
    starts = (category.name.lower(), *category.initials.split())
    return 0 if any(each.startswith(text) for each in starts) else 1


def _fits(typed: str, words: str, initials: str) -> bool:
    text = typed.strip().lower()
    return not text or text in words.lower() or any(text in each for each in initials.split())
