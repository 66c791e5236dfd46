"""Left: what is looked for, or one of the editors' lists, and what was found."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from console.domain.knowledge import PILE_NAMES, STANDING_NAMES, EntryLine, Pile, Standing
from console.theme import Tone
from console.views.parts.card import Card, column, label, row
from console.views.parts.key_cap import KeyButton, KeyCap
from console.views.parts.pile_bar import PileBar
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.parts.type_ahead import TypeAhead

TONES: dict[Standing, Tone] = {
    Standing.DRAFT: Tone.MUTED,
    Standing.REVIEW: Tone.ACCENT,
    Standing.FUTURE: Tone.ACCENT,
    Standing.IN_FORCE: Tone.OK,
    Standing.EXPIRED: Tone.WARN,
    Standing.REPLACED: Tone.MUTED,
    Standing.WITHDRAWN: Tone.BAD,
}


class SearchBox(TypeAhead):
    """`stepped(rows)`: up and down move in what was found while the typing goes on."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and not self.is_open:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class FindingPanel(Card):
    """`asked(words)` as it is typed, `pile_chosen(Pile or None)`, `opened(EntryLine)` on Enter.

    The first of what was found is shown at once: whoever talks to a caller does not leave the line he types in.
    """

    asked = Signal(str)
    pile_chosen = Signal(object)
    picked = Signal(object)
    entered = Signal()

    def __init__(self, piles: Sequence[Pile], new: KeyButton | None = None) -> None:
        super().__init__(padding=1, spacing=0)
        self._piles: tuple[Pile | None, ...] = (None, *piles)
        self.setAccessibleName(self.tr("知识库"))
        self.box = SearchBox(self.tr("问什么：字词、拼音首字母"), free=True, name=self.tr("查知识"))
        self.total = label("", "muted")
        self.tabs = PileBar()
        for pile in self._piles:
            self.tabs.addTab(PILE_NAMES[pile] if pile else self.tr("查找"))
        self.tabs.setVisible(len(self._piles) > 1)
        self.table = TableView(RecordTable(_columns()))
        self.table.setAccessibleName(self.tr("知识条目"))
        self.table.setSortingEnabled(False)
        head = row(label(self.tr("知识库"), "title"), KeyCap("F6"), None, *((new,) if new else ()))
        top = column(head, self.box, self.tabs, row(self.total, None), spacing=8)
        top.layout().setContentsMargins(12, 10, 12, 8)
        self.body.addWidget(top)
        self.body.addWidget(self.table, 1)
        self._connect()

    def _connect(self) -> None:
        self.box.text_edited.connect(self._typed)
        self.box.entered.connect(self._enter)
        self.box.stepped.connect(self._step)
        self.tabs.currentChanged.connect(self._chosen)
        self.table.selected.connect(self.picked)
        self.table.opened.connect(self._enter)

    @property
    def pile(self) -> Pile | None:
        return self._piles[self.tabs.currentIndex()]

    def focus_box(self) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def ask(self, words: str) -> None:
        """Look for this, from elsewhere."""
        self.tabs.setCurrentIndex(0)
        self.box.put(words)
        self.asked.emit(words)

    @Slot()
    def next_pile(self) -> None:
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + 1) % len(self._piles))

    def show_lines(self, lines: Sequence[EntryLine], keep: bool = False) -> None:
        """The first is current at once; with `keep` the one that was, if it is still there."""
        before = self.table.current if keep else None
        self.table.show_rows(lines)
        if lines and (before is None or not self.table.select_id(before.id)):
            self.table.selectRow(0)
        self.total.setText(self.tr("{0} 条").format(len(lines)) if lines else "")
        self._say_empty()

    def show_counts(self, counts: dict[Pile, int]) -> None:
        for at, pile in enumerate(self._piles):
            if pile is not None:
                count = counts.get(pile, 0)
                self.tabs.setTabText(
                    at, f"{PILE_NAMES[pile]} {count}" if count else PILE_NAMES[pile]
                )

    def _say_empty(self) -> None:
        if self.pile is not None:
            self.table.empty.say(self.tr("这里没有条目"), self.tr("Ctrl+Tab 看下一堆"))
        elif self.box.text():
            words = self.tr("换个说法再查；查不到的，办结后可提出知识条目")
            self.table.empty.say(self.tr("没有查到"), words)
        else:
            self.table.empty.say(self.tr("还没有知识条目"))
        self.table.empty.setVisible(not self.table.records.rowCount())

    @Slot(str)
    def _typed(self, words: str) -> None:
        if self.tabs.currentIndex():
            self.tabs.blockSignals(True)
            self.tabs.setCurrentIndex(0)
            self.tabs.blockSignals(False)
        self.asked.emit(words)

    @Slot(int)
    def _chosen(self, _at: int) -> None:
        self.pile_chosen.emit(self.pile)

    @Slot(int)
    def _step(self, rows: int) -> None:
        at = max(0, min(self.table.currentIndex().row() + rows, self.table.records.rowCount() - 1))
        self.table.selectRow(at)

    @Slot()
    def _enter(self, *_what: object) -> None:
        if self.table.current is not None:
            self.entered.emit()


def _columns() -> list[Column]:
    return [
        Column("条目", _title, bold=True, tip=_tip),
        Column("责任单位", _unit, width=104, tip=_unit),
        Column("状态", _state, tone=_tone, width=84),
    ]


def _title(line: EntryLine) -> str:
    return line.title


def _tip(line: EntryLine) -> str:
    return f"{line.title}\n{line.short_answer}"


def _unit(line: EntryLine) -> str:
    return line.unit


def _state(line: EntryLine) -> str:
    if line.complaints:
        return f"反馈 {line.complaints}"
    return STANDING_NAMES[line.standing]


def _tone(line: EntryLine) -> Tone | None:
    return Tone.WARN if line.complaints else TONES[line.standing]


__all__ = ["TONES", "FindingPanel"]
