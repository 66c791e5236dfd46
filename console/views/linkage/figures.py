"""Both centres' counts of a period: six figures with 环比 and 同比, and the diverted share with its formula."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from console.domain.linkage import FIGURE_NAMES, SPAN_NAMES, Span, Statement
from console.theme import mark
from console.views.parts.card import Card, label
from console.views.parts.segmented import Segmented

_FLAT = ("—", "持平")


class Figure(QWidget):
    """One count: the number, what it counts, how it moved."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.name = label("…", "big"), label(name, "muted")
        self.moved = label("", "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.number, 0, 0)
        grid.addWidget(self.name, 0, 1, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self.moved, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_figure(self, number: int, change: str, yearly: str) -> None:
        self.number.setText(f"{number:,}")
        self.moved.setText(self.tr("环比 {0}　同比 {1}").format(change, yearly))
        self.setAccessibleName(f"{self.name.text()} {number}，{self.moved.text()}")


class FigureStrip(Card):
    """`show_statement(statement)`; `span_chosen(Span)` when another period is asked for."""

    span_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=10, spacing=6, parent=parent)
        self.setAccessibleName(self.tr("双向转办统计"))
        self.span = Segmented(list(SPAN_NAMES.items()), self.tr("统计时段"), numbers=False)
        self.span.choose(Span.DAY)
        self.figures = {name: Figure(words) for name, words in FIGURE_NAMES}
        self.formula = label("", "muted")
        self.others = label("", "muted")
        self._lay_out()
        self.span.chosen.connect(self._chosen)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.span, 0, Qt.AlignmentFlag.AlignTop)
        for at, figure in enumerate(self.figures.values()):
            if at in (0, 3):
                line.addWidget(_upright())
            line.addWidget(figure)
            line.addStretch(1)
        self.body.addLayout(line)
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.formula)
        foot.addStretch(1)
        foot.addWidget(self.others)
        self.body.addLayout(foot)

    def show_statement(self, made: Statement) -> None:
        if made.span is not self.span.value:
            return
        for name, figure in self.figures.items():
            figure.show_figure(made.number(name), made.change(name), made.yearly(name))
        self.formula.setText(f"{made.formula}　　{made.share_of_all}")
        self.others.setText(self.tr("另转 119、120、122 共 {0} 件").format(made.now.others))
        self.formula.setToolTip(
            self.tr("{0:%Y-%m-%d %H:%M} 起").format(made.window.start.astimezone())
        )

    @Slot(object)
    def _chosen(self, span: Span) -> None:
        self.span_chosen.emit(span)


def _upright() -> QFrame:
    made = QFrame()
    mark(made, kind="rule")
    made.setFixedWidth(1)
    made.setMaximumHeight(10_000)
    made.setStyleSheet("max-height: 44px; min-height: 44px;")
    return made
