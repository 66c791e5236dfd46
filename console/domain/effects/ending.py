"""How a work order ends, early or well, and how an end is taken back."""

from dataclasses import replace
from datetime import datetime

from console.domain import undo
from console.domain.case import Case, Step
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentState,
    TicketState,
)

A, S = AssignmentState, TicketState


def enter(case: Case, to: TicketState | None) -> Case:
    """The table's target state; a row without one leaves it to its effect."""
    return case if to is None else replace(case, state=to)


def nothing(case: Case, _step: Step, _rules: Rules) -> Case:
    return case


def settle(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(
        case,
        accepted_at=case.accepted_at or step.at,
        closed_at=step.at,
        closer_id=step.actor.account_id,
    )


def carry_over(case: Case, step: Step, _rules: Rules) -> Case:
    """Finished in another system before this one: its own times stand."""
    return replace(
        case,
        accepted_at=datetime.fromisoformat(step.text("accepted_at")),
        closed_at=datetime.fromisoformat(step.text("closed_at")),
        # Nobody here closed it, so nobody here takes that back.
        closer_id=None,
    )


def put_back(case: Case, step: Step, _rules: Rules) -> Case:
    """Exactly as it was before the step whose changes the log kept; the ledger hands them in as `kept`."""
    return undo.restored(case, step.inputs[undo.KEPT])


def end(case: Case, step: Step, _rules: Rules) -> Case:
    """Over for good: no clock stands still, no request waits and nobody supervises it any more."""
    ended = stop(case, step, A.WITHDRAWN)
    return replace(ended, suspended_at=None, suspended_from=None, extension_asked=0, supervision=0)


def stop(case: Case, step: Step, shares: AssignmentState) -> Case:
    ended = end_shares(case, shares, step.at)
    return replace(ended, closed_at=step.at, closer_id=step.actor.account_id)


def end_shares(case: Case, state: AssignmentState, at: datetime) -> Case:
    shares = tuple(replace(s, state=state, ended_at=at) if s.live else s for s in case.shares)
    return replace(case, shares=shares)


def close(case: Case, step: Step, _rules: Rules) -> Case:
    return stop(case, step, A.DONE)


def undo_close(case: Case, _step: Step, _rules: Rules) -> Case:
    """Gives back exactly the shares that this closing ended."""
    shares = tuple(
        replace(s, state=A.REPLIED, ended_at=None)
        if s.state is A.DONE and s.ended_at == case.closed_at
        else s
        for s in case.shares
    )
    return replace(case, shares=shares, closed_at=None, closer_id=None)


def archive(case: Case, step: Step, _rules: Rules) -> Case:
    return replace(case, archived_at=step.at)
