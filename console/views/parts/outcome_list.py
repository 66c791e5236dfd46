"""Several work orders at once: what is ticked, and afterwards what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtWidgets import QWidget

from console.domain.desks import BulkResult
from console.domain.records import TicketRow
from console.theme import Tone
from console.views.parts.card import Card, label
from console.views.parts.clock import grouped_number
from console.views.parts.light_label import Mark, Shape
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView


@dataclass(frozen=True, slots=True)
class Outcome:
    """A ticked work order; `done` None until it was tried."""

    row: TicketRow
    done: bool | None = None
    words: str = ""

    @property
    def id(self) -> int:
        return self.row.id


class OutcomeList(Card):
    """`show_rows(rows)` before, `show_result(result, words)` after; one line a work order.

    A `narrow` one leaves the title to the tooltip: why it failed must be read without scrolling.
    """

    def __init__(self, title: str, narrow: bool = False, parent: QWidget | None = None) -> None:
        self.summary = label("", "muted")
        super().__init__(title, self.summary, parent=parent)
        number = Column(self.tr("工单编号"), _number, Tone.MUTED, width=168, tip=_said)
        matter = Column(self.tr("事项"), _title)
        result = Column(self.tr("结果"), _mark, width=0 if narrow else 300, tip=_said)
        model = RecordTable([number, result] if narrow else [number, matter, result])
        self.table = TableView(model, title)
        model.setParent(self.table)
        self.table.setAccessibleName(title)
        self.body.setContentsMargins(1, 12, 1, 1)
        self.head.setContentsMargins(12, 0, 12, 0)
        self.body.addWidget(self.table, 1)
        self._outcomes: tuple[Outcome, ...] = ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        return self._outcomes

    def show_rows(self, rows: Sequence[TicketRow]) -> None:
        self._outcomes = tuple(Outcome(row) for row in rows)
        self._show(self.tr("{0} 件").format(len(rows)))

    def show_result(self, result: BulkResult, words: str) -> None:
        """`words` is what is said of those that went well."""
        failed = dict(result.failed)
        self._outcomes = tuple(
            replace(o, done=o.row.number in result.done, words=failed.get(o.row.number, words))
            for o in self._outcomes
        )
        summary = self.tr("成功 {0} 件").format(len(result.done))
        if result.failed:
            summary += self.tr("，未成功 {0} 件").format(len(result.failed))
        self._show(summary)

    def _show(self, summary: str) -> None:
        self.summary.setText(summary)
        self.table.show_rows(self._outcomes)


def _number(outcome: Outcome) -> str:
    return grouped_number(outcome.row.number)


def _title(outcome: Outcome) -> str:
    return outcome.row.title


def _said(outcome: Outcome) -> str:
    return "\n".join(filter(None, (outcome.row.title, outcome.words)))


def _mark(outcome: Outcome) -> Mark:
    if outcome.done is None:
        return Mark(Shape.DASH, Tone.MUTED, "待办理")
    shape, tone = (Shape.TICK, Tone.OK) if outcome.done else (Shape.SQUARE, Tone.BAD)
    return Mark(shape, tone, outcome.words)
