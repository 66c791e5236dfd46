"""合并: which work order is the main one, from the likely ones or by number, with the facts side by side."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.domain.corrections import MainTicket, MergeOffer
from console.domain.errors import UserError
from console.domain.intake import DuplicateCard
from console.domain.moves import Move
from console.domain.numbering import TICKET_LENGTH
from console.domain.records import CaseFile
from console.domain.states import STATE_NAMES
from console.jobs import Jobs
from console.theme import mark
from console.views.cases.services import MergeDesk
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.card import label
from console.views.parts.clock import grouped_number, long_time
from console.views.parts.field import Field, Fields

LOOKED_UP_AFTER_MS = 250
ITEM = 46


class Facts(QFrame):
    """What sameness is judged by: title and place alone are not enough (peers 3, FixMyStreet)."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone="neutral")
        self.caption = label(caption, "caption")
        self.title = label("", "strong", wrap=True)
        self.where, self.words = label("", "muted", wrap=True), label("", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        for widget in (self.caption, self.title, self.where, self.words):
            column.addWidget(widget)
        column.addStretch(1)

    def show_facts(self, title: str, where: str, words: str) -> None:
        self.title.setText(title)
        self.where.setText(where)
        self.words.setText(words)


class MergeDialog(WriteDialog):
    """The callers of this one get a callback of their own on the main one; it can be undone exactly, whenever."""

    def __init__(self, jobs: Jobs, desk: MergeDesk, case: CaseFile, parent: QWidget) -> None:
        title = self.tr("合并　{0}").format(case.row.title)
        hint = self.tr("本单并入主工单；诉求人全部保留，各有各的回访，以后随时可以原样撤销合并")
        accept = self.tr("并入主工单")
        super().__init__(jobs, Move.MERGE, case, title, accept, hint, width=760, parent=parent)
        self._desk, self._main = desk, None
        self.number = QLineEdit()
        self.number.setPlaceholderText(self.tr("输入编号，或在下面选择"))
        self.likely = QListWidget()
        self.likely.setAccessibleName(self.tr("疑似同一事项"))
        self.likely.setMinimumHeight(2 * ITEM + 12)
        self.likely.setMaximumHeight(3 * ITEM + 12)
        mark(self.likely, kind="boxed")
        self.likely.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.likely.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.likely.setUniformItemSizes(True)
        self.mine, self.theirs = Facts(self.tr("本单")), Facts(self.tr("主工单"))
        self.fields = Fields(Field(self.tr("主工单"), self.number, "main_number", required=True))
        self._soon = QTimer(self, singleShot=True, interval=LOOKED_UP_AFTER_MS)
        self._fill_body()
        self.number.textEdited.connect(self._typed)
        self.likely.currentRowChanged.connect(self._picked)
        self._soon.timeout.connect(self._look_up)
        read = partial(desk.offer, case.row.id)
        jobs.read(self, read, self._offered, self._not_offered, key="likely")

    def _fill_body(self) -> None:
        self.body.addWidget(self.fields["main_number"])
        self.body.addWidget(self.likely)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.mine, 1)
        line.addWidget(self.theirs, 1)
        self.body.addLayout(line)
        row = self._case.row
        where = "　".join(filter(None, (STATE_NAMES[row.state], row.unit, self._case.address)))
        self.mine.show_facts(row.title, where, self._case.content)
        self.theirs.show_facts("", self.tr("还没有选择主工单"), "")

    def _offered(self, offer: MergeOffer) -> None:
        self.likely.clear()
        for card in offer.likely:
            item = QListWidgetItem(_words(card))
            item.setData(Qt.ItemDataRole.UserRole, card.number)
            item.setSizeHint(QSize(0, ITEM))
            item.setToolTip(_words(card))
            self.likely.addItem(item)
        self.likely.setVisible(bool(offer.likely))
        self.fields["main_number"].say(
            self.tr("疑似同一事项 {0} 件，下箭头选择").format(len(offer.likely))
            if offer.likely
            else self.tr("没有疑似同一事项的工单，可直接输入编号")
        )

    def _not_offered(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.fail(error.text)

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._main = None
        self.fields["main_number"].clear_error()
        if len("".join(filter(str.isdigit, text))) >= TICKET_LENGTH:
            self._soon.start()

    @Slot(int)
    def _picked(self, at: int) -> None:
        item = self.likely.item(at)
        if item is not None:
            self.number.setText(grouped_number(item.data(Qt.ItemDataRole.UserRole)))
            self._look_up()

    @Slot()
    def _look_up(self) -> None:
        read = partial(self._desk.main, self.number.text())
        self._jobs.read(self, read, self._found, self._refused, key="main")

    def _found(self, main: MainTicket) -> None:
        self._main = main
        people = self.tr("{0} 人反映").format(main.appellants)
        where = (STATE_NAMES[main.state], main.unit, main.place, people, long_time(main.at))
        self.theirs.show_facts(main.title, "　".join(filter(None, where)), main.content)

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Down and self.number.hasFocus() and self.likely.count():
            self.likely.setFocus(Qt.FocusReason.TabFocusReason)
            self.likely.setCurrentRow(0)
            return
        super().keyPressEvent(event)

    def work(self) -> Callable[[], Any] | None:
        if self._main is None and self.number.text().strip():
            # Typed and confirmed at once: the number is looked up before anything is written.
            self._look_up()
            return None
        row = self._case.row
        main_id = self._main.id if self._main is not None else None
        return partial(self._desk.merge, row.id, main_id, row.version)

    def sentence(self, _result: Any) -> str:
        number = grouped_number(self._main.number) if self._main is not None else ""
        return self.tr("已并入 {0}").format(number)


def _words(card: DuplicateCard) -> str:
    people = f"{card.appellants} 人反映"
    head = "　".join((grouped_number(card.number), card.title, STATE_NAMES[card.state], people))
    return f"{head}\n{'，'.join(card.reasons)}"
