"""专项活动 as tick boxes, two levels, many at once; those the words point to say so."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from console.domain.tallies import CampaignChoice
from console.views.parts.card import label
from console.views.parts.flow import Flow


class CampaignPicker(QWidget):
    """`show_choices(choices)`; `codes` are the ticked ones in order. `changed()` when the operator ticks."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[str, QCheckBox] = {}
        self.setAccessibleName(self.tr("专项活动"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    @property
    def first(self) -> QWidget | None:
        return next(iter(self._boxes.values()), None)

    def show_choices(self, choices: Sequence[CampaignChoice]) -> None:
        """One line a top campaign with its children; the plain ones together in the last."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = {choice.code: self._box(choice) for choice in choices}
        parents = {choice.parent for choice in choices if choice.parent}
        plain = [c for c in choices if not c.parent and c.name not in parents]
        for parent in (c for c in choices if c.name in parents and not c.parent):
            family = [parent, *(c for c in choices if c.parent == parent.name)]
            self._column.addWidget(Flow(*(self._boxes[c.code] for c in family), gap=14))
        if plain:
            self._column.addWidget(Flow(*(self._boxes[c.code] for c in plain), gap=14))
        if not choices:
            self._column.addWidget(label(self.tr("现行政策包没有专项活动"), "muted"))

    def _box(self, choice: CampaignChoice) -> QCheckBox:
        words = self.tr("{0}（建议）").format(choice.name) if choice.suggested else choice.name
        box = QCheckBox(words)
        box.setChecked(choice.chosen)
        box.setAccessibleName(choice.path)
        font = box.font()
        font.setBold(choice.suggested)
        box.setFont(font)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.toggled.connect(self._ticked)
        return box

    @Slot(bool)
    def _ticked(self, _on: bool) -> None:
        self.changed.emit()
