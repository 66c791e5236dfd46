"""Right: what the program knows about the matter: whose grid, what was suggested and why, what is alike."""

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from console.domain.intake import DuplicateCard, IntakeForm, PlaceAnswer, Suggested
from console.domain.numbering import TICKET_LENGTH
from console.domain.records import GridOwner
from console.domain.states import NATURE_NAMES, STATE_NAMES
from console.theme import Tone
from console.views.intake.pick_list import Line, ListCard, PickList
from console.views.parts.card import label, row
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number, short_time
from console.views.parts.key_cap import KeyButton, KeyCap

_NUMBER = re.compile(rf"(?<!\d)\d{{{TICKET_LENGTH}}}(?!\d)")


class PlaceCard(ListCard):
    """Whose grid: found, several to ask about, or outside. `owner_picked(GridOwner)` of several candidates."""

    owner_picked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        self.rule_chip = Chip()
        self.key = KeyCap("Alt+G")
        self.present = Chip()
        aside = row(self.present, self.rule_chip, self.key, spacing=6)
        super().__init__(self.tr("网格归属"), aside)
        self.path, self.rule = label("", "strong", wrap=True), label("", "muted", wrap=True)
        self.ask = label("", "strong", wrap=True, tone="warn")
        self.people = _People()
        self.duty = Chip()
        self.duty_row = row(self.duty, None)
        self.roster = label("", "", wrap=True)
        self.candidates = PickList(self.tr("可能的网格"))
        self.pad(self.path, self.ask)
        self.add(self.candidates)
        self.pad(self.people, self.duty_row, self.roster, self.rule)
        self.candidates.picked.connect(self.owner_picked)
        self.candidates.left.connect(self.left)
        self.show_answer(PlaceAnswer())

    def show_answer(self, answer: PlaceAnswer, asked: bool = False) -> None:
        """`asked` when a place was given: then nothing found means outside."""
        owner = answer.owner
        if owner is not None:
            self._show_owner(owner, answer)
        elif answer.candidates:
            self._show_candidates(answer)
        else:
            self._show_outside(answer, asked)

    def _show_owner(self, owner: GridOwner, answer: PlaceAnswer) -> None:
        self.rule_chip.say(answer.confidence or self.tr("已定位"), Tone.ACCENT)
        rule = answer.rule or owner.rule
        neighbour = self.tr("相邻：{0}").format(answer.neighbour) if answer.neighbour else ""
        self._say(owner.path, rule="　".join(filter(None, (rule, neighbour))), ask=answer.ask)
        self.people.show_owner(owner)
        # That somebody is there is two words beside the title; that nobody is, is a line to be read.
        self.present.say(self.tr("在岗") if owner.on_duty else "", Tone.OK)
        self.duty.say("" if owner.on_duty else self.tr("今日不在岗，联系指导员"), Tone.WARN)
        self.duty_row.setVisible(not owner.on_duty)
        self.roster.setText(owner.roster)
        self.roster.setToolTip(self.tr("今日值班"))
        self.roster.setVisible(bool(owner.roster))

    def _show_candidates(self, answer: PlaceAnswer) -> None:
        self.rule_chip.say(self.tr("{0} 处可能").format(len(answer.candidates)), Tone.WARN)
        # Each line says its own rule; what was understood tells whether the question is the right one.
        rule = self._understood(answer) or answer.rule
        self._say("", rule=rule, ask=answer.ask or self.tr("请问是哪一处？"))
        self.key.show()
        self.candidates.show_lines(
            [
                Line(owner.path, owner, owner.rule, key=str(at))
                for at, owner in enumerate(answer.candidates[:9], 1)
            ]
        )

    def _show_outside(self, answer: PlaceAnswer, asked: bool) -> None:
        self.rule_chip.say(self.tr("网格外") if asked else "", Tone.WARN)
        words = answer.rule or self.tr("不在本市网格内，或地址还不够具体。") if asked else ""
        hint = (
            self.tr("可照常登记，由派单员定位；按 F11 可在地图上选点。") if asked else answer.rule
        )
        has = self.tr("登记的有：{0}").format(answer.neighbour) if answer.neighbour else ""
        known = (self._understood(answer), has, hint or self.tr("填写何地后显示网格与负责人。"))
        self._say(words, rule="\n".join(filter(None, known)), ask=answer.ask)

    def _understood(self, answer: PlaceAnswer) -> str:
        return (
            self.tr("认出：{0}").format(" · ".join(answer.recognised)) if answer.recognised else ""
        )

    def _say(self, path: str, rule: str, ask: str) -> None:
        for part, words in ((self.path, path), (self.rule, rule), (self.ask, ask)):
            part.setText(words)
            part.setVisible(bool(words))
        self.people.hide()
        self.duty.say("")
        self.present.say("")
        self.duty_row.hide()
        self.roster.hide()
        self.key.hide()
        self.candidates.show_lines(())

    def focus_candidates(self) -> bool:
        if self.candidates.lines:
            self.candidates.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(self.candidates.lines)


