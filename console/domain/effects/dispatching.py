"""The centre's hand: to whom, with whom, back again."""

from dataclasses import replace
from datetime import datetime

from console.domain.case import Case, Share, Step, UnitRef
from console.domain.deadlines import Deadlines
from console.domain.effects.ending import end_shares
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    TicketState,
)

A, S = AssignmentState, TicketState


def new_share(
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
    lead = new_share(
        case, step.unit(), AssignmentKind.LEAD, step, rules, due, designated=designated
    )
    case = case.add_share(lead)
    for unit in step.units("co_units"):
        case = case.add_share(new_share(case, unit, AssignmentKind.CO, step, rules, due))
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
    return replace(to_centre(case, step.at), dispatch_count=case.dispatch_count - 1)


def to_centre(case: Case, at: datetime) -> Case:
    """To be dispatched anew, from wherever: no unit has it, so only the citizen's clock runs."""
    return replace(
        end_shares(case, A.WITHDRAWN, at),
        sign_due=None,
        finish_due=case.total_due,
        dispatched_at=None,
        dispatcher_id=None,
        extension_asked=0,
    )


def add_co_unit(case: Case, step: Step, rules: Rules) -> Case:
    due = rules.due(case, step.at, case.finish_due)
    return case.add_share(new_share(case, step.unit(), AssignmentKind.CO, step, rules, due))


def dismiss_co_unit(case: Case, step: Step, _rules: Rules) -> Case:
    """The centre needs this co-unit no longer; what it passed down ends with it."""
    held = case.share_of(step.unit().id)
    return case if held is None else end_branch(case, held, step.at)


def end_branch(case: Case, share: Share, at: datetime) -> Case:
    for child in case.children(share.id):
        if child.live:
            case = end_branch(case, child, at)
    return case.with_share(replace(share, state=A.WITHDRAWN, ended_at=at))


def grant_return(case: Case, step: Step, _rules: Rules) -> Case:
    share = replace(_in_return(case), state=A.RETURNED, ended_at=step.at)
    back = to_centre(case.with_share(share), step.at)
    return replace(back, return_count=case.return_count + 1)


def _in_return(case: Case) -> Share:
    return next(s for s in case.shares if s.state is A.RETURN_REVIEW)


def refuse_return(case: Case, step: Step, _rules: Rules) -> Case:
    """A refused return counts as signed: the unit has the matter and the clock never stopped."""
    share = _in_return(case)
    signed = share.signed_at or step.at
    return case.with_share(replace(share, state=A.IN_PROGRESS, signed_at=signed))
