"""Conditions of the lifecycle table. Each raises NotAllowed or Invalid with the sentence the operator reads."""

from collections.abc import Callable
from datetime import datetime, timedelta

from console.domain.case import Case, Share, Step, UnitRef
from console.domain.codes import covers
from console.domain.deadlines import due_time
from console.domain.effects import taken_back
from console.domain.errors import Invalid, NotAllowed
from console.domain.roles import UNIT_ROLES, Role
from console.domain.rules import Rules
from console.domain.states import (
    GIVEN_UP,
    SUPERVISION_NAMES,
    AssignmentKind,
    AssignmentState,
    Channel,
    Nature,
    SupervisionLevel,
    Urgency,
)

Guard = Callable[[Case, Step, Rules], None]

# Natures an agent may settle on the phone; an appeal for help only with a knowledge entry cited.
ANSWERABLE = frozenset(
    {Nature.INQUIRY, Nature.SUGGESTION, Nature.PRAISE, Nature.OTHER, Nature.INVALID}
)


def _share(case: Case, step: Step) -> Share:
    return case.share(step.share_id)


def answerable(case: Case, step: Step, _rules: Rules) -> None:
    if case.nature in ANSWERABLE:
        return
    if case.nature is not Nature.HELP:
        raise NotAllowed("投诉、举报不能直接答复", "请登记后派单")
    if not step.inputs.get("knowledge_id"):
        raise NotAllowed("需要办理的求助不能直接答复", "知识库已能解答的，请引用一条知识")


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


def direct_child(case: Case, step: Step, _rules: Rules) -> None:
    """Only to a direct child, never past it (field-facts 3.4 rule 2)."""
    target = step.unit()
    if target.parent_id != _share(case, step).unit.id:
        raise NotAllowed(f"只能下派给直接下级，{target.name}不是", "请逐级下派")


def child_unsigned(case: Case, step: Step, _rules: Rules) -> None:
    children = taken_back(case, step)
    if not children or any(c.state is not AssignmentState.PENDING_SIGN for c in children):
        raise NotAllowed("下级已签收，不能收回", "请联系下级单位回复或上报")


def one_level_up(case: Case, step: Step, rules: Rules) -> None:
    """Escalation goes one level (field-facts 3.4 rule 3); above the top unit it returns to the centre."""
    share = _share(case, step)
    if step.inputs.get("unit"):
        skips = step.unit().id != share.unit.parent_id and not _may_skip(case, step, rules)
    else:
        skips = share.parent_id is None and _below_command(share.unit, rules)
    if skips:
        raise NotAllowed("不能越级上报", "请上报给直接上级")


def _may_skip(case: Case, step: Step, rules: Rules) -> bool:
    """A skip rule, or an emergency, lets a unit reach past its superior, but only straight up."""
    allowed = rules.pack.escalation.skip or case.urgency is Urgency.CRITICAL
    mine, theirs = _share(case, step).unit.code, step.unit().code
    return allowed and mine != theirs and covers(theirs, mine)


def _below_command(unit: UnitRef, rules: Rules) -> bool:
    """Whether the level stands under one that dispatches (field-facts Z1); departments stand under none."""
    lowest = max(level.digits for level in rules.pack.escalation.levels if level.commands)
    return unit.parent_id is not None and unit.code.isdigit() and len(unit.code) > lowest


def not_a_return(case: Case, step: Step, _rules: Rules) -> None:
    """Back to the centre would be a return by another name (field-facts 3.3)."""
    share = _share(case, step)
    if share.parent_id is not None or step.inputs.get("unit"):
        return
    if share.designated:
        raise NotAllowed("本单为指定承办，不能再交回中心", "确有困难的，请申请延期")
    if share.kind is AssignmentKind.LEAD and not share.unit.code.isdigit():
        raise NotAllowed("部门承办的工单不能交回中心", "不属本单位职责的，请在时限内申请退单")


def is_co_unit(case: Case, step: Step, _rules: Rules) -> None:
    share = _share(case, step)
    if share.kind is AssignmentKind.CO:
        return
    if share.parent_id is not None:
        raise NotAllowed("上级下派的工单不能拒绝", "不属本单位职责的，请签收后上报")
    raise NotAllowed("主办单位不能拒绝协办", "不属本单位职责的，请申请退单")