class _People(QWidget):
    """Leader, worker, instructor; masked as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._labels = [(label("", "muted"), label(""), label("")) for _ in range(3)]
        for at, parts in enumerate(self._labels):
            for column, part in enumerate(parts):
                self._grid.addWidget(part, at, column)

    def show_owner(self, owner: GridOwner) -> None:
        rows = (
            (self.tr("网格长"), owner.leader, owner.leader_phone),
            (self.tr("网格员"), owner.worker, owner.worker_phone),
            (self.tr("指导员"), owner.instructor, owner.instructor_phone),
        )
        for parts, words in zip(self._labels, rows, strict=True):
            for part, word in zip(parts, words, strict=True):
                part.setText(word)
                part.setVisible(bool(words[1]))
        self.setVisible(any(words[1] for words in rows))


class SuggestionCard(ListCard):
    """What the program would choose and why; another category is one pick away. `category_picked(Choice)`.

    A work order named as a reason can be opened: `number_opened(str)`.
    """

    category_picked = Signal(object)
    number_opened = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(self.tr("建议"))
        self.lines = tuple(_Reasoned(name) for name in self._names())
        self.or_else = label(self.tr("也可能是"), "caption")
        self.others = PickList(self.tr("其他分类"))
        self.pad(*self.lines, self.or_else)
        self.add(self.others)
        self.others.picked.connect(self.category_picked)
        self.others.left.connect(self.left)
        for line in self.lines:
            line.reason.linkActivated.connect(self.number_opened)
        self.show_suggested(Suggested())

    def _names(self) -> tuple[str, ...]:
        return self.tr("性质"), self.tr("分类"), self.tr("单位")

    def show_suggested(self, found: Suggested) -> None:
        rows = (
            (NATURE_NAMES[found.nature] if found.nature else "", found.nature_reason),
            (found.category.text if found.category else "", found.category_reason),
            # Without a unit the reason says what is still missing.
            (found.unit.text if found.unit else "", found.unit_reason),
        )
        for line, (words, reason) in zip(self.lines, rows, strict=True):
            line.say(words, reason)
        self.others.show_lines(
            [Line(choice.text, choice, choice.detail) for choice in found.others[:3]]
        )
        self.or_else.setVisible(bool(found.others))
        self.setVisible(any(any(row) for row in rows) or bool(found.others))


class _Reasoned(QWidget):
    """What is suggested in strong letters, why below it in quiet ones; both may need several lines."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.value, self.reason = label("", "strong", wrap=True), label("", "muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(name, "muted"), 0, 0, 2, 1, top)
        grid.addWidget(self.value, 0, 1)
        grid.addWidget(self.reason, 1, 1)

    def say(self, words: str, reason: str) -> None:
        self.value.setText(words)
        self.reason.setTextFormat(Qt.TextFormat.RichText)
        self.reason.setText(_with_links(reason))
        for part, text in ((self.value, words), (self.reason, reason)):
            part.setVisible(bool(text))
        self.setVisible(bool(words or reason))


