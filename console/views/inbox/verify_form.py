"""现场核查: the unit's claim and pictures beside one's own, then pass or send back (field-facts 3.3, H17, H18, X4)."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from console.domain.inbox import Desk
from console.domain.records import HandlingResult
from console.domain.verifying import VERIFY_PICTURES, VerifyForm
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.phrases import Phrases
from console.views.parts.card import column, label, row, scrolled
from console.views.parts.clock import short_time
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit

PICTURE = QSize(132, 94)


class VerifyPanel(FormPanel):
    """Takes the place of the case; `claimed` are the unit's pictures, `evidence` the verifier's own."""

    name = "verify"
    wide = True

    def __init__(self) -> None:
        super().__init__(self.tr("现场核查"), self.tr("提交核查"))
        self._dispute = False
        self.claim = label("", wrap=True)
        self.inside, self.public = label("", wrap=True), label("", wrap=True)
        self.earlier = label("", "muted", wrap=True)
        self.claimed = EvidenceBox(
            {"before": self.tr("单位：处置前"), "after": self.tr("单位：处置后")},
            PICTURE,
            addable=False,
        )
        self.evidence = EvidenceBox(
            {
                "verify_before": self.tr("我拍：处置前"),
                "verify_after": self.tr("我拍：处置后"),
            },
            PICTURE,
        )
        self.passed = Segmented(
            [(True, self.tr("核查通过")), (False, self.tr("发回重办"))], self.tr("核查结论")
        )
        self.result = SnippetEdit(self.tr("现场情况"), 1000, rows=2)
        self.result.setPlaceholderText(self.tr("看到了什么，和单位说的是否一致，当事人怎么说"))
        self.phrases = Phrases(
            self.result,
            (
                self.tr("已处理到位，与答复一致。"),
                self.tr("当事人认可。"),
                self.tr("仍未处理。"),
                self.tr("有遗留。"),
            ),
        )
        self.signed = QCheckBox(self.tr("当事人认可，本人签字"))
        self.fields = Fields(
            Field(self.tr("核查结论"), self.passed, "passed", required=True),
            Field(self.tr("现场情况"), self.result, "result", required=True),
            Field(self.tr("照片"), self.evidence, "photos"),
            Field(self.tr("签字认可"), self.signed, "signed_off"),
        )
        self._arrange()
        self.passed.chosen.connect(self._follow)
        self.watch(self.passed, self.result, self.signed)

    def _arrange(self) -> None:
        f = self.fields
        # The zones stand for themselves; what is wrong with them is said in them.
        f["photos"].caption.hide()
        f["photos"].hint.hide()
        inner = QWidget()
        sides = QHBoxLayout(inner)
        sides.setContentsMargins(0, 0, 6, 0)
        sides.setSpacing(20)
        told = column(
            label(self.tr("单位怎么说"), "strong"), self.claim, self.inside, self.public, self.earlier,
            None, self.claimed, spacing=6,
        )  # fmt: skip
        seen = column(
            label(self.tr("我看到什么"), "strong"), row(f["passed"], f["signed_off"], None, spacing=20),
            f["result"], self.phrases, None, f["photos"], spacing=6,
        )  # fmt: skip
        sides.addWidget(told, 1)
        sides.addWidget(seen, 1)
        self.body.addWidget(scrolled(inner), 1)

    def show_desk(self, desk: Desk) -> None:
        self._dispute = desk.own.dispute
        result = desk.case.result
        self.hint.setText(self.tr("核查人不能是承办人；结论和照片随工单存档"))
        self.claim.setText(_claim_words(self, result))
        inside = result.internal_note if result else ""
        self.inside.setText(self.tr("办理情况：{0}").format(inside) if inside else "")
        self.inside.setVisible(bool(inside))
        public = result.public_reply if result else ""
        self.public.setText(self.tr("公开答复：{0}").format(public) if public else "")
        self.public.setVisible(bool(public))
        self._show_earlier(desk)
        self.claimed.show_files([p for p in desk.photos if p.kind not in VERIFY_PICTURES], False)
        # Of this round: what an earlier verification showed is in the case.
        since = desk.checks[-1].at if desk.checks else None
        own = [
            p
            for p in desk.photos
            if p.kind in VERIFY_PICTURES and (since is None or p.added_at > since)
        ]
        self.evidence.show_files(own, desk.needs_photo)
        self.fields["signed_off"].say(self.tr("矛盾件必勾") if self._dispute else "", "warn")

    def _show_earlier(self, desk: Desk) -> None:
        lines = [
            self.tr("{0} {1} {2}：{3}").format(
                short_time(c.at), c.by, self.tr("通过") if c.passed else self.tr("退回"), c.result
            )
            for c in desk.checks
        ]
        self.earlier.setText(self.tr("上次核查　{0}").format("；".join(lines)) if lines else "")
        self.earlier.setVisible(bool(lines))

    @Slot()
    def _follow(self) -> None:
        """Only what passes can be signed for."""
        self.signed.setEnabled(self.passed.value is not False)

    def fresh(self, _desk: Desk) -> VerifyForm:
        return VerifyForm()

    def values(self) -> VerifyForm:
        signed = self.signed.isChecked() and self.passed.value is not False
        return VerifyForm(self.passed.value, self.result.text, signed)

    def put(self, values: VerifyForm) -> None:
        self.passed.choose(values.passed)
        self.result.put(values.result)
        self.signed.setChecked(values.signed_off)

    def first_field(self) -> QWidget:
        return self.passed


def _claim_words(panel: QWidget, result: HandlingResult | None) -> str:
    if result is None:
        return panel.tr("没有单位回复的记录")
    parts = (
        f"{result.unit}　{result.handler}",
        panel.tr("{0} 回复").format(short_time(result.replied_at)),
        result.resolution,
        panel.tr("承诺：{0}").format(result.promise) if result.promise else "",
    )
    return "　".join(filter(None, parts))
