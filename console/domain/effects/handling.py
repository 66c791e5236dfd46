"""A unit's hand: signing, contact, passing down, up and back, replying."""

from dataclasses import replace
from datetime import datetime

from console.domain.case import Case, Share, Step
from console.domain.effects.dispatching import end_branch, new_share, to_centre
from console.domain.moves import Move
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    TicketState,
)

A, S = AssignmentState, TicketState

# Whoever did one of these handled the matter and may not verify it (巡办分离, field-facts 3.3).
HANDLING = frozenset({Move.SIGN, Move.CONTACT, Move.ARRIVE, Move.REPLY, Move.SETTLE_ON_SITE})


def remember_handler(case: Case, step: Step) -> Case:
    """Who has had the matter in hand, for the guard of verification."""
    who = step.actor.account_id
    if step.move not in HANDLING or who in case.handler_ids:
        return case
    return replace(case, handler_ids=(*case.handler_ids, who))


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
    child = new_share(case, step.unit(), parent.kind, step, rules, due, parent)
    return case.with_share(replace(parent, state=A.PASSED_DOWN)).add_share(child)


def take_back(case: Case, step: Step, rules: Rules) -> Case:
    """One child when the step names it, all of them otherwise."""
    parent = case.share(step.share_id)
    for child in taken_back(case, step):
        case = case.with_share(replace(child, state=A.WITHDRAWN, ended_at=step.at))
    if case.live_children(parent.id):
        return case
    return case.with_share(in_hand_again(parent, step.at, rules))


def taken_back(case: Case, step: Step) -> tuple[Share, ...]:
    """The children a taking back is about."""
    children = case.live_children(step.share_id or 0)
    if not step.inputs.get("unit"):
        return children
    return tuple(child for child in children if child.unit.id == step.unit().id)


def in_hand_again(share: Share, at: datetime, rules: Rules) -> Share:
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
    return replace(to_centre(case, step.at), state=S.PENDING_DISPATCH)


def _past_the_next(case: Case, share: Share, step: Step, rules: Rules) -> Case:
    """Past the superior (field-facts 3.4 rule 3): whoever lies between has it no longer; whoever is reached, has it."""
    over = case.share(share.parent_id)
    while over.parent_id is not None and case.share(over.parent_id).unit.id != step.unit().id:
        over = case.share(over.parent_id)
    case = end_branch(case, over, step.at)
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
        case = end_branch(case, held, step.at)
    due = rules.due(case, step.at, case.finish_due)
    case = case.add_share(new_share(case, step.unit(), share.kind, step, rules, due))
    return replace(case, extension_asked=0) if lead else case


def _reopen_parent(case: Case, child: Share, at: datetime, rules: Rules) -> Case:
    """When no child owes anything any more, the parent has the matter in hand again."""
    parent = case.share(child.parent_id)
    if case.live_children(parent.id):
        return case
    return case.with_share(in_hand_again(parent, at, rules))


def decline(case: Case, step: Step, rules: Rules) -> Case:
    share = case.share(step.share_id)
    declined = case.with_share(replace(share, state=A.DECLINED, ended_at=step.at))
    if share.parent_id is None:
        return declined
    return _reopen_parent(declined, share, step.at, rules)


def ask_return(case: Case, step: Step, _rules: Rules) -> Case:
    return case.with_share(replace(case.share(step.share_id), state=A.RETURN_REVIEW))


def undo_return(case: Case, step: Step, _rules: Rules) -> Case:
    """The unit keeps it after all; a return refused or taken back leaves it where it was."""
    share = case.share(step.share_id)
    signed = share.signed_at is not None
    case = case.with_share(replace(share, state=A.IN_PROGRESS if signed else A.PENDING_SIGN))
    return replace(case, state=S.IN_PROGRESS if signed else S.PENDING_SIGN)


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
