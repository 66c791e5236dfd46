"""What each move changes. Pure: a case and a step in, the case after it out."""

from dataclasses import replace
from datetime import datetime

from console.domain.case import Case, Share, Step, UnitRef
from console.domain.deadlines import Deadlines, extend, redo_due, shift_for_suspension
from console.domain.rules import Rules
from console.domain.states import AssignmentKind, AssignmentState, TicketState
from console.domain.worktime import Limit

A, S = AssignmentState, TicketState


def enter(case: Case, to: TicketState | None) -> Case:
    """The table's target state; a row without one leaves it to its effect."""
    return case if to is None else replace(case, state=to)


def nothing(case: Case, _step: Step, _rules: Rules) -> Case:
    return case


def accept(case: Case, step: Step, rules: Rules) -> Case:
    """The citizen-facing total clock starts here and survives every redispatch (field-facts 4.2 rule 4)."""
    total = rules.deadlines(case.urgency, case.nature, step.at).finish_due
    return replace(case, accepted_at=step.at, total_due=total, finish_due=total)


def settle(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(
        case,
        accepted_at=case.accepted_at or step.at,
        closed_at=step.at,
        closer_id=step.actor.account_id,
    )


def merge(case: Case, step: Step, _rules: Rules) -> Case:
    """Changes nothing that `unmerge` could not find again (peers 6.4)."""
    return replace(_stop(case, step, A.WITHDRAWN), merged_into=step.text("main_number"))


def unmerge(case: Case, _step: Step, _rules: Rules) -> Case:
    """Exactly as it was: waiting to be accepted, to be dispatched, or to be signed by whom it had been sent to."""
    opened = replace(case, merged_into="", closed_at=None, closer_id=None)
    if case.accepted_at is None:
        return replace(opened, state=S.PENDING_ACCEPT)
    if case.dispatched_at is None:
        return replace(opened, state=S.PENDING_DISPATCH)
    first = _last_lead(case).id
    shares = tuple(
        replace(s, state=A.IN_PROGRESS if s.signed_at else A.PENDING_SIGN, ended_at=None)
        if s.id >= first and s.state is A.WITHDRAWN and s.ended_at == case.closed_at
        else s
        for s in case.shares
    )
    return replace(opened, state=S.PENDING_SIGN, shares=shares)


def end(case: Case, step: Step, _rules: Rules) -> Case:
    """Over for good: no clock stands still, no request waits and nobody supervises it any more."""
    ended = _stop(case, step, A.WITHDRAWN)
    return replace(ended, suspended_at=None, extension_asked=0, supervision=0)


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
        response_due=due.response_due,
        finish_due=due.finish_due,
    )


def dispatch(case: Case, step: Step, rules: Rules) -> Case:
    return _dispatch(case, step, rules, designated=False)


def designate(case: Case, step: Step, rules: Rules) -> Case:
    return _dispatch(case, step, rules, designated=True)


def _dispatch(case: Case, step: Step, rules: Rules, *, designated: bool) -> Case:
    """One lead unit, any number of co-units; the unit's clocks start anew, the total clock does not."""
    due = rules.deadlines(case.urgency, case.nature, step.at)
    lead = _new_share(case, step.unit(), AssignmentKind.LEAD, step, due, designated=designated)
    case = case.add_share(lead)
    for unit in step.units("co_units"):
        case = case.add_share(_new_share(case, unit, AssignmentKind.CO, step, due))
    return replace(
        case,
        dispatched_at=step.at,
        dispatcher_id=step.actor.account_id,
        dispatch_count=case.dispatch_count + 1,
        sign_due=due.sign_due,
        finish_due=due.finish_due,
    )


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
    due = rules.deadlines(case.urgency, case.nature, step.at, case.finish_due)
    return case.add_share(_new_share(case, step.unit(), AssignmentKind.CO, step, due))


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
    due = rules.deadlines(case.urgency, case.nature, step.at, parent.finish_due)
    child = _new_share(case, step.unit(), parent.kind, step, due, parent)
    return case.with_share(replace(parent, state=A.PASSED_DOWN)).add_share(child)


def take_back(case: Case, step: Step, _rules: Rules) -> Case:
    parent = case.share(step.share_id)
    for child in case.live_children(parent.id):
        case = case.with_share(replace(child, state=A.WITHDRAWN, ended_at=step.at))
    return case.with_share(replace(parent, state=A.IN_PROGRESS))


