"""All forms of the desk, made once, and what each asks of the service when it is sent."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from console.domain.desks import UnitChoice
from console.domain.inbox import ChildUnit
from console.views.inbox.ask_forms import ExtensionForm, ReturnForm, WithdrawForm
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.flow_forms import ContactForm, PassDownForm, ReasonForm, TakeBackForm
from console.views.inbox.form_panel import FormPanel
from console.views.inbox.more_forms import FeedbackForm, NotifyForm, PromiseForm
from console.views.inbox.reply_form import ReplyPanel
from console.views.inbox.scene_forms import ArrivalForm, MediationForm, WhistleForm
from console.views.inbox.services import Beside, HandlingDesk
from console.views.inbox.side_forms import EvidenceForm, ExplainForm
from console.views.inbox.verify_form import VerifyPanel
from console.views.parts.clock import grouped_number

Work = Callable[[], Any]


class Panels(QObject):
    """`panels["contact"]` is a form; `work(panel, …)` gives the service call and the sentence for success."""

    def __init__(
        self, handling: HandlingDesk, parent: QObject, beside: Beside | None = None
    ) -> None:
        super().__init__(parent)
        self._handling, self.ready = handling, False
        self._beside = beside or Beside()
        rules = handling.rules()
        forms: tuple[FormPanel, ...] = (
            ContactForm(), PassDownForm(), ReturnForm(rules), ExtensionForm(rules), ReplyPanel(rules),
            WhistleForm(), ArrivalForm(), MediationForm(), EvidenceForm(), ExplainForm(), TakeBackForm(),
            WithdrawForm(), NotifyForm(), PromiseForm(), FeedbackForm(), VerifyPanel(), *self._reasons(),
        )  # fmt: skip
        self._forms = {form.name: form for form in forms}
        for form in forms:
            form.setParent(parent)
            form.hide()

    def _reasons(self) -> tuple[ReasonForm, ...]:
        return (
            ReasonForm(
                "escalate",
                self.tr("上报"),
                self.tr("上报"),
                (self.tr("超出本级职权，请上级统筹。"), self.tr("涉及多个单位，请上级协调。")),
            ),
            ReasonForm(
                "decline",
                self.tr("拒绝协办"),
                self.tr("拒绝协办"),
                (self.tr("不涉及本单位职责。"),),
                danger=True,
            ),
        )

    def __getitem__(self, name: str) -> FormPanel:
        return self._forms[name]

    @property
    def all(self) -> tuple[FormPanel, ...]:
        return tuple(self._forms.values())

    @property
    def boxes(self) -> tuple[EvidenceBox, ...]:
        return (self._forms["reply"].evidence, self._forms["attach"].evidence)

    @property
    def verifying(self) -> VerifyPanel:
        form = self._forms["verify"]
        assert isinstance(form, VerifyPanel)
        return form

    def set_children(self, children: Sequence[ChildUnit]) -> None:
        self._forms["sub_dispatch"].set_children(children)

    def set_snippets(self, snippets: Mapping[str, str]) -> None:
        for form in self.all:
            form.set_snippets(snippets)

    def show_units(self, typed: str, units: Sequence[UnitChoice]) -> None:
        for name in ("return", "whistle", "notify"):
            if self._forms[name].isVisible():
                self._forms[name].show_units(units, typed)

    def explain(self, title: str, lines: Sequence[str]) -> None:
        self._forms["explain"].show_lines(grouped_number(title), lines)

    def work(
        self, panel: FormPanel, ticket_id: int, version: int | None
    ) -> tuple[Work | None, str]:
        """None when the panel needs nothing of the service."""
        return self._MAKERS[panel.name](self, panel, ticket_id, version)

    def _contact(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        work = partial(
            self._handling.contact, ticket_id, form.moment, v.manner, v.outcome, version, v.reached
        )
        return work, self.tr("已登记联系群众。") if v.reached else self.tr(
            "已登记未接通，仍须联系。"
        )

    def _sub_dispatch(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        unit = v.unit.id if v.unit is not None else None
        name = v.unit.name if v.unit is not None else ""
        work = partial(self._handling.sub_dispatch, ticket_id, unit, v.opinion, version)
        return work, self.tr("已下派给{0}。").format(name)

    def _take_back(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        work = partial(self._handling.take_back, ticket_id, v.reason, version, v.unit or None)
        return work, self.tr("已收回下派。")

    def _undo_return(self, _form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        work = partial(self._handling.undo_return, ticket_id, version)
        return work, self.tr("已撤回退单申请，由本单位继续承办。")

    def _notify(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work | None, str]:
        unit = form.values().unit
        if unit is None:
            form.fields["unit"].show_error(self.tr("请从列表中选择单位"))
            return None, ""
        work = partial(self._handling.notify, ticket_id, unit.id, version)
        return work, self.tr("已抄告{0}。").format(unit.name)

    def _promise(self, form: Any, ticket_id: int, _version: int | None) -> tuple[Work | None, str]:
        if self._beside.promises is None:
            return None, ""
        work = partial(self._beside.promises.promise_in_words, ticket_id, form.values())
        return work, self.tr("已登记承诺，到时提醒。")

    def _feedback(self, form: Any, ticket_id: int, _version: int | None) -> tuple[Work | None, str]:
        if self._beside.supervising is None:
            return None, ""
        work = partial(self._beside.supervising.feedback, ticket_id, form.values())
        return work, self.tr("已反馈督办。")

    def _verify(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work | None, str]:
        if self._beside.verifying is None:
            return None, ""
        v = form.values()
        work = partial(self._beside.verifying.decide, ticket_id, v, version)
        words = self.tr("核查通过，转回访。") if v.passed else self.tr("已发回重办。")
        return work, words

    def _escalate(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        past = form.to.value or None
        return partial(self._handling.escalate, ticket_id, form.values(), version, past), self.tr(
            "已上报。"
        )

    def _decline(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        return partial(self._handling.decline, ticket_id, form.values(), version), self.tr(
            "已拒绝协办。"
        )

    def _return(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        work = partial(self._handling.ask_return, ticket_id, v.reason, v.basis, v.unit, version)
        return work, self.tr("退单申请已提交，等中心审批。")

    def _extend(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        work = partial(
            self._handling.ask_extension, ticket_id, v.days, v.reason, v.basis, v.told, version
        )
        return work, self.tr("延期申请已提交，审批前照常计时。")

    def _whistle(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        v = form.values()
        work = partial(self._handling.whistle, ticket_id, form.unit_ids, v.request, version)
        return work, self.tr("已吹哨，应哨到场后请登记。")

    def _arrival(self, form: Any, ticket_id: int, _version: int | None) -> tuple[Work | None, str]:
        v = form.values()
        if v.call is None:
            return None, ""
        work = partial(self._handling.whistle_arrived, ticket_id, v.call, v.person, v.outcome)
        return work, self.tr("已登记应哨到场。")

    def _mediate(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work | None, str]:
        v = form.values()
        if v.agreed is None:
            form.fields["agreed"].show_error(self.tr("请选择是否达成一致"))
            return None, ""
        work = partial(
            self._handling.mediate, ticket_id, v.on_day, v.participants, v.result, v.agreed, version
        )
        return work, self.tr("已记录调解。")

    def _reply(self, form: Any, ticket_id: int, version: int | None) -> tuple[Work, str]:
        work = partial(self._handling.reply, ticket_id, form.to_send(), version)
        return work, self.tr("已回复，等待审核。")

    def _attach(self, form: Any, _ticket_id: int, _version: int | None) -> tuple[None, str]:
        form.evidence.pick("after")
        return None, ""

    def _explain(self, form: Any, _ticket_id: int, _version: int | None) -> tuple[None, str]:
        form.lines.copy_button.click()
        return None, ""

    _MAKERS: dict[str, Callable[..., tuple[Work | None, str]]] = {
        "contact": _contact, "sub_dispatch": _sub_dispatch, "take_back": _take_back, "escalate": _escalate,
        "decline": _decline, "return": _return, "extend": _extend, "whistle": _whistle, "arrival": _arrival,
        "mediate": _mediate, "reply": _reply, "attach": _attach, "explain": _explain, "notify": _notify,
        "undo_return": _undo_return, "promise": _promise, "feedback": _feedback, "verify": _verify,
    }  # fmt: skip
