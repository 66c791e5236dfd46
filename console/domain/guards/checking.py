"""Conditions of review, verification, callback and archive."""

from datetime import timedelta

from console.domain.case import Case, Step
from console.domain.codes import covers
from console.domain.errors import Invalid, NotAllowed
from console.domain.roles import Role
from console.domain.rules import Rules


def own_subtree(case: Case, step: Step, _rules: Rules) -> None:
    """A unit's leader signs off what the units below him or her replied, never what others did."""
    if step.actor.role is not Role.LEADER or step.actor.commands_all:
        return
    lead = case.lead()
    if lead is None or not covers(step.actor.unit_code, lead.unit.code):
        raise NotAllowed("只能审核本单位及下级单位的答复", "请由中心审核")


def verifiable(case: Case, step: Step, _rules: Rules) -> None:
    """Without a grid nobody could verify it, and it would wait for ever."""
    if step.flag("verify") and not case.grid_code:
        raise NotAllowed("本单没有网格归属，无人可现场核查", "请直接转回访")


def verifier_is_not_handler(case: Case, step: Step, _rules: Rules) -> None:
    """巡办分离: whoever handled a matter does not verify it (field-facts 3.3, product.md 9)."""
    if step.actor.account_id in case.handler_ids:
        raise NotAllowed("核查不能由本单的承办人进行", "请由本网格其他网格员核查")


def in_verifiers_grid(case: Case, step: Step, _rules: Rules) -> None:
    if not covers(step.actor.unit_code, case.grid_code):
        raise NotAllowed("只能核查本网格的工单", "请由该网格的网格员核查")


def dispute_is_signed(case: Case, step: Step, rules: Rules) -> None:
    """A dispute is over when who brought it, or who saw it end, has signed (签字认可, field-facts X4)."""
    if case.dispute and rules.pack.verify.disputes and not step.flag("signed_off"):
        raise Invalid("矛盾件须当事人签字认可", "未认可的，请核查退回", "signed_off")


def dispute_was_signed(case: Case, step: Step, rules: Rules) -> None:
    if step.actor.role is Role.SUPERVISOR and step.text("reason"):
        return
    must = case.dispute and rules.pack.verify.disputes and case.grid_code and case.shares
    if must and not (case.signed_off or case.verify_waived):
        raise NotAllowed("矛盾件尚未签字认可，不能归档", "请值班长重新办理，或写明原因归档")


def keeper_waits(case: Case, step: Step, rules: Rules) -> None:
    """By itself the system archives only after the pack's days; a clerk may at once (field-facts 3.3)."""
    days = rules.pack.desk.archive_days
    waited = case.closed_at is not None and step.at - case.closed_at >= timedelta(days=days)
    if step.actor.role is Role.KEEPER and not waited:
        raise NotAllowed(f"办结未满 {days} 天，不自动归档", "需要提前归档的，请由文员办理")


def agent_may_reopen(_case: Case, step: Step, rules: Rules) -> None:
    if step.actor.role is Role.AGENT and not rules.pack.duplicates.repeat_reopens:
        raise NotAllowed("办结后再次反映的，按新工单受理并注明重复", "确需重新办理的，请值班长办理")


def answers_or_enough_tries(case: Case, step: Step, rules: Rules) -> None:
    if step.number("unheard"):
        raise NotAllowed(
            f"还有 {step.number('unheard')} 位诉求人没有回访", "请逐位回访，或拨满次数"
        )
    if not case.reachable or not case.reply_wanted:
        return
    answers = ("contacted", "resolution", "satisfaction")
    if all(step.inputs.get(name) is not None for name in answers):
        return
    if case.ring_back_count >= rules.pack.callback.tries:
        return
    left = rules.pack.callback.tries - case.ring_back_count
    raise NotAllowed("三项回访问题尚未答全", f"未接通的，还须再拨 {left} 次后方可结案")


def all_shares_ended(case: Case, _step: Step, _rules: Rules) -> None:
    for share in case.shares:
        if share.live:
            raise NotAllowed(f"{share.unit.name}的承办尚未结束，不能归档", "请等其办结")


def no_supervision(case: Case, _step: Step, _rules: Rules) -> None:
    if case.supervision:
        raise NotAllowed("督办尚未解除，不能归档", "请督办员先解除督办")


def within_reopen_days(case: Case, step: Step, rules: Rules) -> None:
    days = rules.pack.redo.reopen_days
    if case.closed_at is None or step.at - case.closed_at > timedelta(days=days):
        raise NotAllowed(f"办结已超过 {days} 天，不能重新办理", "请作为新工单受理并关联原单")


def was_dispatched(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.shares:
        raise NotAllowed("本单没有派过单位，不能重新办理", "请作为新工单受理并关联原单")
