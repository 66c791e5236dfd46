"""Conditions of taking in, refusing, correcting and merging."""

from datetime import datetime

from console.domain.case import Case, Step
from console.domain.errors import Invalid, NotAllowed
from console.domain.roles import UNIT_ROLES, Role
from console.domain.rules import Rules
from console.domain.states import (
    Channel,
    Nature,
)

# Natures an agent may settle on the phone; an appeal for help only with a knowledge entry cited.
ANSWERABLE = frozenset(
    {Nature.INQUIRY, Nature.SUGGESTION, Nature.PRAISE, Nature.OTHER, Nature.INVALID}
)


def answerable(case: Case, step: Step, _rules: Rules) -> None:
    if case.nature in ANSWERABLE:
        return
    if case.nature is not Nature.HELP:
        raise NotAllowed("投诉、举报不能直接答复", "请登记后派单")
    if not step.inputs.get("knowledge_id"):
        raise NotAllowed("需要办理的求助不能直接答复", "知识库已能解答的，请引用一条知识")


def finished_before(_case: Case, step: Step, _rules: Rules) -> None:
    """What another system finished was taken in there first, and both before it came here."""
    accepted = datetime.fromisoformat(step.text("accepted_at"))
    closed = datetime.fromisoformat(step.text("closed_at"))
    if not accepted <= closed <= step.at:
        raise Invalid("办结时间应晚于受理时间，且不晚于现在", "请核对原系统的时间", "closed_at")


def confirmed_by_supervisor(_case: Case, step: Step, _rules: Rules) -> None:
    if step.actor.role is not Role.SUPERVISOR and not step.inputs.get("confirmed_by"):
        raise NotAllowed("不予受理须由值班长确认", "请值班长在本机确认，或转给值班长办理")


def known_rejection(_case: Case, step: Step, rules: Rules) -> None:
    if step.text("reason") not in {r.code for r in rules.pack.acceptance.rejections}:
        raise Invalid("请从不予受理的原因中选择一项", field="reason")


def own_draft(case: Case, step: Step, _rules: Rules) -> None:
    if case.creator_id != step.actor.account_id:
        raise NotAllowed("只能放弃本人的草稿", "请由暂存人办理")


def own_before_dispatch(case: Case, step: Step, _rules: Rules) -> None:
    """Whoever wrote it down mends it until it is dispatched; after that the dispatch desk does.

    A unit that has it in hand only marks it as a dispute (field-facts X4).
    """
    if step.actor.role in UNIT_ROLES:
        _marks_its_own_dispute(case, step)
    if step.actor.role is not Role.AGENT:
        return
    if case.creator_id != step.actor.account_id:
        raise NotAllowed("话务员只能更正本人受理的工单", "请由派单员更正")
    if case.dispatched_at is not None:
        raise NotAllowed("工单已派出，不能由话务员更正", "请由派单员更正，或在备注中说明")


def _marks_its_own_dispute(case: Case, step: Step) -> None:
    if list(step.inputs.get("fields", ())) != ["dispute"]:
        raise NotAllowed("承办单位不能更正受理内容", "请在备注中说明，由派单员更正")
    if case.share_of(step.actor.unit_id) is None:
        raise NotAllowed("这张工单没有派给您的单位", "请由承办单位标注")


def from_police(case: Case, _step: Step, _rules: Rules) -> None:
    if case.channel is not Channel.POLICE_110:
        raise NotAllowed("本单不是110转来的", "不属受理范围的，请按不予受理办理")


def with_police(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.with_police:
        raise NotAllowed("本单没有移交110", "已为您刷新，请核对后再操作")


def agent_merges_undispatched(case: Case, step: Step, _rules: Rules) -> None:
    if step.actor.role is Role.AGENT and case.dispatched_at is not None:
        raise NotAllowed("工单已派出，不能由话务员合并", "请由派单员合并")


def not_itself(case: Case, step: Step, _rules: Rules) -> None:
    if step.text("main_number") == case.number:
        raise Invalid("不能把工单并入它自己", field="main_number")


def same_phone(_case: Case, step: Step, _rules: Rules) -> None:
    if not step.flag("phone_matches"):
        raise NotAllowed("须由原来电号码提出撤单", "请来电人用原号码来电")


def not_public_safety(_case: Case, step: Step, _rules: Rules) -> None:
    if step.flag("public_safety"):
        raise NotAllowed("涉及公共安全的诉求不能撤单", "请告知来电人将继续办理")
