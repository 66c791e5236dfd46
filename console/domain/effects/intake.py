"""Taken in, handed to 110 and back, divided, put right."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console.domain.case import Case, Share, Step
from console.domain.deadlines import extend
from console.domain.effects.ending import settle, stop
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentState,
    Nature,
    TicketState,
    Urgency,
)

A, S = AssignmentState, TicketState


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


def merge(case: Case, step: Step, _rules: Rules) -> Case:
    """Changes nothing that `unmerge` could not find again (peers 6.4)."""
    return replace(
        stop(case, step, A.WITHDRAWN),
        merged_into=step.text("main_number"),
        suspended_at=None,
        suspended_from=None,
        extension_asked=0,
    )
