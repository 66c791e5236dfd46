"""The lifecycle as one readable table: who may do what, from where to where, and what they must say.

Sources: field-facts 3.2 to 3.5. `guards.py` holds the conditions named in the table, `effects.py` what
each move changes; nothing else in the program decides whether a move is allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from console.domain import effects, guards
from console.domain.case import Case, Step
from console.domain.errors import Invalid, InvalidForm, NotAllowed, UserError
from console.domain.guards import Guard
from console.domain.moves import MOVE_NAMES, Move
from console.domain.roles import ROLE_NAMES, UNIT_ROLES, Operator, Role
from console.domain.rules import Rules
from console.domain.states import STATE_NAMES, AssignmentState, TicketState

S, A, M = TicketState, AssignmentState, Move
NEW = None

INTAKE = frozenset({Role.AGENT, Role.SUPERVISOR})
DISPATCHING = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
DISPATCHING_OR_AGENT = DISPATCHING | {Role.AGENT}
REVIEWING = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.OVERSEER})
REVIEWING_OR_LEADER = REVIEWING | {Role.LEADER}
OVERSEEING = frozenset({Role.OVERSEER, Role.SUPERVISOR})
UNIT = UNIT_ROLES
UNIT_DESK = frozenset({Role.LIAISON, Role.STREET_DESK, Role.GRID_LEADER})
GRID = frozenset({Role.GRID_LEADER, Role.GRID_WORKER})
CALLBACK = frozenset({Role.REVISITOR, Role.SUPERVISOR})
ARCHIVING = frozenset({Role.CLERK, Role.SUPERVISOR, Role.KEEPER})
KEEPER = frozenset({Role.KEEPER})
SUPERVISOR = frozenset({Role.SUPERVISOR})
REPORTING = INTAKE | DISPATCHING | UNIT
PROMISING = INTAKE | DISPATCHING | UNIT | CALLBACK
NOTING = REVIEWING | INTAKE | UNIT | CALLBACK | KEEPER

BEFORE_DISPATCH = frozenset({S.DRAFT, S.PENDING_ACCEPT, S.PENDING_DISPATCH})
WORKING = frozenset({S.IN_PROGRESS, S.REDO})
UNCLOSED = frozenset(
    {
        S.PENDING_ACCEPT,
        S.PENDING_DISPATCH,
        S.PENDING_SIGN,
        S.IN_PROGRESS,
        S.RETURN_REVIEW,
        S.SUSPENDED,
        S.PENDING_REVIEW,
        S.PENDING_VERIFY,
        S.PENDING_CALLBACK,
        S.REDO,
    }
)
TOLD = UNCLOSED | {S.CLOSED, S.ANSWERED}
DISPATCHED = frozenset({S.PENDING_SIGN, S.IN_PROGRESS, S.REDO})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `to` None keeps the state; `needs` are required inputs; a share is required where
    `share` names the states it must be in, and it must belong to the actor's own unit.
    """

    move: Move
    states: frozenset[TicketState | None]
    to: TicketState | None
    roles: frozenset[Role]
    needs: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    share: frozenset[AssignmentState] | None = None
    effect: Callable[[Case, Step, Rules], Case] = effects.nothing
    prints: str = ""


def _in(*states: TicketState | None) -> frozenset[TicketState | None]:
    return frozenset(states)


def _on(*states: AssignmentState) -> frozenset[AssignmentState]:
    return frozenset(states)