def top_lead(case: Case, step: Step, _rules: Rules) -> None:
    share = _share(case, step)
    if share.parent_id is not None:
        raise NotAllowed("下派的工单由上级单位提出", "请签收后向上级单位上报")
    if share.kind is AssignmentKind.CO:
        raise NotAllowed("协办单位不能提出", "请与主办单位商定")


def not_designated(case: Case, step: Step, _rules: Rules) -> None:
    if _share(case, step).designated:
        raise NotAllowed("本单为指定承办，不能再退单", "请按期办理")


def within_return_limit(case: Case, step: Step, rules: Rules) -> None:
    if case.return_count >= rules.pack.returns.dispatches:
        raise NotAllowed("本单退单次数已满，由中心指定承办", "请按期办理")
    share = _share(case, step)
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
    share = _share(case, step)
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


def own_subtree(case: Case, step: Step, _rules: Rules) -> None:
    """A unit's leader signs off what the units below him or her replied, never what others did."""
    if step.actor.role is not Role.LEADER or step.actor.commands_all:
        return
    lead = case.lead()
    if lead is None or not covers(step.actor.unit_code, lead.unit.code):
        raise NotAllowed("只能审核本单位及下级单位的答复", "请由中心审核")


def within_command(case: Case, step: Step, _rules: Rules) -> None:
    """A unit's leader instructs below, never a superior or a neighbour (field-facts 3.4 rule 6)."""
    if step.actor.role is not Role.LEADER or step.actor.commands_all:
        return
    lead = case.lead()
    if lead is None or not covers(step.actor.unit_code, lead.unit.code):
        raise NotAllowed("只能批示本单位及下级单位承办的工单", "请由上级领导批示")


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


def promises_kept(case: Case, _step: Step, _rules: Rules) -> None:
    if case.open_promises:
        raise NotAllowed(f"还有 {case.open_promises} 项承诺没有兑现，不能归档", "请先登记兑现情况")


def has_open_promise(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.open_promises:
        raise NotAllowed("本单没有待兑现的承诺", "已为您刷新，请核对后再操作")


def promised_ahead(_case: Case, step: Step, _rules: Rules) -> None:
    """A promise is a time to come, within a year: a wrong year would lie on nobody's list."""
    due = datetime.fromisoformat(step.text("due"))
    if not step.at < due <= step.at + timedelta(days=366):
        raise Invalid("承诺时间应在今后一年之内", field="due")


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


def same_phone(_case: Case, step: Step, _rules: Rules) -> None:
    if not step.flag("phone_matches"):
        raise NotAllowed("须由原来电号码提出撤单", "请来电人用原号码来电")


def not_public_safety(_case: Case, step: Step, _rules: Rules) -> None:
    if step.flag("public_safety"):
        raise NotAllowed("涉及公共安全的诉求不能撤单", "请告知来电人将继续办理")


def strictly_higher(case: Case, step: Step, _rules: Rules) -> None:
    """Supervision only rises (field-facts 3.4 rule 6)."""
    level = step.number("level")
    if level not in set(SupervisionLevel):
        raise Invalid("请选择督办级别", field="level")
    if level <= case.supervision:
        name = SUPERVISION_NAMES[SupervisionLevel(case.supervision)]
        highest = case.supervision == max(SupervisionLevel)
        hint = "请催办承办单位" if highest else "请选择更高的督办级别"
        raise NotAllowed(f"正处于{name}中，督办级别只能提高", hint)


def under_supervision(case: Case, _step: Step, _rules: Rules) -> None:
    if not case.supervision:
        raise NotAllowed("本单不在督办中", "已为您刷新，请核对后再操作")


# What case and person alone decide: where one of these fails, the move is not even offered.
BY_CASE_ALONE: frozenset[Guard] = frozenset(
    {
        from_police,
        with_police,
        has_open_promise,
        extension_asked,
        under_supervision,
        was_dispatched,
        within_command,
        own_subtree,
        agent_may_reopen,
    }
)
