"""Review, verification on site, callback, and doing it again."""

from dataclasses import replace

from console.domain.case import Case, Share, Step
from console.domain.deadlines import redo_due
from console.domain.effects.handling import in_hand_again
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentState,
    SupervisionLevel,
    TicketState,
)

A, S = AssignmentState, TicketState


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
    again = in_hand_again(again, step.at, rules)
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


def reopen(case: Case, step: Step, rules: Rules) -> Case:
    return redo(replace(case, closed_at=None, closer_id=None), step, rules)
