"""The case above, the form of the pile below; the line between them can be moved."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from console.views.dispatch.bench import Bench

GREEDY = 100_000


class WorkSpace(QWidget):
    """`share(bench, low)` after every change of pile or height."""

    def __init__(
        self,
        case: QWidget,
        many: QWidget,
        cards: tuple[QWidget, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parting = QSplitter(Qt.Orientation.Vertical)
        self._parting.setChildrenCollapsible(False)
        self._parting.setHandleWidth(12)
        for widget in (case, many, *cards):
            self._parting.addWidget(widget)
        self._parting.setStretchFactor(0, 1)
        self._parting.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._parting)

    def share(self, bench: Bench, low: bool) -> None:
        """The form takes what it needs, the case all the rest; replies get some lines more where there is room."""
        widgets = [self._parting.widget(at) for at in range(self._parting.count())]
        if low or not bench.more:
            self._parting.setSizes([GREEDY if at < 2 else 0 for at in range(len(widgets))])
            return
        need = bench.card.minimumSizeHint().height() + bench.more
        rest = max(1, self._parting.height() - need)
        self._parting.setSizes(
            [
                need if widget is bench.card else rest if at < 2 else 0
                for at, widget in enumerate(widgets)
            ]
        )
