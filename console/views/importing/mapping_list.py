"""Which column feeds which field: one line a field, with what stands in the column."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QScrollArea, QWidget

from console.domain.importing.fields import Field as ImportField
from console.domain.importing.fields import Kind
from console.domain.importing.preview import example
from console.domain.importing.records import Columns, Source, letters
from console.theme import mark
from console.views.parts.card import label

_NONE = -1
_EXAMPLE = 14


def _rank(columns: Columns, field: ImportField) -> int:
    mapped = columns.columns.get(field.name, _NONE) >= 0
    return 0 if field.required else 1 if mapped else 2


class ColumnChoice(QComboBox):
    """A column of the file. The wheel scrolls the list, it does not change a choice unseen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)

    def wheelEvent(self, event) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class MappingList(QScrollArea):
    """`edited()` when the operator chooses another column."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.choices: dict[str, ColumnChoice] = {}
        self._examples: dict[str, QWidget] = {}
        self._source: Source | None = None
        self._kind: Kind | None = None
        self._defaults: Mapping[str, str] = {}

    def show_mapping(self, kind: Kind, source: Source, columns: Columns) -> None:
        """Fill anew; nothing is emitted."""
        self._kind, self._source = kind, source
        self._defaults = columns.defaults
        self.choices, self._examples = {}, {}
        inner = QWidget()
        inner.setProperty("kind", "clear")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        names = [
            f"{letters(at)}　{h or self.tr('（无表头）')}" for at, h in enumerate(source.headers)
        ]
        # What must be said and what was found come first; the rest is there to be chosen.
        ranked = sorted(kind.fields, key=partial(_rank, columns))
        for line, field in enumerate(ranked):
            choice = ColumnChoice()
            choice.setAccessibleName(field.title)
            choice.addItem(self.tr("（不导入）"), _NONE)
            for at, name in enumerate(names):
                choice.addItem(name, at)
            choice.setCurrentIndex(columns.columns.get(field.name, _NONE) + 1)
            words = label("", "muted")
            grid.addWidget(label(field.label, "strong" if field.required else ""), line, 0)
            grid.addWidget(choice, line, 1)
            grid.addWidget(words, line, 2)
            self.choices[field.name], self._examples[field.name] = choice, words
            self._show_example(field.name)
            choice.currentIndexChanged.connect(self._changed)
        grid.setRowStretch(len(kind.fields), 1)
        self.setWidget(inner)

    @property
    def columns(self) -> Columns:
        found: Mapping[str, int] = {name: box.currentData() for name, box in self.choices.items()}
        return Columns(dict(found), self._defaults)

    def clear(self) -> None:
        """No file, no columns."""
        self.choices, self._examples, self._source = {}, {}, None
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()

    @Slot()
    def _changed(self) -> None:
        for name in self.choices:
            self._show_example(name)
        self.edited.emit()

    def _show_example(self, name: str) -> None:
        if self._kind is None or self._source is None:
            return
        field, at = self._kind.field(name), self.choices[name].currentData()
        words = example(self._source, at, field) if at >= 0 else ""
        lacking = field.required and at < 0
        shown = self.tr("必填，请选一列") if lacking else words
        cut = shown if len(shown) <= _EXAMPLE else f"{shown[: _EXAMPLE - 1]}…"
        self._examples[name].setText(cut)
        self._examples[name].setToolTip(shown)
        mark(self._examples[name], tone="bad" if lacking else "")
