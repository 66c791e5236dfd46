"""Conditions of the centre's dispatch and of taking it back."""

from datetime import datetime, timedelta

from console.domain.case import Case, Step, UnitRef
from console.domain.codes import covers
from console.domain.errors import Invalid, NotAllowed
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentKind,
)


def agent_dispatches_own(case: Case, step: Step, rules: Rules) -> None:
    if step.actor.role is not Role.AGENT:
        return
    if not rules.pack.desk.agent_may_dispatch:
        raise NotAllowed("本市由派单员派单", "请提交后由派单台办理")
    if case.creator_id != step.actor.account_id:
        raise NotAllowed("话务员只能派发本人受理的工单", "请由派单员派单")


def not_third_return(case: Case, _step: Step, rules: Rules) -> None:
    if case.return_count >= rules.pack.returns.dispatches:
        raise NotAllowed(f"本单已退回 {case.return_count} 次，不能再直接派单", "请指定承办单位")


def each_unit_once(_case: Case, step: Step, _rules: Rules) -> None:
    """A unit acts on one share at a time; a second one would be out of its reach."""
    co_units = step.units("co_units")
    if step.unit() in co_units:
        raise Invalid("主办单位不能同时协办", field="co_units")
    if len(set(co_units)) < len(co_units):
        raise Invalid("同一协办单位只能选一次", field="co_units")


def not_complained_of(case: Case, step: Step, _rules: Rules) -> None:
    """The unit complained of is no receiver of a confidential report (field-facts 10.2)."""
    if _complained_of(case, step.unit(), *step.units("co_units")):
        raise NotAllowed("保密件不能派给被反映的单位", "请派给其上级或监督部门")


def superior_not_complained_of(case: Case, step: Step, _rules: Rules) -> None:
    if step.inputs.get("unit") and _complained_of(case, step.unit()):
        raise NotAllowed("上级就是被反映的单位，保密件不能上报给它", "请申请退单，由中心改派")


def _complained_of(case: Case, *units: UnitRef) -> bool:
    if not case.confidential:
        return False
    about = case.respondent_code
    return any(
        unit.id == case.respondent_unit_id or (about and covers(about, unit.code)) for unit in units
    )


def returned_before(case: Case, step: Step, rules: Rules) -> None:
    if case.return_count < 1 and step.actor.role is not Role.SUPERVISOR:
        raise NotAllowed("只有退过单的工单才能指定承办", "请直接派单")


def own_dispatch(case: Case, step: Step, _rules: Rules) -> None:
    if case.dispatcher_id != step.actor.account_id:
        raise NotAllowed("只能撤销本人刚才的派单", "请由派单员撤回")


def _within(moment: datetime | None, step: Step, rules: Rules, what: str, hint: str) -> None:
    limit = timedelta(seconds=rules.pack.desk.undo_seconds)
    if moment is None or step.at - moment > limit:
        raise NotAllowed(f"{what}已超过 {rules.pack.desk.undo_seconds} 秒，不能撤销", hint)


def within_undo_of_dispatch(case: Case, step: Step, rules: Rules) -> None:
    _within(case.dispatched_at, step, rules, "派单", "请由派单员撤回")


def within_undo_of_close(case: Case, step: Step, rules: Rules) -> None:
    _within(case.closed_at, step, rules, "结案", "如有新情况，请值班长重新办理")


def own_close(case: Case, step: Step, _rules: Rules) -> None:
    if case.closer_id != step.actor.account_id:
        raise NotAllowed("只能撤销本人刚才的结案", "如有新情况，请值班长重新办理")


def own_grant(_case: Case, step: Step, rules: Rules) -> None:
    """`done_by` and `done_at` are the ledger's, from the log line that is taken back."""
    if step.inputs.get("done_by") != step.actor.account_id:
        raise NotAllowed("只能撤销本人刚才的决定", "请重新派单")
    moment = datetime.fromisoformat(step.text("done_at"))
    _within(moment, step, rules, "同意退单", "请重新派单")


def is_co_handler(case: Case, step: Step, _rules: Rules) -> None:
    held = case.share_of(step.unit().id)
    if held is None or held.kind is not AssignmentKind.CO or held.parent_id is not None:
        raise Invalid(f"{step.unit().name}不是协办单位", field="unit")


def not_yet_in_hand(case: Case, step: Step, _rules: Rules) -> None:
    held = case.share_of(step.unit().id)
    if held is not None and held.owes:
        raise Invalid(f"{step.unit().name}已在承办本单", field="unit")
