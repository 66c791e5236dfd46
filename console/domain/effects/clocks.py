"""More time, and time that stands still."""

from dataclasses import replace
from datetime import datetime

from console.domain.case import Case, Share, Step
from console.domain.deadlines import extend, shift_for_suspension
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentState,
    TicketState,
)
from console.domain.worktime import Limit

A, S = AssignmentState, TicketState


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
