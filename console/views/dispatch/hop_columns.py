"""Every return of a work order, one column each: who, why, on what ground, and what the centre said."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.court import Hop
from console.theme import Tone, mark
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import short_time

# Three quiet lines under the head; longer grounds and the centre's words take one more each.
LEAST, HEIGHT, LINE = 208, 100, 20
LONG = 22


class HopColumns(QScrollArea):
    """`show_hops(hops)`; the one still to be decided stands out. Scrolls sideways beyond what fits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hops: tuple[Hop, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("历次退单"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setProperty("kind", "clear")
        self.setFixedHeight(HEIGHT)

    def show_hops(self, hops: Sequence[Hop]) -> None:
        self.setVisible(bool(hops))
        if tuple(hops) == self._hops and self.widget() is not None:
            return
        self._hops = tuple(hops)
        inner = QWidget()
        inner.setProperty("kind", "clear")
        line = QHBoxLayout(inner)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for hop in self._hops:
            line.addWidget(self._column(hop), 1)
        self.setWidget(inner)
        more = any(hop.opinion for hop in self._hops) + any(
            len(h.sentence) > LONG for h in self._hops
        )
        self.setFixedHeight(HEIGHT + LINE * more)
        said = (f"第{h.number}次 {h.unit} {h.sentence} {_verdict(h)}" for h in self._hops)
        self.setAccessibleDescription("；".join(said))

    def _column(self, hop: Hop) -> QWidget:
        box = QFrame()
        mark(box, kind="strip", tone="warn" if hop.is_open else "neutral")
        box.setMinimumWidth(LEAST)
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 7, 10, 7)
        column.setSpacing(3)
        column.addLayout(self._head(hop))
        ground = label(hop.sentence, wrap=True)
        ground.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(ground)
        source = self.tr("目录依据") if hop.from_catalogue else self.tr("单位自填依据")
        should = self.tr("建议由{0}承办").format(hop.suggested) if hop.suggested else ""
        column.addWidget(label("　".join(filter(None, (source, should))), "muted", wrap=True))
        when = f"{hop.asked_by}　{short_time(hop.asked_at)}"
        column.addWidget(label(when, "muted"))
        if hop.opinion:
            column.addWidget(label(self.tr("中心：{0}").format(hop.opinion), wrap=True))
        column.addStretch(1)
        return box

    def _head(self, hop: Hop) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(label(self.tr("第{0}次").format(hop.number), "muted"))
        head.addWidget(label(hop.unit, "strong"), 1)
        tones = {True: Tone.BAD, False: Tone.OK}
        tone = Tone.WARN if hop.is_open else tones.get(bool(hop.granted), Tone.NEUTRAL)
        head.addWidget(Chip(_verdict(hop), tone))
        return head


def _verdict(hop: Hop) -> str:
    if hop.is_open:
        return "待裁定"
    return {None: "单位撤回", True: "已退回", False: "未同意"}[hop.granted]