# fmt: off
TABLE: tuple[Rule, ...] = (
    # --- intake
    Rule(M.SAVE, _in(NEW, S.DRAFT), S.DRAFT, INTAKE),
    Rule(M.DISCARD, _in(S.DRAFT), S.VOID, INTAKE, (), (guards.own_draft,), None, effects.end),
    Rule(M.REGISTER, _in(NEW, S.DRAFT), S.PENDING_DISPATCH, INTAKE, (), (), None, effects.accept, "ticket_form"),
    Rule(M.RECEIVE, _in(NEW), S.PENDING_ACCEPT, REPORTING),
    Rule(M.ACCEPT, _in(S.PENDING_ACCEPT), S.PENDING_DISPATCH, DISPATCHING_OR_AGENT, (), (), None, effects.accept),
    Rule(M.SETTLE_ON_SITE, _in(NEW), S.CLOSED, GRID, ("result",), (guards.site_proof,), None, effects.settle),
    Rule(M.CARRY_OVER, _in(NEW), S.CLOSED, SUPERVISOR, ("outside_no", "result", "accepted_at", "closed_at"), (guards.finished_before,), None, effects.carry_over),
    Rule(M.ANSWER, _in(NEW, S.DRAFT, S.PENDING_ACCEPT), S.ANSWERED, INTAKE, ("answer",), (guards.answerable,), None, effects.settle),
    Rule(M.REJECT, _in(NEW, *BEFORE_DISPATCH), S.REJECTED, INTAKE, ("reason", "told"), (guards.confirmed_by_supervisor, guards.known_rejection), None, effects.settle, "refusal_notice"),
    Rule(M.HAND_TO_POLICE, _in(NEW, *BEFORE_DISPATCH), S.ANSWERED, DISPATCHING_OR_AGENT, ("receiver",), (), None, effects.hand_to_police),
    Rule(M.POLICE_REFUSED, _in(S.ANSWERED), S.PENDING_DISPATCH, DISPATCHING_OR_AGENT, ("reason", "receiver"), (guards.with_police,), None, effects.take_back_from_police),
    Rule(M.REFUSE_POLICE, _in(S.PENDING_ACCEPT), S.REJECTED, DISPATCHING_OR_AGENT, ("reason", "receiver"), (guards.from_police,), None, effects.settle),
    Rule(M.MERGE, _in(S.PENDING_ACCEPT, S.PENDING_DISPATCH, S.PENDING_SIGN, S.IN_PROGRESS, S.REDO, S.SUSPENDED), S.MERGED, DISPATCHING_OR_AGENT, ("main_number",), (guards.not_itself, guards.agent_merges_undispatched), None, effects.merge),
    Rule(M.UNMERGE, _in(S.MERGED), None, DISPATCHING, ("reason",), (), None, effects.put_back),
    Rule(M.SPLIT, _in(S.PENDING_DISPATCH, S.IN_PROGRESS, S.REDO, S.RETURN_REVIEW), None, DISPATCHING, ("new_number",)),
    Rule(M.SPLIT_OFF, _in(NEW), S.PENDING_DISPATCH, DISPATCHING, ("from_number", "accepted_at", "total_due"), (), None, effects.split_off),
    Rule(M.AMEND, frozenset(UNCLOSED | {S.DRAFT}), None, DISPATCHING_OR_AGENT | UNIT, ("fields",), (guards.own_before_dispatch,), None, effects.amend),
    # --- dispatch
    Rule(M.DISPATCH, _in(S.PENDING_DISPATCH), S.PENDING_SIGN, DISPATCHING_OR_AGENT, ("unit",), (guards.agent_dispatches_own, guards.not_third_return, guards.each_unit_once, guards.not_complained_of), None, effects.dispatch, "handling_sheet"),
    Rule(M.DESIGNATE, _in(S.PENDING_DISPATCH), S.PENDING_SIGN, DISPATCHING, ("unit", "reason"), (guards.returned_before, guards.each_unit_once, guards.not_complained_of), None, effects.designate, "designation"),
    Rule(M.RECALL, _in(S.PENDING_SIGN), S.PENDING_DISPATCH, DISPATCHING, ("reason",), (), None, effects.recall),
    Rule(M.UNDO_DISPATCH, _in(S.PENDING_SIGN), S.PENDING_DISPATCH, DISPATCHING_OR_AGENT, (), (guards.own_dispatch, guards.within_undo_of_dispatch), None, effects.recall),
    Rule(M.ADD_CO_UNIT, DISPATCHED, None, DISPATCHING, ("unit",), (guards.not_yet_in_hand, guards.not_complained_of), None, effects.add_co_unit),
    Rule(M.DISMISS_CO_UNIT, DISPATCHED, None, DISPATCHING, ("unit", "reason"), (guards.is_co_handler,), None, effects.dismiss_co_unit),
    # --- the unit's share
    Rule(M.SIGN, DISPATCHED, None, UNIT, (), (), _on(A.PENDING_SIGN), effects.sign),
    Rule(M.CONTACT, WORKING, None, UNIT, ("contacted",), (), _on(A.IN_PROGRESS, A.PASSED_DOWN), effects.respond),
    Rule(M.ARRIVE, WORKING, None, UNIT, (), (), _on(A.IN_PROGRESS), effects.arrive),
    Rule(M.SUB_DISPATCH, WORKING, None, UNIT_DESK, ("unit", "opinion"), (guards.direct_child, guards.not_yet_in_hand, guards.not_complained_of), _on(A.IN_PROGRESS, A.PASSED_DOWN), effects.sub_dispatch, "task_slip"),
    Rule(M.TAKE_BACK, WORKING, None, UNIT_DESK, ("reason",), (guards.child_unsigned,), _on(A.PASSED_DOWN), effects.take_back),
    Rule(M.ESCALATE, WORKING, None, UNIT, ("reason",), (guards.one_level_up, guards.not_a_return, guards.superior_not_complained_of), _on(A.IN_PROGRESS), effects.escalate),
    Rule(M.DECLINE, DISPATCHED, None, UNIT_DESK, ("reason",), (guards.is_co_unit,), _on(A.PENDING_SIGN), effects.decline),
    Rule(M.ASK_RETURN, _in(S.PENDING_SIGN, S.IN_PROGRESS), S.RETURN_REVIEW, UNIT_DESK, ("reason", "basis", "suggested_unit"), (guards.top_lead, guards.not_designated, guards.within_return_limit), _on(A.PENDING_SIGN, A.IN_PROGRESS), effects.ask_return, "return_request"),
    Rule(M.GRANT_RETURN, _in(S.RETURN_REVIEW), S.PENDING_DISPATCH, DISPATCHING, (), (), None, effects.grant_return),
    Rule(M.REFUSE_RETURN, _in(S.RETURN_REVIEW), S.IN_PROGRESS, DISPATCHING, ("opinion",), (), None, effects.refuse_return),
    Rule(M.UNDO_RETURN, _in(S.RETURN_REVIEW), None, UNIT_DESK, (), (), _on(A.RETURN_REVIEW), effects.undo_return),
    Rule(M.UNDO_GRANT, _in(S.PENDING_DISPATCH), None, DISPATCHING, (), (guards.own_grant,), None, effects.put_back),
    Rule(M.ASK_EXTENSION, WORKING, None, UNIT, ("days", "reason", "basis"), (guards.top_lead, guards.before_due, guards.extension_left), _on(A.IN_PROGRESS, A.PASSED_DOWN), effects.ask_extension, "extension_request"),
    Rule(M.GRANT_EXTENSION, WORKING, None, REVIEWING, (), (guards.extension_asked,), None, effects.grant_extension),
    Rule(M.REFUSE_EXTENSION, WORKING, None, REVIEWING, ("opinion",), (guards.extension_asked,), None, effects.refuse_extension),
    Rule(M.SUSPEND, WORKING, S.SUSPENDED, OVERSEEING, ("reason", "resume_on"), (), None, effects.suspend),
    Rule(M.RESUME, _in(S.SUSPENDED), None, OVERSEEING, (), (), None, effects.resume),
    Rule(M.REPLY, WORKING, None, UNIT, ("result", "public_reply", "resolution"), (guards.children_done, guards.contact_recorded, guards.long_enough, guards.site_proof), _on(A.IN_PROGRESS), effects.reply, "closure_report"),
    # --- review, verification, callback
    Rule(M.PASS_REVIEW, _in(S.PENDING_REVIEW), None, REVIEWING_OR_LEADER, (), (guards.own_subtree, guards.verifiable), None, effects.pass_review),
    Rule(M.FAIL_REVIEW, _in(S.PENDING_REVIEW), S.REDO, REVIEWING_OR_LEADER, ("comment",), (guards.own_subtree,), None, effects.redo),
    Rule(M.PASS_VERIFY, _in(S.PENDING_VERIFY), S.PENDING_CALLBACK, GRID, ("result",), (guards.verifier_is_not_handler, guards.in_verifiers_grid, guards.dispute_is_signed), None, effects.pass_verify, "verification"),
    Rule(M.CANCEL_VERIFY, _in(S.PENDING_VERIFY), S.PENDING_REVIEW, REVIEWING, ("reason",), (), None, effects.cancel_verify),
    Rule(M.FAIL_VERIFY, _in(S.PENDING_VERIFY), S.REDO, GRID, ("result",), (guards.verifier_is_not_handler, guards.in_verifiers_grid), None, effects.redo),
    Rule(M.RING_BACK, _in(S.PENDING_CALLBACK), None, CALLBACK, ("not_reached",), (), None, effects.ring_back),
    Rule(M.HEAR, _in(S.PENDING_CALLBACK), None, CALLBACK, ("contacted", "resolution", "satisfaction")),
    Rule(M.CLOSE, _in(S.PENDING_CALLBACK), S.CLOSED, CALLBACK, (), (guards.answers_or_enough_tries,), None, effects.close, "callback_record"),
    Rule(M.REDO, _in(S.PENDING_CALLBACK), S.REDO, CALLBACK, ("comment",), (), None, effects.redo),
    Rule(M.UNDO_CLOSE, _in(S.CLOSED), S.PENDING_CALLBACK, CALLBACK, (), (guards.own_close, guards.within_undo_of_close), None, effects.undo_close),
    Rule(M.ARCHIVE, _in(S.CLOSED), S.ARCHIVED, ARCHIVING, (), (guards.all_shares_ended, guards.no_supervision, guards.promises_kept, guards.dispute_was_signed, guards.keeper_waits), None, effects.archive, "closure_report"),
    Rule(M.REOPEN, _in(S.CLOSED), S.REDO, INTAKE, ("reason",), (guards.agent_may_reopen, guards.within_reopen_days, guards.was_dispatched), None, effects.reopen),
    # --- ending early
    Rule(M.VOID, _in(*BEFORE_DISPATCH, S.PENDING_SIGN), S.VOID, SUPERVISOR, ("reason",), (), None, effects.end),
    Rule(M.WITHDRAW_APPEAL, UNCLOSED, S.VOID, INTAKE, ("reason",), (guards.same_phone, guards.not_public_safety), None, effects.end),
    # --- beside the flow
    Rule(M.URGE, UNCLOSED, None, OVERSEEING | DISPATCHING | KEEPER, ("reason",), (), None, effects.urge, "urging_notice"),
    Rule(M.SUPERVISE, UNCLOSED, None, OVERSEEING | KEEPER, ("level", "reason"), (guards.strictly_higher,), None, effects.supervise, "supervision_notice"),
    Rule(M.LIFT_SUPERVISION, _in(*UNCLOSED, S.CLOSED), None, OVERSEEING, ("reason",), (guards.under_supervision,), None, effects.lift),
    Rule(M.INSTRUCT, UNCLOSED, None, frozenset({Role.LEADER}), ("opinion",), (guards.within_command,), None, effects.instruct),
    Rule(M.NOTIFY, frozenset(UNCLOSED | {S.CLOSED}), None, OVERSEEING | DISPATCHING | UNIT_DESK, ("unit",)),
    Rule(M.READ_COPY, frozenset(TOLD), None, UNIT, ("copy_id",)),
    Rule(M.PROMISE, frozenset(TOLD | {S.DRAFT}), None, PROMISING, ("what", "due"), (guards.promised_ahead,), None, effects.promise),
    Rule(M.KEEP_PROMISE, frozenset(S) - {S.ARCHIVED}, None, PROMISING, ("promise_id",), (guards.has_open_promise,), None, effects.keep_promise),
    Rule(M.TAG, frozenset(UNCLOSED | {S.CLOSED}), None, INTAKE | DISPATCHING | OVERSEEING),
    Rule(M.NOTE, _in(*UNCLOSED, S.CLOSED), None, NOTING, ("note",)),
)
# fmt: on
RULES: dict[Move, Rule] = {rule.move: rule for rule in TABLE}

