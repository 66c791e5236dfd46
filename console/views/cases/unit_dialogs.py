"""Beside the lead unit: 增派协办, 撤销协办, 抄告."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from console.domain.desks import UnitChoice
from console.domain.moves import MOVE_NAMES, Move
from console.domain.records import CaseFile
from console.domain.states import LIVE_ASSIGNMENTS, AssignmentKind
from console.jobs import Jobs
from console.views.cases.services import UnitDesk
from console.views.cases.write_dialog import WriteDialog
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead


class UnitDialog(WriteDialog):
    """A unit by name or initials; 增派协办 also takes what it is to do."""

    def __init__(
        self, jobs: Jobs, desk: UnitDesk, move: Move, case: CaseFile, parent: QWidget
    ) -> None:
        name = MOVE_NAMES[move]
        notes = self.tr("对方只需阅知，不承办；阅知后这里会写明")
        hint = notes if move is Move.NOTIFY else ""
        super().__init__(jobs, move, case, f"{name}　{case.row.title}", name, hint, parent=parent)
        self._desk = desk
        self.unit = TypeAhead(self.tr("名称或拼音首字母，如 qhjd"), name=self.tr("单位"))
        self.opinion = SnippetEdit(self.tr("协办意见"), 500, rows=2)
        self.fields = Fields(
            Field(self.tr("单位"), self.unit, "unit", required=True),
            Field(self.tr("协办意见"), self.opinion, "opinion", self.tr("写明要它做什么")),
        )
        self.body.addWidget(self.fields["unit"])
        if move is Move.ADD_CO_UNIT:
            self.body.addWidget(self.fields["opinion"])
        self.unit.text_edited.connect(self._ask)

    @Slot(str)
    def _ask(self, text: str) -> None:
        self.fields["unit"].clear_error()
        done = partial(self._show, text)
        self._jobs.read(self, partial(self._desk.units, text), done, key="unit")

    def _show(self, text: str, found: Sequence[UnitChoice]) -> None:
        self.unit.set_suggestions([Suggestion(u.name, u, u.reason, u.hint) for u in found], text)

    def work(self) -> Callable[[], Any]:
        row, chosen = self._case.row, self.unit.value
        unit_id = chosen.id if isinstance(chosen, UnitChoice) else None
        if self._move is Move.NOTIFY:
            return partial(self._desk.notify, row.id, unit_id, row.version)
        said = self.opinion.text
        return partial(self._desk.add_co_unit, row.id, unit_id, said, row.version)

    def sentence(self, _result: Any) -> str:
        words = self.tr("已抄告{0}") if self._move is Move.NOTIFY else self.tr("已增派{0}协办")
        return words.format(self.unit.text())


class DismissDialog(WriteDialog):
    """Which of the co-units, and why."""

    def __init__(self, jobs: Jobs, desk: UnitDesk, case: CaseFile, parent: QWidget) -> None:
        name = MOVE_NAMES[Move.DISMISS_CO_UNIT]
        hint = self.tr("该单位的协办到此结束，它下派的也一并结束")
        super().__init__(
            jobs, Move.DISMISS_CO_UNIT, case, f"{name}　{case.row.title}", name, hint, parent=parent
        )
        self._desk = desk
        self.unit = Segmented(co_units(case), self.tr("协办单位"))
        self.reason = SnippetEdit(self.tr("理由"), 500, rows=2)
        self.fields = Fields(
            Field(self.tr("协办单位"), self.unit, "unit", required=True),
            Field(self.tr("理由"), self.reason, "reason", required=True),
        )
        self.body.addWidget(self.fields["unit"])
        self.body.addWidget(self.fields["reason"])
        if len(co_units(case)) == 1:
            self.unit.choose(co_units(case)[0][0])

    def work(self) -> Callable[[], Any]:
        row = self._case.row
        return partial(
            self._desk.dismiss_co_unit, row.id, self.unit.value, self.reason.text, row.version
        )

    def sentence(self, _result: Any) -> str:
        name = dict(co_units(self._case)).get(self.unit.value, "")
        return self.tr("已撤销{0}协办").format(name)


def co_units(case: CaseFile) -> list[tuple[int, str]]:
    """The units that help now."""
    lines = (line for line in case.assignments if line.kind is AssignmentKind.CO)
    live = (line for line in lines if line.depth == 0 and line.state in LIVE_ASSIGNMENTS)
    return [(line.unit_id, line.unit) for line in live]
