"""Conditions of a unit's own moves."""

from datetime import datetime

from console.domain.case import Case, Share, Step, UnitRef
from console.domain.codes import covers
from console.domain.deadlines import due_time
from console.domain.effects import taken_back
from console.domain.errors import Invalid, NotAllowed
from console.domain.guards.kind import own_share
from console.domain.rules import Rules
from console.domain.states import (
    GIVEN_UP,
    AssignmentKind,
    AssignmentState,
    Urgency,
)


def direct_child(case: Case, step: Step, _rules: Rules) -> None:
    """Only to a direct child, never past it (field-facts 3.4 rule 2)."""
    target = step.unit()
    if target.parent_id != own_share(case, step).unit.id:
        raise NotAllowed(f"只能下派给直接下级，{target.name}不是", "请逐级下派")


def child_unsigned(case: Case, step: Step, _rules: Rules) -> None:
    children = taken_back(case, step)
    if not children or any(c.state is not AssignmentState.PENDING_SIGN for c in children):
        raise NotAllowed("下级已签收，不能收回", "请联系下级单位回复或上报")


def one_level_up(case: Case, step: Step, rules: Rules) -> None:
    """Escalation goes one level (field-facts 3.4 rule 3); above the top unit it returns to the centre."""
    share = own_share(case, step)
    if step.inputs.get("unit"):
        skips = step.unit().id != share.unit.parent_id and not _may_skip(case, step, rules)
    else:
        skips = share.parent_id is None and _below_command(share.unit, rules)
    if skips:
        raise NotAllowed("不能越级上报", "请上报给直接上级")


def _may_skip(case: Case, step: Step, rules: Rules) -> bool:
    """A skip rule, or an emergency, lets a unit reach past its superior, but only straight up."""
    allowed = rules.pack.escalation.skip or case.urgency is Urgency.CRITICAL
    mine, theirs = own_share(case, step).unit.code, step.unit().code
    return allowed and mine != theirs and covers(theirs, mine)


def _below_command(unit: UnitRef, rules: Rules) -> bool:
    """Whether the level stands under one that dispatches (field-facts Z1); departments stand under none."""
    lowest = max(level.digits for level in rules.pack.escalation.levels if level.commands)
    return unit.parent_id is not None and unit.code.isdigit() and len(unit.code) > lowest


def not_a_return(case: Case, step: Step, _rules: Rules) -> None:
    """Back to the centre would be a return by another name (field-facts 3.3)."""
    share = own_share(case, step)
    if share.parent_id is not None or step.inputs.get("unit"):
        return
    if share.designated:
        raise NotAllowed("本单为指定承办，不能再交回中心", "确有困难的，请申请延期")
    if share.kind is AssignmentKind.LEAD and not share.unit.code.isdigit():
        raise NotAllowed("部门承办的工单不能交回中心", "不属本单位职责的，请在时限内申请退单")


def is_co_unit(case: Case, step: Step, _rules: Rules) -> None:
    share = own_share(case, step)
    if share.kind is AssignmentKind.CO:
        return
    if share.parent_id is not None:
        raise NotAllowed("上级下派的工单不能拒绝", "不属本单位职责的，请签收后上报")
    raise NotAllowed("主办单位不能拒绝协办", "不属本单位职责的，请申请退单")


def top_lead(case: Case, step: Step, _rules: Rules) -> None:
    share = own_share(case, step)
    if share.parent_id is not None:
        raise NotAllowed("下派的工单由上级单位提出", "请签收后向上级单位上报")
    if share.kind is AssignmentKind.CO:
        raise NotAllowed("协办单位不能提出", "请与主办单位商定")


def not_designated(case: Case, step: Step, _rules: Rules) -> None:
    if own_share(case, step).designated:
        raise NotAllowed("本单为指定承办，不能再退单", "请按期办理")


def within_return_limit(case: Case, step: Step, rules: Rules) -> None:
    if case.return_count >= rules.pack.returns.dispatches:
        raise NotAllowed("本单退单次数已满，由中心指定承办", "请按期办理")
    share = own_share(case, step)
    if not rules.pack.returns.silence_accepts and share.signed_at is None:
        return
    if step.at > return_due(case, share, rules):
        raise NotAllowed("已超过退单时限，视为接受承办（首接负责）", "请按期办理")


def return_due(case: Case, share: Share, rules: Rules) -> datetime:
    """Until when this unit may send it back; silence after that is acceptance (field-facts 3.3, peers 6.6)."""
    returns = rules.pack.returns
    limit = returns.complex_limit if case.complex else returns.limit
    return due_time(limit, rules.calendar, share.dispatched_at)


def before_due(case: Case, step: Step, _rules: Rules) -> None:
    if case.finish_due is not None and step.at >= case.finish_due:
        raise NotAllowed("已到办结时限，不能再申请延期", "请尽快回复办结")


def extension_left(case: Case, step: Step, rules: Rules) -> None:
    rule, days = rules.pack.extension, step.number("days")
    if case.extension_asked:
        raise NotAllowed("已有一份延期申请在审", "请等待中心答复")
    if not rule.times:
        raise NotAllowed("按本市规定不能延期", "请按期办理")
    if case.extension_count >= rule.times:
        raise NotAllowed(f"本单已延期 {case.extension_count} 次，不能再延", "请按期办理")
    if not 1 <= days <= rule.workdays - case.extension_days:
        raise Invalid(f"延期累计不得超过 {rule.workdays} 个工作日", field="days")


def extension_asked(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.extension_asked:
        raise NotAllowed("本单没有待审的延期申请", "已为您刷新，请核对后再操作")


def children_done(case: Case, step: Step, _rules: Rules) -> None:
    share = own_share(case, step)
    open_children = case.live_children(share.id)
    if open_children:
        raise NotAllowed(
            f"{open_children[0].unit.name}尚未回复", "请等下级回复，或收回下派后再回复"
        )
    if share.parent_id is None and share.kind is AssignmentKind.LEAD:
        _co_units_done(case)


def _co_units_done(case: Case) -> None:
    for other in case.shares:
        if other.owes and other.kind is AssignmentKind.CO:
            raise NotAllowed(f"协办单位{other.unit.name}尚未回复", "请催促协办单位尽快回复")


def contact_recorded(case: Case, step: Step, rules: Rules) -> None:
    """The unit must have spoken to the citizen (field-facts 3.3); a child's contact counts for its parent.

    That of a unit which gave the matter back does not.
    """
    if not case.reachable or not rules.pack.reply.contact_required:
        return
    if any(s.responded_at for s in case.shares if s.state not in GIVEN_UP):
        return
    raise NotAllowed("尚未登记联系群众", "请先登记联系时间和号码")


def long_enough(_case: Case, step: Step, rules: Rules) -> None:
    for name, caption in (("result", "办理情况"), ("public_reply", "公开答复内容")):
        length = len(step.text(name))
        if length < rules.pack.reply.length_min:
            raise Invalid(
                f"{caption}不少于 {rules.pack.reply.length_min} 个字，现有 {length} 个字",
                field=name,
            )


def site_proof(case: Case, step: Step, rules: Rules) -> None:
    if rules.pack.reply.site_photos and case.needs_site_proof and not step.number("photos"):
        raise Invalid("现场类诉求须附处置后的照片", "请先添加照片", field="photos")
