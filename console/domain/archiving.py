"""What stands against archiving a work order, said before anybody presses the key."""

from dataclasses import replace

from console.domain.case import Case, Step
from console.domain.errors import UserError
from console.domain.guards import Guard
from console.domain.lifecycle import RULES
from console.domain.moves import Move
from console.domain.rules import Rules


def obstacles(case: Case, step: Step, rules: Rules) -> tuple[str, ...]:
    """Every guard of the table's row that would refuse, each in its own sentence; none: it may be archived."""
    asked = replace(step, move=Move.ARCHIVE)
    return tuple(
        sentence
        for guard in RULES[Move.ARCHIVE].guards
        if (sentence := _said(guard, case, asked, rules))
    )


def _said(guard: Guard, case: Case, step: Step, rules: Rules) -> str:
    try:
        guard(case, step, rules)
    except UserError as refusal:
        return refusal.text.removesuffix("，不能归档")
    return ""
