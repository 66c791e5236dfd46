"""The conditions above the list; every one in sight says what it does to it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from console.domain.orders import PERIOD_NAMES, Criteria, Period, Pick, Stage, Whose
from console.domain.states import (
    CHANNEL_NAMES,
    NATURE_NAMES,
    PLATFORM_NAMES,
    Channel,
    Nature,
    Platform,
)
from console.views.orders.filter_chip import FilterChip
from console.views.orders.saved_filters import SavedFilters
from console.views.parts.flow import Flow
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented
from console.views.parts.type_ahead import Suggestion, TypeAhead

TYPED_AFTER_MS = 250


class FilterBar(Flow):
    """`changed(Criteria)` after every change by the operator; `put` fills it in from outside without a word."""

    changed = Signal(object)
    units_wanted = Signal(str)
    categories_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(gap=8, parent=parent)
        self._criteria, self._filling = Criteria(), False
        whose = (
            (Whose.ALL, self.tr("全部")),
            (Whose.MINE, self.tr("我的")),
            (Whose.UNIT, self.tr("本单位")),
        )
        self.whose = Segmented(whose, self.tr("谁的工单"), numbers=False)
        self.period = FilterChip(self.tr("时间"), _menu(PERIOD_NAMES, one=True))
        self.lit = FilterChip(self.tr("黄灯与红灯"))
        self.natures = FilterChip(self.tr("性质"), _menu(NATURE_NAMES))
        self.channels = FilterChip(self.tr("渠道"), _menu(CHANNEL_NAMES))
        self.platforms = FilterChip(self.tr("平台"), _menu(PLATFORM_NAMES))
        # Chosen in the table of campaigns; here it is seen and taken away.
        self.campaign = FilterChip(self.tr("专项活动"))
        self.category = _line(self.tr("分类"), 104)
        self.unit = _line(self.tr("承办单位"), 112)
        self.text = QLineEdit()
        self.saved = SavedFilters()
        self.clear_button = KeyButton(self.tr("清除条件"), kind="quiet")
        self._typed = QTimer(self, singleShot=True, interval=TYPED_AFTER_MS)
        self._lay_out()
        self._connect()
        self.put(self._criteria)

    def _lay_out(self) -> None:
        self.text.setPlaceholderText(self.tr("标题、内容、地址、工单号"))
        self.text.setAccessibleName(self.tr("查找文字"))
        self.text.setClearButtonEnabled(True)
        self.text.setFixedWidth(190)
        self.add(
            self.whose, self.period, self.lit, self.natures, self.channels, self.platforms, self.campaign,
            self.unit, self.category, self.text, self.saved, self.clear_button,
        )  # fmt: skip

    def _connect(self) -> None:
        self.whose.chosen.connect(self._collect)
        self.lit.clicked.connect(self._light)
        self.campaign.clicked.connect(self._drop_campaign)
        for chip in (self.period, self.natures, self.channels, self.platforms):
            chip.menu.triggered.connect(self._collect)
        for line in (self.unit, self.category):
            line.chosen.connect(self._collect)
            line.textEdited.connect(self._let_go)
        self.unit.text_edited.connect(self.units_wanted)
        self.category.text_edited.connect(self.categories_wanted)
        self.text.textChanged.connect(self._typed.start)
        self.text.returnPressed.connect(self._collect)
        self._typed.timeout.connect(self._collect)
        self.clear_button.clicked.connect(self.clear)
        self.saved.picked.connect(self._take)

    @property
    def criteria(self) -> Criteria:
        return self._criteria

    def put(self, criteria: Criteria) -> None:
        """Show conditions that came from a counter, a saved filter, or another page."""
        self._filling = True
        self._criteria = criteria
        self.whose.choose(criteria.whose)
        self.lit.setChecked(criteria.stage is Stage.LIT)
        self.period.show_value(
            "" if criteria.period is Period.NOW else PERIOD_NAMES[criteria.period]
        )
        self._check(self.period, (criteria.period,))
        self._check(self.natures, criteria.natures)
        self._check(self.channels, criteria.channels)
        self._check(self.platforms, criteria.platforms)
        self.platforms.show_value(_some(PLATFORM_NAMES, criteria.platforms))
        self.campaign.show_value(criteria.campaign_name)
        self.campaign.setVisible(bool(criteria.campaign))
        self.natures.show_value(_some(NATURE_NAMES, criteria.natures))
        self.channels.show_value(_some(CHANNEL_NAMES, criteria.channels))
        self._put_pick(self.unit, criteria.unit_code, criteria.unit_name)
        self._put_pick(self.category, criteria.category, criteria.category_name)
        if self.text.text().strip() != criteria.text:
            self.text.setText(criteria.text)
        self._typed.stop()
        self.saved.show_current(criteria)
        self.clear_button.setVisible(criteria.filters > 0)
        self._filling = False

    def offer_units(self, typed: str, picks: Iterable[Pick]) -> None:
        self.unit.set_suggestions([Suggestion(p.name, p, p.detail) for p in picks], typed)

    def offer_categories(self, typed: str, picks: Iterable[Pick]) -> None:
        self.category.set_suggestions([Suggestion(p.name, p, p.detail) for p in picks], typed)

    @Slot()
    def clear(self) -> None:
        """No condition any more; stage and order stay."""
        before = self._criteria
        self._take(Criteria(stage=before.stage, sort=before.sort, reverse=before.reverse))

    def _take(self, criteria: Criteria) -> None:
        if criteria != self._criteria:
            self.put(criteria)
            self.changed.emit(criteria)

    @Slot()
    def _light(self) -> None:
        stage = Stage.LIT if self.lit.isChecked() else Stage.OPEN
        self._take(replace(self._criteria, stage=stage))

    @Slot()
    def _drop_campaign(self) -> None:
        self._take(replace(self._criteria, campaign="", campaign_name=""))

    @Slot()
    def _let_go(self) -> None:
        """An emptied field is no condition; half a name is none either until it is chosen."""
        line = self.sender()
        if isinstance(line, TypeAhead) and not line.text():
            self._collect()

    @Slot()
    def _collect(self) -> None:
        if self._filling:
            return
        unit, category = self._pick_in(self.unit), self._pick_in(self.category)
        periods = self._checked(self.period)
        made = replace(
            self._criteria,
            whose=self.whose.value,
            period=Period(periods[0]) if periods else Period.NOW,
            natures=tuple(map(Nature, self._checked(self.natures))),
            channels=tuple(map(Channel, self._checked(self.channels))),
            platforms=tuple(map(Platform, self._checked(self.platforms))),
            unit_code=unit.code,
            unit_name=unit.name,
            category=category.code,
            category_name=category.name,
            text=self.text.text().strip(),
        )
        self._take(made)

    @staticmethod
    def _pick_in(line: TypeAhead) -> Pick:
        return line.value if isinstance(line.value, Pick) else Pick("", "")

    @staticmethod
    def _put_pick(line: TypeAhead, code: str, name: str) -> None:
        if not code and line.hasFocus() and line.value is None:
            # Being typed in: not a condition yet, and not to be wiped out under the hands.
            return
        line.put(name, Pick(code, name) if code else None)

    @staticmethod
    def _checked(chip: FilterChip) -> list[str]:
        # Qt hands a string enum back as a plain string.
        return [action.data() for action in chip.menu.actions() if action.isChecked()]

    @staticmethod
    def _check(chip: FilterChip, values: Iterable[StrEnum]) -> None:
        wanted = {str(value) for value in values}
        for action in chip.menu.actions():
            action.setChecked(str(action.data()) in wanted)


def _menu(names: Mapping[Any, str], one: bool = False) -> QMenu:
    """A menu of ticks; with `one` only one of them."""
    menu = QMenu()
    group = QActionGroup(menu)
    group.setExclusive(one)
    for value, words in names.items():
        action = QAction(words, menu, checkable=True)
        action.setData(value)
        group.addAction(action)
        menu.addAction(action)
    return menu


def _some(names: Mapping[Any, str], values: Iterable[Any]) -> str:
    words = [names[value] for value in values]
    return "、".join(words) if len(words) < 3 else f"{words[0]}等{len(words)}项"


def _line(caption: str, width: int) -> TypeAhead:
    line = TypeAhead(caption, name=caption)
    line.setFixedWidth(width)
    line.setClearButtonEnabled(True)
    return line