def escalate(case: Case, step: Step, rules: Rules) -> Case:
    """Up to whoever passed it down; a unit the centre dispatched to hands to its superior, or back to the centre."""
    share = case.share(step.share_id)
    case = case.with_share(replace(share, state=A.ESCALATED, ended_at=step.at))
    if share.parent_id is not None:
        return _reopen_parent(case, share)
    if step.inputs.get("unit"):
        return _to_superior(case, share, step, rules)
    if share.kind is AssignmentKind.CO:
        return case
    return replace(_to_centre(case, step.at), state=S.PENDING_DISPATCH)


def _to_superior(case: Case, share: Share, step: Step, rules: Rules) -> Case:
    """The superior gets the same part, but never a second one: it could not act on both."""
    held = case.share_of(step.unit().id)
    lead = share.kind is AssignmentKind.LEAD
    if held is not None and held.owes:
        if not lead:
            return case
        case = _end_branch(case, held, step.at)
    due = rules.deadlines(case.urgency, case.nature, step.at, case.finish_due)
    case = case.add_share(_new_share(case, step.unit(), share.kind, step, due))
    return replace(case, extension_asked=0) if lead else case


def _end_branch(case: Case, share: Share, at: datetime) -> Case:
    for child in case.children(share.id):
        if child.live:
            case = _end_branch(case, child, at)
    return case.with_share(replace(share, state=A.WITHDRAWN, ended_at=at))


def _reopen_parent(case: Case, child: Share) -> Case:
    """When no child owes anything any more, the parent has the matter in hand again."""
    parent = case.share(child.parent_id)
    if case.live_children(parent.id):
        return case
    return case.with_share(replace(parent, state=A.IN_PROGRESS))


def decline(case: Case, step: Step, _rules: Rules) -> Case:
    share = case.share(step.share_id)
    declined = case.with_share(replace(share, state=A.DECLINED, ended_at=step.at))
    return _reopen_parent(declined, share) if share.parent_id is not None else declined


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
        extension_asked=0,
    )


def refuse_extension(case: Case, _step: Step, _rules: Rules) -> Case:
    return replace(case, extension_asked=0)


def suspend(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, suspended_at=step.at)


def resume(case: Case, step: Step, rules: Rules) -> Case:
    """The clock stood still: what was left when it stopped is left again (field-facts 4.2 rule 4)."""
    limits = rules.pack.limits(case.urgency, case.nature)
    since, calendar = case.suspended_at or step.at, rules.calendar

    def later(due: datetime | None, limit: Limit) -> datetime | None:
        return due and shift_for_suspension(due, since, step.at, calendar, limit.working)

    def resumed(share: Share) -> Share:
        sign, response = share.sign_due, share.response_due
        return replace(
            share,
            sign_due=sign if share.signed_at else later(sign, limits.sign),
            response_due=response if share.responded_at else later(response, limits.response),
            finish_due=later(share.finish_due, limits.finish),
        )

    shares = tuple(resumed(s) if s.owes else s for s in case.shares)
    finish = later(case.finish_due, limits.finish)
    return replace(case, shares=shares, finish_due=finish, suspended_at=None)


def reply(case: Case, step: Step, _rules: Rules) -> Case:
    """A child's reply goes to its parent; the lead unit's reply goes to the centre for review."""
    share = case.share(step.share_id)
    responded = share.responded_at or step.at
    case = case.with_share(
        replace(share, state=A.REPLIED, replied_at=step.at, responded_at=responded)
    )
    if share.parent_id is not None:
        return _reopen_parent(case, share)
    if share.kind is AssignmentKind.LEAD:
        return replace(case, state=S.PENDING_REVIEW, extension_asked=0)
    return case


def pass_review(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, state=S.PENDING_VERIFY if step.flag("verify") else S.PENDING_CALLBACK)


def redo(case: Case, step: Step, rules: Rules) -> Case:
    """The lead unit has it again, with half the first limit but at least one working day (field-facts 4.2 rule 4)."""
    lead = _last_lead(case)
    limits, again_rules = rules.pack.limits(case.urgency, case.nature), rules.pack.redo
    due = redo_due(limits, rules.calendar, step.at, again_rules.percent, again_rules.minimum)
    again = replace(lead, state=A.IN_PROGRESS, finish_due=due, replied_at=None, ended_at=None)
    done = tuple(
        replace(s, state=A.DONE, ended_at=step.at) if s.live and s.id != lead.id else s
        for s in case.shares
    )
    return replace(
        replace(case, shares=done).with_share(again),
        finish_due=due,
        redo_count=case.redo_count + 1,
        ring_back_count=0,
    )


def _last_lead(case: Case) -> Share:
    return case.top_leads()[-1]


def ring_back(case: Case, _step: Step, _rules: Rules) -> Case:
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
