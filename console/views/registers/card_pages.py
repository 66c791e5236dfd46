"""Pages of a card that only some registers have: a firm's inspections, a career."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QWidget

from console.domain.registers.inspections import InspectionLine, Recheck
from console.domain.registers.kinds import Register
from console.domain.registers.records import PostLine, RegisterCard
from console.theme import Tone
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.clock import long_time
from console.views.registers.looks import due_mark

# Firms, buildings and the skeleton have no family; nobody visits an office.
_PEOPLE = frozenset({Register.PERSONS, Register.HOUSEHOLDS, Register.HOUSES, Register.MEMBERS})
_VISITED = frozenset({Register.PERSONS, Register.MEMBERS})


def tab_words(card: RegisterCard | None) -> tuple[str, str, str, str]:
    """What the four tabs of this card say; one that says nothing is not there."""
    if card is None:
        return "基本", "家庭", "历史", "走访"
    second, third = ("家庭", len(card.relatives)), ("走访", len(card.members) + len(card.visits))
    if card.register is Register.STAFF:
        second = ("任职", len(card.posts))
    elif card.register not in _PEOPLE:
        second = ("", 0)
    if card.register is Register.ENTERPRISES:
        third = ("检查", len(card.inspections))
    elif card.register not in _VISITED:
        third = ("", 0)
    counted = (second, ("历史", len(card.history)), third)
    first, middle, last = (f"{name} {n}" if n and name else name for name, n in counted)
    return "基本", first, middle, last


def inspections_page(card: RegisterCard) -> QWidget:
    """Open hazards on top."""
    page, grid = page_grid()
    if not card.inspections:
        grid.addWidget(label("还没有检查记录，按 Ctrl+G 登记检查", "muted"), 0, 0, 1, 2)
    for at, one in enumerate(card.inspections):
        grid.addWidget(_standing(one), at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_inspection(one), at, 1)
    grid.setRowStretch(len(card.inspections) + 1, 1)
    return page


def _standing(one: InspectionLine) -> QWidget:
    if one.due is not None:
        light = due_mark(one.due, one.words)
        return Chip(light.words, light.tone)
    return Chip(one.words, Tone.OK if one.hazards else Tone.MUTED)


def _inspection(one: InspectionLine) -> QWidget:
    page, grid = page_grid()
    grid.setContentsMargins(0, 0, 0, 8)
    heads = [f"{long_time(one.at)}　{one.kind}　{one.inspector}"]
    if one.hazards:
        until = f"（限 {one.rectify_by} 前）" if one.rectify_by else ""
        heads.append(f"隐患：{one.hazards}{until if one.is_open else ''}")
    if one.rectification:
        failed = "复查未通过" if one.recheck is Recheck.FAILED else "整改"
        heads.append(
            f"{failed}：{long_time(one.rectified_at)}　{one.rectification}　{one.rechecked_by}"
        )
    for at, words in enumerate(heads):
        grid.addWidget(selectable(words, "strong" if at == 1 and one.is_open else ""), at, 0, 1, 2)
    grid.addWidget(label(f"查了：{one.points}", "muted", wrap=True), len(heads), 0, 1, 2)
    return page


def posts_page(card: RegisterCard) -> QWidget:
    """The newest on top."""
    page, grid = page_grid()
    if not card.posts:
        grid.addWidget(label("还没有任职记录，改岗位、单位、网格时自动记下", "muted"), 0, 0, 1, 2)
    for at, one in enumerate(card.posts):
        days = label(_days(one), "muted")
        grid.addWidget(days, 2 * at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(
            selectable(f"{one.post}　{one.unit}", "strong" if not one.ended_on else ""), 2 * at, 1
        )
        if one.grids:
            grid.addWidget(selectable(one.grids), 2 * at + 1, 1)
    grid.setRowStretch(2 * len(card.posts) + 1, 1)
    return page


def _days(one: PostLine) -> str:
    return f"{one.started_on} 至 {one.ended_on}" if one.ended_on else f"{one.started_on} 至今"


def page_grid() -> tuple[QWidget, QGridLayout]:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 4, 12, 12)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    grid.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)
    return page, grid


def selectable(words: str, face: str = "") -> QLabel:
    made = label(words, face, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