# Moves a person performs that are offered as buttons; the rest need a form of their own.
NEED_TEXTS: dict[str, str] = {
    "answer": "请填写答复内容",
    "accepted_at": "缺少原工单的受理时间",
    "basis": "请填写依据",
    "closed_at": "缺少原系统的办结时间",
    "comment": "请填写须重新办理的要求",
    "contacted": "请填写联系群众的时间和号码",
    "copy_id": "请选择抄告件",
    "days": "请填写天数",
    "due": "请填写承诺的时间",
    "fields": "没有需要更正的内容",
    "from_number": "请选择原工单",
    "level": "请选择督办级别",
    "main_number": "请选择主工单",
    "new_number": "缺少拆分后的工单编号",
    "not_reached": "请选择未接通原因",
    "note": "请填写备注内容",
    "opinion": "请填写意见",
    "outside_no": "缺少原系统的工单编号",
    "public_reply": "请填写公开答复内容",
    "promise_id": "请选择承诺",
    "reason": "请填写原因",
    "receiver": "请填写110接警员工号",
    "resolution": "请选择是否解决",
    "result": "请填写办理情况",
    "resume_on": "请填写预计恢复日期",
    "satisfaction": "请记录满意度",
    "suggested_unit": "请填写建议承办单位",
    "told": "请填写已告知来电人的内容",
    "total_due": "缺少原工单的总时限",
    "unit": "请选择承办单位",
    "what": "请填写承诺的事项",
}


