"""Lead unit, co-units, opinion, and what the limits will be: filled in where the case is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from console.domain.court import Hop
from console.domain.desks import DispatchForm, DispatchHelp, UnitChoice
from console.domain.errors import UserError
from console.domain.intake import Choice
from console.jobs import Jobs
from console.theme import Tone, mark
from console.views.dispatch.hop_columns import HopColumns
from console.views.dispatch.services import DispatchDesk
from console.views.intake.co_units import CoUnits
from console.views.parts.card import Card, label
from console.views.parts.chip import Chip
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import Suggestion, TypeAhead

OPINION_MOST = 500


@dataclass(frozen=True, slots=True)
class Values:
    """What is in the form."""

    unit: tuple[int, str] | None = None
    co_units: tuple[tuple[int, str], ...] = ()
    opinion: str = ""
    complex: bool = False


class DispatchCard(Card):
    """`start(help, values)` for one work order, `start_many(number)` for several; `form(…)` is what to send.

    The suggestion is filled in with its reason beside it; typing over it replaces it.
    """

    edited = Signal()

    def __init__(
        self,
        jobs: Jobs,
        desk: DispatchDesk,
        send: QAction,
        designate: QAction,
        parent: QWidget | None = None,
    ) -> None:
        self.many = Chip("", Tone.ACCENT)
        super().__init__(self.tr("派单"), self.many, parent=parent)
        self._jobs, self._desk = jobs, desk
        self._offered: tuple[UnitChoice, ...] = ()
        self._known: dict[int, UnitChoice] = {}
        self._ticket_id: int | None = None
        self._suggested, self._when, self._accepting = Values(), "{0}", False
        self._limits: dict[bool, str] = {}
        self._make_fields()
        self.hops, self.record = HopColumns(), label("", "muted", wrap=True)
        self.deadlines = label("", tone="accent")
        self.deadlines.setAccessibleName(self.tr("时限预览"))
        self.send_button = ActionButton(send, "primary")
        self.designate_button = ActionButton(designate)
        self._lay_out()
        self._connect()

    def _make_fields(self) -> None:
        self.unit = TypeAhead(self.tr("名称或拼音首字母，如 qhjd"), name=self.tr("主办单位"))
        self.co_units = CoUnits(self.tr("协办单位"))
        self.opinion = SnippetEdit(self.tr("派单意见"), OPINION_MOST, rows=2)
        self.hard = QCheckBox(self.tr("疑难件"))
        self.hard.setToolTip(self.tr("办结和退单按疑难件的时限，诉求人的总时限随之延长"))
        self.fields = Fields(
            Field(self.tr("主办单位"), self.unit, "unit", required=True),
            Field(self.tr("协办单位"), self.co_units, "co_units"),
            Field(self.tr("派单意见"), self.opinion, "opinion"),
        )

    def _lay_out(self) -> None:
        self._fields_box = QWidget()
        grid = QGridLayout(self._fields_box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.fields["unit"], 0, 0)
        grid.addWidget(self.fields["co_units"], 0, 1)
        grid.addWidget(self.record, 1, 0, 1, 2)
        grid.addWidget(self.fields["opinion"], 2, 0, 1, 2)
        preview = QFrame()
        mark(preview, kind="strip", tone="accent")
        inner = QHBoxLayout(preview)
        inner.setContentsMargins(10, 5, 10, 5)
        inner.addWidget(self.deadlines)
        self.deadlines.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(preview, 1)
        foot.addWidget(self.hard)
        foot.addWidget(self.designate_button)
        foot.addWidget(self.send_button)
        self.body.addWidget(self.hops)
        self.body.addWidget(self._fields_box)
        self.body.addLayout(foot)
        self.hops.hide()
        self.record.hide()
        self.many.hide()
        self._say_opinion(0)

    def _connect(self) -> None:
        self.unit.text_edited.connect(self._ask_unit)
        self.unit.chosen.connect(self._unit_chosen)
        self.unit.let_go.connect(self._say_reason)
        self.co_units.line.text_edited.connect(self._ask_co_unit)
        self.co_units.changed.connect(self._changed)
        self.opinion.counted.connect(self._say_opinion)
        self.opinion.textChanged.connect(self._changed)
        self.hard.toggled.connect(self._show_limits)
        self.hard.clicked.connect(self._changed)

    def take_kind(self, accepting: bool) -> None:
        """On the pile of what came from outside there is nothing to fill in yet: only the button."""
        self._accepting = accepting
        self._fields_box.setVisible(not accepting)
        self.hard.setVisible(not accepting)
        self._when = self.tr("受理后派出：{0}") if accepting else self.tr("现在派出：{0}")
        self.title.setText(self.tr("受理") if accepting else self.tr("派单"))

    # --- filling

    def start(self, values: Values | None, ticket_id: int | None = None) -> None:
        """A work order was opened; help comes a moment later."""
        self._offered, self._suggested, self._ticket_id = (), Values(), ticket_id
        self._known, self._limits = {}, {}
        self.show_hops(())
        self.fields.clear_errors()
        self._say_many(0)
        self.hard.setEnabled(True)
        self.put(values or Values())
        self.deadlines.setText("")

    def show_help(self, shown: DispatchHelp) -> None:
        """Suggestion, limits, phrases. What was already typed is left alone."""
        self._offered = shown.units
        self._known = {unit.id: unit for unit in shown.units}
        self.show_hops(() if self._accepting else shown.hops, shown.sheet is not None)
        self.opinion.set_snippets(dict(shown.snippets))
        self._limits = {
            shown.complex: shown.deadlines,
            not shown.complex: shown.deadlines_otherwise or shown.deadlines,
        }
        if self._suggested.complex is self.hard.isChecked():
            self.hard.setChecked(shown.complex)
        self._suggested = replace(self._suggested, complex=shown.complex)
        self._show_limits()
        self.deadlines.setToolTip("\n".join((self.deadlines.text(), *shown.warnings)))
        first = next((unit for unit in shown.units if not _sent_back(unit)), None)
        if first is not None and self.unit.value is None and not self.unit.text():
            self.unit.put(first.name, _choice(first))
            self._suggested = replace(self._suggested, unit=(first.id, first.name))
            if self.unit.hasFocus():
                # Filled in under the cursor: the next key types over it, not into it.
                self.unit.selectAll()
        self._say_reason()

    def show_hops(self, hops: Sequence[Hop], sheet: bool = False) -> None:
        """Who has sent this one back; in a 会商 the opinion is its conclusion."""
        self.hops.show_hops(hops)
        self.fields["opinion"].caption.setText(
            self.tr("会商结论（指定理由） *") if sheet else self.tr("派单意见")
        )
        if not self._accepting:
            self.title.setText(self.tr("会商派单") if sheet else self.tr("派单"))
        if sheet:
            self.many.say(self.tr("已退 {0} 次，会商定后指定承办").format(len(hops)), Tone.BAD)

    def start_many(self, number: int) -> None:
        """Several work orders go to one unit."""
        self._offered, self._suggested, self._ticket_id = (), Values(), None
        self._known, self._limits = {}, {}
        self.hard.setChecked(False)
        self.hard.setEnabled(not number)
        self.show_hops(())
        self.fields.clear_errors()
        self._say_many(number)
        self.deadlines.setText(self.tr("逐件派出，逐件给出结果；时限按各件的性质分别计算"))
        self._say_reason()

    def put(self, values: Values) -> None:
        self.unit.put("", None)
        if values.unit is not None:
            key, name = values.unit
            self.unit.put(name, Choice(str(key), name, id=key))
        self.co_units.put(values.co_units)
        self.opinion.put(values.opinion)
        self.hard.setChecked(values.complex)
        self._say_reason()

    def values(self) -> Values:
        chosen = self.unit.value
        unit = (chosen.id, chosen.text) if chosen is not None else None
        said = self.opinion.text.strip()
        return Values(unit, self.co_units.units, said, self.hard.isChecked())

    def draft(self) -> Values | None:
        """None while the form holds nothing but the suggestion."""
        now = self.values()
        return None if now in (Values(), self._suggested) else now

    def form(self, ticket_id: int, version: int) -> DispatchForm:
        now = self.values()
        co_units = tuple(key for key, _name in now.co_units)
        unit = now.unit and now.unit[0]
        # Before the limits are read nobody can have meant anything by the empty box.
        hard = now.complex if self._limits else None
        return DispatchForm(ticket_id, version, unit, co_units, now.opinion, hard)

    def show_errors(self, error: Exception) -> Exception | None:
        """Beside the fields; returns what belongs to none."""
        self.fields.clear_errors()
        return self.fields.show_errors(error) if isinstance(error, UserError) else error

    def focus_first(self) -> None:
        self.unit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.unit.selectAll()

    # --- words

    @Slot()
    def _show_limits(self) -> None:
        words = self._limits.get(self.hard.isChecked())
        if words is not None:
            self.deadlines.setText(self._when.format(words))

    @Slot()
    def _say_reason(self) -> None:
        chosen = self.unit.value
        found = next((o for o in self._offered if chosen is not None and o.id == chosen.id), None)
        self._say_record(self._known.get(chosen.id) if chosen is not None else None)
        words = _because(found) if found is not None else ""
        others = [o for o in self._offered if o is not found]
        if others:
            other = self.tr("另可：{0}").format(others[0].name)
            words = "　".join(filter(None, (words, other)))
        self.fields["unit"].say(words, "accent" if found is not None else "")

    def _say_many(self, number: int) -> None:
        words = self.tr("已勾选 {0} 件").format(number) if number else ""
        self.many.say(words, Tone.ACCENT)

    def _say_record(self, unit: UnitChoice | None) -> None:
        """How the chosen unit deals with this category, and whether it has sent this very one back."""
        record = unit.record if unit is not None else None
        back = record.returned_this if record is not None else ""
        words = ""
        if unit is not None and record is not None and back:
            words = self.tr("{0}已退过本单：{1}").format(unit.name, back)
        elif record is not None and record.sent:
            last = record.last_refusal
            said = self.tr("上次退单：{0}").format(last) if last else ""
            words = "　".join(filter(None, (record.words, said)))
        self.record.setText(words)
        mark(self.record, tone="bad" if back else "")
        self.record.setVisible(bool(words))

    @Slot(int)
    def _say_opinion(self, characters: int) -> None:
        count = f"{characters} / {OPINION_MOST}"
        self.fields["opinion"].say(self.tr("常用语：输入 ::首字母 再按空格　{0}").format(count))

    @Slot()
    def _changed(self) -> None:
        self.fields.clear_errors()
        self.edited.emit()

    @Slot(object)
    def _unit_chosen(self, _choice: object) -> None:
        self._say_reason()
        self._changed()

    # --- units while typing

    @Slot(str)
    def _ask_unit(self, text: str) -> None:
        self.fields["unit"].clear_error()
        done = partial(self._show_units, self.unit, text)
        work = partial(self._desk.units, text, self._ticket_id)
        self._jobs.read(self, work, done, key="unit")

    @Slot(str)
    def _ask_co_unit(self, text: str) -> None:
        done = partial(self._show_units, self.co_units.line, text)
        work = partial(self._desk.units, text, self._ticket_id)
        self._jobs.read(self, work, done, key="co_unit")

    def _show_units(self, line: TypeAhead, text: str, found: Sequence[UnitChoice]) -> None:
        # Before anything is typed the suggestions of this case come first.
        self._known |= {unit.id: unit for unit in found}
        known = {unit.id for unit in self._offered}
        first = () if text else self._offered
        rest = [unit for unit in found if text or unit.id not in known]
        line.set_suggestions([_suggestion(unit) for unit in (*first, *rest)], text)


def _because(unit: UnitChoice) -> str:
    """`按网格归属：宝丽西街单号101至199号`: the reason is evidence against a return (peers 6.2)."""
    reason = unit.reason
    if unit.kind in ("street", "town") and "网格" not in reason:
        return f"按网格归属：{reason.partition('：')[2] or reason}"
    return reason


def _choice(unit: UnitChoice) -> Choice:
    return Choice(str(unit.id), unit.name, unit.hint, unit.reason, unit.id)


def _suggestion(unit: UnitChoice) -> Suggestion:
    """`同类承接率 75%` beside the reason; who sent this very one back is told by a red badge."""
    if _sent_back(unit):
        why = unit.record.returned_this if unit.record is not None else ""
        return Suggestion(unit.name, _choice(unit), why, "已退过本单", Tone.BAD)
    rate = f"承接率 {unit.record.rate}" if unit.record is not None and unit.record.sent else ""
    return Suggestion(unit.name, _choice(unit), unit.reason, rate or unit.hint)


def _sent_back(unit: UnitChoice) -> bool:
    return unit.record is not None and bool(unit.record.returned_this)
