"""Several work orders of 待派单 to one unit: ticked at the left, one result a line at the right."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.domain.desks import BulkResult
from console.theme import Tone
from console.views.dispatch.dispatch_form import DispatchCard
from console.views.dispatch.services import DispatchDesk
from console.views.parts.outcome_list import OutcomeList
from console.views.parts.queue_panel import QueuePanel


class BulkDispatch(QObject):
    """`send(work, done)` runs a write of the page; what failed stays ticked, so that it can be mended."""

    said = Signal(str, object)

    def __init__(
        self,
        desk: DispatchDesk,
        form: DispatchCard,
        panel: QueuePanel,
        send: Callable[[Any, Any], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk, self._form, self._panel, self._send = desk, form, panel, send
        self.list = OutcomeList(self.tr("批量派单"))
        self.list.hide()

    @property
    def is_open(self) -> bool:
        return not self.list.isHidden()

    def begin(self) -> None:
        """Show what is ticked now; results of an earlier try stay beside those that failed."""
        ticked = self._panel.table.records.checked()
        self.list.show()
        self.list.show_rows([waiting.row for waiting in ticked])
        self._form.start_many(len(ticked))

    def dispatch(self) -> None:
        rows = [outcome.row for outcome in self.list.outcomes if not outcome.done]
        if not rows:
            return
        forms = tuple(self._form.form(row.id, row.version) for row in rows)
        if forms[0].unit_id is None:
            self._form.fields["unit"].show_error(self.tr("请选择主办单位 输入名称或拼音首字母"))
            self._form.focus_first()
            return
        self._send(partial(self._desk.dispatch_many, forms), self._dispatched)

    def _dispatched(self, result: BulkResult) -> None:
        values = self._form.values()
        unit = values.unit[1] if values.unit else ""
        self.list.show_result(result, self.tr("已派给{0}").format(unit))
        self._keep_failed(result)
        tone = Tone.WARN if result.failed else Tone.OK
        words = self.tr("已派单 {0} 件，{1} 件未派出，原因见列表")
        plain = self.tr("已派单 {0} 件")
        said = words if result.failed else plain
        self.said.emit(said.format(len(result.done), len(result.failed)), tone)

    def _keep_failed(self, result: BulkResult) -> None:
        numbers = {number for number, _why in result.failed}
        records = self._panel.table.records
        records.blockSignals(True)
        records.check(outcome.id for outcome in self.list.outcomes if outcome.row.number in numbers)
        records.blockSignals(False)
        self._panel.table.viewport().update()