def advance(case: Case, step: Step, rules: Rules) -> Case:
    """Check one step against the table and return the case after it.

    Raises NotAllowed (role, unit, state, moment), Invalid or InvalidForm (inputs).
    """
    rule = RULES[step.move]
    _require_state(case, rule)
    _require_role(step.actor, rule)
    _require_share(case, step, rule)
    _require_inputs(step, rule)
    for guard in rule.guards:
        guard(case, step, rules)
    return replay(case, step, rules)


def replay(case: Case, step: Step, rules: Rules) -> Case:
    """Apply a step that the log says happened, without asking again whether it was allowed."""
    rule = RULES[step.move]
    case = effects.remember_handler(case, step)
    return effects.enter(rule.effect(case, step, rules), rule.to)


def permitted(case: Case, actor: Operator, rules: Rules, at: object = None) -> frozenset[Move]:
    """The moves this person may try now: state, role and share fit. Inputs and most guards come later."""
    return frozenset(rule.move for rule in TABLE if _fits(case, actor, rule, rules))


def _fits(case: Case, actor: Operator, rule: Rule, rules: Rules) -> bool:
    if case.state not in rule.states or actor.role not in rule.roles:
        return False
    if not all(_holds(g, case, actor, rules) for g in rule.guards if g in guards.BY_CASE_ALONE):
        return False
    if rule.share is None:
        return True
    share = case.share_of(actor.unit_id)
    return share is not None and share.state in rule.share


