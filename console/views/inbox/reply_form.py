"""回复办结: what was done on the left, what the citizen reads on the right (field-facts 3.5)."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.domain.errors import InvalidForm, UserError
from console.domain.inbox import BEYOND_DUTY_KINDS, Desk, HouseRules, Manner, ReplyForm
from console.domain.masking import mask_text
from console.domain.states import RESOLUTION_NAMES, Resolution
from console.theme import Tone
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.flow_forms import side_by_side
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.moment_edit import MomentEdit
from console.views.parts.card import column, label, row, scrolled
from console.views.parts.chip import Chip
from console.views.parts.clock import database_now, short_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit


class ReplyPanel(FormPanel):
    """Takes the place of the case while it is open; `evidence` is the photos and papers below."""

    name = "reply"
    wide = True

    def __init__(self, rules: HouseRules) -> None:
        super().__init__(self.tr("回复办结"), self.tr("回复办结"))
        self._rules, self._desk = rules, None
        self._make_internal()
        self._make_public()
        self.evidence = EvidenceBox()
        self.explanation = SnippetEdit(self.tr("情况说明"), 500, rows=2)
        self.fields = Fields(*self._make_fields())
        self._arrange()
        self._connect()
        if rules.brief:
            # The unit above fills in the rest (field-facts Y13).
            for name in ("beyond_duty", "cause", "measures", "law_basis", "signed_off_by"):
                self.fields[name].hide()

    def _make_internal(self) -> None:
        self.true_appeal = Segmented(
            ((True, self.tr("是")), (False, self.tr("否"))), self.tr("诉求属实")
        )
        self.beyond_duty = QCheckBox(self.tr("超职责诉求"))
        self.beyond_kind = QComboBox()
        self.beyond_kind.addItem(self.tr("请选择类型"), "")
        for kind in BEYOND_DUTY_KINDS:
            self.beyond_kind.addItem(kind, kind)
        self.resolution = Segmented(
            [(r, RESOLUTION_NAMES[r]) for r in Resolution], self.tr("是否解决")
        )
        self.unresolved = QLineEdit()
        self.contacted = Segmented(
            ((True, self.tr("已联系")), (False, self.tr("未联系"))), self.tr("联系群众")
        )
        self.manner = Segmented(
            [(m.value, m.value) for m in Manner], self.tr("联系方式"), numbers=False
        )
        self.contact_at = MomentEdit(self.tr("联系时间"))
        self.spoken = label("", wrap=True)
        self.result = SnippetEdit(self.tr("办理情况"), 4000, rows=3)
        self.cause = SnippetEdit(self.tr("原因"), 4000, rows=2)
        self.measures = SnippetEdit(self.tr("措施"), 4000, rows=2)
        self.result.setPlaceholderText(self.tr("谁、何时、到哪里、查到什么、怎么处理的"))
        self.cause.setPlaceholderText(self.tr("为什么会发生"))
        self.measures.setPlaceholderText(self.tr("怎样解决、怎样防止再发生"))

    def _make_public(self) -> None:
        self.public = SnippetEdit(self.tr("公开答复内容"), 4000, rows=5)
        self.law = QLineEdit()
        self.law.setPlaceholderText(self.tr("法律法规名称、文号、条款"))
        self.promise = QLineEdit()
        self.promise.setPlaceholderText(self.tr("答应群众做什么，没有就不填"))
        self.promise_due = MomentEdit(
            self.tr("承诺时限"),
            ((self.tr("明天"), 1), (self.tr("3天内"), 3), (self.tr("一周内"), 7)),
        )
        self.signed_off = QLineEdit()
        self.signed_off.setPlaceholderText(self.tr("分管负责人"))

    def _make_fields(self) -> tuple[Field, ...]:
        least = self.tr("至少 {0} 字").format(self._rules.length_min)
        return (
            Field(self.tr("诉求属实"), self.true_appeal, "true_appeal", required=True),
            Field(self.tr("职责"), self.beyond_duty, "beyond_duty"),
            Field(self.tr("超职责类型"), self.beyond_kind, "beyond_duty_kind", required=True),
            Field(self.tr("是否解决"), self.resolution, "resolution", required=True),
            Field(self.tr("未解决原因"), self.unresolved, "unresolved_reason", required=True),
            Field(
                self.tr("联系群众"),
                self.contacted,
                "contacted",
                required=self._rules.contact_required,
            ),
            Field(self.tr("方式"), self.manner, "contact_manner"),
            Field(self.tr("联系时间"), self.contact_at, "contact_at"),
            Field(self.tr("办理情况"), self.result, "result", least, required=True),
            Field(self.tr("原因"), self.cause, "cause"),
            Field(self.tr("措施"), self.measures, "measures"),
            Field(self.tr("公开答复内容"), self.public, "public_reply", least, required=True),
            Field(self.tr("依据"), self.law, "law_basis"),
            Field(self.tr("承诺事项"), self.promise, "promise"),
            Field(self.tr("承诺时限"), self.promise_due, "promise_due"),
            Field(self.tr("签发人"), self.signed_off, "signed_off_by"),
            Field(self.tr("照片和材料"), self.evidence, "photos"),
            Field(self.tr("情况说明"), self.explanation, "explanation", required=True),
        )

    def _arrange(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(20)
        sides.addWidget(self._internal_side(), 1)
        line = QFrame()
        line.setProperty("kind", "rule")
        line.setStyleSheet("min-width: 1px; max-width: 1px; max-height: 16777215px;")
        sides.addWidget(line)
        sides.addWidget(self._public_side(), 1)
        inner = QWidget()
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 0, 6, 0)
        whole.setSpacing(8)
        whole.addWidget(self.fields["explanation"])
        whole.addLayout(sides, 1)
        whole.addWidget(self.fields["photos"])
        self.area = scrolled(inner)
        self.body.addWidget(self.area, 1)

    def _internal_side(self) -> QWidget:
        f = self.fields
        # Its sentence must stand on one line below a narrow choice.
        f["true_appeal"].setMinimumWidth(124)
        # The box says what it is; a caption over it would only cost a line.
        f["beyond_duty"].caption.hide()
        f["beyond_duty"].hint.hide()
        self.contact_line = row(f["contact_manner"], None)
        # What is already recorded stands where the question would: never both.
        self.spoken_line = column(label(self.tr("联系群众"), "caption"), self.spoken, spacing=3)
        return _side(
            self._side_title(self.tr("内部办理情况"), self.tr("群众看不到"), Tone.NEUTRAL),
            row(f["true_appeal"], f["resolution"], None, spacing=14),
            row(f["beyond_duty"], f["beyond_duty_kind"], None, spacing=14),
            f["unresolved_reason"],
            self.spoken_line,
            row(f["contacted"], f["contact_at"], None, spacing=14),
            self.contact_line,
            (f["result"], 3),
            (self._pair(f["cause"], f["measures"]), 2),
        )

    def _public_side(self) -> QWidget:
        f = self.fields
        return _side(
            self._side_title(self.tr("公开答复"), self.tr("发给来电人"), Tone.ACCENT),
            (f["public_reply"], 1),
            self._pair(f["law_basis"], f["signed_off_by"], (3, 2)),
            f["promise"],
            f["promise_due"],
        )

    @staticmethod
    def _side_title(words: str, chip: str, tone: Tone) -> QWidget:
        return row(label(words, "strong"), Chip(chip, tone), None)

    @staticmethod
    def _pair(one: QWidget, other: QWidget, stretch: tuple[int, int] = (1, 1)) -> QWidget:
        made = QWidget()
        made.setProperty("kind", "clear")
        line = side_by_side(one, other, stretch=stretch)
        line.setContentsMargins(0, 0, 0, 0)
        made.setLayout(line)
        return made

    def _connect(self) -> None:
        self.beyond_duty.toggled.connect(self._show_conditional)
        self.resolution.chosen.connect(self._show_conditional)
        self.contacted.chosen.connect(self._show_conditional)
        self.promise.textChanged.connect(self._show_conditional)
        self.result.counted.connect(self._count_result)
        self.public.counted.connect(self._count_public)
        self.beyond_kind.currentIndexChanged.connect(self._touched)
        self.watch(
            self.true_appeal, self.beyond_duty, self.resolution, self.unresolved, self.contacted,
            self.manner, self.contact_at, self.result, self.cause, self.measures, self.public,
            self.law, self.promise, self.promise_due, self.signed_off, self.explanation,
        )  # fmt: skip

    # Values

    def fresh(self, desk: Desk) -> ReplyForm:
        manner = Manner.CENTRE if desk.case.phone_hidden else Manner.PHONE
        return desk.prefill or ReplyForm(contact_manner=manner)

    def values(self) -> ReplyForm:
        return ReplyForm(
            true_appeal=self.true_appeal.value,
            beyond_duty=self.beyond_duty.isChecked(),
            beyond_duty_kind=self.beyond_kind.currentData() or "",
            contacted=self.contacted.value,
            contact_at=self.contact_at.value,
            contact_manner=self.manner.value or "",
            resolution=self.resolution.value,
            unresolved_reason=self.unresolved.text(),
            cause=self.cause.text,
            measures=self.measures.text,
            result=self.result.text,
            public_reply=self.public.text,
            law_basis=self.law.text(),
            promise=self.promise.text(),
            promise_due=self.promise_due.value,
            signed_off_by=self.signed_off.text(),
            explanation=self.explanation.text,
        )

    def put(self, values: ReplyForm) -> None:
        self.true_appeal.choose(values.true_appeal)
        self.beyond_duty.setChecked(values.beyond_duty)
        self.beyond_kind.setCurrentIndex(max(0, self.beyond_kind.findData(values.beyond_duty_kind)))
        self.contacted.choose(values.contacted)
        self.contact_at.put(values.contact_at)
        self.manner.choose(values.contact_manner)
        self.resolution.choose(values.resolution)
        self.unresolved.setText(values.unresolved_reason)
        self.promise.setText(values.promise)
        self.promise_due.put(values.promise_due)
        self.law.setText(values.law_basis)
        self.signed_off.setText(values.signed_off_by)
        texts = {self.cause: "cause", self.measures: "measures", self.result: "result"}
        for edit, name in (
            texts | {self.public: "public_reply", self.explanation: "explanation"}
        ).items():
            edit.put(getattr(values, name))
        self._show_conditional()

    def to_send(self) -> ReplyForm:
        """As it stands, a contact of just now being given its moment."""
        values = self.values()
        spoken = self._desk is not None and bool(self._desk.contacts)
        if values.contacted and values.contact_at is None and not spoken:
            return replace(values, contact_at=database_now())
        if not values.promise:
            return replace(values, promise_due=None)
        return values

    # Facts and words beside the fields

    def show_desk(self, desk: Desk) -> None:
        self._desk = desk
        self.hint.setText(desk.prefill_from)
        last = desk.contacts[-1] if desk.contacts else None
        words = (last.manner, last.phone, last.by, last.outcome) if last else ()
        self.spoken.setText(
            "✓ " + "　".join(filter(None, (short_time(last.at), *words))) if last else ""
        )
        if desk.contact_waived:
            self.spoken.setText(self.tr("匿名且未留号码，不要求联系"))
        self.evidence.show_files(desk.case.attachments, desk.needs_photo)
        self._show_conditional()

    @Slot()
    def _show_conditional(self) -> None:
        f, desk = self.fields, self._desk
        asked = desk is not None and not desk.contacts and not desk.contact_waived
        f["contacted"].setVisible(asked)
        self.spoken_line.setVisible(not asked)
        for part in (f["contact_at"], self.contact_line):
            part.setVisible(asked and bool(self.contacted.value))
        f["beyond_duty_kind"].setVisible(self.beyond_duty.isChecked())
        open_ = self.resolution.value in (Resolution.PARTLY, Resolution.UNRESOLVED)
        f["unresolved_reason"].setVisible(open_)
        f["promise_due"].setVisible(bool(self.promise.text().strip()))
        f["explanation"].setVisible(bool(self.explanation.text) or f["explanation"].has_error)

    @Slot()
    def _count_result(self) -> None:
        self._say_count("result", self.result.text)

    @Slot()
    def _count_public(self) -> None:
        text = self.public.text
        if mask_text(text) != text:
            self.fields["public_reply"].say(self.tr("有号码或证件号，公开前请核对"), "warn")
        else:
            self._say_count("public_reply", text)

    def _say_count(self, name: str, text: str) -> None:
        least, there = self._rules.length_min, len(text.strip())
        if there >= least:
            self.fields[name].say(self.tr("{0} 字").format(there))
            self.fields[name].clear_error()
        else:
            short = self.tr("{0} / 至少 {1} 字") if there else self.tr("至少 {1} 字")
            self.fields[name].say(short.format(there, least), "warn" if there else "")

    def show_error(self, error: Exception) -> Exception | None:
        rest = super().show_error(error)
        self._show_conditional()
        faults = error.faults if isinstance(error, InvalidForm) else ()
        if len(faults) > 1:
            self.say(self.tr("还有 {0} 处要补充，已在各栏下注明").format(len(faults)))
        if isinstance(error, UserError):
            self._bring_into_sight(error)
        return rest

    def _bring_into_sight(self, error: UserError) -> None:
        try:
            field = self.fields[error.field]
        except KeyError:
            return
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.ensureWidgetVisible(field, 0, 24)

    def first_field(self) -> QWidget:
        return self.true_appeal


def _side(*parts: QWidget | tuple[QWidget, int]) -> QWidget:
    """One side of the form; parts given with a number share what height is left."""
    made = QWidget()
    made.setProperty("kind", "clear")
    line = QVBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    for part in parts:
        widget, stretch = part if isinstance(part, tuple) else (part, 0)
        line.addWidget(widget, stretch)
    return made
