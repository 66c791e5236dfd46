"""One row in full width: facts, family, history, visits; what can be done with it on top."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from console.domain.registers.kinds import Register
from console.domain.registers.life import LIFE_NAMES
from console.domain.registers.records import RegisterCard, Relative
from console.theme import Tone
from console.views.parts.card import Card, label, scrolled
from console.views.parts.chip import Chip
from console.views.parts.clock import long_time
from console.views.parts.empty_state import EmptyState
from console.views.registers.action_row import ActionRow
from console.views.registers.card_pages import (
    inspections_page,
    page_grid,
    posts_page,
    selectable,
    tab_words,
)
from console.views.registers.looks import due_mark, fresh_mark

BASE, FAMILY, HISTORY, VISITS = range(4)


class CardView(Card):
    """`show_card(card)`, `show_full(values)`, `clear_card()`. `wanted(register, id)` when a relative is pressed."""

    wanted = Signal(object, int)

    def __init__(
        self, actions: tuple[tuple[QAction, str], ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(padding=0, spacing=8, parent=parent)
        self.setAccessibleName(self.tr("登记卡片"))
        self.card: RegisterCard | None = None
        self._full: dict[str, str] = {}
        self.heading, self.line = label("", "big", wrap=True), label("", "muted", wrap=True)
        self.state, self.fresh = Chip("", Tone.WARN), Chip("", Tone.OK)
        self.tabs, self.stack = QTabBar(), QStackedWidget()
        self.buttons = ActionRow(actions)
        self.empty = EmptyState(
            self.tr("选一条登记"), self.tr("↑↓ 在左边选，回车打开"), glyph="fa6s.address-card"
        )
        self._lay_out()
        self.clear_card()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.heading, 1)
        for chip in (self.state, self.fresh):
            head.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
        self.body.setContentsMargins(12, 10, 1, 1)
        self.top = QWidget()
        column = QVBoxLayout(self.top)
        column.setContentsMargins(0, 0, 11, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.line)
        column.addSpacing(4)
        column.addWidget(self.buttons)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(self.tr("卡片的四页"))
        for words in tab_words(None):
            self.tabs.addTab(words)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        self.body.addWidget(self.top)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.empty, 1)

    def clear_card(self) -> None:
        self.card, self._full = None, {}
        for widget in (self.top, self.tabs, self.stack):
            widget.hide()
        self.empty.show()

    def show_card(self, card: RegisterCard) -> None:
        """Values shown in full go when another row is opened or this one changed."""
        same = self.card is not None and (self.card.register, self.card.id) == (
            card.register,
            card.id,
        )
        if not same or (self.card is not None and self.card.version != card.version):
            self._full = {}
        self.card = card
        self.heading.setText(card.title)
        self.line.setText(card.subtitle)
        self.state.say(card.state if card.state != "在册" else "")
        mark = fresh_mark(card.checked)
        self.fresh.say(str(mark), mark.tone if not isinstance(mark, str) else Tone.OK)
        self.empty.hide()
        for widget in (self.top, self.tabs, self.stack):
            widget.show()
        self._fill(card)

    def show_full(self, values: dict[str, str]) -> None:
        self._full = values
        if self.card is not None:
            self._fill(self.card)

    @property
    def shows_full(self) -> bool:
        return bool(self._full)

    def _fill(self, card: RegisterCard) -> None:
        at = max(0, self.tabs.currentIndex())
        for index, words in enumerate(tab_words(card)):
            self.tabs.setTabText(index, words)
            self.tabs.setTabVisible(index, bool(words))
        at = at if self.tabs.isTabVisible(at) else BASE
        while self.stack.count():
            old = self.stack.widget(0)
            self.stack.removeWidget(old)
            old.deleteLater()
        for page in (
            self._facts(card),
            self._family(card),
            self._history(card),
            self._visits(card),
        ):
            self.stack.addWidget(scrolled(page))
        self.tabs.setCurrentIndex(at)
        self.stack.setCurrentIndex(at)

    # --- pages

    def _facts(self, card: RegisterCard) -> QWidget:
        page, grid = page_grid()
        for at, fact in enumerate(card.facts):
            full = self._full.get(fact.name) if fact.private else None
            words = fact.shown if full is None else full or self.tr("（未填）")
            value = selectable(words, "strong" if full else "")
            grid.addWidget(label(fact.title, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, at, 1)
        grid.setRowStretch(len(card.facts), 1)
        return page

    def _family(self, card: RegisterCard) -> QWidget:
        if card.register is Register.STAFF:
            return posts_page(card)
        page, grid = page_grid()
        if not card.relatives:
            grid.addWidget(label(self.tr("没有登记同户或同住的人"), "muted"), 0, 0, 1, 2)
        for at, one in enumerate(card.relatives):
            grid.addWidget(self._link(one), at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label(one.detail, "muted", wrap=True), at, 1)
        grid.setRowStretch(len(card.relatives) + 1, 1)
        return page

    def _link(self, one: Relative) -> QPushButton:
        button = QPushButton(one.title)
        button.setProperty("kind", "quiet")
        button.setProperty("goes", (one.register.value, one.id))
        button.setAccessibleName(f"{one.title} {one.detail}")
        button.clicked.connect(self._go)
        return button

    @Slot()
    def _go(self) -> None:
        register, row_id = self.sender().property("goes")
        self.wanted.emit(Register(register), row_id)

    def _history(self, card: RegisterCard) -> QWidget:
        page, grid = page_grid()
        lines = [
            (f"{one.on_day}", f"{LIFE_NAMES[one.kind]}　{one.reason}", one.by) for one in card.life
        ]
        for change in card.history:
            moved = (
                f"{change.before or '—'} → {change.after or '—'}"
                if change.before or not change.after
                else change.after
            )
            lines.append((long_time(change.at), f"{change.title}：{moved}", change.by))
        if not lines:
            grid.addWidget(label(self.tr("还没有变更记录"), "muted"), 0, 0, 1, 2)
        for at, (when, what, who) in enumerate(lines):
            grid.addWidget(label(when, "muted"), 2 * at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(selectable(what), 2 * at, 1)
            grid.addWidget(label(who, "muted"), 2 * at + 1, 1)
        grid.setRowStretch(2 * len(lines) + 1, 1)
        return page

    def _visits(self, card: RegisterCard) -> QWidget:
        if card.register is Register.ENTERPRISES:
            return inspections_page(card)
        page, grid = page_grid()
        at = 0
        for plan in card.members:
            words = f"{plan.group_class}　每 {plan.interval_days} 天　{plan.worker}"
            light = due_mark(plan.due, plan.words)
            grid.addWidget(Chip(light.words, light.tone), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(selectable(words, "strong"), at, 1)
            at += 1
        for visit in card.visits:
            met = "" if visit.met else self.tr("（未见到）")
            told = "；".join(
                filter(None, (visit.condition, visit.wants and f"诉求：{visit.wants}"))
            )
            grid.addWidget(label(long_time(visit.at), "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(selectable(f"{visit.visitor}{met}　{told}"), at, 1)
            at += 1
        if not at:
            grid.addWidget(label(self.tr("不在走访名单里"), "muted"), 0, 0, 1, 2)
        grid.setRowStretch(at + 1, 1)
        return page
