"""What each move changes. Pure: a case and a step in, the case after it out."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console.domain import undo
from console.domain.case import Case, Share, Step, UnitRef
from console.domain.deadlines import Deadlines, extend, redo_due, shift_for_suspension
from console.domain.moves import Move
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Nature,
    SupervisionLevel,
    TicketState,
    Urgency,
)
from console.domain.worktime import Limit

A, S = AssignmentState, TicketState


def enter(case: Case, to: TicketState | None) -> Case:
    """The table's target state; a row without one leaves it to its effect."""
    return case if to is None else replace(case, state=to)


def nothing(case: Case, _step: Step, _rules: Rules) -> Case:
    return case


# Whoever did one of these handled the matter and may not verify it (巡办分离, field-facts 3.3).
HANDLING = frozenset({Move.SIGN, Move.CONTACT, Move.ARRIVE, Move.REPLY, Move.SETTLE_ON_SITE})


def remember_handler(case: Case, step: Step) -> Case:
    """Who has had the matter in hand, for the guard of verification."""
    who = step.actor.account_id
    if step.move not in HANDLING or who in case.handler_ids:
        return case
    return replace(case, handler_ids=(*case.handler_ids, who))


def accept(case: Case, step: Step, rules: Rules) -> Case:
    """The citizen-facing total clock starts here and survives every redispatch (field-facts 4.2 rule 4)."""
    total = rules.due(case, step.at).finish_due
    return replace(case, accepted_at=step.at, total_due=total, finish_due=total)


def split_off(case: Case, step: Step, _rules: Rules) -> Case:
    """Half of another work order: the citizen has been waiting since that one was accepted."""
    total = datetime.fromisoformat(step.text("total_due"))
    accepted = datetime.fromisoformat(step.text("accepted_at"))
    return replace(case, accepted_at=accepted, total_due=total, finish_due=total)


def hand_to_police(case: Case, step: Step, rules: Rules) -> Case:
    return replace(settle(case, step, rules), with_police=True)


def take_back_from_police(case: Case, step: Step, rules: Rules) -> Case:
    """110 hands it back: it is ours, and the citizen's clock has run since we first had it (field-facts 10.12)."""
    accepted = case.accepted_at or step.at
    total = case.total_due or rules.due(case, accepted).finish_due
    return replace(
        case, with_police=False, accepted_at=accepted, total_due=total, finish_due=total,
        closed_at=None, closer_id=None,
    )  # fmt: skip


_AMENDED: dict[str, Any] = {
    "nature": Nature, "urgency": Urgency, "complex": bool, "dispute": bool, "confidential": bool, "own_limit": str,
    "needs_site_proof": bool, "grid_code": str, "respondent_code": str, "reply_wanted": bool, "legacy_issue": bool,
}  # fmt: skip


def amend(case: Case, step: Step, rules: Rules) -> Case:
    """Corrections; a limit that changes is counted again from where it began, what was granted stays granted."""
    given = {
        name: kind(step.inputs[name]) for name, kind in _AMENDED.items() if name in step.inputs
    }
    if isinstance(respondent := step.inputs.get("respondent_unit_id"), int):
        given["respondent_unit_id"] = respondent
    amended = replace(case, **given)
    if rules.limits(amended) == rules.limits(case) or case.accepted_at is None:
        return amended
    return recount(amended, case.accepted_at, rules)


def recount(case: Case, accepted_at: datetime, rules: Rules) -> Case:
    """Every limit that still runs, counted again from where it began.

    A redo's shorter limit stays: it was set when the redo was ordered, not by the table of limits.
    """
    working = rules.limits(case).finish.working

    def due_from(start: datetime, parent_due: datetime | None = None) -> datetime:
        due = rules.due(case, start, parent_due).finish_due
        if case.paused_minutes:
            due = _after(due, case.paused_minutes, rules, working)
        return extend(due, case.extension_days, rules.calendar) if case.extension_days else due

    # What was granted to the unit was never added to what the citizen was promised (4.2 rule 4).
    case = replace(case, total_due=rules.due(case, accepted_at).finish_due)
    if case.dispatched_at is None:
        return replace(case, finish_due=case.total_due)
    if case.redo_count:
        return case
    finish = due_from(case.dispatched_at)
    shares = tuple(
        _counted_again(s, min(due_from(s.dispatched_at), finish), case, rules) if s.owes else s
        for s in case.shares
    )
    lead = next((s for s in shares if s.live and s.parent_id is None and s.sign_due), None)
    sign = lead.sign_due if lead is not None else case.sign_due
    return replace(case, shares=shares, finish_due=finish, sign_due=sign)


