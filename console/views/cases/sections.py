"""The parts of a case that are read: facts, result and public reply apart, checks and callbacks."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from console.domain.records import CallbackLine, CaseFile, HandlingResult
from console.domain.states import CHANNEL_NAMES, SATISFACTION_NAMES
from console.theme import mark
from console.views.parts.card import label
from console.views.parts.clock import grouped_number, long_time, short_time

Pairs = Iterable[tuple[str, str]]


class FactGrid(QWidget):
    """Caption and value, one pair a line or two where there is room; empty values are left out."""

    TWO_FROM = 560

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: tuple[tuple[str, str], ...] = ()
        self._sides = 1
        self._lines: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)

    def show_pairs(self, pairs: Pairs) -> None:
        found = tuple(pair for pair in pairs if pair[1])
        if found != self._pairs:
            self._pairs = found
            self._fill()
        self.setVisible(bool(found))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        sides = 2 if event.size().width() >= self.TWO_FROM else 1
        if sides != self._sides:
            self._sides = sides
            self._fill()

    def _fill(self) -> None:
        """Lines once made are used again: a case is opened many times a minute."""
        for side in range(2):
            self._grid.setColumnStretch(side * 2 + 1, 1 if side < self._sides else 0)
        while len(self._lines) < len(self._pairs):
            self._lines.append((label("", "muted"), label("", wrap=True)))
            self._lines[-1][1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for at, widgets in enumerate(self._lines):
            for widget in widgets:
                self._grid.removeWidget(widget)
                # Never while it lies in no layout yet: shown then, it would be a window of its own.
                if at >= len(self._pairs):
                    widget.hide()
        for at, pair in enumerate(self._pairs):
            self._put(at, *pair)

    def _put(self, at: int, caption: str, words: str) -> None:
        line, side = divmod(at, self._sides)
        left, right = self._lines[at]
        left.setText(caption)
        right.setText(words)
        right.setAccessibleName(f"{caption} {words}")
        self._grid.addWidget(left, line, side * 2, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(right, line, side * 2 + 1, Qt.AlignmentFlag.AlignTop)
        left.show()
        right.show()


class ReplyBox(QFrame):
    """A caption and a text on its own ground; `tone` ok for what the citizen may read."""

    def __init__(self, caption: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="strip", tone=tone)
        self.words = label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(2)
        column.addWidget(label(caption, "caption"))
        column.addWidget(self.words)

    def show_words(self, words: str) -> None:
        self.words.setText(words)
        self.setVisible(bool(words))


class ResultBox(QWidget):
    """What the unit found and did; what the public may read stands apart from the internal note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.public = ReplyBox(self.tr("公开答复"), "ok")
        self.inside = ReplyBox(self.tr("内部办理情况（不对外）"), "neutral")
        self.facts = FactGrid()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.public, self.inside, self.facts):
            column.addWidget(widget)

    def show_result(self, result: HandlingResult | None) -> None:
        self.setVisible(result is not None)
        if result is None:
            return
        self.public.show_words(result.public_reply)
        self.inside.show_words(result.internal_note)
        self.facts.show_pairs(self._pairs(result))

    def _pairs(self, result: HandlingResult) -> Pairs:
        contact = self.tr("{0} 联系 {1}").format(
            long_time(result.contacted_at), result.contact_number
        )
        appeal = {True: self.tr("属实"), False: self.tr("不属实"), None: ""}[result.true_appeal]
        return (
            (self.tr("承办人"), f"{result.unit}　{result.handler}"),
            (
                self.tr("解决情况"),
                "　".join(filter(None, (result.resolution, result.unresolved_reason))),
            ),
            (
                self.tr("核实"),
                "　".join(
                    filter(None, (appeal, self.tr("超出职责") if result.beyond_duty else ""))
                ),
            ),
            (self.tr("联系"), contact if result.contacted else self.tr("没有联系记录")),
            (self.tr("原因"), result.cause),
            (self.tr("措施"), result.measures),
            (self.tr("承诺"), f"{result.promise}　{long_time(result.promise_due)}".strip()),
            (self.tr("回复时间"), long_time(result.replied_at)),
        )


class CaseFacts(FactGrid):
    """What is known beside the content."""

    def show_case(self, case: CaseFile, split_from: str = "", merged: Sequence[str] = ()) -> None:
        origin = (
            (self.tr("拆自"), grouped_number(split_from)),
            (self.tr("并入的工单"), "、".join(_whole(number) for number in merged)),
        )
        self.show_pairs((*self._matter(case), *self._flow(case), *origin))

    def _matter(self, case: CaseFile) -> Pairs:
        grid = case.grid
        place = f"{grid.path}（{grid.rule}）" if grid and grid.rule else grid.path if grid else ""
        leader = " ".join(filter(None, (grid.leader, grid.leader_phone))) if grid else ""
        return (
            (self.tr("希望"), case.wanted),
            (self.tr("地点"), case.address),
            (self.tr("网格"), place),
            (self.tr("网格长"), leader),
            (self.tr("发生时间"), case.occurred),
            (self.tr("分类"), " › ".join(case.category_path)),
        )

    def _flow(self, case: CaseFile) -> Pairs:
        origin = (CHANNEL_NAMES[case.row.channel], case.agent, long_time(case.created_at))
        dispatched = (case.dispatcher, long_time(case.dispatched_at), case.dispatch_opinion)
        reply = self.tr("诉求人要求回复") if case.reply_wanted else self.tr("诉求人不要求回复")
        return (
            (self.tr("来源"), "　".join(filter(None, origin))),
            (self.tr("派单"), "　".join(filter(None, dispatched))),
            (self.tr("办结时限"), long_time(case.finish_due)),
            (self.tr("回复"), reply),
            (self.tr("保密原因"), case.confidential_reason),
            (self.tr("重复于"), grouped_number(case.repeat_of)),
            (self.tr("已合并到"), grouped_number(case.merged_into)),
            (self.tr("查询码"), case.lookup_code),
            (self.tr("归档号"), case.archive_no),
        )


def _whole(number: str) -> str:
    """A number that is not broken at the end of a line."""
    return grouped_number(number).replace(" ", "\u00a0")


def callback_sentence(line: CallbackLine) -> str:
    """One attempt in one sentence."""
    whom = f"{line.who}　" if line.who else ""
    head = f"{whom}第{line.attempt}次　{short_time(line.at)}　{line.revisitor}"
    if not line.reached:
        return f"{head}　未接通：{line.not_reached}"
    rating = SATISFACTION_NAMES[line.satisfaction] if line.satisfaction else ""
    hotline = SATISFACTION_NAMES[line.hotline_satisfaction] if line.hotline_satisfaction else ""
    parts = (
        line.resolution,
        f"对承办单位{rating}" if rating else "",
        f"对热线{hotline}" if hotline else "",
        line.dissatisfied_reason,
        line.comment,
    )
    return "　".join(filter(None, (head, *parts)))