def _with_links(reason: str) -> str:
    """What a citizen said stays plain text; only numbers of work orders can be followed."""
    return _NUMBER.sub(
        lambda found: f'<a href="{found[0]}">{found[0]}</a>',
        escape(reason, quote=False),
    )


class DuplicatesCard(ListCard):
    """F7: likely the same matter, facts side by side; `joined(DuplicateCard)` by Enter or the button."""

    joined = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        self.count = label("", "muted")
        super().__init__(self.tr("疑似同一事项"), row(self.count, KeyCap("F7"), spacing=6))
        self._form: IntakeForm | None = None
        self.list = PickList(self.tr("疑似同一事项"), picks_on_click=False)
        self.facts = _SideBySide()
        self.join_button = KeyButton(self.tr("并入这件，保留本来电人"), "Enter")
        self.join_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.join_row = row(self.join_button)
        self.add(self.list)
        self.pad(self.facts, self.join_row)
        self.list.picked.connect(self.joined)
        self.list.moved.connect(self._show_facts)
        self.list.left.connect(self.left)
        self.join_button.clicked.connect(self._join)
        self.show_duplicates((), None)

    def show_duplicates(self, found: Sequence[DuplicateCard], form: IntakeForm | None) -> None:
        self._form = form
        self.count.setText(self.tr("{0} 件").format(len(found)))
        self.list.show_lines([_duplicate_line(card) for card in found[:5]])
        self.facts.hide()
        self.join_row.hide()
        self.setVisible(bool(found))
        if self.list.hasFocus() and self.list.current is not None:
            self._show_facts(self.list.current.value)

    def focus_list(self) -> bool:
        """False when there is nothing alike."""
        if self.list.lines:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(self.list.lines)

    @Slot(object)
    def _show_facts(self, card: DuplicateCard) -> None:
        if self._form is not None:
            self.facts.show_pair(self._form, card)
            self.join_row.show()

    @Slot()
    def _join(self) -> None:
        if self.list.current is not None:
            self.joined.emit(self.list.current.value)


class _SideBySide(QWidget):
    """This call and the earlier report, fact by fact."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        heads = ("", self.tr("本来电"), self.tr("已有工单"))
        names = (
            self.tr("事项"),
            self.tr("地点"),
            self.tr("时间"),
            self.tr("承办"),
            self.tr("依据"),
        )
        self._cells = [(label("", wrap=True), label("", wrap=True)) for _ in names]
        for column, words in enumerate(heads):
            self._grid.addWidget(label(words, "caption"), 0, column)
        for at, (name, cells) in enumerate(zip(names, self._cells, strict=True), 1):
            self._grid.addWidget(label(name, "muted"), at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(
                cells[0], at, 1, 1, 2 if name == names[-1] else 1, Qt.AlignmentFlag.AlignTop
            )
            if name != names[-1]:
                self._grid.addWidget(cells[1], at, 2, Qt.AlignmentFlag.AlignTop)

    def show_pair(self, form: IntakeForm, card: DuplicateCard) -> None:
        pairs = (
            (form.title or form.content[:25], card.title),
            (form.address.strip() or self.tr("未填"), card.place or self.tr("未填")),
            (form.occurred or self.tr("现在来电"), short_time(card.at)),
            (
                dict(form.screen).get("unit") or self.tr("未定"),
                f"{card.unit} {STATE_NAMES[card.state]}".strip(),
            ),
            ("；".join(card.reasons), ""),
        )
        for cells, words in zip(self._cells, pairs, strict=True):
            for cell, word in zip(cells, words, strict=True):
                cell.setText(word)
        self.show()


def _duplicate_line(card: DuplicateCard) -> Line:
    callers = f" · {card.appellants}人反映" if card.appellants > 1 else ""
    detail = f"{short_time(card.at)}{callers} · {'；'.join(card.reasons)}"
    return Line(
        card.title or grouped_number(card.number),
        card,
        detail,
        f"相似 {card.score}",
        Tone.WARN,
        strong=True,
    )
