"""What happens beside the flow: urging, supervision, instructions, promises."""

from dataclasses import replace

from console.domain.case import Case, Step
from console.domain.rules import Rules
from console.domain.states import (
    AssignmentState,
    TicketState,
)

A, S = AssignmentState, TicketState


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
