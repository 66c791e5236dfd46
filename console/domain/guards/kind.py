"""The shape of every guard, and the share it asks about."""

from collections.abc import Callable

from console.domain.case import Case, Share, Step
from console.domain.rules import Rules

Guard = Callable[[Case, Step, Rules], None]


def own_share(case: Case, step: Step) -> Share:
    return case.share(step.share_id)