def _counted_again(share: Share, finish: datetime, case: Case, rules: Rules) -> Share:
    """One share under the corrected limits; what is done already keeps the limit it was done under.

    After a suspension signing and answering keep what is left of theirs: they stood still on a clock of their own.
    """
    sign, response = share.sign_due, share.response_due
    if not case.paused_minutes:
        made = rules.due(case, share.dispatched_at)
        sign = sign if share.signed_at else made.sign_due
        answer = rules.response_due(share.unit.code, share.dispatched_at, made)
        response = response if share.responded_at else answer
    level = min(share.level_due, finish) if share.level_due else None
    return replace(share, finish_due=finish, sign_due=sign, response_due=response, level_due=level)


def _after(due: datetime, minutes: int, rules: Rules, working: bool) -> datetime:
    length = timedelta(minutes=minutes)
    return rules.calendar.add_worktime(due, length) if working else due + length


def settle(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(
        case,
        accepted_at=case.accepted_at or step.at,
        closed_at=step.at,
        closer_id=step.actor.account_id,
    )


def merge(case: Case, step: Step, _rules: Rules) -> Case:
    """Changes nothing that `unmerge` could not find again (peers 6.4)."""
    return replace(
        _stop(case, step, A.WITHDRAWN),
        merged_into=step.text("main_number"),
        suspended_at=None,
        suspended_from=None,
        extension_asked=0,
    )


def put_back(case: Case, step: Step, _rules: Rules) -> Case:
    """Exactly as it was before the step whose changes the log kept; the ledger hands them in as `kept`."""
    return undo.restored(case, step.inputs[undo.KEPT])


def end(case: Case, step: Step, _rules: Rules) -> Case:
    """Over for good: no clock stands still, no request waits and nobody supervises it any more."""
    ended = _stop(case, step, A.WITHDRAWN)
    return replace(ended, suspended_at=None, suspended_from=None, extension_asked=0, supervision=0)


def _stop(case: Case, step: Step, shares: AssignmentState) -> Case:
    ended = _end_shares(case, shares, step.at)
    return replace(ended, closed_at=step.at, closer_id=step.actor.account_id)


def _end_shares(case: Case, state: AssignmentState, at: datetime) -> Case:
    shares = tuple(replace(s, state=state, ended_at=at) if s.live else s for s in case.shares)
    return replace(case, shares=shares)


def _new_share(
    case: Case,
    unit: UnitRef,
    kind: AssignmentKind,
    step: Step,
    rules: Rules,
    due: Deadlines,
    parent: Share | None = None,
    designated: bool = False,
) -> Share:
    return Share(
        id=case.next_share_id(),
        unit=unit,
        kind=kind,
        state=A.PENDING_SIGN,
        dispatched_at=step.at,
        parent_id=parent.id if parent else None,
        designated=designated,
        sign_due=due.sign_due,
        response_due=rules.response_due(unit.code, step.at, due),
        finish_due=due.finish_due,
        level_due=rules.level_due(unit.code, step.at, due.finish_due),
    )


def dispatch(case: Case, step: Step, rules: Rules) -> Case:
    return _dispatch(case, step, rules, designated=False)


def designate(case: Case, step: Step, rules: Rules) -> Case:
    return _dispatch(case, step, rules, designated=True)


def _dispatch(case: Case, step: Step, rules: Rules, *, designated: bool) -> Case:
    """One lead unit, any number of co-units; the unit's clocks start anew, the total clock does not."""
    if "complex" in step.inputs and step.flag("complex") is not case.complex:
        case = _recount_total(replace(case, complex=step.flag("complex")), rules)
    due = rules.due(case, step.at)
    lead = _new_share(
        case, step.unit(), AssignmentKind.LEAD, step, rules, due, designated=designated
    )
    case = case.add_share(lead)
    for unit in step.units("co_units"):
        case = case.add_share(_new_share(case, unit, AssignmentKind.CO, step, rules, due))
    return replace(
        case,
        dispatched_at=step.at,
        dispatcher_id=step.actor.account_id,
        dispatch_count=case.dispatch_count + 1,
        sign_due=due.sign_due,
        finish_due=due.finish_due,
    )


def _recount_total(case: Case, rules: Rules) -> Case:
    """The citizen is promised the time that the matter really needs, from when it was accepted."""
    if case.accepted_at is None:
        return case
    return replace(case, total_due=rules.due(case, case.accepted_at).finish_due)


def recall(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(_to_centre(case, step.at), dispatch_count=case.dispatch_count - 1)


def _to_centre(case: Case, at: datetime) -> Case:
    """To be dispatched anew, from wherever: no unit has it, so only the citizen's clock runs."""
    return replace(
        _end_shares(case, A.WITHDRAWN, at),
        sign_due=None,
        finish_due=case.total_due,
        dispatched_at=None,
        dispatcher_id=None,
        extension_asked=0,
    )


def add_co_unit(case: Case, step: Step, rules: Rules) -> Case:
    due = rules.due(case, step.at, case.finish_due)
    return case.add_share(_new_share(case, step.unit(), AssignmentKind.CO, step, rules, due))


def dismiss_co_unit(case: Case, step: Step, _rules: Rules) -> Case:
    """The centre needs this co-unit no longer; what it passed down ends with it."""
    held = case.share_of(step.unit().id)
    return case if held is None else _end_branch(case, held, step.at)


def sign(case: Case, step: Step, _rules: Rules) -> Case:
    """The lead unit's signature moves the whole work order; a child's or co-unit's only its own share."""
    share = case.share(step.share_id)
    case = case.with_share(replace(share, state=A.IN_PROGRESS, signed_at=step.at))
    if share.kind is AssignmentKind.LEAD and case.state is S.PENDING_SIGN:
        return replace(case, state=S.IN_PROGRESS)
    return case


def respond(case: Case, step: Step, _rules: Rules) -> Case:
    share = case.share(step.share_id)
    if share.responded_at is not None:
        return case
    return case.with_share(replace(share, responded_at=step.at))


def arrive(case: Case, step: Step, _rules: Rules) -> Case:
    share = case.share(step.share_id)
    return case.with_share(replace(share, arrived_at=share.arrived_at or step.at))


def sub_dispatch(case: Case, step: Step, rules: Rules) -> Case:
    """The child's limit may not pass the parent's (field-facts 4.2 rule 5)."""
    parent = case.share(step.share_id)
    due = rules.due(case, step.at, parent.finish_due)
    child = _new_share(case, step.unit(), parent.kind, step, rules, due, parent)
    return case.with_share(replace(parent, state=A.PASSED_DOWN)).add_share(child)


def take_back(case: Case, step: Step, rules: Rules) -> Case:
    """One child when the step names it, all of them otherwise."""
    parent = case.share(step.share_id)
    for child in taken_back(case, step):
        case = case.with_share(replace(child, state=A.WITHDRAWN, ended_at=step.at))
    if case.live_children(parent.id):
        return case
    return case.with_share(_in_hand_again(parent, step.at, rules))


def taken_back(case: Case, step: Step) -> tuple[Share, ...]:
    """The children a taking back is about."""
    children = case.live_children(step.share_id or 0)
    if not step.inputs.get("unit"):
        return children
    return tuple(child for child in children if child.unit.id == step.unit().id)


def _in_hand_again(share: Share, at: datetime, rules: Rules) -> Share:
    """Work again for this level: its own timer starts anew (field-facts X3)."""
    timer = rules.level_due(share.unit.code, at, share.finish_due)
    return replace(share, state=A.IN_PROGRESS, level_due=timer)


def escalate(case: Case, step: Step, rules: Rules) -> Case:
    """Up to whoever passed it down; a unit the centre dispatched to hands to its superior, or back to the centre."""
    share = case.share(step.share_id)
    case = case.with_share(replace(share, state=A.ESCALATED, ended_at=step.at))
    if share.parent_id is not None:
        if step.inputs.get("unit") and step.unit().id != case.share(share.parent_id).unit.id:
            return _past_the_next(case, share, step, rules)
        return _reopen_parent(case, share, step.at, rules)
    if step.inputs.get("unit"):
        return _to_superior(case, share, step, rules)
    if share.kind is AssignmentKind.CO:
        return case
    return replace(_to_centre(case, step.at), state=S.PENDING_DISPATCH)


def _past_the_next(case: Case, share: Share, step: Step, rules: Rules) -> Case:
    """Past the superior (field-facts 3.4 rule 3): whoever lies between has it no longer; whoever is reached, has it."""
    over = case.share(share.parent_id)
    while over.parent_id is not None and case.share(over.parent_id).unit.id != step.unit().id:
        over = case.share(over.parent_id)
    case = _end_branch(case, over, step.at)
    if over.parent_id is None:
        return _to_superior(case, over, step, rules)
    return _reopen_parent(case, over, step.at, rules)


def _to_superior(case: Case, share: Share, step: Step, rules: Rules) -> Case:
    """The superior gets the same part, but never a second one: it could not act on both."""
    held = case.share_of(step.unit().id)
    lead = share.kind is AssignmentKind.LEAD
    if held is not None and held.owes:
        if not lead:
            return case
        case = _end_branch(case, held, step.at)
    due = rules.due(case, step.at, case.finish_due)
    case = case.add_share(_new_share(case, step.unit(), share.kind, step, rules, due))
    return replace(case, extension_asked=0) if lead else case


def _end_branch(case: Case, share: Share, at: datetime) -> Case:
    for child in case.children(share.id):
        if child.live:
            case = _end_branch(case, child, at)
    return case.with_share(replace(share, state=A.WITHDRAWN, ended_at=at))


def _reopen_parent(case: Case, child: Share, at: datetime, rules: Rules) -> Case:
    """When no child owes anything any more, the parent has the matter in hand again."""
    parent = case.share(child.parent_id)
    if case.live_children(parent.id):
        return case
    return case.with_share(_in_hand_again(parent, at, rules))


def decline(case: Case, step: Step, rules: Rules) -> Case:
    share = case.share(step.share_id)
    declined = case.with_share(replace(share, state=A.DECLINED, ended_at=step.at))
    if share.parent_id is None:
        return declined
    return _reopen_parent(declined, share, step.at, rules)


def ask_return(case: Case, step: Step, _rules: Rules) -> Case:
    return case.with_share(replace(case.share(step.share_id), state=A.RETURN_REVIEW))


def grant_return(case: Case, step: Step, _rules: Rules) -> Case:
    share = replace(_in_return(case), state=A.RETURNED, ended_at=step.at)
    back = _to_centre(case.with_share(share), step.at)
    return replace(back, return_count=case.return_count + 1)


def _in_return(case: Case) -> Share:
    return next(s for s in case.shares if s.state is A.RETURN_REVIEW)


def refuse_return(case: Case, step: Step, _rules: Rules) -> Case:
    """A refused return counts as signed: the unit has the matter and the clock never stopped."""
    share = _in_return(case)
    signed = share.signed_at or step.at
    return case.with_share(replace(share, state=A.IN_PROGRESS, signed_at=signed))


def undo_return(case: Case, step: Step, _rules: Rules) -> Case:
    """The unit keeps it after all; a return refused or taken back leaves it where it was."""
    share = case.share(step.share_id)
    signed = share.signed_at is not None
    case = case.with_share(replace(share, state=A.IN_PROGRESS if signed else A.PENDING_SIGN))
    return replace(case, state=S.IN_PROGRESS if signed else S.PENDING_SIGN)


def ask_extension(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, extension_asked=step.number("days"))


def grant_extension(case: Case, _step: Step, rules: Rules) -> Case:
    """More time for whoever still owes work; what has been replied to keeps the limit it was replied under."""
    days = case.extension_asked

    def later(due: datetime | None) -> datetime | None:
        return extend(due, days, rules.calendar) if due else None

    shares = tuple(replace(s, finish_due=later(s.finish_due)) if s.owes else s for s in case.shares)
    return replace(
        case,
        shares=shares,
        finish_due=later(case.finish_due),
        extension_days=case.extension_days + days,
        extension_count=case.extension_count + 1,
        extension_asked=0,
    )


def refuse_extension(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, extension_asked=0)


def suspend(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, suspended_at=step.at, suspended_from=case.state)


def resume(case: Case, step: Step, rules: Rules) -> Case:
    """The clock stood still: what was left when it stopped is left again (field-facts 4.2 rule 4)."""
    limits = rules.limits(case)
    since, calendar = case.suspended_at or step.at, rules.calendar

    def later(due: datetime | None, limit: Limit) -> datetime | None:
        return due and shift_for_suspension(due, since, step.at, calendar, limit.working)

    def resumed(share: Share) -> Share:
        sign, response = share.sign_due, share.response_due
        finish = later(share.finish_due, limits.finish)
        level = later(share.level_due, _timer(share, rules) or limits.finish)
        return replace(
            share,
            sign_due=sign if share.signed_at else later(sign, limits.sign),
            response_due=response if share.responded_at else later(response, limits.response),
            finish_due=finish,
            # A timer in working hours must not outlast a limit in plain hours.
            level_due=min(level, finish) if level and finish else level,
        )

    stood = rules.paused(since, step.at, limits.finish.working)
    return replace(
        case,
        state=case.suspended_from or S.IN_PROGRESS,
        shares=tuple(resumed(s) if s.owes else s for s in case.shares),
        finish_due=later(case.finish_due, limits.finish),
        suspended_at=None,
        suspended_from=None,
        paused_minutes=case.paused_minutes + int(stood.total_seconds()) // 60,
    )


def _timer(share: Share, rules: Rules) -> Limit | None:
    level = rules.level(share.unit.code)
    return level.timer if level else None


def reply(case: Case, step: Step, rules: Rules) -> Case:
    """A child's reply goes to its parent; the lead unit's reply goes to the centre for review."""
    share = case.share(step.share_id)
    responded = share.responded_at or step.at
    case = case.with_share(
        replace(share, state=A.REPLIED, replied_at=step.at, responded_at=responded)
    )
    if share.parent_id is not None:
        return _reopen_parent(case, share, step.at, rules)
    if share.kind is AssignmentKind.LEAD:
        return replace(case, state=S.PENDING_REVIEW, extension_asked=0)
    return case


def pass_review(case: Case, step: Step, rules: Rules) -> Case:
    """To the grid's worker where the reviewer or the city wants it seen, else straight to callback."""
    looked_at = step.flag("verify") or must_be_verified(case, rules)
    return replace(case, state=S.PENDING_VERIFY if looked_at else S.PENDING_CALLBACK)


def must_be_verified(case: Case, rules: Rules) -> bool:
    """Whether the city wants this kind of matter seen on site before the citizen is called (field-facts X4, H17)."""
    verify = rules.pack.verify
    kind = (verify.disputes and case.dispute) or (verify.sites and case.needs_site_proof)
    return bool(kind and case.grid_code and not case.verify_waived)


def pass_verify(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, signed_off=case.signed_off or step.flag("signed_off"))


def cancel_verify(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, verify_waived=True)


def redo(case: Case, step: Step, rules: Rules) -> Case:
    """The lead unit has it again, with half the first limit but at least one working day (field-facts 4.2 rule 4)."""
    lead = _last_lead(case)
    limits, again_rules = rules.limits(case), rules.pack.redo
    due = redo_due(limits, rules.calendar, step.at, again_rules.percent, again_rules.minimum)
    again = replace(lead, finish_due=due, replied_at=None, ended_at=None)
    again = _in_hand_again(again, step.at, rules)
    done = tuple(
        replace(s, state=A.DONE, ended_at=step.at) if s.live and s.id != lead.id else s
        for s in case.shares
    )
    return replace(
        replace(case, shares=done).with_share(again),
        finish_due=due,
        redo_count=case.redo_count + 1,
        ring_back_count=0,
        signed_off=False,
        supervision=_after_redos(case, again_rules.times),
    )


def _after_redos(case: Case, times: int) -> int:
    """Done again often enough and still not right: supervised from now on (待督办, field-facts 3.1)."""
    if case.redo_count < times:
        return case.supervision
    return max(case.supervision, SupervisionLevel.NORMAL)


def _last_lead(case: Case) -> Share:
    return case.top_leads()[-1]


def ring_back(case: Case, step: Step, _rules: Rules) -> Case:
    """Tries to reach the caller; those to reach somebody who joined later are counted with their own calls."""
    if step.flag("joined"):
        return case
    return replace(case, ring_back_count=case.ring_back_count + 1)


def close(case: Case, step: Step, _rules: Rules) -> Case:
    return _stop(case, step, A.DONE)


def undo_close(case: Case, _step: Step, _rules: Rules) -> Case:
    """Gives back exactly the shares that this closing ended."""
    shares = tuple(
        replace(s, state=A.REPLIED, ended_at=None)
        if s.state is A.DONE and s.ended_at == case.closed_at
        else s
        for s in case.shares
    )
    return replace(case, shares=shares, closed_at=None, closer_id=None)


def reopen(case: Case, step: Step, rules: Rules) -> Case:
    return redo(replace(case, closed_at=None, closer_id=None), step, rules)


def archive(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, archived_at=step.at)


def urge(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, urge_count=case.urge_count + 1)


def supervise(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, supervision=step.number("level"))


def lift(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, supervision=0)


def instruct(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, leader_instructed=True)


def promise(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, open_promises=case.open_promises + 1)


def keep_promise(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, open_promises=case.open_promises - 1)
