"""The supervision notice: everything its printed form asks for, filled in from the ladder of the pack."""

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.domain.supervision import CARDS, REASONS, Dossier
from console.views.intake.co_units import CoUnits
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.line_limit import limit_characters
from console.views.parts.moment_edit import MomentEdit
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import TypeAhead
from console.views.supervision.forms import ActForm


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in the form of a supervision notice."""

    level: SupervisionLevel | None = None
    reason: str = ""
    demands: str = ""
    unit: tuple[int, str] | None = None
    co_units: tuple[tuple[int, str], ...] = ()
    copies: str = ""
    due: datetime | None = None
    every: int = 0
    contact: str = ""
    phone: str = ""
    lead_leader: str = ""
    co_leader: str = ""


class SuperviseCard(ActForm):
    """督办: a notice with everything its printed form asks for, filled in from the ladder of the pack."""

    units_wanted = Signal(object, str)

    name = "supervise"
    least = 440

    def __init__(self, send: QAction) -> None:
        super().__init__(self.tr("督办"), send, self.tr("发出督办单"), danger=True)
        self._copies: dict[SupervisionLevel, str] = {}
        self._points: dict[SupervisionLevel, int] = {}
        self._make()
        self._lay_out()
        self._connect()

    def _make(self) -> None:
        self.level = Segmented([], self.tr("督办级别"))
        self.reason = Segmented([(r, r) for r in REASONS], self.tr("督办原因"), numbers=False)
        self.unit = TypeAhead(self.tr("名称或拼音首字母"), name=self.tr("牵头单位"))
        self.co_units = CoUnits(self.tr("配合单位"))
        self.due = MomentEdit(
            self.tr("交办时限"), ((self.tr("今天"), 0), (self.tr("明天"), 1), (self.tr("3天后"), 3))
        )
        self.copies, self.contact, self.phone = QLineEdit(), QLineEdit(), QLineEdit()
        self.lead_leader, self.co_leader = QLineEdit(), QLineEdit()
        for line, most in (
            (self.copies, 200), (self.contact, 60), (self.phone, 24), (self.lead_leader, 60), (self.co_leader, 60),
        ):  # fmt: skip
            limit_characters(line, most)
        self.more = KeyButton(self.tr("更多"), kind="quiet")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setAccessibleName(self.tr("填写牵头领导、配合领导"))
        self.every = QSpinBox(minimum=0, maximum=30, specialValueText=self.tr("一次性"))
        self.every.setPrefix(self.tr("每 "))
        self.every.setSuffix(self.tr(" 天"))
        self.every.setFixedHeight(30)
        self.every.lineEdit().setTextMargins(6, 0, 0, 0)
        self.demands = SnippetEdit(self.tr("督办内容及要求"), 1000, rows=3)
        self.fields = Fields(
            Field(self.tr("督办级别"), self.level, "level", required=True),
            Field(self.tr("督办原因"), self.reason, "reason", required=True),
            Field(self.tr("牵头单位"), self.unit, "lead_unit", required=True),
            Field(self.tr("配合单位"), self.co_units, "co_units"),
            Field(self.tr("交办时限"), self.due, "due", required=True),
            Field(self.tr("抄送"), self.copies, "copied_to"),
            Field(self.tr("反馈周期"), self.every, "every"),
            Field(self.tr("督办联系人"), self.contact, "contact"),
            Field(self.tr("联系电话"), self.phone, "contact_phone"),
            Field(self.tr("牵头领导"), self.lead_leader, "lead_leader"),
            Field(self.tr("配合领导"), self.co_leader, "co_leader"),
            Field(self.tr("督办内容及要求"), self.demands, "demands", required=True),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        places = (
            ("level", 0, 0, 6), ("due", 0, 6, 6), ("reason", 1, 0, 12),
            ("lead_unit", 2, 0, 6), ("co_units", 2, 6, 6), ("lead_leader", 4, 0, 6),
            ("co_leader", 4, 6, 6), ("demands", 5, 0, 12),
        )  # fmt: skip
        for name, row, at, wide in places:
            grid.addWidget(self.fields[name], row, at, 1, wide)
        grid.addLayout(self._people(), 3, 0, 1, 12)
        for at in range(12):
            grid.setColumnStretch(at, 1)
        grid.setRowStretch(5, 1)
        self.body.addLayout(grid, 1)
        self.close_body()

    def _people(self) -> QHBoxLayout:
        """A line of its own: whom to copy in gets the room, the others what a name and a number need."""
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.fields["copied_to"], 1)
        for name, wide in (("every", 96), ("contact", 84), ("contact_phone", 120)):
            self.fields[name].setMaximumWidth(wide)
            line.addWidget(self.fields[name])
        line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignBottom)
        return line

    @Slot()
    def _unfold(self) -> None:
        folded = not self.fields["lead_leader"].isHidden()
        self._fold(folded)
        if not folded:
            self.lead_leader.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fold(self, folded: bool) -> None:
        """The leaders' names, for which a small window has no room at first."""
        for name in ("lead_leader", "co_leader"):
            self.fields[name].setHidden(folded)
        self.more.set_words(self.tr("更多") if folded else self.tr("收起"))

    def _connect(self) -> None:
        self.level.chosen.connect(self._level_chosen)
        self.more.clicked.connect(self._unfold)
        self.reason.chosen.connect(self.clear_errors)
        self.due.changed.connect(self.clear_errors)
        self.demands.textChanged.connect(self.clear_errors)
        self.unit.text_edited.connect(self._ask_lead)
        self.co_units.line.text_edited.connect(self._ask_co)

    def start(self, dossier: Dossier) -> None:
        self._copies, self._points = dict(dossier.copies), dict(dossier.points)
        shown = [(one, SUPERVISION_NAMES[one][:2]) for one in CARDS if one in dossier.levels]
        self.level.set_options(shown)
        self.hint.setText("" if shown else self.tr("已是最高级别，请催办承办单位"))
        unit = (dossier.unit_id, dossier.unit) if dossier.unit_id else None
        level = dossier.level if shown else None
        self.put(
            Notice(
                level,
                dossier.reason,
                dossier.demands,
                unit,
                (),
                self._copies.get(dossier.level, ""),
                dossier.due,
                0,
                dossier.contact,
            )
        )

    def values(self) -> Notice:
        chosen = self.unit.value
        unit = (chosen.id, chosen.text) if chosen is not None else None
        return Notice(
            self.level.value,
            self.reason.value or "",
            self.demands.text,
            unit,
            self.co_units.units,
            self.copies.text(),
            self.due.value,
            self.every.value(),
            self.contact.text(),
            self.phone.text(),
            self.lead_leader.text(),
            self.co_leader.text(),
        )

    def put(self, values: Notice) -> None:
        self.level.blockSignals(True)
        self.level.choose(values.level)
        self.level.blockSignals(False)
        self.reason.choose(values.reason)
        self.demands.put(values.demands)
        self.unit.put(*((values.unit[1], Unit(*values.unit)) if values.unit else ("", None)))
        self.co_units.put(values.co_units)
        self.copies.setText(values.copies)
        self.copies.setCursorPosition(0)
        self.due.put(values.due)
        self.every.setValue(values.every)
        self.contact.setText(values.contact)
        self.phone.setText(values.phone)
        self.lead_leader.setText(values.lead_leader)
        self.co_leader.setText(values.co_leader)
        self._fold(not (values.lead_leader or values.co_leader))
        self._say_points()

    def first_field(self) -> QWidget:
        return self.level

    @Slot(object)
    def _level_chosen(self, level: SupervisionLevel | None) -> None:
        """Whoever the ladder copies in at this level, unless somebody typed other names."""
        self.clear_errors()
        if level is not None and self.copies.text() in ("", *self._copies.values()):
            self.copies.setText(self._copies.get(level, ""))
            self.copies.setCursorPosition(0)
        self._say_points()

    def _say_points(self) -> None:
        points = self._points.get(self.level.value, 0) if self.level.value else 0
        self.fields["level"].say(self.tr("扣 {0} 分").format(points) if points else "")

    @Slot(str)
    def _ask_lead(self, text: str) -> None:
        self.clear_errors()
        self.units_wanted.emit(self.unit, text)

    @Slot(str)
    def _ask_co(self, text: str) -> None:
        self.units_wanted.emit(self.co_units.line, text)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit behind a type-ahead line."""

    id: int
    text: str
