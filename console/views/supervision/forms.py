"""The forms of the supervision desk: one at a time, below the case, filled in with what is most likely."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from console.domain.errors import UserError
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.domain.supervision import CARDS, REASONS, Dossier
from console.theme import Tone
from console.views.intake.co_units import CoUnits
from console.views.parts.card import Card, label
from console.views.parts.chip import Chip
from console.views.parts.clock import database_now, local
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import ActionButton, small_button
from console.views.parts.moment_edit import MomentEdit
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import TypeAhead

TEXT_MOST = 500


class ActForm(Card):
    """`start(dossier)` fills it in; its action's key sends it: `submitted()`. Esc: `closed()`.

    What was typed is kept by the owner: `values()` and `put(values)`.
    """

    submitted = Signal()
    closed = Signal()

    name = ""
    # The height a form wants at least, where its own hint is not enough; the case above gives way.
    least = 0

    def __init__(self, title: str, send: QAction, words: str, danger: bool = False) -> None:
        self.close_button = small_button(self.tr("收起"), "Esc")
        super().__init__(title, self.close_button)
        self.hint = label("", "muted")
        self.head.insertWidget(1, self.hint)
        self.fields = Fields()
        self.banner = label("", "error", wrap=True)
        self.banner.hide()
        self.send_button = ActionButton(send, "danger" if danger else "primary", words)
        self.close_button.clicked.connect(self.closed)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.body.addWidget(self.banner)

    def close_body(self) -> None:
        """Called by a subclass once its fields are in."""
        self.foot.addStretch(1)
        self.foot.addWidget(self.send_button)
        self.body.addLayout(self.foot)

    def start(self, dossier: Dossier) -> None:
        """The most likely values for this work order."""

    def values(self) -> Any:
        raise NotImplementedError

    def put(self, values: Any) -> None:
        raise NotImplementedError

    def first_field(self) -> QWidget:
        raise NotImplementedError

    def show_error(self, error: Exception) -> Exception | None:
        """Beside the fields, the rest above them; returns what is no sentence for an operator."""
        self.clear_errors()
        rest = self.fields.show_errors(error)
        if rest is not None:
            self.banner.setText("　".join(filter(None, (rest.text, rest.hint))))
            self.banner.show()
        return None if isinstance(error, UserError) else error

    @Slot()
    def clear_errors(self) -> None:
        self.fields.clear_errors()
        self.banner.hide()

    def set_snippets(self, snippets: tuple[tuple[str, str], ...]) -> None:
        for edit in self.findChildren(SnippetEdit):
            edit.set_snippets(dict(snippets))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif held and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class SentenceForm(ActForm):
    """One sentence and a key: urging, lifting, resuming, instructing."""

    def __init__(
        self,
        name: str,
        field: str,
        send: QAction,
        title: str,
        words: str,
        caption: str,
        required: bool = True,
        rows: int = 2,
    ) -> None:
        super().__init__(title, send, words)
        self.name = name
        self.text = SnippetEdit(caption, TEXT_MOST, rows=rows)
        self.text.setMaximumHeight(self.text.sizeHint().height())
        hint = self.tr("常用语：输入 ::首字母 再按空格")
        self.fields = Fields(Field(caption, self.text, field, hint, required=required))
        self.add(self.fields[field])
        self.text.textChanged.connect(self.clear_errors)

    def values(self) -> str:
        return self.text.text

    def put(self, values: str) -> None:
        self.text.put(values)

    def first_field(self) -> QWidget:
        return self.text


class UrgeCard(SentenceForm):
    """催办: a reason, whom to copy in; for one work order or for all that are ticked."""

    def __init__(self, send: QAction) -> None:
        self.copies = QLineEdit()
        title, words, caption = self.tr("催办"), self.tr("发出催办"), self.tr("催办原因")
        super().__init__("urge", "reason", send, title, words, caption)
        self.many = Chip("", Tone.ACCENT)
        self.many.hide()
        self.head.insertWidget(1, self.many)
        self.copies.setMaxLength(200)
        self.foot.addWidget(label(self.tr("抄送"), "caption"))
        self.copies.setAccessibleName(self.tr("抄送"))
        self.foot.addWidget(self.copies, 2)
        self.close_body()

    def start(self, dossier: Dossier) -> None:
        self.put((self._reason(dossier), dict(dossier.copies).get(SupervisionLevel.NORMAL, "")))
        self.hint.setText(self._before(dossier))

    def start_many(self, number: int) -> None:
        self.many.say(self.tr("已勾选 {0} 件").format(number) if number else "")
        self.hint.setText("")
        if number and not self.text.text.strip():
            self.put((self.tr("请抓紧办理，在时限内办结并答复诉求人。"), ""))

    def _reason(self, dossier: Dossier) -> str:
        if dossier.ladder:
            return self.tr("{0}，请立即办理并答复诉求人。").format(dossier.reason)
        return self.tr("办结时限临近，请抓紧办理，按期办结并答复诉求人。")

    def _before(self, dossier: Dossier) -> str:
        number = sum(not one.warning for one in dossier.urgings)
        return (
            self.tr("{0}，此前已催办 {1} 次").format(dossier.unit, number)
            if number
            else dossier.unit
        )

    def values(self) -> tuple[str, str]:
        return self.text.text, self.copies.text()

    def put(self, values: tuple[str, str]) -> None:
        self.text.put(values[0])
        self.copies.setText(values[1])


class LiftCard(SentenceForm):
    """解除督办, with the reason that will stand on the notice."""

    def __init__(self, send: QAction) -> None:
        title = self.tr("解除督办")
        super().__init__("lift", "reason", send, title, title, self.tr("解除原因"))
        self.close_body()


class InstructCard(SentenceForm):
    """领导批示."""

    def __init__(self, send: QAction) -> None:
        title, words = self.tr("领导批示"), self.tr("下达批示")
        super().__init__("instruct", "opinion", send, title, words, self.tr("批示内容"), rows=3)
        self.foot.addWidget(label(self.tr("批示为工作秘密，印在督办单上，不得擅自扩散"), "muted"))
        self.close_body()


class ResumeCard(SentenceForm):
    """恢复办理."""

    def __init__(self, send: QAction) -> None:
        title = self.tr("恢复办理")
        super().__init__("resume", "note", send, title, title, self.tr("说明"), required=False)
        self.close_body()

    def start(self, dossier: Dossier) -> None:
        self.hint.setText(dossier.suspended)
        self.hint.setToolTip(dossier.suspended)


@dataclass(frozen=True, slots=True)
class Pause:
    """What stands in the form for suspending."""

    code: str = ""
    reason: str = ""
    resume_on: date | None = None


class SuspendCard(ActForm):
    """挂起: a reason of the pack, a sentence, and the day to look again."""

    name = "suspend"
    least = 230

    def __init__(self, send: QAction) -> None:
        super().__init__(self.tr("挂起"), send, self.tr("挂起停表"))
        self.code = QComboBox(placeholderText=self.tr("请选择"), accessibleName=self.tr("挂起原因"))
        self.code.setFixedHeight(30)
        self.reason = SnippetEdit(self.tr("具体说明"), TEXT_MOST, rows=2)
        self.reason.setMaximumHeight(self.reason.sizeHint().height())
        self.day = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True)
        self.day.setFixedHeight(30)
        self.kinds = Field(self.tr("挂起原因"), self.code, "reason_code", required=True)
        self.fields = Fields(
            self.kinds,
            Field(self.tr("具体说明"), self.reason, "reason", required=True),
            Field(self.tr("预计恢复日期"), self.day, "resume_on", required=True),
        )
        self.hint.setText(self.tr("停表期间不计时限，灯变灰；到恢复日期提醒"))
        self.add(self.kinds)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self.fields["reason"], 3)
        line.addWidget(self.fields["resume_on"], 1)
        self.body.addLayout(line)
        self.close_body()
        self.code.currentIndexChanged.connect(self._chosen)
        self.reason.textChanged.connect(self.clear_errors)

    def start(self, dossier: Dossier) -> None:
        self.code.clear()
        for code, words in dossier.suspend_reasons:
            self.code.addItem(words, code)
        self.put(Pause())

    def values(self) -> Pause:
        code = self.code.currentData() or ""
        return Pause(code, self.reason.text, self.day.date().toPython())

    def put(self, values: Pause) -> None:
        self.code.setCurrentIndex(self.code.findData(values.code) if values.code else -1)
        self.reason.put(values.reason)
        day = values.resume_on or local(database_now()).date() + timedelta(days=7)
        self.day.setDate(QDate(day.year, day.month, day.day))

    def first_field(self) -> QWidget:
        return self.code

    @Slot(int)
    def _chosen(self, _at: int) -> None:
        self.clear_errors()


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
        for line, most in ((self.copies, 200), (self.contact, 60), (self.phone, 24)):
            line.setMaxLength(most)
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
            Field(self.tr("督办内容及要求"), self.demands, "demands", required=True),
        )

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        # Twelve columns: a name needs fewer of them than whom to copy in.
        places = (
            ("level", 0, 0, 6), ("due", 0, 6, 6), ("reason", 1, 0, 12),
            ("lead_unit", 2, 0, 6), ("co_units", 2, 6, 6), ("copied_to", 3, 0, 4), ("every", 3, 4, 3),
            ("contact", 3, 7, 2), ("contact_phone", 3, 9, 3), ("demands", 4, 0, 12),
        )  # fmt: skip
        for name, row, at, wide in places:
            grid.addWidget(self.fields[name], row, at, 1, wide)
        for at in range(12):
            grid.setColumnStretch(at, 1)
        grid.setRowStretch(4, 1)
        self.body.addLayout(grid, 1)
        self.close_body()

    def _connect(self) -> None:
        self.level.chosen.connect(self._level_chosen)
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
