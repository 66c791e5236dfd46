"""One version to be read out: the short answer large, everything behind it below, its history at the end."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from console.domain.knowledge import (
    OPINION_NAMES,
    STANDING_NAMES,
    EntryFile,
    Opinion,
    OpinionLine,
    VersionLine,
    date_words,
)
from console.theme import Tone
from console.views.knowledge.finding_panel import TONES
from console.views.knowledge.opinion_box import OpinionBox
from console.views.parts.card import Card, column, label, row, scrolled
from console.views.parts.chip import Chip
from console.views.parts.clock import short_time
from console.views.parts.empty_state import EmptyState

_MOST_OPINIONS, _MOST_VERSIONS = 20, 20


class EntryCard(Card):
    """`show_file(EntryFile or None)`; `buttons` go under the answer, `foot` below, both made by the page."""

    def __init__(self, buttons: Sequence[QWidget], foot: QWidget) -> None:
        super().__init__(padding=16, spacing=12)
        self.setAccessibleName(self.tr("知识条目"))
        self.file: EntryFile | None = None
        self.name = label("", "title", wrap=True)
        self.standing, self.version, self.used = Chip(), Chip(tone=Tone.MUTED), label("", "muted")
        self.note = label("", "strong", wrap=True, tone="warn")
        self.answer = label("", "big", wrap=True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.opinion = OpinionBox()
        self.more = label("", wrap=True)
        self.more.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts, self.opinions, self.history = _Rows(90), _Rows(150), _Rows(150)
        self.heads = [label(words, "caption") for words in self._captions()]
        self.foot = foot
        self.empty = EmptyState(
            self.tr("选一条知识查看"),
            self.tr("打字查找，用上下键选择，答案会在这里打开"),
            glyph="fa6s.book-open",
        )
        self._lay_out(buttons)
        self.show_file(None)

    def _captions(self) -> tuple[str, str, str]:
        return self.tr("详细说明"), self.tr("反馈"), self.tr("版本")

    def _lay_out(self, buttons: Sequence[QWidget]) -> None:
        said = QFrame()
        said.setProperty("kind", "strip")
        said.setProperty("tone", "accent")
        inner = QVBoxLayout(said)
        inner.setContentsMargins(16, 14, 16, 14)
        inner.addWidget(self.answer)
        parts = [said, row(*buttons, None), self.opinion, self.facts]
        for head, part in zip(self.heads, (self.more, self.opinions, self.history), strict=True):
            parts += [head, part]
        self.sheet = scrolled(column(*parts, None, spacing=12))
        self.head = column(
            self.name, row(self.standing, self.version, self.used, None), self.note, spacing=6
        )
        self.add(self.head, self.sheet, self.foot, self.empty)
        self.body.setStretchFactor(self.sheet, 1)
        self.body.setStretchFactor(self.empty, 1)

    def show_file(self, file: EntryFile | None) -> None:
        before, self.file = self.file, file
        for part in (self.head, self.sheet, self.foot):
            part.setVisible(file is not None)
        self.empty.setVisible(file is None)
        if file is None:
            return
        if before is None or before.id != file.id:
            self.opinion.done()
            self.sheet.verticalScrollBar().setValue(0)
        self.name.setText(file.text.title)
        self.standing.say(STANDING_NAMES[file.standing], TONES[file.standing])
        self.version.say(self.tr("第 {0} 版").format(file.version))
        self.used.setText(self.tr("用过 {0} 次").format(file.hits))
        self.note.setText(file.note)
        self.note.setVisible(bool(file.note))
        self.answer.setText(file.text.short_answer)
        self.facts.show_rows(self._facts(file))
        self._show_below(file)

    def _show_below(self, file: EntryFile) -> None:
        self.more.setText(file.text.long_answer)
        self.opinions.show_rows(list(map(_opinion, file.opinions[:_MOST_OPINIONS])))
        self.history.show_rows(list(map(_version, file.versions[:_MOST_VERSIONS])))
        shown = (file.text.long_answer, file.opinions, file.versions)
        for head, part, there in zip(
            self.heads, (self.more, self.opinions, self.history), shown, strict=True
        ):
            head.setVisible(bool(there))
            part.setVisible(bool(there))

    def _facts(self, file: EntryFile) -> list[tuple[str, str]]:
        text = file.text
        due = date_words(file.review_due) if file.review_due else self.tr("现在")
        reviewed = self.tr("{0} {1}，下次 {2}")
        seen = file.reviewed_on
        made = {
            self.tr("依据"): text.basis,
            self.tr("责任单位"): text.responsible_unit,
            self.tr("适用范围"): text.region,
            self.tr("有效期"): file.validity or self.tr("长期"),
            self.tr("分类"): file.category,
            self.tr("其他问法"): "；".join(filter(None, text.question_variants.split("\n"))),
            self.tr("复核"): reviewed.format(file.reviewer, date_words(seen), due) if seen else "",
            self.tr("来源工单"): file.proposed_from,
        }
        return [(caption, words.strip()) for caption, words in made.items() if words.strip()]


def _opinion(line: OpinionLine) -> tuple[str, str]:
    state = "" if line.kind is Opinion.USEFUL else "（已处理）" if line.settled else "（待处理）"
    words = f"{OPINION_NAMES[line.kind]}{state}　{line.text}".rstrip()
    return f"{line.by} {short_time(line.at)}", words


def _version(line: VersionLine) -> tuple[str, str]:
    who = f"{line.author} 写" if line.author else ""
    who += f"，{line.reviewer} 发布" if line.reviewer and line.author else ""
    lines = [f"{STANDING_NAMES[line.standing]}　{short_time(line.at)}　{who}".rstrip("　 ")]
    lines += [f"{c.caption}：{c.before or '（无）'} → {c.after or '（无）'}" for c in line.changes]
    return f"第 {line.version} 版", "\n".join(lines)


class _Rows(QWidget):
    """Captions at the left, words at the right, each as high as it needs."""

    def __init__(self, caption_width: int) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, caption_width)
        self._grid.setColumnStretch(1, 1)

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        top = Qt.AlignmentFlag.AlignTop
        for at, (caption, words) in enumerate(rows):
            self._grid.addWidget(label(caption, "muted"), at, 0, top)
            said = label(words, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(said, at, 1, top)