def _holds(guard: Guard, case: Case, actor: Operator, rules: Rules) -> bool:
    try:
        guard(case, Step(Move.NOTE, actor, case.created_at), rules)
    except UserError:
        return False
    return True


def _require_state(case: Case, rule: Rule) -> None:
    if case.state not in rule.states:
        here = STATE_NAMES[case.state] if case.state else "未登记"
        raise NotAllowed(
            f"工单当前为“{here}”，不能{MOVE_NAMES[rule.move]}", "已为您刷新，请核对后再操作"
        )


def _require_role(actor: Operator, rule: Rule) -> None:
    if actor.role not in rule.roles:
        allowed = "、".join(ROLE_NAMES[r] for r in Role if r in rule.roles)
        raise NotAllowed(
            f"{ROLE_NAMES[actor.role]}不能{MOVE_NAMES[rule.move]}", f"此操作由{allowed}办理"
        )


def _require_share(case: Case, step: Step, rule: Rule) -> None:
    if rule.share is None:
        return
    share = case.share(step.share_id)
    if share.unit.id != step.actor.unit_id:
        name = share.unit.name
        raise NotAllowed(
            f"这项承办属于{name}，您所在的单位不能{MOVE_NAMES[rule.move]}", f"请由{name}办理"
        )
    if share.state not in rule.share:
        raise NotAllowed(f"本单位现在不能{MOVE_NAMES[rule.move]}", "已为您刷新，请核对后再操作")


def _require_inputs(step: Step, rule: Rule) -> None:
    missing = tuple(
        Invalid(NEED_TEXTS[name], field=name)
        for name in rule.needs
        if _empty(step.inputs.get(name))
    )
    if missing:
        raise InvalidForm(missing)


def _empty(value: object) -> bool:
    """No is an answer; nothing is none."""
    return value is not False and not value
